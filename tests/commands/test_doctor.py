"""The doctor finds what is wrong with an installation, says so in Chinese, and finds nothing where nothing is."""

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import timedelta

from matrix.people import Role
from matrix.run import CollectError, ErrorKind
from storage import heartbeats, journal, organizations, outages, people
from storage.database import create_database, open_writer, writing
from storage.keyring import new_keyring, save_keyring
from tests.commands.place import NOW, Examined, Place


@contextmanager
def changing(place: Place) -> Generator[sqlite3.Connection]:
    with closing(open_writer(place.path)) as db, writing(db):
        yield db


def make_healthy(place: Place, size: int = 2) -> list[int]:
    """Accounts with credentials, a journal, a worker that beat a moment ago; nobody who could sign in yet."""
    ids = place.fill(size)
    with closing(open_writer(place.path)) as db:
        for act in ("登录", "退出", "登录"):
            journal.note(db, at=NOW, actor="admin", act=act)
        heartbeats.beat(db, NOW, "采集", is_start=True)
    return ids


def add_administrator(place: Place) -> None:
    with changing(place) as db:
        scope = organizations.roots(db)
        values = {"login": "admin", "name": "管理员", "role": Role.SYSTEM, "password": "Linjiang-2026", "by": "测试"}
        people.add(db, **values, now=NOW, must_change=False, scope=scope)


def test_an_empty_place_has_no_fault_and_stays_empty(place: Place, examined: Examined) -> None:
    code, found, last = examined()
    assert (code, last) == (0, "体检结束，未发现问题。")
    assert found["数据库"][0] == "提示" and "还不存在" in found["数据库"][1]
    assert [path.name for path in place.folder.iterdir()] == ["settings.toml"]


def test_a_healthy_place_is_called_healthy(place: Place, examined: Examined) -> None:
    make_healthy(place)
    add_administrator(place)
    code, found, last = examined()
    assert (code, last) == (0, "体检结束，未发现问题。")
    assert {sentence[0] for sentence in found.values()} == {"正常"}
    assert found["数据库"][1] == "账号 2 个，发布 2 条，评论 2 条，完整性检查通过"
    assert found["采集程序"][1] == "正在运行"


def test_a_worker_that_stopped_beating_is_missed(place: Place, examined: Examined) -> None:
    make_healthy(place)
    with closing(open_writer(place.path)) as db:
        heartbeats.beat(db, NOW - timedelta(hours=3), "采集", is_start=True)
    code, found, _ = examined()
    assert code == 1
    assert found["采集程序"] == [
        "问题",
        "没有在运行(最近一次活动 03-02 12:00)，请运行 python3 run.py worker，或检查开机自启动服务",
    ]


def test_a_worker_that_never_ran_is_missed(place: Place, examined: Examined) -> None:
    place.fill()
    code, found, _ = examined()
    assert code == 1 and "从未运行" in found["采集程序"][1]


def test_accounts_without_credentials_are_named(place: Place, examined: Examined) -> None:
    make_healthy(place, 3)
    with changing(place) as db:
        db.execute("DELETE FROM credentials WHERE account_id <> 2")
    code, found, _ = examined()
    assert code == 1
    assert found["凭据"] == ["问题", "2 个账号没有录入采集凭据：临江发布0、临江发布2"]


def test_a_credential_under_another_key_is_counted(place: Place, examined: Examined) -> None:
    make_healthy(place)
    with changing(place) as db:
        db.execute("UPDATE credentials SET sealed = :sealed WHERE account_id = 1", {"sealed": new_keyring().seal("x")})
    code, found, _ = examined()
    assert code == 1 and found["凭据"][1].startswith("1 个账号的凭据无法用现有密钥解开")


def test_a_key_of_another_installation_is_recognised(place: Place, examined: Examined) -> None:
    make_healthy(place)
    place.key_file.unlink()
    save_keyring(place.key_file, new_keyring())
    code, found, _ = examined()
    assert code == 1
    assert "不匹配" in found["密钥"][1] and "keys import" in found["密钥"][1]


def test_a_missing_or_damaged_key_is_said(place: Place, examined: Examined) -> None:
    make_healthy(place)
    place.key_file.write_text("{", encoding="utf-8")
    code, found, _ = examined()
    assert code == 1 and "已损坏" in found["密钥"][1]
    place.key_file.unlink()
    code, found, _ = examined()
    assert code == 1 and "找不到密钥文件" in found["密钥"][1]
    assert not place.key_file.exists(), "a doctor makes no key"


def test_a_changed_line_of_the_journal_is_found(place: Place, examined: Examined) -> None:
    make_healthy(place)
    with changing(place) as db:
        line = db.execute("SELECT max(id) - 1 FROM journal").fetchone()[0]
        db.execute("UPDATE journal SET actor = 'somebody' WHERE id = :id", {"id": line})
    code, found, _ = examined()
    assert code == 1
    assert f"第 {line} 条起校验不符" in found["操作日志"][1]


def test_sums_that_do_not_fit_the_facts_are_found(place: Place, examined: Examined) -> None:
    make_healthy(place)
    with changing(place) as db:
        db.execute("UPDATE account_day SET posts = posts + 1 WHERE account_id = 1")
    code, found, _ = examined()
    assert code == 1 and "account_day.posts" in found["汇总"][1]


def test_one_cause_is_one_finding_with_what_to_do(place: Place, examined: Examined) -> None:
    ids = make_healthy(place, 4)
    spent = CollectError(ErrorKind.QUOTA, "本机IP每小时额度已用完，整点自动恢复", cause="ip:weibo_commercial:quota")
    with changing(place) as db:
        for account in ids[:3]:
            outages.open_for(db, account, spent, NOW, NOW)
    code, found, _ = examined()
    assert code == 1
    assert found["采集中断"] == [
        "问题",
        "本机IP每小时额度已用完，整点自动恢复(影响 3 个账号，原因代号 ip:weibo_commercial:quota)",
    ]


def test_a_database_that_is_none_is_said_and_not_a_crash(place: Place, examined: Examined) -> None:
    make_healthy(place)
    place.path.write_bytes(b"\x00damaged" * 4096)
    for tail in ("-wal", "-shm"):
        place.path.with_name(f"matrix.db{tail}").unlink(missing_ok=True)
    code, found, _ = examined()
    assert code == 1
    assert found["数据库"][0] == "问题" and "run.py restore" in found["数据库"][1]


def test_damage_inside_the_database_is_found(place: Place, examined: Examined) -> None:
    make_healthy(place, 40)
    with closing(open_writer(place.path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        root = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'comments_key'").fetchone()[0]
        size = db.execute("PRAGMA page_size").fetchone()[0]
    with place.path.open("r+b") as file:
        file.seek((root - 1) * size + 200)
        file.write(b"\xff" * (size - 400))
    code, found, _ = examined()
    assert code == 1
    assert found["数据库"][0] == "问题" and "run.py restore" in found["数据库"][1]


def test_an_older_and_a_newer_database_are_told_apart(place: Place, examined: Examined) -> None:
    make_healthy(place)
    with changing(place) as db:
        db.execute("INSERT INTO _sqlite_migrations(migration_set, name, applied_at) VALUES('matrix', 'm999_future', '2030')")
    code, found, _ = examined()
    assert code == 1 and "请升级程序" in found["数据库"][1]
    with changing(place) as db:
        db.execute("DELETE FROM _sqlite_migrations WHERE name IN ('m999_future', 'm005_people')")
    code, found, _ = examined()
    assert code == 1 and "版本较旧" in found["数据库"][1]


def test_looking_changes_nothing(place: Place, examined: Examined) -> None:
    with closing(create_database(place.path)):
        pass
    make_healthy(place)
    before = place.ask("SELECT count(*) FROM journal") + place.ask("SELECT value FROM marks ORDER BY name")
    examined()
    assert place.ask("SELECT count(*) FROM journal") + place.ask("SELECT value FROM marks ORDER BY name") == before
