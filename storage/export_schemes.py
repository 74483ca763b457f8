"""导出方案: a named choice of columns for one kind of rows, one's own or shared with one's unit."""

import json
import sqlite3
from collections.abc import Sequence

import pandas as pd

from matrix.export import KINDS, kept_columns
from storage.batches import bump_version
from storage.scope import Scope, organizations_in

COLUMNS = ["scheme_id", "name", "columns", "is_shared", "owner_login", "owner_name", "saved_at"]
LONGEST = 20


def schemes(db: sqlite3.Connection, scope: Scope, login: str, kind: str) -> pd.DataFrame:
    """One's own and those shared in a unit of the scope; `columns` is a tuple. One's own come first, then by name."""
    inside, values = organizations_in(scope, "s.organization_id")
    rows = db.execute(
        "SELECT s.id, s.name, s.columns, s.is_shared, s.owner_login, s.owner_name, s.saved_at FROM export_schemes s"
        f" WHERE s.kind = :kind AND {inside} AND (s.owner_login = :login OR s.is_shared = 1)"
        " ORDER BY CASE WHEN s.owner_login = :login THEN 0 ELSE 1 END, s.name",
        values | {"kind": kind, "login": login},
    ).fetchall()
    kept = [(*row[:2], kept_columns(kind, json.loads(row[2])), *row[3:]) for row in rows]
    return pd.DataFrame(kept, columns=COLUMNS)


def save(
    db: sqlite3.Connection,
    scope: Scope,
    kind: str,
    name: str,
    columns: Sequence[str],
    is_shared: bool,
    login: str,
    person: str,
    now: int,
) -> int:
    """Keep a choice under a name, in the place of one's own of that name; inside `writing()`. Raises ValueError in Chinese."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST:
        raise ValueError(f"请给方案起一个名称，不超过{LONGEST}个字。")
    if not scope or kind not in KINDS or not set(columns) & set(KINDS[kind].columns):
        raise ValueError("请至少选择一列，再保存为方案。")
    found = db.execute(
        "INSERT INTO export_schemes(organization_id, kind, name, columns, is_shared, owner_login, owner_name, saved_at)"
        " VALUES(:unit, :kind, :name, :columns, :shared, :login, :person, :now) ON CONFLICT(owner_login, kind, name)"
        " DO UPDATE SET columns = excluded.columns, is_shared = excluded.is_shared, organization_id = excluded.organization_id,"
        " saved_at = excluded.saved_at RETURNING id",
        {
            "unit": scope[0],
            "kind": kind,
            "name": name,
            "columns": json.dumps(list(kept_columns(kind, columns)), ensure_ascii=False),
            "shared": int(is_shared),
            "login": login,
            "person": person,
            "now": now,
        },
    ).fetchone()
    bump_version(db)
    return int(found[0])


def drop(db: sqlite3.Connection, scheme_id: int, login: str) -> None:
    """Drop one's own scheme, inside `writing()`. Raises ValueError for another's."""
    sql = "DELETE FROM export_schemes WHERE id = :id AND owner_login = :login"
    if not db.execute(sql, {"id": scheme_id, "login": login}).rowcount:
        raise ValueError("这个方案不是您保存的，不能删除；可以另存一个自己的。")
    bump_version(db)
