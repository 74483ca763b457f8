"""The rows behind the sums of the matrix: comments, appeals and official words of a period, page by page, newest first."""

import sqlite3
from dataclasses import dataclass
from typing import Any

import pandas as pd

from storage.glance import chosen
from storage.moments import OFFSET
from storage.scope import Scope

ROWS = [
    "comment_id",
    "at",
    "account_id",
    "account",
    "platform",
    "author_name",
    "is_official",
    "text",
    "kind",
    "post_title",
    "url",
]
FOLLOWERS = ["observed_at", "followers"]
COVERED = ["post_id", "published_at", "title", "text", "stated", "held", "url"]
DENSE = 20
"""Where at least every so manieth row of the days asked for is wanted, the days are walked; else each account by itself."""

POST = "coalesce(nullif(p.title, ''), p.text, ''), coalesce(p.url, '')"
AUTHOR = "c.author_name, CASE WHEN c.author_account_id IS NULL THEN c.author_is_official ELSE 2 END, c.text"


@dataclass(frozen=True, slots=True)
class Subject:
    """Where the rows of one sum lie: its column in the roll-up, its table with the comment `c` beside it, the moment of a row,
    the account for which it counts, what the list says of it, and what ties both tables."""

    column: str
    source: str
    at: str
    account: str
    said: str
    tie: str = ""


SUBJECTS = {
    "comments": Subject(
        "comments",
        "comments c",
        "c.published_at",
        "c.account_id",
        "CASE coalesce(c.kind, -1) WHEN -1 THEN '尚未阅读' WHEN 1 THEN '诉求' WHEN 2 THEN '官方' ELSE '' END",
    ),
    "appeals": Subject(
        "appeals", "responses x CROSS JOIN comments c", "x.asked_at", "x.account_id", "x.kind", " AND c.id = x.comment_id"
    ),
    "replies": Subject(
        "replies",
        "replies x CROSS JOIN comments c",
        "c.published_at",
        "x.account_id",
        "x.nature",
        " AND c.id = x.comment_id AND x.day >= :first AND x.day <= :last",
    ),
}
"""What a sum of `storage.glance` counts: an appeal is a matter (further words on it are not counted again) by the account that
was asked, an official word is counted for the account that speaks."""


def count(db: sqlite3.Connection, scope: Scope, *, name: str, **given: Any) -> int:
    """How many rows a list has, by the roll-up. `name` is posts or a key of SUBJECTS; filters as in `storage.glance`."""
    column = SUBJECTS[name].column if name in SUBJECTS else "posts"
    whose, values = chosen(scope, given)
    row = db.execute(
        f"SELECT coalesce(sum(d.{column}), 0) FROM account_day d "
        f"WHERE d.day >= :first AND d.day <= :last AND d.account_id IN ({whose})",
        values | {"first": given["first_day"], "last": given["last_day"]},
    ).fetchone()
    return int(row[0])


def rows(db: sqlite3.Connection, scope: Scope, *, name: str, limit: int = 100, offset: int = 0, **given: Any) -> pd.DataFrame:
    """The rows of one sum, newest first; `limit` 0 is all. Texts and names are raw: mask them."""
    subject = SUBJECTS[name]
    whose, values = chosen(scope, given)
    part = portion(db, subject.column, whose, values, given["first_day"], given["last_day"], limit, offset)
    if part is None:
        return pd.DataFrame(columns=ROWS)
    # CROSS JOIN pins where the engine begins: at the accounts when they are few among many, at the days when they are most.
    begin = subject.source if part.is_dense else f"({whose}) w CROSS JOIN {subject.source}"
    mine = f"{subject.account} IN ({whose})" if part.is_dense else f"{subject.account} = w.id"
    found = db.execute(
        f"SELECT c.id, {subject.at}, a.id, a.name, a.platform, {AUTHOR}, {subject.said}, {POST} FROM {begin} "
        f"CROSS JOIN accounts a LEFT JOIN posts p ON p.id = c.post_id WHERE {mine} AND a.id = {subject.account} "
        f"AND {subject.at} >= :since AND {subject.at} < :until{subject.tie} ORDER BY {subject.at} DESC, c.id DESC"
        + (" LIMIT :limit OFFSET :offset" if limit else ""),
        values
        | {"first": part.first, "last": part.last, "limit": limit, "offset": part.offset}
        | {"since": part.first * 86400 - OFFSET, "until": (part.last + 1) * 86400 - OFFSET},
    ).fetchall()
    return pd.DataFrame(found, columns=ROWS)


@dataclass(frozen=True, slots=True)
class Portion:
    """The days in which a page of a list lies, what is left to skip within them, and whether most rows of them are wanted."""

    first: int
    last: int
    offset: int
    is_dense: bool


def portion(
    db: sqlite3.Connection, column: str, whose: str, values: dict[str, Any], first: int, last: int, limit: int, offset: int
) -> Portion | None:
    """Where a page lies, by the sums of the days: a late page costs no more than an early one. None where there is nothing."""
    days = db.execute(
        f"SELECT d.day, sum(CASE WHEN d.account_id IN ({whose}) THEN d.{column} ELSE 0 END), sum(d.{column}) FROM account_day d "
        "WHERE d.day >= :first AND d.day <= :last GROUP BY d.day ORDER BY d.day DESC",
        values | {"first": first, "last": last},
    ).fetchall()
    found: list[tuple[int, int, int]] = []
    skipped, wanted = 0, 0
    for day, mine, all_ in days:
        if not found and skipped + mine <= offset:
            skipped += mine
            continue
        found.append((day, mine, all_))
        wanted += mine
        if limit and wanted >= offset - skipped + limit:
            break
    if not found or not wanted:
        return None
    total = sum(all_ for _, _, all_ in found)
    return Portion(found[-1][0], found[0][0], offset - skipped, wanted * DENSE >= total)


def followers(db: sqlite3.Connection, scope: Scope, *, account_id: int, limit: int = 400) -> pd.DataFrame:
    """How many followers the platform stated for one account of the scope, newest first; statistics of days are not in it."""
    whose, values = chosen(scope, {"account_id": account_id})
    found = db.execute(
        f"SELECT f.observed_at, f.followers FROM followers f WHERE f.account_id IN ({whose}) AND f.stat_day = '' "
        "ORDER BY f.observed_at DESC LIMIT :limit",
        values | {"limit": limit},
    ).fetchall()
    return pd.DataFrame(found, columns=FOLLOWERS)


def covered(db: sqlite3.Connection, scope: Scope, *, account_id: int, since: int, limit: int = 400) -> pd.DataFrame:
    """The posts behind 采集完整度: those since `since` (Unix seconds) whose comments the platform counts, newest first, with the
    number that it states and the number that we hold."""
    whose, values = chosen(scope, {"account_id": account_id})
    found = db.execute(
        "SELECT p.id, p.published_at, p.title, p.text, p.stated, p.held, p.url FROM posts p "
        f"WHERE p.account_id IN ({whose}) AND p.published_at >= :since AND p.stated IS NOT NULL "
        "ORDER BY p.published_at DESC, p.id DESC LIMIT :limit",
        values | {"since": since, "limit": limit},
    ).fetchall()
    return pd.DataFrame(found, columns=COVERED)
