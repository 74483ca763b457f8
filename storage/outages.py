"""Outages (采集中断): since when we are blind, for which cause and which accounts; one cause is one row."""

import sqlite3
from datetime import datetime

import pandas as pd

from matrix.run import CollectError
from storage.moments import to_seconds
from storage.scope import Scope, accounts_in

COLUMNS = ["outage_id", "cause", "kind", "sentence", "since", "until", "account_id", "account", "organization", "blind_since"]


def open_for(db: sqlite3.Connection, account_id: int, error: CollectError, since: datetime, now: datetime) -> None:
    """Note that this account cannot be seen for this cause. Inside `writing()`; the same cause again adds nothing.

    `since` is when it was first looked at in vain. An account is blind for one cause at a time, the newest one; when the cause
    changes, the account's row keeps the moment since when it is blind.
    """
    mine = db.execute(
        "SELECT outage_id, since FROM outage_accounts WHERE account_id = :account AND until IS NULL", {"account": account_id}
    ).fetchone()
    begin = to_seconds(since if mine is None else now)
    row = db.execute("SELECT id FROM outages WHERE cause = :cause AND until IS NULL", {"cause": error.cause}).fetchone()
    values = {"cause": error.cause, "kind": str(error.kind), "sentence": error.sentence, "at": begin, "seen": to_seconds(now)}
    if row is None:
        row = db.execute(
            "INSERT INTO outages(cause, kind, sentence, since, seen_at) VALUES(:cause, :kind, :sentence, :at, :seen) "
            "RETURNING id",
            values,
        ).fetchone()
    else:
        sql = "UPDATE outages SET sentence = :sentence, kind = :kind WHERE id = :id AND sentence <> :sentence"
        db.execute(sql, values | {"id": row[0]})
    if mine is not None and mine[0] == row[0]:
        return
    _close(db, account_id, to_seconds(now))
    db.execute(
        "INSERT INTO outage_accounts(outage_id, account_id, since) VALUES(:outage, :account, :at) "
        "ON CONFLICT(outage_id, account_id, since) DO UPDATE SET until = NULL",
        {"outage": row[0], "account": account_id, "at": begin if mine is None else mine[1]},
    )


def close_for(db: sqlite3.Connection, account_id: int, at: datetime) -> None:
    """The account can be seen again. Inside `writing()`; a cause that blinds nobody any more ends."""
    _close(db, account_id, to_seconds(at))


def _close(db: sqlite3.Connection, account_id: int, now: int) -> None:
    values = {"account": account_id, "at": now}
    rows = db.execute("SELECT outage_id FROM outage_accounts WHERE account_id = :account AND until IS NULL", values).fetchall()
    db.execute("UPDATE outage_accounts SET until = :at WHERE account_id = :account AND until IS NULL", values)
    for (outage_id,) in rows:
        db.execute(
            "UPDATE outages SET until = :at WHERE id = :id AND until IS NULL AND NOT EXISTS "
            "(SELECT 1 FROM outage_accounts o WHERE o.outage_id = :id AND o.until IS NULL)",
            {"id": outage_id, "at": now},
        )


def blind_since(db: sqlite3.Connection, account_id: int) -> int | None:
    """Unix seconds since when the account cannot be seen without a gap, None when it can."""
    row = db.execute(
        "SELECT min(since) FROM outage_accounts WHERE account_id = :id AND until IS NULL", {"id": account_id}
    ).fetchone()
    return row[0]


def current(db: sqlite3.Connection, scope: Scope) -> pd.DataFrame:
    """Open outages with the accounts of the scope that they blind, oldest first. Times are Unix seconds."""
    condition, values = accounts_in(scope, "oa.account_id")
    rows = db.execute(
        "SELECT o.id, o.cause, o.kind, o.sentence, o.since, o.until, a.id, a.name, g.name, oa.since "
        "FROM outages o JOIN outage_accounts oa ON oa.outage_id = o.id AND oa.until IS NULL "
        "JOIN accounts a ON a.id = oa.account_id JOIN organizations g ON g.id = a.organization_id "
        f"WHERE o.until IS NULL AND {condition} ORDER BY o.since, o.id, a.id",
        values,
    ).fetchall()
    return pd.DataFrame(rows, columns=COLUMNS)
