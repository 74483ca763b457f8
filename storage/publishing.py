"""What was published in a period: when, of what kind, what reached furthest, and how the counts of one post grew."""

import sqlite3
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from storage.columns import integers
from storage.glance import chosen
from storage.moments import OFFSET
from storage.scope import Scope

DAILY = ["day", "posts", "originals"]
HEAT = ["weekday", "hour", "posts"]
KINDS = ["platform", "kind", "posts"]
POSTS = [
    "post_id",
    "published_at",
    "platform",
    "account_id",
    "account",
    "organization",
    "kind",
    "title",
    "text",
    "url",
    "gone_kind",
    "reads",
    "likes",
    "shares",
    "comments",
    "floors",
]
SELECTED = (
    "SELECT p.id, p.published_at, p.platform, a.id, a.name, o.name, p.kind, p.title, p.text, p.url, p.gone_kind, p.reads, "
    "p.likes, p.shares, p.comments, p.floors FROM posts p JOIN accounts a ON a.id = p.account_id "
    "JOIN organizations o ON o.id = a.organization_id"
)
"""What fills POSTS."""

TREND = ["observed_at", "reads", "likes", "shares", "comments"]
ORDERS = {"reads": "阅读", "likes": "点赞", "shares": "转发", "comments": "评论"}
KIND_CODES = ("original", "article", "repost")

TIMELESS = f"(p.published_at + {OFFSET}) % 86400 = 0"
"""A list or file that knows days only gives Beijing midnight (`storage.posts`): that is no hour at which anybody published."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was published by day (all days of the period), by weekday and hour, by platform and kind: all of one reading.

    `timeless` posts have a day and no time of it, and are in no cell of `heat`.
    """

    daily: pd.DataFrame
    heat: pd.DataFrame
    kinds: pd.DataFrame
    timeless: int = 0


def within(scope: Scope, given: dict[str, Any]) -> tuple[str, dict[str, int | str]]:
    """A condition on posts `p` published in [since, until), Unix seconds, and its parameters.

    Accounts are narrowed as in `storage.glance`; `weekday` (0 Monday) with `hour` is one cell of the heat map, `is_timeless` what
    is in none of them, `kind` one of KIND_CODES, or "own" for all that is no repost.
    """
    whose, values = chosen(scope, given)
    parts = ["p.published_at >= :since", "p.published_at < :until", f"p.account_id IN ({whose})"]
    values |= {"since": given["since"], "until": given["until"]}
    if given.get("account_id"):  # named as such too, so that the engine begins at the account
        parts.append("p.account_id = :account_id")
    if given.get("weekday") is not None:
        parts.append(f"((p.published_at + {OFFSET}) / 86400 + 3) % 7 = :weekday")
        values["weekday"] = given["weekday"]
    if given.get("hour") is not None:
        parts.append(f"((p.published_at + {OFFSET}) / 3600) % 24 = :hour")
        values["hour"] = given["hour"]
        parts.append(f"NOT {TIMELESS}")
    if given.get("is_timeless"):
        parts.append(TIMELESS)
    if given.get("kind"):
        parts.append("p.kind <> 'repost'" if given["kind"] == "own" else "p.kind = :kind")
        values["kind"] = given["kind"]
    return " AND ".join(parts), values


def figures(db: sqlite3.Connection, scope: Scope, **given: Any) -> Figures:
    """Every post of the period counted three ways; all empty where nothing may be seen."""
    whose, values = chosen(scope, given)
    known = db.execute(f"SELECT a.id, a.platform FROM accounts a WHERE a.id IN ({whose}) ORDER BY a.id", values).fetchall()
    if not known:
        return Figures(pd.DataFrame(columns=DAILY), pd.DataFrame(columns=HEAT), pd.DataFrame(columns=KINDS))
    account, at, kind = integers(
        db,
        ("p.account_id", "p.published_at", "CASE p.kind WHEN 'original' THEN 0 WHEN 'article' THEN 1 ELSE 2 END"),
        "FROM posts p WHERE p.published_at >= :since AND p.published_at < :until",
        {"since": given["since"], "until": given["until"]},
    )
    ids = np.asarray([row[0] for row in known])
    place = np.minimum(np.searchsorted(ids, account), len(ids) - 1)
    is_mine = ids[place] == account
    place, at, kind = place[is_mine], at[is_mine] + OFFSET, kind[is_mine]
    first = (given["since"] + OFFSET) // 86400
    size = (given["until"] - 1 + OFFSET) // 86400 - first + 1
    day = at // 86400 - first
    daily = pd.DataFrame(
        {"day": range(first, first + size), "posts": np.bincount(day, minlength=size)}
        | {"originals": np.bincount(day[kind < 2], minlength=size)},
        columns=DAILY,
    )
    timed = at[at % 86400 != 0]
    cells = np.bincount((timed // 86400 + 3) % 7 * 24 + timed // 3600 % 24, minlength=168)
    used = np.flatnonzero(cells)
    heat = pd.DataFrame({"weekday": used // 24, "hour": used % 24, "posts": cells[used]}, columns=HEAT)
    platform = np.asarray([row[1] for row in known])[place]
    mix = np.bincount(platform * 3 + kind, minlength=30)
    filled = np.flatnonzero(mix)
    names = [KIND_CODES[number % 3] for number in filled]
    by_kind = pd.DataFrame({"platform": filled // 3, "kind": names, "posts": mix[filled]}, columns=KINDS)
    return Figures(daily, heat, by_kind, len(at) - len(timed))


def count(db: sqlite3.Connection, scope: Scope, **given: Any) -> int:
    """How many posts the filters leave."""
    condition, values = within(scope, given)
    return int(db.execute(f"SELECT count(*) FROM posts p WHERE {condition}", values).fetchone()[0])


def posts(
    db: sqlite3.Connection, scope: Scope, *, order: str = "reads", limit: int = 20, offset: int = 0, **given: Any
) -> pd.DataFrame:
    """The posts of a period, those with the highest count of `order` first (published last first with order ""). A platform
    that does not tell the count comes last. `limit` 0 is all."""
    condition, values = within(scope, given)
    rank = f"coalesce(p.{order}, -1)" if order in ORDERS else "0"
    # The few that are shown are found first: sorting all of them with their texts takes four times as long.
    found = f"SELECT p.id AS id, {rank} AS rank FROM posts p WHERE {condition} ORDER BY rank DESC, p.published_at DESC, p.id DESC"
    rows = db.execute(
        "SELECT p.id, p.published_at, p.platform, a.id, a.name, o.name, p.kind, p.title, p.text, p.url, p.gone_kind, p.reads, "
        f"p.likes, p.shares, p.comments, p.floors FROM ({found}{' LIMIT :limit OFFSET :offset' if limit else ''}) f "
        "JOIN posts p ON p.id = f.id JOIN accounts a ON a.id = p.account_id JOIN organizations o ON o.id = a.organization_id "
        "ORDER BY f.rank DESC, p.published_at DESC, p.id DESC",
        values | {"limit": limit, "offset": offset},
    ).fetchall()
    return pd.DataFrame(rows, columns=POSTS)


def post(db: sqlite3.Connection, scope: Scope, *, post_id: int) -> pd.DataFrame:
    """One post of the scope, as `posts` gives it; no row for one outside."""
    whose, values = chosen(scope, {})
    rows = db.execute(
        f"{SELECTED} WHERE p.id = :post AND p.account_id IN ({whose})",
        values | {"post": post_id},
    ).fetchall()
    return pd.DataFrame(rows, columns=POSTS)


def trend(db: sqlite3.Connection, scope: Scope, *, post_id: int) -> pd.DataFrame:
    """How the counts of one post of the scope grew, oldest first; statistics of single days are not in it."""
    whose, values = chosen(scope, {})
    rows = db.execute(
        "SELECT r.observed_at, r.reads, r.likes, r.shares, r.comments FROM reach r JOIN posts p ON p.id = r.post_id "
        f"WHERE r.post_id = :post AND r.stat_day = '' AND p.account_id IN ({whose}) ORDER BY r.observed_at",
        values | {"post": post_id},
    ).fetchall()
    return pd.DataFrame(rows, columns=TREND)
