"""What an office answered: the nature of an official reply and why it was judged so."""

from dataclasses import dataclass
from enum import StrEnum


class ReplyNature(StrEnum):
    """A receipt stops only the clock of 首次响应; an automatic reply stops none."""

    SUBSTANTIVE = "实质答复"
    RECEIPT = "程式化回复"
    AUTOMATIC = "自动回复"


class Reason(StrEnum):
    """What an official reply lacks, strongest first: a hint of the program, by rules that can be read; a person decides."""

    WORDLESS = "没有文字"
    HANDED_OVER = "仅转办"
    CALL = "仅请来电或私信"
    ELSEWHERE = "仅指引他处"
    RECEIVED = "仅告知收悉"
    PROMISE = "仅作表态"
    COURTESY = "仅问候致谢"
    CURT = "语气生硬"
    ASIDE = "未答所问"
    CITED = "只引述规定"
    LINK = "只给链接"
    NO_DEED = "没有措施"
    NO_TIME = "没有时间"
    COPIED = "复制粘贴"
    """The same wording under different questions; found among all replies, never in one alone."""


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
