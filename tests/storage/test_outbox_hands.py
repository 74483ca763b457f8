"""What is in hand while something else happens: its channel is put out of use, another channel has the same robot."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from matrix.notice import GRADES, ChannelKind, Rules
from simulator.robots import Reply, RobotHost
from storage import channels, outbox_rows
from storage.channels import Wish
from storage.database import open_writer, writing
from tests.notifiers.outbox_desk import Desk, routes

WEC = ChannelKind.WECOM


@pytest.mark.parametrize(
    ("replies", "state"),
    [
        ([Reply(500)], "未发送"),
        ([Reply(drop=True, keeps=True)], "送达不明"),
        ([Reply(body={"errcode": 40058, "errmsg": "invalid parameter"})], "未发送"),
        ([], "已送达"),
    ],
)
def test_what_was_in_hand_while_its_channel_was_put_out_of_use_is_not_sent_days_later(
    tmp_path: Path, replies: list[Reply], state: str
) -> None:
    with RobotHost() as host:
        desk = Desk(tmp_path, routes(host.port)).found()
        channel = desk.channel(WEC)
        desk.put("a")
        taken = desk.sender._take()
        assert taken is not None
        turn(desk, channel, False)
        host.script.extend(replies)
        desk.sender.deliver(taken)
        assert desk.states() == [state]
        desk.now += timedelta(days=5)
        turn(desk, channel, True)
        assert desk.flush() == 0
    assert desk.states() == [state]


def test_what_may_have_arrived_is_not_called_unsent_when_its_channel_is_put_out_of_use(tmp_path: Path) -> None:
    with RobotHost() as host:
        desk = Desk(tmp_path, routes(host.port)).found()
        channel = desk.channel(WEC)
        desk.put("a")
        host.script.append(Reply(drop=True, keeps=True))
        desk.flush()
        desk.put("b", "黄")
        assert desk.states() == ["待发送", "待发送"]
        turn(desk, channel, False)
    assert desk.states() == ["送达不明", "未发送"]
    assert desk.ask("SELECT state, settled_at IS NULL FROM dispatches") == [("送达不明", 0)]


def test_a_digest_that_falls_apart_after_its_channel_was_put_out_of_use_is_not_sent(tmp_path: Path) -> None:
    with RobotHost() as host:
        desk = Desk(tmp_path, routes(host.port)).found()
        channel = desk.channel(WEC, rules=Rules(frozenset(GRADES), digest_minutes=5))
        desk.put("a", "黄")
        desk.put("b", "黄")
        host.script.extend([Reply(body={"errcode": 40058, "errmsg": "invalid parameter"})] * 5)
        for seconds in (300, 600, 600, 600):
            assert desk.flush(seconds) == 1
        desk.now += timedelta(minutes=10)
        taken = desk.sender._take()
        assert taken is not None
        turn(desk, channel, False)
        desk.sender.deliver(taken)
        assert desk.states() == ["未发送", "未发送"]
        turn(desk, channel, True)
        assert desk.flush(600) == 0


def turn(desk: Desk, channel: int, is_on: bool) -> None:
    """What the page's switch does."""
    with closing(open_writer(desk.path)) as db, writing(db):
        channels.switch(db, tuple(desk.units.values()), channel, is_on, desk.now)


def test_what_several_channels_have_in_hand_counts_for_the_pace_of_their_robot(tmp_path: Path) -> None:
    with RobotHost() as host:
        desk = Desk(tmp_path, routes(host.port)).found()
        for number in range(3):
            desk.channel(WEC, given={"name": str(number)})
        for number in range(6):
            desk.put(f"n{number}", "红")
            desk.flush()
        desk.put("x")
        assert len(host.arrivals) == 18
        in_hand = [desk.sender._take() for _ in range(3)]
        assert [one is not None for one in in_hand] == [True, True, False]
        for one in in_hand[:2]:
            assert one is not None and desk.sender.deliver(one).code == "0"
        assert desk.flush(62) == 1


def test_a_channel_that_was_told_something_stays_with_its_unit(tmp_path: Path) -> None:
    desk = Desk(tmp_path).found()
    fresh, told = desk.channel(WEC, given={"name": "新"}), desk.channel(WEC, "青山县")
    everybody, other = tuple(desk.units.values()), Wish(desk.units["白水县"], "搬家", Rules(frozenset(GRADES)), False)
    with closing(open_writer(desk.path)) as db, writing(db):
        channels.change(db, everybody, fresh, replace(other, name="没有用过"))
    desk.put("a")
    with closing(open_writer(desk.path)) as db, pytest.raises(ValueError, match="不能改到其他单位。请停用它"), writing(db):
        channels.change(db, everybody, told, other)
    with closing(open_writer(desk.path)) as db, writing(db):
        channels.change(db, everybody, told, replace(other, organization_id=desk.units["青山县"]))
    assert desk.ask("SELECT organization_id, name FROM channels ORDER BY id") == [
        (desk.units["白水县"], "没有用过"),
        (desk.units["青山县"], "搬家"),
    ]


def test_a_channel_that_was_moved_all_the_same_shows_nothing_of_the_unit_it_was_of(tmp_path: Path) -> None:
    with RobotHost() as host:
        desk = Desk(tmp_path, routes(host.port)).found()
        channel = desk.channel(WEC, "青山县")
        desk.put("a")
        desk.flush()
        desk.put("b")
    mine, new = (desk.units["青山县"],), (desk.units["白水县"],)
    with closing(open_writer(desk.path)) as db:
        for scope, number in ((mine, 1), (new, 0)):
            unit = {"unit": scope[0], "id": channel}
            db.execute("UPDATE channels SET organization_id = :unit WHERE id = :id", unit)  # by a release that allowed it
            for question in (outbox_rows.dispatches, outbox_rows.attempts, outbox_rows.waiting):
                assert len(question(db, scope)) == number, question
            assert len(outbox_rows.told(db, scope, "b")) == number
        db.execute("UPDATE dispatches SET state = '已放弃'")
        with pytest.raises(PermissionError, match="不在您的权限范围内"), writing(db):
            outbox_rows.resend(db, new, 1, 0)
