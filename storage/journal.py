"""Who did what, when, from where: lines chained by hash, appended and never changed or deleted."""

import hashlib
import json
import sqlite3
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime

from storage.database import writing
from storage.moments import from_seconds, to_seconds

BEGINNING = "0" * 64
HEAD = "journal_head"
LONGEST = 2000

DONE = "成功"
REFUSED = "拒绝"


@dataclass(frozen=True, slots=True)
class Line:
    """One act as it was noted."""

    id: int
    at: datetime
    actor: str
    act: str
    subject: str
    detail: str
    outcome: str
    address: str


def digest_of(previous: str, fields: tuple[int | str, ...]) -> str:
    """SHA-256 over the previous digest and the fields; JSON keeps their borders, so no two lines read the same."""
    return hashlib.sha256(f"{previous}|{json.dumps(fields, ensure_ascii=True)}".encode()).hexdigest()


def note(
    db: sqlite3.Connection,
    *,
    at: datetime,
    actor: str,
    act: str,
    subject: str = "",
    detail: str = "",
    outcome: str = DONE,
    address: str = "",
) -> int:
    """Append one line, in the transaction that is open or in one of its own; answers with its number."""
    with nullcontext(db) if db.in_transaction else writing(db):
        last = db.execute("SELECT id, digest FROM journal ORDER BY id DESC LIMIT 1").fetchone()
        number, previous = (last[0] + 1, last[1]) if last else (1, BEGINNING)
        texts = [text[:LONGEST] for text in (actor, act, subject, detail, outcome, address)]
        digest = digest_of(previous, (number, to_seconds(at), *texts))
        db.execute(
            "INSERT INTO journal(id, at, actor, act, subject, detail, outcome, address, previous, digest)"
            " VALUES(:id, :at, :actor, :act, :subject, :detail, :outcome, :address, :previous, :digest)",
            {
                "id": number,
                "at": to_seconds(at),
                **dict(zip(("actor", "act", "subject", "detail", "outcome", "address"), texts, strict=True)),
                "previous": previous,
                "digest": digest,
            },
        )
        db.execute(
            "INSERT INTO marks(name, value) VALUES(:name, :value) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
            {"name": HEAD, "value": f"{number}:{digest}"},
        )
    return number


def verify(db: sqlite3.Connection) -> int | None:
    """Number of the first line that was changed, removed, added or moved by another hand; None when the chain is whole."""
    expected, previous = 1, BEGINNING
    rows = db.execute(
        "SELECT id, at, actor, act, subject, detail, outcome, address, previous, digest FROM journal ORDER BY id"
    ).fetchall()
    for *fields, stated, digest in rows:
        if fields[0] != expected or stated != previous or digest != digest_of(previous, tuple(fields)):
            return min(expected, fields[0])
        expected, previous = expected + 1, digest
    head = db.execute("SELECT value FROM marks WHERE name = :name", {"name": HEAD}).fetchone()
    stated_head = head[0] if head else f"0:{BEGINNING}"
    if stated_head != f"{expected - 1}:{previous}":
        # Lines were cut off at the end: the first that is missing, or the last one where only the head was touched.
        number = stated_head.partition(":")[0]
        return expected if number.isdigit() and int(number) >= expected else max(1, expected - 1)
    return None


def count(db: sqlite3.Connection) -> int:
    return db.execute("SELECT count(*) FROM journal").fetchone()[0]


def lines(db: sqlite3.Connection, act: str = "", actor: str = "", before: int | None = None, limit: int = 100) -> list[Line]:
    """The newest lines first, those numbered below `before`; `act` and `actor` narrow it to one kind of act or one person."""
    rows = db.execute(
        "SELECT id, at, actor, act, subject, detail, outcome, address FROM journal"
        " WHERE (:act = '' OR act = :act) AND (:actor = '' OR actor = :actor) AND id < :before"
        " ORDER BY id DESC LIMIT :limit",
        {"act": act, "actor": actor, "before": 2**62 if before is None else before, "limit": limit},
    ).fetchall()
    return [Line(row[0], from_seconds(row[1]), *row[2:]) for row in rows]


def acts(db: sqlite3.Connection) -> list[str]:
    """The kinds of act that occur."""
    return [row[0] for row in db.execute("SELECT DISTINCT act FROM journal ORDER BY act").fetchall()]
