"""A sender that is slower than its lease, and faults of our own: nothing is sent twice unmarked, and nothing is given up."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from matrix.notice import ChannelKind, Result
from notifiers.deliver import lease_seconds
from settings import Notify
from simulator.robots import Reply, RobotHost
from storage import channels, outbox_send
from storage.database import open_writer
from storage.outbox_send import Taken
from tests.notifiers.outbox_desk import HOOK, Desk, routes

WEC = ChannelKind.WECOM


def take(desk: Desk) -> Taken:
    taken = desk.sender._take()
    assert taken is not None
    return taken


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_sender_whose_lease_ran_out_sends_nothing(tmp_path: Path, order: tuple[int, int]) -> None:
    with RobotHost() as host:
        desk = Desk(tmp_path, routes(host.port)).found()
        desk.channel(WEC)
        desk.put("a")
        late = take(desk)
        desk.now += timedelta(seconds=181)
        both = [late, take(desk)]
        results = {place: desk.sender.deliver(both[place]).result for place in order}
        assert desk.flush(900) == 0
    assert both[0].key == both[1].key
    assert results == {0: Result.INTERRUPTED, 1: Result.DELIVERED}
    assert len(host.arrivals) == 1
    assert desk.ask("SELECT outcome, sent_at IS NULL FROM attempts ORDER BY id") == [("中断", 1), ("已送达", 0)]


def test_a_late_answer_settles_nothing_and_takes_nothing_out_of_the_hands_of_another(tmp_path: Path) -> None:
    with RobotHost() as host:
        desk = Desk(tmp_path, routes(host.port)).found()
        desk.channel(WEC)
        desk.put("a")
        late = take(desk)
        taken: list[Taken] = []

        def judge_late(_: object) -> Reply:
            """While the platform thinks, the lease runs out and another takes over."""
            host.judge = judge
            desk.now += timedelta(seconds=181)
            taken.append(take(desk))
            return Reply(body={"errcode": 93000, "errmsg": "invalid webhook url"})

        judge, host.judge = host.judge, judge_late  # ty: ignore[invalid-assignment]
        desk.sender.deliver(late)
        assert desk.ask("SELECT lease <> '', settled_at, unknowns FROM dispatches") == [(1, None, 1)]
        assert desk.ask("SELECT failures FROM channels") == [(0,)]
        assert taken[0].is_repeat
        assert desk.sender.deliver(taken[0]).result is Result.DELIVERED
    assert "补发" in host.arrivals[-1].text


@pytest.mark.parametrize(("connecting", "answering"), [(5.0, 15.0), (60.0, 120.0)])
def test_a_lease_is_longer_than_the_longest_send(connecting: float, answering: float) -> None:
    knobs = replace(Notify(), connect_seconds=connecting, answer_seconds=answering)
    assert lease_seconds(knobs) >= max(180, 2 * (connecting + 3 * answering))


def test_a_database_that_is_locked_before_sending_gives_nothing_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object) -> None:
        raise sqlite3.OperationalError("database is locked")

    with RobotHost() as host:
        desk = Desk(tmp_path, routes(host.port)).found()
        desk.channel(WEC)
        desk.put("a")
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(outbox_send, "mark_sent", locked)
            assert [desk.flush(900) for _ in range(6)] == [1] * 6
        assert desk.states() == ["待发送"] and host.arrivals == []
        assert desk.ask("SELECT DISTINCT outcome FROM attempts") == [("渠道故障",)]
        desk.flush(900)
    assert desk.states() == ["已送达"] and len(host.arrivals) == 1


def test_a_message_that_cannot_be_written_does_not_hold_up_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with RobotHost() as host:
        desk = Desk(tmp_path, routes(host.port)).found()
        desk.channel(WEC)
        compose = desk.sender.compose

        def stumble(taken: Taken, secrets: Any) -> Any:
            return 1 // 0 if taken.notices[0].key == "bad" else compose(taken, secrets)

        monkeypatch.setattr(desk.sender, "compose", stumble)
        desk.put("bad")
        desk.put("good")
        for _ in range(8):
            desk.flush(900)
    assert desk.states() == ["已放弃", "已送达"]


def test_a_chinese_path_is_sent_to_as_it_was_meant(tmp_path: Path) -> None:
    with RobotHost(HOOK["secret"]) as host:
        desk = Desk(tmp_path, routes(host.port)).found()
        desk.channel(ChannelKind.WEBHOOK, given={"url": "https://oa.linjiang.gov.cn/hook/接收/%E4%B8%80?单位=甲&x=[1]"})
        desk.put("a")
        desk.flush()
    assert desk.states() == ["已送达"]
    assert host.arrivals[0].path == "/hook/%E6%8E%A5%E6%94%B6/%E4%B8%80?%E5%8D%95%E4%BD%8D=%E7%94%B2&x=[1]"


def test_a_host_that_cannot_be_is_the_channels_fault(tmp_path: Path) -> None:
    desk = Desk(tmp_path).found()
    channel = desk.channel(ChannelKind.WEBHOOK)
    sealed = channels.seal({**HOOK, "url": "https://oa..gov.cn/1"}, desk.ring)  # of a release that took it
    with closing(open_writer(desk.path)) as db:
        db.execute("UPDATE channels SET sealed = :sealed WHERE id = :id", {"sealed": sealed, "id": channel})
    desk.put("a")
    for _ in range(6):
        desk.flush(900)
    assert desk.states() == ["待发送"]
    assert "找不到主机 oa..gov.cn" in desk.sentences()[0]
