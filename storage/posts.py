"""Posts: saved once each, with their versions and their disappearances."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from matrix.post import Gone, GoneKind, Post
from storage import rereads, search_dirty
from storage.moments import OFFSET, beijing_day, to_seconds

INSERT = """
INSERT INTO posts(platform, ext_id, account_id, kind, published_at, seen_at, observed_at, title, text, url, repost_of, edited_at)
VALUES(:platform, :ext_id, :account_id, :kind, :published_at, :seen_at, :observed_at, :title, :text, :url, :repost_of, :edited_at)
"""
KEYS_AT_ONCE = 400


def ids_of(db: sqlite3.Connection, platform: int, ext_ids: Iterable[str]) -> dict[str, int]:
    """Which of these posts are held: platform id to row id."""
    return {row[0]: row[1] for row in rows_by_key(db, "posts", "ext_id, id", platform, ext_ids)}


def rows_by_key(db: sqlite3.Connection, table: str, columns: str, platform: int, ext_ids: Iterable[str]) -> list[tuple[Any, ...]]:
    """Rows of a table keyed by (platform, ext_id), asked for in portions that every engine takes."""
    keys = sorted(set(ext_ids))
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(keys), KEYS_AT_ONCE):
        portion = keys[start : start + KEYS_AT_ONCE]
        marks = ", ".join(f":k{i}" for i in range(len(portion)))
        values: dict[str, Any] = {f"k{i}": key for i, key in enumerate(portion)}
        sql = f"SELECT {columns} FROM {table} WHERE platform = :platform AND ext_id IN ({marks})"
        found += db.execute(sql, values | {"platform": platform}).fetchall()
    return found


def save(
    db: sqlite3.Connection,
    account_id: int,
    platform: int,
    batch: Sequence[Post],
    observed_at: int,
    seen_at: int,
    is_history: bool,
    days: set[tuple[int, int]],
) -> int:
    """Save posts inside `writing()`; adds touched (Beijing day, account) pairs to `days`; gives the number of new ones.

    An empty title, text or link means "this route does not say" and never replaces a known one.
    """
    unique = {post.ext_id: post for post in batch}
    columns = "ext_id, id, account_id, published_at, observed_at, title, text, url, edited_at, repost_of, kind"
    held = {row[0]: row for row in rows_by_key(db, "posts", columns, platform, unique)}
    new = [post for key, post in unique.items() if key not in held]
    db.executemany(
        INSERT,
        [
            {
                "platform": platform,
                "ext_id": post.ext_id,
                "account_id": account_id,
                "kind": post.kind,
                "published_at": to_seconds(post.published_at),
                "seen_at": seen_at,
                "observed_at": observed_at,
                "title": post.title,
                "text": post.text,
                "url": post.url,
                "repost_of": post.repost_of,
                "edited_at": to_seconds(post.edited_at) if post.edited_at else None,
            }
            for post in new
        ],
    )
    days.update((beijing_day(to_seconds(post.published_at)), account_id) for post in new)
    for key, row in held.items():
        _update(db, row, unique[key], observed_at, seen_at, is_history)
        _put_right_time(db, row, unique[key], seen_at)
    if new:
        _adopt_orphans(db, platform, [post.ext_id for post in new])
    return len(new)


def _update(db: sqlite3.Connection, row: tuple[Any, ...], post: Post, observed_at: int, seen_at: int, is_history: bool) -> None:
    _, post_id, _, _, held_at, title, text, url, edited_at, _, _ = row
    said = (post.title or title, post.text or text)
    if said != (title, text):
        if not title and not text:  # the first real wording fills what a list without texts left open; it is no edit
            _keep_state(db, post_id, seen_at)
            sql = "UPDATE posts SET title = :title, text = :text WHERE id = :id"
            db.execute(sql, {"title": said[0], "text": said[1], "id": post_id})
            _ask_to_reread(db, post_id)
        elif is_history or observed_at <= held_at:
            _keep_version(db, post_id, observed_at, said[0], said[1], seen_at)
            sql = "UPDATE posts SET edited_at = :at WHERE id = :id AND edited_at IS NULL"
            db.execute(sql, {"at": held_at, "id": post_id})
        elif not title and said[1] == text:
            _keep_state(db, post_id, seen_at)
            db.execute("UPDATE posts SET title = :title WHERE id = :id", {"title": said[0], "id": post_id})
            _ask_to_reread(db, post_id)
        else:
            _keep_version(db, post_id, held_at, title, text, seen_at)
            _keep_state(db, post_id, seen_at)
            edited = to_seconds(post.edited_at) if post.edited_at else observed_at
            db.execute(
                "UPDATE posts SET title = :title, text = :text, observed_at = :at, edited_at = :edited WHERE id = :id",
                {"title": said[0], "text": said[1], "at": observed_at, "edited": edited, "id": post_id},
            )
            _ask_to_reread(db, post_id)
    if post.url and not url:
        _keep_state(db, post_id, seen_at)
        db.execute("UPDATE posts SET url = :url WHERE id = :id", {"url": post.url, "id": post_id})
    if post.edited_at and edited_at is None and said == (title, text):
        sql = "UPDATE posts SET edited_at = :edited WHERE id = :id"
        db.execute(sql, {"edited": to_seconds(post.edited_at), "id": post_id})


def _ask_to_reread(db: sqlite3.Connection, post_id: int) -> None:
    """The words of a post changed: its comments have another context, and the search index other letters."""
    rereads.mark(db, "c.post_id = :id", {"id": post_id})
    search_dirty.mark(db, search_dirty.POST, post_id)


def _keep_state(db: sqlite3.Connection, post_id: int, seen_at: int) -> None:
    """Before a post is changed in place: how it read until now, so that a past moment can be asked again and say the same."""
    db.execute(
        "INSERT INTO post_states(post_id, seen_at, published_at, observed_at, title, text, url) "
        "SELECT id, :seen, published_at, observed_at, title, text, url FROM posts WHERE id = :id",
        {"id": post_id, "seen": seen_at},
    )


def _put_right_time(db: sqlite3.Connection, row: tuple[Any, ...], post: Post, seen_at: int) -> None:
    """A list that knows days only gives Beijing midnight; the moment that another list names for the same day is the true one."""
    held, said = row[3], to_seconds(post.published_at)
    is_whole_day = (held + OFFSET) % 86400 == 0
    if is_whole_day and said != held and beijing_day(said) == beijing_day(held):
        _keep_state(db, row[1], seen_at)
        db.execute("UPDATE posts SET published_at = :at WHERE id = :id", {"at": said, "id": row[1]})
        search_dirty.mark(db, search_dirty.POST, row[1])


def _keep_version(db: sqlite3.Connection, post_id: int, observed_at: int, title: str, text: str, seen_at: int) -> None:
    """Keep a wording that was public once; one that was seen before and is merely seen again adds nothing.

    Seen earlier than known so far, it is one more row: equal wordings in a row are one, and no row ever moves.
    """
    values = {"id": post_id, "at": observed_at, "title": title, "text": text, "seen": seen_at}
    before = db.execute(
        "SELECT title, text FROM post_versions WHERE post_id = :id AND observed_at < :at ORDER BY observed_at DESC LIMIT 1",
        values,
    ).fetchone()
    if before == (title, text):
        return
    db.execute(
        "INSERT INTO post_versions(post_id, observed_at, title, text, seen_at) VALUES(:id, :at, :title, :text, :seen) "
        "ON CONFLICT(post_id, observed_at) DO NOTHING",
        values,
    )


def _adopt_orphans(db: sqlite3.Connection, platform: int, ext_ids: list[str]) -> None:
    """Comments may arrive before their post (a received comment, a mention): give them to the post now."""
    for key in ext_ids:
        mark = {"platform": platform, "key": key}
        orphans = "SELECT o.comment_id FROM comment_orphans o WHERE o.platform = :platform AND o.post_ext = :key"
        if db.execute(orphans, mark).fetchone() is None:
            continue
        db.execute(
            "UPDATE comments SET post_id = (SELECT p.id FROM posts p WHERE p.platform = :platform AND p.ext_id = :key) "
            f"WHERE id IN ({orphans})",
            mark,
        )
        rereads.mark(db, f"c.id IN ({orphans})", mark)
        above = f"SELECT b.parent_ext FROM comments b WHERE b.id IN ({orphans})"  # what they answered outside the thread
        rereads.mark(db, f"c.platform = :platform AND c.post_id IS NULL AND c.ext_id IN ({above})", mark)
        db.execute("DELETE FROM comment_orphans WHERE platform = :platform AND post_ext = :key", mark)


def save_gones(db: sqlite3.Connection, platform: int, gones: Sequence[Gone], seen_at: int) -> None:
    """Record confirmed disappearances and returns; what was confirmed last stands. Called inside `writing()`."""
    held = ids_of(db, platform, [gone.post_ext for gone in gones])
    for gone in sorted(gones, key=lambda g: g.at):
        post_id = held.get(gone.post_ext)
        if post_id is None:
            continue
        at = to_seconds(gone.at)
        sql = "SELECT gone_kind, gone_at FROM posts WHERE id = :id"
        kind, gone_at = db.execute(sql, {"id": post_id}).fetchone()
        now_kind = None if gone.kind == GoneKind.BACK else str(gone.kind)
        if now_kind == kind and (kind is None or (gone_at is not None and at >= gone_at)):
            continue
        db.execute(
            "INSERT INTO withdrawals(post_id, kind, confirmed_at, seen_at) VALUES(:id, :kind, :at, :seen) "
            "ON CONFLICT(post_id, confirmed_at, kind) DO NOTHING",
            {"id": post_id, "kind": str(gone.kind), "at": at, "seen": seen_at},
        )
        if gone_at is None or at > gone_at or now_kind == kind:
            sql = "UPDATE posts SET gone_kind = :kind, gone_at = :at WHERE id = :id"
            db.execute(sql, {"kind": now_kind, "at": at, "id": post_id})


def refresh_last_post(db: sqlite3.Connection, account_id: int) -> None:
    """Keep the account's newest public post at hand. Called inside `writing()`."""
    db.execute(
        "UPDATE accounts SET last_post_at = fresh.at FROM (SELECT max(published_at) AS at FROM posts "
        "WHERE account_id = :id AND gone_kind IS NULL) AS fresh "
        "WHERE accounts.id = :id AND accounts.last_post_at IS DISTINCT FROM fresh.at",
        {"id": account_id},
    )
