"""What joins an incident and is taken out of it: alerts of others, posts with what stands below them, and who may."""

from datetime import timedelta

import pytest

from matrix.account import Platform
from matrix.alert_step import AlertAct
from matrix.comment import Comment
from matrix.incident import MemberKind
from matrix.run import Batch
from storage import alert_steps, batches, incident_facts, incident_find, incident_members, incident_timeline, incidents
from storage.database import writing
from storage.incident_watch import keep_up
from storage.moments import to_seconds
from storage.understanding import understand
from tests.sample import RING
from tests.storage import alert_city, incident_city
from tests.storage.incident_city import WHO
from tests.storage.incident_desk import AT, NOW, Place
from worker import READERS


@pytest.fixture
def place() -> Place:
    return Place()


def an_alert_of_the_city(place: Place) -> int:
    """It began at an account of the city; one of the county joined it."""
    series = alert_city.add_series(place.db, "账号", "临江发布", place.ids["临江市"], AT)
    mine = alert_city.add_series(place.db, "账号", "青山发布", place.ids["青山县"], AT)
    alert = alert_city.add_alert(place.db, series, place.ids["临江市"], "临江发布评论突增", AT - 600, AT)
    alert_city.join(place.db, alert, mine, AT - 300, excess=20, sentence="青山发布5分钟20条")
    alert_city.add_move(place.db, alert, "升级", 2, AT - 200, series, "临江发布5分钟90条")
    return alert


def test_an_alert_of_others_that_joined_is_told_in_words_of_the_own_unit(place: Place) -> None:
    alert = an_alert_of_the_city(place)
    with writing(place.db):
        incidents.join_alert(place.db, place.city, place.id, alert, *WHO, NOW)
    given = (place.id, AT)
    for scope, is_told in ((place.city, True), (place.county, False)):
        told = [
            *incident_timeline.timeline(place.db, scope, *given)["words"],
            *incident_members.members(place.db, scope, *given)["words"],
        ]
        assert ("临江发布" in " ".join(told)) is is_told
        assert "青山发布5分钟20条" in " ".join(told) or is_told


def test_whoever_was_assigned_an_alert_may_make_an_incident_of_it(place: Place) -> None:
    bureau = place.ids["青山县卫生健康局"]
    series = alert_city.add_series(place.db, "账号", "临江发布", place.ids["临江市"], AT)
    alert = alert_city.add_alert(place.db, series, place.ids["临江市"], "健康类评论突增", AT - 600, AT)
    with writing(place.db), pytest.raises(PermissionError):
        incidents.open_incident(place.db, (bureau,), "接种点排队", *WHO, NOW, bureau, alert_id=alert)
    with writing(place.db):
        alert_steps.act(place.db, place.city, alert, AlertAct.ASSIGN, *WHO, AT, None, unit_id=bureau)
        made = incidents.open_incident(place.db, (bureau,), "接种点排队", *WHO, NOW, bureau, alert_id=alert)
    assert list(incident_members.members(place.db, (bureau,), made, AT)["member_id"]) == [alert]


def test_what_was_found_under_a_post_goes_out_with_it_and_the_past_stays(place: Place) -> None:
    post = incident_city.publish(place.db, place.ids, "青山发布", "fair", NOW - timedelta(hours=2), "周末花展开幕")
    said = Comment("fair1", "fair", NOW - timedelta(hours=1), "花真好看", "v1", "游客")
    office = Comment("fair2", "fair", NOW - timedelta(hours=1), "欢迎", "9", "某局", author_is_official=True)
    mine = incident_city.account(place.ids, "青山发布")
    batches.save(place.db, mine, int(Platform.WEIBO), Batch(NOW, comments=(said, office)), RING, NOW)
    before = incident_facts.told(place.db, place.county, place.id, AT).comments
    with writing(place.db):
        incidents.join(place.db, place.county, place.id, MemberKind.POST, post, *WHO, NOW)
    while understand(place.db, READERS, NOW):
        pass
    keep_up(place.db, NOW)
    assert incident_facts.told(place.db, place.county, place.id, AT).comments == before + 1, "an office is no citizen"
    later = NOW + timedelta(minutes=5)
    with writing(place.db):
        incidents.leave(place.db, place.county, place.id, MemberKind.POST, post, "不是一件事", *WHO, later)
    keep_up(place.db, later)
    assert incident_facts.told(place.db, place.county, place.id, to_seconds(later)).comments == before
    assert incident_facts.told(place.db, place.county, place.id, AT).comments == before + 1


def test_posts_and_comments_are_found_by_link_by_number_and_by_words_within_the_scope(place: Place) -> None:
    def found(words: str, kind: MemberKind = MemberKind.POST, scope: tuple[int, ...] = place.county) -> list[int]:
        return incident_find.found(place.db, scope, kind=kind, words=words, since=AT - 86400)["member_id"].tolist()

    bulletin = place.made["bulletin"]
    for words in ("https://weibo.com/1/qs_bridge?from=x", "桥面发生塌陷", str(bulletin)):
        assert found(words) == [bulletin]
    assert len(found("https://weibo.com/1/qs_bridge", MemberKind.COMMENT)) == 4
    assert len(found("救人", MemberKind.COMMENT)) == 1
    assert found("5人死亡") == [], "said by an account of the city"
    assert len(found("5人死亡", scope=place.city)) == 1
    assert found("桥") == found("%%") == found("桥面发生塌陷", scope=()) == []
