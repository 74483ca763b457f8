"""How a comment feels: for, against or neither, and when nobody should say so."""

from dataclasses import dataclass
from enum import StrEnum


class Feeling(StrEnum):
    """The three feelings, as a correction would write them."""

    POSITIVE = "正面"
    NEUTRAL = "中性"
    NEGATIVE = "负面"


CODES = {Feeling.POSITIVE: 1, Feeling.NEUTRAL: 0, Feeling.NEGATIVE: -1}
"""How a feeling is stored."""
BY_CODE = {code: feeling for feeling, code in CODES.items()}

UNCERTAIN = "不确定"
"""What is shown of a feeling that is not certain; it counts as none of the three."""


@dataclass(frozen=True, slots=True)
class FeelingJudgement:
    """The likeliest feeling with the shares of all three, which sum to 1, and the words that speak for it, strongest first.

    `is_certain` says whether it may be counted and shown as that feeling.
    """

    feeling: Feeling
    positive: float
    neutral: float
    negative: float
    is_certain: bool
    words: tuple[str, ...]

    def __str__(self) -> str:
        return str(self.feeling) if self.is_certain else UNCERTAIN


def negative_share(judged: list[FeelingJudgement]) -> float | None:
    """The part of the certain judgements that is negative; None when none is certain.

    Uncertain ones are left out above and below, so that a flood of unreadable comments neither hides nor makes a bad mood.
    """
    certain = [one for one in judged if one.is_certain]
    return sum(one.feeling is Feeling.NEGATIVE for one in certain) / len(certain) if certain else None
