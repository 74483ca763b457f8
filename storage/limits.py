"""Update limits: how many days a subtree may be silent, by which rule, from when; dated rows that are never changed."""

import sqlite3
from datetime import datetime

import pandas as pd

from storage import cutoffs
from storage.batches import bump_version
from storage.moments import to_seconds
from storage.scope import Scope, organizations_in

COLUMNS = ["code", "organization", "days", "basis", "valid_from", "author"]
LONGEST_DAYS = 366


def set_limit(db: sqlite3.Connection, code: str, days: int, basis: str, author: str, now: datetime) -> str:
    """Give a unit and everything below it a limit from now on; gives the unit's name. Inside `writing()`.

    Raises ValueError, a Chinese sentence, for an unknown unit or a number of days that cannot be meant.
    """
    row = db.execute("SELECT id, name FROM organizations WHERE code = :code OR name = :code", {"code": code}).fetchone()
    if row is None:
        raise ValueError(f"台账里没有编码或名称为“{code}”的单位")
    if not 1 <= days <= LONGEST_DAYS:
        raise ValueError(f"更新期限应为 1 到 {LONGEST_DAYS} 天，给出的是 {days}")
    db.execute(
        "INSERT INTO update_limits(organization_id, days, basis, valid_from, seen_at, author) "
        "VALUES(:id, :days, :basis, :at, :seen, :author) ON CONFLICT(organization_id, valid_from, seen_at) "
        "DO UPDATE SET days = excluded.days, basis = excluded.basis",
        {
            "id": row[0],
            "days": days,
            "basis": basis,
            "at": to_seconds(now),
            "seen": cutoffs.after(db, to_seconds(now)),
            "author": author,
        },
    )
    bump_version(db)
    return str(row[1])


def every_limit(db: sqlite3.Connection, scope: Scope) -> pd.DataFrame:
    """Every limit that was set in the scope, newest first. `valid_from` is Unix seconds."""
    condition, values = organizations_in(scope, "o.id")
    rows = db.execute(
        "SELECT o.code, o.name, l.days, l.basis, l.valid_from, l.author FROM update_limits l "
        f"JOIN organizations o ON o.id = l.organization_id WHERE {condition} ORDER BY l.valid_from DESC, o.id",
        values,
    ).fetchall()
    return pd.DataFrame(rows, columns=COLUMNS)
