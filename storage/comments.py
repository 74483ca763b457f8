"""Comments: saved once each in bulk, given to their post and their account, counted in the same transaction."""

import sqlite3
from collections.abc import Sequence

from matrix.comment import Comment, CommentKind
from matrix.wording import Wording
from storage import rereads, rollups, search_dirty, wordings
from storage.keyring import Keyring
from storage.posts import ids_of, rows_by_key

# executemany with named parameters costs a dict per row; the bulk path binds by position, in this order.
COLUMNS = (
    "platform, ext_id, account_id, post_id, channel, parent_ext, root_ext, author_key, author_name, author_account_id, "
    "author_is_official, published_at, seen_at, observed_at, likes, region, text"
)
INSERT = f"INSERT INTO comments({COLUMNS}) VALUES({', '.join('?' * 17)}) ON CONFLICT(platform, ext_id) DO "
UPSERT = f"""{INSERT} UPDATE SET likes = excluded.likes, observed_at = excluded.observed_at,
  first_observed_at = coalesce(comments.first_observed_at, comments.observed_at)
WHERE excluded.observed_at > comments.observed_at AND excluded.likes IS NOT NULL
AND excluded.likes IS DISTINCT FROM comments.likes AND excluded.text = comments.text
"""


def save(
    db: sqlite3.Connection,
    account_id: int,
    platform: int,
    batch: Sequence[Comment],
    keyring: Keyring,
    observed_at: int,
    seen_at: int,
    is_history: bool,
) -> int:
    """Save comments inside `writing()`; gives the number of new ones. A re-fetched unchanged comment writes nothing."""
    if not batch:
        return 0
    unique = {comment.ext_id: comment for comment in batch}
    held_posts = ids_of(db, platform, {c.post_ext for c in unique.values() if c.post_ext})
    officials: dict[str, int] = dict(
        db.execute("SELECT ext_id, id FROM accounts WHERE platform = :platform", {"platform": platform}).fetchall()
    )
    pseudonyms: dict[str, str] = {}
    rows = []
    for c in unique.values():
        official = officials.get(c.author_id)
        if official is not None or c.author_is_official:
            key = c.author_id
        else:
            key = pseudonyms.get(c.author_id)
            if key is None:
                key = pseudonyms[c.author_id] = keyring.pseudonym(platform, c.author_id)
        rows.append(
            (
                platform,
                c.ext_id,
                account_id,
                held_posts.get(c.post_ext),
                c.kind,
                c.parent_ext,
                c.root_ext,
                key,
                c.author_name,
                official,
                int(official is not None or c.author_is_official),
                int(c.published_at.timestamp()),
                seen_at,
                observed_at,
                c.likes,
                c.region,
                c.text,
            )
        )
    newest = db.execute("SELECT coalesce(max(id), 0) FROM comments").fetchone()[0]
    # What is older than the last complete look loses against everything held.
    db.executemany(f"{INSERT} NOTHING" if is_history else UPSERT, rows)
    mark = {"newest": newest}
    new = db.execute("SELECT count(*) FROM comments WHERE id > :newest", mark).fetchone()[0]
    if new:
        lost = {key: c.post_ext for key, c in unique.items() if c.post_ext and c.post_ext not in held_posts}
        for ext_id, comment_id in rows_by_key(db, "comments", "ext_id, id", platform, lost):
            if comment_id > newest:
                _remember_orphan(db, comment_id, platform, lost[ext_id])
        rollups.add_comments(db, newest)
    if new < len(unique):
        _revisit(db, account_id, platform, unique, held_posts, newest, observed_at, seen_at, is_history)
    return new


def _remember_orphan(db: sqlite3.Connection, comment_id: int, platform: int, post_ext: str) -> None:
    """A comment whose post is not held yet: the post will ask for it when it comes."""
    db.execute(
        "INSERT INTO comment_orphans(comment_id, platform, post_ext) VALUES(:id, :platform, :post) "
        "ON CONFLICT(comment_id) DO NOTHING",
        {"id": comment_id, "platform": platform, "post": post_ext},
    )


def _revisit(
    db: sqlite3.Connection,
    account_id: int,
    platform: int,
    unique: dict[str, Comment],
    held_posts: dict[str, int],
    newest: int,
    observed_at: int,
    seen_at: int,
    is_history: bool,
) -> None:
    """Comments that were held already: keep versions of changed texts, and move a mention to the thread it stands in."""
    columns = "ext_id, id, text, observed_at, coalesce(first_observed_at, observed_at), seen_at, channel, account_id, post_id, "
    for ext_id, comment_id, text, held_at, first_at, first_seen, channel, held_account, post_id, published_at in rows_by_key(
        db, "comments", f"{columns} published_at", platform, unique
    ):
        if comment_id > newest:
            continue
        comment = unique[ext_id]
        if comment.text != text:
            is_newer = observed_at > held_at and not is_history
            _keep_version(db, comment_id, comment, text, held_at, observed_at, seen_at, is_newer)
        elif observed_at < first_at:
            sql = "UPDATE comments SET first_observed_at = :at WHERE id = :id"
            db.execute(sql, {"at": observed_at, "id": comment_id})
        if comment.text != text or (observed_at < first_at and wordings.are_held(db, comment_id)):
            held = Wording(text, published_at, first_at, first_seen)
            told = Wording(comment.text, int(comment.published_at.timestamp()), observed_at, seen_at)
            _note_wordings(db, comment_id, held, told)
        # A comment in a thread belongs to the thread's account, a bare mention to the smallest account that it reached.
        is_thread, was_thread = comment.kind == CommentKind.COMMENT, channel == CommentKind.COMMENT
        if (is_thread and not was_thread) or (not is_thread and not was_thread and account_id < held_account):
            _move(db, comment_id, held_account, account_id, comment, published_at)
        if post_id is None and comment.post_ext and comment.post_ext not in held_posts:
            _remember_orphan(db, comment_id, platform, comment.post_ext)
        elif post_id is None and comment.post_ext:
            sql = "UPDATE comments SET post_id = :post WHERE id = :id"
            db.execute(sql, {"post": held_posts[comment.post_ext], "id": comment_id})
            db.execute("DELETE FROM comment_orphans WHERE comment_id = :id", {"id": comment_id})
            rereads.mark_one(db, comment_id)
            above = {"platform": platform, "ext": comment.parent_ext}  # what it answered outside the thread, it answers no more
            rereads.mark(db, "c.platform = :platform AND c.ext_id = :ext AND c.post_id IS NULL", above)


def _keep_version(
    db: sqlite3.Connection,
    comment_id: int,
    comment: Comment,
    text: str,
    held_at: int,
    observed_at: int,
    seen_at: int,
    is_newer: bool,
) -> None:
    older_at, older_text = (held_at, text) if is_newer else (observed_at, comment.text)
    db.execute(
        "INSERT INTO comment_versions(comment_id, observed_at, text, seen_at) SELECT :id, :at, :text, :seen "
        "WHERE NOT EXISTS (SELECT 1 FROM comment_versions v WHERE v.comment_id = :id AND v.text = :text AND v.observed_at = "
        "(SELECT max(w.observed_at) FROM comment_versions w WHERE w.comment_id = :id AND w.observed_at <= :at)) "
        "ON CONFLICT(comment_id, observed_at) DO NOTHING",
        {"id": comment_id, "at": older_at, "text": older_text, "seen": seen_at},
    )
    if is_newer:
        db.execute(
            "UPDATE comments SET text = :text, likes = coalesce(:likes, likes), observed_at = :at, first_observed_at = NULL "
            "WHERE id = :id",
            {"text": comment.text, "likes": comment.likes, "at": observed_at, "id": comment_id},
        )
        rereads.mark_one(db, comment_id)
        search_dirty.mark(db, search_dirty.COMMENT, comment_id)


def _note_wordings(db: sqlite3.Connection, comment_id: int, held: Wording, told: Wording) -> None:
    """From its first edit on, every wording of a comment is kept with the earliest of its times."""
    if not wordings.are_held(db, comment_id):
        wordings.note(db, comment_id, held)
    if wordings.note(db, comment_id, told):
        rereads.mark_one(db, comment_id)


def _move(db: sqlite3.Connection, comment_id: int, before: int, after: int, comment: Comment, published_at: int) -> None:
    db.execute(
        "UPDATE comments SET account_id = :account, channel = :channel, parent_ext = :parent, root_ext = :root WHERE id = :id",
        {
            "account": after,
            "channel": comment.kind,
            "parent": comment.parent_ext,
            "root": comment.root_ext,
            "id": comment_id,
        },
    )
    # The moment that is held, not the one said now: a file knows minutes, an interface seconds.
    rollups.recount_comments(db, {before, after}, published_at)
    rereads.mark_one(db, comment_id)
    search_dirty.mark(db, search_dirty.COMMENT, comment_id)


def recognise_accounts(db: sqlite3.Connection, keyring: Keyring, account_ids: Sequence[int]) -> None:
    """Accounts that entered the ledger after their words were collected: their comments become official, ids in clear.

    Called inside `writing()`.
    """
    for account_id in account_ids:
        sql = "SELECT platform, ext_id FROM accounts WHERE id = :id"
        platform, ext_id = db.execute(sql, {"id": account_id}).fetchone()
        values = {"id": account_id, "platform": platform, "ext": ext_id, "key": keyring.pseudonym(platform, ext_id)}
        theirs = "platform = :platform AND author_key IN (:key, :ext) AND author_account_id IS NULL"
        rereads.mark(db, theirs, values)
        db.execute(
            f"UPDATE comments SET author_account_id = :id, author_is_official = 1, author_key = :ext WHERE {theirs}", values
        )
