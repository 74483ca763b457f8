"""An alert becomes an incident or joins one: the step of the alert and the row of the incident are one transaction."""

import sqlite3
from datetime import datetime

from matrix.alert_step import AlertAct, check
from storage import incidents
from storage.alert_steps import look, write
from storage.moments import to_seconds
from storage.scope import Scope


def open_incident(
    db: sqlite3.Connection,
    scope: Scope,
    alert_id: int,
    login: str,
    name: str,
    now: datetime,
    expected_step: int | None,
    title: str,
    unit_id: int,
) -> int:
    """Open an incident of a unit from the alert, inside `writing()`; gives the incident's id.

    Raises as `alert_steps.act` and `incidents.open_incident` do.
    """
    check(look(db, scope, alert_id, expected_step, login), AlertAct.OPEN_INCIDENT, login)
    row = db.execute("SELECT a.is_drill FROM alerts a WHERE a.id = :id", {"id": alert_id}).fetchone()
    made = incidents.open_incident(db, scope, title, login, name, now, unit_id, alert_id=alert_id, is_drill=bool(row[0]))
    write(db, alert_id, AlertAct.OPEN_INCIDENT, login, name, to_seconds(now), title, None, None, made)
    return made


def join_incident(
    db: sqlite3.Connection,
    scope: Scope,
    alert_id: int,
    login: str,
    name: str,
    now: datetime,
    expected_step: int | None,
    incident_id: int,
) -> int:
    """Let the alert join an open incident, inside `writing()`; gives the id of the alert's step. Raises likewise."""
    check(look(db, scope, alert_id, expected_step, login), AlertAct.JOIN_INCIDENT, login)
    incidents.join_alert(db, scope, incident_id, alert_id, login, name, now)
    return write(db, alert_id, AlertAct.JOIN_INCIDENT, login, name, to_seconds(now), "", None, None, incident_id)
