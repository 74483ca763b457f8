"""Alerts as people see them: the open ones, past ones, one with its members, its course and what was done about it."""

import sqlite3
from typing import Any

import pandas as pd

from matrix.alert_step import AlertAct, AlertStanding, AlertStep, standing
from storage.scope import Scope, organizations_in

CLOSED = "结束"
KINDS = ("账号", "单位", "平台", "方案", "主题", "负面诉求", "线索")
"""What may be watched, by whose name an alert begins."""
ALERTS = ["alert_id", "key", "title", "sentence", "level", "state", "score", "peak", "raised_at", "last_high_at", "closed_at"]
ALERTS += ["seen_at", "organization_id", "organization", "kind", "members", "mine", "topics", "is_drill"]
JUDGED = ["judgement", "unit", "by_name", "judged_at", "step_id", "incident_id", "can_undo"]
MEMBERS = ["series_id", "kind", "name", "organization", "account_id", "joined_at", "most_excess", "minutes", "since", "until"]
MEMBERS += ["seen", "citizens", "expected", "usual", "usual_most", "ratio", "highest_days", "minutes_since_post", "post_id"]
MEMBERS += ["score", "novelty", "negative", "feelings", "sentence"]
COUNTS = ["b5", "seen", "expected", "most"]
MOVES = ["move", "level", "score", "series_id", "name", "at", "seen_at", "sentence"]
STEPS = ["step_id", "act", "note", "unit", "campaign_id", "incident_id", "by_login", "by_name", "at", "is_undone"]
OTHERS = "其他单位"
BUCKET = 300
"""Seconds of a bucket; `b5` is Unix seconds / 300."""


def visible(scope: Scope) -> tuple[str, dict[str, int]]:
    """A condition on alerts `a`: its unit lies in the scope, or that of a member, or it was assigned to a unit that does."""
    own, values = organizations_in(scope, "a.organization_id")
    member, _ = organizations_in(scope, "vs.organization_id")
    given, _ = organizations_in(scope, "vt.unit_id")
    if not values:
        return "1 = 0", {}
    return (
        f"({own} OR EXISTS (SELECT 1 FROM alert_members vm JOIN series vs ON vs.id = vm.series_id "
        f"WHERE vm.alert_id = a.id AND {member}) "
        f"OR EXISTS (SELECT 1 FROM alert_steps vt WHERE vt.alert_id = a.id AND {given} AND NOT {taken_back('vt')}))",
        values,
    )


def taken_back(step: str) -> str:
    """Whether the next act after a step took it back; a unit that was meant by mistake sees the alert no longer."""
    return (
        f"EXISTS (SELECT 1 FROM alert_steps tb WHERE tb.act = '撤销' AND tb.id = (SELECT min(tn.id) FROM alert_steps tn "
        f"WHERE tn.alert_id = {step}.alert_id AND tn.id > {step}.id))"
    )


def shown_as(scope: Scope, column: str) -> str:
    """`title` or `sentence` of alerts `a` as the viewer may read it, with the parameters of `visible`: of an alert of others
    what its loudest series within the scope shows, and no name outside of it."""
    own, _ = organizations_in(scope, "a.organization_id")
    given, _ = organizations_in(scope, "g.unit_id")
    inside, _ = organizations_in(scope, "ms.organization_id")
    shown = {"title": "ms.name", "sentence": "m.sentence"}[column]
    if not scope:
        return "''"
    return (
        f"CASE WHEN {own} OR EXISTS (SELECT 1 FROM alert_steps g WHERE g.alert_id = a.id AND {given} "
        f"AND NOT {taken_back('g')}) THEN a.{column} ELSE "
        f"coalesce((SELECT {shown} FROM alert_members m JOIN series ms ON ms.id = m.series_id "
        f"WHERE m.alert_id = a.id AND {inside} ORDER BY m.most_excess DESC, m.series_id LIMIT 1), '') END"
    )


def open_alerts(db: sqlite3.Connection, scope: Scope) -> pd.DataFrame:
    """The alerts that have not ended, the gravest first, among these what nobody has confirmed, then the newest.

    Times are Unix seconds. Title and sentence of an alert of units outside the scope are those of the loudest member inside.
    """
    found = _listed(db, scope, "a.closed_at IS NULL", {})
    order = found.assign(is_new=found["judgement"] != "待确认").sort_values(
        ["level", "is_new", "raised_at"], ascending=[False, True, False], kind="stable"
    )
    return order[[*ALERTS, *JUDGED]].reset_index(drop=True)


def history(
    db: sqlite3.Connection, scope: Scope, *, since: int, until: int, level: int = 0, judgement: str = "", kind: str = ""
) -> pd.DataFrame:
    """The alerts raised in a time (Unix seconds), newest first, open ones among them; columns as of `open_alerts`."""
    rest = (
        "a.raised_at >= :since AND a.raised_at < :until AND (:level = 0 OR a.level = :level) AND (:kind = '' OR s.kind = :kind)"
    )
    found = _listed(db, scope, rest, {"since": since, "until": until, "level": level, "kind": kind})
    return found[found["judgement"] == judgement].reset_index(drop=True) if judgement else found


def alert(db: sqlite3.Connection, scope: Scope, *, alert_id: int, login: str = "") -> pd.DataFrame:
    """One alert as a frame of one row, none outside the scope; `can_undo` is told for the person with this login."""
    return _listed(db, scope, "a.id = :alert", {"alert": alert_id}, login)


def _listed(db: sqlite3.Connection, scope: Scope, rest: str, values: dict[str, Any], login: str = "") -> pd.DataFrame:
    mine, names = visible(scope)
    if not names:
        return pd.DataFrame(columns=[*ALERTS, *JUDGED])
    own, _ = organizations_in(scope, "a.organization_id")
    inside, _ = organizations_in(scope, "ms.organization_id")
    rows = db.execute(
        f"SELECT a.id, a.key, {shown_as(scope, 'title')}, {shown_as(scope, 'sentence')}, a.level, a.state, a.score, a.peak, "
        "a.raised_at, a.last_high_at, a.closed_at, a.seen_at, a.organization_id, "
        f"CASE WHEN {own} THEN o.name ELSE '{OTHERS}' END, s.kind, "
        "(SELECT count(*) FROM alert_members m WHERE m.alert_id = a.id), "
        "(SELECT count(*) FROM alert_members m JOIN series ms ON ms.id = m.series_id "
        f"WHERE m.alert_id = a.id AND {inside}), a.topics, a.is_drill "
        "FROM alerts a JOIN series s ON s.id = a.series_id JOIN organizations o ON o.id = a.organization_id "
        f"WHERE {rest} AND {mine} ORDER BY a.raised_at DESC, a.id DESC",
        names | values,
    ).fetchall()
    found = pd.DataFrame(rows, columns=ALERTS)
    held = _standings(db, f"FROM alerts a JOIN series s ON s.id = a.series_id WHERE {rest} AND {mine}", names | values)
    units = dict(
        db.execute(f"SELECT o.id, o.name FROM organizations o WHERE {organizations_in(scope, 'o.id')[0]}", names).fetchall()
    )
    told = [held.get(int(number), AlertStanding()) for number in found["alert_id"]]
    found["judgement"] = [str(one.judgement) for one in told]
    found["unit"] = ["" if one.unit_id is None else units.get(one.unit_id, OTHERS) for one in told]
    found["by_name"] = [one.by_name for one in told]
    found["judged_at"] = pd.array([one.at for one in told], dtype="Int64")
    found["step_id"] = [one.last_id for one in told]
    found["incident_id"] = pd.array([one.incident_id for one in told], dtype="Int64")
    found["can_undo"] = [one.top is not None and bool(login) and one.top.by_login == login for one in told]
    return found


def _standings(db: sqlite3.Connection, which: str, values: dict[str, Any]) -> dict[int, AlertStanding]:
    rows = db.execute(
        "SELECT t.alert_id, t.id, t.act, t.by_login, t.by_name, t.at, t.unit_id, t.campaign_id, t.incident_id "
        f"FROM alert_steps t WHERE t.alert_id IN (SELECT a.id {which}) ORDER BY t.id",
        values,
    ).fetchall()
    steps: dict[int, list[AlertStep]] = {}
    for number, *row in rows:
        steps.setdefault(number, []).append(AlertStep(row[0], AlertAct(row[1]), *row[2:]))
    return {number: standing(held) for number, held in steps.items()}


def standing_of(db: sqlite3.Connection, alert_id: int) -> AlertStanding:
    """Where one alert stands with people, whatever the scope; for acts inside `writing()`."""
    return _standings(db, "FROM alerts a WHERE a.id = :alert", {"alert": alert_id}).get(alert_id, AlertStanding())


def members(db: sqlite3.Connection, scope: Scope, *, alert_id: int) -> pd.DataFrame:
    """The series of an alert that lie in the scope, the loudest first, each with its evidence; `since` and `until` bound the
    window of the evidence, Unix seconds."""
    mine, values = organizations_in(scope, "s.organization_id")
    rows = db.execute(
        "SELECT s.id, s.kind, s.name, o.name, s.account_id, m.joined_at, m.most_excess, m.minutes, "
        f"(m.b5 + 1) * {BUCKET} - m.minutes * 60, (m.b5 + 1) * {BUCKET}, m.seen, m.citizens, m.expected, m.usual, m.usual_most, "
        "m.ratio, m.highest_days, m.minutes_since_post, m.post_id, m.score, m.novelty, m.negative, m.feelings, m.sentence "
        "FROM alert_members m JOIN series s ON s.id = m.series_id JOIN organizations o ON o.id = s.organization_id "
        f"WHERE m.alert_id = :alert AND {mine} ORDER BY m.most_excess DESC, s.id",
        values | {"alert": alert_id},
    ).fetchall()
    return pd.DataFrame(rows, columns=MEMBERS)


def counts(db: sqlite3.Connection, scope: Scope, *, alert_id: int, series_id: int) -> pd.DataFrame:
    """Seen and expected comments of one member in buckets of five minutes; `seen` is empty where nothing was collected."""
    mine, values = organizations_in(scope, "s.organization_id")
    rows = db.execute(
        "SELECT c.b5, c.seen, c.expected, c.most FROM alert_counts c JOIN series s ON s.id = c.series_id "
        f"WHERE c.alert_id = :alert AND c.series_id = :series AND {mine} ORDER BY c.b5",
        values | {"alert": alert_id, "series": series_id},
    ).fetchall()
    return pd.DataFrame(rows, columns=COUNTS)


def moves(db: sqlite3.Connection, scope: Scope, *, alert_id: int) -> pd.DataFrame:
    """What the system saw happen to an alert, in order; series outside the scope have no name and no sentence."""
    seen, values = visible(scope)
    own, _ = organizations_in(scope, "a.organization_id")
    inside, _ = organizations_in(scope, "s.organization_id")
    rows = db.execute(
        f"SELECT v.move, v.level, v.score, v.series_id, CASE WHEN {inside} THEN s.name ELSE '' END, v.at, v.seen_at, "
        f"CASE WHEN {inside} OR (v.series_id IS NULL AND {own}) THEN v.sentence ELSE '' END "
        "FROM alert_moves v JOIN alerts a ON a.id = v.alert_id LEFT JOIN series s ON s.id = v.series_id "
        f"WHERE a.id = :alert AND {seen} AND (v.move <> '并入' OR {inside}) ORDER BY v.at, v.id",
        values | {"alert": alert_id},
    ).fetchall()
    return pd.DataFrame(rows, columns=MOVES)


def steps(db: sqlite3.Connection, scope: Scope, *, alert_id: int) -> pd.DataFrame:
    """What people did about an alert, in order; the name of a unit outside the scope is not told."""
    seen, values = visible(scope)
    unit, _ = organizations_in(scope, "o.id")
    rows = db.execute(
        f"SELECT t.id, t.act, t.note, CASE WHEN o.id IS NULL THEN '' WHEN {unit} THEN o.name ELSE '{OTHERS}' END, "
        "t.campaign_id, t.incident_id, t.by_login, t.by_name, t.at FROM alert_steps t JOIN alerts a ON a.id = t.alert_id "
        f"LEFT JOIN organizations o ON o.id = t.unit_id WHERE a.id = :alert AND {seen} ORDER BY t.id",
        values | {"alert": alert_id},
    ).fetchall()
    undone = standing_of(db, alert_id).undone if rows else frozenset()
    return pd.DataFrame([(*row, row[0] in undone) for row in rows], columns=STEPS)
