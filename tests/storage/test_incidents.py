"""An incident from its first signal to its close: opened, levelled, answered, closed, and who may see it."""

from datetime import UTC, datetime, timedelta

import pytest

from matrix.incident import Field, IncidentKind, IncidentState, MemberKind, Verdict, WordKind
from matrix.incident_clock import ClockState
from storage import (
    incident_acts,
    incident_flashes,
    incident_rows,
    incident_tasks,
    incident_words,
    incidents,
)
from storage.database import writing
from storage.incident_watch import keep_up
from tests.storage.incident_city import TITLE, WHO
from tests.storage.incident_desk import AT, NOW, Place


@pytest.fixture
def place() -> Place:
    return Place()


def test_an_incident_is_opened_with_a_title_alone_and_has_no_level_until_one_is_set(place: Place) -> None:
    with writing(place.db):
        number = incidents.open_incident(place.db, place.city, "  夜市 停电 ", *WHO, NOW, place.ids["临江市"])
    [one] = incident_rows.standings(place.db, place.city, NOW, number)
    assert one.matter.title == "夜市 停电"
    assert {clock.state for clock in one.clocks} == {ClockState.PENDING}
    assert one.matter.starts_at == one.matter.detected_at == AT


@pytest.mark.parametrize("title", ["", "  ", "桥" * 81])
def test_a_title_that_says_nothing_or_too_much_is_refused(place: Place, title: str) -> None:
    with pytest.raises(ValueError, match="标题"), writing(place.db):
        incidents.open_incident(place.db, place.city, title, *WHO, NOW, place.ids["临江市"])


def test_the_open_ones_come_with_the_clock_that_asks_first(place: Place) -> None:
    found = incidents.open_now(place.db, place.city, NOW)
    assert list(found["title"]) == [TITLE, "临江发布楼下积水引发关注"]
    first = found.iloc[0]
    assert (first["clock"], first["clock_state"], first["left"], first["is_late"]) == ("新闻发布会", "进行中", 20 * 3600, False)
    assert [clock.state for clock in first["clocks"]] == [ClockState.MET, ClockState.RUNNING]
    assert found.iloc[1]["clock"] == "回应"


def test_the_county_sees_its_own_and_nobody_sees_without_scope(place: Place) -> None:
    assert list(incidents.open_now(place.db, place.county, NOW)["title"]) == [TITLE]
    assert incidents.open_now(place.db, (), NOW).empty
    with pytest.raises(PermissionError), writing(place.db):
        incident_acts.note(place.db, place.county, place.made["city"], "看看", *WHO, NOW)
    with pytest.raises(PermissionError), writing(place.db):
        incidents.join(place.db, place.county, place.id, MemberKind.LEAD, place.made["city_lead"], *WHO, NOW)


def test_a_level_that_is_set_later_does_not_change_how_it_stood_before(place: Place) -> None:
    later = NOW + timedelta(hours=2)
    with writing(place.db):
        incidents.set_fields(place.db, place.city, place.id, {Field.EVENT_LEVEL: "较大"}, "核减", *WHO, later)
    [then] = incident_rows.standings(place.db, place.city, NOW, place.id)
    [now] = incident_rows.standings(place.db, place.city, later, place.id)
    assert [clock.rule.hours for clock in then.clocks] == [5, 24]
    assert [clock.rule.hours for clock in now.clocks] == [48]


def test_the_system_finds_official_words_and_only_a_person_makes_them_count(place: Place) -> None:
    with writing(place.db):
        number = incidents.open_incident(place.db, place.county, TITLE, *WHO, NOW, place.ids["青山县"],
                                         occurred_at=AT - 4 * 3600)  # fmt: skip
        incidents.set_fields(place.db, place.county, number, {Field.KIND: IncidentKind.OTHER}, "", *WHO, NOW)
    assert keep_up(place.db, NOW).words >= 1
    found = incident_words.words(place.db, place.county, number, AT)
    assert set(found["verdict"]) == {Verdict.WAITING}
    assert incident_rows.standings(place.db, place.county, NOW, number)[0].clocks[0].stopped_at is None
    word = int(found.iloc[0]["word_id"])
    with writing(place.db):
        incident_words.decide(place.db, place.county, number, word, Verdict.CONFIRMED, WordKind.RESPONSE, "", *WHO, NOW)
    [one] = incident_rows.standings(place.db, place.county, NOW, number)
    assert (one.clocks[0].state, one.clocks[0].used) == (ClockState.MET, 3600)
    with writing(place.db):
        incident_words.decide(
            place.db, place.county, number, word, Verdict.REJECTED, WordKind.RESPONSE, "说的是另一座桥", *WHO, NOW
        )
    assert incident_rows.standings(place.db, place.county, NOW, number)[0].clocks[0].stopped_at is None
    assert not keep_up(place.db, NOW).words, "what was refused is not found again"


def test_a_press_conference_without_evidence_is_refused(place: Place) -> None:
    args = (place.db, place.city, place.id, WordKind.CONFERENCE, "县政府新闻办", "首场发布会")
    with pytest.raises(ValueError, match="链接"), writing(place.db):
        incident_words.enter_word(*args, "", AT, *WHO, NOW)
    with pytest.raises(ValueError, match="早于事件发生"), writing(place.db):
        incident_words.enter_word(*args, "https://news.example/1", AT - 86400, *WHO, NOW)
    with writing(place.db):
        incident_words.enter_word(*args, "https://news.example/1", AT, *WHO, NOW)
    [one] = incident_rows.standings(place.db, place.city, NOW, place.id)
    assert [clock.state for clock in one.clocks] == [ClockState.MET, ClockState.MET]


def test_a_task_is_done_once_and_closing_needs_a_summary(place: Place) -> None:
    with writing(place.db):
        incident_tasks.finish_task(place.db, place.county, place.id, place.made["task"], "已核实", *WHO, NOW)
    with pytest.raises(ValueError, match="已经办结"), writing(place.db):
        incident_tasks.finish_task(place.db, place.county, place.id, place.made["task"], "再次", *WHO, NOW)
    with pytest.raises(ValueError, match="小结"), writing(place.db):
        incident_acts.close(place.db, place.county, place.id, " ", *WHO, NOW)
    with writing(place.db):
        incident_acts.close(place.db, place.county, place.id, "险情已排除", *WHO, NOW)
    assert incidents.open_now(place.db, place.county, NOW).empty
    with pytest.raises(ValueError, match="已经办结"), writing(place.db):
        incident_acts.note(place.db, place.county, place.id, "再看看", *WHO, NOW)
    last = incident_flashes.draft(place.db, place.county, place.id, AT)
    assert last is not None
    assert last[0] == "终报"
    with writing(place.db):
        incident_acts.reopen(place.db, place.county, place.id, "又有新情况", *WHO, NOW + timedelta(minutes=5))
    assert len(incidents.open_now(place.db, place.county, NOW + timedelta(minutes=6))) == 1
    [one] = incident_rows.standings(place.db, place.county, NOW + timedelta(minutes=6), place.id)
    assert one.matter.state == IncidentState.OPEN


def test_only_a_statutory_warning_needs_its_eight_fields(place: Place) -> None:
    said: dict[str, str | int | None] = {
        "category": "桥梁险情", "level": "橙", "starts_at": AT, "area": "滨河路沿线", "cautions": "请绕行",
        "measures": "封闭道路", "issuer": "青山县人民政府", "issued_at": AT,
    }  # fmt: skip
    with pytest.raises(ValueError, match="发布机关"), writing(place.db):
        incident_acts.warn(place.db, place.county, place.id, said | {"issuer": ""}, "", *WHO, NOW)
    with writing(place.db):
        incident_acts.warn(place.db, place.county, place.id, said, "", *WHO, NOW)
    [one] = incident_rows.standings(place.db, place.county, NOW, place.id)
    assert (one.matter.warning_level, one.matter.event_level) == ("橙", "重大")


def test_a_clock_that_runs_out_is_told_once_before_and_once_after(place: Place) -> None:
    due = AT + 20 * 3600

    def told(at: int) -> list[tuple[str, str]]:
        keep_up(place.db, datetime.fromtimestamp(at, UTC))
        keep_up(place.db, datetime.fromtimestamp(at + 30, UTC))
        return place.db.execute("SELECT level, title FROM notices WHERE kind = '事件时限' ORDER BY id").fetchall()

    assert told(due - 7200) == []
    soon = ("橙", f"24小时新闻发布会即将到期：{TITLE}")
    assert told(due - 1800) == [soon]
    assert told(due + 60) == [soon, ("红", f"24小时新闻发布会已超时：{TITLE}")]


def test_a_unit_with_a_task_learns_title_task_and_clocks_and_can_finish_it(place: Place) -> None:
    bureau, other = (place.ids["青山县卫生健康局"],), (place.ids["临江市水务局"],)
    [row] = incident_tasks.given(place.db, bureau, NOW).to_dict("records")
    assert (row["title"], row["note"], row["unit"]) == (TITLE, "核实伤亡人数", "青山县卫生健康局")
    assert [clock.state for clock in row["clocks"]] == [ClockState.MET, ClockState.RUNNING]
    assert incidents.open_now(place.db, bureau, NOW).empty, "nothing more than that"
    assert incident_tasks.given(place.db, place.county, NOW).empty, "whoever sees the incident finds the task there"
    assert incident_tasks.given(place.db, (), NOW).empty
    finish = (place.id, place.made["task"], "已核实", *WHO, NOW)
    with pytest.raises(PermissionError), writing(place.db):
        incident_tasks.finish_task(place.db, other, *finish)
    with writing(place.db):
        incident_tasks.finish_task(place.db, bureau, *finish)
    assert incident_tasks.given(place.db, bureau, NOW).empty
    with pytest.raises(PermissionError), writing(place.db):
        incident_acts.note(place.db, bureau, place.id, "看看", *WHO, NOW)


def test_an_incident_that_was_opened_again_stands_closed_in_the_time_between(place: Place) -> None:
    def later(minutes: int) -> datetime:
        return NOW + timedelta(minutes=minutes)

    with writing(place.db):
        incident_acts.close(place.db, place.county, place.id, "险情已排除", *WHO, later(60))
        incident_acts.reopen(place.db, place.county, place.id, "又有新情况", *WHO, later(120))
    closed, again = IncidentState.CLOSED, IncidentState.OPEN
    between = incident_rows.standings(place.db, place.county, later(90), state=closed)
    then = next(one for one in between if one.id == place.id)
    assert (then.matter.closed_at, then.summary) == (AT + 3600, "险情已排除")
    assert [clock.state for clock in then.clocks] == [ClockState.MET, ClockState.LEFT]
    assert place.id not in set(incidents.open_now(place.db, place.county, later(90))["id"])
    with writing(place.db):
        incident_acts.close(place.db, place.county, place.id, "全部办结", *WHO, later(180))
    for minutes, state, at, summary in ((30, again, None, ""), (90, closed, 60, "险情已排除"), (150, again, None, ""),
                                        (200, closed, 180, "全部办结")):  # fmt: skip
        [one] = incident_rows.standings(place.db, place.county, later(minutes), place.id)
        assert (one.matter.state, one.matter.closed_at) == (state, None if at is None else AT + at * 60)
        assert state == again or one.summary == summary
