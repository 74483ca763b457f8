"""The timetable of reports under a clock that is set by hand: each moment once, late but as of its hour, and nothing unasked."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from matrix.report import ReportKind
from matrix.report_life import Act
from storage import report_timetable, reports
from storage.database import writing
from storage.report_content import Author
from storage.report_timetable import Due, Plan
from tests.storage.report_desk import LI, WHY, Desk, composed_of, make_desk

BEIJING = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = make_desk()
    yield made
    made.db.close()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def ask_for(desk: Desk, when: str, kind: ReportKind = ReportKind.WEEKLY, unit: str = "临江市", **given: Any) -> None:
    number = desk.units[unit]
    plan = Plan(number, kind, is_on=True, rhythm=report_timetable.usual_rhythm(kind))
    with writing(desk.db):
        report_timetable.set_plan(desk.db, desk.scope, replace(plan, **given), "wang", at(when))


def due(desk: Desk, when: str) -> list[tuple[str, str, str]]:
    """Kind, beginning and end of what is due, in Beijing time."""
    found = report_timetable.due(desk.db, at(when))
    return [(str(one.kind), beijing(one.since), beijing(one.until)) for one in found]


def beijing(moment: int) -> str:
    return f"{datetime.fromtimestamp(moment, BEIJING):%m-%d %H:%M}"


def make(desk: Desk, one: Due) -> int:
    composed = composed_of(one.organization_id, one.until, since=one.since)
    composed = replace(composed, brief=replace(composed.brief, kind=one.kind))
    with writing(desk.db):
        return reports.draft(desk.db, (one.organization_id,), composed, b"w", Author("", "定时任务"), desk.now, one.until)


def make_all(desk: Desk, when: str) -> list[int]:
    return [make(desk, one) for one in report_timetable.due(desk.db, at(when))]


def test_nothing_is_due_before_somebody_asks_and_nothing_of_before_he_asked(desk: Desk) -> None:
    assert due(desk, "2026-03-06 16:00") == []
    ask_for(desk, "2026-03-06 15:30")
    assert due(desk, "2026-03-06 16:00") == []
    assert due(desk, "2026-03-13 14:59") == []
    assert due(desk, "2026-03-13 15:00") == [("周报", "03-06 15:00", "03-13 15:00")]


def test_each_moment_is_made_once_also_when_it_was_made_void(desk: Desk) -> None:
    ask_for(desk, "2026-03-02 09:00")
    (number,) = make_all(desk, "2026-03-06 15:00")
    assert due(desk, "2026-03-06 15:01") == []
    desk.take(number, Act.SUBMIT, LI)
    desk.take(number, Act.WITHDRAW, LI)
    desk.take(number, Act.VOID, LI, WHY)
    assert due(desk, "2026-03-06 15:02") == []
    one = Due(
        desk.units["临江市"],
        "临江市",
        ReportKind.WEEKLY,
        *(int(at(day).timestamp()) for day in ("2026-02-27", "2026-03-06 15:00")),
    )
    with pytest.raises(ValueError, match="已由定时任务起草"):
        make(desk, one)


def test_a_worker_that_was_down_makes_it_as_of_its_hour_and_loses_no_week(desk: Desk) -> None:
    ask_for(desk, "2026-03-02 09:00")
    make_all(desk, "2026-03-06 15:00")
    assert due(desk, "2026-03-14 09:00") == [("周报", "03-06 15:00", "03-13 15:00")]
    assert due(desk, "2026-03-28 09:00") == [("周报", "03-06 15:00", "03-27 15:00")], "one report for the three weeks"


def test_a_report_by_hand_just_before_takes_its_place(desk: Desk) -> None:
    ask_for(desk, "2026-03-02 09:00")
    desk.draft(until=int(at("2026-03-06 14:20").timestamp()))
    assert due(desk, "2026-03-06 15:00") == []
    assert due(desk, "2026-03-13 15:00") == [("周报", "03-06 14:20", "03-13 15:00")], "from where that one ended"


def test_a_week_that_is_reported_days_later_takes_no_days_from_the_next_one(desk: Desk) -> None:
    ask_for(desk, "2026-03-02 09:00")
    wednesday = int(at("2026-03-11 10:00").timestamp())
    composed = composed_of(desk.units["临江市"], int(at("2026-03-06 15:00").timestamp()))
    late = replace(composed, brief=replace(composed.brief, cutoff=wednesday))
    with writing(desk.db):
        reports.draft(desk.db, desk.scope, late, b"w", LI, at("2026-03-11 10:00"))
    assert due(desk, "2026-03-13 15:00") == [("周报", "03-06 15:00", "03-13 15:00")]


def test_a_changed_masthead_does_not_lose_the_hour_and_a_changed_hour_begins_anew(desk: Desk) -> None:
    ask_for(desk, "2026-03-02 09:00")
    ask_for(desk, "2026-03-06 15:05", office="市政府办")
    assert len(due(desk, "2026-03-06 15:10")) == 1
    ask_for(desk, "2026-03-06 15:06", rhythm="周五14:00")
    assert due(desk, "2026-03-06 15:10") == []
    ask_for(desk, "2026-03-06 15:07", is_on=False)
    assert due(desk, "2026-03-20 15:10") == []


def test_units_and_kinds_are_each_their_own(desk: Desk) -> None:
    ask_for(desk, "2026-03-02 09:00", unit="青山县")
    ask_for(desk, "2026-03-02 09:00", ReportKind.DAILY)
    ask_for(desk, "2026-03-02 09:00", ReportKind.MONTHLY)
    assert due(desk, "2026-03-06 15:00") == [("日报", "03-05 08:00", "03-06 08:00"), ("周报", "02-27 15:00", "03-06 15:00")]
    make_all(desk, "2026-03-06 15:00")
    assert due(desk, "2026-03-09 08:00") == [("日报", "03-06 08:00", "03-09 08:00")], "the weekend is in Monday's"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"rhythm": "每天下午"}, "应形如"),
        ({"kind": ReportKind.INCIDENT}, "不能定时"),
        ({"number_before": 5, "total_before": 3}, "总期号不能小于"),
        ({"office": "某" * 201}, "太长"),
    ],
)
def test_settings_that_cannot_be_are_refused_in_a_sentence(desk: Desk, given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ask_for(desk, "2026-03-02 09:00", **given)


def test_settings_are_those_of_the_scope(desk: Desk) -> None:
    ask_for(desk, "2026-03-02 09:00", office="市政府办", report_to="市委、市政府")
    county = (desk.units["青山县"],)
    assert report_timetable.plans(desk.db, county).empty
    assert report_timetable.plans(desk.db, ()).empty
    assert report_timetable.plans(desk.db, desk.scope)["office"].tolist() == ["市政府办"]
    city = desk.units["临江市"]
    held = report_timetable.plan_of(desk.db, desk.scope, organization_id=city, kind=ReportKind.WEEKLY)
    assert held
    assert (held.is_on, held.report_to) == (True, "市委、市政府")
    assert report_timetable.plan_of(desk.db, county, organization_id=city, kind=ReportKind.WEEKLY) is None
    unset = report_timetable.plan_of(desk.db, desk.scope, organization_id=city, kind=ReportKind.MONTHLY)
    assert unset == Plan(city, ReportKind.MONTHLY, rhythm="1日08:00")
    with writing(desk.db), pytest.raises(PermissionError):
        report_timetable.set_plan(desk.db, county, held, "zhao", desk.now + timedelta(1))
