"""Alerts of a period as they stood at a cut-off: by the moves that were seen and the steps that were taken by then."""

import sqlite3
from typing import Any

import pandas as pd

from matrix.alert_step import AlertAct, AlertStep, standing
from storage.alert_rows import OTHERS
from storage.scope import Scope, organizations_in

COLUMNS = ["alert_id", "raised_at", "organization", "title", "highest", "state", "judgement"]
MOVED = {"回落": "回落", "结束": "结束"}


def raised(db: sqlite3.Connection, scope: Scope, *, since: int, until: int, cut: int, organization_id: int = 0) -> pd.DataFrame:
    """Alerts raised in [since, until) and seen by the cut-off, the newest first; drills are left out.

    An alert is its unit's, or that of the unit of a series that had joined by then; of an alert of others no name is told but
    that of the first series within the scope. Times are Unix seconds.
    """
    own, values = organizations_in(scope, "a.organization_id")
    inside, _ = organizations_in(scope, "s.organization_id")
    if not values:
        return pd.DataFrame([], columns=COLUMNS)
    if organization_id:
        below = "IN (SELECT w.organization_id FROM organization_up w WHERE w.ancestor_id = :root)"
        own, inside = f"{own} AND a.organization_id {below}", f"{inside} AND s.organization_id {below}"
    joined = (
        "EXISTS (SELECT 1 FROM alert_members m JOIN series s ON s.id = m.series_id WHERE m.alert_id = a.id "
        f"AND m.joined_at <= :cut AND {inside})"
    )
    first = (
        "(SELECT s.name FROM alert_members m JOIN series s ON s.id = m.series_id WHERE m.alert_id = a.id "
        f"AND m.joined_at <= :cut AND {inside} ORDER BY m.joined_at, m.series_id LIMIT 1)"
    )
    given: dict[str, Any] = {**values, "root": organization_id, "since": since, "until": until, "cut": cut}
    rows = db.execute(
        f"SELECT a.id, a.raised_at, CASE WHEN {own} THEN o.name ELSE '{OTHERS}' END, "
        f"CASE WHEN {own} THEN a.title ELSE {first} END FROM alerts a JOIN organizations o ON o.id = a.organization_id "
        f"WHERE a.raised_at >= :since AND a.raised_at < :until AND a.seen_at <= :cut AND a.is_drill = 0 AND ({own} OR {joined}) "
        "ORDER BY a.raised_at DESC, a.id DESC",
        given,
    ).fetchall()
    found = []
    for number, at, unit, title in rows:
        moves = db.execute(
            "SELECT v.move, v.level FROM alert_moves v WHERE v.alert_id = :id AND v.seen_at <= :cut ORDER BY v.at, v.id",
            {"id": number, "cut": cut},
        ).fetchall()
        steps = db.execute(
            "SELECT t.id, t.act, t.by_login, t.by_name, t.at, t.unit_id, t.campaign_id, t.incident_id FROM alert_steps t "
            "WHERE t.alert_id = :id AND t.at <= :cut ORDER BY t.id",
            {"id": number, "cut": cut},
        ).fetchall()
        held = standing([AlertStep(row[0], AlertAct(row[1]), *row[2:]) for row in steps])
        state = next((MOVED[move] for move, _ in reversed(moves) if move in MOVED), "持续")
        found.append((number, at, unit, title, max((level for _, level in moves), default=1), state, str(held.judgement)))
    return pd.DataFrame(found, columns=COLUMNS)
