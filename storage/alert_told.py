"""To whom an alert was told: the notices of its moves, in every channel of the scope."""

import sqlite3

import pandas as pd

from storage.alert_rows import visible
from storage.scope import Scope, organizations_in

TOLD = ["title", "created_at", "channel", "kind", "state", "due_at", "settled_at"]


def told(db: sqlite3.Connection, scope: Scope, *, alert_id: int) -> pd.DataFrame:
    """The notices of an alert, `alert:<key>:<level>`, with how each stands in the channels of the scope."""
    seen, values = visible(scope)
    mine, _ = organizations_in(scope, "c.organization_id")
    about, _ = organizations_in(scope, "n.organization_id")
    rows = db.execute(
        "SELECT n.title, n.created_at, c.name, c.kind, d.state, coalesce(p.due_at, d.due_at), p.settled_at FROM alerts a "
        "JOIN notices n ON n.key >= 'alert:' || a.key || ':' AND n.key < 'alert:' || a.key || ';' "
        "JOIN deliveries d ON d.notice_id = n.id JOIN channels c ON c.id = d.channel_id "
        f"LEFT JOIN dispatches p ON p.id = d.dispatch_id WHERE a.id = :alert AND {seen} AND {mine} AND {about} "
        "ORDER BY n.created_at, c.id",
        values | {"alert": alert_id},
    ).fetchall()
    return pd.DataFrame(rows, columns=TOLD)
