"""The words that carry an alert: hot words of its units on its days, counted in the comments of its own window."""

import sqlite3

import pandas as pd

from storage.alert_said import comments, window
from storage.moments import beijing_day
from storage.scope import Scope, organizations_in

WORDS = ["word", "comments", "share", "strength"]
READ = 2000
"""So many of the newest comments of a window are looked through."""


def words(db: sqlite3.Connection, scope: Scope, *, alert_id: int, limit: int = 12) -> pd.DataFrame:
    """Hot words in the alert's comments, those in most of them first; empty while the hot words of the day are not read yet.

    `share` is of the comments looked through, at most READ; `strength` as in `matrix.hot_word`.
    """
    held = window(db, scope, alert_id)
    mine, values = organizations_in(scope, "w.organization_id")
    member, _ = organizations_in(scope, "s.organization_id")
    rows = db.execute(
        "SELECT w.word, max(w.strength) FROM hot_words w WHERE w.day >= :first AND w.day <= :last AND "
        f"{mine} AND w.organization_id IN (SELECT s.organization_id FROM alert_members m JOIN series s ON s.id = m.series_id "
        f"WHERE m.alert_id = :alert AND {member}) GROUP BY w.word",
        values | {"alert": alert_id, "first": beijing_day(held.since), "last": beijing_day(held.until)},
    ).fetchall()
    if not rows:
        return pd.DataFrame(columns=WORDS)
    texts = comments(db, scope, alert_id=alert_id, limit=READ)["text"].tolist()
    said = [(word, sum(word in text for text in texts), strength) for word, strength in rows]
    found = sorted(((word, n, n / len(texts), strength) for word, n, strength in said if n), key=lambda row: (-row[1], row[0]))
    return pd.DataFrame(found[:limit], columns=WORDS)
