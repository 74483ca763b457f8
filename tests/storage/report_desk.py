"""A city with two units, people of an office, and reports made by hand: what the life of a report needs, without Word."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from matrix.people import Role
from matrix.report import Brief, Figure, ReportKind
from matrix.report_body import Composed, Paragraph, Piece, Section
from matrix.report_life import Act
from storage import organizations, passwords, people, report_steps, reports
from storage.database import create_database, writing
from storage.report_content import Author
from tests import serving

NOW = datetime(2026, 3, 6, 7, 0, tzinfo=UTC)
"""Friday, 15:00 in Beijing."""
CUT = int(NOW.timestamp())
LI, WANG, ZHAO = Author("li", "李某"), Author("wang", "王某"), Author("zhao", "赵某")
WHY = "第三节数字有误"
BROKEN = report_steps.Found("A1", "A1（发布条数）重算为11条。", "12条", "11条", "不一致")


def composed_of(unit: int, until: int = CUT, posts: int = 12, since: int = 0) -> Composed:
    """A report of one sentence with one figure."""
    since = since or until - 7 * 86400
    brief = Brief(ReportKind.WEEKLY, unit, since, until, until, title="政务新媒体舆情周报")
    params = {"organization_id": unit, "since": since, "until": until}
    figure = Figure("A1", "posts", params, until, posts, posts, f"{posts}条", "发布条数")
    section = Section("一、发布情况", (Paragraph((Piece("本期发布"), Piece(figure.text, "A1"), Piece("。"))),))
    return Composed(brief, brief.title, "临江市", (unit,), (section,), (figure,))


@dataclass
class Desk:
    """The database, its units by name, and the steps of a life in short."""

    db: sqlite3.Connection
    units: dict[str, int]
    now: datetime = NOW

    @property
    def scope(self) -> tuple[int, ...]:
        return (self.units["临江市"],)

    def draft(self, author: Author = LI, unit: str = "临江市", until: int = CUT) -> int:
        composed = composed_of(self.units[unit], until)
        with writing(self.db):
            return reports.draft(self.db, self.scope, composed, b"word 1", author, self.now)

    def seen(self, report_id: int) -> int:
        return reports.hold(self.db, self.scope, report_id).last_step

    def take(self, report_id: int, act: Act, author: Author, reason: str = "") -> int:
        with writing(self.db):
            seen = self.seen(report_id)
            return report_steps.take(self.db, self.scope, report_id, act, author, self.now, seen, reason)

    def revise(self, report_id: int, act: Act, author: Author, composed: Composed, word: bytes = b"word 2") -> int:
        with writing(self.db):
            seen = self.seen(report_id)
            return reports.revise(self.db, self.scope, report_id, act, composed, word, author, self.now, seen)

    def renew(self, report_id: int, author: Author = LI, posts: int = 13) -> int:
        brief = reports.hold(self.db, self.scope, report_id).brief
        made = composed_of(brief.organization_id, brief.until, posts, brief.since)
        return self.revise(report_id, Act.RENEW, author, made, f"word {posts}".encode())

    def check(self, report_id: int, *found: report_steps.Found) -> int:
        version = reports.hold(self.db, self.scope, report_id).version_id
        fine = report_steps.Found("A1", "A1（发布条数）与记录一致。", "12条", "12条", "一致")
        with writing(self.db):
            return report_steps.note_check(self.db, self.scope, report_id, version, found or (fine,), "wang", self.now)

    def issue(self, report_id: int, author: Author = WANG) -> report_steps.Issued:
        with writing(self.db):
            place = report_steps.next_place(self.db, self.scope, report_id)
            assert place
            seen = self.seen(report_id)
            word = f"issued {place.words}".encode()
            return report_steps.issue(self.db, self.scope, report_id, word, place, author, self.now, seen)

    def issued(self, until: int = CUT) -> int:
        """A report that has gone the whole way."""
        report_id = self.draft(until=until)
        self.take(report_id, Act.SUBMIT, LI)
        self.take(report_id, Act.APPROVE, WANG)
        self.check(report_id)
        self.issue(report_id)
        return report_id

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)


def make_desk() -> Desk:
    """The city and its county; 李某 writes, 王某 leads the city, 赵某 leads the county."""
    db = create_database(":memory:")
    units = {}
    with writing(db), pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", serving.QUICK)
        for name, above, level in (("临江市", None, "市级"), ("青山县", "临江市", "县级")):
            parent = units[above] if above else None
            units[name] = organizations.add(db, code=name, name=name, parent_id=parent, level=level, seen_at=CUT - 10**7)
        organizations.rebuild_tree(db)
        for one, role, unit in ((LI, Role.ANALYST, "临江市"), (WANG, Role.LEAD, "临江市"), (ZHAO, Role.LEAD, "青山县")):
            people.add(
                db,
                login=one.login,
                name=one.name,
                role=role,
                password="Linjiang-2026",
                by="t",
                now=NOW,
                must_change=False,
                scope=(units[unit],),
            )
    return Desk(db, units)
