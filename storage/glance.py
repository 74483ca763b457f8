"""The matrix at a glance: what every account published and heard in a period and in the one before, and the sums by unit."""

import sqlite3
from typing import TypedDict

import numpy as np
import pandas as pd

from storage.columns import integers
from storage.moments import OFFSET
from storage.scope import Scope, accounts_in

SUMS = ("posts", "originals", "comments", "appeals", "replies", "reads", "likes", "shares")
ACCOUNT = [
    "account_id",
    "account",
    "platform",
    "organization_id",
    "organization",
    "level",
    "line",
    "region",
    "nature",
    "status",
    "route",
    "followers",
    "last_post_at",
]
ACCOUNTS = [*ACCOUNT, *SUMS, *(f"before_{name}" for name in SUMS)]
UNITS = [
    "organization_id",
    "organization",
    "parent_id",
    "level",
    "depth",
    "accounts",
    *SUMS,
    *(f"before_{name}" for name in SUMS),
]
SERIES = ["account_id", "posts", "comments"]
COMMENTS = ["comment_id", "published_at", "author_name", "is_official", "text", "kind", "post_title", "url"]


class Filters(TypedDict, total=False):
    """What the questions of this subject take. `first_day`, `last_day` are Beijing days since the epoch, both included; the
    period before has as many days and ends the day before. Empty and 0 mean all; `organization_id` takes its subtree."""

    first_day: int
    last_day: int
    organization_id: int
    line: str
    region: str
    level: str
    platform: int


def narrowed(scope: Scope, given: Filters) -> tuple[str, dict[str, int | str]]:
    """A condition on accounts `a` and their units `o`, and its parameters."""
    mine, found = accounts_in(scope, "a.id")
    values: dict[str, int | str] = dict(found)
    parts = [mine]
    if given.get("organization_id"):
        parts.append("a.id IN (SELECT w.account_id FROM account_up w WHERE w.ancestor_id = :root)")
        values["root"] = given["organization_id"]
    for name, column in (("line", "o.line"), ("region", "o.region"), ("level", "o.level"), ("platform", "a.platform")):
        if given.get(name):
            parts.append(f"{column} = :{name}")
            values[name] = given[name]
    return " AND ".join(parts), values


def accounts(db: sqlite3.Connection, scope: Scope, **given: object) -> pd.DataFrame:
    """One row for every account that the filters leave, also for those that were silent; `before_…` is the period before."""
    wanted = Filters(**given)  # type: ignore[typeddict-item]
    condition, values = narrowed(scope, wanted)
    first, last = wanted["first_day"], wanted["last_day"]
    values |= {"first": first, "last": last, "before": first - (last - first + 1)}
    now = ", ".join(f"coalesce(sum(CASE WHEN d.day >= :first THEN d.{name} ELSE 0 END), 0)" for name in SUMS)
    then = ", ".join(f"coalesce(sum(CASE WHEN d.day < :first THEN d.{name} ELSE 0 END), 0)" for name in SUMS)
    rows = db.execute(
        "SELECT a.id, a.name, a.platform, a.organization_id, o.name, o.level, o.line, o.region, a.nature, a.status, a.route, "
        f"a.followers, a.last_post_at, {now}, {then} FROM accounts a JOIN organizations o ON o.id = a.organization_id "
        "LEFT JOIN account_day d ON d.account_id = a.id AND d.day >= :before AND d.day <= :last "
        f"WHERE {condition} GROUP BY a.id ORDER BY o.id, a.platform, a.id",
        values,
    ).fetchall()
    return pd.DataFrame(rows, columns=ACCOUNTS)


def units(db: sqlite3.Connection, scope: Scope, **given: object) -> pd.DataFrame:
    """The same sums for every unit that has an account below it, its whole subtree included; parents before children."""
    frame = accounts(db, scope, **given)
    mine, values = accounts_in(scope, "u.account_id")
    pairs = db.execute(
        "SELECT u.ancestor_id, u.account_id, o.name, o.parent_id, o.level, "
        "(SELECT max(d.depth) FROM organization_up d WHERE d.organization_id = o.id) FROM account_up u "
        f"JOIN organizations o ON o.id = u.ancestor_id WHERE {mine} AND u.ancestor_id IN "
        f"(SELECT v.organization_id FROM organization_up v WHERE v.ancestor_id IN ({', '.join(f':{name}' for name in values)}))"
        if values
        else "SELECT 0, 0, '', 0, '', 0 WHERE 1 = 0",
        values,
    ).fetchall()
    above = pd.DataFrame(pairs, columns=["organization_id", "account_id", "organization", "parent_id", "level", "depth"])
    joined = above.merge(frame[["account_id", *SUMS, *(f"before_{name}" for name in SUMS)]], on="account_id")
    keys = ["organization_id", "organization", "parent_id", "level", "depth"]
    numbers = [*SUMS, *(f"before_{name}" for name in SUMS)]
    if joined.empty:
        return pd.DataFrame(columns=UNITS)
    found = joined.groupby(keys, dropna=False, sort=False)[numbers].sum()
    found.insert(0, "accounts", joined.groupby(keys, dropna=False, sort=False).size())
    return found.reset_index().sort_values(["depth", "organization_id"], ignore_index=True)[UNITS]


def series(db: sqlite3.Connection, scope: Scope, **given: object) -> pd.DataFrame:
    """Posts and comments of every account on every day of the period, as lists in the order of days."""
    wanted = Filters(**given)  # type: ignore[typeddict-item]
    condition, values = narrowed(scope, wanted)
    first, last = wanted["first_day"], wanted["last_day"]
    ids = [
        row[0]
        for row in db.execute(
            f"SELECT a.id FROM accounts a JOIN organizations o ON o.id = a.organization_id WHERE {condition} ORDER BY a.id",
            values,
        ).fetchall()
    ]
    if not ids:
        return pd.DataFrame(columns=SERIES)
    day, account, posts, comments = integers(
        db,
        ("d.day", "d.account_id", "d.posts", "d.comments"),
        "FROM account_day d WHERE d.day >= :first AND d.day <= :last",
        {"first": first, "last": last},
    )
    places = np.searchsorted(ids, account)
    is_mine = (places < len(ids)) & (np.asarray(ids)[np.minimum(places, len(ids) - 1)] == account)
    grid = np.zeros((2, len(ids), last - first + 1), np.int64)
    for layer, counts in enumerate((posts, comments)):
        grid[layer, places[is_mine], day[is_mine] - first] = counts[is_mine]
    return pd.DataFrame({"account_id": ids, "posts": list(grid[0].tolist()), "comments": list(grid[1].tolist())}, columns=SERIES)


def daily(db: sqlite3.Connection, scope: Scope, **given: object) -> pd.DataFrame:
    """Sums of all accounts that the filters leave on each day of the period, days without anything included."""
    wanted = Filters(**given)  # type: ignore[typeddict-item]
    condition, values = narrowed(scope, wanted)
    first, last = wanted["first_day"], wanted["last_day"]
    sums = ", ".join(f"sum(d.{name})" for name in SUMS)
    rows = db.execute(
        f"SELECT d.day, {sums} FROM account_day d JOIN accounts a ON a.id = d.account_id "
        "JOIN organizations o ON o.id = a.organization_id "
        f"WHERE d.day >= :first AND d.day <= :last AND {condition} GROUP BY d.day",
        values | {"first": first, "last": last},
    ).fetchall()
    found = pd.DataFrame(rows, columns=["day", *SUMS]).set_index("day")
    if not values:
        return pd.DataFrame(columns=["day", *SUMS])
    return found.reindex(range(first, last + 1), fill_value=0).rename_axis("day").reset_index()


def comments(
    db: sqlite3.Connection, scope: Scope, *, account_id: int, first_day: int, last_day: int, limit: int = 200, kind: int = -2
) -> pd.DataFrame:
    """The comments behind the sum of one account and period, newest first; `kind` is that of `comments.kind`, -2 is all."""
    mine, values = accounts_in(scope, "c.account_id")
    rows = db.execute(
        "SELECT c.id, c.published_at, c.author_name, c.author_is_official, c.text, coalesce(c.kind, -1), "
        "CASE WHEN coalesce(p.title, '') = '' THEN coalesce(p.text, '') ELSE p.title END, coalesce(p.url, '') "
        "FROM comments c LEFT JOIN posts p ON p.id = c.post_id "
        "WHERE c.account_id = :account AND c.published_at >= :since AND c.published_at < :until "
        f"AND (:kind = -2 OR c.kind = :kind) AND {mine} ORDER BY c.published_at DESC, c.id DESC LIMIT :limit",
        values
        | {
            "kind": kind,
            "account": account_id,
            "since": first_day * 86400 - OFFSET,
            "until": (last_day + 1) * 86400 - OFFSET,
            "limit": limit,
        },
    ).fetchall()
    return pd.DataFrame(rows, columns=COMMENTS)
