"""What a page changes goes through a dialog, one storage verb and one line of the journal."""

import base64
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from collectors.collect_requests import answer_next
from matrix.account import Platform
from matrix.people import Role
from matrix.post import Post
from matrix.run import Batch
from settings import load
from storage import batches, credentials, journal, people, requests, sessions
from storage.database import open_writer
from storage.keyring import load_keyring
from tests import sample, serving
from tests.pages.conftest import Open, words_of

LEDGER, COLLECTION, PEOPLE = "pages/admin/ledger.py", "pages/admin/collection.py", "pages/admin/people.py"


@pytest.fixture
def worlds(tmp_path: Path) -> dict[str, Path]:
    """A city of its own for every test that changes one."""
    return {"sample": serving.make_world(tmp_path, True)}


@pytest.fixture
def db(worlds: dict[str, Path]) -> Iterator[sqlite3.Connection]:
    with closing(open_writer(worlds["sample"])) as held:
        yield held
        assert journal.verify(held) is None


def pick(tester: AppTest, key: str, row: int) -> AppTest:
    """Choose a row of a list, as a click does."""
    tester.session_state[key] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    return tester.run()


def press(tester: AppTest, label: str, inside: str = "") -> AppTest:
    """Press a button; `inside` names the one that opened the dialog, which the tester closes at every run."""
    if inside:
        next(button for button in tester.button if button.label.startswith(inside)).click()
    # Of two buttons of one name the later is the one in the dialog.
    [button for button in tester.button if button.label.startswith(label)][-1].click()
    return tester.run()


def fill_in(tester: AppTest, label: str, value: str) -> None:
    next(box for box in tester.text_input if box.label == label).set_value(value)


def newest(db: sqlite3.Connection) -> tuple[str, str, str, str]:
    line = journal.lines(db, limit=1)[0]
    return line.actor, line.act, line.subject, line.outcome


def test_an_account_is_edited_in_a_dialog(look: Open, db: sqlite3.Connection) -> None:
    tester = press(pick(look("sample", "zhuguan", LEDGER), "accounts", 2), "修改")
    fill_in(tester, "责任人", "张三")
    tester = press(tester, "保存", "修改")
    assert not tester.exception
    assert "张三" in tester.dataframe[0].value.to_csv()
    assert newest(db) == ("zhuguan", "修改账号", "临江水务", journal.DONE)
    assert "责任人：李建国→张三" in journal.lines(db, limit=1)[0].detail


def test_a_credential_is_sealed_and_never_written_down(look: Open, db: sqlite3.Connection, worlds: dict[str, Path]) -> None:
    tester = press(pick(look("sample", "zhuguan", LEDGER), "accounts", 1), "录入凭据")
    fill_in(tester, "凭据", "wx0123:geheim-77")
    tester = press(tester, "保存", "录入凭据")
    assert not tester.exception
    assert newest(db)[:3] == ("zhuguan", "录入凭据", "临江发布")
    assert "geheim" not in "".join(db.iterdump())
    ring = load_keyring(worlds["sample"].with_name("key.json"))
    assert credentials.find(db, 2, ring) == "wx0123:geheim-77"
    assert "geheim" not in words_of(tester)


def test_whoever_only_watches_may_neither_edit_nor_enter_credentials(look: Open) -> None:
    tester = pick(look("sample", "fenxi", LEDGER), "accounts", 1)
    assert not [button.label for button in tester.button]


def test_checking_at_once_is_a_request_whose_answer_is_shown(look: Open, db: sqlite3.Connection) -> None:
    tester = press(pick(look("sample", "zhiban", COLLECTION, sight="账号判定"), "verdict_rows", 0), "立即检查")
    tester = press(tester, "确定", "立即检查")
    assert newest(db)[:2] == ("zhiban", "立即检查")
    asked = requests.take(db, datetime.now(UTC))
    assert asked
    assert (asked.verb, asked.asked_by, list(asked.payload)) == ("check_account", "zhiban", ["account_id"])
    assert "等待答复" in words_of(tester)
    requests.answer(db, asked.id, "ok", {"sentence": "已安排[立即]检查"}, datetime.now(UTC))
    assert "已安排\\[立即\\]检查" in words_of(tester.run())


def test_the_ledger_is_compared_first_and_written_only_when_confirmed(look: Open, db: sqlite3.Connection) -> None:
    tester = look("sample", "zhuguan", LEDGER, book="导入台账")
    tester.file_uploader[0].set_value(("台账.csv", "单位名称\n临江市\n".encode(), "text/csv")).run()
    tester = press(tester, "核对差异")
    asked = requests.take(db, datetime.now(UTC))
    assert asked
    assert (asked.verb, asked.payload["file_name"]) == ("ledger_compare", "台账.csv")
    assert base64.b64decode(asked.payload["content"]).decode().startswith("单位名称")
    assert asked.payload["within"] == [1]
    difference = {"kind": "新增", "subject": "单位", "name": "新单位", "detail": "上级：临江市", "line": 3}
    answer = {"sentence": "新增1项", "differences": [difference], "sights": []}
    requests.answer(db, asked.id, "ok", answer, datetime.now(UTC))
    tester = tester.run()
    assert "新单位" in tester.dataframe[0].value.to_csv()
    press(tester, "确认写入")
    confirmed = requests.take(db, datetime.now(UTC))
    assert confirmed
    assert (confirmed.verb, confirmed.payload) == ("ledger_apply", {"request_id": asked.id})
    assert newest(db)[:3] == ("zhuguan", "导入台账", "台账.csv")


def test_an_office_of_one_adds_a_person_with_a_role_and_a_one_time_password(look: Open, db: sqlite3.Connection) -> None:
    for login in ("anquan", "shenji"):
        person = people.find(db, login)
        assert person
        people.set_disabled(db, person.id, datetime.now(UTC))
    tester = look("sample", "xitong", PEOPLE)
    assert "由系统管理员代行" in words_of(tester)
    tester = press(tester, "新增用户")
    fill_in(tester, "登录名", "wangwu")
    fill_in(tester, "姓名", "王五")
    tester.selectbox[0].set_value("值班")
    tester.multiselect[0].set_value(["　青山县"])
    tester = press(tester, "建立", "新增用户")
    assert not tester.exception
    person = people.find(db, "wangwu")
    assert person
    assert (person.role, person.must_change, people.granted_scope(db, person.id)) == (Role.WATCH, True, (3,))
    assert newest(db) == ("xitong", "新增用户", "wangwu", journal.DONE)
    password = tester.code[0].value
    assert password not in "".join(db.iterdump())


def test_without_the_right_to_grant_a_new_person_has_no_power(look: Open, db: sqlite3.Connection) -> None:
    tester = press(look("sample", "xitong", PEOPLE), "新增用户")
    assert not tester.selectbox
    fill_in(tester, "登录名", "wangwu")
    fill_in(tester, "姓名", "王五")
    press(tester, "建立", "新增用户")
    person = people.find(db, "wangwu")
    assert person
    assert (person.role, people.granted_scope(db, person.id)) == (Role.READER, ())


def test_a_changed_role_ends_the_sessions_of_the_person(look: Open, db: sqlite3.Connection, worlds: dict[str, Path]) -> None:
    token = serving.open_session(worlds["sample"], "zhiban")
    tester = press(pick(look("sample", "anquan", PEOPLE), "people", 4), "角色和范围")
    tester.selectbox[0].set_value("只读")
    tester = press(tester, "保存", "角色和范围")
    assert not tester.exception
    person = people.find(db, "zhiban")
    assert person
    assert person.role is Role.READER
    assert sessions.find(db, token, datetime.now(UTC), 15, 12) is None
    assert newest(db)[:3] == ("anquan", "授予角色和范围", "zhiban")


def test_a_reset_password_is_shown_once_and_must_be_changed(look: Open, db: sqlite3.Connection) -> None:
    tester = press(pick(look("sample", "anquan", PEOPLE), "people", 3), "重置密码")
    tester = press(tester, "生成一次性密码", "重置密码")
    person = people.find(db, "zhuguan")
    assert person
    assert person.must_change
    assert tester.code[0].value
    assert newest(db)[:3] == ("anquan", "重置密码", "zhuguan")


def test_the_last_system_administrator_cannot_be_lost(look: Open, db: sqlite3.Connection) -> None:
    tester = press(pick(look("sample", "xitong", PEOPLE), "people", 0), "停用")
    tester = press(tester, "停用", "停用")
    assert "不能停用自己" in words_of(tester)
    assert newest(db) == ("xitong", "停用用户", "xitong", journal.REFUSED)
    tester = press(pick(look("sample", "anquan", PEOPLE), "people", 0), "角色和范围")
    tester.selectbox[0].set_value("只读")
    assert "唯一的系统管理员" in words_of(press(tester, "保存", "角色和范围"))
    person = people.find(db, "xitong")
    assert person
    assert person.role is Role.SYSTEM


def test_the_auditor_reads_the_journal_and_is_told_when_it_was_touched(look: Open, db: sqlite3.Connection) -> None:
    for number in range(3):
        journal.note(db, at=datetime.now(UTC), actor="li", act="测试", detail=str(number))
    assert "哈希链完整" in words_of(look("sample", "shenji", PEOPLE))
    db.execute("UPDATE journal SET detail = 'x' WHERE id = 2")
    assert "哈希链从第2条起不完整" in words_of(look("sample", "shenji", PEOPLE))
    db.execute("UPDATE journal SET detail = '1' WHERE id = 2")


def test_an_administrator_ends_a_forgotten_session(look: Open, db: sqlite3.Connection, worlds: dict[str, Path]) -> None:
    token = serving.open_session(worlds["sample"], "zhiban")
    tester = look("sample", "anquan", PEOPLE, users="当前登录")
    logins = list(tester.dataframe[0].value["登录名"])
    press(pick(tester, "sessions", logins.index("zhiban")), "结束 zhiban")
    assert sessions.find(db, token, datetime.now(UTC), 15, 12) is None
    assert newest(db)[:3] == ("anquan", "结束登录", "zhiban")


def test_an_uploaded_ledger_reaches_the_tree_through_the_real_worker(
    look: Open, db: sqlite3.Connection, worlds: dict[str, Path]
) -> None:
    settings = load({"MATRIX_DATABASE_PATH": str(worlds["sample"])})
    ring = load_keyring(worlds["sample"].with_name("key.json"), make=True)
    tester = look("sample", "zhuguan", LEDGER, book="导入台账")
    table = "单位编码,单位名称,上级单位编码,层级,平台,平台账号ID,账号名称\n77,临江市公安局,0,部门,微博,5000000001,平安临江\n"
    tester.file_uploader[0].set_value(("台账.csv", table.encode("gb18030"), "text/csv")).run()
    tester = press(tester, "核对差异")
    assert answer_next(db, settings, ring, lambda: datetime.now(UTC))
    tester = tester.run()
    assert "平安临江" in tester.dataframe[0].value.to_csv()
    tester = press(tester, "确认写入")
    assert answer_next(db, settings, ring, lambda: datetime.now(UTC))
    assert "平安临江" in look("sample", "zhuguan", LEDGER).dataframe[0].value.to_csv()
    assert "平安临江" not in look("sample", "zhiban", LEDGER).dataframe[0].value.to_csv()


def test_what_the_worker_brings_is_on_the_open_page_at_its_next_turn(look: Open, db: sqlite3.Connection) -> None:
    tester = look("sample", "zhuguan", "pages/duty/home.py")
    assert "刚刚发生的事" not in words_of(tester)
    now = datetime.now(UTC)
    batch = Batch(now, posts=(Post("fresh", now, "刚刚发生的事"),))
    batches.save(db, 1, int(Platform.WEIBO), batch, sample.RING, now)
    assert "刚刚发生的事" in words_of(tester.run())
