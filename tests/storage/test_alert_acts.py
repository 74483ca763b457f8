"""Acts on alerts: one after the other, each with its words, and whoever is late is told by whom."""

import sqlite3
from typing import Any

import pytest

from matrix.alert import Thresholds
from matrix.alert_step import AlertAct, AlertRefusedError
from storage import alert_incidents, alert_rows, alert_steps, alert_thresholds, campaigns
from storage.alert_steps import AlertMovedError
from storage.database import writing
from tests.storage.frames import rows_of
from tests.storage.test_alerts_seen import AT, NOW, a_city


def do(db: sqlite3.Connection, scope: tuple[int, ...], alert: int, act: AlertAct, seen: int | None, **rest: Any) -> int:
    login = rest.pop("login", "li")
    with writing(db):
        return alert_steps.act(db, scope, alert, act, login, {"li": "李某", "zhang": "张某"}[login], AT, seen, **rest)


def stands(db: sqlite3.Connection, scope: tuple[int, ...], alert: int) -> tuple[str, str]:
    (row,) = rows_of(alert_rows.alert(db, scope, alert_id=alert))
    return row.judgement, row.unit


def test_of_two_who_act_at_once_the_later_one_is_told() -> None:
    db, ids, made = a_city()
    city = (ids["临江市"],)
    do(db, city, made["red"], AlertAct.CONFIRM, 0)
    with pytest.raises(AlertMovedError, match="李某已于10:32对这条预警办理“确认”"):
        do(db, city, made["red"], AlertAct.DISMISS, 0, note="误报", login="zhang")
    assert stands(db, city, made["red"])[0] == "已确认"
    do(db, city, made["red"], AlertAct.NOTE, None, note="已电话核实", login="zhang")
    assert alert_rows.steps(db, city, alert_id=made["red"])["act"].tolist() == ["确认", "备注"]


def test_assigning_wants_a_unit_of_ones_own_and_dismissing_a_reason() -> None:
    db, ids, made = a_city()
    county = (ids["青山县"],)
    with pytest.raises(AlertRefusedError, match="请选择承办单位"):
        do(db, county, made["red"], AlertAct.ASSIGN, 0)
    with pytest.raises(PermissionError, match="不在您的权限范围内"):
        do(db, county, made["red"], AlertAct.ASSIGN, 0, unit_id=ids["临江市水务局"])
    step = do(db, county, made["red"], AlertAct.ASSIGN, 0, unit_id=ids["青山县城关镇"])
    assert stands(db, county, made["red"]) == ("已指派", "青山县城关镇")
    with pytest.raises(AlertRefusedError, match="原因"):
        do(db, county, made["red"], AlertAct.DISMISS, step)
    with pytest.raises(PermissionError, match="不在您的权限范围内"):
        do(db, county, made["fading"], AlertAct.CONFIRM, None)


def test_an_activity_that_was_known_is_reported_and_taken_back_with_the_act() -> None:
    db, ids, made = a_city()
    city = (ids["临江市"],)
    with writing(db):
        step = alert_steps.mark_campaign(db, city, made["red"], "li", "李某", AT, 0, "水厂开放日", AT + 7200, "有方案")
    assert stands(db, city, made["red"])[0] == "已报备活动"
    one = rows_of(campaigns.campaigns(db, city))[-1]
    assert (one.name, one.alert_id, one.until) == ("水厂开放日", made["red"], AT + 7200)
    assert one.since < AT
    do(db, city, made["red"], AlertAct.UNDO, step)
    assert stands(db, city, made["red"])[0] == "待确认"
    assert rows_of(campaigns.campaigns(db, city))[-1].cancelled_at == AT
    with pytest.raises(AlertRefusedError, match="名称和时间"):
        do(db, city, made["red"], AlertAct.CAMPAIGN, None)


def test_an_alert_becomes_an_incident_or_joins_one() -> None:
    db, ids, made = a_city()
    city = (ids["临江市"],)
    with writing(db):
        incident = alert_incidents.open_incident(
            db, city, made["red"], "li", "李某", NOW, 0, "城东停水", ids["青山县"]
        )  # fmt: skip
        alert_incidents.join_incident(db, city, made["city"], "li", "李某", NOW, 0, incident)
    for alert in (made["red"], made["city"]):
        (row,) = rows_of(alert_rows.alert(db, city, alert_id=alert))
        assert (row.judgement, row.incident_id) == ("已转事件", incident)
    with pytest.raises(AlertRefusedError, match="舆情事件"):
        do(db, city, made["red"], AlertAct.UNDO, None)


def test_campaigns_are_reported_in_advance_and_cancelled() -> None:
    db, ids, _ = a_city()
    county, outside = (ids["青山县"],), ids["临江市"]
    with writing(db):
        made = campaigns.report(db, county, ids["青山县城关镇"], "庙会", AT, AT + 3600, "来函", "li", AT)
    for unit, name, since, until, words in (
        (county[0], " ", AT, AT + 1, "名称"),
        (county[0], "庙会", AT, AT, "晚于开始"),
        (county[0], "庙会", AT, AT + 100 * 86400, "最长92天"),
        (county[0], "庙会", AT - 7200, AT - 3600, "已经过去"),
    ):
        with pytest.raises(ValueError, match=words), writing(db):
            campaigns.report(db, county, unit, name, since, until, "", "li", AT)
    with pytest.raises(PermissionError), writing(db):
        campaigns.report(db, county, outside, "庙会", AT, AT + 3600, "", "li", AT)
    with writing(db):
        assert campaigns.cancel(db, county, made, "li", AT) == "庙会"
    with pytest.raises(ValueError, match="已经取消"), writing(db):
        campaigns.cancel(db, county, made, "li", AT)
    assert campaigns.campaigns(db, county, since=AT + 100 * 86400).empty


def test_thresholds_are_changed_with_a_reason_by_whoever_sees_the_whole_tree() -> None:
    db, ids, _ = a_city()
    city, county, wanted = (ids["临江市"],), (ids["青山县"],), Thresholds(raised=6.5)
    with writing(db):
        db.execute("DELETE FROM alert_thresholds")
    assert alert_thresholds.newest(db) == Thresholds()
    with pytest.raises(PermissionError, match="全部单位"), writing(db):
        alert_thresholds.set_thresholds(db, county, wanted, "太多", "li", AT)
    for bad, reason in ((wanted, " "), (Thresholds(held=9), "x"), (Thresholds(red_score=1), "x"), (Thresholds(), "x")):
        with pytest.raises(ValueError, match="。"), writing(db):
            alert_thresholds.set_thresholds(db, city, bad, reason, "li", AT)
    with writing(db):
        alert_thresholds.set_thresholds(db, city, wanted, "太多", "li", AT, per_day=3)
    assert alert_thresholds.newest(db) == wanted
    (row,) = rows_of(alert_thresholds.history(db, county))
    assert (row.raised, row.reason, row.per_day) == (6.5, "太多", 3)
    assert alert_thresholds.history(db, ()).empty
