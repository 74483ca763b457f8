"""From windows to scores: which are material, how unlikely they are, and what is reported for each series."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matrix.surge_rules import Baseline, Parameters
from matrix.surge_tail import Floats, none_at_all, tail
from matrix.surge_windows import CITIZENS, COUNT, EXPECTED, doubted

if TYPE_CHECKING:
    from matrix.surge import Detector

BEFORE = -1
"""`window` of a series in which nothing is material."""
WORTH = 1.5
BUSY = 5
"""Expected comments below which a silence says nothing."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What one bucket (or what came late) says about each series; arrays (series) or (windows, series)."""

    keys: NDArray[np.int64]
    bucket: NDArray[np.int64]
    """The bucket with which the reported windows end."""
    score: Floats
    """Operational: strongest raw score, less for a bursty series and for what is no record; 0 where nothing is material."""
    window: NDArray[np.int64]
    """Place of the strongest window; BEFORE where none is material."""
    raw: Floats
    """-log10 of the probability x trust in the window, per window; 0 where not material."""
    seen: Floats
    expected: Floats
    """With the bumps of known posts."""
    dispersion: Floats
    """Relative variance beyond Poisson by which `raw` was judged; for the usual bound."""
    burstiness: Floats
    novelty: Floats
    """Excess of 15 minutes over the largest of the last weeks: above 1 is a record."""
    baseline: NDArray[np.int64]
    """matrix.surge_rules.Baseline"""
    is_fallen: NDArray[np.bool_]
    """A busy series at zero: a matter of collection, never a surge."""


def score_now(detector: "Detector", is_seen: NDArray[np.bool_]) -> Scores:
    """Judge all series at the bucket that was just added, and let them remember it."""
    rules, windows, habit = detector.rules, detector.windows, detector.habit
    doubt = detector.level.doubt()
    ready = detector.level.hours >= rules.ready_hours
    credited = windows.credited(windows.sums[:, COUNT], windows.sums[:, CITIZENS])
    mean = windows.sums[:, EXPECTED]
    dispersion = windows.doubted(doubt)
    raw = rarity(rules, credited, mean, dispersion, is_seen & ready)
    best = raw.max(0)
    quarter = min(1, len(rules.windows) - 1)
    excess = excess_of(credited[quarter], mean[quarter])
    score, novelty = habit.judge(best, excess)
    habit.remember(best, excess, score)
    return Scores(
        keys=detector.keys.copy(),
        bucket=np.full(len(score), detector.bucket, np.int64),
        score=score,
        window=np.where(best > 0, raw.argmax(0), BEFORE),
        raw=raw,
        seen=windows.sums[:, COUNT].copy(),
        expected=windows.sums[:, EXPECTED].copy(),
        dispersion=dispersion,
        burstiness=habit.burstiness.copy(),
        novelty=novelty,
        baseline=np.where(ready, np.where(is_seen, Baseline.READY, Baseline.GAP), Baseline.LEARNING),
        is_fallen=fallen(detector, dispersion, ready, np.arange(len(score))),
    )


def score_late(detector: "Detector", columns: NDArray[np.intp], first: NDArray[np.intp]) -> Scores:
    """Judge the windows that lie in the guard band and reach into bucket `first` (row of it) or later, for some series.

    The strongest bucket of each series is reported.
    """
    rules, windows, habit, bucket = detector.rules, detector.windows, detector.habit, detector.bucket
    assert bucket is not None
    grid = np.ix_(windows.order(bucket), columns)
    seen = windows.is_seen[grid]
    doubt = detector.level.doubt()[columns]
    ready = detector.level.hours[columns] >= rules.ready_hours
    length, size, many = windows.length, len(columns), len(rules.windows)
    count, fresh, mean, variance = (
        sums_of(cells, rules.windows)
        for cells in (windows.counts[grid], windows.citizens[grid], windows.expected[grid] * seen, windows.variance[grid] * seen)
    )
    share = windows.credited(np.full((1, size), np.inf), np.ones((1, size)), columns)[0]
    credited = np.minimum(count, share * fresh)
    late = (np.arange(length)[:, None] >= first) & seen & ready
    lengths = np.array(rules.windows)[:, None, None]
    dispersion = doubted(windows.dispersion[:, None, columns], variance, mean, doubt, lengths)
    raw = rarity(rules, credited, mean, dispersion, late & (np.arange(length)[:, None] >= lengths - 1))
    quarter = min(1, many - 1)
    excess = np.where(late, excess_of(credited[quarter], mean[quarter]), 0)
    best = raw.max(0)
    score, novelty = habit.judge(best, excess, columns)
    end = score.argmax(0)
    pick = (end, np.arange(size))
    habit.remember_late(columns, best.max(0), excess.max(0), score.max(0))
    detector.peaks.note(np.where(late, count, 0).max(1), columns)
    top = raw[:, *pick]
    return Scores(
        keys=detector.keys[columns],
        bucket=bucket - length + 1 + end,
        score=score[pick],
        window=np.where(top.max(0) > 0, top.argmax(0), BEFORE),
        raw=top,
        seen=count[:, *pick],
        expected=mean[:, *pick],
        dispersion=dispersion[:, *pick],
        burstiness=habit.burstiness[columns],
        novelty=novelty[pick],
        baseline=np.where(ready, Baseline.READY, Baseline.LEARNING),
        is_fallen=fallen(detector, dispersion[:, -1], ready, columns),
    )


def sums_of(cells: Floats, windows: tuple[int, ...]) -> Floats:
    """Sums over the windows that end with each row: (windows, rows, columns); the first rows hold less than a window."""
    total = np.concatenate([np.zeros((1, cells.shape[1])), np.cumsum(cells, 0)])
    ends = np.arange(1, len(total))
    return np.maximum(np.stack([total[ends] - total[np.maximum(ends - window, 0)] for window in windows]), 0)


def excess_of(count: Floats, mean: Floats) -> Floats:
    """Excess on the square-root scale, on which the scatter of counts is about the same everywhere."""
    return np.maximum(2 * (np.sqrt(count + 1) - np.sqrt(mean + 1)), 0)


def rarity(rules: Parameters, count: Floats, mean: Floats, dispersion: Floats, may: NDArray[np.bool_]) -> Floats:
    """-log10 of the probability of so many comments x trust, where that many more than expected matter at all; 0 elsewhere.

    Arrays (windows, …, series). What lies within `WORTH` standard deviations is common and saves the trouble.
    """
    least = np.array(rules.of_window(rules.least_excess)).reshape(-1, *[1] * (count.ndim - 1))
    above = count - mean
    some = np.nonzero(
        (above >= least)
        & (count >= rules.least_ratio * mean)
        & may
        & (above * above >= WORTH**2 * (mean + dispersion * mean * mean))
    )
    raw = np.zeros_like(count)
    raw[some] = tail(count[some], mean[some], dispersion[some])
    return raw * np.array(rules.of_window(rules.trust)).reshape(least.shape)


def fallen(detector: "Detector", dispersion: Floats, ready: NDArray[np.bool_], columns: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Half an hour or three hours without a comment, all collected, where that should hardly ever happen."""
    windows, bucket = detector.windows, detector.bucket
    assert bucket is not None
    answer = np.zeros(len(columns), bool)
    for place in range(max(0, len(detector.rules.windows) - 2), len(detector.rules.windows)):
        count, mean = windows.sums[place, COUNT, columns], windows.sums[place, EXPECTED, columns]
        some = np.flatnonzero((count == 0) & (mean > BUSY) & ready)
        if len(some):
            rows = np.arange(bucket - detector.rules.windows[place] + 1, bucket + 1) % windows.length
            whole = windows.is_seen[rows][:, columns[some]].all(0)
            rare = none_at_all(mean[some], dispersion[place, some]) > -np.log10(detector.rules.silence)
            answer[some] |= whole & rare
    return answer
