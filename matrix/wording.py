"""Wordings of one comment: which stood in public since when, however out of order they were seen."""

from collections.abc import Iterable
from dataclasses import dataclass

SAME_MOMENT_S = 60
"""Files tell minutes where interfaces tell seconds: times of publication nearer than this are one."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Words with the earliest times told of them, Unix seconds: `published_at` as they say themselves, `observed_at` of the look
    that showed them first, `seen_at` when we learned them."""

    text: str
    published_at: int
    observed_at: int
    seen_at: int


def stages(told: Iterable[Wording]) -> list[tuple[int, Wording]]:
    """(since when it stood, wording), earliest first.

    The first stands since the comment was published. A later one that says a later time of its own (a reply that was taken back
    and given anew) stands since then; an edit, which says nothing, since the look that showed it first: not a moment too early.
    """
    ordered = sorted(told, key=lambda one: (one.observed_at, one.published_at, one.text))
    if not ordered:
        return []
    first = min(one.published_at for one in ordered)
    dated = [(one.published_at if one.published_at > first + SAME_MOMENT_S else one.observed_at, one) for one in ordered[1:]]
    return [(first, ordered[0]), *sorted(dated, key=lambda pair: pair[0])]
