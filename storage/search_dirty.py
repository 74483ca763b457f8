"""Posts and comments that the search index has read and must read again, because their words, time or account changed."""

import sqlite3
from collections.abc import Iterable

POST, COMMENT = "post", "comment"


def mark(db: sqlite3.Connection, subject: str, subject_id: int) -> None:
    """Note one changed row, inside the `writing()` that changes it. `subject` is POST or COMMENT."""
    mark_all(db, [(subject, subject_id)])


def mark_all(db: sqlite3.Connection, changed: Iterable[tuple[str, int]]) -> None:
    """Note changed rows. Inside `writing()`."""
    db.executemany(
        "INSERT INTO search_dirty(subject, subject_id) VALUES(?, ?) "
        "ON CONFLICT(subject, subject_id) DO UPDATE SET turn = search_dirty.turn + 1",
        list(changed),
    )


def take(db: sqlite3.Connection, limit: int) -> list[tuple[str, int, int]]:
    """The next rows to be read again: subject, id, and the turn under which they are crossed off."""
    sql = "SELECT subject, subject_id, turn FROM search_dirty ORDER BY subject, subject_id LIMIT :limit"
    return db.execute(sql, {"limit": limit}).fetchall()


def cross_off(db: sqlite3.Connection, taken: Iterable[tuple[str, int, int]]) -> None:
    """Those that were read; whoever changed meanwhile has another turn and stays. Inside `writing()`."""
    db.executemany("DELETE FROM search_dirty WHERE subject = ? AND subject_id = ? AND turn = ?", list(taken))


def forget(db: sqlite3.Connection) -> None:
    """Everything, where an index starts from nothing and reads all rows anyway. Inside `writing()`."""
    db.execute("DELETE FROM search_dirty")


def count(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT count(*) FROM search_dirty").fetchone()[0])
