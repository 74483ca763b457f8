"""What the influence indices of a period rest on: sums, maxima and headlines by account, and which counts a platform tells."""

import sqlite3
from typing import Any

import numpy as np
import pandas as pd

from matrix.account import Platform
from matrix.influence import Articles, Counts, Index, Spread, bci, wci
from storage.columns import integers
from storage.glance import narrowed
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
HEADLINE = "CASE WHEN p.ext_id LIKE '%!_1' ESCAPE '!' THEN 1 ELSE 0 END"
REPOST = "CASE WHEN p.kind = 'repost' THEN 1 ELSE 0 END"


class Sums:
    """Sums by account place of the posts of a period; a count of -1 is one that the platform does not tell."""

    def __init__(self, place: np.ndarray, size: int, counts: dict[str, np.ndarray]) -> None:
        self.place, self.size, self.counts = place, size, counts
        self.posts = np.bincount(place, minlength=size)
        self.untold = {name: np.bincount(place, counts[name] < 0, size) > 0 for name in TOLD}

    def of(self, name: str, mask: np.ndarray | None = None) -> list[int | None]:
        """The sum of one count at each place; None where a post does not tell it."""
        kept = np.maximum(self.counts[name], 0) * (1 if mask is None else mask)
        sums = np.bincount(self.place, kept, self.size).astype(np.int64)
        return [None if untold else int(sum_) for sum_, untold in zip(sums, self.untold[name], strict=True)]

    def most(self, name: str) -> list[int | None]:
        """The largest count of one post at each place."""
        found = np.zeros(self.size, np.int64)
        np.maximum.at(found, self.place, self.counts[name])
        return [None if untold else int(peak) for peak, untold in zip(found, self.untold[name], strict=True)]


def indices(db: sqlite3.Connection, scope: Scope, **given: Any) -> pd.DataFrame:
    """WCI of WeChat accounts and BCI of Weibo accounts over the posts published in [since, until), Unix seconds.

    A count that any of the posts lacks is named in `missing`, and the value is then a lower bound; NaN where nothing can be said.
    The last counts that we hold stand for each post. Other platforms have no published formula that we trust and no row.
    """
    condition, values = narrowed(scope, given)
    known = db.execute(
        "SELECT a.id, a.name, a.platform, o.name, o.level, a.nature FROM accounts a "
        f"JOIN organizations o ON o.id = a.organization_id WHERE {condition} "
        f"AND a.platform IN ({int(Platform.WEIBO)}, {int(Platform.WECHAT)}) ORDER BY a.id",
        values,
    ).fetchall()
    if not known:
        return pd.DataFrame(columns=COLUMNS)
    account, head, repost, *told = integers(
        db,
        ("p.account_id", HEADLINE, REPOST, *(f"coalesce(p.{name}, -1)" for name in TOLD)),
        "FROM posts p WHERE p.published_at >= :since AND p.published_at < :until",
        {"since": given["since"], "until": given["until"]},
    )
    ids = np.asarray([row[0] for row in known])
    place = np.minimum(np.searchsorted(ids, account), len(ids) - 1)
    is_mine = ids[place] == account
    counts = {name: of[is_mine] for name, of in zip(TOLD, told, strict=True)}
    sums = Sums(place[is_mine], len(ids), counts)
    found = of_wechat(sums, head[is_mine], max(1, round((given["until"] - given["since"]) / 86400)))
    found_weibo = of_weibo(sums, 1 - repost[is_mine])
    rows = []
    for number, row in enumerate(known):
        if sums.posts[number]:
            name, index = ("WCI", found[number]) if row[2] == Platform.WECHAT else ("BCI", found_weibo[number])
            rows.append((*row, int(sums.posts[number]), name, index.value, "、".join(index.missing), index.set_name))
    return pd.DataFrame(rows, columns=COLUMNS)


def of_wechat(sums: Sums, head: np.ndarray, days: int) -> list[Index]:
    """WCI at each place; 在看 is told by no interface that we know."""
    totals, heads, peaks = (
        zip(*columns, strict=True)
        for columns in zip(*((sums.of(name), sums.of(name, head), sums.most(name)) for name in TOLD[:3]), strict=True)
    )
    return [
        wci(Articles(days, int(posts), *(Counts(reads, None, likes, shares) for reads, likes, shares in three)))
        for posts, *three in zip(sums.posts, totals, heads, peaks, strict=True)
    ]


def of_weibo(sums: Sums, own: np.ndarray) -> list[Index]:
    originals = np.bincount(sums.place, own, sums.size).astype(np.int64)
    columns = (sums.of("shares"), sums.of("comments"), sums.of("shares", own), sums.of("comments", own), sums.of("likes"))
    return [
        bci(Spread(int(posts), int(originals[number]), *counts))
        for number, (posts, counts) in enumerate(zip(sums.posts, zip(*columns, strict=True), strict=True))
    ]
