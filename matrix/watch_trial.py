"""How often would this have raised an alert? The detector and the book of alerts, led through the past of one series."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matrix.alert import Book, Move, Signal, Thresholds
from matrix.surge import Detector
from matrix.surge_counts import Entries, count
from matrix.surge_evidence import Evidence, evidence
from matrix.surge_rules import DayKind

KEY = 1
SECONDS = 300


@dataclass(frozen=True, slots=True)
class Opening:
    """An alert that would have been raised: the end of its first window (Unix seconds), that window, and how grave it became."""

    at: int
    minutes: int
    seen: int
    expected: float
    usual_most: int
    level: str


def trial(
    times: NDArray[np.int64],
    authors: NDArray[np.int64],
    span: tuple[int, int, int],
    thresholds: Thresholds,
    *,
    known_from: int = 0,
    day_kind: Callable[[int], DayKind] = lambda _: DayKind.USUAL,
    tell: Callable[[float], None] = lambda _: None,
) -> list[Opening]:
    """The alerts of the last part of a past, in order of time; what comes before it only warms up.

    `times` (Unix seconds) and `authors` (numbers) of the comments; `span` begin, begin of what is judged, and end, in buckets of
    five minutes (Unix seconds / 300). Nothing is known before bucket `known_from`; after it all is taken for known. `day_kind`
    of a bucket as the calendar has it; `tell` is told how far it is, 0 to 1. Own posts are not taken into account, so that a
    little more is found than would have been told.
    """
    first, judged, last = span
    counts, fresh = counted(times, authors, first, last)
    detector, book = Detector([KEY]), Book(thresholds)
    found: list[Opening] = []
    for bucket in range(first, last):
        place = bucket - first
        is_known = bucket >= known_from
        count = counts[place] if is_known else np.nan
        scores = detector.step(bucket, [count], day=day_kind(bucket), citizens=[fresh[place]])
        at, score = (bucket + 1) * SECONDS, float(scores.score[0])
        book.pass_time(at)
        if score >= min(thresholds.held, thresholds.raised):
            why = evidence(detector, scores, 0)
            signal = Signal(KEY, at, score, why.excess if why else 0.0, float(scores.novelty[0]))
            for event in book.hear(signal):
                if event.move is Move.RAISED and bucket >= judged and why is not None:
                    found.append(opening_of(why, at, event.alert.level.label))
                elif event.move is Move.RISEN and found and event.alert.raised_at == found[-1].at:
                    one = found[-1]
                    found[-1] = Opening(one.at, one.minutes, one.seen, one.expected, one.usual_most, event.alert.level.label)
        if not place % 500:
            tell(place / max(1, last - first))
    tell(1.0)
    return found


def opening_of(why: Evidence, at: int, level: str) -> Opening:
    return Opening(at, why.minutes, why.seen, round(why.expected, 1), why.usual_most, level)


def counted(
    times: NDArray[np.int64], authors: NDArray[np.int64], first: int, last: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Comments and fresh citizens of each bucket from `first` to before `last`."""
    column = np.zeros(len(times), np.int64)
    counts, fresh = count(Entries(column, column, times // SECONDS, authors), first, last - first, 1)
    return counts[:, 0], fresh[:, 0]
