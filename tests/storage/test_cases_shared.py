"""Cases that several people, or several appeals, share: claims, undoing, binding, scopes."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from bench.waiting_room import Room
from matrix.case import Act, RefusedError
from storage import cases, cases_binding, cases_queue, cases_thread, cases_view, corrections
from storage.cases import MovedError
from storage.database import writing
from tests.storage.cases_desk import NOW, a_room, claim, do, ids, look, rows, undo


@pytest.fixture
def room() -> Iterator[Room]:
    room = a_room()
    with closing(room.db):
        yield room


def test_of_two_people_the_second_is_told_who_was_first_and_what_he_did(room: Room) -> None:
    do(room, 1, Act.FORWARD, author="liqiang", unit_id=room.units["临江市交通运输局"])
    with pytest.raises(MovedError, match=r"^李强已于10:32转办给临江市交通运输局，请重新载入。$"):
        do(room, 1, Act.DISMISS, author="wangfang", after=60)
    assert look(room, 1).state == "转办"


def test_a_case_that_somebody_looks_at_is_not_handled_by_another_unknowingly(room: Room) -> None:
    assert claim(room, 1, "liqiang").author == "liqiang"
    held = claim(room, 1, "wangfang", after=30)
    assert (held.author, held.name) == ("liqiang", "李强")
    with pytest.raises(MovedError, match="李强正在处理"):
        do(room, 1, Act.CONFIRM, after=31)
    do(room, 1, Act.NOTE, after=32, why="家属又来电话")
    step = look(room, 1).step_id
    assert claim(room, 1, "wangfang", after=40, takes_over=True).author == "wangfang"
    with pytest.raises(MovedError, match="王芳正在处理"):
        do(room, 1, Act.CONFIRM, author="liqiang", after=41, step=step)
    do(room, 1, Act.CONFIRM, after=42, step=step)


def test_a_claim_runs_out_after_two_minutes_and_ends_when_one_moves_on(room: Room) -> None:
    claim(room, 1, "liqiang")
    assert claim(room, 1, "wangfang", after=121).author == "wangfang"
    claim(room, 2, "wangfang", after=122, leaving=1)
    assert claim(room, 1, "liqiang", after=123).author == "liqiang"
    claim(room, 3, "liqiang", after=124, leaving=1)
    assert room.db.execute("SELECT comment_id FROM cases ORDER BY 1").fetchall() == [(2,), (3,)]


def test_a_mere_look_changes_no_state_and_hides_nothing_that_the_collector_learns(room: Room) -> None:
    claim(room, 1, "liqiang")
    assert ids(room)[0] == 1
    with writing(room.db):
        reply = room.answer(1, 0.1, under="临江发布")
        room.settle([1, reply])
    assert look(room, 1).state == "办结"
    assert room.db.execute("SELECT count(*) FROM cases").fetchone() == (0,)


@pytest.mark.parametrize(
    ("act", "rest"),
    [
        (Act.CONFIRM, {}),
        (Act.FORWARD, {"unit_id": 2}),
        (Act.DISMISS, {"why": "重复留言"}),
        (Act.DISMISS, {"is_none": True}),
        (Act.POINT_ELSEWHERE, {"link": "https://weibo.com/880/p9"}),
        (Act.REPLY, {}),
        (Act.MARK_TYPICAL, {}),
        (Act.URGE, {}),
    ],
)
def test_undoing_restores_exactly(room: Room, act: Act, rest: dict[str, Any]) -> None:
    with writing(room.db):
        room.settle(range(1, 9), int(NOW.timestamp()))
    before = rows(room.db)
    step = do(room, 1, act, **rest)
    assert rows(room.db) != before
    assert undo(room, step) == 1
    if rest.get("is_none"):
        # Taken out of the figures and put back: the same facts, derived a little later, and read anew by the next pass.
        assert ids(room)[0] == 1
        assert look(room, 1).state == "待办"
        assert corrections.latest(room.db, [1]) == {}
        assert room.db.execute("SELECT count(*) FROM rereads WHERE comment_id = 1").fetchone() == (1,)
    else:
        after = rows(room.db)
        assert after[0] == before[0]
        assert after[3] == before[3]
        assert [row[:1] + row[1:5] for row in after[2]] == [row[:1] + row[1:5] for row in before[2]]
    steps = cases_view.steps(room.db, room.scope, comment_id=1)
    assert steps["act"].tolist() == [str(act), "撤销"], "both are kept"
    assert steps["is_undone"].tolist() == [1, 0]


def test_a_second_step_is_undone_to_the_first(room: Room) -> None:
    first = do(room, 1, Act.FORWARD, unit_id=room.units["青山县"])
    before = rows(room.db)[0]
    second = do(room, 1, Act.RECEIVE, after=3, step=first)
    undo(room, second, after=6)
    assert rows(room.db)[0] == before
    assert look(room, 1).step_id == first


def test_what_cannot_be_undone_says_why(room: Room) -> None:
    step = do(room, 1, Act.CONFIRM)
    with pytest.raises(RefusedError, match="只能撤销自己"):
        undo(room, step, author="liqiang")
    with pytest.raises(RefusedError, match="已超过可撤销的时间"):
        undo(room, step, after=16)
    do(room, 1, Act.NOTE, author="liqiang", after=2, step=None, why="已联系水厂")
    with pytest.raises(MovedError, match="已有新的办理"):
        undo(room, step, after=5)
    with pytest.raises(RefusedError):
        undo(room, 999)


def test_several_appeals_of_one_matter_are_handled_once_and_undone_together(room: Room) -> None:
    with writing(room.db):
        bound = cases_binding.bind(room.db, room.scope, 1, [2, 3], "wangfang", NOW)
    assert [number for number in ids(room) if number in (1, 2, 3)] == [1]
    assert cases_queue.listing(room.db, room.scope, ids=(1,))["bound"].tolist() == [2]
    assert cases_binding.bound(room.db, room.scope, 1)["comment_id"].tolist() == [2, 3]
    with pytest.raises(RefusedError, match="主件"):
        do(room, 2, Act.DISMISS, step=None)
    step = do(room, 1, Act.FORWARD, step=bound, unit_id=room.units["青山县"])
    assert {look(room, number).state for number in (1, 2, 3)} == {"转办"}
    with pytest.raises(RefusedError, match="主件"):
        undo(room, look(room, 2).step_id)
    undo(room, step)
    assert {look(room, number).state for number in (1, 2, 3)} == {"待办"}
    undo(room, bound)
    assert room.db.execute("SELECT count(*) FROM cases").fetchone() == (0,)
    assert len(ids(room)) == 8
    assert cases_queue.progress(room.db, room.scope, since=0, author="wangfang") == 0


def test_what_is_bound_already_cannot_be_bound_again_and_can_be_let_go(room: Room) -> None:
    with writing(room.db):
        cases_binding.bind(room.db, room.scope, 1, [2], "wangfang", NOW)
    for main, others, words in ((3, [2], "先解除"), (3, [1], "先解除"), (2, [3], "打开主件"), (3, [3], "请选择")):
        with pytest.raises(RefusedError, match=words), writing(room.db):
            cases_binding.bind(room.db, room.scope, main, others, "wangfang", NOW)
    with writing(room.db):
        cases_binding.unbind(room.db, room.scope, 2, "wangfang", NOW)
    assert 2 in ids(room)


def test_words_of_the_same_matter_are_offered_for_binding(room: Room) -> None:
    with writing(room.db):
        again = room.ask("城东片区停水两天了还不来水，什么时候恢复供水", 1, author="u9")
        room.settle([again])
    found = cases_binding.likely_same(room.db, room.scope, 1)
    assert found["comment_id"].tolist()[0] == again


def test_a_person_of_the_county_sees_and_moves_only_what_is_his_or_was_handed_to_him(room: Room) -> None:
    county = (room.units["青山县"],)
    assert ids(room, scope=county) == [4, 8]
    with pytest.raises(PermissionError, match="不在您的权限范围"), writing(room.db):
        cases.act(room.db, county, 1, Act.CONFIRM, "qingshan", NOW, 0)
    assert cases_view.case(room.db, county, comment_id=1, now=0) is None
    assert cases_thread.thread(room.db, county, comment_id=1).empty
    with pytest.raises(PermissionError, match="承办单位不在您的权限范围"), writing(room.db):
        cases.act(room.db, county, 4, Act.FORWARD, "qingshan", NOW, 0, unit_id=room.units["临江市"])
    step = do(room, 1, Act.FORWARD, unit_id=county[0])
    assert ids(room, "转办", county) == [1]
    with writing(room.db):
        cases.act(room.db, county, 1, Act.RECEIVE, "qingshan", NOW, step)
    assert look(room, 1, county).state == "办理中"


def test_whoever_may_see_nothing_gets_no_rows(room: Room) -> None:
    assert cases_queue.queue(room.db, ()).empty
    assert cases_queue.counts(room.db, ()).empty
    assert cases_queue.listing(room.db, (), ids=(1,)).empty
    assert cases_queue.newer(room.db, (), than=0) == 0
    assert cases_queue.progress(room.db, (), since=0) == 0
    assert cases_view.case(room.db, (), comment_id=1, now=0) is None
    assert cases_view.steps(room.db, (), comment_id=1).empty
    assert cases_thread.thread(room.db, (), comment_id=1).empty
    assert cases_thread.elsewhere_candidates(room.db, (), comment_id=1).empty
    assert cases_binding.bound(room.db, (), 1).empty
    assert cases_binding.likely_same(room.db, (), 1).empty
    assert cases.waiting_soon(room.db, (), NOW) == cases.Soon()
