"""The incidents that a special report may be made about, open and closed."""

import sqlite3

import pandas as pd

from storage.scope import Scope, organizations_in

COLUMNS = ["id", "title", "organization_id", "organization", "began_at", "state"]
LISTED = 50


def matters(db: sqlite3.Connection, scope: Scope) -> pd.DataFrame:
    """The newest incidents of the scope; `began_at` is when it occurred, or was detected where that is not known."""
    mine, values = organizations_in(scope, "i.organization_id")
    rows = db.execute(
        "SELECT i.id, i.title, i.organization_id, o.name, coalesce(i.occurred_at, i.detected_at), i.state FROM incidents i "
        f"JOIN organizations o ON o.id = i.organization_id WHERE {mine} ORDER BY i.id DESC LIMIT :limit",
        values | {"limit": LISTED},
    ).fetchall()
    return pd.DataFrame(rows, columns=COLUMNS)


def began_at(db: sqlite3.Connection, scope: Scope, *, incident_id: int) -> int | None:
    """When one incident of the scope occurred, or was detected; None where there is none. Unix seconds."""
    mine, values = organizations_in(scope, "i.organization_id")
    row = db.execute(
        f"SELECT coalesce(i.occurred_at, i.detected_at) FROM incidents i WHERE i.id = :id AND {mine}",
        values | {"id": incident_id},
    ).fetchone()
    return None if row is None else int(row[0])
