"""The timetable of reports: which unit asked for which report at which hour, its masthead, and what is due now."""

import sqlite3
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import groupby

import pandas as pd

from matrix.report import ReportKind
from matrix.report_time import TIMED, USUAL, Rhythm, Span, default_span, is_covered, last_cutoff, read_rhythm
from storage import report_matters, report_rows
from storage.batches import bump_version
from storage.moments import to_seconds
from storage.rules import require_organization
from storage.scope import Scope, organizations_in

COLUMNS = ["organization_id", "organization", "kind", "is_on", "rhythm", "office", "report_to", "send_to", "copy_to"]
COLUMNS += ["number_before", "total_before", "set_at", "set_by"]
LONGEST = 200
NEWEST = "t.id = (SELECT max(n.id) FROM report_timetable n WHERE n.organization_id = t.organization_id AND n.kind = t.kind)"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a unit set for one kind of report: `rhythm` as typed (周五15:00), the masthead (编发单位, 报, 送, 发), and the
    last numbers that were issued on paper."""

    organization_id: int
    kind: ReportKind
    is_on: bool = False
    rhythm: str = ""
    office: str = ""
    report_to: str = ""
    send_to: str = ""
    copy_to: str = ""
    number_before: int = 0
    total_before: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """A report that the timetable wants now: [since, until) with `until` also the cut-off and the slot; Unix seconds."""

    organization_id: int
    organization: str
    kind: ReportKind
    since: int
    until: int


def usual_rhythm(kind: ReportKind) -> str:
    """周五15:00 for weekly reports and so on, as it is typed; empty for kinds that have none."""
    return USUAL[kind].words(kind).removeprefix("每").removeprefix("日").removeprefix("月") if kind in USUAL else ""


def set_plan(db: sqlite3.Connection, scope: Scope, plan: Plan, author: str, now: datetime) -> None:
    """Let a unit's settings for a kind of report be these from now on. Inside `writing()`.

    Raises PermissionError for a unit outside the scope and ValueError, a Chinese sentence, for a rhythm that cannot be read.
    """
    require_organization(db, scope, plan.organization_id)
    if plan.kind in TIMED:
        read_rhythm(plan.kind, plan.rhythm)
    elif plan.is_on:
        raise ValueError("事件专报随事件起草，不能定时。")
    words = {name: str(getattr(plan, name)).strip() for name in ("rhythm", "office", "report_to", "send_to", "copy_to")}
    if too_long := next((text for text in words.values() if len(text) > LONGEST), ""):
        raise ValueError(f"“{too_long[:10]}……”太长，请缩短到{LONGEST}个字以内。")
    if min(plan.number_before, plan.total_before) < 0 or plan.number_before > plan.total_before:
        raise ValueError("总期号不能小于当年期号。")
    db.execute(
        "INSERT INTO report_timetable(organization_id, kind, is_on, rhythm, office, report_to, send_to, copy_to, number_before, "
        "total_before, set_at, set_by) VALUES(:organization_id, :kind, :is_on, :rhythm, :office, :report_to, :send_to, :copy_to, "
        ":number_before, :total_before, :at, :by)",
        asdict(replace(plan, **words)) | {"is_on": int(plan.is_on), "kind": str(plan.kind), "at": to_seconds(now), "by": author},
    )
    bump_version(db)


def plans(db: sqlite3.Connection, scope: Scope) -> pd.DataFrame:
    """What holds now for the units of the scope, one row for each unit and kind. Times are Unix seconds."""
    mine, values = organizations_in(scope, "t.organization_id")
    rows = db.execute(
        "SELECT t.organization_id, o.name, t.kind, t.is_on, t.rhythm, t.office, t.report_to, t.send_to, t.copy_to, "
        "t.number_before, t.total_before, t.set_at, t.set_by FROM report_timetable t "
        f"JOIN organizations o ON o.id = t.organization_id WHERE {NEWEST} AND {mine} ORDER BY o.id, t.kind",
        values,
    ).fetchall()
    return pd.DataFrame(rows, columns=COLUMNS)


def plan_of(db: sqlite3.Connection, scope: Scope, *, organization_id: int, kind: ReportKind) -> Plan | None:
    """What holds for a unit and a kind; the usual rhythm, switched off, where nothing was set. None outside the scope."""
    mine, values = organizations_in(scope, "o.id")
    row = db.execute(
        "SELECT o.id, t.is_on, t.rhythm, t.office, t.report_to, t.send_to, t.copy_to, t.number_before, t.total_before "
        f"FROM organizations o LEFT JOIN report_timetable t ON t.organization_id = o.id AND t.kind = :kind AND {NEWEST} "
        f"WHERE o.id = :unit AND {mine}",
        values | {"unit": organization_id, "kind": kind},
    ).fetchone()
    if row is None:
        return None
    if row[1] is None:
        return Plan(organization_id, kind, rhythm=usual_rhythm(kind))
    return Plan(organization_id, kind, bool(row[1]), *row[2:])


def usual_span(
    db: sqlite3.Connection, scope: Scope, *, kind: str, organization_id: int, now: int, incident_id: int | None = None
) -> Span:
    """The period that a new report covers where nobody says another one: from the last report of this kind and unit on, or since
    the newest moment of the unit's own timetable; a special report goes back to when its incident began. Unix seconds."""
    if not scope:
        return Span(0, 0, "")
    wanted = ReportKind(kind)
    if wanted is ReportKind.INCIDENT:
        begun = report_matters.began_at(db, scope, incident_id=incident_id) if incident_id else None
        if begun is not None:
            return Span(min(begun, now - 60), now, "从事件发生到现在")
        return default_span(wanted, Rhythm(0), now, None)
    plan = plan_of(db, scope, organization_id=organization_id, kind=wanted)
    rhythm = read_rhythm(wanted, plan.rhythm if plan else usual_rhythm(wanted))
    return default_span(wanted, rhythm, now, report_rows.last_end(db, scope, kind=str(wanted), organization_id=organization_id))


def due(db: sqlite3.Connection, now: datetime) -> list[Due]:
    """What the timetable wants made now: of each unit and kind at most the newest moment that has passed, and only once.

    A moment before the unit asked for it does not count; nor does one that a report made by hand has covered. A worker that was
    down finds its moment when it comes back. The period begins where the last report ended, so that nothing is lost.
    """
    rows = db.execute(
        "SELECT t.organization_id, o.name, t.kind, t.is_on, t.rhythm, t.set_at FROM report_timetable t "
        "JOIN organizations o ON o.id = t.organization_id ORDER BY t.organization_id, t.kind, t.id"
    ).fetchall()
    found = []
    for (unit, name, kind_name), settings in groupby(rows, key=lambda row: row[:3]):
        kind, asked_at, held = ReportKind(kind_name), 0, ("", False)
        for *_, is_on, text, set_at in settings:
            asked_at = asked_at if (text, is_on) == held else set_at
            held = (text, is_on)
        if not held[1]:
            continue
        rhythm = read_rhythm(kind, held[0])
        until = last_cutoff(kind, rhythm, to_seconds(now))
        previous = report_rows.last_end(db, (unit,), kind=kind, organization_id=unit)
        if until < asked_at or is_made(db, unit, kind, until) or is_covered(kind, until, previous):
            continue
        found.append(Due(unit, name, kind, default_span(kind, rhythm, until, previous).since, until))
    return found


def is_made(db: sqlite3.Connection, unit: int, kind: ReportKind, slot: int) -> bool:
    """Whether the timetable has made this one already; one that was made void is not made again."""
    sql = "SELECT 1 FROM reports WHERE organization_id = :unit AND kind = :kind AND slot = :slot"
    return db.execute(sql, {"unit": unit, "kind": kind, "slot": slot}).fetchone() is not None
