"""An incident from its first signal to its close: what is found, what is kept, who may see it."""

import sqlite3
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from matrix.account import Platform
from matrix.incident import Field, IncidentKind, IncidentState, MemberKind, Verdict, WordKind
from matrix.incident_clock import ClockState
from matrix.incident_grid import Voice
from storage import (
    incident_acts,
    incident_facts,
    incident_figures,
    incident_flashes,
    incident_grid,
    incident_rows,
    incident_timeline,
    incident_words,
    incidents,
    leads,
)
from storage.credentials import rotate
from storage.database import create_database, open_writer, writing
from storage.incident_watch import keep_up
from storage.moments import to_seconds
from tests import sample
from tests.storage import incident_city
from tests.storage.incident_city import TITLE, WHO, a_lead, publish

NOW = datetime(2026, 3, 5, 6, 0, tzinfo=UTC)
AT = to_seconds(NOW)


@cache
def built() -> tuple[sqlite3.Connection, dict[str, int], dict[str, int]]:
    db = create_database(":memory:")
    ids = sample.fill(db, NOW - timedelta(minutes=5))
    return db, ids, incident_city.fill(db, NOW, ids)


class Place:
    """A city of its own for one test."""

    def __init__(self) -> None:
        first, self.ids, self.made = built()
        self.db = open_writer(":memory:")
        first.backup(self.db)
        self.city, self.county = (self.ids["临江市"],), (self.ids["青山县"],)
        self.id = self.made["county"]


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


def test_who_carries_the_bulletin_who_differs_and_who_is_silent(place: Place) -> None:
    with writing(place.db):
        wide = incidents.open_incident(place.db, place.city, TITLE, *WHO, NOW, place.ids["临江市"], occurred_at=AT - 4 * 3600)
        word = incident_words.enter_word(
            place.db, place.city, wide, WordKind.INFORMATION, "青山发布", "通报", "", AT - 3 * 3600, *WHO, NOW,
            post_id=place.made["bulletin"], is_bulletin=True,
        )  # fmt: skip
    found = incident_grid.grid(place.db, place.city, wide, word, AT)
    weibo = found[found["platform"] == int(Platform.WEIBO)].set_index("account")
    assert weibo.loc["青山发布", "voice"] == Voice.ISSUER
    assert (weibo.loc["健康青山", "voice"], weibo.loc["健康青山", "minutes"]) == (Voice.CARRIED, 60)
    assert (weibo.loc["临江水务", "voice"], weibo.loc["临江水务", "reason"]) == (Voice.DIFFERENT, "死亡：写5人，通报写3人")
    assert weibo.loc["临江发布", "voice"] == Voice.SILENT
    assert weibo.loc["城关镇微讯", "voice"] == Voice.BLIND
    assert set(found[found["account"] == "青山政务抖音"]["voice"]) == {Voice.LIMITED}
    assert found.iloc[0]["voice"] == Voice.SILENT
    early = incident_grid.grid(place.db, place.city, wide, word, AT - 9000).set_index("account")
    assert Voice.CARRIED not in set(early["voice"]), "an hour before nobody had carried it"


def test_the_posts_of_others_are_not_seen_by_the_county(place: Place) -> None:
    found = incident_grid.grid(place.db, place.county, place.id, place.made["word"], AT)
    assert "临江水务" not in set(found["account"])
    assert incident_grid.grid(place.db, (), place.id, place.made["word"], AT).empty


def test_comments_under_its_posts_and_in_its_words_are_counted_in(place: Place) -> None:
    told = incident_facts.told(place.db, place.county, place.id, AT)
    assert (told.comments, told.citizens, told.leads) == (4, 4, 1)
    assert incident_facts.told(place.db, (), place.id, AT) == incident_facts.Told()
    volume = incident_facts.volume(place.db, place.county, place.id, AT)
    assert (int(volume["comments"].sum()), int(volume["leads"].sum())) == (4, 1)
    voices = incident_facts.voices(place.db, place.county, place.id, AT)
    assert set(voices["how"]) == {"发布"}
    with writing(place.db):
        out = int(voices.iloc[0]["comment_id"])
        incidents.leave(place.db, place.county, place.id, MemberKind.COMMENT, out, "无关", *WHO, NOW)
    keep_up(place.db, NOW)
    assert incident_facts.told(place.db, place.county, place.id, AT).comments == 3


def test_conflicting_and_revised_figures_are_kept_and_a_slip_is_marked(place: Place) -> None:
    found = incident_figures.figures(place.db, place.county, place.id, AT)
    assert list(found["value"]) == [3, 5]
    with writing(place.db):
        wrong = int(found.iloc[1]["figure_id"])
        incident_figures.void_figure(place.db, place.county, place.id, wrong, "录入错误", *WHO, NOW + timedelta(minutes=1))
    assert incident_figures.figures(place.db, place.county, place.id, AT)["void_at"].isna().all()
    assert incident_figures.figures(place.db, place.county, place.id, AT + 60)["void_at"].notna().sum() == 1


def test_the_timeline_holds_everything_in_its_order(place: Place) -> None:
    found = incident_timeline.timeline(place.db, place.county, place.id, AT)
    assert list(found["at"]) == sorted(found["at"])
    assert {"线索", "官方发声", "数字", "级别与信息", "开启", "交办", "备注", "快报", "并入"} <= set(found["kind"])
    assert found.iloc[0]["kind"] == "线索"
    assert incident_timeline.timeline(place.db, (), place.id, AT).empty


def test_a_report_is_made_of_facts_and_kept_as_issued(place: Place) -> None:
    issued = incident_flashes.flashes(place.db, place.county, place.id)
    text = issued.iloc[0]["text"]
    assert "死亡说法不一：" in text
    assert "3人(青山发布" in text
    assert "5人(县应急管理局" in text
    kind, number, _ = incident_flashes.draft(place.db, place.county, place.id, AT)
    assert (kind, number) == ("续报", 2)
    with pytest.raises(ValueError, match="已经有人发出"), writing(place.db):
        incident_flashes.issue(place.db, place.county, place.id, kind, 1, "重复", AT, *WHO, NOW)
    assert incident_flashes.draft(place.db, (), place.id, AT)[2] == ""


def test_a_task_is_done_once_and_closing_needs_a_summary(place: Place) -> None:
    with writing(place.db):
        incident_acts.finish_task(place.db, place.county, place.id, place.made["task"], "已核实", *WHO, NOW)
    with pytest.raises(ValueError, match="已经办结"), writing(place.db):
        incident_acts.finish_task(place.db, place.county, place.id, place.made["task"], "再次", *WHO, NOW)
    with pytest.raises(ValueError, match="小结"), writing(place.db):
        incident_acts.close(place.db, place.county, place.id, " ", *WHO, NOW)
    with writing(place.db):
        incident_acts.close(place.db, place.county, place.id, "险情已排除", *WHO, NOW)
    assert incidents.open_now(place.db, place.county, NOW).empty
    with pytest.raises(ValueError, match="已经办结"), writing(place.db):
        incident_acts.note(place.db, place.county, place.id, "再看看", *WHO, NOW)
    assert incident_flashes.draft(place.db, place.county, place.id, AT)[0] == "终报"
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


def test_the_same_lead_comes_in_once_whoever_passed_it_on(place: Place) -> None:
    again = a_lead(NOW - timedelta(hours=4), "别的话", "1")
    with writing(place.db):
        held = leads.enter(place.db, place.county, place.ids["青山县"], again, sample.RING, *WHO, NOW)
    assert held == (place.made["lead"], False)
    listed = leads.listed(place.db, place.county)
    assert list(listed["incident"]) == [TITLE]
    assert leads.listed(place.db, ()).empty


def test_a_new_key_gives_leads_and_comments_of_one_citizen_the_same_new_name(place: Place) -> None:
    before = place.db.execute("SELECT author_key FROM leads ORDER BY id").fetchone()[0]
    after = sample.RING.rotated()
    rotate(place.db, after)
    key = place.db.execute("SELECT author_key FROM leads ORDER BY id").fetchone()[0]
    assert key != before
    assert key == leads.author_key(after, a_lead(NOW))


def test_a_post_that_comes_later_is_found_in_the_next_pass(place: Place) -> None:
    later = NOW + timedelta(minutes=20)
    publish(place.db, place.ids, "健康青山", "late", later, "滨河路桥面塌陷：县医院已收治全部伤员")
    assert keep_up(place.db, later).words == 1
    assert keep_up(place.db, later).words == 0
