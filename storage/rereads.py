"""Comments that must be read again, because their words or what stands around them changed."""

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

MARK = (
    "INSERT INTO rereads(comment_id) SELECT c.id FROM comments c WHERE {0} "
    "ON CONFLICT(comment_id) DO UPDATE SET turn = rereads.turn + 1"
)


def mark(db: sqlite3.Connection, condition: str, values: Mapping[str, Any]) -> None:
    """Ask for another reading of the comments `c` that meet a condition. Inside `writing()`."""
    db.execute(MARK.format(condition), values)


def mark_one(db: sqlite3.Connection, comment_id: int) -> None:
    """One comment whose own words or place changed, with those who answer it."""
    mark(
        db,
        "c.id = :id OR c.id IN (SELECT below.id FROM comments above JOIN comments below ON below.platform = above.platform "
        "AND below.parent_ext = above.ext_id WHERE above.id = :id)",
        {"id": comment_id},
    )


def take(db: sqlite3.Connection, limit: int) -> dict[int, int]:
    """The next comments to be read again, with the turn under which they are crossed off."""
    rows = db.execute("SELECT comment_id, turn FROM rereads ORDER BY comment_id LIMIT :limit", {"limit": limit}).fetchall()
    return dict(rows)


def cross_off(db: sqlite3.Connection, taken: Iterable[tuple[int, int]]) -> None:
    """Those that were read; whoever changed meanwhile has another turn and stays. Inside `writing()`."""
    db.executemany("DELETE FROM rereads WHERE comment_id = ? AND turn = ?", list(taken))
