"""Who rises and who falls: one period against the one before, among those for whom a comparison means something."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from matrix.account import Nature, Route

LEAST = {"posts": 5, "comments": 20, "appeals": 5, "replies": 5, "reads": 500}
"""In one of the two periods at least so many, else a change is chance: 样本不足."""

TELLING = 10
"""A number that grew by this many times itself says more than its percentage."""

LEAST_SHARE = 0.005
"""Below this a change would round to 0%, which reads like none."""

PEERS = 3
"""A median of fewer accounts would tell what a single one does."""


@dataclass(frozen=True, slots=True)
class Move:
    """How a number moved. `ratio` is the change as part of the number before, None where that was fewer than `least` and where it
    would be a figure of four digits: a percentage of little says nothing. `is_enough` says whether the numbers are large
    enough to be compared at all."""

    now: int
    before: int
    least: int

    @property
    def difference(self) -> int:
        return self.now - self.before

    @property
    def is_enough(self) -> bool:
        return max(self.now, self.before) >= self.least

    @property
    def ratio(self) -> float | None:
        if self.before < max(1, self.least) or self.difference >= TELLING * self.before:
            return None
        return self.difference / self.before

    @property
    def words(self) -> str:
        """+12(+60%), −3(−25%), +5(不到1%), +1,204(前期3), 持平."""
        if not self.difference:
            return "持平"
        if self.ratio is None:
            return f"{self.change}(前期{self.before:,})"
        part = f"{self.ratio:+,.0%}" if abs(self.ratio) >= LEAST_SHARE else "不到1%"
        return f"{self.change}({part})".replace("-", "−")

    @property
    def change(self) -> str:
        """+12, −3, 持平."""
        return f"{self.difference:+,d}".replace("-", "−") if self.difference else "持平"


def move(measure: str, now: int, before: int) -> Move:
    """The move of one measure (a key of LEAST)."""
    return Move(now, before, LEAST[measure])


def outstanding(moves: Sequence[Move], limit: int = 5) -> tuple[list[int], list[int]]:
    """Places of the strongest risers and fallers, strongest first; equal ones in the order given. Too small ones are left out."""
    rising = [place for place, one in enumerate(moves) if one.is_enough and one.difference > 0]
    falling = [place for place, one in enumerate(moves) if one.is_enough and one.difference < 0]
    rising.sort(key=lambda place: -moves[place].difference)
    falling.sort(key=lambda place: moves[place].difference)
    return rising[:limit], falling[:limit]


def is_compared(nature: str, route: str) -> bool:
    """Accounts of persons and those that are only registered are shown and never ranked or compared."""
    return nature != Nature.OFFICIAL_PERSON and route != Route.NONE


def is_whole_before(route: Route, watched_from: int | None, earliest: int | None, first: int) -> bool:
    """Whether everything of a period that begins on the day `first` was seen: the watch over the account began by then.

    Days since the epoch. Files tell of what lies before their import, so there the earliest day with anything in it counts.
    """
    begin = earliest if route is Route.FILES else watched_from
    return begin is not None and begin <= first


def peer_medians(groups: Iterable[tuple[object, int]]) -> dict[object, float]:
    """The median of the numbers in each group, for groups of at least PEERS."""
    numbers: dict[object, list[int]] = {}
    for group, number in groups:
        numbers.setdefault(group, []).append(number)
    return {group: float(median(found)) for group, found in numbers.items() if len(found) >= PEERS}
