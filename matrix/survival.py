"""Waiting times of which some are still running: Kaplan-Meier medians and curves with the open ones right-censored.

The unanswered count: each is at risk for as long as it is known to have waited, so one more of them never makes a figure better.
The quantile p is the first wait by which at least the part p has been answered (S(t) <= 1 - p); it is not reached, None or
NaN, while fewer have: for the median 「半数尚未回复」. Unknown matters are left out before.

Kaplan and Meier, JASA 53 (1958); variance by Greenwood (1926); the interval of the median is where the log-log band
(Kalbfleisch and Prentice, 1980) crosses one half. At equal waits answers come before open ends. Single answers at the same wait
are taken one after another, which gives the same product as taking them together.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matrix.waiting import Z

NEAR = 1 + 1e-9
"""Products of many fractions miss a round number by some 1e-13; exactly one half must count as one half."""

WAIT_BITS = 32
KEY_STEP = 1 << (WAIT_BITS + 1)
"""A key is group * KEY_STEP + 2 * wait + (0 answered, 1 open): sorted keys are sorted groups of sorted waits."""

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

    def quantile(self, part: float) -> int | None:
        """The first wait by which at least `part` (0 to 1) has been answered; None while fewer have."""
        return _crossing(self.seconds, self.waiting, part)

    def median_interval(self) -> tuple[int | None, int | None]:
        """Between which waits the median lies (95 %); None where the band does not come down to one half."""
        return _crossing(self.seconds, self.low, 0.5), _crossing(self.seconds, self.high, 0.5)


class Groups:
    """The known matters of many groups at once, from sorted keys; group number g of the answers is `names[g]`.

    Equal, to the second, to `kaplan_meier` of each group by itself: the same products are formed in the same order.
    """

    def __init__(self, keys: Ints, names: Ints) -> None:
        """`names` are the ascending group numbers inside the keys; a group without a key has no figure (NaN)."""
        self._keys = keys
        self._ended = (keys & 1) == 0
        self._starts = np.searchsorted(keys, names * KEY_STEP)
        self._ends = np.searchsorted(keys, (names + 1) * KEY_STEP)
        self._at_risk = np.repeat(self._ends, self._ends - self._starts) - np.arange(len(keys))
        self._waiting = _factors(self._at_risk, self._ended)
        for start, end in zip(self._starts.tolist(), self._ends.tolist(), strict=True):
            np.multiply.accumulate(self._waiting[start:end], out=self._waiting[start:end])

    def quantile(self, part: float) -> Floats:
        """The first wait by which at least `part` of each group has been answered; NaN where fewer have."""
        return self._first(self._waiting, part)

    def median_interval(self) -> tuple[Floats, Floats]:
        """Low and high end of each group's median (95 %); NaN where the band does not come down to one half."""
        terms = np.cumsum(_greenwood(self._at_risk, self._ended))
        before = np.concatenate(([0.0], terms))[self._starts]
        variance = terms - np.repeat(before, self._ends - self._starts)
        low, high = _band(self._waiting, variance)
        return self._first(low, 0.5), self._first(high, 0.5)

    def _first(self, heights: Floats, part: float) -> Floats:
        below = np.flatnonzero(heights <= (1 - part) * NEAR)
        found = np.full(len(self._starts), np.nan)
        if len(below):
            place = below[np.minimum(np.searchsorted(below, self._starts), len(below) - 1)]
            is_inside = (place >= self._starts) & (place < self._ends)
            found[is_inside] = ((self._keys[place] % KEY_STEP) >> 1)[is_inside]
        return found


def keys_of(groups: NDArray[np.integer], seconds: ArrayLike, is_answered: ArrayLike) -> Ints:
    """Sorted keys of known matters: group numbers and waits in seconds, neither negative, waits below 2 ** WAIT_BITS."""
    waits, ended = np.asarray(seconds, dtype=np.int64), np.asarray(is_answered, dtype=bool)
    return np.sort(np.asarray(groups, dtype=np.int64) * KEY_STEP + (waits * 2 + ~ended))


def by_group(
    groups: NDArray[np.integer], seconds: ArrayLike, is_answered: ArrayLike, size: int, parts: tuple[float, ...] = (0.5, 0.9)
) -> Floats:
    """Quantiles of each group 0 … size-1: float64 (len(parts), size), NaN where not reached or without a case."""
    all_groups = Groups(keys_of(groups, seconds, is_answered), np.arange(size))
    return np.array([all_groups.quantile(part) for part in parts]).reshape(len(parts), size)


def kaplan_meier(seconds: ArrayLike, is_answered: ArrayLike) -> Curve:
    """The curve of known matters: waits in seconds (not negative), and whether each ended with an answer; any order."""
    keys = keys_of(np.zeros(np.shape(seconds), dtype=np.int64), seconds, is_answered)
    waits, ended = keys >> 1, (keys & 1) == 0
    at_risk = np.arange(len(keys), 0, -1)
    waiting = np.multiply.accumulate(_factors(at_risk, ended))
    low, high = _band(waiting, np.cumsum(_greenwood(at_risk, ended)))
    if len(keys) and np.isnan(high[-1]):
        high[-1] = high[-2] if len(keys) > 1 else 1.0
    is_last = np.ones(len(keys), dtype=bool)
    is_last[:-1] = keys[1:] != keys[:-1]
    chosen = np.flatnonzero(ended & is_last)
    first = np.searchsorted(waits, waits[chosen], side="left")
    return Curve(waits[chosen], waiting[chosen], low[chosen], high[chosen], at_risk[first], np.cumsum(ended)[chosen])


def _factors(at_risk: Ints, ended: Flags) -> Floats:
    table = 1 - 1 / np.maximum(np.arange(int(at_risk.max(initial=0)) + 1), 1)
    return np.where(ended, table[at_risk], 1.0)


def _greenwood(at_risk: Ints, ended: Flags) -> Floats:
    """Greenwood's terms; that of an answer that leaves nobody is infinite and plays no part in the band."""
    return np.where(ended & (at_risk > 1), 1 / np.maximum(at_risk * (at_risk - 1.0), 1), 0.0)


def _band(waiting: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """S ** exp(±z·√V / |ln S|); 1 before the first answer, and (0, NaN) where nobody is left, which crosses no height."""
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = Z * np.sqrt(variance) / np.abs(np.log(waiting))
        low, high = waiting ** np.exp(reach), waiting ** np.exp(-reach)
    is_between = (waiting > 0) & (waiting < 1)
    return np.where(is_between, low, waiting), np.where(is_between, high, np.where(waiting > 0, 1.0, np.nan))


def _crossing(seconds: Ints, heights: Floats, part: float) -> int | None:
    below = np.flatnonzero(heights <= (1 - part) * NEAR)
    return int(seconds[below[0]]) if len(below) else None
