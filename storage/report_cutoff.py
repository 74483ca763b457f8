"""The moment at which a report may stop counting: everything that was known by then has been read as well."""

import sqlite3
from datetime import datetime

from storage import cutoffs
from storage.moments import to_seconds

UNREAD = "SELECT min(c.seen_at) FROM comments c WHERE c.kind IS NULL AND c.seen_at <= :now"


def draw(db: sqlite3.Connection, now: datetime) -> int:
    """Draw a cut-off and give it, Unix seconds: now, or just before the oldest comment that nobody has read yet.

    What is written from now on stands behind it, so a report as of it comes out the same at any later time. Inside `writing()`.
    """
    moment = cutoffs.close(db, to_seconds(now))
    waiting = db.execute(UNREAD, {"now": moment}).fetchone()[0]
    return moment if waiting is None else min(moment, int(waiting) - 1)
