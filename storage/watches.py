"""Watches as people keep them: made, changed, paused and deleted, each form a row; what is deleted keeps its history."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import pandas as pd

from matrix.watch import LONGEST_NAME, Plan, Typed, read
from storage.batches import bump_version
from storage.moments import to_seconds
from storage.scope import Scope, organizations_in

FILL_DAYS = 60
"""So far back a new or changed watch looks for hits."""
MOST = 200
"""Watches in use at once; all of them read every comment."""
COLUMNS = [
    "watch_id",
    "organization_id",
    "organization",
    "name",
    "words",
    "groups",
    "exclusions",
    "pattern",
    "is_on",
    "version",
    "changed_at",
    "changed_by",
    "filled",
    "today",
    "week",
    "alerts",
    "last_hit_at",
]
VERSIONS = ["version", "act", "at", "by", "organization", "name", "words", "groups", "exclusions", "pattern", "is_on"]
TERMS = "organization_id, name, words, groups, exclusions, pattern"
MADE, CHANGED, PAUSED, RESUMED, DELETED = "新建", "修改", "暂停", "恢复", "删除"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody sets of a watch; the unit stands for its whole subtree."""

    organization_id: int
    name: str
    typed: Typed


plan_of = lru_cache(maxsize=4 * MOST)(read)
"""The plan of typed terms; made once, as it is asked for with every portion that is read."""


def check(db: sqlite3.Connection, scope: Scope, wish: Wish, but: int = 0) -> Plan:
    """Refuse what no watch can be: ValueError, or PermissionError for a unit outside the scope; Chinese sentences."""
    mine, values = organizations_in(scope, "o.id")
    unit = {"unit": wish.organization_id, "name": wish.name, "but": but}
    if db.execute(f"SELECT 1 FROM organizations o WHERE o.id = :unit AND {mine}", values | unit).fetchone() is None:
        raise PermissionError("这个单位不在您的权限范围内。")
    if not wish.name or len(wish.name) > LONGEST_NAME:
        raise ValueError(f"请填写方案名称，最长{LONGEST_NAME}字。")
    sql = "SELECT 1 FROM watches WHERE organization_id = :unit AND name = :name AND id <> :but AND deleted_at IS NULL"
    if db.execute(sql, unit).fetchone():
        raise ValueError(f"本单位已有名为“{wish.name}”的监测方案，请换一个名称。")
    return plan_of(wish.typed)


def add(db: sqlite3.Connection, scope: Scope, wish: Wish, by: str, now: datetime) -> int:
    """Make a watch inside `writing()`; gives its id. The worker looks up its hits of the past. Raises as `check`."""
    check(db, scope, wish)
    room_for_one(db)
    row = db.execute(
        f"INSERT INTO watches({TERMS}, is_on, version, created_at, created_by, changed_at, changed_by) "
        "VALUES(:unit, :name, :words, :groups, :exclusions, :pattern, 1, 1, :now, :by, :now, :by) RETURNING id",
        terms_of(wish) | {"now": to_seconds(now), "by": by},
    ).fetchone()
    note(db, int(row[0]), MADE, by, now)
    refill(db, int(row[0]), now)
    return int(row[0])


def change(db: sqlite3.Connection, scope: Scope, watch_id: int, wish: Wish, expected: int, by: str, now: datetime) -> None:
    """Change a watch that stands as in its row number `expected`, inside `writing()`. Raises as `check`, and ValueError where
    somebody was quicker.

    Other words or another unit begin its hits of the last FILL_DAYS and its series anew; another name alone does not.
    """
    held = find(db, scope, watch_id)
    if newest(db, watch_id) != expected:
        raise ValueError("这个监测方案刚被别人改过，请关闭后重新打开，看过新的内容再改。")
    check(db, scope, wish, but=watch_id)
    if held == wish:
        raise ValueError("没有改动任何内容。")
    db.execute(
        "UPDATE watches SET organization_id = :unit, name = :name, words = :words, groups = :groups, exclusions = :exclusions, "
        "pattern = :pattern WHERE id = :id",
        terms_of(wish) | {"id": watch_id},
    )
    number = note(db, watch_id, CHANGED, by, now)
    if (held.organization_id, plan_of(held.typed)) != (wish.organization_id, plan_of(wish.typed)):
        db.execute("UPDATE watches SET version = :version WHERE id = :id", {"version": number, "id": watch_id})
        since = to_seconds(now - timedelta(days=FILL_DAYS))
        db.execute("DELETE FROM watch_hits WHERE watch_id = :id AND published_at >= :since", {"id": watch_id, "since": since})
        refill(db, watch_id, now)


def switch(db: sqlite3.Connection, scope: Scope, watch_id: int, is_on: bool, by: str, now: datetime) -> None:
    """Pause a watch or take it up again, inside `writing()`; what came meanwhile is looked up. Raises as `check`."""
    find(db, scope, watch_id)
    if is_on:
        room_for_one(db)
    done = db.execute("UPDATE watches SET is_on = :on WHERE id = :id AND is_on <> :on", {"on": int(is_on), "id": watch_id})
    if not done.rowcount:
        raise ValueError("这个监测方案已经是这个状态，请刷新页面。")
    note(db, watch_id, RESUMED if is_on else PAUSED, by, now)
    if is_on:
        refill(db, watch_id, now)


def delete(db: sqlite3.Connection, scope: Scope, watch_id: int, by: str, now: datetime) -> None:
    """Take a watch out of use for good, inside `writing()`; its hits, alerts and forms stay. Raises as `check`."""
    find(db, scope, watch_id)
    db.execute(
        "UPDATE watches SET is_on = 0, deleted_at = :now, filled_to = NULL WHERE id = :id",
        {"now": to_seconds(now), "id": watch_id},
    )
    note(db, watch_id, DELETED, by, now)


def find(db: sqlite3.Connection, scope: Scope, watch_id: int) -> Wish:
    """A watch of the scope as it stands. Raises PermissionError, a Chinese sentence."""
    mine, values = organizations_in(scope)
    row = db.execute(
        f"SELECT {TERMS} FROM watches WHERE id = :id AND deleted_at IS NULL AND {mine}", values | {"id": watch_id}
    ).fetchone()
    if row is None:
        raise PermissionError("这个监测方案已删除，或不在您的权限范围内。")
    return Wish(row[0], row[1], Typed(*row[2:]))


def room_for_one(db: sqlite3.Connection) -> None:
    """Refuse one more than MOST."""
    if db.execute("SELECT count(*) FROM watches WHERE is_on = 1").fetchone()[0] >= MOST:
        raise ValueError(f"启用中的监测方案已有{MOST}个，请先暂停或删除不用的。")


def note(db: sqlite3.Connection, watch_id: int, act: str, by: str, now: datetime) -> int:
    """Write down the form that a watch has now; gives the number of the row. Inside `writing()`."""
    number = newest(db, watch_id) + 1
    values = {"id": watch_id, "version": number, "act": act, "at": to_seconds(now), "by": by}
    db.execute("UPDATE watches SET changed_at = :at, changed_by = :by WHERE id = :id", values)
    db.execute(
        f"INSERT INTO watch_versions(watch_id, version, act, {TERMS}, is_on, at, by_login) "
        f"SELECT id, :version, :act, {TERMS}, is_on, :at, :by FROM watches WHERE id = :id",
        values,
    )
    bump_version(db)
    return number


def newest(db: sqlite3.Connection, watch_id: int) -> int:
    """The number of the last form of a watch."""
    sql = "SELECT coalesce(max(version), 0) FROM watch_versions WHERE watch_id = :id"
    return int(db.execute(sql, {"id": watch_id}).fetchone()[0])


def refill(db: sqlite3.Connection, watch_id: int, now: datetime) -> None:
    """Look up the hits of the last FILL_DAYS from now on, the newest first. Inside `writing()`."""
    until = to_seconds(now) + 1
    db.execute(
        "UPDATE watches SET fill_from = :since, fill_until = :until, filled_to = :until WHERE id = :id",
        {"id": watch_id, "until": until, "since": until - FILL_DAYS * 86400},
    )


def terms_of(wish: Wish) -> dict[str, object]:
    typed = wish.typed
    return {
        "unit": wish.organization_id,
        "name": wish.name,
        "words": typed.words,
        "groups": typed.groups,
        "exclusions": typed.exclusions,
        "pattern": typed.pattern,
    }


def watches(db: sqlite3.Connection, scope: Scope, *, today: int, week: int, month: int, now: int) -> pd.DataFrame:
    """The watches of units in the scope, by name: how far their past is looked up (`filled` 0 to 1), hits since `today` and
    `week`, and the alerts since `month` that they raised or joined; all moments Unix seconds. Deleted ones are left out."""
    mine, values = organizations_in(scope, "w.organization_id")
    rows = db.execute(
        "SELECT w.id, w.organization_id, o.name, w.name, w.words, w.groups, w.exclusions, w.pattern, w.is_on, "
        "(SELECT max(v.version) FROM watch_versions v WHERE v.watch_id = w.id), w.changed_at, coalesce(p.name, w.changed_by), "
        "CASE WHEN w.filled_to IS NULL THEN 1.0 ELSE (w.fill_until - w.filled_to) * 1.0 / (w.fill_until - w.fill_from) END, "
        "(SELECT count(*) FROM watch_hits h WHERE h.watch_id = w.id AND h.published_at >= :today AND h.published_at <= :now), "
        "(SELECT count(*) FROM watch_hits h WHERE h.watch_id = w.id AND h.published_at >= :week AND h.published_at <= :now), "
        "(SELECT count(DISTINCT a.id) FROM alerts a JOIN alert_members m ON m.alert_id = a.id "
        "JOIN series s ON s.id = m.series_id WHERE s.watch_id = w.id AND a.raised_at >= :month AND a.is_drill = 0), "
        "(SELECT max(h.published_at) FROM watch_hits h WHERE h.watch_id = w.id) "
        "FROM watches w JOIN organizations o ON o.id = w.organization_id LEFT JOIN people p ON p.login = w.changed_by "
        f"WHERE w.deleted_at IS NULL AND {mine} ORDER BY w.is_on DESC, w.name, w.id",
        values | {"today": today, "week": week, "month": month, "now": now},
    ).fetchall()
    return pd.DataFrame(rows, columns=COLUMNS)


def versions(db: sqlite3.Connection, scope: Scope, *, watch_id: int) -> pd.DataFrame:
    """Every form of one watch of the scope, the newest first."""
    mine, values = organizations_in(scope, "w.organization_id")
    rows = db.execute(
        "SELECT v.version, v.act, v.at, coalesce(p.name, v.by_login), o.name, v.name, v.words, v.groups, v.exclusions, "
        "v.pattern, v.is_on FROM watch_versions v JOIN watches w ON w.id = v.watch_id "
        "JOIN organizations o ON o.id = v.organization_id "
        f"LEFT JOIN people p ON p.login = v.by_login WHERE v.watch_id = :id AND {mine} ORDER BY v.version DESC",
        values | {"id": watch_id},
    ).fetchall()
    return pd.DataFrame(rows, columns=VERSIONS)
