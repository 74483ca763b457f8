"""What was published in a period: when, of what kind, what reached furthest, what was changed or taken back, and the gaps."""

import sqlite3
from typing import Any, TypedDict

import numpy as np
import pandas as pd

from storage.columns import integers
from storage.glance import narrowed
from storage.moments import OFFSET
from storage.scope import Scope

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
TREND = ["observed_at", "reads", "likes", "shares", "comments"]
CHANGES = [
    "post_id",
    "what",
    "at",
    "published_at",
    "minutes_public",
    "platform",
    "account",
    "organization",
    "title",
    "before",
    "after",
    "url",
]
GAPS = ["account_id", "account", "platform", "organization", "seconds", "begin", "end", "posts"]
ORDERS = {"reads": "阅读", "likes": "点赞", "shares": "转发", "comments": "评论"}


class Filters(TypedDict, total=False):
    """Published in [since, until), Unix seconds; empty and 0 mean all, `organization_id` takes its subtree."""

    since: int
    until: int
    organization_id: int
    line: str
    region: str
    level: str
    platform: int
    account_id: int


SOURCE = "FROM posts p JOIN accounts a ON a.id = p.account_id JOIN organizations o ON o.id = a.organization_id"


def within(scope: Scope, given: dict[str, Any]) -> tuple[str, dict[str, int | str]]:
    """A condition on posts `p` with their accounts `a` and units `o`."""
    condition, values = narrowed(scope, given)  # type: ignore[arg-type]
    parts = [condition, "p.published_at >= :since", "p.published_at < :until"]
    values |= {"since": given["since"], "until": given["until"]}
    if given.get("account_id"):
        parts.append("a.id = :account")
        values["account"] = given["account_id"]
    return " AND ".join(parts), values


def heat(db: sqlite3.Connection, scope: Scope, **given: Any) -> pd.DataFrame:
    """Posts by Beijing weekday (0 Monday) and hour; only cells with posts."""
    condition, values = within(scope, given)
    rows = db.execute(
        f"SELECT ((p.published_at + {OFFSET}) / 86400 + 3) % 7, ((p.published_at + {OFFSET}) / 3600) % 24, count(*) "
        f"{SOURCE} WHERE {condition} GROUP BY 1, 2 ORDER BY 1, 2",
        values,
    ).fetchall()
    return pd.DataFrame(rows, columns=HEAT)


def kinds(db: sqlite3.Connection, scope: Scope, **given: Any) -> pd.DataFrame:
    """Posts by platform and kind (original, repost, article)."""
    condition, values = within(scope, given)
    rows = db.execute(
        f"SELECT p.platform, p.kind, count(*) {SOURCE} WHERE {condition} GROUP BY 1, 2 ORDER BY 1, 2", values
    ).fetchall()
    return pd.DataFrame(rows, columns=KINDS)


def posts(
    db: sqlite3.Connection,
    scope: Scope,
    *,
    order: str = "reads",
    limit: int = 20,
    weekday: int = -1,
    hour: int = -1,
    **given: Any,
) -> pd.DataFrame:
    """The posts of a period, those with the highest count of `order` first (published last first with order ""); `weekday` and
    `hour` choose one cell of `heat`, -1 is all. A platform that does not tell the count comes last. `limit` 0 is all."""
    condition, values = within(scope, given)
    if weekday >= 0:
        condition += f" AND ((p.published_at + {OFFSET}) / 86400 + 3) % 7 = :weekday"
        values["weekday"] = weekday
    if hour >= 0:
        condition += f" AND ((p.published_at + {OFFSET}) / 3600) % 24 = :hour"
        values["hour"] = hour
    first = f"coalesce(p.{order}, -1) DESC, " if order in ORDERS else ""
    rows = db.execute(
        "SELECT p.id, p.published_at, p.platform, a.id, a.name, o.name, p.kind, p.title, p.text, p.url, p.gone_kind, p.reads, "
        f"p.likes, p.shares, p.comments, p.floors {SOURCE} WHERE {condition} ORDER BY {first}p.published_at DESC, p.id DESC "
        + ("LIMIT :limit" if limit else ""),
        values | {"limit": limit},
    ).fetchall()
    return pd.DataFrame(rows, columns=POSTS)


def trend(db: sqlite3.Connection, scope: Scope, post_id: int) -> pd.DataFrame:
    """How the counts of one post of the scope grew, oldest first; statistics of single days are not in it."""
    condition, values = narrowed(scope, {})
    rows = db.execute(
        "SELECT r.observed_at, r.reads, r.likes, r.shares, r.comments FROM reach r JOIN posts p ON p.id = r.post_id "
        "JOIN accounts a ON a.id = p.account_id JOIN organizations o ON o.id = a.organization_id "
        f"WHERE r.post_id = :post AND r.stat_day = '' AND {condition} ORDER BY r.observed_at",
        values | {"post": post_id},
    ).fetchall()
    return pd.DataFrame(rows, columns=TREND)


def changes(db: sqlite3.Connection, scope: Scope, **given: Any) -> pd.DataFrame:
    """Posts of the period that were edited, deleted or hidden, newest change first.

    `before` and `after` are the wordings around an edit; `minutes_public` is how long a wording or a post stood in public at
    most: until we saw that it was different or gone.
    """
    condition, values = within(scope, given)
    edits = db.execute(
        "SELECT p.id, 'edited', coalesce((SELECT min(n.observed_at) FROM post_versions n WHERE n.post_id = p.id "
        "AND n.observed_at > v.observed_at), p.edited_at, p.observed_at) AS at, p.published_at, p.platform, a.name, o.name, "
        "CASE WHEN p.title = '' THEN v.title ELSE p.title END, v.text, coalesce((SELECT n.text FROM post_versions n "
        "WHERE n.post_id = p.id AND n.observed_at > v.observed_at ORDER BY n.observed_at LIMIT 1), p.text), p.url "
        "FROM post_versions v JOIN posts p ON p.id = v.post_id JOIN accounts a ON a.id = p.account_id "
        f"JOIN organizations o ON o.id = a.organization_id WHERE {condition}",
        values,
    ).fetchall()
    gone = db.execute(
        "SELECT p.id, w.kind, w.confirmed_at, p.published_at, p.platform, a.name, o.name, p.title, p.text, '', p.url "
        "FROM withdrawals w JOIN posts p ON p.id = w.post_id JOIN accounts a ON a.id = p.account_id "
        f"JOIN organizations o ON o.id = a.organization_id WHERE w.kind <> 'back' AND {condition}",
        values,
    ).fetchall()
    rows = [(*row[:4], max(0, row[2] - row[3]) // 60, *row[4:]) for row in (*edits, *gone)]
    frame = pd.DataFrame(rows, columns=CHANGES)
    return frame.sort_values(["at", "post_id"], ascending=False, ignore_index=True)


def gaps(db: sqlite3.Connection, scope: Scope, **given: Any) -> pd.DataFrame:
    """The longest silence of every account within the period, longest first; times are Unix seconds.

    A gap runs from post to post, or from or to a border of the period; accounts without a post in it are silent throughout.
    Whether we could see them all the while is not said here: 更新检查 judges that.
    """
    condition, values = narrowed(scope, given)  # type: ignore[arg-type]
    known = db.execute(
        "SELECT a.id, a.name, a.platform, o.name FROM accounts a JOIN organizations o ON o.id = a.organization_id "
        f"WHERE {condition} ORDER BY a.id",
        values,
    ).fetchall()
    if not known:
        return pd.DataFrame(columns=GAPS)
    since, until = given["since"], given["until"]
    account, at = integers(
        db,
        ("p.account_id", "p.published_at"),
        "FROM posts p WHERE p.published_at >= :since AND p.published_at < :until AND p.gone_kind IS NULL",
        {"since": since, "until": until},
    )
    ids = np.asarray([row[0] for row in known])
    owner = np.concatenate([ids, account, ids])
    moment = np.concatenate([np.full(len(ids), since), at, np.full(len(ids), until)])
    order = np.lexsort((moment, owner))
    owner, moment = owner[order], moment[order]
    length = np.where(owner[1:] == owner[:-1], np.diff(moment), -1)
    rows = []
    for number, name, platform, unit in known:
        low, high = np.searchsorted(owner, [number, number + 1])
        place = low + int(np.argmax(length[low : high - 1]))
        rows.append(
            (number, name, platform, unit, int(length[place]), int(moment[place]), int(moment[place + 1]), high - low - 2)
        )
    return pd.DataFrame(rows, columns=GAPS).sort_values(["seconds", "account_id"], ascending=[False, True], ignore_index=True)
