"""Waiting times of which some are still running: Kaplan-Meier medians and curves with the open ones right-censored.

The unanswered count: each is at risk for as long as it is known to have waited, so one more of them never makes a figure better.
The quantile p is the first wait by which at least the part p has been answered (S(t) <= 1 - p); it is not reached, None or
NaN, while fewer have: for the median 「半数尚未回复」. Unknown matters are left out before.

Kaplan and Meier, JASA 53 (1958); variance by Greenwood (1926); the interval of the median is where the log-log band
(Kalbfleisch and Prentice, 1980) crosses one half. At equal waits answers come before open ends. Single answers at the same wait
are taken one after another, which gives the same product as taking them together.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matrix.waiting import Z

NEAR = 1 + 1e-9
"""Products of many fractions miss a round number by some 1e-13; exactly one half must count as one half."""

LONGEST = (1 << 31) - 1
"""Seconds; no wait is longer than 68 years."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Curve:
    """At each distinct wait at which somebody was answered: what part is left waiting after it, and its 95 % band.

    `at_risk` waited at least that long, `answered` is how many had been answered up to and with it. After an answer that
    leaves nobody, the band runs from 0 to its last height.
    """

    seconds: Ints
    waiting: Floats
    low: Floats
    high: Floats
    at_risk: Ints
    answered: Ints
    groups: "Groups"

    def quantile(self, part: float) -> int | None:
        """The first wait by which at least `part` (0 to 1) has been answered; None while fewer have."""
        return _one(self.groups.quantile(part))

    def median_interval(self) -> tuple[int | None, int | None]:
        """Between which waits the median lies (95 %); None where the band does not come down to one half."""
        low, high = self.groups.median_interval()
        return _one(low), _one(high)


class Groups:
    """The known matters of many groups at once; the answers have one entry for each group.

    Equal, to the second, to what each group gives by itself: the same products are formed in the same order. Within a group
    matters stand in the order of their waits, at equal waits the answered ones first; a group of none has no figure (NaN).
    """

    def __init__(self, seconds: Ints, is_answered: Flags, sizes: Ints) -> None:
        self.seconds, self.is_answered, self.sizes = seconds, is_answered, sizes
        self._ends = np.cumsum(sizes)
        self._starts = self._ends - sizes
        self.at_risk = np.repeat(self._ends, sizes) - np.arange(len(seconds))
        table = 1 - 1 / np.maximum(np.arange(int(sizes.max(initial=0)) + 1), 1)
        self.waiting = np.where(is_answered, table[self.at_risk], 1.0)
        for start, end in self._spans():
            np.multiply.accumulate(self.waiting[start:end], out=self.waiting[start:end])

    @classmethod
    def of_rows(cls, groups: NDArray[np.integer], seconds: ArrayLike, is_answered: ArrayLike, size: int) -> "Groups":
        """From known matters in any order: groups 0 … size-1, waits from 0 to LONGEST, and whether they ended with an answer."""
        waits, ended = np.asarray(seconds, dtype=np.uint32), np.asarray(is_answered, dtype=bool)
        codes = (waits * np.uint32(2) + ~ended)[_by_number(groups, size)]  # answered ones come first at equal waits
        sizes = np.bincount(groups, minlength=size)
        end = 0
        for count in sizes.tolist():  # many short sorts are cheaper than a long one
            start, end = end, end + count
            codes[start:end].sort()
        return cls((codes >> np.uint32(1)).astype(np.int64), (codes & np.uint32(1)) == 0, sizes)

    @classmethod
    def of_queue(cls, groups: NDArray[np.integer], seconds: Ints, is_answered: Flags, size: int) -> "Groups":
        """From matters that stand in the order of their waits already: cheaper than sorting anew."""
        order = _by_number(groups, size)
        return cls(seconds[order], is_answered[order], np.bincount(groups, minlength=size))

    def _spans(self) -> Iterator[tuple[int, int]]:
        return zip(self._starts.tolist(), self._ends.tolist(), strict=True)

    def answered(self) -> Ints:
        """How many of each group were answered."""
        total = np.concatenate(([0], np.cumsum(self.is_answered, dtype=np.int64)))
        return total[self._ends] - total[self._starts]

    def quantile(self, part: float) -> Floats:
        """The first wait by which at least `part` of each group has been answered; NaN where fewer have."""
        return self._first(self.waiting <= (1 - part) * NEAR)

    def median_interval(self) -> tuple[Floats, Floats]:
        """Low and high end of each group's median (95 %); NaN where the band does not come down to one half.

        S ** exp(±reach) <= 1/2 is asked of its logarithm's logarithm, where no power is to be formed.
        """
        reach, height = self.reach()
        half = np.log(-np.log(0.5 * NEAR))
        return self._first(height + reach >= half), self._first(height - reach >= half)

    def reach(self) -> tuple[Floats, Floats]:
        """z·√V / |ln S| and ln(-ln S) after each matter, V being the sum of Greenwood's terms.

        Before the first answer S is 1 and the height minus infinity; where nobody is left the reach is infinite.
        """
        risk = np.maximum(self.at_risk, 2).astype(np.float64)
        terms = np.cumsum(np.where(self.is_answered, 1 / (risk * (risk - 1)), 0.0))
        before = np.concatenate(([0.0], terms))[self._starts]
        variance = np.maximum(terms - np.repeat(before, self.sizes), 0)
        with np.errstate(divide="ignore"):
            fallen = -np.log(self.waiting)
            reach = np.where(self.waiting > 0, Z * np.sqrt(variance) / np.where(fallen > 0, fallen, 1), np.inf)
            return reach, np.log(np.where(self.waiting > 0, fallen, np.finfo(np.float64).max))

    def _first(self, is_below: Flags) -> Floats:
        below = np.flatnonzero(is_below)
        found = np.full(len(self._starts), np.nan)
        if len(below):
            place = below[np.minimum(np.searchsorted(below, self._starts), len(below) - 1)]
            is_inside = (place >= self._starts) & (place < self._ends)
            found[is_inside] = self.seconds[place[is_inside]]
        return found


def by_group(
    groups: NDArray[np.integer], seconds: ArrayLike, is_answered: ArrayLike, size: int, parts: tuple[float, ...] = (0.5, 0.9)
) -> Floats:
    """Quantiles of each group 0 … size-1: float64 (len(parts), size), NaN where not reached or without a case."""
    everybody = Groups.of_rows(groups, seconds, is_answered, size)
    return np.array([everybody.quantile(part) for part in parts]).reshape(len(parts), size)


def kaplan_meier(seconds: ArrayLike, is_answered: ArrayLike) -> Curve:
    """The curve of known matters: waits in seconds (not negative), and whether each ended with an answer; any order."""
    group = Groups.of_rows(np.zeros(np.shape(seconds), dtype=np.intp), seconds, is_answered, 1)
    reach, _ = group.reach()
    with np.errstate(invalid="ignore"):
        low, high = group.waiting ** np.exp(reach), group.waiting ** np.exp(-reach)
    size = len(group.seconds)
    if size and group.waiting[-1] == 0:
        low[-1], high[-1] = 0.0, high[-2] if size > 1 else 1.0
    goes_on = np.zeros(size, dtype=bool)
    goes_on[:-1] = (group.seconds[1:] == group.seconds[:-1]) & group.is_answered[1:]
    chosen = np.flatnonzero(group.is_answered & ~goes_on)
    waits = group.seconds[chosen]
    first = np.searchsorted(group.seconds, waits, side="left")
    counted = np.cumsum(group.is_answered, dtype=np.int64)[chosen]
    return Curve(waits, group.waiting[chosen], low[chosen], high[chosen], group.at_risk[first], counted, group)


def _by_number(groups: NDArray[np.integer], size: int) -> NDArray[np.intp]:
    """The places of the rows, group after group; small numbers are sorted by counting, which is several times faster."""
    return np.argsort(groups.astype(np.uint16) if size <= 1 << 16 else groups, kind="stable")


def _one(found: Floats) -> int | None:
    return None if np.isnan(found[0]) else int(found[0])
