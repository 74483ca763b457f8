"""The verdict on every account of a scope: does it post, does it not, or can we not see it."""

import sqlite3
from datetime import datetime
from typing import Any

import pandas as pd

from matrix.account import Nature, Route, Status
from matrix.inspection import Judgement, Watch, judge_silence
from storage.moments import from_seconds_or_none, to_seconds
from storage.scope import Scope, accounts_in

COLUMNS = [
    "account_id",
    "account",
    "platform",
    "organization_id",
    "organization",
    "route",
    "verdict",
    "reason",
    "due_at",
    "last_post_at",
    "blind_since",
    "last_check_at",
    "last_ok_at",
    "next_check_at",
    "interval_seconds",
    "last_error",
    "person",
    "phone",
]

QUESTION = """
SELECT a.id, a.name, a.platform, a.organization_id, o.name, a.route, a.status, a.exemption, a.last_post_at, a.last_ok_at,
  a.last_check_at, a.next_check_at, a.interval_seconds, a.last_error, a.person, a.phone,
  (SELECT min(b.since) FROM outage_accounts b WHERE b.account_id = a.id AND b.until IS NULL) AS blind_since,
  (SELECT g.sentence FROM outage_accounts b JOIN outages g ON g.id = b.outage_id
    WHERE b.account_id = a.id AND b.until IS NULL ORDER BY b.since LIMIT 1) AS blind_reason,
  a.watched_from, a.nature,
  (SELECT l.days FROM organization_up u JOIN update_limits l ON l.organization_id = u.ancestor_id
    WHERE u.organization_id = a.organization_id AND l.valid_from <= :now
    ORDER BY u.depth, l.valid_from DESC, l.seen_at DESC LIMIT 1) AS limit_days
FROM accounts a JOIN organizations o ON o.id = a.organization_id
WHERE {condition} ORDER BY o.id, a.id
"""
COVERAGE = """
SELECT h.account_id, sum(h.stated), sum(CASE WHEN h.n < h.stated THEN h.n ELSE h.stated END) FROM (
  SELECT p.account_id, p.stated, p.held AS n
  FROM posts p WHERE p.stated IS NOT NULL AND p.published_at >= :recent AND {condition}) h
GROUP BY h.account_id
"""
RECENT_DAYS = 7
"""Coverage on screen is that of the posts of these days; older threads have stopped moving."""


def verdicts(db: sqlite3.Connection, scope: Scope, now: datetime, limit_days: int) -> pd.DataFrame:
    """One row per account of the scope, judged at `now`; `limit_days` holds where no subtree says otherwise.

    Times are Unix seconds. Of the limits of the units above an account the nearest one counts.
    """
    condition, values = accounts_in(scope, "a.id")
    found = db.execute(QUESTION.format(condition=condition), values | {"now": to_seconds(now)})
    names = [column[0] for column in found.description]
    rows: list[dict[str, Any]] = []
    for raw in found.fetchall():
        row = dict(zip(names, raw, strict=True))
        judged = judge(row, now, limit_days)
        rows.append(
            {
                **{key: row[key] for key in COLUMNS if key in row},
                "account_id": raw[0],
                "account": raw[1],
                "organization": raw[4],
                "verdict": judged.verdict.value,
                "reason": judged.reason,
                "due_at": to_seconds(judged.due_at) if judged.due_at else None,
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS).astype({"account_id": int, "platform": int, "organization_id": int})


def coverage(db: sqlite3.Connection, scope: Scope, now: datetime) -> pd.DataFrame:
    """采集完整度 by account over the posts of the last RECENT_DAYS days: what the platforms state, and what we hold of it.

    An account whose platform states no numbers has no row. More than was stated (a comment withdrawn since) counts as all.
    """
    condition, values = accounts_in(scope, "p.account_id")
    rows = db.execute(COVERAGE.format(condition=condition), values | {"recent": to_seconds(now) - RECENT_DAYS * 86400}).fetchall()
    return pd.DataFrame(rows, columns=["account_id", "stated", "held"])


def judge(row: dict[str, Any], now: datetime, limit_days: int) -> Judgement:
    """Hand what is known of one account to the rule."""
    watch = Watch(
        route=Route(row["route"]),
        status=Status(row["status"]),
        exemption=row["exemption"],
        last_post_at=from_seconds_or_none(row["last_post_at"]),
        last_ok_at=from_seconds_or_none(row["last_ok_at"]),
        watched_from=from_seconds_or_none(row["watched_from"]),
        blind_since=from_seconds_or_none(row["blind_since"]),
        blind_reason=row["blind_reason"] or "",
        nature=Nature(row["nature"]),
    )
    return judge_silence(watch, row["limit_days"] or limit_days, now)
