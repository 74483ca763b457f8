"""What people see of alerts: within their scope, with the rows behind every number."""

import sqlite3
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from matrix.notice import Notice
from storage import alert_people, alert_rows, alert_said, alert_thresholds, alert_told, alert_watch, alert_words, outbox
from storage.database import create_database, open_writer, writing
from tests import sample
from tests.storage import alert_city
from tests.storage.frames import rows_of

NOW = datetime(2026, 3, 5, 2, 32, tzinfo=UTC)
AT = int(NOW.timestamp())


@cache
def built() -> tuple[sqlite3.Connection, dict[str, int], dict[str, int]]:
    db = create_database(":memory:")
    ids = sample.fill(db, NOW)
    return db, ids, alert_city.fill(db, NOW, ids)


def a_city() -> tuple[sqlite3.Connection, dict[str, int], dict[str, int]]:
    """A copy that a test may change; the ids of units and of alerts."""
    first, ids, made = built()
    db = open_writer(":memory:")
    first.backup(db)
    return db, ids, made


def test_the_gravest_comes_first_with_its_sentence() -> None:
    db, ids, made = built()
    found = alert_rows.open_alerts(db, (ids["临江市"],))
    assert found["alert_id"].tolist() == [made["red"], made["city"], made["fading"]]
    assert "约为平时的16倍" in found.iloc[0]["sentence"]
    assert found["judgement"].tolist() == ["待确认", "待确认", "已指派"]
    assert found.iloc[2]["unit"] == "临江市水务局"


def test_a_county_sees_alerts_of_its_members_in_words_of_its_own() -> None:
    db, ids, made = built()
    found = alert_rows.open_alerts(db, (ids["青山县"],))
    assert found["alert_id"].tolist() == [made["red"], made["city"]]
    shared = found.iloc[1]
    assert (shared["title"], shared["organization"], shared["mine"], shared["members"]) == ("青山县(含下级)", "其他单位", 2, 3)
    assert "临江" not in found.to_csv()
    assert "微博并入" not in alert_rows.moves(db, (ids["青山县"],), alert_id=made["red"]).to_csv(), "a series of the city"
    assert len(alert_rows.members(db, (ids["青山县"],), alert_id=made["red"])) == 2
    (first,) = rows_of(alert_rows.moves(db, (ids["青山县"],), alert_id=made["city"]))
    assert (first.move, first.name, first.sentence) == ("发生", "", ""), "that it was raised is told, by whom is not"


def test_a_unit_sees_what_was_assigned_to_it() -> None:
    db, ids, made = a_city()
    bureau = (ids["青山县卫生健康局"],)
    assert alert_rows.open_alerts(db, bureau).empty
    with writing(db):
        alert_city.insert(
            db, "alert_steps", alert_id=made["red"], act="指派", by_login="a", by_name="甲", at=AT, unit_id=bureau[0]
        )  # fmt: skip
    assert alert_rows.open_alerts(db, bureau)["title"].tolist() == ["青山发布(微博)评论激增"]
    assert alert_rows.members(db, bureau, alert_id=made["red"]).empty, "the rows of others stay theirs"
    with writing(db):
        alert_city.insert(db, "alert_steps", alert_id=made["red"], act="撤销", by_login="a", by_name="甲", at=AT + 1)
    assert alert_rows.open_alerts(db, bureau).empty, "it was meant for somebody else"


def test_every_number_opens_its_rows() -> None:
    db, ids, made = built()
    city = (ids["临江市"],)
    told = alert_said.carried(db, city, alert_id=made["red"])
    comments = alert_said.comments(db, city, alert_id=made["red"], limit=0)
    people = alert_people.citizens(db, city, alert_id=made["red"], limit=0)
    assert (told.comments, told.citizens, told.leads) == (len(comments), len(people), 0) == (48, 36, 0)
    assert people["comments"].sum() == told.comments
    assert comments["at"].min() == told.first_at
    (post,) = rows_of(alert_said.posts(db, city, alert_id=made["red"]))
    assert (post.comments, post.citizens) == (48, 36)
    assert alert_said.count(db, city, alert_id=made["red"], post_id=post.post_id) == (48, 36)
    assert told.first_at is not None
    bucket = told.first_at // 300
    (number, _) = alert_said.count(db, city, alert_id=made["red"], series_id=made["county"], b5=bucket)
    assert number == int(((comments["at"] // 300) == bucket).sum())


def test_official_words_are_no_part_of_a_surge() -> None:
    db, ids, made = built()
    found = alert_said.comments(db, (ids["临江市"],), alert_id=made["red"], limit=0)
    assert "供水公司" not in found.to_csv()


@pytest.mark.parametrize("kind", ["方案", "主题", "负面诉求", "线索"])
def test_a_series_of_every_kind_finds_its_rows(kind: str) -> None:
    db, ids, _ = a_city()
    city = ids["临江市"]
    with writing(db):
        topic = {"topic": "水电气"} if kind == "主题" else {"watch_id": 7} if kind == "方案" else {}
        series = alert_city.add_series(db, kind, f"{kind}一", city, AT, **topic)
        alert = alert_city.add_alert(db, series, city, f"{kind}增多", AT, AT)
        (comment, at, key) = db.execute(
            "SELECT id, published_at, author_key FROM comments WHERE ext_id = 'sv40'"
        ).fetchone()  # fmt: skip
        db.execute("UPDATE comments SET kind = 1 WHERE id = ?", (comment,))
        row = {"part": "", "topic2": "", "part2": "", "share": 0.9, "feeling": -1, "is_sure": 1, "read_by": "t", "read_at": AT}
        db.execute("DELETE FROM readings")
        alert_city.insert(db, "readings", comment_id=comment, topic="水电气", **row)
        watch = {"name": "水", "words": "水", "groups": "", "exclusions": "", "pattern": "", "is_on": 1, "version": 1}
        people = {"created_at": AT, "created_by": "a", "changed_at": AT, "changed_by": "a"}
        alert_city.insert(db, "watches", id=7, organization_id=city, **watch, **people)
        alert_city.insert(db, "watch_hits", watch_id=7, comment_id=comment, published_at=at)
        told = {"platform": "论坛", "identity": "x", "author_key": key, "text": "没水", "published_at": at, "seen_at": AT}
        db.execute("DELETE FROM leads")
        alert_city.insert(db, "leads", organization_id=city, by_login="a", by_name="甲", **told)
    found = alert_said.carried(db, (city,), alert_id=alert)
    assert (found.comments, found.leads) == ((0, 1) if kind == "线索" else (1, 0))
    assert (found.citizens, found.first_at) == (1, at)
    assert len(alert_people.leads(db, (city,), alert_id=alert)) == found.leads
    assert len(alert_people.citizens(db, (city,), alert_id=alert)) == 1
    assert alert_said.carried(db, (), alert_id=alert).citizens == 0


def test_past_alerts_can_be_narrowed_and_tell_how_often_they_were_worth_it() -> None:
    db, ids, _ = built()
    city = (ids["临江市"],)
    when: dict[str, Any] = {"since": AT - 30 * 86400, "until": AT}
    assert len(alert_rows.history(db, city, **when)) == 17
    assert len(alert_rows.history(db, city, judgement="已排除", **when)) == 2
    assert set(alert_rows.history(db, city, level=2, **when)["level"]) == {2}
    row = rows_of(alert_watch.precision(db, city, **when))[-1]
    assert (row.closed, row.judged, row.real, row.dismissed, row.campaign) == (14, 12, 9, 2, 1)
    assert row.share == 0.75
    few = rows_of(alert_watch.precision(db, city, since=AT - 6 * 86400, until=AT))[-1]
    assert few.judged < 10
    assert few.share != few.share or few.share is None


def test_a_detector_that_stands_still_is_blindness() -> None:
    db, ids, _ = built()
    told = alert_watch.watched(db, (ids["临江市"],), now=AT)
    assert (told.series, told.learning, told.is_blind(AT)) == (6, 1, False)
    assert told.is_blind(AT + 1000)
    assert alert_watch.Watched().is_blind(AT)


def test_the_past_is_as_long_as_the_detector_has_been_running() -> None:
    db, ids, _ = built()
    past = alert_thresholds.past(db, (ids["临江市"],), now=AT)
    assert past.days == 14
    assert past.would_open(alert_thresholds.Thresholds(raised=1000)) == 0
    assert past.would_open(alert_thresholds.Thresholds()) > 0
    assert alert_thresholds.past(db, (), now=AT).days == 0


def test_the_words_of_an_alert_are_hot_words_that_its_comments_hold() -> None:
    db, ids, made = a_city()
    county = (ids["青山县"],)
    assert alert_words.words(db, county, alert_id=made["red"]).empty, "nothing is read yet"
    with writing(db):
        for word in ("停水", "地铁"):
            row = {"word": word, "said": 9, "usual": 1, "strength": 5.0, "read_at": AT}
            alert_city.insert(db, "hot_words", organization_id=county[0], day=(AT + 28800) // 86400, **row)
    (row,) = rows_of(alert_words.words(db, county, alert_id=made["red"]))
    assert row.word == "停水"
    assert alert_said.count(db, county, alert_id=made["red"], word="停水")[0] == row.comments
    assert alert_said.count(db, county, alert_id=made["red"], word="%")[0] == 0, "a sign of LIKE is a sign like others"


def test_an_alert_shows_to_which_channels_it_was_told() -> None:
    db, ids, made = a_city()
    city = (ids["临江市"],)
    (key,) = db.execute("SELECT key FROM alerts WHERE id = ?", (made["red"],)).fetchone()
    with writing(db):
        row = {"organization_id": city[0], "name": "应急群", "kind": "企业微信", "host": "h", "levels": "红,橙", "robot": "r"}
        rest = {"sealed": "", "digest_minutes": 0, "names_duty": 0, "is_on": 1, "created_at": AT, "created_by": "a"}
        alert_city.insert(db, "channels", **row, **rest)
        for name in (f"alert:{key}:3", f"alert:{key}0:3"):
            outbox.put(db, Notice(name, "红", "舆情预警", "青山发布评论激增", "", ids["青山县"], AT, ""), NOW)
    (told,) = rows_of(alert_told.told(db, city, alert_id=made["red"]))
    assert (told.channel, told.state) == ("应急群", "待发送")
    assert alert_told.told(db, (ids["青山县"],), alert_id=made["red"]).empty, "the channel is the city's"
