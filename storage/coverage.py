"""Coverage: how much of a thread we hold of what the platform says exists, and why it is less."""

import sqlite3
from collections.abc import Sequence

from matrix.comment import Coverage
from matrix.response import WHOLE
from storage import sight
from storage.posts import ids_of


def save(db: sqlite3.Connection, platform: int, coverages: Sequence[Coverage], observed_at: int, seen_at: int) -> None:
    """Save what a look at threads found, inside `writing()` and after the comments of the same look."""
    held_posts = ids_of(db, platform, [c.post_ext for c in coverages])
    for look in coverages:
        post_id = held_posts.get(look.post_ext)
        if post_id is None:
            continue
        held = db.execute("SELECT count(*) FROM comments WHERE post_id = :id", {"id": post_id}).fetchone()[0]
        values = {"id": post_id, "at": observed_at, "stated": look.stated, "held": held, "cause": look.cause, "seen": seen_at}
        last = db.execute(
            "SELECT stated, held, cause FROM coverage WHERE post_id = :id AND checked_at <= :at ORDER BY checked_at DESC LIMIT 1",
            values,
        ).fetchone()
        if last != (look.stated, held, look.cause):
            db.execute(
                "INSERT INTO coverage(post_id, checked_at, stated, held, cause, seen_at) "
                "VALUES(:id, :at, :stated, :held, :cause, :seen) ON CONFLICT(post_id, checked_at) DO UPDATE SET "
                "stated = excluded.stated, held = excluded.held, cause = excluded.cause",
                values,
            )
        if look.cause in WHOLE:
            sql = "UPDATE posts SET whole_at = :at WHERE id = :id AND (whole_at IS NULL OR whole_at < :at)"
            db.execute(sql, values)
        db.execute(
            "UPDATE posts SET stated = :stated, held = :held, cause = :cause, thread_at = :at "
            "WHERE id = :id AND (thread_at IS NULL OR thread_at < :at)",
            values,
        )
    sight.refresh(db, sorted({held_posts[look.post_ext] for look in coverages if look.post_ext in held_posts}))
