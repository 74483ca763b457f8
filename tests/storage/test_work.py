"""The rows about the work itself: budgets that survive, outages by cause, requests, the key of the installation."""

import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from matrix.account import Platform, Route
from matrix.run import Budget, CollectError, ErrorKind
from storage import accounts, budgets, credentials, heartbeats, organizations, outages, requests, runs
from storage.database import create_database, open_writer, writing
from storage.keyring import KeyringError, load_keyring, new_keyring, save_keyring
from storage.moments import to_seconds

NOW = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)  # 23:30 in Beijing
HOURLY = Budget("ip", "weibo_commercial", "hour", 3)
DAILY = Budget("account:1", "weibo_free", "day", 2)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with closing(create_database(tmp_path / "m.db")) as db, writing(db):
        city = organizations.add(db, code="1", name="临江市", parent_id=None, level="市级", seen_at=0)
        for n in range(3):
            accounts.add(
                db,
                platform=Platform.WEIBO,
                ext_id=str(n),
                name=f"账号{n}",
                organization_id=city,
                route=Route.WEIBO_FREE,
                seen_at=0,
            )
        organizations.rebuild_tree(db)
    return tmp_path / "m.db"


def test_a_spent_budget_stays_spent_after_a_restart_and_is_whole_after_beijing_midnight(path: Path) -> None:
    for _ in range(2):
        with closing(open_writer(path)) as db:
            budgets.charge(db, (HOURLY, DAILY), NOW)
    with closing(open_writer(path)) as db:
        with pytest.raises(CollectError) as caught:
            budgets.charge(db, (HOURLY, DAILY), NOW)
        assert (caught.value.kind, caught.value.cause) == (ErrorKind.QUOTA, "account:1:weibo_free:quota")
        assert caught.value.retry_at == datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
        assert budgets.left(db, HOURLY, NOW) == 1, "a call that one line refused is charged to no other line"
        budgets.charge(db, (HOURLY, DAILY), NOW + timedelta(minutes=31))


def test_the_platforms_word_that_a_budget_is_spent_is_believed_until_the_period_ends(path: Path) -> None:
    with closing(open_writer(path)) as db:
        budgets.mark_spent(db, HOURLY, NOW)
        assert budgets.left(db, HOURLY, NOW) == 0
        with pytest.raises(CollectError, match="每小时额度 3 次已用完"):
            budgets.charge(db, (HOURLY,), NOW)
        assert budgets.left(db, HOURLY, NOW + timedelta(hours=1)) == 3


def test_many_threads_never_spend_more_than_the_budget(path: Path) -> None:
    line, granted = Budget("ip", "x", "hour", 40), []

    def spend() -> None:
        with closing(open_writer(path)) as db:
            for _ in range(20):
                try:
                    budgets.charge(db, (line,), NOW)
                    granted.append(1)
                except CollectError:
                    pass

    threads = [threading.Thread(target=spend) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(granted) == 40


def test_one_cause_is_one_outage_however_many_accounts_it_blinds(path: Path) -> None:
    quota = CollectError(ErrorKind.QUOTA, "本机额度用完", cause="ip:weibo_commercial:quota")
    with closing(open_writer(path)) as db:
        with writing(db):
            for account in (1, 2, 3):
                outages.open_for(db, account, quota, NOW, NOW)
                outages.open_for(db, account, quota, NOW + timedelta(minutes=5), NOW + timedelta(minutes=5))
        assert outages.current(db, (1,))[["outage_id", "account_id"]].values.tolist() == [[1, 1], [1, 2], [1, 3]]
        with writing(db):
            outages.close_for(db, 1, NOW + timedelta(hours=1))
            outages.close_for(db, 2, NOW + timedelta(hours=1))
        assert outages.current(db, (1,))["account_id"].tolist() == [3]
        with writing(db):
            outages.close_for(db, 3, NOW + timedelta(hours=2))
        assert outages.current(db, (1,)).empty
        assert db.execute("SELECT until - since FROM outages").fetchall() == [(7200,)]


def test_when_the_cause_changes_an_account_is_blind_for_the_new_one_and_the_old_one_ends(path: Path) -> None:
    token = CollectError(ErrorKind.CREDENTIALS, "授权过期", cause="account:1:credentials")
    net = CollectError(ErrorKind.NETWORK, "连不上", cause="host:weibo_free:network")
    with closing(open_writer(path)) as db, writing(db):
        outages.open_for(db, 1, token, NOW, NOW)
        outages.open_for(db, 1, net, NOW + timedelta(hours=1), NOW + timedelta(hours=1))
        assert outages.current(db, (1,))["cause"].tolist() == ["host:weibo_free:network"]
        assert db.execute("SELECT count(*) FROM outages WHERE until IS NULL").fetchone() == (1,)
        outages.open_for(db, 1, token, NOW, NOW + timedelta(hours=2))
        assert outages.blind_since(db, 1) == to_seconds(NOW), "blindness goes on without a gap"


def test_nobody_outside_his_scope_sees_an_outage(path: Path) -> None:
    with closing(open_writer(path)) as db, writing(db):
        outages.open_for(db, 1, CollectError(ErrorKind.QUOTA, "额度", cause="x"), NOW, NOW)
        assert outages.current(db, ()).empty


def test_a_request_is_taken_once_and_asked_anew_after_a_kill(path: Path) -> None:
    with closing(open_writer(path)) as db:
        number = requests.ask(db, "check_account", {"account_id": 1}, "李某", NOW)
        taken = requests.take(db, NOW)
        assert taken is not None
        assert (taken.id, taken.payload) == (number, {"account_id": 1})
        assert requests.take(db, NOW) is None
        with writing(db):
            assert requests.reopen_taken(db, NOW) == 1
        assert requests.take(db, NOW) is not None
        requests.answer(db, number, "ok", {"sentence": "已安排"}, NOW)
        with writing(db):
            assert requests.reopen_taken(db, NOW) == 0


def test_a_request_that_was_in_hand_when_three_workers_died_is_answered_with_a_failure(path: Path) -> None:
    with closing(open_writer(path)) as db:
        number = requests.ask(db, "apply_import", {}, "李某", NOW)
        for left in (1, 1, 0):
            assert requests.take(db, NOW) is not None
            with writing(db):
                assert requests.reopen_taken(db, NOW) == left
        assert requests.take(db, NOW) is None
        found = requests.find(db, number)
        assert found is not None
        assert found.outcome == "failed"
        assert "3次中途退出" in found.answer["sentence"]


def test_a_run_that_a_kill_left_open_is_closed_with_a_sentence_and_its_account_is_due(path: Path) -> None:
    with closing(open_writer(path)) as db, writing(db):
        accounts.put_off(db, 1, NOW + timedelta(hours=5))
        runs.start(db, 1, "weibo_free", NOW)
        assert runs.close_unfinished(db, NOW + timedelta(minutes=1)) == 1
        assert [a.id for a in accounts.due(db, NOW + timedelta(minutes=1))] == [2, 3, 1]
        assert "中途退出" in db.execute("SELECT sentence FROM runs").fetchone()[0]


def test_a_worker_that_stopped_or_missed_its_beats_is_not_alive(path: Path) -> None:
    with closing(open_writer(path)) as db:
        assert not heartbeats.is_alive(heartbeats.find(db), NOW, 10)
        heartbeats.beat(db, NOW, "采集", is_start=True)
        assert heartbeats.is_alive(heartbeats.find(db), NOW + timedelta(seconds=30), 10)
        assert not heartbeats.is_alive(heartbeats.find(db), NOW + timedelta(seconds=61), 10)
        heartbeats.stop(db, NOW + timedelta(seconds=5))
        assert not heartbeats.is_alive(heartbeats.find(db), NOW + timedelta(seconds=6), 10)


def test_a_credential_is_unreadable_in_the_file_and_survives_a_rotation_with_the_citizens(path: Path, tmp_path: Path) -> None:
    ring = new_keyring()
    with closing(open_writer(path)) as db:
        credentials.save(db, 1, "2.00secretToken", ring, NOW, "管理员")
        with writing(db):
            db.execute(
                "INSERT INTO comments(platform, ext_id, account_id, channel, author_key, author_name, author_is_official, "
                "published_at, seen_at, observed_at, region, text) VALUES(1, 'c', 1, 'comment', :key, '', 0, 0, 0, 0, '', '')",
                {"key": ring.pseudonym(1, "5566")},
            )
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        assert b"secretToken" not in path.read_bytes()
        after = ring.rotated()
        credentials.rotate(db, after)
        assert credentials.find(db, 1, after) == "2.00secretToken"
        assert db.execute("SELECT author_key FROM comments").fetchone() == (after.pseudonym(1, "5566"),)
        assert after.pseudonym(1, "5566") != ring.pseudonym(1, "5566")
        assert credentials.key_belongs(db, after)
        assert not credentials.key_belongs(db, ring)


def test_a_foreign_or_damaged_key_is_refused_with_what_to_do(path: Path, tmp_path: Path) -> None:
    ring = load_keyring(tmp_path / "k", make=True)
    assert load_keyring(tmp_path / "k") == ring
    assert (tmp_path / "k").stat().st_mode & 0o777 == 0o600
    with closing(open_writer(path)) as db:
        credentials.save(db, 1, "s", ring, NOW, "x")
        with pytest.raises(KeyringError, match="恢复原密钥文件"):
            credentials.find(db, 1, new_keyring())
        assert credentials.unreadable(db, new_keyring()) == [1]
    (tmp_path / "k").write_text("{}")
    with pytest.raises(KeyringError, match="已损坏"):
        load_keyring(tmp_path / "k")
    with pytest.raises(KeyringError, match="找不到密钥文件"):
        load_keyring(tmp_path / "none")


def test_the_first_of_two_keys_made_at_once_stays(tmp_path: Path) -> None:
    made = [load_keyring(tmp_path / "k", make=True) for _ in range(2)]
    assert made[0] == made[1]
    save_keyring(tmp_path / "k", new_keyring())
    assert load_keyring(tmp_path / "k") != made[0]
    assert [p.name for p in tmp_path.iterdir()] == ["k"]


def test_an_account_changes_its_unit_as_a_dated_row(path: Path) -> None:
    with closing(open_writer(path)) as db, writing(db):
        office = organizations.add(db, code="2", name="水务局", parent_id=1, level="部门", seen_at=to_seconds(NOW))
        accounts.affiliate(db, 1, office, to_seconds(NOW), to_seconds(NOW))
        organizations.rebuild_tree(db)
        assert db.execute("SELECT organization_id FROM affiliations WHERE account_id = 1 ORDER BY valid_from").fetchall() == [
            (1,),
            (office,),
        ]
        assert db.execute("SELECT ancestor_id FROM account_up WHERE account_id = 1 ORDER BY 1").fetchall() == [(1,), (office,)]


def test_a_cycle_in_the_tree_cannot_hang_the_closure(path: Path) -> None:
    with closing(open_writer(path)) as db, writing(db):
        office = organizations.add(db, code="2", name="甲", parent_id=1, level="部门", seen_at=0)
        db.execute("UPDATE organizations SET parent_id = :o WHERE id = 1", {"o": office})
        organizations.rebuild_tree(db)
        assert db.execute("SELECT count(*) FROM organization_up").fetchone()[0] <= 4
