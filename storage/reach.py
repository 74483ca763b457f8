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
        # A count that this answer does not carry keeps its mark of being a lower bound.
        kept = [name for name in floors.split(",") if name and name not in said]
        floors_now = ",".join(sorted({*kept, *filter(None, values["floors"].split(","))}))
        if all(current[name] == value for name, value in said.items()) and floors == floors_now:
            return False
        db.execute(INSERT, values)
        db.execute(
            "UPDATE posts SET counts_at = :observed_at, reads = coalesce(:reads, reads), likes = coalesce(:likes, likes), "
            "shares = coalesce(:shares, shares), comments = coalesce(:comments, comments), floors = :marks WHERE id = :post_id",
            values | {"marks": floors_now},
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
    marks = values["floors"].split(",")
    for name, value in said.items():
        earlier = (
            f"SELECT {name}, floors FROM reach WHERE post_id = :post_id AND stat_day = '' AND {name} IS NOT NULL "
            "AND observed_at <= :observed_at ORDER BY observed_at DESC LIMIT 1"
        )
        row = db.execute(earlier, values).fetchone()
        if row is None or row[0] != value or (name in row[1].split(",")) != (name in marks):
            return False
    return True


def _recount(db: sqlite3.Connection, post_id: int) -> bool:
    """An observation came out of order: the newest known value of each count, from the observations themselves."""
    values: dict[str, int | None] = {}
    marks = []
    for name in COUNTS:
        newest = (
            f"SELECT {name}, floors FROM reach WHERE post_id = :id AND stat_day = '' AND {name} IS NOT NULL "
            "ORDER BY observed_at DESC LIMIT 1"
        )
        row = db.execute(newest, {"id": post_id}).fetchone()
        values[name] = row[0] if row else None
        if row and name in row[1].split(","):
            marks.append(name)
    last = "SELECT max(observed_at) FROM reach WHERE post_id = :id AND stat_day = ''"
    at, floors = db.execute(last, {"id": post_id}).fetchone()[0], ",".join(sorted(marks))
    if _current(db, post_id) == (at, *values.values(), floors):
        return False
    db.execute(
        "UPDATE posts SET counts_at = :at, reads = :reads, likes = :likes, shares = :shares, comments = :comments, "
        "floors = :floors WHERE id = :id",
        {"id": post_id, "at": at, "floors": floors} | values,
    )
    return True


def _current(db: sqlite3.Connection, post_id: int) -> tuple[Any, ...]:
    sql = "SELECT counts_at, reads, likes, shares, comments, floors FROM posts WHERE id = :id"
    return db.execute(sql, {"id": post_id}).fetchone()
