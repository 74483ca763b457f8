"""The page on channels: setting one up, seeing what is wrong with it, testing it by request, and who may do what."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from matrix.notice import GRADES, ChannelKind, Notice, Outcome, Result, Rules
from storage import channels, journal, outbox, outbox_send, requests
from storage.channels import Wish
from storage.database import open_writer, writing
from storage.keyring import load_keyring
from tests import serving
from tests.pages.conftest import Open, words_of
from tests.pages.test_dialogs import fill_in, newest, pick, press

PAGE = "pages/admin/channels.py"
URL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=geheim-77"


@pytest.fixture
def worlds(tmp_path: Path) -> dict[str, Path]:
    """A city of its own for every test that changes one."""
    return {"sample": serving.make_world(tmp_path, True)}


@pytest.fixture
def db(worlds: dict[str, Path]) -> Iterator[sqlite3.Connection]:
    with closing(open_writer(worlds["sample"])) as held:
        yield held
        assert journal.verify(held) is None


def set_up(db: sqlite3.Connection, worlds: dict[str, Path], unit: str, name: str) -> int:
    """A channel as the dialog leaves it."""
    ring = load_keyring(worlds["sample"].with_name("key.json"), make=True)
    number = db.execute("SELECT id FROM organizations WHERE name = :name", {"name": unit}).fetchone()[0]
    wish = Wish(number, name, Rules(frozenset(GRADES), 1320, 420, 15), True)
    with writing(db):
        return channels.add(
            db, (number,), ChannelKind.WECOM, wish, "qyapi.weixin.qq.com", {"url": URL}, ring, "zhuguan", datetime.now(UTC)
        )


def fail_once(db: sqlite3.Connection, unit: str, sentence: str) -> None:
    """A notice that was tried and not taken, as the worker writes it down."""
    now = datetime.now(UTC)
    at = int(now.timestamp())
    number = db.execute("SELECT id FROM organizations WHERE name = :name", {"name": unit}).fetchone()[0]
    with writing(db):
        outbox.put(db, Notice("alert:1", "红", "预警", "停水评论异动，电话13812345678", "略", number, at), now)
    taken = outbox_send.take(db, at, "test", 60)
    assert taken is not None
    outbox_send.settle(db, taken, Outcome(Result.BUSY, sentence, "93000"), at)


def test_a_channel_is_set_up_in_a_dialog_and_its_address_is_sealed(
    look: Open, db: sqlite3.Connection, worlds: dict[str, Path]
) -> None:
    assert "还没有通知渠道，预警只显示在本系统内。" in words_of(look("sample", "zhuguan", PAGE))
    tester = press(look("sample", "zhuguan", PAGE), "新建渠道")
    fill_in(tester, "渠道名称", "市值班群")
    fill_in(tester, "免打扰开始", "22:00")
    fill_in(tester, "免打扰结束", "7:30")
    fill_in(tester, "地址", URL)
    tester = press(tester, "保存", "新建渠道")
    assert not tester.exception
    words = words_of(tester)
    assert "渠道“市值班群”已保存" in words and "22:00至07:30只发红色" in words and "尚未验证" in words
    assert "geheim-77" not in words
    assert newest(db) == ("zhuguan", "新建通知渠道", "市值班群", journal.DONE)
    assert b"geheim-77" not in worlds["sample"].read_bytes()
    assert not db.execute("SELECT 1 FROM journal WHERE detail LIKE '%geheim%'").fetchall()


def test_a_wrong_address_is_refused_in_the_dialog_and_nothing_is_kept(look: Open, db: sqlite3.Connection) -> None:
    tester = press(look("sample", "zhuguan", PAGE), "新建渠道")
    fill_in(tester, "渠道名称", "市值班群")
    fill_in(tester, "地址", "https://qyapi.weixin.qq.com/cgi-bin/webhook/get")
    tester = press(tester, "保存", "新建渠道")
    assert "这不是企业微信机器人的地址" in words_of(tester).replace("\\", "")
    assert db.execute("SELECT count(*) FROM channels").fetchone() == (0,)


def test_a_test_is_a_request_row_and_its_answer_is_shown(look: Open, db: sqlite3.Connection, worlds: dict[str, Path]) -> None:
    channel = set_up(db, worlds, "临江市", "市值班群")
    tester = press(look("sample", "zhuguan", PAGE), "发送测试")
    assert not tester.exception
    asked = requests.take(db, datetime.now(UTC))
    assert asked is not None and (asked.verb, asked.payload) == ("test_channel", {"channel_id": channel})
    requests.answer(db, asked.id, "failed", {"sentence": "测试消息没有送达：机器人地址无效"}, datetime.now(UTC))
    assert "测试消息没有送达：机器人地址无效" in words_of(tester.run())


def test_a_failing_channel_says_what_is_wrong_and_what_waits(look: Open, db: sqlite3.Connection, worlds: dict[str, Path]) -> None:
    set_up(db, worlds, "临江市", "市值班群")
    fail_once(db, "青山县", "机器人地址无效，请重新添加机器人并更换地址")
    words = words_of(look("sample", "zhuguan", PAGE))
    assert "**市值班群**(临江市)发送失败" in words and "1条通知在等待" in words and "请重新添加机器人并更换地址" in words
    assert "✕ 发送失败" in words and "geheim-77" not in words
    assert "通知渠道市值班群发送失败，1条通知没有发出去" in words_of(look("sample", "zhuguan", "pages/duty/home.py"))
    waiting = words_of(look("sample", "zhuguan", PAGE, channels_part="等待发送"))
    assert "138****5678" in waiting and "13812345678" not in waiting
    sent = look("sample", "xitong", PAGE, channels_part="发送记录")
    assert "停水评论异动" not in words_of(sent) and "内容不显示" in words_of(sent)


def test_the_county_sees_its_own_channel_only_and_changes_nothing(
    look: Open, db: sqlite3.Connection, worlds: dict[str, Path]
) -> None:
    set_up(db, worlds, "临江市", "市值班群")
    set_up(db, worlds, "青山县", "县值班群")
    tester = look("sample", "zhiban", PAGE)
    assert "县值班群" in words_of(tester) and "市值班群" not in words_of(tester)
    assert not [button.label for button in tester.button if button.label in ("新建渠道", "发送测试", "停用", "修改规则")]


def test_a_message_that_was_given_up_is_sent_again_by_a_person(
    look: Open, db: sqlite3.Connection, worlds: dict[str, Path]
) -> None:
    set_up(db, worlds, "临江市", "市值班群")
    fail_once(db, "青山县", "x")
    with writing(db):
        outbox_send.close(db, 1, outbox_send.DeliveryState.GIVEN_UP, 1)
    tester = pick(look("sample", "zhuguan", PAGE, channels_part="发送记录"), "dispatch_rows", 0)
    tester = press(tester, "重新发送")
    assert "已重新排入发送" in words_of(tester)
    assert newest(db)[:2] == ("zhuguan", "重新发送通知")
    assert db.execute("SELECT state FROM deliveries").fetchall() == [("待发送",)]


def test_a_channel_is_put_out_of_use(look: Open, db: sqlite3.Connection, worlds: dict[str, Path]) -> None:
    set_up(db, worlds, "临江市", "市值班群")
    tester = press(look("sample", "zhuguan", PAGE), "停用")
    tester = press(tester, "停用", "停用")
    assert not tester.exception
    assert "－ 已停用" in words_of(tester)
    assert newest(db)[:2] == ("zhuguan", "停用通知渠道")
