"""What units are given to do in incidents: the tasks of one incident, and those that a unit has from incidents of others."""

import sqlite3
from datetime import datetime

import pandas as pd

from matrix.case import RefusedError
from matrix.incident import Act, IncidentState
from storage.alert_rows import OTHERS
from storage.batches import bump_version
from storage.incident_acts import checked
from storage.incident_rows import standings
from storage.incident_write import Author, find, write_step
from storage.moments import to_seconds
from storage.scope import Scope, organizations_in

TASKS = ["task_id", "incident_id", "at", "by_name", "unit_id", "unit", "note", "due_at", "done_at", "done_by", "result"]
GIVEN = ["task_id", "incident_id", "title", "unit", "note", "at", "due_at", "clocks", "is_drill"]


def tasks(db: sqlite3.Connection, scope: Scope, incident_id: int) -> pd.DataFrame:
    """What was given to units in an incident, the open ones first, then by when they are due; no name of a unit outside."""
    mine, values = organizations_in(scope, "i.organization_id")
    inside, _ = organizations_in(scope, "s.unit_id")
    rows = db.execute(
        f"SELECT s.id, s.incident_id, s.at, s.by_name, s.unit_id, CASE WHEN {inside} THEN o.name ELSE '{OTHERS}' END, s.note, "
        "s.due_at, d.at, d.by_name, d.note "
        "FROM incident_steps s JOIN incidents i ON i.id = s.incident_id LEFT JOIN organizations o ON o.id = s.unit_id "
        "LEFT JOIN incident_steps d ON d.about_id = s.id AND d.act = :done "
        f"WHERE s.incident_id = :id AND s.act = :task AND {mine} "
        "ORDER BY CASE WHEN d.id IS NULL THEN 0 ELSE 1 END, coalesce(s.due_at, 9999999999), s.id",
        values | {"id": incident_id, "task": Act.TASK.value, "done": Act.DONE.value},
    ).fetchall()
    return pd.DataFrame(rows, columns=pd.Index(TASKS), dtype=object)


def given(db: sqlite3.Connection, scope: Scope, now: datetime | int) -> pd.DataFrame:
    """The open tasks that units of the scope have from open incidents of units outside it, the most urgent first.

    Of such an incident a unit learns its title, its own task and the clocks (`matrix.incident_clock.Clock`), nothing more.
    """
    mine, values = organizations_in(scope, "i.organization_id")
    unit, _ = organizations_in(scope, "s.unit_id")
    rows = db.execute(
        "SELECT s.id, s.incident_id, i.title, o.name, s.note, s.at, s.due_at, i.organization_id, i.is_drill "
        "FROM incident_steps s JOIN incidents i ON i.id = s.incident_id JOIN organizations o ON o.id = s.unit_id "
        f"WHERE s.act = :task AND {unit} AND NOT ({mine}) AND i.state = :open AND NOT EXISTS (SELECT 1 FROM incident_steps d "
        "WHERE d.about_id = s.id AND d.act = :done) ORDER BY coalesce(s.due_at, 9999999999), s.id",
        values | {"task": Act.TASK.value, "done": Act.DONE.value, "open": IncidentState.OPEN.value},
    ).fetchall()
    found = []
    for *told, owner, is_drill in rows:
        [one] = standings(db, (owner,), now, told[1]) or [None]
        found.append((*told, one.clocks if one else (), bool(is_drill)))
    return pd.DataFrame(found, columns=pd.Index(GIVEN), dtype=object)


def finish_task(
    db: sqlite3.Connection, scope: Scope, incident_id: int, task_id: int, words: str, login: str, name: str, now: datetime
) -> int:
    """Say that a task is done and how, inside `writing()`: whoever sees the incident may, or the unit that has it.

    Raises PermissionError for others, RefusedError for one that is done or is none.
    """
    unit, values = organizations_in(scope, "s.unit_id")
    key = {"task": task_id, "incident": incident_id, "act": Act.TASK.value, "done": Act.DONE.value}
    held = db.execute(
        "SELECT i.organization_id FROM incident_steps s JOIN incidents i ON i.id = s.incident_id "
        f"WHERE s.id = :task AND s.incident_id = :incident AND s.act = :act AND {unit}",
        values | key,
    ).fetchone()
    find(db, scope if held is None else (int(held[0]),), incident_id)
    row = db.execute("SELECT 1 FROM incident_steps WHERE id = :task AND incident_id = :incident AND act = :act", key).fetchone()
    if row is None:
        raise RefusedError("找不到这项交办。")
    if db.execute("SELECT 1 FROM incident_steps WHERE about_id = :task AND act = :done", key).fetchone():
        raise RefusedError("这项交办已经办结。")
    step = write_step(
        db, incident_id, Act.DONE, Author(login, name, to_seconds(now)), checked(words, "办理结果"), about_id=task_id
    )
    bump_version(db)
    return step
