"""Sums kept beside the facts: added to from true inserts, recounted where a fact moved, rebuilt from nothing on request."""

import sqlite3
from collections import Counter
from collections.abc import Iterable

from storage.moments import OFFSET, beijing_day

# The narrow temporary table and CROSS JOIN ... WHERE pin the join order: without it the planner may start from the large
# side once statistics exist, which was measured to cost fifty times as much.
DELTA = (
    "CREATE TEMP TABLE IF NOT EXISTS delta5(b5 INTEGER, account_id INTEGER, n INTEGER)",
    "DELETE FROM delta5",
    "INSERT INTO delta5 SELECT published_at / 300, account_id, count(*) FROM comments WHERE id > :newest GROUP BY 1, 2",
)
ADD = (
    "INSERT INTO bucket5(b5, account_id, n) SELECT b5, account_id, n FROM delta5 WHERE true "
    "ON CONFLICT(b5, account_id) DO UPDATE SET n = bucket5.n + excluded.n",
    f"INSERT INTO account_day(day, account_id, comments) SELECT (b5 * 300 + {OFFSET}) / 86400, account_id, sum(n) "
    "FROM delta5 WHERE true GROUP BY 1, 2 "
    "ON CONFLICT(day, account_id) DO UPDATE SET comments = account_day.comments + excluded.comments",
    f"INSERT INTO node_hour(organization_id, h, comments) SELECT u.ancestor_id, d.h, sum(d.n) FROM "
    f"(SELECT account_id, (b5 * 300 + {OFFSET}) / 3600 AS h, sum(n) AS n FROM delta5 GROUP BY 1, 2) AS d "
    "CROSS JOIN account_up u WHERE u.account_id = d.account_id GROUP BY 1, 2 "
    "ON CONFLICT(organization_id, h) DO UPDATE SET comments = node_hour.comments + excluded.comments",
)
POST_DAY = f"""
INSERT INTO account_day(day, account_id, posts, originals, reads, likes, shares)
SELECT :day, :account, count(*), coalesce(sum(CASE WHEN kind = 'repost' THEN 0 ELSE 1 END), 0), coalesce(sum(reads), 0),
  coalesce(sum(likes), 0), coalesce(sum(shares), 0)
FROM posts
WHERE account_id = :account AND published_at >= :day * 86400 - {OFFSET} AND published_at < (:day + 1) * 86400 - {OFFSET}
ON CONFLICT(day, account_id) DO UPDATE SET posts = excluded.posts, originals = excluded.originals, reads = excluded.reads,
  likes = excluded.likes, shares = excluded.shares
WHERE account_day.posts IS DISTINCT FROM excluded.posts OR account_day.originals IS DISTINCT FROM excluded.originals
  OR account_day.reads IS DISTINCT FROM excluded.reads OR account_day.likes IS DISTINCT FROM excluded.likes
  OR account_day.shares IS DISTINCT FROM excluded.shares
"""
KEEP_BUCKETS_DAYS = 35
READ_FACTS = {
    "appeals": "SELECT account_id, asked_at AS at FROM responses",
    "replies": "SELECT r.account_id, coalesce(r.said_at, c.published_at) AS at "
    "FROM replies r JOIN comments c ON c.id = r.comment_id",
}
"""What the columns of the same name count: matters by the account that is asked, official words by the account that speaks."""


def add_comments(db: sqlite3.Connection, newest: int) -> None:
    """Add the comments with ids above `newest` to every sum, inside the transaction that inserted them."""
    for statement in DELTA:
        db.execute(statement, {"newest": newest} if ":newest" in statement else {})
    for statement in ADD:
        db.execute(statement)


def add(db: sqlite3.Connection, column: str, moved: Counter[tuple[int, int]]) -> None:
    """Add matters (`appeals`, by the account that is asked) or official words (`replies`, by the account that speaks).

    `moved` counts what came and what went by (account, Unix second). Inside the transaction that writes the facts.
    """
    hours: Counter[tuple[int, int]] = Counter()
    for (account_id, moment), count in moved.items():
        hours[(account_id, (moment + OFFSET) // 3600)] += count
    rows = [{"day": h // 24, "h": h, "account": account_id, "n": n} for (account_id, h), n in sorted(hours.items()) if n]
    db.executemany(
        f"INSERT INTO account_day(day, account_id, {column}) VALUES(:day, :account, :n) ON CONFLICT(day, account_id) "
        f"DO UPDATE SET {column} = account_day.{column} + excluded.{column}",
        rows,
    )
    db.executemany(
        f"INSERT INTO node_hour(organization_id, h, {column}) SELECT u.ancestor_id, :h, :n FROM account_up u "
        f"WHERE u.account_id = :account ON CONFLICT(organization_id, h) "
        f"DO UPDATE SET {column} = node_hour.{column} + excluded.{column}",
        rows,
    )


def refresh_posts(db: sqlite3.Connection, days: Iterable[tuple[int, int]]) -> None:
    """Recount the posts of touched (Beijing day, account) pairs. Called inside `writing()`."""
    for day, account_id in sorted(days):
        db.execute(POST_DAY, {"day": day, "account": account_id})


def recount_comments(db: sqlite3.Connection, account_ids: set[int], moment: int) -> None:
    """A comment of this moment moved between accounts: recount the bucket, the day and the hour. Inside `writing()`."""
    b5, day, hour = moment // 300, beijing_day(moment), (moment + OFFSET) // 3600
    for account_id in account_ids:
        mark = {"account": account_id, "b5": b5, "day": day}
        within = "account_id = :account AND published_at >= {0} AND published_at < {0} + {1}"
        db.execute(
            "INSERT INTO bucket5(b5, account_id, n) SELECT :b5, :account, count(*) FROM comments WHERE "
            + within.format(":b5 * 300", "300")
            + " ON CONFLICT(b5, account_id) DO UPDATE SET n = excluded.n",
            mark,
        )
        db.execute(
            "INSERT INTO account_day(day, account_id, comments) SELECT :day, :account, count(*) FROM comments WHERE "
            + within.format(f":day * 86400 - {OFFSET}", "86400")
            + " ON CONFLICT(day, account_id) DO UPDATE SET comments = excluded.comments",
            mark,
        )
        db.execute("DELETE FROM bucket5 WHERE b5 = :b5 AND account_id = :account AND n = 0", mark)
    for account_id in account_ids:
        for (node,) in db.execute("SELECT ancestor_id FROM account_up WHERE account_id = :id", {"id": account_id}).fetchall():
            db.execute(
                "INSERT INTO node_hour(organization_id, h, comments) SELECT :node, :h, count(*) FROM comments "
                f"WHERE published_at >= :h * 3600 - {OFFSET} AND published_at < (:h + 1) * 3600 - {OFFSET} "
                "AND account_id IN (SELECT account_id FROM account_up WHERE ancestor_id = :node) "
                "ON CONFLICT(organization_id, h) DO UPDATE SET comments = excluded.comments",
                {"node": node, "h": hour},
            )


def rebuild(db: sqlite3.Connection) -> None:
    """Make every sum anew from the facts. Called inside `writing()`."""
    for table in ("bucket5", "account_day", "node_hour"):
        db.execute(f"DELETE FROM {table}")
    add_comments(db, 0)
    db.execute(
        "INSERT INTO account_day(day, account_id, posts, originals, reads, likes, shares) "
        f"SELECT (published_at + {OFFSET}) / 86400, account_id, count(*), sum(CASE WHEN kind = 'repost' THEN 0 ELSE 1 END), "
        "coalesce(sum(reads), 0), coalesce(sum(likes), 0), coalesce(sum(shares), 0) FROM posts WHERE true GROUP BY 1, 2 "
        "ON CONFLICT(day, account_id) DO UPDATE SET posts = excluded.posts, originals = excluded.originals, "
        "reads = excluded.reads, likes = excluded.likes, shares = excluded.shares"
    )
    for column, facts in READ_FACTS.items():
        db.execute(
            f"INSERT INTO account_day(day, account_id, {column}) SELECT (at + {OFFSET}) / 86400, account_id, count(*) "
            f"FROM ({facts}) AS f WHERE true GROUP BY 1, 2 "
            f"ON CONFLICT(day, account_id) DO UPDATE SET {column} = excluded.{column}"
        )
    _add_read(db)


def rebuild_nodes(db: sqlite3.Connection) -> None:
    """The tree or its accounts changed: make the sums by organization anew. Called inside `writing()`."""
    db.execute("DELETE FROM node_hour")
    db.execute(
        "INSERT INTO node_hour(organization_id, h, comments) SELECT u.ancestor_id, d.h, sum(d.n) FROM "
        f"(SELECT account_id, (published_at + {OFFSET}) / 3600 AS h, count(*) AS n FROM comments GROUP BY 1, 2) AS d "
        "CROSS JOIN account_up u WHERE u.account_id = d.account_id GROUP BY 1, 2"
    )
    _add_read(db)


def _add_read(db: sqlite3.Connection) -> None:
    for column, facts in READ_FACTS.items():
        db.execute(
            f"INSERT INTO node_hour(organization_id, h, {column}) SELECT u.ancestor_id, d.h, sum(d.n) FROM "
            f"(SELECT account_id, (at + {OFFSET}) / 3600 AS h, count(*) AS n FROM ({facts}) AS f GROUP BY 1, 2) AS d "
            "CROSS JOIN account_up u WHERE u.account_id = d.account_id GROUP BY 1, 2 "
            f"ON CONFLICT(organization_id, h) DO UPDATE SET {column} = excluded.{column}"
        )


def differences(db: sqlite3.Connection, since_b5: int = 0) -> dict[str, int]:
    """How far sums and facts are apart; all zero when the invariants hold. Buckets are compared from `since_b5` on."""
    root = (
        "SELECT coalesce(sum(n.comments), 0) FROM node_hour n JOIN organizations o ON o.id = n.organization_id "
        "WHERE o.parent_id IS NULL"
    )
    buckets = "SELECT coalesce(sum(n), 0) FROM bucket5 WHERE b5 >= :b5"
    pairs = {
        "account_day.appeals": ("SELECT coalesce(sum(appeals), 0) FROM account_day", "SELECT count(*) FROM responses"),
        "account_day.replies": ("SELECT coalesce(sum(replies), 0) FROM account_day", "SELECT count(*) FROM replies"),
        "node_hour.appeals": (root.replace("comments", "appeals"), "SELECT count(*) FROM responses"),
        "node_hour.replies": (root.replace("comments", "replies"), "SELECT count(*) FROM replies"),
        "bucket5": (buckets, "SELECT count(*) FROM comments WHERE published_at >= :b5 * 300"),
        "account_day.comments": ("SELECT coalesce(sum(comments), 0) FROM account_day", "SELECT count(*) FROM comments"),
        "account_day.posts": ("SELECT coalesce(sum(posts), 0) FROM account_day", "SELECT count(*) FROM posts"),
        "node_hour.comments": (root, "SELECT count(*) FROM comments"),
    }
    found = {}
    for name, (sums, facts) in pairs.items():
        row = db.execute(f"SELECT ({sums}) - ({facts})", {"b5": since_b5}).fetchone()
        found[name] = row[0]
    return found


def forget_old_buckets(db: sqlite3.Connection, now: int) -> None:
    """Drop 5-minute sums past their keeping time; facts and day sums stay. Called inside `writing()` every night."""
    db.execute("DELETE FROM bucket5 WHERE b5 < :b5", {"b5": (now - KEEP_BUCKETS_DAYS * 86400) // 300})
