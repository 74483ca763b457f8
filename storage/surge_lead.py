"""Leads series through their past: a detector learns four weeks of what is stored, and nothing of it is judged."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from matrix.surge import Detector
from matrix.surge_group import Groups
from matrix.surge_rules import DayKind
from matrix.worktime import Calendar, UnknownYearError
from storage.moments import OFFSET
from storage.surge_facts import BUCKET, Horizon, births, first_bucket, read
from storage.surge_plan import Plan

DAYS = 28
DAY = 86400 // BUCKET
EPOCH = date(1970, 1, 1)


def day_kind(calendar: Calendar, bucket: int) -> DayKind:
    """What the calendar says about the day of a bucket; a year that is not known is taken as it comes."""
    day = EPOCH + timedelta(days=(bucket * BUCKET + OFFSET) // 86400)
    try:
        is_working = calendar.is_working(day)
    except UnknownYearError:
        return DayKind.USUAL
    is_week = day.weekday() < 5
    return DayKind.USUAL if is_working is is_week else DayKind.WORK if is_working else DayKind.REST


def lead(
    db: sqlite3.Connection,
    plan: Plan,
    weights: NDArray[np.float64],
    known: Horizon,
    last: int,
    calendar: Calendar,
    groups: Groups | None = None,
    tell: Callable[[float], None] = lambda _: None,
    days: float = DAYS,
) -> Detector:
    """A detector of these series that has learnt their last `days` up to bucket `last`; `tell` hears the part that is done.

    An account is known from the first thing on that is held of it up to its last complete look, as a back-fill closes the
    gaps between.
    """
    detector = Detector(plan.keys.tolist())
    detector.carry(*plan.carried())
    past = replace(known, births=births(db))
    begin = first_bucket(db, plan, past)  # before that there is nothing to learn
    start = max(last + 1 - round(days * DAY), last if begin is None else min(begin, last))
    for first in range(start, last + 1, DAY):
        facts = read(db, plan, first, min(DAY, last + 1 - first), past, weights)
        for row in range(len(facts.counts)):
            bucket = first + row
            scores = detector.step(bucket, facts.counts[row], facts.posts[row], day_kind(calendar, bucket), facts.citizens[row])
            if groups is not None:
                groups.step(scores)
        tell((first + len(facts.counts) - start) / (last + 1 - start))
    return detector
