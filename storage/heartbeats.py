"""Heartbeats: which worker lives, since when, and what it is doing; one worker at a time per database."""

import os
import socket
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.database import writing
from storage.moments import from_seconds, to_seconds

PROGRAM = "worker"
MISSED_BEATS = 6
"""A worker that has missed this many beats is taken for dead."""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    pid: int
    host: str
    started_at: datetime
    beat_at: datetime
    is_stopped: bool
    doing: str


def find(db: sqlite3.Connection) -> Heartbeat | None:
    row = db.execute(
        "SELECT pid, host, started_at, beat_at, stopped_at, doing FROM heartbeats WHERE program = :program", {"program": PROGRAM}
    ).fetchone()
    if row is None:
        return None
    return Heartbeat(row[0], row[1], from_seconds(row[2]), from_seconds(row[3]), row[4] is not None, row[5])


def is_alive(beat: Heartbeat | None, now: datetime, every_seconds: float) -> bool:
    """Whether the worker beat lately enough; `now` and the beat are of the same clock."""
    if beat is None or beat.is_stopped:
        return False
    return now - beat.beat_at <= timedelta(seconds=max(30.0, every_seconds * MISSED_BEATS))


def beat(db: sqlite3.Connection, now: datetime, doing: str, *, is_start: bool = False) -> None:
    """Say that this process works. Its own transaction."""
    values = {"program": PROGRAM, "pid": os.getpid(), "host": socket.gethostname(), "at": to_seconds(now), "doing": doing}
    started = "excluded.started_at" if is_start else "heartbeats.started_at"
    with writing(db):
        db.execute(
            "INSERT INTO heartbeats(program, pid, host, started_at, beat_at, doing) "
            "VALUES(:program, :pid, :host, :at, :at, :doing) "
            f"ON CONFLICT(program) DO UPDATE SET pid = excluded.pid, host = excluded.host, started_at = {started}, "
            "beat_at = excluded.beat_at, stopped_at = NULL, doing = excluded.doing",
            values,
        )


def stop(db: sqlite3.Connection, now: datetime) -> None:
    """Say that this process ended on purpose. Its own transaction."""
    values = {"program": PROGRAM, "at": to_seconds(now), "pid": os.getpid()}
    with writing(db):
        db.execute("UPDATE heartbeats SET stopped_at = :at, doing = '' WHERE program = :program AND pid = :pid", values)
