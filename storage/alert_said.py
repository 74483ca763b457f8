"""What carries an alert: the citizens' comments and leads of its window, how many people wrote them, and below which posts."""

import sqlite3
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from storage.alert_rows import BUCKET
from storage.behind import POST, ROWS
from storage.scope import Scope, accounts_in, organizations_in

POSTS = ["post_id", "account", "platform", "published_at", "title", "url", "comments", "citizens"]
CHOSEN = "(:post = 0 OR c.post_id = :post) AND (:word = '' OR c.text LIKE :word ESCAPE '\\')"
LOUDEST = 12
"""The rows of an alert are those of its loudest members; the others only make the question longer."""

INSIDE = "c.account_id IN (SELECT u.account_id FROM account_up u WHERE u.ancestor_id = :unit_{0})"
COUNTED = {
    "账号": "c.account_id = :account_{0}",
    "单位": INSIDE,
    "平台": "c.platform = :platform_{0} AND " + INSIDE,
    "方案": "c.id IN (SELECT h.comment_id FROM watch_hits h WHERE h.watch_id = :watch_{0} "
    "AND h.published_at >= :since AND h.published_at < :until) AND " + INSIDE,
    "主题": "EXISTS (SELECT 1 FROM readings r WHERE r.comment_id = c.id AND r.topic = :topic_{0}) AND " + INSIDE,
    "负面诉求": "c.kind = 1 AND (EXISTS (SELECT 1 FROM readings r WHERE r.comment_id = c.id AND r.feeling = -1 AND "
    "r.is_sure = 1) OR EXISTS (SELECT 1 FROM appeals x WHERE x.comment_id = c.id AND x.kind IN ('投诉', '举报'))) AND " + INSIDE,
}
"""Which comments `c` a series of each kind counts, beside being a citizen's, as `storage.surge_facts` does; leads are counted in
their own table."""


@dataclass(frozen=True, slots=True)
class Window:
    """A time (Unix seconds, until excluded) and the conditions of the series whose comments are meant; none: no comments."""

    since: int
    until: int
    conditions: tuple[str, ...] = ()
    units: tuple[int, ...] = ()
    """Units whose leads are meant."""
    values: dict[str, Any] = field(default_factory=dict)

    def comments(self, scope: Scope) -> tuple[str, dict[str, Any]]:
        mine, names = accounts_in(scope, "c.account_id")
        if not self.conditions:
            return "1 = 0", {}
        told = " OR ".join(f"({one})" for one in self.conditions)
        return (
            f"c.published_at >= :since AND c.published_at < :until AND c.author_account_id IS NULL AND c.author_is_official = 0 "
            f"AND {mine} AND ({told})",
            names | self.values | {"since": self.since, "until": self.until},
        )

    def leads(self, scope: Scope) -> tuple[str, dict[str, Any]]:
        mine, names = organizations_in(scope, "l.organization_id")
        if not self.units:
            return "1 = 0", {}
        marks = {f"of_{place}": unit for place, unit in enumerate(self.units)}
        below = "SELECT u.organization_id FROM organization_up u WHERE u.ancestor_id IN ({})".format(
            ", ".join(f":{name}" for name in marks)
        )
        return (
            f"l.published_at >= :since AND l.published_at < :until AND {mine} AND l.organization_id IN ({below})",
            names | marks | {"since": self.since, "until": self.until},
        )


@dataclass(frozen=True, slots=True)
class Carried:
    """The window of an alert in numbers: comments, leads, distinct citizens in both, and when the first of them was written."""

    since: int = 0
    until: int = 0
    comments: int = 0
    leads: int = 0
    citizens: int = 0
    first_at: int | None = None


def window(db: sqlite3.Connection, scope: Scope, alert_id: int, series_id: int = 0, b5: int = 0) -> Window:
    """The window of a whole alert, of one member (that of its evidence), or one bucket of it; empty outside the scope.

    The window of an alert runs from the first of its members' windows to when it last stood high.
    """
    mine, values = organizations_in(scope, "s.organization_id")
    rows = db.execute(
        "SELECT s.id, s.kind, s.organization_id, s.account_id, s.platform, s.topic, s.watch_id, "
        f"(m.b5 + 1) * {BUCKET} - m.minutes * 60, (m.b5 + 1) * {BUCKET}, a.last_high_at FROM alert_members m "
        "JOIN series s ON s.id = m.series_id JOIN alerts a ON a.id = m.alert_id "
        f"WHERE m.alert_id = :alert AND (:series = 0 OR s.id = :series) AND {mine} ORDER BY m.most_excess DESC, s.id",
        values | {"alert": alert_id, "series": series_id},
    ).fetchall()
    if not rows:
        return Window(0, 0)
    since, until = min(row[7] for row in rows), max(row[8] for row in rows)
    if b5:
        since, until = b5 * BUCKET, (b5 + 1) * BUCKET
    elif not series_id:
        until = max(until, rows[0][9])
    conditions, named, units = [], {}, []
    for place, (_, kind, unit, account, platform, topic, watch, *_rest) in enumerate(rows[:LOUDEST]):
        if kind not in COUNTED:
            units.append(unit)
            continue
        held = {"unit": unit, "account": account, "platform": platform, "topic": topic, "watch": watch}
        condition = COUNTED[kind].format(place)
        conditions.append(condition)
        named |= {f"{name}_{place}": value for name, value in held.items() if f":{name}_{place}" in condition}
    return Window(since, until, tuple(conditions), tuple(units), named)


def carried(db: sqlite3.Connection, scope: Scope, *, alert_id: int) -> Carried:
    """How many comments and leads the alert's window holds, from how many citizens, and when it began."""
    held = window(db, scope, alert_id)
    told, values = held.comments(scope)
    authors = db.execute(
        f"SELECT c.author_key, count(*), min(c.published_at) FROM comments c WHERE {told} GROUP BY c.author_key", values
    ).fetchall()
    entered: list[tuple[str, int, int]] = []
    if held.units:
        told, values = held.leads(scope)
        entered = db.execute(
            f"SELECT l.author_key, count(*), min(l.published_at) FROM leads l WHERE {told} GROUP BY l.author_key", values
        ).fetchall()
    both = authors + entered
    return Carried(
        held.since,
        held.until,
        sum(row[1] for row in authors),
        sum(row[1] for row in entered),
        len({row[0] for row in both}),
        min((row[2] for row in both), default=None),
    )


def comments(
    db: sqlite3.Connection,
    scope: Scope,
    *,
    alert_id: int,
    series_id: int = 0,
    b5: int = 0,
    post_id: int = 0,
    word: str = "",
    is_first: bool = False,
    limit: int = 200,
    offset: int = 0,
) -> pd.DataFrame:
    """The comments behind a number of an alert, newest first (`is_first`: oldest first); `limit` 0 is all.

    Texts and names are raw: mask them.
    """
    told, values = window(db, scope, alert_id, series_id, b5).comments(scope)
    order = "c.published_at, c.id" if is_first else "c.published_at DESC, c.id DESC"
    rows = db.execute(
        "SELECT c.id, c.published_at, a.id, a.name, a.platform, c.author_name, 0, c.text, "
        "CASE coalesce(c.kind, -1) WHEN -1 THEN '尚未阅读' WHEN 1 THEN '诉求' ELSE '' END, "
        f"{POST} FROM comments c JOIN accounts a ON a.id = c.account_id LEFT JOIN posts p ON p.id = c.post_id "
        f"WHERE {told} AND {CHOSEN} ORDER BY {order}" + (" LIMIT :limit OFFSET :offset" if limit else ""),
        values | chosen(post_id, word) | {"limit": limit, "offset": offset},
    ).fetchall()
    return pd.DataFrame(rows, columns=ROWS)


def chosen(post_id: int, word: str) -> dict[str, Any]:
    """What CHOSEN needs; the signs that LIKE reads as placeholders stand for themselves."""
    quoted = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return {"post": post_id, "word": f"%{quoted}%" if word else ""}


def count(
    db: sqlite3.Connection, scope: Scope, *, alert_id: int, series_id: int = 0, b5: int = 0, post_id: int = 0, word: str = ""
) -> tuple[int, int]:
    """How many comments `comments` has, from how many citizens."""
    told, values = window(db, scope, alert_id, series_id, b5).comments(scope)
    row = db.execute(
        f"SELECT count(*), count(DISTINCT c.author_key) FROM comments c WHERE {told} AND {CHOSEN}",
        values | chosen(post_id, word),
    ).fetchone()
    return int(row[0]), int(row[1])


def posts(db: sqlite3.Connection, scope: Scope, *, alert_id: int, limit: int = 5) -> pd.DataFrame:
    """The posts below which most of the alert's comments stand."""
    told, values = window(db, scope, alert_id).comments(scope)
    rows = db.execute(
        "SELECT p.id, a.name, a.platform, p.published_at, coalesce(nullif(p.title, ''), p.text), p.url, w.n, w.citizens FROM ("
        "  SELECT c.post_id, count(*) AS n, count(DISTINCT c.author_key) AS citizens FROM comments c "
        f"  WHERE {told} AND c.post_id IS NOT NULL GROUP BY c.post_id) w JOIN posts p ON p.id = w.post_id "
        "JOIN accounts a ON a.id = p.account_id ORDER BY w.n DESC, p.id LIMIT :limit",
        values | {"limit": limit},
    ).fetchall()
    return pd.DataFrame(rows, columns=POSTS)
