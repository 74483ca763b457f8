"""Campaigns (已报备活动): times in which many comments are expected, reported in advance or found out by an alert."""

import sqlite3

import pandas as pd

from storage.batches import bump_version
from storage.rules import require_organization
from storage.scope import Scope, organizations_in

CAMPAIGNS = ["campaign_id", "organization_id", "organization", "name", "since", "until", "reason", "alert_id", "created_by"]
CAMPAIGNS += ["created_at", "cancelled_by", "cancelled_at"]
LONGEST_DAYS = 92


def report(
    db: sqlite3.Connection,
    scope: Scope,
    organization_id: int,
    name: str,
    since: int,
    until: int,
    reason: str,
    author: str,
    now: int,
    alert_id: int | None = None,
) -> int:
    """Let a unit and everything below it have an activity from `since` to `until` (Unix seconds); gives its id. In `writing()`.

    Raises PermissionError outside the scope, ValueError for a name or a time that cannot be meant: Chinese sentences.
    """
    require_organization(db, scope, organization_id)
    if not name.strip():
        raise ValueError("请填写活动名称。")
    if since >= until:
        raise ValueError("活动的结束时间须晚于开始时间，请调整。")
    if until - since > LONGEST_DAYS * 86400:
        raise ValueError(f"一次报备最长{LONGEST_DAYS}天，请缩短，或分几次报备。")
    if until <= now:
        raise ValueError("活动的结束时间已经过去，报备不起作用，请改为今后的时间。")
    row = db.execute(
        "INSERT INTO campaigns(organization_id, name, since, until, reason, alert_id, created_by, created_at) "
        "VALUES(:unit, :name, :since, :until, :reason, :alert, :author, :now) RETURNING id",
        {
            "unit": organization_id,
            "name": name.strip(),
            "since": since,
            "until": until,
            "reason": reason.strip(),
            "alert": alert_id,
            "author": author,
            "now": now,
        },
    ).fetchone()
    bump_version(db)
    return int(row[0])


def cancel(db: sqlite3.Connection, scope: Scope, campaign_id: int, author: str, now: int) -> str:
    """Take an activity back from now on; gives its name. Inside `writing()`.

    Raises PermissionError outside the scope, ValueError where it was taken back already: Chinese sentences.
    """
    mine, values = organizations_in(scope, "g.organization_id")
    row = db.execute(
        f"SELECT g.name, g.cancelled_at FROM campaigns g WHERE g.id = :id AND {mine}", values | {"id": campaign_id}
    ).fetchone()
    if row is None:
        raise PermissionError("这项活动不在您的权限范围内。")
    if row[1] is not None:
        raise ValueError("这项报备已经取消，无需再取消。")
    db.execute(
        "UPDATE campaigns SET cancelled_by = :author, cancelled_at = :now WHERE id = :id",
        {"author": author, "now": now, "id": campaign_id},
    )
    bump_version(db)
    return str(row[0])


def campaigns(db: sqlite3.Connection, scope: Scope, *, since: int = 0) -> pd.DataFrame:
    """The activities of the scope that end after `since`, the latest first, cancelled ones among them; names of people as they
    are called in the console."""
    mine, values = organizations_in(scope, "g.organization_id")
    rows = db.execute(
        "SELECT g.id, o.id, o.name, g.name, g.since, g.until, g.reason, g.alert_id, coalesce(p.name, g.created_by), "
        "g.created_at, coalesce(q.name, g.cancelled_by, ''), g.cancelled_at FROM campaigns g "
        "JOIN organizations o ON o.id = g.organization_id "
        "LEFT JOIN people p ON p.login = g.created_by LEFT JOIN people q ON q.login = g.cancelled_by "
        f"WHERE g.until > :since AND {mine} ORDER BY g.since DESC, g.id DESC",
        values | {"since": since},
    ).fetchall()
    return pd.DataFrame(rows, columns=CAMPAIGNS)
