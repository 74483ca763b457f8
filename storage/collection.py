"""How collecting goes, for the people who look after it: runs, what the next hour costs, what was asked of the worker."""

import json
import sqlite3
from datetime import datetime
from typing import Any

import pandas as pd

from matrix.account import Route
from storage import budgets
from storage.moments import to_seconds
from storage.scope import Scope, accounts_in

RUN_COLUMNS = [
    "run_id",
    "started_at",
    "finished_at",
    "account",
    "platform",
    "route",
    "outcome",
    "error_kind",
    "sentence",
    "posts_seen",
    "posts_new",
    "comments_seen",
    "comments_new",
    "calls",
]
REQUEST_COLUMNS = ["request_id", "verb", "asked_by", "asked_at", "taken_at", "done_at", "outcome", "sentence"]
COST_DAYS = 7


def runs(db: sqlite3.Connection, scope: Scope, outcome: str = "", account_id: int = 0, limit: int = 100) -> pd.DataFrame:
    """The newest runs; `outcome` ok, partial, failed or empty for all. Times are Unix seconds."""
    mine, values = accounts_in(scope, "r.account_id")
    one = "AND r.account_id = :account" if account_id else ""
    rows = db.execute(
        "SELECT r.id, r.started_at, r.finished_at, a.name, a.platform, r.route, r.outcome, r.error_kind, r.sentence,"
        " r.posts_seen, r.posts_new, r.comments_seen, r.comments_new, r.calls FROM runs r"
        f" JOIN accounts a ON a.id = r.account_id WHERE {mine} AND (:outcome = '' OR r.outcome = :outcome)"
        f" {one} ORDER BY r.started_at DESC, r.id DESC LIMIT :limit",
        values | {"outcome": outcome, "limit": limit} | ({"account": account_id} if account_id else {}),
    ).fetchall()
    return pd.DataFrame(rows, columns=RUN_COLUMNS)


def looks(db: sqlite3.Connection, scope: Scope, now: datetime) -> dict[Route, list[tuple[int, float | None]]]:
    """By route, for each account that is collected: seconds between looks, and what a look cost of late (calls)."""
    mine, values = accounts_in(scope, "a.id")
    rows = db.execute(
        "SELECT a.route, a.interval_seconds, (SELECT avg(r.calls) FROM runs r WHERE r.account_id = a.id"
        " AND r.started_at >= :since AND r.outcome = 'ok') FROM accounts a"
        f" WHERE {mine} AND a.status = '正常运行' AND a.route NOT IN ('none', 'files') ORDER BY a.id",
        values | {"since": to_seconds(now) - COST_DAYS * 86400},
    ).fetchall()
    found: dict[Route, list[tuple[int, float | None]]] = {}
    for route, interval, calls in rows:
        found.setdefault(Route(route), []).append((interval or 0, calls))
    return found


def budgets_now(db: sqlite3.Connection, scope: Scope, now: datetime) -> pd.DataFrame:
    """The budgets that run now and concern the scope: those of its accounts, and those that all share when it has any."""
    frame = budgets.current(db, now)
    mine, values = accounts_in(scope, "a.id")
    names = dict(db.execute(f"SELECT a.id, a.name FROM accounts a WHERE {mine}", values).fetchall())
    owners = [int(text.partition(":")[2]) if text.startswith("account:") else None for text in frame["scope"]]
    frame["owner"] = [names.get(owner, "") if owner is not None else "全部账号共用" for owner in owners]
    return frame[(frame["owner"] != "") & bool(names)].reset_index(drop=True)


def sentence_of(answer: str) -> str:
    content: dict[str, Any] = json.loads(answer) if answer else {}
    return str(content.get("sentence", ""))
