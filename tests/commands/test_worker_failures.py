"""What fails one account is no matter of the others, what fails all is asked about once, and what was left open is closed."""

from contextlib import closing
from datetime import datetime, timedelta

from matrix.account import Route
from storage import accounts, requests, runs
from storage.database import open_writer, writing
from storage.keyring import new_keyring, save_keyring
from storage.moments import to_seconds
from tests.commands.city import Platforms, worker_of
from tests.commands.place import NOW, Place, Word


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
