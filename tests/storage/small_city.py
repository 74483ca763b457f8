"""A city of three accounts, and everything that is known of it as lists that can be compared."""

import sqlite3
from datetime import UTC, datetime, timedelta
from functools import cache

from matrix.account import Platform, Route
from storage import accounts, organizations
from storage.database import create_database, open_writer, writing
from storage.keyring import Keyring

START = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
RING = Keyring(("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",), ("pepper",))
FACTS = {
    "posts": "SELECT ext_id, account_id, kind, published_at, title, text, gone_kind, counts_at, reads, likes, shares, comments, "
    "floors FROM posts ORDER BY ext_id",
    "wordings": "SELECT p.ext_id, v.observed_at, v.text FROM post_versions v JOIN posts p ON p.id = v.post_id UNION "
    "SELECT ext_id, observed_at, text FROM posts ORDER BY 1, 2",
    "reach": "SELECT p.ext_id, r.stat_day, r.observed_at, r.reads, r.likes FROM reach r JOIN posts p ON p.id = r.post_id "
    "ORDER BY 1, 2, 3",
    "comments": "SELECT c.ext_id, c.account_id, p.ext_id, c.channel, c.author_key, c.text, c.likes, c.observed_at "
    "FROM comments c LEFT JOIN posts p ON p.id = c.post_id ORDER BY 1",
    "comment_versions": "SELECT c.ext_id, v.observed_at, v.text FROM comment_versions v "
    "JOIN comments c ON c.id = v.comment_id ORDER BY 1, 2",
    "followers": "SELECT account_id, observed_at, followers FROM followers ORDER BY 1, 2",
    "bucket5": "SELECT b5, account_id, n FROM bucket5 WHERE n > 0 ORDER BY 1, 2",
    "account_day": "SELECT day, account_id, posts, originals, reads, likes, shares, comments FROM account_day "
    "WHERE posts + comments > 0 ORDER BY 1, 2",
    "node_hour": "SELECT organization_id, h, comments FROM node_hour WHERE comments > 0 ORDER BY 1, 2",
    "orphans": "SELECT post_ext FROM comment_orphans ORDER BY 1",
    "cursors": "SELECT account_id, name FROM cursors ORDER BY 1, 2",
}


def a_city() -> tuple[sqlite3.Connection, list[int]]:
    """A city of its own, copied from the one that was built first."""
    built, ids = build_city()
    db = open_writer(":memory:")
    built.backup(db)
    return db, list(ids)


@cache
def build_city() -> tuple[sqlite3.Connection, list[int]]:
    db = create_database(":memory:")
    with writing(db):
        city = organizations.add(db, code="1", name="临江市", parent_id=None, level="市级", seen_at=0)
        office = organizations.add(db, code="2", name="临江市水务局", parent_id=city, level="部门", seen_at=0)
        ids = [
            accounts.add(
                db,
                platform=Platform.WEIBO,
                ext_id=f"70{i}",
                name=f"账号{i}",
                organization_id=(city, office)[i % 2],
                route=Route.WEIBO_COMMERCIAL,
                seen_at=0,
            )
            for i in range(3)
        ]
        organizations.rebuild_tree(db)
    return db, ids


def facts(db: sqlite3.Connection) -> dict[str, list[tuple]]:
    found = {name: db.execute(sql).fetchall() for name, sql in FACTS.items()}
    # A wording that is merely seen again is no new version: runs of equal texts count once.
    runs = found["wordings"]
    found["wordings"] = [(r[0], r[2]) for i, r in enumerate(runs) if i == 0 or (runs[i - 1][0], runs[i - 1][2]) != (r[0], r[2])]
    return found


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)
