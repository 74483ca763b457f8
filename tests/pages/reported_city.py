"""Two reports of a city: its own one, issued, and one of its county in two versions; for whoever draws pages of them."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from matrix.report import Brief, Note, ReportKind
from matrix.report_life import Act
from reports import report_making
from storage import report_rows, report_steps, report_timetable, reports
from storage.database import open_database, writing
from storage.moments import to_seconds
from storage.report_content import Author

LI, WANG = Author("zhuguan", "主管小李"), Author("fuhe", "王复核")
ADDRESS = "https://pub.example.gov.cn"


def report_on(db: sqlite3.Connection, city: int, county: int, now: datetime) -> None:
    """Keep both reports, and what the county set for its own."""
    until = to_seconds(now) // 60 * 60
    scope = (city,)
    for unit in (city, county):
        brief = Brief(ReportKind.DAILY, unit, until - 30 * 86400, until, until)
        place = report_steps.place_of(db, brief)
        made = report_making.make(db, brief, place, ADDRESS, LI.name)
        with writing(db):
            number = reports.draft(db, scope, made.composed, made.word, LI, now)
            plan = report_timetable.Plan(unit, ReportKind.WEEKLY, is_on=True, rhythm="周五15:00", office="政府办公室")
            report_timetable.set_plan(db, scope, plan, LI.login, now)
            if unit == county:
                again = replace(brief, since=until - 20 * 86400, notes=(Note("研判", "总体平稳。", LI.name),))
                told = report_making.make(db, again, place, ADDRESS, LI.name)
                reports.revise(db, scope, number, Act.RENEW, told.composed, told.word, LI, now, last(db, number))
                report_steps.note_check(db, scope, number, version(db, number), (), LI.login, now)
                continue
            report_steps.take(db, scope, number, Act.SUBMIT, LI, now, last(db, number))
            report_steps.take(db, scope, number, Act.APPROVE, WANG, now, last(db, number))
            report_steps.note_check(db, scope, number, version(db, number), (), WANG.login, now)
            report_steps.issue(db, scope, number, made.word, place, WANG, now, last(db, number))


def last(db: sqlite3.Connection, number: int) -> int:
    return db.execute("SELECT max(id) FROM report_steps WHERE report_id = ?", (number,)).fetchone()[0]


def version(db: sqlite3.Connection, number: int) -> int:
    return db.execute("SELECT max(id) FROM report_versions WHERE report_id = ?", (number,)).fetchone()[0]


def keys_of(path: Path) -> list[str]:
    """A key of each report whose figure rests on rows, as links bear it; the county's comes first."""
    with closing(open_database(path)) as db:
        opened = [report_rows.opened(db, (1,), report_id=number) for number in (2, 1)]
    found = [max(one.composed.figures, key=lambda figure: figure.rows) for one in opened if one and one.composed]
    return [f"{figure.key}-{figure.mark}" for figure in found]
