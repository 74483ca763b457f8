"""The newest cut-off of a kept inspection: what is written after it may not claim to have been known before it."""

import sqlite3

from storage import marks

NAME = "knowledge_closed_at"
LONGEST = 86400
"""Seconds. Nobody writes a day after reading the clock: a cut-off that far ahead came from a wrong clock and binds nobody."""


def after(db: sqlite3.Connection, seen_at: int) -> int:
    """When a fact that is being written became known: `seen_at`, or just behind a cut-off that was drawn meanwhile.

    A file is read for minutes under the moment at which it began, and an edit carries the minute of its page. Without this, an
    inspection kept in between would see half of the file, and its re-run all of it. Inside `writing()`: whoever writes
    holds the lock, so nothing slips in between.
    """
    closed = _closed(db)
    return closed + 1 if seen_at <= closed < seen_at + LONGEST else seen_at


def close(db: sqlite3.Connection, now: int) -> int:
    """Draw a cut-off now and answer with it: everything written so far is before it, everything later behind it."""
    closed = _closed(db)
    # What was written since the last cut-off within the same second stands one second behind it.
    moment = closed + 1 if now <= closed < now + LONGEST else now
    marks.put(db, NAME, str(moment))
    return moment


def _closed(db: sqlite3.Connection) -> int:
    return int(marks.get(db, NAME) or 0)


def close_past(db: sqlite3.Connection, moment: int, now: int) -> None:
    """Draw a cut-off at a moment that has passed, for what is made late: whatever is written from now on stands behind it."""
    if not moment <= _closed(db) < now + LONGEST:
        marks.put(db, NAME, str(moment))


def newest(db: sqlite3.Connection) -> int:
    """The newest cut-off, Unix seconds; 0 where none was ever drawn."""
    return _closed(db)
