"""What is made of readings beside reading: hits of the past, hot issues every ten minutes, hot words every hour."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from matrix.hot_word import HotWord
from matrix.issue import Grouping, Told
from storage import hot_words, issues, marks, watch_hits
from storage.database import writing
from storage.moments import to_seconds
from storage.portions import AGAIN, UPTO, VERSION

ISSUES_AT, ISSUES_UPTO, EVERY = "issues_at", "issues_upto", 600
BACKLOG = 5000
"""Comments that wait to be read: with more of them what is hot now is not known yet."""
CORRECTED = "SELECT coalesce(max(id), 0) FROM corrections"


@dataclass(frozen=True, slots=True)
class Diggers:
    """The judgements of the room that reads, handed in so that storage need not know it."""

    group: Callable[[Sequence[Told]], Grouping]
    hot: Callable[..., list[HotWord]]


def digest(db: sqlite3.Connection, diggers: Diggers, now: datetime, is_stopping: Callable[[], bool]) -> None:
    """Do what is due; what is told to stop goes on from there the next time."""
    watch_hits.fill(db, is_stopping)
    if not is_stopping():
        group_when_due(db, diggers, now)
    if not is_stopping():
        hot_words.keep_up(db, diggers.hot, now)


def group_when_due(db: sqlite3.Connection, diggers: Diggers, now: datetime) -> bool:
    """Group anew when EVERY seconds passed and something was read or corrected since; a back-log is read first."""
    moment = to_seconds(now)
    upto = int(marks.get(db, UPTO) or 0)
    unread = db.execute("SELECT coalesce(max(id), 0) FROM comments").fetchone()[0] - upto
    if unread > BACKLOG or not upto:
        return False
    if moment - int(marks.get(db, ISSUES_AT) or 0) < EVERY:
        return False
    read = (marks.get(db, name) for name in (UPTO, AGAIN, VERSION))
    newest = ":".join((*read, str(db.execute(CORRECTED).fetchone()[0])))
    if newest == marks.get(db, ISSUES_UPTO):
        return False
    issues.regroup(db, diggers.group, now)
    with writing(db):
        marks.put(db, ISSUES_AT, str(moment))
        marks.put(db, ISSUES_UPTO, newest)
    return True
