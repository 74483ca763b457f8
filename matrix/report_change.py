"""Which figures of a report changed between two of its versions."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matrix.report import Figure

TIMES = frozenset({"since", "until", "before_since", "before_until", "cut", "known", "now"})
"""Parameters that move with the period: the same question over another time is still the same figure of the report."""


@dataclass(frozen=True, slots=True)
class Change:
    """One figure that reads otherwise; None on the side on which it does not stand."""

    meaning: str
    before: Figure | None
    after: Figure | None


def name_of(figure: Figure) -> str:
    """What a figure is, whatever the time: its question and the filters that do not move."""
    held: Mapping[str, Any] = {name: value for name, value in figure.params.items() if name not in TIMES}
    return f"{figure.question}|{figure.meaning}|{sorted(held.items(), key=str)}"


def changes(before: Sequence[Figure], after: Sequence[Figure]) -> list[Change]:
    """The figures that were changed, added or dropped, in the order of the later version, dropped ones last.

    Of several figures with one name the first of each side belong together, then the second, and so on.
    """
    waiting: dict[str, list[int]] = defaultdict(list)
    for place, figure in enumerate(before):
        waiting[name_of(figure)].append(place)
    found = []
    for figure in after:
        earlier = before[waiting[name_of(figure)].pop(0)] if waiting[name_of(figure)] else None
        if earlier is None or (earlier.text, earlier.value) != (figure.text, figure.value):
            found.append(Change(figure.meaning, earlier, figure))
    left = sorted(place for places in waiting.values() for place in places)
    return found + [Change(before[place].meaning, before[place], None) for place in left]
