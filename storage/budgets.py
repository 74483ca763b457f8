"""Budgets: calls charged before they are made, kept in the database, so that a restart cannot spend them twice."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

import pandas as pd

from matrix.run import Budget, CollectError, ErrorKind
from storage.database import writing
from storage.moments import period_end, period_start, to_seconds

COLUMNS = ["scope", "name", "period", "starts_at", "used", "allowed", "spent_at"]
PERIOD_NAMES = {"minute": "每分钟", "hour": "每小时", "day": "每日"}


def charge(db: sqlite3.Connection, lines: Sequence[Budget], now: datetime) -> None:
    """Charge one call to every line, or to none and raise CollectError(QUOTA) with the moment when calls are left again."""
    if not lines:
        return
    with writing(db):
        for line in lines:
            row = db.execute(
                "INSERT INTO budgets(scope, name, period, starts_at, used, allowed) VALUES(:scope, :name, :period, :start, 1, "
                ":allowed) ON CONFLICT(scope, name, period, starts_at) DO UPDATE SET used = budgets.used + 1, "
                "allowed = excluded.allowed RETURNING used, allowed, spent_at",
                _key(line, now) | {"allowed": line.limit},
            ).fetchone()
            if row[0] > row[1] or row[2] is not None:
                raise spent_error(line, now)


def mark_spent(db: sqlite3.Connection, line: Budget, now: datetime) -> None:
    """The platform says that this budget is spent before our own count does: believe the platform until the period ends."""
    with writing(db):
        db.execute(
            "INSERT INTO budgets(scope, name, period, starts_at, used, allowed, spent_at) "
            "VALUES(:scope, :name, :period, :start, 0, :allowed, :now) ON CONFLICT(scope, name, period, starts_at) "
            "DO UPDATE SET spent_at = coalesce(budgets.spent_at, excluded.spent_at)",
            _key(line, now) | {"allowed": line.limit, "now": to_seconds(now)},
        )


def left(db: sqlite3.Connection, line: Budget, now: datetime) -> int:
    """How many calls this line still allows in the current period."""
    row = db.execute(
        "SELECT used, spent_at FROM budgets WHERE scope = :scope AND name = :name AND period = :period AND starts_at = :start",
        _key(line, now),
    ).fetchone()
    if row is None:
        return line.limit
    return 0 if row[1] is not None else max(0, line.limit - row[0])


def spent_error(line: Budget, now: datetime) -> CollectError:
    """The failure that a spent budget is: one cause per budget, so that one notice serves all who share it."""
    ends = period_end(line.period, now)
    sentence = f"接口 {line.name} {PERIOD_NAMES[line.period]}额度 {line.limit} 次已用完，{ends:%m-%d %H:%M} 后自动恢复"
    return CollectError(ErrorKind.QUOTA, sentence, cause=f"{line.scope}:{line.name}:quota", retry_at=ends)


def current(db: sqlite3.Connection, now: datetime) -> pd.DataFrame:
    """The budgets of the periods that `now` lies in, fullest first. `starts_at` and `spent_at` are Unix seconds."""
    frames = []
    for period in PERIOD_NAMES:
        rows = db.execute(
            "SELECT scope, name, period, starts_at, used, allowed, spent_at FROM budgets "
            "WHERE period = :period AND starts_at = :start",
            {"period": period, "start": to_seconds(period_start(period, now))},
        ).fetchall()
        frames += rows
    frames.sort(key=lambda row: -row[4] / max(1, row[5]))
    return pd.DataFrame(frames, columns=COLUMNS)


def forget_old(db: sqlite3.Connection, before: datetime) -> None:
    """Drop periods that ended long ago. Inside `writing()`."""
    db.execute("DELETE FROM budgets WHERE starts_at < :at", {"at": to_seconds(before)})


def _key(line: Budget, now: datetime) -> dict[str, str | int]:
    start = to_seconds(period_start(line.period, now))
    return {"scope": line.scope, "name": line.name, "period": line.period, "start": start}
