"""A notice of an alert reaches whom it concerns, and names nobody whom the readers of its channels may not see."""

import sqlite3
from datetime import UTC, datetime

import pytest

from matrix.alert import Alert, AlertLevel, Event, Move, Signal
from storage import alert_notices, alerts
from storage.database import create_database, writing
from storage.series import TOPIC, WATCH, Spec
from tests import sample
from tests.sample import PHONE
from tests.storage import alert_city

NOW = datetime(2026, 3, 5, 2, 30, tzinfo=UTC)
AT = int(NOW.timestamp())


class Desk:
    """An alert of the county that an account of the city joined, and one channel of each unit."""

    def __init__(self) -> None:
        self.db = create_database(":memory:")
        self.ids = sample.fill(self.db, NOW)
        city, county, self.bureau = (self.ids[name] for name in ("临江市", "青山县", "临江市水务局"))
        with writing(self.db):
            self.mine = alert_city.add_series(self.db, "账号", "青山发布", county, AT)
            self.other = alert_city.add_series(self.db, "账号", "临江水务", self.bureau, AT)
            key = f"{self.mine}:{AT // 300 - 1}"
            title = f"青山发布评论突增{PHONE}"
            self.id = alert_city.add_alert(self.db, self.mine, county, title, AT, AT, key=key)
            alert_city.join(self.db, self.id, self.other, AT, excess=90, sentence="临江水务5分钟90条")
            for unit, name in ((city, "市群"), (county, "县群"), (self.bureau, "水务群")):
                row = {"organization_id": unit, "name": name, "kind": "企业微信", "host": "h", "levels": "红,橙,黄", "robot": "r"}
                rest = {"sealed": "", "digest_minutes": 0, "names_duty": 0, "is_on": 1, "created_at": AT, "created_by": "a"}
                alert_city.insert(self.db, "channels", **row, **rest)

    def event(self, move: Move, series: int) -> Event:
        alert = Alert(Signal(self.mine, AT, 9.0), AlertLevel.ORANGE, AT, AT, 9.0, {self.mine: 45.0, self.other: 90.0})
        return Event(move, alert, Signal(series, AT + 300, 9.0))

    def told(self) -> list[tuple[str, str, str]]:
        return self.db.execute(
            "SELECT c.name, n.title, n.body FROM deliveries d JOIN notices n ON n.id = d.notice_id "
            "JOIN channels c ON c.id = d.channel_id ORDER BY n.id, c.id"
        ).fetchall()


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_notice_names_nothing_outside_of_its_unit_and_is_masked(desk: Desk) -> None:
    with writing(desk.db):
        assert alert_notices.tell(desk.db, desk.id, desk.event(Move.RISEN, desk.other), "临江水务5分钟90条", NOW)
    told = desk.told()
    assert [name for name, *_ in told] == ["市群", "县群"]
    for _, title, body in told:
        assert "水务" not in title + body
        assert "48条" in body, "its own sentence stands there"
        assert PHONE not in title + body


def test_the_unit_of_what_joins_is_told_once_and_those_who_know_are_not(desk: Desk) -> None:
    with writing(desk.db):
        for _ in range(2):
            alert_notices.tell_joined(desk.db, desk.id, desk.event(Move.JOINED, desk.other), "临江水务评论突增", "5分钟90条", NOW)
        assert not alert_notices.tell_joined(desk.db, desk.id, desk.event(Move.JOINED, desk.mine), "青山发布", "5分钟", NOW)
    assert [(name, title) for name, title, _ in desk.told()] == [("水务群", "临江水务评论突增（橙色预警，并入）")]
    assert "青山" not in desk.told()[0][2]


def test_alerts_come_back_from_the_database_as_they_were_also_with_the_name_of_a_watch_that_lists_things() -> None:
    specs = [Spec(WATCH, f"方案:{number}", "停水、停电", unit, (1,), watch_id=number) for number, unit in ((1, 7), (2, 8))]
    towns = [Spec(TOPIC, f"主题:城乡建设:{unit}", "城乡建设·城关镇", unit, (1,), topic="城乡建设") for unit in (7, 8)]
    assert len({spec.matter for spec in (*specs, *towns)}) == 4, "two of one name are two matters"
    held = alerts_of_matters(frozenset(spec.matter for spec in specs))
    assert held == frozenset(spec.matter for spec in specs)


def alerts_of_matters(topics: frozenset[str]) -> frozenset[str]:
    """What is read of an alert that was written with these."""
    db: sqlite3.Connection = create_database(":memory:")
    ids = sample.fill(db, NOW)
    with writing(db):
        series = alert_city.add_series(db, "账号", "青山发布", ids["青山县"], AT)
        number = alert_city.add_alert(db, series, ids["青山县"], "突增", AT, AT)
        alerts.save_standing(db, number, Alert(Signal(series, AT, 9.0), AlertLevel.YELLOW, AT, AT, 9.0, {series: 4.0}, topics))
    (found,) = alerts.open_book(db, AT).alerts
    return found.topics
