"""The life of a report in the database: its steps, its numbers, its corrections, and what was touched is found."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from matrix.report import Note, ReportKind
from matrix.report_life import Act, State
from storage import people, report_rows, report_steps, report_timetable, reports
from storage.database import writing
from storage.report_steps import Found, Place
from tests.storage.report_desk import BROKEN, CUT, LI, NOW, WANG, WHY, ZHAO, Desk, composed_of, make_desk

LATER = Found("A1", "A1（发布条数）又有1条。", "12条", "13条", "有新增")


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = make_desk()
    yield made
    made.db.close()


def opened_of(desk: Desk, report_id: int, **wanted: Any) -> report_rows.Opened:
    opened = report_rows.opened(desk.db, desk.scope, report_id=report_id, **wanted)
    assert opened
    return opened


def test_a_report_goes_its_way_and_is_found_whole(desk: Desk) -> None:
    number = desk.issued()
    opened = opened_of(desk, number)
    assert (opened.state, opened.place, opened.is_whole) == (State.ISSUED, "第1期(总第1期)", True)
    assert opened.steps["act"].tolist() == ["起草", "提交审核", "审核通过", "签发"]
    assert opened.composed == composed_of(desk.units["临江市"])
    word = report_rows.word_of(desk.db, desk.scope, version_id=opened.version_id, is_issued=True)
    assert word
    assert (word.content, word.is_whole) == ("issued 第1期(总第1期)".encode(), True)
    assert word.sha256 in opened.steps["note"].iloc[-1]


@pytest.mark.parametrize(
    "touch",
    [
        "UPDATE report_signings SET content = x'789c4b04000062'",
        "UPDATE report_signings SET content = (SELECT content FROM report_versions)",
        "UPDATE report_signings SET sha256 = 'f' || substr(sha256, 2) WHERE substr(sha256, 1, 1) <> 'f'",
    ],
)
def test_a_touched_issue_is_found(desk: Desk, touch: str) -> None:
    number = desk.issued()
    opened = opened_of(desk, number)
    changed = desk.db.execute(touch).rowcount
    word = report_rows.word_of(desk.db, desk.scope, version_id=opened.version_id, is_issued=True)
    assert word
    assert word.is_whole is not bool(changed)


def test_a_touched_version_is_found(desk: Desk) -> None:
    number = desk.draft()
    for touch in ("content = facts", "facts = content", "sha256 = lower(sha256) || '0'"):
        desk.db.execute("SAVEPOINT touched")
        desk.db.execute(f"UPDATE report_versions SET {touch}")
        opened = opened_of(desk, number)
        assert not opened.is_whole
        desk.db.execute("ROLLBACK TO touched")
    assert opened_of(desk, number).is_whole


def test_a_figure_that_does_not_hold_forbids_the_issue_and_is_named(desk: Desk) -> None:
    number = desk.draft()
    desk.take(number, Act.SUBMIT, LI)
    desk.take(number, Act.APPROVE, WANG)
    with pytest.raises(ValueError, match="签发前须核对"):
        desk.issue(number)
    assert desk.check(number, BROKEN) == 1
    with pytest.raises(ValueError, match="A1（发布条数）重算为11条。请撤回"):
        desk.issue(number)
    assert desk.check(number, LATER) == 0
    desk.later(minutes=11)
    with pytest.raises(ValueError, match="签发前须核对"):
        desk.issue(number)
    desk.check(number, LATER)
    assert desk.issue(number).place == Place(2026, 1, 1)


def test_whoever_was_quicker_is_not_overrun(desk: Desk) -> None:
    number = desk.draft()
    seen = desk.seen(number)
    desk.renew(number, WANG)
    with writing(desk.db), pytest.raises(ValueError, match="刚被他人办理过"):
        report_steps.take(desk.db, desk.scope, number, Act.SUBMIT, LI, NOW, seen)


def test_numbers_follow_those_on_paper_begin_anew_each_year_and_leave_no_gap(desk: Desk) -> None:
    city = desk.units["临江市"]
    plan = report_timetable.Plan(city, ReportKind.WEEKLY, number_before=9, total_before=61, rhythm="周五15:00")
    with writing(desk.db):
        report_timetable.set_plan(desk.db, desk.scope, plan, "wang", NOW)
    first, void = desk.issued(), desk.draft()
    desk.take(void, Act.VOID, LI, WHY)
    second = desk.issued()
    desk.later(days=365)
    third = desk.issued(until=int(desk.now.timestamp()))
    rows = report_rows.listed(desk.db, desk.scope).set_index("id")
    numbers = [(rows.loc[one, "year"], rows.loc[one, "number"], rows.loc[one, "total"]) for one in (first, second, third)]
    assert numbers == [(2026, 10, 62), (2026, 11, 63), (2027, 1, 64)]


def test_a_correction_keeps_the_number_and_the_first_issue_stays(desk: Desk) -> None:
    number = desk.issued()
    desk.take(number, Act.CORRECT, WANG, WHY)
    with pytest.raises(ValueError, match="与已签发的内容相同"):
        desk.take(number, Act.SUBMIT, WANG)
    desk.renew(number, WANG)
    desk.take(number, Act.SUBMIT, WANG)
    with pytest.raises(PermissionError):
        desk.take(number, Act.APPROVE, WANG)
    desk.take(number, Act.APPROVE, ZHAO)
    desk.check(number)
    issued = desk.issue(number)
    assert (issued.place, issued.correction) == (Place(2026, 1, 1), 1)
    versions = opened_of(desk, number).versions
    assert versions["issued_at"].notna().tolist() == [True, True]


def test_a_dropped_correction_brings_the_issued_version_back(desk: Desk) -> None:
    number = desk.issued()
    desk.take(number, Act.CORRECT, WANG, WHY)
    desk.renew(number, WANG, posts=99)
    desk.take(number, Act.DROP, WANG, "核对后无误")
    opened = opened_of(desk, number)
    assert (opened.state, opened.version) == (State.ISSUED, 1)
    assert opened_of(desk, number, version=2).version == 2


def test_an_office_of_one_waives_and_an_office_of_two_does_not(desk: Desk) -> None:
    number = desk.draft(WANG)
    desk.take(number, Act.SUBMIT, WANG)
    with writing(desk.db):
        other = people.find(desk.db, "zhao")
        assert other
        people.set_scope(desk.db, other.id, desk.scope)
    with pytest.raises(PermissionError, match="赵某可以审核"):
        desk.take(number, Act.WAIVE, WANG, "一人在岗")
    with writing(desk.db):
        people.set_disabled(desk.db, other.id, NOW)
    desk.take(number, Act.WAIVE, WANG, "一人在岗")
    desk.check(number)
    assert desk.issue(number).place.number == 1


def test_paragraphs_may_change_and_nothing_else_with_them(desk: Desk) -> None:
    number = desk.draft()
    made = composed_of(desk.units["临江市"])
    desk.revise(number, Act.WRITE, LI, made.with_notes((Note("研判", "总体平稳。", "李某"),)))
    assert reports.hold(desk.db, desk.scope, number).brief.notes[0].text == "总体平稳。"
    with pytest.raises(ValueError, match="不能改变报告的时段"):
        desk.revise(number, Act.WRITE, LI, replace(made, brief=replace(made.brief, cutoff=CUT + 60)))
    with pytest.raises(ValueError, match="不能改变报告的种类和单位"):
        desk.revise(number, Act.RENEW, LI, composed_of(desk.units["青山县"]))


def test_reports_of_others_are_as_if_they_were_not(desk: Desk) -> None:
    city, county = desk.issued(), desk.draft(unit="青山县")
    scope = (desk.units["青山县"],)
    assert report_rows.listed(desk.db, scope)["id"].tolist() == [county]
    assert report_rows.listed(desk.db, ()).empty
    assert report_rows.opened(desk.db, scope, report_id=city) is None
    version = reports.hold(desk.db, desk.scope, city).version_id
    assert report_rows.word_of(desk.db, scope, version_id=version, is_issued=True) is None
    mark = composed_of(desk.units["临江市"]).figures[0].mark
    assert report_rows.printed(desk.db, scope, mark=mark) is None
    found = report_rows.printed(desk.db, desk.scope, mark=mark)
    assert found
    assert (found.report_id, found.figure, found.is_issued) == (city, composed_of(desk.units["临江市"]).figures[0], True)
    with writing(desk.db), pytest.raises(PermissionError):
        report_steps.take(desk.db, scope, city, Act.VOID, ZHAO, NOW, 1, WHY)
    with writing(desk.db), pytest.raises(PermissionError):
        reports.draft(desk.db, scope, composed_of(desk.units["临江市"]), b"w", ZHAO, NOW)


def test_whoever_only_reads_sees_what_was_issued(desk: Desk) -> None:
    number, draft = desk.issued(), desk.draft()
    desk.take(number, Act.CORRECT, WANG, WHY)
    desk.renew(number, WANG)
    assert report_rows.listed(desk.db, desk.scope, only_issued=True)["id"].tolist() == [number]
    opened = opened_of(desk, number, only_issued=True)
    assert opened.version == 1
    assert report_rows.opened(desk.db, desk.scope, report_id=number, version=2, only_issued=True) is None
    assert report_rows.opened(desk.db, desk.scope, report_id=draft, only_issued=True) is None
    mark = composed_of(desk.units["临江市"], posts=13).figures[0].mark
    assert report_rows.printed(desk.db, desk.scope, mark=mark)
    assert report_rows.printed(desk.db, desk.scope, mark=mark, only_issued=True) is None


def test_a_check_of_an_older_version_is_no_check(desk: Desk) -> None:
    number = desk.draft()
    old = reports.hold(desk.db, desk.scope, number).version_id
    desk.renew(number)
    with writing(desk.db), pytest.raises(ValueError, match="新的版本"):
        report_steps.note_check(desk.db, desk.scope, number, old, (), "wang", NOW + timedelta(minutes=1))
