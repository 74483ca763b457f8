"""Up to when an answer to an appeal would be held: judged by the looks at its own thread."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from storage import cutoffs, rereads
from storage.moments import to_seconds
from storage.posts import rows_by_key

KEEP = "INSERT INTO sights_then(comment_id, closed_at, known_until) SELECT comment_id, :closed, coalesce(known_until, -1)"
BEHIND = "seen_at <= :closed AND (known_until IS NULL OR known_until < :closed) ON CONFLICT(comment_id, closed_at) DO NOTHING"
"""What was known up to the newest cut-off already stays true of it, however much more becomes known."""


def of_thread(db: sqlite3.Connection, post_id: int) -> tuple[str | None, int | None, int | None]:
    """(cause, moment) of the thread's last look, and the last moment at which it was read to its end."""
    row = db.execute("SELECT cause, thread_at, whole_at FROM posts WHERE id = :id", {"id": post_id}).fetchone()
    return row[0], row[1], row[2]


def save_alone(db: sqlite3.Connection, platform: int, ext_ids: Iterable[str], until: datetime) -> None:
    """Comments whose own answer a source names without their thread: known until then. Inside `writing()`."""
    for _, comment_id in rows_by_key(db, "comments", "ext_id, id", platform, ext_ids):
        db.execute(
            "INSERT INTO sights(comment_id, known_until) VALUES(:id, :until) ON CONFLICT(comment_id) DO UPDATE "
            "SET known_until = excluded.known_until WHERE sights.known_until < excluded.known_until",
            {"id": comment_id, "until": to_seconds(until)},
        )
        rereads.mark_one(db, comment_id)


def keep_before(db: sqlite3.Connection, comment_ids: Iterable[int]) -> None:
    """How far these appeals were known when the newest cut-off was drawn, before that is changed. Inside `writing()`."""
    closed = cutoffs.newest(db)
    if closed:
        once = "ON CONFLICT(comment_id, closed_at) DO NOTHING"
        sql = f"{KEEP} FROM responses WHERE comment_id = :id AND seen_at <= :closed {once}"
        db.executemany(sql, [{"id": comment_id, "closed": closed} for comment_id in comment_ids])


def refresh(db: sqlite3.Connection, post_ids: Iterable[int]) -> None:
    """After looks at threads: appeals that wait there are known up to then. Inside `writing()`.

    Where the end of a look leaves single sub-threads open, the pass that reads comments judges each of them.
    """
    closed = cutoffs.newest(db)
    for post_id in post_ids:
        cause, _, whole_at = of_thread(db, post_id)
        values = {"id": post_id, "until": whole_at}
        if whole_at is not None:
            known = "CASE WHEN answer_at < :until THEN answer_at ELSE :until END"
            growing = f"post_id = :id AND asked_at <= :until AND (known_until IS NULL OR known_until < {known})"
            if closed:
                db.execute(f"{KEEP} FROM responses WHERE {growing} AND {BEHIND}", values | {"closed": closed})
            db.execute(f"UPDATE responses SET known_until = {known} WHERE {growing}", values)
        if cause == "nested":
            waiting = "c.id IN (SELECT r.comment_id FROM responses r WHERE r.post_id = :id AND r.answer_at IS NULL)"
            rereads.mark(db, waiting, values)
