"""Cases as people work them: who is first, what an act needs, what the collector adds, what is shown beside."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from bench.waiting_room import Room
from matrix.case import Act, RefusedError
from storage import cases, cases_queue, cases_thread, cases_view, corrections
from storage.database import writing
from tests.storage.cases_desk import NOW, a_room, do, ids, look


@pytest.fixture
def room() -> Iterator[Room]:
    room = a_room()
    with closing(room.db):
        yield room


def test_the_queue_is_by_due_time_then_age_and_what_is_unknown_is_in_it(room: Room) -> None:
    with writing(room.db):
        fresh = room.ask("今天刚问的", 0.5, under="青山发布")
        room.settle([fresh])
        room.db.execute("UPDATE responses SET due_at = NULL, known_until = NULL WHERE comment_id = 3")
        room.db.execute("UPDATE responses SET due_at = asked_at + 60 WHERE comment_id = 5")
    queue = ids(room)
    assert queue[0] == 5
    assert queue[-1] == 3
    assert queue[-2] == fresh
    shown = cases_queue.listing(room.db, room.scope, ids=(3, fresh))
    assert shown["comment_id"].tolist() == [3, fresh]
    assert look(room, 3).is_unknown(int(NOW.timestamp()))


def test_an_act_moves_the_case_out_of_the_queue_and_is_a_row_with_who_when_and_why(room: Room) -> None:
    unit = room.units["临江市水务局"]
    do(room, 1, Act.FORWARD, unit_id=unit, why="请核实并答复")
    assert 1 not in ids(room)
    assert ids(room, "转办") == [1]
    step = cases_view.steps(room.db, room.scope, comment_id=1).iloc[0]
    assert (step.act, step.before, step.state, step["name"], step.why, step.unit) == (
        "转办",
        "待办",
        "转办",
        "王芳",
        "请核实并答复",
        "临江市水务局",
    )
    assert corrections.latest(room.db, [1]) == {(1, "appeal"): "1"}, "a later reading must not take the case away"


def test_the_collected_answer_confirms_what_a_person_said(room: Room) -> None:
    do(room, 1, Act.REPLY)
    assert look(room, 1).state == "已回复待核实"
    with writing(room.db):
        reply = room.answer(1, 0.05, under="临江发布")
        room.settle([1, reply])
    assert look(room, 1).state == "办结"
    steps = cases_view.steps(room.db, room.scope, comment_id=1)
    assert steps[["act", "author"]].values.tolist()[-1] == ["采集确认", "采集"]


def test_an_answer_that_nobody_announced_waits_for_a_check_and_a_lost_one_opens_again(room: Room) -> None:
    do(room, 1, Act.CONFIRM)
    with writing(room.db):
        reply = room.answer(1, 0.05, under="临江发布")
        room.settle([1, reply])
    assert look(room, 1).state == "已回复待核实"
    do(room, 1, Act.VERIFY, step=look(room, 1).step_id)
    with writing(room.db):
        room.db.execute("UPDATE replies SET nature = '程式化回复' WHERE comment_id = :id", {"id": reply})
        room.settle([1])
    assert look(room, 1).state == "办理中"
    assert cases_view.steps(room.db, room.scope, comment_id=1)["act"].tolist()[-1] == "回复消失"


def test_a_receipt_makes_an_untouched_case_one_that_is_worked_on(room: Room) -> None:
    with writing(room.db):
        receipt = room.answer(1, 0.05, "已收悉，正在转办。", under="临江发布", nature="程式化回复")
        room.settle([1, receipt])
    assert ids(room, "办理中") == [1]
    assert look(room, 1).state == "办理中"


def test_supervising_needs_a_due_time_that_has_passed_in_a_thread_that_is_held(room: Room) -> None:
    step = do(room, 1, Act.FORWARD, unit_id=room.units["青山县"])
    step = do(room, 1, Act.URGE, author="zongguan", step=step)
    with pytest.raises(RefusedError, match="不能督办"):
        do(room, 1, Act.SUPERVISE, author="zongguan", step=step)
    with writing(room.db):
        room.db.execute("UPDATE responses SET due_at = asked_at + 60, known_until = asked_at WHERE comment_id = 1")
    with pytest.raises(RefusedError, match="情况不明"):
        do(room, 1, Act.SUPERVISE, author="zongguan", step=step)
    with writing(room.db):
        room.db.execute("UPDATE responses SET known_until = :now WHERE comment_id = 1", {"now": int(NOW.timestamp())})
    do(room, 1, Act.SUPERVISE, author="zongguan", step=step)


def test_an_act_without_its_words_is_refused(room: Room) -> None:
    for act, words in ((Act.FORWARD, "请选择承办单位"), (Act.POINT_ELSEWHERE, "请选择或填写"), (Act.NOTE, "请填写“备注”")):
        with pytest.raises(RefusedError, match=words):
            do(room, 1, act)
    with pytest.raises(RefusedError, match="https://"):
        do(room, 1, Act.POINT_ELSEWHERE, link="javascript:alert(1)")
    assert room.db.execute("SELECT count(*) FROM case_steps").fetchone() == (0,)


def test_what_is_no_appeal_leaves_every_figure(room: Room) -> None:
    do(room, 1, Act.DISMISS, is_none=True, why="与本账号无关")
    assert room.db.execute("SELECT count(*) FROM responses WHERE comment_id = 1").fetchone() == (0,)
    assert look(room, 1).state == "无需回复"
    assert 1 not in ids(room)


def test_new_arrivals_are_counted_beside_a_queue_that_stands_still(room: Room) -> None:
    newest = cases_queue.newest_id(room.db, room.scope)
    with writing(room.db):
        fresh = room.ask_many(3, start=100)
        room.settle(fresh)
    assert cases_queue.newer(room.db, room.scope, than=newest) == 3
    assert cases_queue.newer(room.db, room.scope, than=newest, kind="咨询") == 1
    assert cases_queue.newer(room.db, (room.units["青山县"],), than=newest) == 0
    assert cases_queue.newer(room.db, room.scope, than=newest, state="转办") == 0


def test_counts_are_those_of_the_queues(room: Room) -> None:
    do(room, 1, Act.FORWARD, unit_id=room.units["青山县"])
    do(room, 2, Act.CONFIRM)
    do(room, 3, Act.REPLY)
    found = dict(cases_queue.counts(room.db, room.scope).values.tolist())
    assert found == {state: len(ids(room, state)) for state in ("待办", "转办", "办理中", "已回复待核实")}
    assert found == {"待办": 5, "转办": 1, "办理中": 1, "已回复待核实": 1}
    assert cases_queue.progress(room.db, room.scope, since=int(NOW.timestamp())) == 3
    assert cases_queue.progress(room.db, room.scope, since=int(NOW.timestamp()), author="liqiang") == 0


def test_what_is_due_soon_is_counted_with_the_one_that_waits_longest(room: Room) -> None:
    end = int(NOW.timestamp())
    with writing(room.db):
        room.db.execute("UPDATE responses SET due_at = :at", {"at": end + 86400})
        for comment, due, known in ((1, end - 60, end), (2, end - 60, end - 7200), (3, end + 3600, end), (4, None, end)):
            values = {"id": comment, "due": due, "known": known}
            room.db.execute("UPDATE responses SET due_at = :due, known_until = :known WHERE comment_id = :id", values)
        room.db.execute("UPDATE responses SET rule_id = NULL, due_at = NULL WHERE comment_id = 5")
    soon = cases.waiting_soon(room.db, room.scope, NOW)
    assert (soon.count, soon.overdue, soon.unknown, soon.unruled, soon.undated) == (3, 1, 1, 1, 1)
    assert (soon.oldest_id, soon.oldest_account) == (1, "临江发布")
    do(room, 1, Act.DISMISS)
    assert cases.waiting_soon(room.db, room.scope, NOW).oldest_id == 2


def test_the_thread_is_shown_whole_from_any_place_in_it(room: Room) -> None:
    with writing(room.db):
        top = room.say("停水了吗", 30, author="t1")
        asked = room.ask("我家也停了，何时来水？", 29, below=top, author="t2")
        reply = room.answer(asked, 28, "正在抢修。", under="临江发布", nature="程式化回复")
        other = room.say("我也想知道", 27, below=top, author="t3")
        room.say("别的话", 26, author="t4")
        room.settle([asked])
    found = cases_thread.thread(room.db, room.scope, comment_id=asked)
    assert found["comment_id"].tolist() == [top, asked, reply, other]
    assert found["depth"].tolist() == [0, 1, 1, 1]
    assert found["is_official"].tolist() == [0, 0, 2, 0]
    assert found["is_same_author"].tolist() == [0, 1, 0, 0]


def test_a_later_post_about_the_matter_is_offered_as_an_answer_elsewhere(room: Room) -> None:
    with writing(room.db):
        for ext, text in (("n1", "【通报】城东片区停水抢修已完成，恢复正常供水。"), ("n2", "本周末举办花市，欢迎参加。")):
            room.db.execute(
                "INSERT INTO posts(platform, ext_id, account_id, kind, published_at, seen_at, observed_at, title, text, url) "
                "VALUES(1, :ext, :account, 'original', :at, :at, :at, '', :text, 'https://weibo.com/880/n')",
                {"ext": ext, "account": room.accounts["临江发布"], "at": int(NOW.timestamp()) - 60, "text": text},
            )
    found = cases_thread.elsewhere_candidates(room.db, room.scope, comment_id=1)
    assert [text[:4] for text in found["text"]] == ["【通报】"]
