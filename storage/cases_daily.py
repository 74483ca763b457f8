"""日清日结台账: what came in, what was settled and what is carried over on each day, by unit, with the rows behind it."""

import sqlite3

import numpy as np
import pandas as pd

from storage.cases_book import LONGEST, load
from storage.cases_queue import ROWS, listing
from storage.cases_soon import KEEP_DAYS
from storage.moments import OFFSET, beijing_day
from storage.scope import Scope

PARTS = ("brought", "received", "reopened", "settled", "aged", "carried", "overdue", "unknown")
COLUMNS = ["day", "organization_id", "organization", *PARTS]
"""`day`: Beijing days since the epoch. On every day and unit brought + received + reopened - settled - aged = carried.

received: matters asked on that day. settled: brought or received, and settled at its end (by an answer, or by a step of a
person). reopened: settled the day before, open again. aged: without an answer for KEEP_DAYS days, no longer carried.
overdue, unknown: of those carried, past their due time and known to be unanswered then; not to be told.
"""

WORDS = {
    "brought": "上日结转",
    "received": "收到",
    "reopened": "重新打开",
    "settled": "办结",
    "aged": f"满{KEEP_DAYS}日移出",
    "carried": "结转",
    "overdue": "其中超时",
    "unknown": "其中情况不明",
}


def days_of(since: int, until: int) -> tuple[int, int]:
    """(first Beijing day, number of days) of a period in Unix seconds. Raises ValueError when it is too long for the book."""
    first = beijing_day(since)
    days = max(1, beijing_day(until - 1) - first + 1)
    if days > LONGEST:
        raise ValueError(f"台账一次最多查看{LONGEST}天，请缩短时段。")
    return first, days


def daily(db: sqlite3.Connection, scope: Scope, *, since: int, until: int, now: int, organization_id: int = 0) -> pd.DataFrame:
    """The book by day and unit, newest day first; a unit without any matter on a day has no row. Moments are Unix seconds.

    The unit is that of the account today. `organization_id` narrows it to one unit and those below.
    """
    first, days = days_of(since, until)
    if not scope:
        return pd.DataFrame([], columns=COLUMNS)
    book = load(db, narrowed(db, scope, organization_id), first, days, now)
    accounts, starts = np.unique(book.accounts, return_index=True)
    if not len(accounts):
        return pd.DataFrame([], columns=COLUMNS)
    owners = dict(db.execute("SELECT id, organization_id FROM accounts").fetchall())
    names = dict(db.execute("SELECT id, name FROM organizations").fetchall())
    units, place = np.unique([owners[account] for account in accounts.tolist()], return_inverse=True)
    table = np.zeros((len(units), days, len(PARTS)), dtype=np.int64)
    for number, is_part in enumerate(book.parts().values()):
        np.add.at(table[:, :, number], place, np.add.reduceat(is_part, starts, axis=1, dtype=np.int64).T)
    unit, day = np.nonzero(table.any(axis=2))
    frame = pd.DataFrame(table[unit, day], columns=list(PARTS))
    frame.insert(0, "organization", [names[one] for one in units[unit].tolist()])
    frame.insert(0, "organization_id", units[unit])
    frame.insert(0, "day", first + day)
    return frame.sort_values(["day", "organization_id"], ascending=[False, True], ignore_index=True)


def daily_rows(
    db: sqlite3.Connection, scope: Scope, *, day: int, part: str, now: int, organization_id: int = 0, limit: int = 500
) -> pd.DataFrame:
    """The matters behind one number of the book, oldest first; columns of the queue. Texts and names are raw: mask them."""
    if not scope or part not in PARTS:
        return pd.DataFrame([], columns=ROWS)
    book = load(db, narrowed(db, scope, organization_id), day, 1, now)
    ids = np.sort(book.ids[book.parts()[part][0]])
    return listing(db, scope, ids=tuple(ids[:limit].tolist()))


def narrowed(db: sqlite3.Connection, scope: Scope, organization_id: int) -> Scope:
    """One unit as a scope, where it lies inside the viewer's; else nothing."""
    if not organization_id:
        return scope
    marks = ", ".join(f":scope{place}" for place in range(len(scope)))
    inside = db.execute(
        f"SELECT 1 FROM organization_up WHERE organization_id = :unit AND ancestor_id IN ({marks}) LIMIT 1",
        {"unit": organization_id, **{f"scope{place}": unit for place, unit in enumerate(scope)}},
    ).fetchone()
    return (organization_id,) if inside else ()


def start_of(day: int) -> int:
    """Unix seconds at which a Beijing day begins."""
    return day * 86400 - OFFSET
