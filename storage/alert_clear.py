"""Which removal would clear an alert: one post, one repeated wording or one citizen without which there is no surge."""

import sqlite3
from collections import Counter, defaultdict

import pandas as pd

from matrix.surge_rules import Parameters
from matrix.surge_without import score_without
from storage.alert_rows import visible
from storage.alert_said import window
from storage.alerts import thresholds
from storage.scope import Scope

CLEAR = ["series_id", "series", "what", "label", "post_id", "comments", "left", "score", "threshold", "is_cleared"]
POST, WORDING, CITIZEN = "内容", "相同文字", "网民"
SHOWN = 3


def would_clear(db: sqlite3.Connection, scope: Scope, *, alert_id: int) -> pd.DataFrame:
    """What the window that raised an alert would score without its largest parts, the largest part of each sort first.

    One row for each of the SHOWN largest posts, wordings that occur more than once, and citizens who wrote more than once:
    `comments` of the window are its, `left` the others, `score` what they would reach; `is_cleared` when that is below the
    `threshold` of the time. `label` is the title of a post (or how it begins), the wording, or the citizen's name as it was
    collected: words of citizens are to be masked by whoever shows them. Only what lies in the scope is looked at.
    """
    seen, values = visible(scope)
    row = db.execute(
        "SELECT m.series_id, s.name, m.minutes, m.seen, m.expected, m.dispersion, m.factor, a.raised_at FROM alerts a "
        "JOIN alert_members m ON m.alert_id = a.id AND m.series_id = a.series_id JOIN series s ON s.id = m.series_id "
        f"WHERE a.id = :alert AND {seen}",
        values | {"alert": alert_id},
    ).fetchone()
    if row is None:
        return pd.DataFrame(columns=CLEAR)
    series_id, name, minutes, count, expected, dispersion, factor, raised_at = row
    condition, names = window(db, scope, alert_id, series_id).comments(scope)
    rows = db.execute(
        "SELECT c.post_id, CASE WHEN p.title <> '' THEN p.title ELSE substr(coalesce(p.text, ''), 1, 60) END, c.text, "
        f"c.author_key, c.author_name FROM comments c LEFT JOIN posts p ON p.id = c.post_id WHERE {condition} ORDER BY c.id",
        names,
    ).fetchall()
    limit, whole = thresholds(db, raised_at).raised, max(count, len(rows))
    found = [
        (POST, [(title, post_id) for post_id, title, *_ in rows if post_id is not None], 1),
        (WORDING, [(" ".join(text.split()), None) for _, _, text, *_ in rows], 2),
        (CITIZEN, citizens([(key, who) for *_, key, who in rows if key]), 2),
    ]
    parts = []
    for what, labels, least in found:
        for (label, post_id), number in Counter(labels).most_common(SHOWN):
            if number >= least:
                left = whole - number
                score = score_without(Parameters(), minutes, left, expected, dispersion, factor)
                parts.append((series_id, name, what, label, post_id, number, left, score, limit, score < limit))
    return pd.DataFrame(parts, columns=CLEAR).astype({"post_id": "Int64"})


def citizens(said: list[tuple[str, str]]) -> list[tuple[str, None]]:
    """The name of whoever wrote each comment; two people of one name stay two by a mark behind it."""
    keys: dict[str, list[str]] = defaultdict(list)
    for key, name in said:
        if key not in keys[name]:
            keys[name].append(key)
    return [(name + "\u200b" * keys[name].index(key), None) for key, name in said]
