"""What people do in an incident: notes, tasks to units, hand-over, warning, closing with a summary, opening again."""

import sqlite3
from datetime import datetime

from matrix.case import RefusedError
from matrix.incident import LONGEST_TEXT, WARNING_FIELDS, Act, Field, IncidentState, WarningLevel, missing_of_warning
from storage.batches import bump_version
from storage.incident_write import Author, find, write_change, write_step
from storage.moments import to_seconds
from storage.scope import Scope, organizations_in


def checked(words: str, what: str) -> str:
    words = words.strip()
    if not words:
        raise RefusedError(f"请填写{what}。")
    if len(words) > LONGEST_TEXT:
        raise RefusedError(f"{what}最长{LONGEST_TEXT}字，现有{len(words)}字，请精简。")
    return words


def note(db: sqlite3.Connection, scope: Scope, incident_id: int, words: str, login: str, name: str, now: datetime) -> int:
    """Write a note, inside `writing()`; gives its id."""
    find(db, scope, incident_id)
    step = write_step(db, incident_id, Act.NOTE, Author(login, name, to_seconds(now)), checked(words, "备注"))
    bump_version(db)
    return step


def task(
    db: sqlite3.Connection,
    scope: Scope,
    incident_id: int,
    words: str,
    unit_id: int,
    due_at: int | None,
    login: str,
    name: str,
    now: datetime,
) -> int:
    """Give a unit of the scope something to do, by `due_at` (Unix seconds); inside `writing()`, gives the task's id."""
    by = Author(login, name, to_seconds(now))
    find(db, scope, incident_id)
    words = checked(words, "交办内容")
    mine, values = organizations_in(scope, "o.id")
    known = db.execute(f"SELECT 1 FROM organizations o WHERE o.id = :unit AND {mine}", values | {"unit": unit_id}).fetchone()
    if known is None:
        raise PermissionError("承办单位不在您的权限范围内。")
    if due_at is not None and due_at <= by.at:
        raise RefusedError("办理时限须在当前时间之后。")
    step = write_step(db, incident_id, Act.TASK, by, words, unit_id=unit_id, due_at=due_at)
    bump_version(db)
    return step


def hand_over(
    db: sqlite3.Connection, scope: Scope, incident_id: int, to_name: str, words: str, login: str, name: str, now: datetime
) -> int:
    """Hand an incident to somebody with what he must know, inside `writing()`."""
    find(db, scope, incident_id)
    to_name = checked(to_name, "接手人")
    by = Author(login, name, to_seconds(now))
    step = write_step(db, incident_id, Act.HAND_OVER, by, checked(words, "交接说明"), to_name=to_name)
    bump_version(db)
    return step


def warn(
    db: sqlite3.Connection,
    scope: Scope,
    incident_id: int,
    said: dict[str, str | int | None],
    link: str,
    login: str,
    name: str,
    now: datetime,
) -> int:
    """Write down a statutory warning with its eight fields, inside `writing()`, and take over its colour.

    Only this act asks for the eight (突发事件应对法 2024, 第六十四条). Raises RefusedError naming what is missing.
    """
    by = Author(login, name, to_seconds(now))
    find(db, scope, incident_id)
    missing = missing_of_warning(dict(said))
    if missing:
        raise RefusedError(f"突发事件预警须写明：{'、'.join(missing)}。")
    if said["level"] not in list(WarningLevel):
        raise RefusedError("预警级别只能是红、橙、黄、蓝。")
    columns = ", ".join(WARNING_FIELDS)
    row = db.execute(
        f"INSERT INTO incident_warnings(incident_id, {columns}, link, at, by_login, by_name) "
        f"VALUES(:incident, {', '.join(f':{one}' for one in WARNING_FIELDS)}, :link, :at, :login, :name) RETURNING id",
        {one: said[one] for one in WARNING_FIELDS} | by.values | {"incident": incident_id, "link": link.strip()},
    ).fetchone()
    write_change(db, incident_id, Field.WARNING_LEVEL, str(said["level"]), by, "发布突发事件预警")
    bump_version(db)
    return int(row[0])


def close(db: sqlite3.Connection, scope: Scope, incident_id: int, summary: str, login: str, name: str, now: datetime) -> None:
    """Close an incident with a summary, inside `writing()`; nothing in it changes afterwards until it is opened again."""
    by = Author(login, name, to_seconds(now))
    find(db, scope, incident_id)
    summary = checked(summary, "办结小结")
    write_change(db, incident_id, Field.STATE, IncidentState.CLOSED, by)
    values = {"id": incident_id, "at": by.at, "summary": summary}
    db.execute("UPDATE incidents SET closed_at = :at, summary = :summary WHERE id = :id", values)
    write_step(db, incident_id, Act.CLOSE, by, summary)
    bump_version(db)


def reopen(db: sqlite3.Connection, scope: Scope, incident_id: int, why: str, login: str, name: str, now: datetime) -> None:
    """Open a closed incident again for a reason, inside `writing()`; its clocks go on as if it had never been closed."""
    by = Author(login, name, to_seconds(now))
    held = find(db, scope, incident_id, is_open=False)
    if held.state == IncidentState.OPEN:
        raise RefusedError("这个事件正在处置中。")
    why = checked(why, "重新开启的原因")
    write_change(db, incident_id, Field.STATE, IncidentState.OPEN, by, why)
    db.execute("UPDATE incidents SET closed_at = NULL WHERE id = :id", {"id": incident_id})
    write_step(db, incident_id, Act.REOPEN, by, why)
    bump_version(db)
