"""What the watch reads: comments, posts and leads of some hours as arrays, and up to when each account was looked at."""

import sqlite3
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matrix.account import Route
from matrix.surge_counts import FRESH, Entries, Ints, count, known_sums, until_known
from storage import marks
from storage.moments import beijing_day
from storage.portions import AGAIN, AGAIN_UPTO, UPTO, VERSION
from storage.surge_plan import Plan
from storage.understanding import APPEAL

BUCKET = 300
COMPLAINTS = ("投诉", "举报")
COMMENTS = """
SELECT c.id, c.published_at / 300, c.account_id, c.author_key, coalesce(r.topic, ''),
  CASE WHEN c.kind = :appeal AND (a.kind IN (:complaint0, :complaint1) OR (r.feeling = -1 AND r.is_sure = 1)) THEN 1 ELSE 0 END
FROM comments c LEFT JOIN readings r ON r.comment_id = c.id LEFT JOIN appeals a ON a.comment_id = c.id
WHERE c.published_at >= :since AND c.published_at < :until AND c.id <= :upto AND c.author_is_official = 0
"""
POSTS = "SELECT account_id, published_at / 300 FROM posts WHERE published_at >= :since AND published_at < :until AND id <= :upto"
LEADS = """
SELECT u.ancestor_id, l.published_at / 300, l.author_key, l.id FROM leads l
JOIN organization_up u ON u.organization_id = l.organization_id
WHERE l.published_at >= :since AND l.published_at < :until AND l.id <= :upto
"""
LOOKS = """
SELECT a.id, CASE WHEN a.route = :files THEN a.last_ok_at ELSE (SELECT r.started_at FROM runs r WHERE r.account_id = a.id
  AND r.route = a.route AND (r.outcome = 'ok' OR (r.outcome = 'partial' AND r.error_kind = '' AND r.seen_until IS NOT NULL))
  ORDER BY r.started_at DESC LIMIT 1) END
FROM accounts a WHERE a.last_ok_at IS NOT NULL
"""
BIRTHS = """
SELECT a.id, (SELECT min(c.published_at) FROM comments c WHERE c.account_id = a.id),
  (SELECT min(p.published_at) FROM posts p WHERE p.account_id = a.id) FROM accounts a WHERE a.last_ok_at IS NOT NULL
"""
LEAD_BIRTHS = """
SELECT u.ancestor_id, min(l.published_at) FROM leads l JOIN organization_up u ON u.organization_id = l.organization_id
WHERE l.id <= :upto GROUP BY u.ancestor_id
"""
USUAL = "SELECT account_id, sum(comments) FROM account_day WHERE day >= :since GROUP BY account_id"
USUAL_DAYS = 28


@dataclass(frozen=True, slots=True)
class Horizon:
    """What is known at a moment: the newest rows of each kind, and by account up to when it was looked at (Unix seconds)."""

    comments: int = 0
    posts: int = 0
    leads: int = 0
    read: int = 0
    looks: dict[int, int] = field(default_factory=dict)
    births: dict[int, int] = field(default_factory=dict)
    """Unix seconds of the first thing that is held of an account; nothing is known of what was before."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Arrays (buckets, series) from bucket `first` on; counts are NaN where they are not known."""

    first: int
    counts: NDArray[np.float64]
    citizens: NDArray[np.float64]
    posts: NDArray[np.float64]
    entries: Entries
    """Of these buckets and the three hours before."""
    comment_ids: Ints


def horizon(db: sqlite3.Connection) -> Horizon:
    """What is known now. Looks are asked first: whatever they brought is then among the comments."""
    rows = db.execute(LOOKS, {"files": str(Route.FILES)}).fetchall()
    looks = {int(account): int(at) for account, at in rows if at is not None}
    newest = db.execute(
        "SELECT (SELECT coalesce(max(id), 0) FROM comments), (SELECT coalesce(max(id), 0) FROM posts), "
        "(SELECT coalesce(max(id), 0) FROM leads)"
    ).fetchone()
    comments, posts, leads = (int(number) for number in newest)
    return Horizon(comments, posts, leads, int(marks.get(db, UPTO) or 0), looks)


def births(db: sqlite3.Connection) -> dict[int, int]:
    """When the first thing that is held of each account was published."""
    return {int(row[0]): min(at for at in row[1:] if at is not None) for row in db.execute(BIRTHS).fetchall() if any(row[1:])}


def first_bucket(db: sqlite3.Connection, plan: Plan, known: Horizon) -> int | None:
    """The bucket of the first thing that is held of what the plan counts; None when there is nothing. `known` with births."""
    found = [known.births[account] for account in plan.accounts.tolist() if account in known.births]
    if len(plan.leads.key):
        units = set(plan.leads.key.tolist())
        found += [at for unit, at in db.execute(LEAD_BIRTHS, {"upto": known.leads}).fetchall() if unit in units]
    return min(found) // BUCKET if found else None


def usual(db: sqlite3.Connection, plan: Plan, now: int) -> NDArray[np.float64]:
    """What each account of the plan usually carries: its comments of four weeks, and one."""
    since = beijing_day(now) - USUAL_DAYS
    held = dict(db.execute(USUAL, {"since": since}).fetchall())
    return np.array([1.0 + held.get(int(account), 0) for account in plan.accounts])


def reading(db: sqlite3.Connection) -> tuple[str, bool, int]:
    """The version of the readings, whether older ones are all replaced, and how many new comments wait to be read."""
    again, end = int(marks.get(db, AGAIN) or 0), int(marks.get(db, AGAIN_UPTO) or 0)
    newest = db.execute("SELECT coalesce(max(id), 0) FROM comments").fetchone()[0]
    return marks.get(db, VERSION), again >= end, int(newest) - int(marks.get(db, UPTO) or 0)


def read(db: sqlite3.Connection, plan: Plan, first: int, buckets: int, known: Horizon, weights: NDArray[np.float64]) -> Facts:
    """Everything that is known of these buckets. `weights` are what each account of the plan usually carries."""
    looks = np.array([known.looks.get(int(account), 0) for account in plan.accounts], np.int64)
    seen = until_known(looks, first, buckets)
    if known.births:
        born = np.array([known.births.get(int(account), 0) for account in plan.accounts], np.int64)
        seen &= ((first + np.arange(buckets)) * BUCKET)[:, None] >= born // BUCKET * BUCKET
    entries, ids, unread = entries_of(db, plan, first, seen, known)
    counts, citizens = count(entries, first, buckets, plan.size)
    is_known = known_sums(seen, plan.members, weights, plan.size) | leads_known(db, plan, first, buckets, known)
    is_unread = np.zeros(buckets, bool)
    is_unread[unread[(unread >= first) & (unread < first + buckets)] - first] = True
    is_known &= ~(is_unread[:, None] & plan.is_read)
    counts[~is_known] = np.nan
    return Facts(first, counts, citizens, posts_of(db, plan, first, buckets, known), entries, ids)


def entries_of(
    db: sqlite3.Connection, plan: Plan, first: int, seen: NDArray[np.bool_], known: Horizon
) -> tuple[Entries, Ints, Ints]:
    """The comments from `first` on and of the three hours before by series, their ids, and the buckets with some unread.

    `seen` says whether each account was looked at after each bucket; what was found before that is in no sum, so that a sum
    holds of an account all or nothing.
    """
    span = {"since": (first - FRESH) * BUCKET, "until": (first + len(seen)) * BUCKET}
    said = {"appeal": APPEAL} | {f"complaint{place}": kind for place, kind in enumerate(COMPLAINTS)}
    sql, values = COMMENTS, span | {"upto": known.comments} | said
    if len(plan.accounts) <= 20:
        names = {f"account{place}": int(account) for place, account in enumerate(plan.accounts)}
        sql, values = f"{COMMENTS} AND c.account_id IN ({', '.join(f':{name}' for name in names) or 'NULL'})", values | names
    rows = db.execute(sql, values).fetchall()
    ids, bucket, account = (np.array([row[place] for row in rows], np.int64) for place in range(3))
    topic_of = {topic: number for number, topic in enumerate(plan.topics)}
    topic = np.array([topic_of.get(row[4], -1) for row in rows], np.int64)
    negative = np.array([row[5] for row in rows], bool)
    keys: dict[str, int] = {}
    # Who has no name is taken for somebody else each time.
    author = np.array([keys.setdefault(row[3] or f"#{row[0]}", len(keys)) for row in rows], np.int64)
    place = np.minimum(np.searchsorted(plan.accounts, account), max(0, len(plan.accounts) - 1))
    ours = plan.accounts[place] == account if len(plan.accounts) else np.zeros(len(rows), bool)
    new = np.flatnonzero(ours & (bucket >= first))
    ours[new] = seen[bucket[new] - first, place[new]]

    def spread(pairs, some: NDArray[np.bool_], keyed: Ints) -> Entries:
        chosen = np.flatnonzero(some)
        which, column = pairs.expand(keyed[chosen])
        which = chosen[which]
        return Entries(which, column, bucket[which], author[which])

    is_read = ids <= known.read
    parts = [
        spread(plan.every, ours, place),
        spread(plan.topical, ours & (topic >= 0) & is_read, topic * len(plan.accounts) + place),
        spread(plan.negative, ours & negative & is_read, place),
        hits_of(db, plan, span, ids, bucket, author, is_read & ours),
        leads_of(db, plan, span, known, len(keys)),
    ]
    return Entries.joined(parts), ids, np.unique(bucket[ours & ~is_read])


def hits_of(
    db: sqlite3.Connection, plan: Plan, span: dict[str, int], ids: Ints, bucket: Ints, author: Ints, is_read: NDArray[np.bool_]
) -> Entries:
    """The comments that watches hit."""
    if not len(plan.hits.key) or not len(ids):
        return NOTHING
    sql = "SELECT watch_id, comment_id FROM watch_hits WHERE published_at >= :since AND published_at < :until"
    rows = np.array(db.execute(sql, span).fetchall(), np.int64).reshape(-1, 2)
    order = np.argsort(ids)
    place = order[np.minimum(np.searchsorted(ids[order], rows[:, 1]), len(ids) - 1)]
    some = np.flatnonzero((ids[place] == rows[:, 1]) & is_read[place])
    which, column = plan.hits.expand(rows[some, 0])
    place = place[some][which]
    return Entries(place, column, bucket[place], author[place])


def leads_of(db: sqlite3.Connection, plan: Plan, span: dict[str, int], known: Horizon, authors: int) -> Entries:
    """What citizens wrote elsewhere, in the series of the units above; their place is -1, as they are no comments."""
    if not len(plan.leads.key):
        return NOTHING
    rows = db.execute(LEADS, span | {"upto": known.leads}).fetchall()
    unit, bucket = (np.array([row[place] for row in rows], np.int64) for place in range(2))
    keys: dict[str, int] = {}
    author = authors + np.array([keys.setdefault(row[2] or f"#{row[3]}", len(keys)) for row in rows], np.int64)
    which, column = plan.leads.expand(unit)
    return Entries(np.full(len(which), -1, np.int64), column, bucket[which], author[which])


def leads_known(db: sqlite3.Connection, plan: Plan, first: int, buckets: int, known: Horizon) -> NDArray[np.bool_]:
    """Leads are entered by people: a series of them is known from its first one on (buckets, series)."""
    answer = np.zeros((buckets, plan.size), bool)
    if len(plan.leads.key):
        born = dict(db.execute(LEAD_BIRTHS, {"upto": known.leads}).fetchall())
        for unit, column in zip(plan.leads.key.tolist(), plan.leads.column.tolist(), strict=True):
            if unit in born:
                answer[:, column] = first + np.arange(buckets) >= born[unit] // BUCKET
    return answer


def posts_of(db: sqlite3.Connection, plan: Plan, first: int, buckets: int, known: Horizon) -> NDArray[np.float64]:
    """Posts (buckets, series) of the accounts; sums have none of their own."""
    values = {"since": first * BUCKET, "until": (first + buckets) * BUCKET, "upto": known.posts}
    rows = np.array(db.execute(POSTS, values).fetchall(), np.int64).reshape(-1, 2)
    place = np.minimum(np.searchsorted(plan.accounts, rows[:, 0]), max(0, len(plan.accounts) - 1))
    ours = plan.accounts[place] == rows[:, 0] if len(plan.accounts) else np.zeros(len(rows), bool)
    column, row = plan.own[place[ours]], rows[ours, 1] - first
    cell = (row * plan.size + column)[column >= 0]
    return np.bincount(cell, minlength=buckets * plan.size).reshape(buckets, plan.size).astype(np.float64)


NOTHING = Entries(*(np.zeros(0, np.int64) for _ in range(4)))
