"""Accounts: the ledger's rows as the collectors need them, and when each is looked at next."""

import sqlite3
from datetime import datetime
from typing import Any

from matrix.account import Account, Filing, Nature, Platform, Route, Status
from storage import rereads, runs
from storage.batches import cursors_of
from storage.moments import from_seconds_or_none, to_seconds

COLUMNS = "id, platform, ext_id, name, organization_id, route, status, nature, feed_url, error_count"


def _account(row: tuple[Any, ...]) -> Account:
    return Account(
        id=row[0],
        platform=Platform(row[1]),
        ext_id=row[2],
        name=row[3],
        organization_id=row[4],
        route=Route(row[5]),
        status=Status(row[6]),
        nature=Nature(row[7]),
        feed_url=row[8],
        error_count=row[9],
    )


def add(
    db: sqlite3.Connection,
    *,
    platform: Platform,
    ext_id: str,
    name: str,
    organization_id: int,
    route: Route = Route.NONE,
    nature: Nature = Nature.INSTITUTION,
    filing: Filing = Filing.UNFILED,
    status: Status = Status.ACTIVE,
    feed_url: str = "",
    person: str = "",
    phone: str = "",
    exemption: str = "",
    valid_from: int | None = None,
    seen_at: int,
) -> int:
    """Add one account inside `writing()`, with the dated row that says whose it is; due at once. Gives its id."""
    values = {
        "platform": int(platform),
        "ext_id": ext_id,
        "name": name,
        "organization": organization_id,
        "nature": str(nature),
        "filing": str(filing),
        "status": str(status),
        "route": str(route),
        "feed_url": feed_url,
        "person": person,
        "phone": phone,
        "exemption": exemption,
        "seen": seen_at,
    }
    row = db.execute(
        "INSERT INTO accounts(platform, ext_id, name, organization_id, nature, filing, status, route, feed_url, person, phone, "
        "exemption, seen_at, next_check_at) VALUES(:platform, :ext_id, :name, :organization, :nature, :filing, :status, :route, "
        ":feed_url, :person, :phone, :exemption, :seen, :seen) RETURNING id",
        values,
    ).fetchone()
    affiliate(db, int(row[0]), organization_id, valid_from if valid_from is not None else seen_at, seen_at)
    return int(row[0])


def affiliate(db: sqlite3.Connection, account_id: int, organization_id: int, valid_from: int, seen_at: int) -> None:
    """Record from when an account belongs to a unit. Inside `writing()`; `organizations.rebuild_tree` comes after."""
    values = {"account": account_id, "organization": organization_id, "valid": valid_from, "seen": seen_at}
    db.execute(
        "INSERT INTO affiliations(account_id, organization_id, valid_from, seen_at) "
        "VALUES(:account, :organization, :valid, :seen) ON CONFLICT(account_id, valid_from, seen_at) "
        "DO UPDATE SET organization_id = excluded.organization_id",
        values,
    )
    db.execute("UPDATE accounts SET organization_id = :organization WHERE id = :account", values)
    # Whether a word of a sister account is an answer depends on whose account it is.
    rereads.mark(
        db,
        "c.id IN (SELECT r.comment_id FROM replies r WHERE r.account_id = :account) "
        "OR c.id IN (SELECT r.comment_id FROM responses r WHERE r.account_id = :account)",
        {"account": account_id},
    )


def find(db: sqlite3.Connection, account_id: int) -> Account | None:
    row = db.execute(f"SELECT {COLUMNS} FROM accounts WHERE id = :id", {"id": account_id}).fetchone()
    return _account(row) if row else None


def find_by_key(db: sqlite3.Connection, platform: Platform, ext_id: str) -> Account | None:
    values = {"platform": int(platform), "ext_id": ext_id}
    row = db.execute(f"SELECT {COLUMNS} FROM accounts WHERE platform = :platform AND ext_id = :ext_id", values).fetchone()
    return _account(row) if row else None


def everyone(db: sqlite3.Connection) -> list[Account]:
    """The whole ledger, for finding the accounts that a file names."""
    return [_account(row) for row in db.execute(f"SELECT {COLUMNS} FROM accounts ORDER BY id").fetchall()]


def collected(db: sqlite3.Connection) -> list[Account]:
    """Every active account that some platform or feed can be asked about."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM accounts WHERE status = :active AND route NOT IN ('none', 'files') ORDER BY id",
        {"active": str(Status.ACTIVE)},
    ).fetchall()
    return [_account(row) for row in rows]


def due(db: sqlite3.Connection, now: datetime, limit: int = 1000) -> list[Account]:
    """Who is to be looked at now, longest waiting first. The schedule is a column, so that nothing is due twice or never."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM accounts WHERE status = :active AND route NOT IN ('none', 'files') "
        "AND (next_check_at IS NULL OR next_check_at <= :now) ORDER BY coalesce(next_check_at, 0), id LIMIT :limit",
        {"active": str(Status.ACTIVE), "now": to_seconds(now), "limit": limit},
    ).fetchall()
    return [_account(row) for row in rows]


def next_due(db: sqlite3.Connection) -> datetime | None:
    """When the next account is to be looked at; None when there is none."""
    row = db.execute(
        "SELECT min(next_check_at) FROM accounts WHERE status = :active AND route NOT IN ('none', 'files')",
        {"active": str(Status.ACTIVE)},
    ).fetchone()
    return from_seconds_or_none(row[0])


def put_off(db: sqlite3.Connection, account_id: int, until: datetime) -> None:
    """Not before then. Inside `writing()`. Done *before* a look: one that kills the worker is not repeated at once."""
    sql = "UPDATE accounts SET next_check_at = :at WHERE id = :id"
    db.execute(sql, {"at": to_seconds(until), "id": account_id})


def check_now(db: sqlite3.Connection, account_id: int, now: datetime) -> None:
    """Make an account due at once. Inside `writing()`."""
    put_off(db, account_id, now)


def record_look(
    db: sqlite3.Connection,
    account_id: int,
    at: datetime,
    next_at: datetime,
    interval: int,
    error: str = "",
    kind: str = "",
    saw_posts: tuple[datetime, datetime] | None = None,
    run_id: int | None = None,
) -> None:
    """What the last look came to and when the next one is. Inside `writing()`.

    `saw_posts` is set when the list of posts was read to its end: from when until when it would have shown one. Where the
    first such look begins, there the watch over the account begins; where the newest one ends, there our sight ends. An error
    may stand beside it: a part that failed. `run_id` is the run that looked (None: the newest); its row keeps it.
    """
    since, until = (to_seconds(saw_posts[0]), to_seconds(saw_posts[1])) if saw_posts else (None, None)
    db.execute(
        "UPDATE accounts SET last_check_at = :at, next_check_at = :next, interval_seconds = :interval, last_error = :error, "
        "last_error_kind = :kind, error_count = CASE WHEN :error = '' THEN 0 ELSE error_count + 1 END, "
        "last_ok_at = coalesce(:until, last_ok_at), watched_from = coalesce(watched_from, :since) "
        "WHERE id = :id",
        {
            "at": to_seconds(at),
            "next": to_seconds(next_at),
            "interval": interval,
            "error": error,
            "kind": kind,
            "since": since,
            "until": until,
            "id": account_id,
        },
    )
    runs.note_sight(db, account_id, run_id, None if until is None else (since, until))


def bring_forward(db: sqlite3.Connection, cause: str, pause: int, now: datetime) -> None:
    """A host answers again: accounts that are blind for its network do not sit out their long waits. Inside `writing()`.

    `cause` is how the causes begin; nobody is asked twice within `pause` seconds, whatever others meet meanwhile.
    """
    db.execute(
        "UPDATE accounts SET next_check_at = CASE WHEN last_check_at + :pause > :now THEN last_check_at + :pause ELSE :now END "
        "WHERE next_check_at > :now AND next_check_at > last_check_at + :pause AND id IN (SELECT b.account_id "
        "FROM outages o JOIN outage_accounts b ON b.outage_id = o.id WHERE o.until IS NULL AND b.until IS NULL "
        "AND o.kind = 'network' AND substr(o.cause, 1, :length) = :cause)",
        {"cause": cause, "length": len(cause), "pause": pause, "now": to_seconds(now)},
    )


def last_ok_at(db: sqlite3.Connection, account_id: int) -> datetime | None:
    row = db.execute("SELECT last_ok_at FROM accounts WHERE id = :id", {"id": account_id}).fetchone()
    return from_seconds_or_none(row[0]) if row else None


def waiting_since(db: sqlite3.Connection, account_id: int) -> datetime | None:
    """When an account that was never looked at completely came into the ledger; None once it was."""
    row = db.execute("SELECT seen_at FROM accounts WHERE id = :id AND watched_from IS NULL", {"id": account_id}).fetchone()
    return from_seconds_or_none(row[0]) if row else None


def cursors(db: sqlite3.Connection, account_id: int) -> dict[str, str]:
    """The account's saved positions on its platform."""
    return cursors_of(db, account_id)
