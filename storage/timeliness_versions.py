"""By which versions of the rules of reading the matters of a period were recognised: stands beside every figure of them."""

import sqlite3

import pandas as pd

from storage.scope import Scope, accounts_in

COLUMNS = ["subject", "first", "last"]


def versions(db: sqlite3.Connection, scope: Scope, since: int, until: int, organization_id: int = 0) -> pd.DataFrame:
    """`subject` 诉求 or 回复 with the version that read the oldest and the newest of them in [since, until), Unix seconds.

    The matters are walked along the index of time until the first one of the scope, so that it costs nothing beside the
    figures; no row where nothing was read.
    """
    mine, values = accounts_in(scope, "+r.account_id")
    if organization_id:
        mine += " AND r.account_id IN (SELECT w.account_id FROM account_up w WHERE w.ancestor_id = :root)"
    values |= {"since": since, "until": until, "root": organization_id}
    rows = []
    for subject, table, key in (("诉求", "appeals", "comment_id"), ("回复", "replies", "first_id")):
        ends = [
            db.execute(
                f"SELECT t.read_by FROM {table} t WHERE t.comment_id = (SELECT r.{key} FROM responses r"
                f" WHERE r.asked_at >= :since AND r.asked_at < :until AND r.{key} IS NOT NULL AND {mine}"
                f" ORDER BY r.asked_at {order} LIMIT 1)",
                values,
            ).fetchone()
            for order in ("ASC", "DESC")
        ]
        if ends[0] and ends[1]:
            rows.append((subject, ends[0][0], ends[1][0]))
    return pd.DataFrame(rows, columns=COLUMNS)
