"""What the influence indices of a period rest on: sums, maxima and headlines by account, and which counts a platform tells."""

import sqlite3
from typing import Any

import pandas as pd

from matrix.account import Platform
from matrix.influence import Articles, Counts, Index, Spread, bci, wci
from storage.publishing import SOURCE, within
from storage.scope import Scope

COLUMNS = [
    "account_id",
    "account",
    "platform",
    "organization",
    "level",
    "nature",
    "posts",
    "index",
    "value",
    "missing",
    "set_name",
]
TOLD = ("reads", "likes", "shares", "comments")
HEADLINE = "CASE WHEN p.ext_id LIKE '%!_1' ESCAPE '!' THEN {} ELSE 0 END"
OWN = "CASE WHEN p.kind = 'repost' THEN 0 ELSE {} END"


def indices(db: sqlite3.Connection, scope: Scope, **given: Any) -> pd.DataFrame:
    """WCI of WeChat accounts and BCI of Weibo accounts over the posts published in [since, until), Unix seconds.

    A count that any of the posts lacks is named in `missing`, and the value is then a lower bound; NaN where nothing can be said.
    The last counts that we hold stand for each post. Other platforms have no published formula that we trust and no row.
    """
    condition, values = within(scope, given)
    parts = [f"sum(p.{name}), count(p.{name}), max(p.{name})" for name in TOLD]
    parts += [f"sum({HEADLINE.format(f'coalesce(p.{name}, 0)')})" for name in ("reads", "likes", "shares")]
    parts += [f"sum({OWN.format(number)})" for number in ("1", "coalesce(p.shares, 0)", "coalesce(p.comments, 0)")]
    rows = db.execute(
        f"SELECT a.id, a.name, a.platform, o.name, o.level, a.nature, count(*), {', '.join(parts)} {SOURCE} "
        f"WHERE {condition} AND a.platform IN ({int(Platform.WEIBO)}, {int(Platform.WECHAT)}) "
        "GROUP BY a.id, a.name, a.platform, o.name, o.level, a.nature ORDER BY a.id",
        values,
    ).fetchall()
    days = max(1, round((given["until"] - given["since"]) / 86400))
    found = []
    for row in rows:
        index = of_wechat(row, days) if row[2] == Platform.WECHAT else of_weibo(row)
        name = "WCI" if row[2] == Platform.WECHAT else "BCI"
        found.append((*row[:7], name, index.value, "、".join(index.missing), index.set_name))
    return pd.DataFrame(found, columns=COLUMNS)


def told(row: tuple[Any, ...], place: int) -> int | None:
    """A sum that every post contributed to; None where one does not tell its count."""
    total, count = row[7 + 3 * place], row[8 + 3 * place]
    return int(total) if count == row[6] else None


def of_wechat(row: tuple[Any, ...], days: int) -> Index:
    reads, likes, shares = (told(row, place) for place in range(3))
    heads = [None if whole is None else int(part) for whole, part in zip((reads, likes, shares), row[19:22], strict=True)]
    most = [None if whole is None else int(row[9 + 3 * place]) for place, whole in enumerate((reads, likes, shares))]
    total = Counts(reads, None, likes, shares)
    return wci(Articles(days, int(row[6]), total, Counts(heads[0], None, *heads[1:]), Counts(most[0], None, *most[1:])))


def of_weibo(row: tuple[Any, ...]) -> Index:
    likes, shares, comments = told(row, 1), told(row, 2), told(row, 3)
    own_shares = None if shares is None else int(row[23])
    own_comments = None if comments is None else int(row[24])
    return bci(Spread(int(row[6]), int(row[22]), shares, comments, own_shares, own_comments, likes))
