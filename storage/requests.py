"""Requests: what a page asks of the worker, and what the worker answered; pages never reach into collectors."""

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.batches import bump_version
from storage.database import writing
from storage.moments import to_seconds

ATTEMPTS = 3


class AnswerError(Exception):
    """The request cannot be done; the text is the Chinese sentence that its asker reads."""


@dataclass(frozen=True, slots=True)
class Request:
    id: int
    verb: str
    payload: dict[str, Any]
    asked_by: str
    outcome: str
    answer: dict[str, Any]
    is_done: bool


def ask(db: sqlite3.Connection, verb: str, payload: dict[str, Any], by: str, now: datetime) -> int:
    """Leave a request for the worker; gives its id, under which the answer will be found."""
    values = {"verb": verb, "payload": json.dumps(payload, ensure_ascii=False), "by": by, "at": to_seconds(now)}
    sql = "INSERT INTO requests(verb, payload, asked_by, asked_at) VALUES(:verb, :payload, :by, :at) RETURNING id"
    with writing(db):
        request_id = int(db.execute(sql, values).fetchone()[0])
        bump_version(db)
    return request_id


def take(db: sqlite3.Connection, now: datetime, only: Collection[str] = (), without: Collection[str] = ()) -> Request | None:
    """The oldest request that nobody has taken, now taken by the caller; of some verbs only, or of all but some."""
    names = {f"verb{place}": verb for place, verb in enumerate(only or without)}
    marks = f"AND verb {'IN' if only else 'NOT IN'} ({', '.join(f':{name}' for name in names)}) " if names else ""
    with writing(db):
        row = db.execute(f"SELECT id FROM requests WHERE taken_at IS NULL {marks}ORDER BY asked_at, id LIMIT 1", names).fetchone()
        if row is None:
            return None
        db.execute(
            "UPDATE requests SET taken_at = :at, attempts = attempts + 1 WHERE id = :id", {"at": to_seconds(now), "id": row[0]}
        )
    return find(db, row[0])


def answer(db: sqlite3.Connection, request_id: int, outcome: str, content: dict[str, Any], now: datetime) -> None:
    """Close a request with `ok` or `failed` and an answer (a Chinese `sentence` at least)."""
    values = {
        "id": request_id,
        "outcome": outcome,
        "answer": json.dumps(content, ensure_ascii=False),
        "at": to_seconds(now),
    }
    with writing(db):
        db.execute("UPDATE requests SET done_at = :at, outcome = :outcome, answer = :answer WHERE id = :id", values)
        bump_version(db)


def note_progress(db: sqlite3.Connection, request_id: int, percent: int) -> None:
    """Say in an open request how far its answer is; no page but the asker's looks at it. Inside `writing()`."""
    content = {"id": request_id, "answer": json.dumps({"percent": percent})}
    db.execute("UPDATE requests SET answer = :answer WHERE id = :id AND done_at IS NULL", content)


def find(db: sqlite3.Connection, request_id: int) -> Request | None:
    row = db.execute(
        "SELECT id, verb, payload, asked_by, outcome, answer, done_at FROM requests WHERE id = :id", {"id": request_id}
    ).fetchone()
    if row is None:
        return None
    content = json.loads(row[5]) if row[5] else {}
    return Request(row[0], row[1], json.loads(row[2]), row[3], row[4], content, row[6] is not None)


def reopen_taken(db: sqlite3.Connection, now: datetime) -> int:
    """Requests that a killed worker had taken and not answered are asked anew. Inside `writing()`.

    One that was in hand at the end of ATTEMPTS workers is answered with a failure: it may be what kills them.
    """
    sentence = f"采集程序处理这项请求时{ATTEMPTS}次中途退出，已不再重试；请把文件或操作告知维护人员"
    db.execute(
        "UPDATE requests SET done_at = :now, outcome = 'failed', answer = :answer "
        "WHERE taken_at IS NOT NULL AND done_at IS NULL AND attempts >= :most",
        {"now": to_seconds(now), "answer": json.dumps({"sentence": sentence}, ensure_ascii=False), "most": ATTEMPTS},
    )
    return db.execute("UPDATE requests SET taken_at = NULL WHERE taken_at IS NOT NULL AND done_at IS NULL").rowcount


def forget_contents(db: sqlite3.Connection, before: datetime) -> int:
    """Empty what was sent with requests that were answered long ago: files with names and phone numbers. Inside `writing()`."""
    return db.execute(
        "UPDATE requests SET payload = '{}' WHERE done_at IS NOT NULL AND done_at < :at AND payload <> '{}'",
        {"at": to_seconds(before)},
    ).rowcount
