"""What is known of an incident: who carries the bulletin, what citizens say, figures, timeline, reports, leads."""

from datetime import timedelta

import pytest

from matrix.account import Platform
from matrix.incident import MemberKind, WordKind
from matrix.incident_grid import Voice
from storage import (
    incident_facts,
    incident_figures,
    incident_flashes,
    incident_grid,
    incident_timeline,
    incident_words,
    incidents,
    leads,
)
from storage.credentials import rotate
from storage.database import writing
from storage.incident_watch import keep_up
from tests import sample
from tests.storage.incident_city import TITLE, WHO, a_lead, publish
from tests.storage.incident_desk import AT, NOW, Place


@pytest.fixture
def place() -> Place:
    return Place()


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
    drafted = incident_flashes.draft(place.db, place.county, place.id, AT)
    assert drafted is not None
    kind, number, _ = drafted
    assert (kind, number) == ("续报", 2)
    with pytest.raises(ValueError, match="已经有人发出"), writing(place.db):
        incident_flashes.issue(place.db, place.county, place.id, kind, 1, "重复", AT, *WHO, NOW)
    assert incident_flashes.draft(place.db, (), place.id, AT) is None


def test_the_same_lead_comes_in_once_whoever_passed_it_on(place: Place) -> None:
    again = a_lead(NOW - timedelta(hours=4), "别的话", "1")
    with writing(place.db):
        held = leads.enter(place.db, place.county, place.ids["青山县"], again, sample.RING, *WHO, NOW)
    assert held == (place.made["lead"], False)
    listed = leads.listed(place.db, place.county)
    assert list(listed["topic"]) != [""], "the worker has read it"
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
