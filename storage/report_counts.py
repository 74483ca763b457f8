"""What was published and said in a period, as it was known at a cut-off: the same facts give the same numbers at any later time.

All take `since` and `until` (when it happened, [since, until)), `cut` (known by then), all Unix seconds, and the filters of
`storage.glance`. A post or comment that became known after the cut-off does not count, whatever its own time.
"""

import sqlite3
from typing import Any

import pandas as pd

from matrix.account import Route
from matrix.mover import is_whole_before
from storage.glance import chosen
from storage.moments import OFFSET
from storage.scope import Scope

POSTS = ["account_id", "platform", "day", "posts", "originals"]
COMMENTS = ["account_id", "platform", "citizens", "official"]
ACCOUNTS = ["account_id", "account", "platform", "organization_id", "organization", "level", "route", "status"]
REACH = ["post_id", "published_at", "platform", "account", "title", "text", "reads", "likes", "shares", "comments"]


def accounts(db: sqlite3.Connection, scope: Scope, *, cut: int, **given: Any) -> pd.DataFrame:
    """The accounts that stood in the ledger by the cut-off; names, units and states are today's."""
    whose, values = chosen(scope, given)
    rows = db.execute(
        "SELECT a.id, a.name, a.platform, o.id, o.name, o.level, a.route, a.status FROM accounts a "
        f"JOIN organizations o ON o.id = a.organization_id WHERE a.seen_at <= :cut AND a.id IN ({whose}) ORDER BY a.id",
        values | {"cut": cut},
    ).fetchall()
    return pd.DataFrame(rows, columns=ACCOUNTS)


def posts(db: sqlite3.Connection, scope: Scope, *, since: int, until: int, cut: int, **given: Any) -> pd.DataFrame:
    """Posts by account and Beijing day since the epoch; `originals` are all that are no reposts."""
    whose, values = chosen(scope, given)
    rows = db.execute(
        f"SELECT p.account_id, p.platform, (p.published_at + {OFFSET}) / 86400, count(*), "
        "sum(CASE WHEN p.kind = 'repost' THEN 0 ELSE 1 END) FROM posts p WHERE p.published_at >= :since "
        f"AND p.published_at < :until AND p.seen_at <= :cut AND p.account_id IN ({whose}) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        values | {"since": since, "until": until, "cut": cut},
    ).fetchall()
    return pd.DataFrame(rows, columns=POSTS)


def comments(db: sqlite3.Connection, scope: Scope, *, since: int, until: int, cut: int, **given: Any) -> pd.DataFrame:
    """Comments, mentions and messages by account: of citizens, and of official accounts."""
    whose, values = chosen(scope, given)
    rows = db.execute(
        "SELECT c.account_id, c.platform, sum(CASE WHEN c.author_is_official = 0 THEN 1 ELSE 0 END), "
        "sum(CASE WHEN c.author_is_official = 0 THEN 0 ELSE 1 END) FROM comments c WHERE c.published_at >= :since "
        f"AND c.published_at < :until AND c.seen_at <= :cut AND c.account_id IN ({whose}) GROUP BY 1, 2 ORDER BY 1, 2",
        values | {"since": since, "until": until, "cut": cut},
    ).fetchall()
    return pd.DataFrame(rows, columns=COMMENTS)


def whole_since(
    db: sqlite3.Connection, scope: Scope, *, since: int, until: int, cut: int, **given: Any
) -> tuple[list[int], bool]:
    """The accounts that were watched from `since` on, so that a comparison with a period that begins there means something,
    and whether these are all that published up to `until`. By the looks that had ended by the cut-off."""
    whose, values = chosen(scope, given)
    rows = db.execute(
        "SELECT a.id, a.route, (SELECT min(r.seen_from) FROM runs r WHERE r.account_id = a.id AND r.finished_at <= :cut), "
        "(SELECT min(p.published_at) FROM posts p WHERE p.account_id = a.id AND p.seen_at <= :cut) "
        f"FROM accounts a WHERE a.seen_at <= :cut AND a.route <> 'none' AND a.id IN ({whose}) AND EXISTS ("
        "SELECT 1 FROM posts p WHERE p.account_id = a.id AND p.published_at >= :since AND p.published_at < :until "
        "AND p.seen_at <= :cut)",
        values | {"since": since, "until": until, "cut": cut},
    ).fetchall()
    found = [number for number, route, *begun in rows if is_whole_before(Route(route), *begun, since)]
    return found, bool(rows) and len(found) == len(rows)


def reach(db: sqlite3.Connection, scope: Scope, *, since: int, until: int, cut: int, **given: Any) -> pd.DataFrame:
    """The posts of the period with the newest counts that were known by the cut-off; None where a platform does not tell one.

    Their wording is that of the cut-off: an edit that was seen later is a later fact.
    """
    then = "SELECT s.{0} FROM post_states s WHERE s.post_id = p.id AND s.seen_at > :cut ORDER BY s.seen_at, s.id LIMIT 1"
    title, text = (f"coalesce(({then.format(name)}), p.{name})" for name in ("title", "text"))
    whose, values = chosen(scope, given)
    newest = (
        "SELECT max(l.observed_at) FROM reach l WHERE l.post_id = p.id AND l.stat_day = '' AND l.seen_at <= :cut "
        "AND l.observed_at <= :cut"
    )
    rows = db.execute(
        f"SELECT p.id, p.published_at, p.platform, a.name, {title}, {text}, r.reads, r.likes, r.shares, r.comments FROM posts p "
        f"JOIN accounts a ON a.id = p.account_id LEFT JOIN reach r ON r.post_id = p.id AND r.stat_day = '' "
        f"AND r.observed_at = ({newest}) WHERE p.published_at >= :since AND p.published_at < :until AND p.seen_at <= :cut "
        f"AND p.account_id IN ({whose}) ORDER BY p.published_at, p.id",
        values | {"since": since, "until": until, "cut": cut},
    ).fetchall()
    return pd.DataFrame(rows, columns=REACH)


def replies(db: sqlite3.Connection, scope: Scope, *, since: int, until: int, cut: int, **given: Any) -> pd.DataFrame:
    """Official replies of the period that answer somebody, by account and nature, as they were read or corrected."""
    whose, values = chosen(scope, given)
    rows = db.execute(
        "SELECT r.account_id, r.nature, count(*) FROM replies r JOIN comments c ON c.id = r.comment_id "
        "WHERE c.published_at >= :since AND c.published_at < :until AND c.seen_at <= :cut AND r.answers IS NOT NULL "
        f"AND r.account_id IN ({whose}) GROUP BY 1, 2 ORDER BY 1, 2",
        values | {"since": since, "until": until, "cut": cut},
    ).fetchall()
    return pd.DataFrame(rows, columns=["account_id", "nature", "n"])
