"""How long citizens wait: what is answered, open or unknown at a cut-off, and which share was answered within a time.

These are the product's published definitions. Every figure is of the matters received in a period and stands at a cut-off:
nothing that was said or seen after it counts. Waits are whole seconds of one clock, natural or working; the definitions are
the same for both.

*answered*: the answer came at or before the cut-off. Its moment is its own, however late we found it.
*open*: no answer, and the sub-thread is held at least up to the moment of the question, so that an answer would be seen.
*unknown*: neither; left out of every rate and counted beside it, never called unanswered.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FIRST, ANSWER = "首次响应", "实质答复"
"""The two clocks: stopped by any official word that is not automatic, or only by one that is more than a receipt."""

ANSWERED, OPEN, UNKNOWN = 0, 1, 2
STATES = ("已回复", "尚未回复", "情况不明")
HOURS = (1, 4, 24, 48)
"""The standard horizons."""

BUCKETS = ("1小时内", "1至4小时", "4至24小时", "24至48小时", "48小时以上", "尚未回复", "情况不明")
"""A wait that is exactly a bound belongs to the shorter bucket, as it does in the share within that time."""

FLOOR = 10
"""Fewer known cases than this are 样本不足 and are not ranked: a single one would move a rate by more than ten points, and
even ten answered out of ten leave a true rate of 72 % possible (Wilson, 95 %)."""

Z = 1.959963984540054
"""The two-sided 95 % point of the normal distribution."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Waits:
    """One entry per matter.

    `seconds`: until the answer when answered; up to when it is known to have gone without one when open; 0 when unknown.
    `state`: ANSWERED, OPEN or UNKNOWN. `age`: from the question to the cut-off, on the same clock; -1 when that is unknown.
    """

    seconds: Ints
    state: NDArray[np.int8]
    age: Ints

    def __len__(self) -> int:
        return len(self.seconds)

    @property
    def is_known(self) -> Flags:
        return self.state != UNKNOWN

    @property
    def is_answered(self) -> Flags:
        return self.state == ANSWERED

    def take(self, chosen: NDArray) -> "Waits":
        """The entries of a mask or of places."""
        return Waits(self.seconds[chosen], self.state[chosen], self.age[chosen])


@dataclass(frozen=True, slots=True)
class Share:
    """`met` of `of` were answered in time; `out` more were due as well but are unknown. Rate and interval are NaN of none."""

    met: int
    of: int
    out: int
    rate: float
    low: float
    high: float


def at_cutoff(asked: ArrayLike, stopped: ArrayLike, known: ArrayLike, cutoff: int) -> Waits:
    """How each matter stands at a cut-off, in natural seconds.

    `asked`, `stopped` and `known` are Unix seconds: the question, the answer (-1: none), and up to when the sub-thread is
    known to be held (-1: not). A question after the cut-off does not exist yet: leave it out before. An answer that bears
    an earlier minute than its question counts as given at once.
    """
    begin, end, seen = (np.asarray(values, dtype=np.int64) for values in (asked, stopped, known))
    until = np.minimum(seen, cutoff)
    is_answered = (end >= 0) & (end <= cutoff)
    is_open = ~is_answered & (seen >= 0) & (until >= begin)
    state = np.where(is_answered, ANSWERED, np.where(is_open, OPEN, UNKNOWN)).astype(np.int8)
    seconds = np.where(is_answered, np.maximum(end - begin, 0), np.where(is_open, until - begin, 0))
    return Waits(seconds, state, cutoff - begin)


def within(waits: Waits, seconds: int) -> tuple[Flags, Flags, Flags]:
    """Who was answered within a time, who was not, and of whom that is unknown; three masks without overlap.

    Only matters received at least `seconds` before the cut-off are judged: all others are in none of the masks. A matter
    with an answer is never unknown: one that was found later is a miss at this horizon, because no earlier one is held.
    To leave it out would let a unit look faster the less of its threads we hold, since its quick answers still counted.
    (When an earlier answer turns up, the fact is derived anew.) An open matter is a miss once its sub-thread is known to have
    been without an answer for `seconds`; before that it is unknown.
    """
    is_due = waits.age >= seconds
    is_met = is_due & waits.is_answered & (waits.seconds <= seconds)
    is_missed = is_due & ~is_met & (waits.is_answered | ((waits.state == OPEN) & (waits.seconds >= seconds)))
    return is_met, is_missed, is_due & ~is_met & ~is_missed


def share_within(waits: Waits, seconds: int) -> Share:
    """The share answered within `seconds` of the matters received at least that long before the cut-off."""
    met, missed, out = (int(mask.sum()) for mask in within(waits, seconds))
    rate, low, high = (float(value) for value in wilson(met, met + missed))
    return Share(met, met + missed, out, rate, low, high)


def wilson(met: ArrayLike, of: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Rate with its 95 % score interval (E. B. Wilson, JASA 22, 1927); NaN where `of` is 0.

    It stays within 0 and 1 and is right for small numbers and for rates at either end. With one more miss both ends fall.
    """
    hits, size = np.asarray(met, dtype=np.float64), np.asarray(of, dtype=np.float64)
    total = np.where(size > 0, size, np.nan)
    rate = hits / total
    middle = (hits + Z * Z / 2) / (total + Z * Z)
    half = Z * np.sqrt(total * rate * (1 - rate) + Z * Z / 4) / (total + Z * Z)
    return rate, np.clip(middle - half, 0, rate), np.clip(middle + half, rate, 1)


def bucket_of(waits: Waits) -> NDArray[np.intp]:
    """The place in BUCKETS of each matter."""
    bounds = np.array(HOURS) * 3600
    place = np.searchsorted(bounds, waits.seconds, side="left")
    return np.where(waits.is_answered, place, np.where(waits.state == OPEN, len(HOURS) + 1, len(HOURS) + 2))
