"""The calendar of working days as this installation knows it: the legal one with the days that were imported."""

import sqlite3
from collections.abc import Iterable
from datetime import date, datetime

import pandas as pd

from matrix.worktime import Calendar, known_years, legal_calendar, whole_years
from storage.batches import bump_version
from storage.moments import to_seconds
from storage.scope import Scope

YEARS = ["year", "source", "days", "seen_at", "author"]


def calendar(db: sqlite3.Connection) -> Calendar:
    """The legal calendar with what was imported; of several words on a day the newest counts."""
    return legal_calendar(imported(db))


def imported(db: sqlite3.Connection) -> dict[date, bool]:
    """The imported days, True for a working day."""
    rows = db.execute("SELECT day, is_working FROM calendar_days ORDER BY seen_at").fetchall()
    return {date.fromisoformat(day): bool(is_working) for day, is_working in rows}


def save_calendar(db: sqlite3.Connection, rows: Iterable[tuple[date, bool, str]], source: str, author: str, now: datetime) -> int:
    """Add days (day, whether it is worked, name) that count from now on over what was known of them. Inside `writing()`.

    Gives how many days. `source` says what they were taken from.
    """
    said = {"source": source, "seen": to_seconds(now), "author": author}
    values = [said | {"day": day.isoformat(), "working": int(is_working), "name": name} for day, is_working, name in rows]
    db.executemany(
        "INSERT INTO calendar_days(day, is_working, name, source, seen_at, author) "
        "VALUES(:day, :working, :name, :source, :seen, :author) ON CONFLICT(day, seen_at) DO UPDATE SET "
        "is_working = excluded.is_working, name = excluded.name, source = excluded.source, author = excluded.author",
        values,
    )
    bump_version(db)
    return len(values)


def calendar_years(db: sqlite3.Connection, scope: Scope) -> pd.DataFrame:
    """The years whose working days are known, newest first: from which source, how many days were imported, when, by whom.

    The calendar is the same for everybody who may see anything; where nothing was imported `seen_at` is missing and `days` 0.
    """
    if not scope:
        return pd.DataFrame([], columns=YEARS)
    days: dict[int, set[str]] = {}
    newest: dict[int, tuple[str, int, str]] = {}
    for day, *words in db.execute("SELECT day, source, seen_at, author FROM calendar_days ORDER BY seen_at").fetchall():
        days.setdefault(int(day[:4]), set()).add(day)
        newest[int(day[:4])] = (words[0], words[1], words[2])
    first, last = known_years()
    rows = []
    for year in sorted({*range(first, last + 1), *whole_years(imported(db))}, reverse=True):
        source, seen_at, author = newest.get(year, ("", None, ""))
        told = "；".join(filter(None, ("程序自带" if first <= year <= last else "", source)))
        rows.append((year, told, len(days.get(year, ())), seen_at, author))
    return pd.DataFrame(rows, columns=YEARS).astype({"seen_at": "Int64"})
