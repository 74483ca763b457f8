"""Reach: counts of posts as append-only observations, and the newest of them beside the post."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from matrix.post import Reach
from storage.moments import beijing_day, to_seconds
from storage.posts import rows_by_key

COUNTS = ("reads", "likes", "shares", "comments")
INSERT = """
INSERT INTO reach(post_id, observed_at, stat_day, reads, likes, shares, comments, floors, seen_at)
VALUES(:post_id, :observed_at, :stat_day, :reads, :likes, :shares, :comments, :floors, :seen_at)
ON CONFLICT(post_id, stat_day, observed_at) DO NOTHING
"""


def save(
    db: sqlite3.Connection,
    platform: int,
    reaches: Sequence[tuple[str, Reach]],
    seen_at: int,
    is_history: bool,
    days: set[tuple[int, int]],
) -> None:
    """Save observations inside `writing()`: one row per change; an older one adds history and leaves newer counts alone."""
    columns = "ext_id, id, account_id, published_at, counts_at, reads, likes, shares, comments, floors"
    held = {row[0]: row for row in rows_by_key(db, "posts", columns, platform, [key for key, _ in reaches])}
    for key, seen in sorted(reaches, key=lambda pair: pair[1].observed_at):
        row = held.get(key)
        if row is None:
            continue
        values: dict[str, Any] = {name: getattr(seen, name) for name in COUNTS}
        values |= {"post_id": row[1], "observed_at": to_seconds(seen.observed_at), "stat_day": seen.stat_day or ""}
        values |= {"floors": ",".join(sorted(seen.floors)), "seen_at": seen_at}
        if seen.stat_day:
            _save_day(db, values)
        elif _save_count(db, row, values, is_history):
            days.add((beijing_day(row[3]), row[2]))
            held[key] = (*row[:4], *_current(db, row[1]))


def _save_day(db: sqlite3.Connection, values: dict[str, Any]) -> None:
    """A day's statistics, which the platform may revise later: a row per value that it gave."""
    before = db.execute(
        "SELECT reads, likes, shares, comments FROM reach WHERE post_id = :post_id AND stat_day = :stat_day "
        "AND observed_at <= :observed_at ORDER BY observed_at DESC LIMIT 1",
        values,
    ).fetchone()
    if before != tuple(values[name] for name in COUNTS):
        db.execute(INSERT, values)


def _save_count(db: sqlite3.Connection, row: tuple[Any, ...], values: dict[str, Any], is_history: bool) -> bool:
    """True when the post's current counts changed."""
    counts_at, floors = row[4], row[9]
    current = dict(zip(COUNTS, row[5:9], strict=True))
    said = {name: values[name] for name in COUNTS if values[name] is not None}
    if not said:
        return False
    in_order = counts_at is None or values["observed_at"] > counts_at
    if in_order and not is_history:
        if all(current[name] == value for name, value in said.items()) and floors == values["floors"]:
            return False
        db.execute(INSERT, values)
        db.execute(
            "UPDATE posts SET counts_at = :observed_at, reads = coalesce(:reads, reads), likes = coalesce(:likes, likes), "
            "shares = coalesce(:shares, shares), comments = coalesce(:comments, comments), floors = :floors WHERE id = :post_id",
            values,
        )
        return True
    if _adds_nothing(db, values, said):
        return False
    db.execute(INSERT, values)
    if is_history and counts_at is not None:
        return False
    return _recount(db, row[1])


def _adds_nothing(db: sqlite3.Connection, values: dict[str, Any], said: dict[str, int]) -> bool:
    """Whether what was known just before already said the same: a replay meets observations that were no change then."""
    earlier = (
        "SELECT {} FROM reach WHERE post_id = :post_id AND stat_day = '' AND {} IS NOT NULL AND observed_at <= :observed_at "
        "ORDER BY observed_at DESC LIMIT 1"
    )
    return all(
        db.execute(earlier.format(name, name), values).fetchone() == (value,)
        for name, value in (said | {"floors": values["floors"]}).items()
    )


def _recount(db: sqlite3.Connection, post_id: int) -> bool:
    """An observation came out of order: the newest known value of each count, from the observations themselves."""
    newest = ", ".join(
        f"(SELECT r.{name} FROM reach r WHERE r.post_id = :id AND r.stat_day = '' AND r.{name} IS NOT NULL "
        f"ORDER BY r.observed_at DESC LIMIT 1)"
        for name in COUNTS
    )
    last = "SELECT observed_at, floors FROM reach WHERE post_id = :id AND stat_day = '' ORDER BY observed_at DESC LIMIT 1"
    before = _current(db, post_id)
    values = db.execute(f"SELECT {newest}", {"id": post_id}).fetchone()
    at, floors = db.execute(last, {"id": post_id}).fetchone()
    if before == (at, *values, floors):
        return False
    db.execute(
        "UPDATE posts SET counts_at = :at, reads = :reads, likes = :likes, shares = :shares, comments = :comments, "
        "floors = :floors WHERE id = :id",
        {"id": post_id, "at": at, "floors": floors} | dict(zip(COUNTS, values, strict=True)),
    )
    return True


def _current(db: sqlite3.Connection, post_id: int) -> tuple[Any, ...]:
    sql = "SELECT counts_at, reads, likes, shares, comments, floors FROM posts WHERE id = :id"
    return db.execute(sql, {"id": post_id}).fetchone()
