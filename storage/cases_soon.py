"""What falls due next: how many open appeals of a scope are overdue or nearly so, and the one that has waited longest."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from storage.moments import to_seconds
from storage.scope import Scope, accounts_among

KEEP_DAYS = 30
"""How long an appeal without an answer stays in the daily book; older ones are counted apart."""

SOON_SECONDS = 4 * 3600


@dataclass(frozen=True, slots=True)
class Soon:
    """`count` open appeals are due by then: `overdue` of them known to be unanswered at their due time, `unknown` past it
    in threads that are not held so far. `unruled` have no rule, `undated` a rule but no loaded calendar. `oldest_due` is in
    Unix seconds; None where nothing is due."""

    count: int = 0
    overdue: int = 0
    unknown: int = 0
    unruled: int = 0
    undated: int = 0
    oldest_id: int | None = None
    oldest_due: int | None = None
    oldest_account: str = ""


OPEN = (
    "FROM responses r LEFT JOIN cases k ON k.comment_id = r.comment_id WHERE r.answer_at IS NULL AND r.is_late IS NULL "
    "AND r.asked_at >= :since AND (k.comment_id IS NULL OR k.step_id = 0 OR k.state IN ('待办', '转办', '办理中')) "
    "AND k.bound_to IS NULL AND "
)
"""Only what the index of open matters covers, so that no row need be looked up."""

EARLIEST = OPEN.replace("r.asked_at", "+r.asked_at")
"""The same along the index of due times, none of which comes before its question."""


def waiting_soon(db: sqlite3.Connection, scope: Scope, now: datetime, within_seconds: int = SOON_SECONDS) -> Soon:
    """Open appeals received in the last KEEP_DAYS that are due within so many seconds or overdue.

    Not counted: what the clock of its rule has stopped, what is settled, and what is bound to another case.
    """
    mine, values = accounts_among(db, scope, "+r.account_id")
    if not scope:
        return Soon()
    moment = to_seconds(now)
    values = values | {"since": moment - KEEP_DAYS * 86400, "now": moment, "until": moment + within_seconds}
    row = db.execute(
        "SELECT coalesce(sum(CASE WHEN r.due_at < :until THEN 1 ELSE 0 END), 0), "
        "coalesce(sum(CASE WHEN r.due_at < :now AND r.known_until >= r.due_at THEN 1 ELSE 0 END), 0), "
        "coalesce(sum(CASE WHEN r.due_at < :now AND coalesce(r.known_until, 0) < r.due_at THEN 1 ELSE 0 END), 0), "
        "coalesce(sum(CASE WHEN r.due_at IS NULL AND r.rule_id IS NULL THEN 1 ELSE 0 END), 0), "
        "coalesce(sum(CASE WHEN r.due_at IS NULL AND r.rule_id IS NOT NULL THEN 1 ELSE 0 END), 0) "
        f"{OPEN} {mine} AND (+r.due_at < :until OR +r.due_at IS NULL)",
        values,
    ).fetchone()
    if not row[0]:
        return Soon(*row)
    oldest = db.execute(
        f"SELECT r.comment_id, r.due_at, r.account_id {EARLIEST} {mine} AND r.due_at >= :since AND r.due_at < :until "
        "ORDER BY r.due_at, r.asked_at LIMIT 1",
        values,
    ).fetchone()
    account = db.execute("SELECT name FROM accounts WHERE id = :id", {"id": oldest[2]}).fetchone()[0]
    return Soon(*row, oldest[0], oldest[1], account)
