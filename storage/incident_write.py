"""What every act in an incident does: looks whether it may, and writes its row with author and moment."""

import sqlite3
from dataclasses import dataclass

from matrix.case import RefusedError
from matrix.incident import Act, Field, IncidentState, MemberKind
from storage.alert_rows import visible
from storage.scope import Scope, accounts_in, organizations_in

MEMBER_IN = {
    MemberKind.POST: "SELECT p.id FROM posts p WHERE p.id = :member AND {accounts}",
    MemberKind.COMMENT: "SELECT c.id FROM comments c WHERE c.id = :member AND {accounts}",
    MemberKind.LEAD: "SELECT l.id FROM leads l WHERE l.id = :member AND {units}",
    MemberKind.ALERT: "SELECT a.id FROM alerts a WHERE a.id = :member AND {alerts}",
}
ALIAS = {MemberKind.POST: "p", MemberKind.COMMENT: "c", MemberKind.LEAD: "l", MemberKind.ALERT: "a"}


@dataclass(frozen=True, slots=True)
class Author:
    """Who acts and when, as every row of an incident names it; `at` is Unix seconds."""

    login: str
    name: str
    at: int

    @property
    def values(self) -> dict[str, str | int]:
        return {"login": self.login, "name": self.name, "at": self.at}


@dataclass(frozen=True, slots=True)
class Held:
    """What an act must know of the incident."""

    state: str
    organization_id: int
    occurred_at: int | None
    detected_at: int
    is_drill: int


def find(db: sqlite3.Connection, scope: Scope, incident_id: int, *, is_open: bool = True) -> Held:
    """An incident of the scope. Raises PermissionError outside it and, unless told otherwise, RefusedError when it is closed."""
    mine, values = organizations_in(scope, "i.organization_id")
    row = db.execute(
        "SELECT i.state, i.organization_id, i.occurred_at, i.detected_at, i.is_drill FROM incidents i "
        f"WHERE i.id = :id AND {mine}",
        values | {"id": incident_id},
    ).fetchone()
    if row is None:
        raise PermissionError("这个事件不在您的权限范围内。")
    if is_open and row[0] != IncidentState.OPEN:
        raise RefusedError("这个事件已经办结；确需继续处置，请先重新开启。")
    return Held(*row)


def check_member(db: sqlite3.Connection, scope: Scope, kind: MemberKind, member_id: int) -> None:
    """Whether the viewer may see what is to join. Raises PermissionError."""
    alias = ALIAS[kind]
    accounts, values = accounts_in(scope, f"{alias}.account_id")
    units, more = organizations_in(scope, f"{alias}.organization_id")
    sql = MEMBER_IN[kind].format(accounts=accounts, units=units, alerts=visible(scope)[0])
    if db.execute(sql, values | more | {"member": member_id}).fetchone() is None:
        raise PermissionError(f"这条{kind}不在您的权限范围内。")


def write_member(
    db: sqlite3.Connection, incident_id: int, kind: MemberKind, member_id: int, by: Author, why: str = "", *, is_in: bool = True
) -> bool:
    """Write that something belongs to an incident, or no longer does; False when that is so already."""
    key = {"incident": incident_id, "kind": kind.value, "member": member_id}
    last = db.execute(
        "SELECT is_in FROM incident_members WHERE incident_id = :incident AND kind = :kind AND member_id = :member "
        "ORDER BY id DESC LIMIT 1",
        key,
    ).fetchone()
    held = None if last is None else bool(last[0])
    # A comment may be in by the system's count without a row of its own; taking it out must be one.
    if held is is_in or (held is None and not is_in and kind is not MemberKind.COMMENT):
        return False
    db.execute(
        "INSERT INTO incident_members(incident_id, kind, member_id, is_in, why, at, by_login, by_name) "
        "VALUES(:incident, :kind, :member, :is_in, :why, :at, :login, :name)",
        key | by.values | {"is_in": int(is_in), "why": why.strip()},
    )
    look_again(db, incident_id)
    return True


def look_again(db: sqlite3.Connection, incident_id: int) -> None:
    """Let the worker look once more at all posts and comments since it began: what belongs to it is known otherwise now."""
    db.execute("UPDATE incidents SET posts_upto = 0, comments_upto = 0 WHERE id = :id", {"id": incident_id})


def write_step(
    db: sqlite3.Connection,
    incident_id: int,
    act: Act,
    by: Author,
    note: str = "",
    unit_id: int | None = None,
    due_at: int | None = None,
    about_id: int | None = None,
    to_name: str = "",
) -> int:
    """Write one act of a person; gives its id."""
    row = db.execute(
        "INSERT INTO incident_steps(incident_id, act, note, unit_id, due_at, about_id, to_name, at, by_login, by_name) "
        "VALUES(:incident, :act, :note, :unit, :due, :about, :to, :at, :login, :name) RETURNING id",
        by.values
        | {
            "incident": incident_id,
            "act": act.value,
            "note": note.strip(),
            "unit": unit_id,
            "due": due_at,
            "about": about_id,
            "to": to_name.strip(),
        },
    ).fetchone()
    return int(row[0])


def write_change(db: sqlite3.Connection, incident_id: int, field: Field, value: str, by: Author, why: str = "") -> bool:
    """Set one field and keep what it was; False when it is so already."""
    held = db.execute(f"SELECT {field.value} FROM incidents WHERE id = :id", {"id": incident_id}).fetchone()[0]
    before = "" if held is None else str(held)
    if before == value:
        return False
    kept: str | int | None = (int(value) if value else None) if field is Field.OCCURRED_AT else value
    db.execute(f"UPDATE incidents SET {field.value} = :value WHERE id = :id", {"value": kept, "id": incident_id})
    db.execute(
        "INSERT INTO incident_changes(incident_id, field, before, after, why, at, by_login, by_name) "
        "VALUES(:incident, :field, :before, :after, :why, :at, :login, :name)",
        by.values | {"incident": incident_id, "field": field.value, "before": before, "after": value, "why": why.strip()},
    )
    if field in (Field.TITLE, Field.OCCURRED_AT):
        look_again(db, incident_id)
    return True
