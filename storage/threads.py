"""Threads: the posts of an account whose comments are still looked at, with what is known of each."""

import sqlite3
from datetime import datetime

from storage.moments import to_seconds


def open_threads(
    db: sqlite3.Connection, account_id: int, since: datetime, limit: int = 500
) -> list[tuple[str, int, int | None, int, str, int | None]]:
    """Posts published since then that are not gone, newest first: (ext_id, published_at, stated, held, cause, thread_at)."""
    return db.execute(
        "SELECT p.ext_id, p.published_at, p.stated, (SELECT count(*) FROM comments c WHERE c.post_id = p.id), "
        "coalesce(p.cause, ''), p.thread_at FROM posts p "
        "WHERE p.account_id = :account AND p.published_at >= :since AND p.gone_kind IS NULL "
        "ORDER BY p.published_at DESC LIMIT :limit",
        {"account": account_id, "since": to_seconds(since), "limit": limit},
    ).fetchall()
