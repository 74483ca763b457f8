"""The outbox: who is told, when, in which message, and what becomes of a message that meets trouble."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from matrix.notice import GRADES, ChannelKind, Notice, Rules
from matrix.shift import ShiftAct
from simulator.robots import Reply, RobotHost
from storage import channels, credentials, outbox, outbox_rows, shifts
from storage.channels import Wish
from storage.database import open_database, open_writer, writing
from storage.keyring import KeyringError
from tests.notifiers.outbox_desk import WECOM, Desk, routes

WEC = ChannelKind.WECOM
ONLY_GRAVE = Rules(frozenset({"红", "橙"}))


def test_a_unit_is_told_of_itself_and_below_by_level_and_nobody_twice(tmp_path: Path) -> None:
    desk = Desk(tmp_path).found()
    city, county, other = desk.channel(WEC), desk.channel(WEC, "青山县", ONLY_GRAVE), desk.channel(WEC, "白水县")
    assert desk.put("a", "红", "青山县").channels == 2
    assert desk.put("b", "黄", "青山县").channels == 1
    assert desk.put("c", "不分级", "临江市").channels == 1
    again = desk.put("a", "红", "青山县")
    assert (again.is_new, again.channels) == (False, 2)
    told = desk.ask("SELECT channel_id, count(*) FROM deliveries GROUP BY 1 ORDER BY 1")
    assert told == [(city, 3), (county, 1)]
    assert other not in dict(told)
    with closing(open_database(desk.path)) as db:
        assert outbox_rows.untold(db, tuple(desk.units.values()), 0) == 0
    desk.put("d", "蓝", "白水县")
    assert desk.states() == ["待发送"] * 6


def test_a_notice_is_rolled_back_with_what_it_tells(tmp_path: Path) -> None:
    desk = Desk(tmp_path).found()
    desk.channel(WEC)
    notice = Notice("a", "红", "预警", "t", "b", desk.units["青山县"], int(desk.now.timestamp()))
    with closing(open_writer(desk.path)) as db, pytest.raises(ZeroDivisionError), writing(db):
        outbox.put(db, notice, desk.now)
        raise ZeroDivisionError
    assert desk.ask("SELECT count(*) FROM notices") == desk.ask("SELECT count(*) FROM deliveries") == [(0,)]
    with closing(open_writer(desk.path)) as db, pytest.raises(ValueError, match="no level"), writing(db):
        outbox.put(db, Notice("x", "紫", "预警", "t", "b", 1, 0), desk.now)


def test_red_goes_at_once_and_the_rest_after_the_night_in_one_message(tmp_path: Path) -> None:
    with RobotHost() as host:
        desk = Desk(tmp_path, routes(host.port)).found()
        desk.now += timedelta(hours=11)  # 23:00
        desk.channel(WEC, rules=Rules(frozenset(GRADES), 22 * 60, 7 * 60, 15))
        for number in range(4):
            desk.put(f"y{number}", "黄")
        desk.put("r", "红")
        assert desk.flush(60) == 1
        assert [("红色预警" in one.text) for one in host.arrivals] == [True]
        assert desk.flush(7 * 3600) == 0
        assert desk.flush(3600 - 60) == 1
    assert "【合并通知】共4条：黄色4条" in host.arrivals[1].text
    assert desk.states() == ["已送达"] * 5


def test_what_was_delayed_into_the_night_waits_for_its_end(tmp_path: Path) -> None:
    with RobotHost() as host:
        desk = Desk(tmp_path, routes(host.port)).found()
        desk.now += timedelta(hours=9, minutes=59, seconds=58)  # 21:59:58
        desk.channel(WEC, rules=Rules(frozenset(GRADES), 22 * 60, 7 * 60))
        desk.put("y", "黄")
        host.script.append(Reply(500))
        assert desk.flush() == 1
        assert desk.flush(3600) == 0
        assert desk.flush(9 * 3600) == 1
    assert len(host.arrivals) == 1


def test_a_digest_gathers_its_window_and_names_every_notice(tmp_path: Path) -> None:
    with RobotHost() as host:
        desk = Desk(tmp_path, routes(host.port)).found()
        desk.channel(WEC, rules=Rules(frozenset(GRADES), digest_minutes=15))
        desk.put("a", "黄", title="甲事")
        desk.flush(600)
        desk.put("b", "橙", title="乙事")
        assert host.arrivals == []
        desk.flush(300)
    assert "1. 【黄色预警】甲事(2026-03-02 12:00)\n2. 【橙色预警】乙事(2026-03-02 12:10)" in host.arrivals[0].text


def test_a_storm_keeps_within_the_pace_of_the_robot_and_is_told_whole(tmp_path: Path) -> None:
    with RobotHost() as host:
        desk = Desk(tmp_path, routes(host.port)).found()
        first, second = desk.channel(WEC), desk.channel(WEC, "青山县")
        for number in range(100):
            desk.put(f"n{number}", ("红", "黄")[number % 2], title=f"第{number}件")
        sent = [desk.flush(), desk.flush(30), desk.flush(31)]
    assert first != second and sent == [20, 0, 8], "two channels to one robot share its pace"
    told = "\n".join(one.text for one in host.arrivals)
    assert all(told.count(f"第{number}件") == 2 for number in range(100))
    assert all(len(one.text.encode()) <= 2048 for one in host.arrivals)


def test_a_message_that_is_refused_is_given_up_in_sight_and_only_that_one(tmp_path: Path) -> None:
    with RobotHost() as host:
        desk = Desk(tmp_path, routes(host.port)).found()
        desk.channel(WEC, rules=Rules(frozenset(GRADES), digest_minutes=5))
        desk.put("good", "黄", title="可以")
        desk.put("bad", "黄", title="毒")
        judge = host.judge
        refusal = Reply(body={"errcode": 40058, "errmsg": "invalid parameter"})
        host.judge = lambda one: refusal if "毒" in one.text else judge(one)  # ty: ignore[invalid-assignment]
        desk.flush(300)
        for _ in range(12):
            desk.flush(600)
        assert desk.states() == ["已送达", "已放弃"]
        assert len(host.asked) == 5 + 1 + 5
        host.judge = judge
        scope = tuple(desk.units.values())
        with closing(open_writer(desk.path)) as db, writing(db):
            found = outbox_rows.dispatches(db, scope, state="已放弃")
            lone = found[found["notices"] == 1].iloc[0]
            assert "企业微信认为消息格式不对" in lone["sentence"]
            outbox_rows.resend(db, scope, int(lone["dispatch_id"]), int(desk.now.timestamp()))
        desk.flush()
    assert desk.states() == ["已送达", "已送达"]
    assert host.counts()[str(lone["key"])] == 1


def test_whoever_is_on_duty_at_the_nearest_desk_is_named_where_wanted(tmp_path: Path) -> None:
    with RobotHost() as host:
        desk = Desk(tmp_path, routes(host.port)).found()
        desk.channel(WEC, duty=True)
        desk.put("a")
        desk.flush()
        scope = (desk.units["临江市"],)
        with closing(open_writer(desk.path)) as db, writing(db):
            shifts.change(db, scope, desk.units["临江市"], ShiftAct.TAKE, "", "limou", "李某", desk.now)
        desk.put("b")
        desk.flush(60)
    assert "目前没有人接班" in host.arrivals[0].text
    assert "临江市当班：李某(03-02 12:00接班)" in host.arrivals[1].text


def test_a_channel_out_of_use_drops_what_waits_and_says_so(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "qyapi.weixin.qq.com=http://127.0.0.1:1").found()
    channel = desk.channel(WEC)
    desk.put("a")
    desk.flush()
    scope = tuple(desk.units.values())
    with closing(open_writer(desk.path)) as db, writing(db):
        assert channels.switch(db, scope, channel, False, desk.now) == 1
    assert desk.states() == ["未发送"]
    assert "拒绝连接" in desk.sentences()[0]
    assert desk.put("b").channels == 0
    assert desk.flush(900) == 0


def test_nobody_sees_or_touches_a_channel_outside_his_scope(tmp_path: Path) -> None:
    desk = Desk(tmp_path).found()
    city, county = desk.channel(WEC), desk.channel(WEC, "青山县")
    desk.put("a")
    mine = (desk.units["青山县"],)
    with closing(open_writer(desk.path)) as db, writing(db):
        for question in (outbox_rows.health, outbox_rows.dispatches, outbox_rows.attempts, outbox_rows.waiting):
            assert question(db, ()).empty
        assert list(outbox_rows.health(db, mine)["channel_id"]) == [county]
        assert list(outbox_rows.told(db, mine, "a")["state"]) == ["待发送"] and outbox_rows.told(db, (), "a").empty
        wish = Wish(desk.units["青山县"], "抢来", Rules(frozenset("红")), False)
        for act in (
            lambda: channels.change(db, mine, city, wish),
            lambda: channels.switch(db, mine, city, False, desk.now),
            lambda: channels.readdress(db, mine, city, "x", {}, desk.ring),
            lambda: channels.add(
                db, mine, WEC, Wish(desk.units["临江市"], "n", wish.rules, False), "h", {}, desk.ring, "a", desk.now
            ),
        ):
            with pytest.raises(PermissionError, match="不在您的权限范围内"):
                act()


def test_secrets_are_sealed_and_follow_a_new_key(tmp_path: Path) -> None:
    desk = Desk(tmp_path).found()
    channel = desk.channel(ChannelKind.MAIL)
    assert b"letter-box" not in desk.path.read_bytes()
    after = desk.ring.rotated()
    with closing(open_writer(desk.path)) as db:
        credentials.rotate(db, after)
        assert channels.secrets_of(db, channel, after)["password"] == "letter-box"
        with pytest.raises(KeyringError, match="重新录入地址和密钥"):
            channels.secrets_of(db, channel, desk.ring)
        assert channels.unreadable(db, desk.ring) == ["临江市邮件"]


def test_a_lost_key_is_the_channels_fault_and_said_on_the_page(tmp_path: Path) -> None:
    desk = Desk(tmp_path).found()
    desk.channel(WEC, given=WECOM)
    desk.put("a")
    desk.ring = desk.ring.__class__(desk.ring.rotated().seals[:1], desk.ring.pepper)
    desk.flush()
    assert "请放回原密钥" in desk.sentences()[0]
    assert desk.states() == ["待发送"]
