"""What an office answered: the nature of an official reply and why it was judged so."""

from dataclasses import dataclass
from enum import StrEnum


class ReplyNature(StrEnum):
    """A receipt stops only the clock of 首次响应; an automatic reply stops none."""

    SUBSTANTIVE = "实质答复"
    RECEIPT = "程式化回复"
    AUTOMATIC = "自动回复"


@dataclass(frozen=True, slots=True)
class Said:
    """An official reply with the words that it answers (empty when they are not held)."""

    reply: str
    question: str = ""


@dataclass(frozen=True, slots=True)
class ReplyJudgement:
    """`nature` is never AUTOMATIC here: that takes the day's other replies. `score` 0 to 1: how surely it is an answer.

    `reasons` are Chinese words, strongest first: what is missing or wrong; empty for a good answer.
    """

    nature: ReplyNature
    score: float
    reasons: tuple[str, ...]
