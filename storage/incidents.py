"""Incidents: opened from an alert, a lead or a title alone, changed field by field, joined, closed; each act a row."""

import sqlite3
from datetime import datetime

from matrix.case import RefusedError
from matrix.incident import CHOICES, FIELD_WORDS, LONGEST_TITLE, Act, Field, IncidentState, MemberKind
from storage import drills
from storage.batches import bump_version
from storage.incident_rows import open_now
from storage.incident_write import Author, check_member, find, write_change, write_member, write_step
from storage.moments import to_seconds
from storage.scope import Scope, organizations_in

__all__ = ["join", "join_alert", "leave", "open_incident", "open_now", "set_fields"]


def open_incident(
    db: sqlite3.Connection,
    scope: Scope,
    title: str,
    author_login: str,
    author_name: str,
    now: datetime,
    organization_id: int,
    alert_id: int | None = None,
    lead_id: int | None = None,
    occurred_at: int | None = None,
    is_drill: bool = False,
) -> int:
    """Open an incident of a unit with a title alone, inside `writing()`; gives its id. `occurred_at` is Unix seconds.

    It counts as detected when its alert was raised or its lead became known, else now. Raises PermissionError outside the
    scope, RefusedError for a title that says nothing or an event in the future.
    """
    by = Author(author_login, author_name, to_seconds(now))
    title = checked_title(title)
    check_occurred(occurred_at, by.at)
    mine, values = organizations_in(scope, "o.id")
    known = db.execute(f"SELECT 1 FROM organizations o WHERE o.id = :unit AND {mine}", values | {"unit": organization_id})
    if known.fetchone() is None:
        raise PermissionError("这个单位不在您的权限范围内。")
    detected = by.at
    if alert_id is not None:
        check_member(db, scope, MemberKind.ALERT, alert_id)
        raised = db.execute("SELECT raised_at FROM alerts WHERE id = :id", {"id": alert_id}).fetchone()[0]
        detected = min(detected, int(raised))
    if lead_id is not None:
        check_member(db, scope, MemberKind.LEAD, lead_id)
        seen = db.execute("SELECT seen_at FROM leads WHERE id = :id", {"id": lead_id}).fetchone()[0]
        detected = min(detected, int(seen))
    row = db.execute(
        "INSERT INTO incidents(organization_id, title, occurred_at, detected_at, opened_at, opened_by, opened_name, state, "
        "is_drill) VALUES(:unit, :title, :occurred, :detected, :at, :login, :name, :state, :drill) RETURNING id",
        by.values
        | {
            "unit": organization_id,
            "title": title,
            "occurred": occurred_at,
            "detected": detected,
            "state": IncidentState.OPEN.value,
            "drill": int(is_drill or drills.is_drill(db)),
        },
    ).fetchone()
    incident_id = int(row[0])
    write_step(db, incident_id, Act.OPEN, by)
    if alert_id is not None:
        write_member(db, incident_id, MemberKind.ALERT, alert_id, by)
    if lead_id is not None:
        write_member(db, incident_id, MemberKind.LEAD, lead_id, by)
    bump_version(db)
    return incident_id


def checked_title(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise RefusedError("请填写事件标题。")
    if len(title) > LONGEST_TITLE:
        raise RefusedError(f"标题最长{LONGEST_TITLE}字，现有{len(title)}字，请精简。")
    return title


def check_occurred(occurred_at: int | None, now: int) -> None:
    if occurred_at is not None and occurred_at > now:
        raise RefusedError("发生时间在当前时间之后，请核对。")


def join(
    db: sqlite3.Connection, scope: Scope, incident_id: int, kind: MemberKind, member_id: int, login: str, name: str, now: datetime
) -> None:
    """Let an alert, a post, a comment or a lead join an open incident, inside `writing()`; again changes nothing."""
    find(db, scope, incident_id)
    check_member(db, scope, MemberKind(kind), member_id)
    write_member(db, incident_id, MemberKind(kind), member_id, Author(login, name, to_seconds(now)))
    bump_version(db)


def join_alert(
    db: sqlite3.Connection,
    scope: Scope,
    incident_id: int,
    alert_id: int,
    author_login: str,
    author_name: str,
    now: datetime,
) -> None:
    """Let an alert join an open incident, inside `writing()`; again changes nothing."""
    join(db, scope, incident_id, MemberKind.ALERT, alert_id, author_login, author_name, now)


def leave(
    db: sqlite3.Connection,
    scope: Scope,
    incident_id: int,
    kind: MemberKind,
    member_id: int,
    why: str,
    login: str,
    name: str,
    now: datetime,
) -> None:
    """Take out what joined by mistake; the row that it was in stays."""
    find(db, scope, incident_id)
    write_member(db, incident_id, MemberKind(kind), member_id, Author(login, name, to_seconds(now)), why, is_in=False)
    bump_version(db)


def set_fields(
    db: sqlite3.Connection,
    scope: Scope,
    incident_id: int,
    values: dict[str, str],
    why: str,
    login: str,
    name: str,
    now: datetime,
) -> int:
    """Set title, kind, levels or the event's time (digits, "" for unknown), inside `writing()`; gives how many changed.

    Each changed field is a row. Raises RefusedError for a value that the field cannot have.
    """
    by = Author(login, name, to_seconds(now))
    find(db, scope, incident_id)
    changed = 0
    for field, value in values.items():
        field, value = Field(field), value.strip()
        if field is Field.STATE:
            raise RefusedError("状态由办结和重新开启改变。")
        if field in CHOICES and value not in CHOICES[field]:
            raise RefusedError(f"“{value}”不是可选的{FIELD_WORDS[field]}。")
        if field is Field.TITLE:
            value = checked_title(value)
        if field is Field.OCCURRED_AT:
            check_occurred(int(value) if value else None, by.at)
        changed += write_change(db, incident_id, field, value, by, why)
    if changed:
        bump_version(db)
    return changed
