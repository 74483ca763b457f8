"""Who carries an alert: the distinct citizens of its window, by comments and leads, and the leads themselves."""

import sqlite3

import pandas as pd

from storage.alert_said import window
from storage.scope import Scope

LEADS = ["lead_id", "at", "platform", "organization", "author_name", "text", "url"]
CITIZENS = ["author_key", "author_name", "comments", "leads", "first_at", "last_at", "text"]


def citizens(
    db: sqlite3.Connection, scope: Scope, *, alert_id: int, series_id: int = 0, b5: int = 0, limit: int = 200
) -> pd.DataFrame:
    """The distinct citizens behind a number of an alert, those who wrote most first, each with one of their texts; as many as
    `alert_said.carried` counts. Texts and names are raw: mask them."""
    held = window(db, scope, alert_id, series_id, b5)
    told, values = held.comments(scope)
    rows = db.execute(
        "SELECT k.author_key, k.author_name, w.n, 0, w.first_at, w.last_at, k.text FROM ("
        "  SELECT c.author_key, count(*) AS n, min(c.published_at) AS first_at, max(c.published_at) AS last_at, "
        f"  min(c.id) AS first_id FROM comments c WHERE {told} GROUP BY c.author_key) w JOIN comments k ON k.id = w.first_id",
        values,
    ).fetchall()
    if held.units:
        told, values = held.leads(scope)
        rows += db.execute(
            "SELECT k.author_key, k.author_name, 0, w.n, w.first_at, w.last_at, k.text FROM ("
            "  SELECT l.author_key, count(*) AS n, min(l.published_at) AS first_at, max(l.published_at) AS last_at, "
            f"  min(l.id) AS first_id FROM leads l WHERE {told} GROUP BY l.author_key) w JOIN leads k ON k.id = w.first_id",
            values,
        ).fetchall()
    both: dict[str, tuple[str, int, int, int, int, str]] = {}
    for key, name, said, entered, first, last, text in rows:
        one = both.get(key)
        if one is None:
            both[key] = (name, said, entered, first, last, text)
        else:
            both[key] = (one[0], one[1] + said, one[2] + entered, min(one[3], first), max(one[4], last), one[5])
    found = sorted(((key, *one) for key, one in both.items()), key=lambda row: (-row[2] - row[3], row[4], row[0]))
    return pd.DataFrame(found[: limit or None], columns=CITIZENS)


def leads(
    db: sqlite3.Connection, scope: Scope, *, alert_id: int, series_id: int = 0, b5: int = 0, limit: int = 200
) -> pd.DataFrame:
    """The leads behind a number of an alert, newest first; none where no member counts leads. Texts are raw: mask them."""
    held = window(db, scope, alert_id, series_id, b5)
    if not held.units:
        return pd.DataFrame(columns=LEADS)
    told, values = held.leads(scope)
    rows = db.execute(
        "SELECT l.id, l.published_at, l.platform, o.name, l.author_name, l.text, l.link FROM leads l "
        f"JOIN organizations o ON o.id = l.organization_id WHERE {told} ORDER BY l.published_at DESC, l.id DESC"
        + (" LIMIT :limit" if limit else ""),
        values | {"limit": limit},
    ).fetchall()
    return pd.DataFrame(rows, columns=LEADS)
