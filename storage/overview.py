"""What happened lately in a scope: how much came, and the newest posts and comments."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from storage.moments import to_seconds
from storage.scope import Scope, accounts_in, organizations_in

POST_COLUMNS = [
    "post_id",
    "published_at",
    "seen_at",
    "platform",
    "account",
    "organization",
    "title",
    "text",
    "url",
    "gone_kind",
    "reads",
    "likes",
    "comments",
]
COMMENT_COLUMNS = [
    "comment_id",
    "published_at",
    "seen_at",
    "platform",
    "account",
    "organization",
    "author_name",
    "is_official",
    "text",
    "channel",
    "region",
    "post_title",
    "url",
]
POSTS = (
    "SELECT p.id, p.published_at, p.seen_at, p.platform, a.name, o.name, p.title, p.text, p.url, p.gone_kind, p.reads,"
    " p.likes, p.comments FROM posts p JOIN accounts a ON a.id = p.account_id"
    " JOIN organizations o ON o.id = a.organization_id"
)


@dataclass(frozen=True, slots=True)
class Size:
    """How much is known of a scope at all; tells an empty installation from a quiet day."""

    organizations: int
    accounts: int
    collected: int
    posts: int


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What was published, said and answered in a period (event time)."""

    posts: int
    comments: int
    replies: int


def size(db: sqlite3.Connection, scope: Scope) -> Size:
    """Units, accounts, accounts with a route of collection, and whether any post is held (0 or 1)."""
    units, unit_values = organizations_in(scope, "o.id")
    mine, values = accounts_in(scope, "a.id")
    organizations = db.execute(f"SELECT count(*) FROM organizations o WHERE {units}", unit_values).fetchone()[0]
    accounts, collected = db.execute(
        f"SELECT count(*), coalesce(sum(CASE WHEN a.route <> 'none' THEN 1 ELSE 0 END), 0) FROM accounts a WHERE {mine}", values
    ).fetchone()
    held, held_values = accounts_in(scope, "p.account_id")
    posts = db.execute(f"SELECT 1 FROM posts p WHERE {held} LIMIT 1", held_values).fetchone()
    return Size(organizations, accounts, collected, 1 if posts else 0)


def arrivals(db: sqlite3.Connection, scope: Scope, since: datetime) -> Arrivals:
    """How many posts, citizens' comments and official replies are dated since then."""
    mine, values = accounts_in(scope)
    values |= {"since": to_seconds(since)}
    posts = db.execute(f"SELECT count(*) FROM posts WHERE published_at >= :since AND {mine}", values).fetchone()[0]
    row = db.execute(
        "SELECT coalesce(sum(CASE WHEN author_is_official = 0 THEN 1 ELSE 0 END), 0),"
        " coalesce(sum(CASE WHEN author_is_official = 0 THEN 0 ELSE 1 END), 0)"
        f" FROM comments WHERE published_at >= :since AND {mine}",
        values,
    ).fetchone()
    return Arrivals(posts, row[0], row[1])


def newest_posts(db: sqlite3.Connection, scope: Scope, since: datetime, limit: int = 10, platform: int = 0) -> pd.DataFrame:
    """The newest posts since then, by the time of publishing. Times are Unix seconds; `platform` 0 means all.

    The plus keeps the planner on the index by time: it stops after `limit` rows and never sorts a whole subtree.
    """
    mine, values = accounts_in(scope, "+p.account_id")
    rows = db.execute(
        f"{POSTS} WHERE p.published_at >= :since AND {mine} AND (:platform = 0 OR p.platform = :platform)"
        " ORDER BY p.published_at DESC, p.id DESC LIMIT :limit",
        values | {"since": to_seconds(since), "limit": limit, "platform": platform},
    ).fetchall()
    return pd.DataFrame(rows, columns=POST_COLUMNS)


def last_post(db: sqlite3.Connection, scope: Scope, account_id: int) -> pd.DataFrame:
    """The newest post of one account of the scope, however old; no row where none is held. Times are Unix seconds."""
    mine, values = accounts_in(scope, "p.account_id")
    rows = db.execute(
        f"{POSTS} WHERE p.account_id = :account AND {mine} ORDER BY p.published_at DESC, p.id DESC LIMIT 1",
        values | {"account": account_id},
    ).fetchall()
    return pd.DataFrame(rows, columns=POST_COLUMNS)


def newest_comments(db: sqlite3.Connection, scope: Scope, since: datetime, limit: int = 10, platform: int = 0) -> pd.DataFrame:
    """The newest comments, mentions and messages since then, with the post they stand under. Times are Unix seconds."""
    mine, values = accounts_in(scope, "+c.account_id")
    rows = db.execute(
        "SELECT c.id, c.published_at, c.seen_at, c.platform, a.name, o.name, c.author_name, c.author_is_official, c.text,"
        " c.channel, c.region, CASE WHEN coalesce(p.title, '') = '' THEN coalesce(p.text, '') ELSE p.title END,"
        " coalesce(p.url, '') FROM comments c JOIN accounts a ON a.id = c.account_id"
        " JOIN organizations o ON o.id = a.organization_id LEFT JOIN posts p ON p.id = c.post_id"
        f" WHERE c.published_at >= :since AND {mine} AND (:platform = 0 OR c.platform = :platform)"
        " ORDER BY c.published_at DESC, c.id DESC LIMIT :limit",
        values | {"since": to_seconds(since), "limit": limit, "platform": platform},
    ).fetchall()
    return pd.DataFrame(rows, columns=COMMENT_COLUMNS)
