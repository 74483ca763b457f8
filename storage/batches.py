"""Saves what one step of collection brought, with its cursors, in one transaction: all of it or nothing."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from matrix.run import Batch
from matrix.signs import all_whole
from storage import comments, coverage, cutoffs, followers, posts, reach, rollups
from storage.database import writing
from storage.keyring import Keyring
from storage.moments import to_seconds

CHUNK = 2000
"""Comments per transaction: keeps the writer's lock well under a tenth of a second."""

POST_TEXTS = ("ext_id", "title", "text", "url")
COMMENT_TEXTS = ("ext_id", "post_ext", "text", "author_id", "author_name", "region")
"""What strangers wrote, and ids that files bring."""


@dataclass(frozen=True, slots=True)
class Saved:
    """How many rows came and how many of them were new."""

    posts_seen: int = 0
    posts_new: int = 0
    comments_seen: int = 0
    comments_new: int = 0

    def __add__(self, other: "Saved") -> "Saved":
        return Saved(
            self.posts_seen + other.posts_seen,
            self.posts_new + other.posts_new,
            self.comments_seen + other.comments_seen,
            self.comments_new + other.comments_new,
        )


def save(db: sqlite3.Connection, account_id: int, platform: int, batch: Batch, keyring: Keyring, seen_at: datetime) -> Saved:
    """Save a batch of one account; replaying it, whole or in part, at any time and in any order, changes nothing.

    A batch that was observed before the account's last complete look (an old file) adds history and never overwrites what
    is newer. Cursors move in the transaction that holds the last of the batch's rows. A sign that no database takes, such as
    half an emoji in a platform's JSON, is kept as U+FFFD: one broken text must not hold up an account.
    """
    written = {"posts": all_whole(batch.posts, POST_TEXTS), "comments": all_whole(batch.comments, COMMENT_TEXTS)}
    parts = list(_split(replace(batch, **written)))
    saved = Saved()
    for part in parts:
        with writing(db):
            saved += _save_part(db, account_id, platform, part, keyring, to_seconds(seen_at))
    return saved


def _split(batch: Batch) -> Iterator[Batch]:
    if len(batch.comments) <= CHUNK:
        yield batch
        return
    # Posts go first so that comments find them; coverage and cursors go last, when every row is in.
    yield Batch(batch.observed_at, posts=batch.posts, reaches=batch.reaches, followers=batch.followers)
    for start in range(0, len(batch.comments), CHUNK):
        yield Batch(batch.observed_at, comments=batch.comments[start : start + CHUNK])
    yield Batch(batch.observed_at, coverages=batch.coverages, gones=batch.gones, cursors=batch.cursors)


def _save_part(db: sqlite3.Connection, account_id: int, platform: int, batch: Batch, keyring: Keyring, seen_at: int) -> Saved:
    before = db.total_changes
    observed_at, seen_at = to_seconds(batch.observed_at), cutoffs.after(db, seen_at)
    newest_look = db.execute("SELECT last_ok_at FROM accounts WHERE id = :id", {"id": account_id}).fetchone()
    if newest_look is None:
        raise LookupError(f"台账中没有编号为 {account_id} 的账号")
    is_history = newest_look[0] is not None and observed_at < newest_look[0]
    days: set[tuple[int, int]] = set()
    posts_new = posts.save(db, account_id, platform, batch.posts, observed_at, seen_at, is_history, days)
    reach.save(db, platform, [(p.ext_id, p.reach) for p in batch.posts if p.reach], seen_at, is_history, days)
    reach.save(db, platform, batch.reaches, seen_at, is_history, days)
    comments_new = comments.save(db, account_id, platform, batch.comments, keyring, observed_at, seen_at, is_history)
    posts.save_gones(db, platform, batch.gones, seen_at)
    coverage.save(db, platform, batch.coverages, observed_at, seen_at)
    followers.save(db, account_id, batch.followers, seen_at)
    rollups.refresh_posts(db, days)
    if batch.posts or batch.gones:
        posts.refresh_last_post(db, account_id)
    save_cursors(db, account_id, batch.cursors.items())
    if db.total_changes != before:
        bump_version(db)
    return Saved(len(batch.posts), posts_new, len(batch.comments), comments_new)


def save_cursors(db: sqlite3.Connection, account_id: int, cursors: Iterable[tuple[str, str]]) -> None:
    """Move the account's cursors; an empty value removes one. Called inside `writing()`."""
    for name, value in cursors:
        key = {"account": account_id, "name": name}
        if value == "":
            db.execute("DELETE FROM cursors WHERE account_id = :account AND name = :name", key)
            continue
        db.execute(
            "INSERT INTO cursors(account_id, name, value) VALUES(:account, :name, :value) ON CONFLICT(account_id, name) "
            "DO UPDATE SET value = excluded.value WHERE cursors.value IS DISTINCT FROM excluded.value",
            key | {"value": value},
        )


def cursors_of(db: sqlite3.Connection, account_id: int) -> dict[str, str]:
    rows = db.execute("SELECT name, value FROM cursors WHERE account_id = :id", {"id": account_id}).fetchall()
    return dict(rows)


def bump_version(db: sqlite3.Connection) -> None:
    """Tell the console's cache that something changed. Called inside `writing()`."""
    db.execute(
        "INSERT INTO marks(name, value) VALUES('data_version', '1') "
        "ON CONFLICT(name) DO UPDATE SET value = CAST(CAST(marks.value AS INTEGER) + 1 AS TEXT)"
    )


def data_version(db: sqlite3.Connection) -> str:
    row = db.execute("SELECT value FROM marks WHERE name = 'data_version'").fetchone()
    return row[0] if row else "0"
