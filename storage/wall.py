"""What the wall of the duty room counts: what came today, how many accounts were seen, and which citizens still wait."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from matrix.account import Route, Status
from storage.cases_soon import KEEP_DAYS, OPEN
from storage.moments import OFFSET, beijing_day, to_seconds
from storage.scope import Scope, accounts_among, accounts_in, organizations_in

DAY = 86400


@dataclass(frozen=True, slots=True)
class Today:
    """Since midnight in Beijing, by event time: posts, comments of every kind, official replies, appeals asked and matters that
    got their substantive answer (whenever they were asked). `collected` of `watched` accounts had a complete look today; of all
    the newest was at `last_ok_at`, Unix seconds."""

    posts: int = 0
    comments: int = 0
    replies: int = 0
    asked: int = 0
    answered: int = 0
    collected: int = 0
    watched: int = 0
    last_ok_at: int | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Open matters of the last KEEP_DAYS days: all, due by tonight, known to be overdue, past due in threads that are not held
    so far; `oldest_at` is when the oldest was asked, Unix seconds. `unruled` have no rule, so that nothing says they are late."""

    count: int = 0
    tonight: int = 0
    overdue: int = 0
    unknown: int = 0
    unruled: int = 0
    oldest_at: int | None = None


def midnight(now: datetime) -> int:
    """Unix seconds at which the Beijing day of this moment began."""
    return beijing_day(to_seconds(now)) * DAY - OFFSET


def desk(db: sqlite3.Connection, scope: Scope) -> str:
    """The name of the unit whose wall this is: the first of the scope."""
    mine, values = organizations_in(scope[:1], "o.id")
    row = db.execute(f"SELECT o.name FROM organizations o WHERE o.id = :desk AND {mine}", values | {"desk": (*scope, 0)[0]})
    found = row.fetchone()
    return str(found[0]) if found else ""


def today(db: sqlite3.Connection, scope: Scope, now: datetime) -> Today:
    """The numbers of the running day; sums by account where they are kept, so that it costs the same on a busy day."""
    if not scope:
        return Today()
    since = midnight(now)
    mine, values = accounts_among(db, scope, "d.account_id")
    posts, comments, replies = db.execute(
        "SELECT coalesce(sum(d.posts), 0), coalesce(sum(d.comments), 0), coalesce(sum(d.replies), 0) FROM account_day d "
        f"WHERE d.day = :day AND {mine}",
        values | {"day": beijing_day(since)},
    ).fetchone()
    mine, values = accounts_among(db, scope, "+r.account_id")
    asked, answered = db.execute(
        "SELECT coalesce(sum(CASE WHEN r.asked_at >= :since THEN 1 ELSE 0 END), 0), "
        "coalesce(sum(CASE WHEN r.answer_at >= :since THEN 1 ELSE 0 END), 0) "
        f"FROM responses r WHERE r.asked_at >= :oldest AND {mine}",
        values | {"since": since, "oldest": since - KEEP_DAYS * DAY},
    ).fetchone()
    mine, values = accounts_in(scope, "a.id")
    collected, watched, last = db.execute(
        "SELECT coalesce(sum(CASE WHEN a.last_ok_at >= :since THEN 1 ELSE 0 END), 0), count(*), max(a.last_ok_at) "
        f"FROM accounts a WHERE a.route <> :none AND a.status = :active AND {mine}",
        values | {"since": since, "none": str(Route.NONE), "active": str(Status.ACTIVE)},
    ).fetchone()
    return Today(posts, comments, replies, asked, answered, collected, watched, last)


def waiting(db: sqlite3.Connection, scope: Scope, now: datetime) -> Waiting:
    """Citizens who wait for an answer; not counted is what its rule's clock has stopped, what is settled or bound to another."""
    if not scope:
        return Waiting()
    mine, values = accounts_among(db, scope, "+r.account_id")
    moment = to_seconds(now)
    row = db.execute(
        "SELECT count(*), coalesce(sum(CASE WHEN r.due_at >= :now AND r.due_at <= :tonight THEN 1 ELSE 0 END), 0), "
        "coalesce(sum(CASE WHEN r.due_at < :now AND r.known_until >= r.due_at THEN 1 ELSE 0 END), 0), "
        "coalesce(sum(CASE WHEN r.due_at < :now AND coalesce(r.known_until, 0) < r.due_at THEN 1 ELSE 0 END), 0), "
        "coalesce(sum(CASE WHEN r.due_at IS NULL AND r.rule_id IS NULL THEN 1 ELSE 0 END), 0), min(r.asked_at) "
        f"{OPEN} {mine}",
        values | {"now": moment, "tonight": midnight(now) + DAY, "since": moment - KEEP_DAYS * DAY},
    ).fetchone()
    return Waiting(*row)
