"""Which comments are read next: new ones first, then changed ones, then, after a new version, all others again."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from storage import marks, rereads
from storage.database import writing

UPTO, VERSION, AGAIN, AGAIN_UPTO = "read_upto", "read_version", "read_again_from", "read_again_upto"
SELECT = (
    "SELECT c.id, c.platform, c.ext_id, c.post_id, c.channel, c.text, c.published_at, c.author_account_id, c.kind, c.account_id, "
    "coalesce(p.title, '') || ' ' || substr(coalesce(p.text, ''), 1, 200), c.parent_ext, q.author_account_id, q.text, a.name, "
    "q.author_name, q.id, c.author_name, c.author_key <> '' AND c.author_key = q.author_key, c.author_is_official "
    "FROM comments c JOIN accounts a ON a.id = c.account_id LEFT JOIN posts p ON p.id = c.post_id "
    "LEFT JOIN comments q ON q.platform = c.platform AND q.ext_id = c.parent_ext "
)


@dataclass(slots=True)
class Portion:
    """What one pass reads: rows of SELECT, and the marks that move when it is written."""

    rows: list[tuple[Any, ...]]
    moves: dict[str, str] = field(default_factory=dict)
    taken: dict[int, int] = field(default_factory=dict)
    is_new: bool = False


def versions(db: sqlite3.Connection) -> str:
    """By which versions comments are read, as files say it: 诉求判读-2a2325b0、回复规则1……; empty before anything was read."""
    return marks.get(db, VERSION).replace("/", "、")


def start_again(db: sqlite3.Connection, version: str) -> None:
    """A new version reads again what an older one has read, behind whatever is new."""
    held = marks.get(db, VERSION)
    if held == version:
        return
    with writing(db):
        marks.put(db, VERSION, version)
        if held:
            marks.put(db, AGAIN, "0")
            marks.put(db, AGAIN_UPTO, marks.get(db, UPTO) or "0")


def choose(db: sqlite3.Connection, limit: int) -> Portion | None:
    """The next portion; None when everything is read."""
    upto = int(marks.get(db, UPTO) or 0)
    values = {"upto": upto, "limit": limit}
    rows = db.execute(f"{SELECT} WHERE c.id > :upto ORDER BY c.id LIMIT :limit", values).fetchall()
    if rows:
        return Portion(rows, {UPTO: str(rows[-1][0])}, is_new=True)
    taken = rereads.take(db, limit)
    if taken:
        rows = []
        ids = list(taken)
        for start in range(0, len(ids), 400):
            portion = ids[start : start + 400]
            names = ", ".join(f":k{i}" for i in range(len(portion)))
            keys = {f"k{i}": key for i, key in enumerate(portion)}
            rows += db.execute(f"{SELECT} WHERE c.id IN ({names})", keys).fetchall()
        return Portion(rows, taken=taken)
    again, end = int(marks.get(db, AGAIN) or 0), int(marks.get(db, AGAIN_UPTO) or 0)
    if again >= end:
        return None
    values = {"upto": again, "end": end, "limit": limit}
    rows = db.execute(f"{SELECT} WHERE c.id > :upto AND c.id <= :end ORDER BY c.id LIMIT :limit", values).fetchall()
    return Portion(rows, {AGAIN: str(rows[-1][0] if rows else end)})


def reread_those_below(db: sqlite3.Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Comments that were read before what they answer was held: their context is known only now."""
    first = min(row[0] for row in rows)
    for row in rows:
        rereads.mark(
            db,
            "c.platform = :platform AND c.parent_ext = :ext AND c.id < :first",
            {"platform": row[1], "ext": row[2], "first": first},
        )
