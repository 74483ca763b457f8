"""The moment at which a report may stop counting: everything that was known by then has been read as well."""

import sqlite3
from datetime import datetime

from matrix.report_words import moment_words
from storage import cutoffs, marks
from storage.moments import to_seconds
from storage.portions import UPTO

SETTLED = 20
"""Seconds. Whoever writes under the second in which he began is done by then: no cut-off is drawn closer to the clock."""

UNREAD = "SELECT min(c.seen_at) FROM comments c WHERE c.id > :read AND c.seen_at <= :moment"


def newest(db: sqlite3.Connection, wanted: datetime, now: datetime) -> int:
    """The last whole minute up to `wanted` (and to the clock) before the oldest comment that nobody has read; Unix seconds."""
    moment = min(to_seconds(wanted), to_seconds(now) - SETTLED) // 60 * 60
    read = int(marks.get(db, UPTO) or 0)
    waiting = db.execute(UNREAD, {"read": read, "moment": moment}).fetchone()[0]
    return moment if waiting is None else min(moment, (int(waiting) - 1) // 60 * 60)


def draw(db: sqlite3.Connection, wanted: datetime, now: datetime) -> int:
    """Draw a cut-off at `newest` and give it. Inside `writing()`.

    What is written from now on stands behind it, also where the moment has passed: a report as of it comes out the same at any
    later time.
    """
    moment = newest(db, wanted, now)
    cutoffs.close_past(db, moment, to_seconds(now))
    return moment


def end_of(since: int, until: int, cutoff: int) -> int:
    """Where a period ends that cannot reach beyond its cut-off. Raises ValueError, a Chinese sentence, where nothing is left."""
    if cutoff <= since:
        told = f"网民评论目前判读到{moment_words(cutoff)}，还没有进入统计时段。"
        raise ValueError(f"{told}请稍后再试；长时间没有进展的，请检查采集程序是否在运行。")
    return min(until, cutoff)
