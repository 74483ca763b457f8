"""The worker as a program: one at a time, finishes what is in hand, tells what failed, answers what is asked."""

import signal
import time
from contextlib import closing
from datetime import timedelta

import pytest

from storage import accounts, heartbeats, requests
from storage.database import open_writer
from tests.commands.city import Platforms, at_work, wait_for, worker_of
from tests.commands.place import NOW, Place, Word
from worker import AnotherWorkerError, hold_lock


def test_a_second_worker_says_so_and_ends(city: Place) -> None:
    with hold_lock(city.path), city.program("worker") as program:
        out, err = program.communicate(timeout=20)
    assert (program.returncode, out) == (3, "")
    assert err.strip() == f"数据库 {city.path} 已有一个采集程序在运行，同一数据库只能运行一个；本程序退出"
    assert city.ask("SELECT count(*) FROM heartbeats") == [(0,)]


def test_the_lock_ends_with_its_worker(city: Place) -> None:
    with worker_of(city), pytest.raises(AnotherWorkerError):
        hold_lock(city.path)
    hold_lock(city.path).close()


def test_a_single_pass_over_answering_platforms_ends_well(city: Place, platforms: Platforms, run_word: Word) -> None:
    code, out, err = run_word("--once")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "单次采集结束，全部完成"
    assert [one.name in out for one in platforms.accounts] == [True] * 5
    assert city.ask("SELECT count(*), min(outcome), max(outcome) FROM runs") == [(5, "ok", "ok")]
    assert city.ask("SELECT count(*) > 0 FROM posts") == city.ask("SELECT count(*) > 0 FROM comments") == [(1,)]
    assert city.ask("SELECT stopped_at IS NOT NULL FROM heartbeats") == [(1,)]


def test_a_single_pass_with_failures_lists_them(platforms: Platforms, city: Place, run_word: Word) -> None:
    platforms.world.faults.set("token_expired", account=platforms.accounts[1].ext_id)
    code, out, err = run_word("--once")
    assert code == 1
    assert out.splitlines()[-1] == "单次采集结束，失败1个账号"
    assert len(err.splitlines()) == 1 and err.startswith(platforms.accounts[1].name) and "失败" in err
    assert platforms.accounts[1].token not in out + err


def test_sigterm_finishes_the_batch_in_hand_and_begins_nothing_more(city: Place, platforms: Platforms) -> None:
    platforms.gate.clear()
    with city.program("worker") as program:
        assert platforms.reached.wait(20)
        program.send_signal(signal.SIGTERM)
        time.sleep(0.2)  # it has the signal and waits for the answer that is under way
        assert program.poll() is None
        platforms.gate.set()
        _, err = program.communicate(timeout=20)
    assert (program.returncode, err) == (0, "")
    assert city.ask("SELECT count(*) FROM runs WHERE finished_at IS NULL") == [(0,)]
    (row,) = city.ask("SELECT account_id, outcome, sentence, posts_new FROM runs")
    assert row[1:3] == ("partial", "采集程序正常停止，未读完的部分下次继续")
    assert city.ask("SELECT count(*) FROM posts") == [(row[3],)] and row[3] > 0
    with city.open() as db:
        assert len(accounts.due(db, NOW + timedelta(seconds=1))) == 5, "all are due again at the next start"
    assert city.ask("SELECT stopped_at IS NOT NULL FROM heartbeats") == [(1,)]


def test_a_single_pass_that_is_told_to_stop_does_not_go_through_all_the_others(city: Place, platforms: Platforms) -> None:
    platforms.gate.clear()
    with city.program("worker", "--once") as program:
        assert platforms.reached.wait(20)
        program.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        platforms.gate.set()
        out, _ = program.communicate(timeout=20)
    assert program.returncode == 1
    assert out.splitlines()[-1] == "单次采集中途停止，没有采集的账号下次继续"
    assert city.ask("SELECT count(*) FROM runs") == [(1,)]


def test_the_console_can_see_that_the_worker_lives_and_that_it_ended(city: Place) -> None:
    with worker_of(city) as worker, at_work(worker):
        wait_for(lambda: city.ask("SELECT count(*) FROM runs WHERE finished_at IS NOT NULL") == [(5,)])
        with city.open() as db:
            beat = heartbeats.find(db)
            assert beat is not None and heartbeats.is_alive(beat, NOW, 10)
            assert not heartbeats.is_alive(beat, NOW + timedelta(minutes=5), 10), "silence is noticed"
    with city.open() as db:
        assert not heartbeats.is_alive(heartbeats.find(db), NOW, 10)


def test_what_a_page_asks_for_is_done_and_answered(city: Place, platforms: Platforms) -> None:
    with worker_of(city) as worker, at_work(worker):
        wait_for(lambda: city.ask("SELECT count(*) FROM runs WHERE finished_at IS NOT NULL") == [(5,)])
        with closing(open_writer(city.path)) as db:
            check = requests.ask(db, "check_account", {"account_id": 3}, "zhiban", NOW)
            strange = requests.ask(db, "make_coffee", {}, "zhiban", NOW)
        wait_for(lambda: city.ask("SELECT count(*) FROM requests WHERE done_at IS NOT NULL") == [(2,)])
        wait_for(lambda: city.ask("SELECT count(*) FROM runs WHERE account_id = 3 AND finished_at IS NOT NULL") == [(2,)])
    with city.open() as db:
        done, refused = requests.find(db, check), requests.find(db, strange)
    assert done is not None and refused is not None
    assert (done.outcome, done.answer["sentence"]) == ("ok", f"已安排立即检查：{platforms.accounts[2].name}1个账号")
    assert refused.outcome == "failed" and "请升级采集程序" in refused.answer["sentence"]
    assert city.ask("SELECT actor, act, outcome FROM journal ORDER BY id") == [
        ("zhiban", "请求：check_account", "成功"),
        ("zhiban", "请求：make_coffee", "拒绝"),
    ]
