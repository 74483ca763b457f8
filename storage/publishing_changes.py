"""What became of posts: edits with both wordings, withdrawals with their minutes in public, and the longest silences."""

import sqlite3
from typing import Any

import numpy as np
import pandas as pd

from matrix.account import Nature, Route
from storage.columns import integers
from storage.glance import narrowed
from storage.publishing import within
from storage.scope import Scope

CHANGES = [
    "post_id",
    "what",
    "at",
    "published_at",
    "minutes_public",
    "is_first",
    "platform",
    "account",
    "organization",
    "title",
    "before",
    "after",
    "url",
]
GAPS = [
    "account_id",
    "account",
    "platform",
    "organization",
    "nature",
    "route",
    "seconds",
    "begin",
    "end",
    "posts",
    "seen_from",
    "seen_to",
]
NEXT = (
    "(SELECT n.{} FROM post_versions n WHERE n.post_id = p.id AND n.observed_at > v.observed_at ORDER BY n.observed_at LIMIT 1)"
)


def changes(db: sqlite3.Connection, scope: Scope, *, post_id: int = 0, **given: Any) -> pd.DataFrame:
    """Posts of the period (or one post) that were edited, deleted or hidden, newest change first.

    `before` and `after` are the wordings around an edit. `minutes_public`: a post that is gone, and a first wording
    (`is_first`), stood in public so long at most, from its publication until we saw that it was different or gone; a later
    wording from when we first saw it, so at least about so long.
    """
    condition, values = within(scope, {"since": 0, "until": 2**53} | given if post_id else given)
    if post_id:
        condition, values = f"{condition} AND p.id = :post", values | {"post": post_id}
    source = "JOIN accounts a ON a.id = p.account_id JOIN organizations o ON o.id = a.organization_id"
    edits = db.execute(
        f"SELECT p.id, 'edited', coalesce({NEXT.format('observed_at')}, p.observed_at) AS at, p.published_at, "
        "CASE WHEN EXISTS (SELECT 1 FROM post_versions e WHERE e.post_id = p.id AND e.observed_at < v.observed_at) "
        "THEN v.observed_at ELSE p.published_at END AS begin, p.platform, a.name, o.name, "
        f"coalesce(nullif(p.title, ''), v.title), v.text, coalesce({NEXT.format('text')}, p.text), p.url "
        f"FROM post_versions v JOIN posts p ON p.id = v.post_id {source} WHERE {condition}",
        values,
    ).fetchall()
    gone = db.execute(
        "SELECT p.id, w.kind, w.confirmed_at, p.published_at, p.published_at, p.platform, a.name, o.name, p.title, p.text, '', "
        f"p.url FROM withdrawals w JOIN posts p ON p.id = w.post_id {source} WHERE w.kind <> 'back' AND {condition}",
        values,
    ).fetchall()
    rows = [(*row[:4], max(0, row[2] - row[4]) // 60, int(row[4] == row[3]), *row[5:]) for row in (*edits, *gone)]
    frame = pd.DataFrame(rows, columns=CHANGES)
    return frame.sort_values(["at", "post_id"], ascending=False, ignore_index=True)


def gaps(db: sqlite3.Connection, scope: Scope, **given: Any) -> pd.DataFrame:
    """The longest silence of every account within what we saw of the period, longest first; times are Unix seconds.

    Sight begins with the watch over the account (of files: with the first post that they hold) and ends with the last look that
    read its list to the end: what lies outside is no silence of the account. A gap runs from post to post, or from or to a
    border. Accounts that we did not see, persons' and merely registered ones stand last, in the order of their ids.
    """
    condition, values = narrowed(scope, given)
    since, until = given["since"], given["until"]
    known = db.execute(
        "SELECT a.id, a.name, a.platform, o.name, a.nature, a.route, "
        f"CASE WHEN a.route = '{Route.FILES}' THEN (SELECT min(q.published_at) FROM posts q WHERE q.account_id = a.id) "
        "ELSE a.watched_from END, a.last_ok_at FROM accounts a JOIN organizations o ON o.id = a.organization_id "
        f"WHERE {condition} ORDER BY a.id",
        values,
    ).fetchall()
    if not known:
        return pd.DataFrame(columns=GAPS)
    account, at = integers(
        db,
        ("p.account_id", "p.published_at"),
        "FROM posts p WHERE p.published_at >= :since AND p.published_at < :until AND p.gone_kind IS NULL",
        {"since": since, "until": until},
    )
    ids = np.asarray([row[0] for row in known])
    begins = np.asarray([until if row[6] is None else max(since, row[6]) for row in known])
    ends = np.asarray([since if row[7] is None else min(until, row[7]) for row in known])
    place = np.minimum(np.searchsorted(ids, account), len(ids) - 1)
    is_mine = ids[place] == account
    place, at = place[is_mine], at[is_mine]
    begins = np.minimum(begins, earliest(place, at, begins))
    ends = np.maximum(ends, -earliest(place, -at, -ends))
    owner = np.concatenate([np.arange(len(ids)), place, np.arange(len(ids))])
    moment = np.concatenate([begins, at, ends])
    order = np.lexsort((moment, owner))
    owner, moment = owner[order], moment[order]
    length = np.where(owner[1:] == owner[:-1], np.diff(moment), -1)
    rows = []
    for number, row in enumerate(known):
        low, high = np.searchsorted(owner, [number, number + 1])
        longest = low + int(np.argmax(length[low : high - 1]))
        is_seen = row[6] is not None and row[7] is not None and begins[number] < ends[number]
        gap = (int(length[longest]), int(moment[longest]), int(moment[longest + 1])) if is_seen else (None, None, None)
        rows.append((*row[:6], *gap, high - low - 2, int(begins[number]) if is_seen else None, int(ends[number])))
    frame = pd.DataFrame(rows, columns=GAPS)
    is_last = frame["seconds"].isna() | (frame["nature"] == Nature.OFFICIAL_PERSON) | (frame["route"] == Route.NONE)
    rank = frame["seconds"].where(~is_last, -1).astype(float)
    return frame.assign(rank=rank).sort_values(["rank", "account_id"], ascending=[False, True], ignore_index=True)[GAPS]


def earliest(place: np.ndarray, at: np.ndarray, default: np.ndarray) -> np.ndarray:
    """The smallest of the numbers at each place, the default where there is none."""
    found = default.copy()
    np.minimum.at(found, place, at)
    return found
