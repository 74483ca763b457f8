"""A sender that is slower than its lease, and faults of our own: nothing is sent twice unmarked, and nothing is given up."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from matrix.notice import ChannelKind, Result
from notifiers.deliver import lease_seconds
from settings import Notify
from simulator.robots import Reply, RobotHost
from storage.outbox_send import Taken
from tests.notifiers.outbox_desk import Desk, routes

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
