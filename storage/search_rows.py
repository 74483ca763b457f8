"""Rows as a search shows them, and rows that are looked at themselves because the index has not read them yet."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from storage import glance
from storage.scope import Scope
from storage.search_dirty import COMMENT, POST
from storage.search_file import Standing, ref_of
from storage.search_words import Wanted, is_hit, searchable

COLUMNS = [
    "kind",
    "row_id",
    "post_id",
    "published_at",
    "seen_at",
    "platform",
    "account_id",
    "account",
    "organization_id",
    "organization",
    "author_name",
    "is_official",
    "channel",
    "title",
    "text",
    "post_title",
    "url",
    "gone_kind",
]
Place = tuple[int, int]
"""Time and ref of a row (its ref is twice its id, plus one for a post): rows are shown from the highest place down."""

TIME, ACCOUNT, TITLE, TEXT = (COLUMNS.index(name) for name in ("published_at", "account_id", "title", "text"))
POSTS, COMMENTS = "发布", "评论"
SHOWN = {
    POST: (
        f"SELECT p.id, '{POSTS}', p.id, p.id, p.published_at, p.seen_at, p.platform, p.account_id, a.name, o.id, o.name,"
        " '', 1, '', p.title, p.text, '', p.url, p.gone_kind FROM posts p JOIN accounts a ON a.id = p.account_id"
        " JOIN organizations o ON o.id = a.organization_id WHERE p.id IN ({})"
    ),
    COMMENT: (
        f"SELECT c.id, '{COMMENTS}', c.id, c.post_id, c.published_at, c.seen_at, c.platform, c.account_id, a.name, o.id, o.name,"
        " c.author_name, c.author_is_official, c.channel, '', c.text,"
        " CASE WHEN coalesce(p.title, '') = '' THEN substr(coalesce(p.text, ''), 1, 200) ELSE p.title END, coalesce(p.url, ''),"
        " p.gone_kind FROM comments c JOIN accounts a ON a.id = c.account_id JOIN organizations o ON o.id = a.organization_id"
        " LEFT JOIN posts p ON p.id = c.post_id WHERE c.id IN ({})"
    ),
}
READ = {
    POST: "SELECT id, published_at, account_id, title, text FROM posts WHERE ",
    COMMENT: "SELECT id, published_at, account_id, '', text FROM comments WHERE ",
}
KEYS_AT_ONCE = 400
DIRECT = 5000
"""Rows that a question looks at itself at most; more are waiting only while an index is built or a large file comes in."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which rows count at all, the words aside. `accounts` None: those of the whole installation."""

    accounts: frozenset[int] | None = None
    since: int | None = None
    until: int | None = None
    kind: str = ""

    def lets(self, ref: int, account_id: int, at: int) -> bool:
        """Whether a row may be shown; `until` itself is outside."""
        return (
            (self.accounts is None or account_id in self.accounts)
            and (self.since is None or at >= self.since)
            and (self.until is None or at < self.until)
            and (not self.kind or (self.kind == POSTS) == bool(ref & 1))
        )


@dataclass(slots=True)
class Direct:
    """What was looked at without the index: hits as (time, ref), all refs seen, and how many rows were left unread."""

    hits: list[tuple[int, int]] = field(default_factory=list)
    refs: set[int] = field(default_factory=set)
    waiting: int = 0
    unread: int = 0


def accounts_of(db: sqlite3.Connection, scope: Scope, account_id: int, given: glance.Filters) -> frozenset[int] | None:
    """Accounts of the scope that the filters of the matrix pages leave; None when that is every account there is."""
    if scope and not account_id and not any(given.values()) and sees_all(db, scope):
        return None
    condition, values = glance.narrowed(scope, given)
    rows = db.execute(
        "SELECT a.id FROM accounts a JOIN organizations o ON o.id = a.organization_id"
        f" WHERE {condition} AND (:account = 0 OR a.id = :account)",
        values | {"account": account_id},
    ).fetchall()
    return frozenset(row[0] for row in rows)


def sees_all(db: sqlite3.Connection, scope: Scope) -> bool:
    """Whether every root of the tree is in the scope."""
    roots = db.execute("SELECT id FROM organizations WHERE parent_id IS NULL").fetchall()
    return {row[0] for row in roots} <= set(scope)


def shown(db: sqlite3.Connection, refs: Iterable[int]) -> dict[int, tuple[Any, ...]]:
    """Rows in the order of COLUMNS, by ref; one that is gone is left out."""
    return {row[0]: row[1:] for row in by_ref(db, SHOWN, refs)}


def texts(db: sqlite3.Connection, refs: Iterable[int]) -> dict[int, tuple[int, int, str, str]]:
    """Time, account, title and text of rows, by ref."""
    select = {subject: f"{sql}id IN ({{}})" for subject, sql in READ.items()}
    return {ref: (at, account_id, title, text) for ref, at, account_id, title, text in by_ref(db, select, refs)}


def by_ref(db: sqlite3.Connection, select: dict[str, str], refs: Iterable[int]) -> list[tuple[Any, ...]]:
    """Rows of posts and comments, the ref in the place of the id."""
    ids: dict[str, list[int]] = {POST: [], COMMENT: []}
    for ref in refs:
        ids[POST if ref & 1 else COMMENT].append(ref >> 1)
    found: list[tuple[Any, ...]] = []
    for subject, wanted in ids.items():
        for start in range(0, len(wanted), KEYS_AT_ONCE):
            portion = wanted[start : start + KEYS_AT_ONCE]
            names = ", ".join(f":k{place}" for place in range(len(portion)))
            values = {f"k{place}": key for place, key in enumerate(portion)}
            rows = db.execute(select[subject].format(names), values).fetchall()
            found += [(ref_of(subject, row[0]), *row[1:]) for row in rows]
    return found


def look(
    db: sqlite3.Connection, held: Standing, changed: Sequence[tuple[str, int, int]], wanted: Wanted, only: Filters
) -> Direct:
    """Look at the rows that the index does not know, or not as they read now: the newest ones up to a bound.

    `changed` is the queue of the index, read before it was opened.
    """
    direct = Direct()
    upto = {POST: held.posts, COMMENT: held.comments}
    queue = {ref_of(subject, row_id) for subject, row_id, _ in changed if row_id <= upto[subject]} | held.reread
    for ref, row in texts(db, queue).items():
        keep(direct, ref, *row, wanted, only)
    direct.refs |= queue
    direct.waiting = len(queue)
    for subject, table in ((POST, "posts"), (COMMENT, "comments")):
        newest = db.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0]
        if newest <= upto[subject]:
            continue
        sql = f"{READ[subject]} id > :upto ORDER BY id DESC LIMIT :limit"
        rows = db.execute(sql, {"upto": upto[subject], "limit": DIRECT}).fetchall()
        for row_id, *row in rows:
            keep(direct, ref_of(subject, row_id), *row, wanted, only)
        behind = newest - upto[subject]
        direct.waiting += behind
        direct.unread += behind - len(rows) if len(rows) == DIRECT else 0
    return direct


def keep(direct: Direct, ref: int, at: int, account_id: int, title: str, text: str, wanted: Wanted, only: Filters) -> None:
    """Note a hit among rows that are looked at themselves."""
    if only.lets(ref, account_id, at) and is_hit(wanted, searchable(title, text)):
        direct.hits.append((at, ref))
