"""What was known at a cut-off of accounts as of a moment: the looks at them, their last public post and how it read."""

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matrix.inspection_then import Look
from storage.moments import OFFSET, from_seconds, from_seconds_or_none

AT_ONCE = 400
EVER = 2**62
"""Later than every moment: no bound."""

LONGEST_LOOK = 3600
"""Seconds; a look that took longer and ran across the moment is left to the next one."""

NEWEST_LOOK = """
SELECT a.id, n.seen_from, n.seen_until, n.blind_since, n.blind_reason FROM accounts a JOIN runs n ON n.id = (
  SELECT r.id FROM runs r WHERE r.account_id = a.id AND r.route <> 'files' AND r.started_at < :until
  AND r.finished_at < :until AND r.finished_at <= :known AND (r.seen_until IS NOT NULL OR r.blind_since IS NOT NULL)
  ORDER BY r.started_at DESC, r.id DESC LIMIT 1)
WHERE a.id IN ({marks})
"""
NOW = """
SELECT a.id, a.last_ok_at, (SELECT min(b.since) FROM outage_accounts b WHERE b.account_id = a.id AND b.until IS NULL),
  (SELECT g.sentence FROM outage_accounts b JOIN outages g ON g.id = b.outage_id WHERE b.account_id = a.id AND b.until IS NULL
    ORDER BY b.since LIMIT 1)
FROM accounts a WHERE a.id IN ({marks})
"""
LATER_LOOK = """
SELECT a.id, n.seen_from, n.seen_until FROM accounts a JOIN runs n ON n.id = (
  SELECT r.id FROM runs r WHERE r.account_id = a.id AND r.route <> 'files' AND r.finished_at <= :known
  AND r.started_at >= :begin AND r.finished_at >= :until AND r.seen_until >= :at ORDER BY r.started_at, r.id LIMIT 1)
WHERE a.id IN ({marks}) AND coalesce((SELECT r.blind_since FROM runs r WHERE r.account_id = a.id AND r.route <> 'files'
  AND r.started_at <= :known AND r.finished_at <= :known ORDER BY r.started_at DESC, r.id DESC LIMIT 1), :until) >= :until
"""
LOOK_BEFORE = """
SELECT r.seen_from, r.seen_until FROM runs r WHERE r.account_id = :account AND r.route <> 'files' AND r.seen_until IS NOT NULL
  AND r.finished_at <= :known AND r.finished_at < :until AND r.started_at <= :blind
ORDER BY r.started_at DESC, r.id DESC LIMIT 1
"""
FILES = """
SELECT r.seen_from, r.seen_until FROM runs r WHERE r.account_id = :account AND r.started_at >= :since AND r.route = 'files'
  AND r.seen_until IS NOT NULL AND r.finished_at <= :known ORDER BY r.id
"""
PUBLIC = """p.account_id = {account} AND p.seen_at <= :known AND (:reposts = 1 OR p.kind <> 'repost')
  AND coalesce((SELECT w.kind FROM withdrawals w WHERE w.post_id = p.id AND w.confirmed_at < :until AND w.seen_at <= :known
    ORDER BY w.confirmed_at DESC, w.seen_at DESC, w.kind DESC LIMIT 1), 'back') = 'back'"""
POST = "p.id, p.ext_id, p.kind, p.seen_at, p.published_at, p.observed_at, p.title, p.text, p.url"
NEWEST = f"""
SELECT a.id, {POST.replace("p.", "n.")} FROM accounts a JOIN posts n ON n.id = (
  SELECT p.id FROM posts p WHERE {PUBLIC.format(account="a.id")} AND p.published_at < :until
  ORDER BY p.published_at DESC, p.id DESC LIMIT 1)
WHERE a.id IN ({{marks}})
"""
OF_THE_DAY = f"""
SELECT p.id, coalesce((SELECT s.published_at FROM post_states s WHERE s.post_id = p.id AND s.seen_at > :known
  ORDER BY s.id LIMIT 1), p.published_at) AS then_at
FROM posts p WHERE {PUBLIC.format(account=":account")} AND p.published_at >= :day AND p.published_at < :night
ORDER BY 2 DESC, 1 DESC
"""


@dataclass(frozen=True, slots=True)
class Sighting:
    """The newest looks at one account by a moment; see `matrix.inspection_then.Known`."""

    before: Look | None = None
    blind_since: int | None = None
    blind_reason: str = ""


NEVER = Sighting()


@dataclass(frozen=True, slots=True)
class LastPost:
    """A post as evidence: how it read at the moment, under which platform id, since when we know it. Unix seconds."""

    post_id: int
    ext_id: str
    kind: str
    published_at: int
    seen_at: int
    title: str
    text: str
    url: str

    @property
    def sha256(self) -> str:
        return fingerprint(self.title, self.text)


def fingerprint(title: str, text: str) -> str:
    """SHA-256 over title, line feed and text in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(f"{title}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()


def portions(ids: Sequence[int]) -> Iterator[tuple[str, dict[str, int]]]:
    """Lists of numbers as marks and values of a statement, a few hundred at a time."""
    for start in range(0, len(ids), AT_ONCE):
        values = {f"n{place}": number for place, number in enumerate(ids[start : start + AT_ONCE])}
        yield ", ".join(f":{name}" for name in values), values


def sightings(db: sqlite3.Connection, accounts: Sequence[int], until: int, known: int) -> dict[int, Sighting]:
    """By account the newest looks before `until`; accounts that were never looked at are left out."""
    bounds = {"until": until, "known": known}
    found: dict[int, Sighting] = {}
    for marks, ids in portions(accounts):
        rows = db.execute(NEWEST_LOOK.format(marks=marks), ids | bounds).fetchall()
        for account, since, seen_to, blind_since, reason in rows:
            look = (since, seen_to)
            if blind_since is not None and seen_to is None:  # an outage begins behind the last complete look
                values = bounds | {"account": account, "blind": blind_since}
                look = db.execute(LOOK_BEFORE, values).fetchone() or look
            found[account] = Sighting(_look(*look) if look[1] is not None else None, blind_since, reason or "")
    return found


def sightings_now(db: sqlite3.Connection, accounts: Sequence[int]) -> dict[int, Sighting]:
    """The same for the moment that the accounts themselves tell of, without a search through the runs."""
    found: dict[int, Sighting] = {}
    for marks, ids in portions(accounts):
        for account, seen_to, blind_since, reason in db.execute(NOW.format(marks=marks), ids).fetchall():
            found[account] = Sighting(_look(None, seen_to) if seen_to is not None else None, blind_since, reason or "")
    return found


def later_looks(db: sqlite3.Connection, needed: Mapping[int, int], until: int, known: int) -> dict[int, Look]:
    """The first complete look from `until` on; `needed` says by account up to when it must show what was published.

    Who is still blind by the cut-off, and has been since before, was not looked at in between: nobody needs to search.
    """
    bounds = {"until": until, "known": known, "begin": until - LONGEST_LOOK}
    found: dict[int, Look] = {}
    for at in set(needed.values()):
        for marks, ids in portions([account for account, wanted in needed.items() if wanted == at]):
            rows = db.execute(LATER_LOOK.format(marks=marks), ids | bounds | {"at": at}).fetchall()
            found |= {account: _look(since, seen_to) for account, since, seen_to in rows}
    return found


def file_looks(db: sqlite3.Connection, last_posts: Mapping[int, int], known: int) -> dict[int, tuple[Look, ...]]:
    """What imported files showed of accounts since their last post (Unix seconds): from which post on, up to when."""
    return {
        account: tuple(_look(*row) for row in db.execute(FILES, {"account": account, "since": since, "known": known}).fetchall())
        for account, since in last_posts.items()
    }


def _look(since: int | None, until: int) -> Look:
    return Look(from_seconds_or_none(since), from_seconds(until))


def last_posts(db: sqlite3.Connection, accounts: Sequence[int], until: int, known: int, reposts: bool) -> dict[int, LastPost]:
    """By account the newest post that was public just before `until`; accounts without one are left out."""
    bounds = {"until": until, "known": known, "reposts": int(reposts)}
    newest: dict[int, int] = {}
    held: dict[int, list[Any]] = {}
    for marks, ids in portions(accounts):
        for account, post, *row in db.execute(NEWEST.format(marks=marks), ids | bounds).fetchall():
            newest[account], held[post] = post, row
    if known < EVER:
        _before_corrections(db, accounts, newest, held, bounds)
    worded = _as_worded(db, held, until, known)
    return {account: worded[post] for account, post in newest.items()}


def _before_corrections(
    db: sqlite3.Connection,
    accounts: Sequence[int],
    newest: dict[int, int],
    held: dict[int, list[Any]],
    bounds: dict[str, int],
) -> None:
    """Choose again where hours were put right after the cut-off: they move within their Beijing day, and never out of it."""
    night = -(-(bounds["until"] + OFFSET) // 86400) * 86400 - OFFSET
    for account in accounts:
        post = newest.get(account)
        newest_at = held[post][3] if post is not None else bounds["until"] - 1
        day = (newest_at + OFFSET) // 86400 * 86400 - OFFSET
        values = bounds | {"account": account, "day": day, "night": night}
        then = [row[0] for row in db.execute(OF_THE_DAY, values).fetchall() if row[1] < bounds["until"]]
        if then and then[0] != post:
            newest[account] = then[0]
            held |= _held(db, then[:1])


def _held(db: sqlite3.Connection, posts: Sequence[int]) -> dict[int, list[Any]]:
    """By id: platform id, kind, seen at, published at, observed at, title, text, link, as they stand now."""
    found: dict[int, list[Any]] = {}
    for marks, ids in portions(posts):
        sql = f"SELECT {POST} FROM posts p WHERE p.id IN ({marks})"
        found |= {row[0]: list(row[1:]) for row in db.execute(sql, ids).fetchall()}
    return found


def _as_worded(db: sqlite3.Connection, held: dict[int, list[Any]], until: int, known: int) -> dict[int, LastPost]:
    posts = sorted(held)
    for marks, ids in portions(posts if known < EVER else []):
        sql = (
            "SELECT s.post_id, s.published_at, s.observed_at, s.title, s.text, s.url FROM post_states s WHERE s.id IN (SELECT "
            f"min(t.id) FROM post_states t WHERE t.post_id IN ({marks}) AND t.seen_at > :known GROUP BY t.post_id)"
        )
        for post, *state in db.execute(sql, ids | {"known": known}).fetchall():
            held[post][3:] = state
    later = [post for post in posts if held[post][4] >= until]
    for marks, ids in portions(later):
        sql = (
            "SELECT post_id, observed_at, title, text FROM post_versions "
            f"WHERE post_id IN ({marks}) AND seen_at <= :known ORDER BY post_id, observed_at DESC"
        )
        settled: set[int] = set()
        for post, observed_at, title, text in db.execute(sql, ids | {"known": known}).fetchall():
            if post not in settled:  # newest first: the one that stood by then, else the oldest that is known
                held[post][5:7] = (title, text)
            if observed_at < until:
                settled.add(post)
    return {
        post: LastPost(post, ext_id, kind, published_at, seen_at, title, text, url)
        for post, (ext_id, kind, seen_at, published_at, _, title, text, url) in held.items()
    }
