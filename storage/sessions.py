"""Sign-ins that are open: the browser holds a token, the row only its SHA-256."""

import hashlib
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from matrix.people import Person
from storage.moments import from_seconds, to_seconds
from storage.people import PERSON_COLUMNS, read_person


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in of one person in one browser."""

    digest: str
    person: Person
    started_at: datetime
    used_at: datetime
    address: str


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def begin(db: sqlite3.Connection, person_id: int, now: datetime, address: str) -> str:
    """Open a session inside the caller's transaction; answers with the token, which is not kept."""
    token = secrets.token_urlsafe(32)
    db.execute(
        "INSERT INTO sessions(digest, person_id, started_at, used_at, address) VALUES(:digest, :person, :now, :now, :address)",
        {"digest": digest_of(token), "person": person_id, "now": to_seconds(now), "address": address},
    )
    return token


def find(db: sqlite3.Connection, token: str, now: datetime, idle_minutes: int, session_hours: int) -> Session | None:
    """The open session of a token; None when it never was, has ended, was idle or open too long, or its person is disabled."""
    row = db.execute(
        f"SELECT s.digest, s.started_at, s.used_at, s.address, {PERSON_COLUMNS}"
        " FROM sessions s JOIN people p ON p.id = s.person_id"
        " WHERE s.digest = :digest AND s.ended_at IS NULL AND p.disabled_at IS NULL"
        " AND s.used_at > :idle AND s.started_at > :oldest",
        {
            "digest": digest_of(token),
            "idle": to_seconds(now - timedelta(minutes=idle_minutes)),
            "oldest": to_seconds(now - timedelta(hours=session_hours)),
        },
    ).fetchone()
    if row is None:
        return None
    return Session(row[0], read_person(row[4:]), from_seconds(row[1]), from_seconds(row[2]), row[3])


def touch(db: sqlite3.Connection, digest: str, now: datetime) -> None:
    """A person did something: the idle clock starts anew."""
    db.execute(
        "UPDATE sessions SET used_at = :now WHERE digest = :digest AND ended_at IS NULL AND used_at < :now",
        {"digest": digest, "now": to_seconds(now)},
    )


def end(db: sqlite3.Connection, digest: str, now: datetime, why: str) -> bool:
    """End one session; False when it had ended before."""
    done = db.execute(
        "UPDATE sessions SET ended_at = :now, why_ended = :why WHERE digest = :digest AND ended_at IS NULL",
        {"digest": digest, "now": to_seconds(now), "why": why},
    )
    return done.rowcount == 1


def end_all(db: sqlite3.Connection, person_id: int, now: datetime, why: str, but: str = "") -> int:
    """End every session of a person but the one named; answers with how many ended."""
    done = db.execute(
        "UPDATE sessions SET ended_at = :now, why_ended = :why WHERE person_id = :person AND ended_at IS NULL AND digest <> :but",
        {"person": person_id, "now": to_seconds(now), "why": why, "but": but},
    )
    return done.rowcount


def before_this(db: sqlite3.Connection, session: Session) -> datetime | None:
    """When the person was last here before this sign-in: the last act of the sessions that began earlier."""
    row = db.execute(
        "SELECT max(used_at) FROM sessions WHERE person_id = :person AND started_at < :started AND digest <> :digest",
        {"person": session.person.id, "started": to_seconds(session.started_at), "digest": session.digest},
    ).fetchone()
    return from_seconds(row[0]) if row and row[0] is not None else None


def open_now(db: sqlite3.Connection, now: datetime, idle_minutes: int, session_hours: int) -> list[Session]:
    """Every session that is open, the latest act first."""
    rows = db.execute(
        f"SELECT s.digest, s.started_at, s.used_at, s.address, {PERSON_COLUMNS}"
        " FROM sessions s JOIN people p ON p.id = s.person_id"
        " WHERE s.ended_at IS NULL AND s.used_at > :idle AND s.started_at > :oldest ORDER BY s.used_at DESC",
        {
            "idle": to_seconds(now - timedelta(minutes=idle_minutes)),
            "oldest": to_seconds(now - timedelta(hours=session_hours)),
        },
    ).fetchall()
    return [Session(row[0], read_person(row[4:]), from_seconds(row[1]), from_seconds(row[2]), row[3]) for row in rows]
