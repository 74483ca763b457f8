"""Alerts as the duty officer meets them: the sentence first, one press to confirm, and nobody acts on what has moved."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from matrix.alert_step import AlertAct
from storage import alert_rows, alert_steps, alert_thresholds, campaigns, journal, organizations
from storage.batches import bump_version
from storage.database import open_writer, writing
from tests import serving
from tests.pages.conftest import Open, words_of
from tests.pages.test_dialogs import fill_in, newest, press
from tests.pages.two_scopes import ids_of
from tests.storage import alert_city
from tests.storage.frames import rows_of
from ui.alerts_campaigns import moment_of

ALERTS, HOME = "pages/duty/alerts.py", "pages/duty/home.py"
SENTENCE = "约为平时的16倍；近30天最高"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = serving.make_world(tmp_path_factory.mktemp("alerts"), True)
    with closing(open_writer(path)) as db:
        alert_city.fill(db, datetime.now(UTC), ids_of(db))
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture
def worlds(built: Path, tmp_path: Path) -> dict[str, Path]:
    """A city with alerts of its own for every test."""
    shutil.copy(built, tmp_path / "m.db")
    return {"city": tmp_path / "m.db"}


@pytest.fixture
def db(worlds: dict[str, Path]) -> Iterator[sqlite3.Connection]:
    with closing(open_writer(worlds["city"])) as held:
        yield held


def labels(tester: AppTest) -> list[str]:
    return [button.label for button in tester.button]


def judgement(db: sqlite3.Connection, alert: int = 1) -> str:
    (row,) = rows_of(alert_rows.alert(db, organizations.roots(db), alert_id=alert))
    return row.judgement


def test_open_alerts_stand_in_the_order_of_their_gravity_with_who_has_them(look: Open) -> None:
    words = words_of(look("city", "zhuguan", ALERTS))
    places = [words.index(level) for level in ("红色预警", "橙色预警", "黄色预警")]
    assert places == sorted(places)
    assert SENTENCE in words
    assert "未结束3条，红色1条，待确认2条" in words
    assert "给临江市水务局" in words
    assert "其中1个基线积累中" in words


def test_calm_says_when_it_was_checked_and_a_dead_watch_is_not_calm(look: Open, db: sqlite3.Connection) -> None:
    with writing(db):
        db.execute("UPDATE alerts SET closed_at = raised_at + 60, state = '结束'")
        bump_version(db)
    calm = words_of(look("city", "zhuguan", ALERTS))
    assert "当前没有未结束的预警 · " in calm
    assert "已核对" in calm
    assert "未结束的预警 0 · " in words_of(look("city", "zhuguan", HOME))
    with writing(db):
        db.execute("UPDATE surge_steps SET at = at - 1200")
    blind = words_of(look("city", "zhuguan", ALERTS))
    assert "监测程序已" in blind
    assert "不能当作没有预警" in blind
    assert "没有未结束的预警 ·" not in blind
    with writing(db):
        db.execute("DELETE FROM surge_steps")
    assert "监测程序还没有运行过" in words_of(look("city", "zhuguan", HOME))


def test_the_first_page_shows_the_gravest_to_whoever_may_see_alerts(look: Open) -> None:
    words = words_of(look("city", "zhiban", HOME))
    assert "预警：未结束2条，红色1条，待确认2条" in words
    assert SENTENCE in words
    assert "临江发布" not in words, "an alert of the city is told in the county's own words"


def test_confirming_takes_one_press_and_can_be_taken_back(look: Open, db: sqlite3.Connection) -> None:
    tester = look("city", "zhiban", ALERTS, alert="1")
    assert tester.subheader[0].value == "青山发布\\(微博\\)评论激增"
    tester = press(tester, "确认")
    assert not tester.exception
    assert judgement(db) == "已确认"
    assert newest(db) == ("zhiban", "预警确认", "预警1", journal.DONE)
    tester = press(tester, "撤销我的上一步")
    assert judgement(db) == "待确认"
    assert "(已撤销)" in words_of(tester)


def test_of_two_officers_the_later_one_reads_who_was_faster(look: Open, db: sqlite3.Connection) -> None:
    tester = look("city", "zhuguan", ALERTS, alert="1")
    with writing(db):
        now = int(datetime.now(UTC).timestamp())
        alert_steps.act(db, organizations.roots(db), 1, AlertAct.DISMISS, "zhiban", "值班小李", now, 0, note="抽奖")
    next(button for button in tester.button if button.label == "确认").click()
    words = words_of(tester.run())
    assert "值班小李已于" in words
    assert "您的操作没有执行" in words
    assert judgement(db) == "已排除"


def test_dismissing_wants_a_reason_and_assigning_a_unit(look: Open, db: sqlite3.Connection) -> None:
    tester = press(look("city", "zhiban", ALERTS, alert="1"), "排除…")
    tester = press(tester, "排除", "排除…")
    assert "请填写排除的原因" in words_of(tester)
    assert judgement(db) == "待确认"
    tester = press(look("city", "zhiban", ALERTS, alert="1"), "指派…")
    assert not [unit for unit in tester.selectbox[-1].options if "临江" in unit]
    tester = press(tester, "指派", "指派…")
    assert not tester.exception
    assert judgement(db) == "已指派"
    assert "给青山县" in words_of(tester)


def test_a_known_activity_is_reported_from_the_alert(look: Open, db: sqlite3.Connection) -> None:
    tester = press(look("city", "zhiban", ALERTS, alert="1"), "已报备活动…")
    fill_in(tester, "活动名称", "水厂开放日")
    tester = press(tester, "确定", "已报备活动…")
    assert not tester.exception
    assert judgement(db) == "已报备活动"
    assert "水厂开放日" in campaigns.campaigns(db, organizations.roots(db))["name"].tolist()


def test_an_alert_becomes_an_incident(look: Open, db: sqlite3.Connection) -> None:
    tester = press(look("city", "zhuguan", ALERTS, alert="1"), "转为事件…")
    tester = press(tester, "转为事件", "转为事件…")
    assert not tester.exception
    assert judgement(db) == "已转事件"
    assert "并入事件…" not in labels(tester)
    tester = press(look("city", "zhuguan", ALERTS, alert="2"), "并入事件…")
    assert "青山发布(微博)评论激增(编号1，青山县)" in tester.selectbox[-1].options


def test_whoever_only_looks_has_no_buttons(look: Open) -> None:
    tester = look("city", "fenxi", ALERTS, alert="1")
    assert SENTENCE in words_of(tester)
    assert not {"确认", "指派…", "排除…", "备注…"} & set(labels(tester))
    assert "报备活动" not in labels(look("city", "fenxi", ALERTS, alerts_view="活动报备"))
    assert "没有这条预警" in words_of(look("city", "zhiban", ALERTS, alert="3")), "it belongs to the city"


def test_numbers_open_the_comments_and_the_citizens(look: Open) -> None:
    tester = look("city", "zhuguan", ALERTS, alert="1")
    assert {"评论48条", "网民36人(去重)"} <= set(labels(tester))
    tester = press(tester, "评论48条")
    assert "共48条，来自36位网民" in words_of(tester)
    people = look("city", "zhuguan", ALERTS, alert="1", of="people-0-0-0").dataframe[0].value
    assert len(people) == 36
    assert people["网民"].str.startswith("网民").all()
    assert look("city", "zhuguan", ALERTS, alert="2", of="leads-0-0-0").dataframe[0].value["内容"].str.contains("停水").all()


def test_an_alert_tells_without_which_part_there_would_be_none(look: Open) -> None:
    words = words_of(look("city", "zhuguan", ALERTS, alert="1"))
    assert re.search(r"✓ 去掉内容“青山发布通报0”的\d+条，剩\d+条，得分[\d.]+：\*\*不再构成异动", words)
    assert re.search(r"✕ 去掉网民网\S*的2条，剩\d+条，得分[\d.]+：仍构成异动", words)


def test_past_alerts_tell_how_often_they_were_worth_it(look: Open) -> None:
    tester = look("city", "zhuguan", ALERTS, alerts_view="历史")
    assert "75%(9/12)" in tester.dataframe[0].value["准确率"].tolist()
    assert len(tester.dataframe[1].value) == 17
    few = look("city", "zhuguan", ALERTS, alerts_view="历史", period="近7天", alert_level="橙色").dataframe
    assert few[0].value["准确率"].str.startswith("样本不足").all()
    assert set(few[1].value["级别"]) == {"▲▲ 橙色"}
    accounts = look("city", "zhuguan", ALERTS, alerts_view="历史", alert_kind="账号").dataframe
    assert set(accounts[1].value["种类"]) == {"账号"}
    assert "没有符合条件的预警" in words_of(look("city", "zhuguan", ALERTS, alerts_view="历史", alert_kind="线索"))


def test_an_activity_is_reported_in_advance_and_cancelled(look: Open, db: sqlite3.Connection) -> None:
    tester = press(look("city", "zhiban", ALERTS, alerts_view="活动报备"), "报备活动")
    fill_in(tester, "活动名称", "庙会")
    fill_in(tester, "结束", "2126-01-01")
    tester = press(tester, "报备", "报备活动")
    assert "最长92天" in words_of(tester)
    tester.session_state["campaign_rows"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    tester = press(tester.run(), "取消“青山县马拉松”的报备")
    assert "已取消" in words_of(tester)
    assert campaigns.campaigns(db, organizations.roots(db)).iloc[-1]["cancelled_at"] > 0


def test_the_slider_sets_all_thresholds_with_a_reason(look: Open, db: sqlite3.Connection) -> None:
    tester = look("city", "zhuguan", ALERTS, alerts_view="阈值")
    before = alert_thresholds.newest(db)
    tester = tester.select_slider[0].set_value(1.0).run()
    assert "选“每天约1条”" in words_of(tester)
    assert "请填写调整的原因" in words_of(press(tester, "按此调整"))
    fill_in(tester, "调整的原因", "夜里太多")
    tester = press(tester, "按此调整")
    assert not tester.exception
    after = alert_thresholds.newest(db)
    assert after.raised > before.raised
    assert after.heavy == before.heavy
    assert newest(db)[1] == "调整预警阈值"
    county = look("city", "zhiban", ALERTS, alerts_view="阈值")
    assert "按此调整" not in labels(county)
    assert "权限范围包含全部单位" in words_of(county)


def test_moments_are_typed_as_people_write_them() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    begin = moment_of("2026-03-05", now, False)
    assert moment_of("2026-03-05 09:30", now, False) - begin == 9.5 * 3600
    assert moment_of("3月5日", now, True) - begin == 86400
    with pytest.raises(ValueError, match="不是时刻"):
        moment_of("2026-03-05 25:00", now, False)
