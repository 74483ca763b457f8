"""Hits of watches: found when a comment is read, and looked up backwards for a watch that is new, changed or resumed."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from matrix.watch import Matcher, Plan, Typed
from storage.batches import bump_version
from storage.database import writing
from storage.scope import Scope, accounts_in, organizations_in
from storage.watches import plan_of

PORTION = 5000
"""Comments that are looked through in one go; a few hundredths of a second."""
HITS = [
    "comment_id",
    "published_at",
    "platform",
    "account_id",
    "account",
    "organization",
    "author_name",
    "text",
    "likes",
    "url",
]
NOTE = (
    "INSERT INTO watch_hits(watch_id, comment_id, published_at) SELECT :watch, :comment, :at WHERE EXISTS "
    "(SELECT 1 FROM account_up u WHERE u.ancestor_id = :unit AND u.account_id = :account) ON CONFLICT(watch_id, comment_id) "
    "DO NOTHING"
)
BELOW = (
    "FROM comments c WHERE c.author_account_id IS NULL AND c.author_is_official = 0 AND c.account_id IN "
    "(SELECT u.account_id FROM account_up u WHERE u.ancestor_id = :unit)"
)
"""Comments of citizens in a subtree."""


@dataclass(frozen=True, slots=True)
class Said:
    """One citizen's comment."""

    comment_id: int
    text: str
    account_id: int
    at: int


@dataclass(frozen=True, slots=True)
class Watching:
    """A watch in use."""

    id: int
    unit: int
    plan: Plan


def in_use(db: sqlite3.Connection) -> list[Watching]:
    """The watches that read what comes."""
    rows = db.execute(
        "SELECT id, organization_id, words, groups, exclusions, pattern FROM watches WHERE is_on = 1 AND deleted_at IS NULL "
        "ORDER BY id"
    ).fetchall()
    return [Watching(row[0], row[1], plan_of(Typed(*row[2:]))) for row in rows]


def note(db: sqlite3.Connection, said: Sequence[Said], official: Iterable[int], *, is_new: bool) -> bool:
    """Write down which comments the watches in use hit, inside `writing()`; says whether anything changed.

    Comments that were read before (not `is_new`) first lose the hits that they had; those that turned official lose all.
    """
    watching = in_use(db)
    before = db.total_changes
    found = find(watching, said)
    if not is_new:
        db.executemany("DELETE FROM watch_hits WHERE comment_id = ?", [(number,) for number in official])
        wanted = {(watch, said[place].comment_id) for watch, places in found.items() for place in places}
        ours = {watch.id for watch in watching}
        gone = [pair for pair in held(db, [one.comment_id for one in said]) if pair[0] in ours and pair not in wanted]
        db.executemany("DELETE FROM watch_hits WHERE watch_id = ? AND comment_id = ?", gone)
    put(db, watching, said, found)
    return db.total_changes > before


def held(db: sqlite3.Connection, comment_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Which watches these comments hit up to now: (watch, comment)."""
    found: list[tuple[int, int]] = []
    for start in range(0, len(comment_ids), 400):
        values = {f"k{place}": number for place, number in enumerate(comment_ids[start : start + 400])}
        names = ", ".join(f":{name}" for name in values)
        found += db.execute(f"SELECT watch_id, comment_id FROM watch_hits WHERE comment_id IN ({names})", values).fetchall()
    return found


def find(watching: Sequence[Watching], said: Sequence[Said]) -> dict[int, list[int]]:
    """The places of the comments that each watch hits, wherever they were written."""
    return Matcher({watch.id: watch.plan for watch in watching}).hits([one.text for one in said])


def put(db: sqlite3.Connection, watching: Sequence[Watching], said: Sequence[Said], found: dict[int, list[int]]) -> None:
    """Write hits inside `writing()`; only comments below the unit of a watch count."""
    unit = {watch.id: watch.unit for watch in watching}
    db.executemany(
        NOTE,
        [
            {"watch": watch, "unit": unit[watch], "comment": one.comment_id, "at": one.at, "account": one.account_id}
            for watch, places in found.items()
            for one in (said[place] for place in places)
        ],
    )


def fill(db: sqlite3.Connection, is_stopping: Callable[[], bool]) -> int:
    """Look up the past of every watch that waits for it, until it is done or told to stop; gives how many portions that took.

    Portions go backwards in time, so that the newest hits are there first. What was not read yet is left to the pass that
    reads. Killed, it goes on where it was.
    """
    portions = 0
    while not is_stopping():
        row = db.execute(
            "SELECT id FROM watches WHERE filled_to IS NOT NULL AND is_on = 1 AND deleted_at IS NULL "
            "ORDER BY fill_until, id LIMIT 1"
        ).fetchone()
        if row is None:
            break
        fill_portion(db, row[0])
        portions += 1
    return portions


def fill_portion(db: sqlite3.Connection, watch_id: int) -> None:
    """The next PORTION comments of one watch."""
    with writing(db):
        row = db.execute(
            "SELECT organization_id, words, groups, exclusions, pattern, fill_from, filled_to FROM watches WHERE id = :id "
            "AND filled_to IS NOT NULL",
            {"id": watch_id},
        ).fetchone()
        if row is None:
            return
        span: dict[str, Any] = {"unit": row[0], "since": row[5], "until": row[6]}
        said, since = portion(db, span, PORTION)
        watching = [Watching(watch_id, row[0], plan_of(Typed(*row[1:5])))]
        put(db, watching, said, find(watching, said))
        reached = {"id": watch_id, "to": since if since > row[5] else None}
        db.execute("UPDATE watches SET filled_to = :to WHERE id = :id", reached)
        bump_version(db)


def portion(db: sqlite3.Connection, span: dict[str, Any], size: int) -> tuple[list[Said], int]:
    """The newest comments of a subtree in [since, until), about `size` of them, and the moment from which on these are all."""
    within = f"{BELOW} AND c.published_at >= :since AND c.published_at < :until"
    first = db.execute(
        f"SELECT c.published_at {within} ORDER BY c.published_at DESC LIMIT 1 OFFSET :size", span | {"size": size}
    ).fetchone()
    since = first[0] if first else span["since"]
    rows = db.execute(f"SELECT c.id, c.text, c.account_id, c.published_at {within}", span | {"since": since}).fetchall()
    return [Said(*row) for row in rows], since


def hits(db: sqlite3.Connection, scope: Scope, *, watch_id: int, since: int, until: int, limit: int = 200) -> pd.DataFrame:
    """The hits of one watch of the scope in [since, until), the newest first. Texts and names are raw: mask them."""
    mine, values = organizations_in(scope, "w.organization_id")
    ours, more = accounts_in(scope, "c.account_id")
    rows = db.execute(
        f"{SHOWN} JOIN watch_hits h ON h.comment_id = c.id JOIN watches w ON w.id = h.watch_id WHERE h.watch_id = :id "
        f"AND h.published_at >= :since AND h.published_at < :until AND {mine} AND {ours} "
        "ORDER BY h.published_at DESC, c.id DESC LIMIT :limit",
        values | more | {"id": watch_id, "since": since, "until": until, "limit": limit},
    ).fetchall()
    return pd.DataFrame(rows, columns=HITS)


def comments(db: sqlite3.Connection, scope: Scope, *, ids: tuple[int, ...]) -> pd.DataFrame:
    """These comments as far as they lie in the scope, the newest first. Texts and names are raw: mask them."""
    if not ids:
        return pd.DataFrame([], columns=HITS)
    ours, values = accounts_in(scope, "c.account_id")
    names = {f"k{place}": number for place, number in enumerate(ids)}
    marks = ", ".join(f":{name}" for name in names)
    rows = db.execute(
        f"{SHOWN} WHERE c.id IN ({marks}) AND {ours} ORDER BY c.published_at DESC, c.id DESC", values | names
    ).fetchall()
    return pd.DataFrame(rows, columns=HITS)


SHOWN = (
    "SELECT c.id, c.published_at, c.platform, c.account_id, a.name, o.name, c.author_name, c.text, c.likes, coalesce(p.url, '') "
    "FROM comments c JOIN accounts a ON a.id = c.account_id JOIN organizations o ON o.id = a.organization_id "
    "LEFT JOIN posts p ON p.id = c.post_id"
)
"""What fills HITS."""
