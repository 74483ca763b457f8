"""The worker by itself and as a program: one at a time, finishes what is in hand, tells what failed, answers what is asked."""

import signal
import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from commands import worker as word
from matrix.account import Platform, Route
from simulator.clock import ManualClock
from simulator.events import SimAccount
from simulator.exchange import Request, Response
from simulator.server import Running, all_routes, start_server
from simulator.world import World, make_world
from storage import accounts, credentials, heartbeats, organizations, requests, runs
from storage.database import create_database, open_writer, writing
from storage.keyring import load_keyring, new_keyring, save_keyring
from storage.moments import to_seconds
from tests.commands.conftest import NOW, Place
from worker import AnotherWorkerError, Worker, hold_lock

Word = Callable[..., tuple[int, str, str]]
TIMELINE = ("GET", "/weibo-commercial/2/statuses/user_timeline/other.json")


@dataclass
class Platforms:
    """A small city of commercial Weibo accounts; `gate` holds every time line back while it is closed."""

    world: World
    running: Running
    gate: threading.Event
    reached: threading.Event

    @property
    def accounts(self) -> list[SimAccount]:
        return self.world.city.accounts[5:]  # the bad afternoon, which fills threads, is the first five's

    def calls_of(self, account: SimAccount) -> int:
        return sum(query.get("access_token") == account.token for _, _, _, query in self.world.asked)


@pytest.fixture
def platforms() -> Generator[Platforms]:
    world = make_world(7, 10, clock=ManualClock(NOW.timestamp()), history_days=1, mix=("weibo_commercial",), busy=0.2)
    gate, reached = threading.Event(), threading.Event()
    gate.set()
    routes = all_routes()
    real = routes[TIMELINE]

    def held(request: Request) -> Response:
        reached.set()
        gate.wait(20)
        return real(request)

    running = start_server(world, routes={**routes, TIMELINE: held})
    yield Platforms(world, running, gate, reached)
    gate.set()
    running.stop()


@pytest.fixture
def city(place: Place, platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> Place:
    """An installation with the city's accounts and their credentials, one thread, its clock at the platforms' moment."""
    place.knobs = {
        "MATRIX_WEIBO_COMMERCIAL_URL": f"{platforms.running.url}/weibo-commercial",
        "MATRIX_WORKER_THREADS": "1",
        "MATRIX_WORKER_TICK_SECONDS": "0.05",
        "MATRIX_WORKER_HISTORY_DAYS": "1",
        "MATRIX_CLOCK_SPEED": "0.001",
    }
    for name, value in place.knobs.items():
        monkeypatch.setenv(name, value)
    ring = load_keyring(place.key_file, make=True)
    with closing(create_database(place.path)) as db:
        with writing(db):
            credentials.remember_key(db, ring)
            unit = organizations.add(db, code="1", name="临江市", parent_id=None, level="市级", seen_at=0)
            for one in platforms.accounts:
                accounts.add(
                    db, platform=Platform.WEIBO, ext_id=one.ext_id, name=one.name, organization_id=unit,
                    route=Route.WEIBO_COMMERCIAL, seen_at=0,
                )  # fmt: skip
            organizations.rebuild_tree(db)
        for number, one in enumerate(platforms.accounts, 1):
            credentials.save(db, number, one.token, ring, NOW, "测试")
    return place


@contextmanager
def worker_of(place: Place, now: Callable[[], datetime] = lambda: NOW) -> Generator[Worker]:
    with closing(Worker(place.settings, now, threading.Event())) as worker:
        yield worker


@contextmanager
def at_work(worker: Worker) -> Generator[None]:
    """The worker turning in a thread of its own until the end of the block."""
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stopping.set()
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture
def run_word(capsys: pytest.CaptureFixture[str]) -> Generator[Callable[..., tuple[int, str, str]]]:
    """`run.py worker …` within this process: exit code and what was printed; signals are given back afterwards."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def run(*words: str) -> tuple[int, str, str]:
        code = word.main(list(words))
        said = capsys.readouterr()
        return code, said.out, said.err

    yield run
    for number, handler in before.items():
        signal.signal(number, handler)


def wait_for(what: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)


def test_a_second_worker_says_so_and_ends(city: Place) -> None:
    with hold_lock(city.path), city.program("worker") as program:
        out, err = program.communicate(timeout=20)
    assert (program.returncode, out) == (3, "")
    assert err.strip() == f"数据库 {city.path} 已有一个采集程序在运行,同一数据库只能运行一个;本程序退出"
    assert city.ask("SELECT count(*) FROM heartbeats") == [(0,)]


def test_the_lock_ends_with_its_worker(city: Place) -> None:
    with worker_of(city), pytest.raises(AnotherWorkerError):
        hold_lock(city.path)
    hold_lock(city.path).close()


def test_a_single_pass_over_answering_platforms_ends_well(city: Place, platforms: Platforms, run_word: Word) -> None:
    code, out, err = run_word("--once")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "单次采集结束,全部完成"
    assert [one.name in out for one in platforms.accounts] == [True] * 5
    assert city.ask("SELECT count(*), min(outcome), max(outcome) FROM runs") == [(5, "ok", "ok")]
    assert city.ask("SELECT count(*) > 0 FROM posts") == city.ask("SELECT count(*) > 0 FROM comments") == [(1,)]
    assert city.ask("SELECT stopped_at IS NOT NULL FROM heartbeats") == [(1,)]


def test_a_single_pass_with_failures_lists_them(platforms: Platforms, city: Place, run_word: Word) -> None:
    platforms.world.faults.set("token_expired", account=platforms.accounts[1].ext_id)
    code, out, err = run_word("--once")
    assert code == 1
    assert out.splitlines()[-1] == "单次采集结束,失败1个账号"
    assert len(err.splitlines()) == 1 and err.startswith(f"{platforms.accounts[1].name}:失败,")
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
    assert row[1:3] == ("partial", "采集程序正常停止,未读完的部分下次继续")
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
    assert out.splitlines()[-1] == "单次采集中途停止,没有采集的账号下次继续"
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
    assert (done.outcome, done.answer["sentence"]) == ("ok", f"已安排立即检查:{platforms.accounts[2].name}1个账号")
    assert refused.outcome == "failed" and "请升级采集程序" in refused.answer["sentence"]
    assert city.ask("SELECT actor, act, outcome FROM journal ORDER BY id") == [
        ("zhiban", "请求:check_account", "成功"),
        ("zhiban", "请求:make_coffee", "拒绝"),
    ]


def test_a_failing_account_does_not_stop_the_others_and_waits_longer_each_time(city: Place, platforms: Platforms) -> None:
    bad = platforms.accounts[0]
    platforms.world.faults.set("truncated_json", account=bad.ext_id)
    city.knobs["MATRIX_WEB_ATTEMPTS"] = "1"
    moment, waits, failures = NOW, [], 0
    with worker_of(city, lambda: moment) as worker:
        for _ in range(4):
            failed = worker.run_once()
            assert [account.ext_id for account, _ in failed] == [bad.ext_id]
            ((next_at, failures, words),) = city.ask("SELECT next_check_at, error_count, last_error FROM accounts WHERE id = 1")
            waits.append(next_at - to_seconds(moment))
            assert words
            moment = datetime.fromtimestamp(next_at, NOW.tzinfo)
        assert failures == 4
        assert waits == sorted(waits) and waits[-1] >= 7 * waits[0]
        assert city.ask("SELECT count(*) FROM accounts WHERE id > 1 AND (last_ok_at IS NULL OR error_count > 0)") == [(0,)]
        platforms.world.faults.clear()
        assert worker.run_once() == []
    assert city.ask("SELECT error_count, last_error FROM accounts WHERE id = 1") == [(0, "")]


def test_a_host_that_fails_one_account_alone_is_still_asked_for_the_others(city: Place, platforms: Platforms) -> None:
    city.knobs["MATRIX_WEB_ATTEMPTS"] = "1"
    bad = platforms.accounts[0]
    platforms.world.faults.set("http_5xx", account=bad.ext_id)
    with worker_of(city) as worker:
        assert [account.ext_id for account, _ in worker.run_once()] == [bad.ext_id]


def test_a_host_that_is_down_is_left_alone_for_a_while_and_then_asked_again(city: Place, platforms: Platforms) -> None:
    city.knobs["MATRIX_WEB_ATTEMPTS"] = "1"
    platforms.world.faults.set("http_5xx")
    moment = NOW
    with worker_of(city, lambda: moment) as worker:
        assert len(worker.run_once()) == 5
        asked = len(platforms.world.asked)
        assert asked == 2, "a second account confirms what the first one met"
        platforms.world.faults.clear()
        moment = NOW + timedelta(seconds=50)
        with city.open() as db:
            (last, *_) = accounts.everyone(db)
        assert worker.collector.collect(last).kind is not None
        assert len(platforms.world.asked) == asked
        moment = NOW + timedelta(seconds=70)
        assert worker.collector.collect(last).kind is None, "who was spared a look does not make the pause longer"


def test_one_spent_quota_of_the_address_is_one_outage_and_nobody_else_asks_in_vain(city: Place, platforms: Platforms) -> None:
    platforms.world.faults.set("ip_quota")
    with worker_of(city) as worker:
        failed = worker.run_once()
        first = len(platforms.world.asked)
        assert len(failed) == 5 and first == 1, "the first answer is enough"
        assert city.ask("SELECT kind, count(*) FROM outages GROUP BY 1") == [("quota", 1)]
        assert city.ask("SELECT count(DISTINCT account_id) FROM outage_accounts WHERE until IS NULL") == [(5,)]
        assert city.ask("SELECT sum(calls) FROM runs") == [(1,)]
        assert len({ending.sentence for _, ending in failed}) == 1
    with worker_of(city) as worker:  # a new process has nothing in mind but what is stored
        with closing(open_writer(city.path)) as db, writing(db):
            for number in range(1, 6):
                accounts.check_now(db, number, NOW)
        worker.run_once()
    assert len(platforms.world.asked) == first
    platforms.world.faults.clear()
    later = NOW + timedelta(hours=1, minutes=1)
    with worker_of(city, lambda: later) as worker:
        assert worker.run_once() == []
    assert city.ask("SELECT count(*) FROM outages WHERE until IS NULL") == [(0,)]


def test_what_a_killed_worker_left_open_is_closed_and_asked_anew(city: Place) -> None:
    with closing(open_writer(city.path)) as db:
        with writing(db):
            accounts.put_off(db, 2, NOW + timedelta(hours=2))
            runs.start(db, 2, Route.WEIBO_COMMERCIAL, NOW)
        requests.ask(db, "check_account", {"account_id": 1}, "zhiban", NOW)
        requests.take(db, NOW)
    with worker_of(city) as worker:
        assert city.ask("SELECT outcome, cause FROM runs") == [("failed", "worker:killed")]
        with city.open() as db:
            assert 2 in [account.id for account in accounts.due(db, NOW)]
        worker.run_once()
    assert city.ask("SELECT outcome FROM requests") == [("ok",)]


def test_a_lost_key_stops_the_worker_and_no_other_is_made_in_its_place(city: Place, run_word: Word) -> None:
    city.key_file.unlink()
    code, _, err = run_word("--once")
    assert code == 1
    assert "找不到密钥文件" in err
    assert not city.key_file.exists()


def test_a_wrong_key_stops_the_worker_before_it_makes_two_persons_of_one(
    city: Place, platforms: Platforms, run_word: Word
) -> None:
    city.key_file.unlink()
    save_keyring(city.key_file, new_keyring())
    code, _, err = run_word("--once")
    assert code == 1
    assert "与数据库不匹配" in err and "keys import" in err
    assert not platforms.world.asked
