"""Reports: a new one, its versions and its steps; what is written is never changed, only followed by the next version."""

import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime

from matrix.report import Brief
from matrix.report_body import Composed
from matrix.report_life import Act, State, Step, judge
from storage.batches import bump_version
from storage.moments import to_seconds
from storage.report_content import Author, add_version, brief_from_text
from storage.rules import require_organization
from storage.scope import Scope, organizations_in

MOVED = "这份报告刚被他人办理过，请核对最新状态后再操作。"
ABSENT = "没有这份报告，或它不在您的权限范围内。"
LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Held:
    """A report as its acts need it: what it covers, how it stands, its current version and every step so far."""

    id: int
    brief: Brief
    state: State
    version_id: int
    last_step: int
    steps: tuple[Step, ...]


def draft(
    db: sqlite3.Connection, scope: Scope, composed: Composed, word: bytes, author: Author, now: datetime, slot: int | None = None
) -> int:
    """Keep a new report with its first version, `word` being the copy to check; gives its id. Inside `writing()`.

    `slot` is the moment of the timetable for which it is made. Raises PermissionError for a unit outside the scope, ValueError
    when the slot has its report already.
    """
    brief = composed.brief
    require_organization(db, scope, brief.organization_id)
    row = db.execute(
        "INSERT INTO reports(kind, organization_id, since, until, cutoff, title, state, slot, made_at, made_by, made_name) "
        "VALUES(:kind, :unit, :since, :until, :cutoff, :title, :state, :slot, :at, :login, :name) "
        "ON CONFLICT(organization_id, kind, slot) DO NOTHING RETURNING id",
        {
            "kind": brief.kind,
            "unit": brief.organization_id,
            "since": brief.since,
            "until": brief.until,
            "cutoff": brief.cutoff,
            "title": composed.title,
            "state": State.DRAFT,
            "slot": slot,
            "at": to_seconds(now),
            "login": author.login,
            "name": author.name,
        },
    ).fetchone()
    if row is None:
        raise ValueError("这一期已由定时任务起草。")
    report_id = int(row[0])
    version = add_version(db, report_id, Act.DRAFT, composed, word, author, now)
    add_step(db, report_id, version, Act.DRAFT, author, now)
    return report_id


def add_step(
    db: sqlite3.Connection, report_id: int, version_id: int, act: Act, author: Author, now: datetime, note: str = ""
) -> int:
    row = db.execute(
        "INSERT INTO report_steps(report_id, version_id, act, note, by_login, by_name, at) "
        "VALUES(:report, :version, :act, :note, :login, :name, :at) RETURNING id",
        {
            "report": report_id,
            "version": version_id,
            "act": act,
            "note": note.strip()[:LONGEST_NOTE],
            "login": author.login,
            "name": author.name,
            "at": to_seconds(now),
        },
    ).fetchone()
    bump_version(db)
    return int(row[0])


def hold(db: sqlite3.Connection, scope: Scope, report_id: int, seen: int | None = None) -> Held:
    """A report of the scope with its life so far; `seen` is the last step that the person saw.

    Raises PermissionError where it is not in the scope (or is not there at all), ValueError where somebody was quicker.
    """
    mine, values = organizations_in(scope, "r.organization_id")
    row = db.execute(f"SELECT r.state FROM reports r WHERE r.id = :id AND {mine}", values | {"id": report_id}).fetchone()
    if row is None:
        raise PermissionError(ABSENT)
    steps = db.execute(
        "SELECT id, version_id, act, by_login FROM report_steps WHERE report_id = :id ORDER BY id", {"id": report_id}
    ).fetchall()
    last_step, version_id = steps[-1][:2]
    if seen is not None and seen != last_step:
        raise ValueError(MOVED)
    lived = tuple(Step(Act(act), login) for _, _, act, login in steps)
    return Held(report_id, brief_of(db, version_id), State(row[0]), version_id, last_step, lived)


def brief_of(db: sqlite3.Connection, version_id: int) -> Brief:
    """What one version covers, with the paragraphs that a person wrote."""
    return brief_from_text(db.execute("SELECT brief FROM report_versions WHERE id = :id", {"id": version_id}).fetchone()[0])


def set_cover(db: sqlite3.Connection, report_id: int, brief: Brief, state: State) -> None:
    """What the report covers now, and how it stands."""
    db.execute(
        "UPDATE reports SET since = :since, until = :until, cutoff = :cutoff, state = :state WHERE id = :id",
        {"since": brief.since, "until": brief.until, "cutoff": brief.cutoff, "state": state, "id": report_id},
    )


def revise(
    db: sqlite3.Connection,
    scope: Scope,
    report_id: int,
    act: Act,
    composed: Composed,
    word: bytes,
    author: Author,
    now: datetime,
    seen: int,
) -> int:
    """A further version of a report that is being drafted: `RENEW` with facts of a new cut-off, `WRITE` with new paragraphs.

    Gives the version's id. Inside `writing()`. Raises as `hold` and `judge` do, and ValueError for another kind or unit.
    """
    held, brief = hold(db, scope, report_id, seen), composed.brief
    state = judge(held.state, act, held.steps, author.login)
    if (brief.kind, brief.organization_id) != (held.brief.kind, held.brief.organization_id):
        raise ValueError("更新数据不能改变报告的种类和单位，请另行起草。")
    if act is Act.WRITE and replace(brief, notes=()) != replace(held.brief, notes=()):
        raise ValueError("修改文字不能改变报告的时段和截止时刻，请用“更新数据”。")
    version = add_version(db, report_id, act, composed, word, author, now)
    set_cover(db, report_id, brief, state)
    add_step(db, report_id, version, act, author, now)
    return version
