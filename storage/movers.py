"""Why the number of an account moved: the one post that carried most of it, and how long we could not see the account."""

import sqlite3
from collections.abc import Sequence

import pandas as pd

from storage.moments import OFFSET
from storage.scope import Scope, accounts_in

CARRIERS = ["account_id", "post_id", "n", "title", "text"]
BLIND = ["account_id", "now", "before"]
CANDIDATES, EARLIER_DAYS = 5, 14
"""So many posts of an account, those with most comments held, are counted exactly; older posts than these days before the
period hardly get comments any more."""

READS = (
    "SELECT p.account_id, p.id AS post_id, p.reads AS n FROM {whose} w CROSS JOIN posts p WHERE p.account_id = w.id "
    "AND p.published_at >= :since AND p.published_at < :until AND p.reads > 0"
)
APPEALS = (
    "SELECT x.account_id, x.post_id, count(*) AS n FROM {whose} w CROSS JOIN responses x WHERE x.account_id = w.id "
    "AND x.asked_at >= :since AND x.asked_at < :until AND x.post_id IS NOT NULL GROUP BY x.account_id, x.post_id"
)
COMMENTS = (
    "SELECT f.account_id, f.post_id, (SELECT count(*) FROM comments c WHERE c.post_id = f.post_id "
    "AND c.published_at >= :since AND c.published_at < :until) AS n FROM (SELECT p.account_id, p.id AS post_id, "
    "row_number() OVER (PARTITION BY p.account_id ORDER BY p.held DESC, p.id DESC) AS place "
    "FROM {whose} w CROSS JOIN posts p WHERE p.account_id = w.id AND p.published_at >= :since - :earlier "
    "AND p.published_at < :until) f WHERE f.place <= :candidates"
)
COUNTED = {"reads": READS, "appeals": APPEALS, "comments": COMMENTS}
"""Posts with their part of a measure in the period; counting every comment of large accounts by post takes ten times as long."""


def within(scope: Scope, accounts: Sequence[int], first_day: int, last_day: int) -> tuple[str, dict[str, int]]:
    """The named accounts of the scope as a subquery, and its parameters with the period in Unix seconds."""
    mine, values = accounts_in(scope, "a.id")
    names = {f"k{number}": key for number, key in enumerate(accounts)} or {"k0": 0}
    marks = ", ".join(f":{name}" for name in names)
    period = {"since": first_day * 86400 - OFFSET, "until": (last_day + 1) * 86400 - OFFSET}
    return f"(SELECT a.id AS id FROM accounts a WHERE a.id IN ({marks}) AND {mine})", values | names | period


def carriers(
    db: sqlite3.Connection, scope: Scope, *, accounts: tuple[int, ...], measure: str, first_day: int, last_day: int
) -> pd.DataFrame:
    """For each of the accounts the post with the largest part `n` of the measure in the period (Beijing days, both included).

    Comments and appeals are counted by when they came, reads are those of the posts of the period. Of comments the posts with
    most of them in all are counted. Accounts without any have no row; other measures have no carrier.
    """
    if measure not in COUNTED:
        return pd.DataFrame(columns=CARRIERS)
    whose, values = within(scope, accounts, first_day, last_day)
    rows = db.execute(
        "SELECT t.account_id, t.post_id, t.n, p.title, p.text FROM (SELECT g.account_id, g.post_id, g.n, "
        "row_number() OVER (PARTITION BY g.account_id ORDER BY g.n DESC, g.post_id DESC) AS place "
        f"FROM ({COUNTED[measure].format(whose=whose)}) g) t "
        "JOIN posts p ON p.id = t.post_id WHERE t.place = 1 AND t.n > 0 ORDER BY t.account_id",
        values | {"candidates": CANDIDATES, "earlier": EARLIER_DAYS * 86400},
    ).fetchall()
    return pd.DataFrame(rows, columns=CARRIERS)


def blind(db: sqlite3.Connection, scope: Scope, *, accounts: tuple[int, ...], first_day: int, last_day: int) -> pd.DataFrame:
    """Seconds in which each of the accounts could not be collected, in the period (`now`) and in the one before of the same
    length; only accounts with any."""
    length = last_day - first_day + 1
    whose, values = within(scope, accounts, first_day, last_day)
    rows = db.execute(
        f"SELECT b.account_id, b.since, b.until FROM {whose} w CROSS JOIN outage_accounts b WHERE b.account_id = w.id "
        "AND b.since < :until AND (b.until IS NULL OR b.until > :earliest)",
        values | {"earliest": values["since"] - length * 86400},
    ).fetchall()
    found: dict[int, list[int]] = {}
    middle, end = values["since"], values["until"]
    for account, since, until in rows:
        parts = found.setdefault(account, [0, 0])
        for place, (begin, finish) in enumerate(((middle, end), (middle - length * 86400, middle))):
            parts[place] += max(0, min(finish, until if until is not None else end) - max(begin, since))
    return pd.DataFrame([(key, *parts) for key, parts in sorted(found.items()) if any(parts)], columns=BLIND)
