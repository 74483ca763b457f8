"""监测方案 and the readings of an appeal on the desk: made, tried, changed, corrected; nothing raw on the screen."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from matrix.watch import Typed
from storage import journal, organizations, requests, watch_hits, watch_preview, watches
from storage.database import open_writer, writing
from storage.watches import Wish
from tests import serving
from tests.pages.conftest import Open, words_of
from tests.pages.test_dialogs import newest, press
from tests.sample import PHONE
from ui import inbox_acts
from ui.watch_words import EXAMPLES

PAGE, INBOX = "pages/duty/watches.py", "pages/duty/inbox.py"


@pytest.fixture
def worlds(tmp_path: Path) -> dict[str, Path]:
    return {"sample": serving.make_world(tmp_path, True)}


@pytest.fixture
def db(worlds: dict[str, Path]) -> Iterator[sqlite3.Connection]:
    with closing(open_writer(worlds["sample"])) as held:
        yield held
        assert journal.verify(held) is None


def fill_in(tester: AppTest, **fields: str) -> None:
    labels = {"name": "方案名称", "words": "关键词", "groups": "词组", "out": "排除词", "pattern": "表达式"}
    for name, value in fields.items():
        next(box for box in (*tester.text_input, *tester.text_area) if box.label.startswith(labels[name])).set_value(value)


def make(db: sqlite3.Connection, typed: Typed) -> int:
    roots = organizations.roots(db)
    with writing(db):
        number = watches.add(db, roots, Wish(roots[0], "停水", typed), "zhuguan", datetime.now(UTC))
    watch_hits.fill(db, bool)
    return number


def test_a_watch_is_begun_from_an_example_and_a_wrong_one_is_refused_where_it_is_wrong(
    look: Open, db: sqlite3.Connection
) -> None:
    assert "还没有监测方案" in words_of(look("sample", "fenxi", PAGE))
    tester = look("sample", "fenxi", PAGE, plan="new:停水停电停气")
    assert next(box for box in tester.text_area if box.label.startswith("关键词")).value == EXAMPLES["停水停电停气"].words
    fill_in(tester, words="停水、火", name="停水")
    tester = press(tester, "保存")
    assert "关键词第2个“火”应为2至30个字" in words_of(tester)
    assert not db.execute("SELECT 1 FROM watches").fetchall()
    fill_in(tester, words="停水", pattern="断.{0,3}水")
    tester = press(tester, "保存")
    assert not tester.exception
    words = words_of(tester)
    assert "监测方案“停水”已保存。正在回查过去60天的评论" in words and "正在回查0%" in words
    assert newest(db)[:3] == ("fenxi", "新建监测方案", "停水")


def test_hits_are_shown_masked_and_a_watch_is_paused_and_deleted_with_its_history(look: Open, db: sqlite3.Connection) -> None:
    number = make(db, Typed("停水、电话"))
    tester = look("sample", "zhuguan", PAGE, plan=str(number))
    words = words_of(tester)
    assert "● 启用" in words and "停水" in words
    assert PHONE not in words
    tester = press(tester, "暂停")
    assert "已暂停" in words_of(tester) and newest(db)[1] == "暂停监测方案"
    tester = press(press(tester, "恢复"), "删除")
    tester = press(tester, "删除", "删除")
    assert newest(db)[1] == "删除监测方案"
    assert "还没有监测方案" in words_of(look("sample", "zhuguan", PAGE))
    assert db.execute("SELECT count(*) > 0 FROM watch_hits").fetchall() == [(1,)]


def test_a_preview_is_asked_of_the_worker_and_shown_with_masked_comments(
    look: Open, db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_preview, "WARM_DAYS", 2)
    monkeypatch.setattr(watch_preview, "JUDGED_DAYS", 1)
    tester = look("sample", "zhuguan", PAGE, plan="new")
    fill_in(tester, words="停水、电话", out="演练")
    tester = press(tester, "预览")
    asked = requests.take(db, datetime.now(UTC))
    assert asked is not None and (asked.verb, asked.payload["words"]) == (watch_preview.VERB, "停水、电话")
    answer = watch_preview.answer(db, None, None, datetime.now(UTC), asked)
    number = int(answer["latest"][0])
    shown = {"at": 1, "minutes": 5, "seen": 40, "expected": 0.2, "usual_most": 2, "level": "橙色", "ids": [number]}
    requests.answer(db, asked.id, "ok", answer | {"openings": [shown]}, datetime.now(UTC))
    words = words_of(tester.run())
    assert "会预警1次，如下" in words and "5分钟40条，平时同一时段不到1条" in words and "最近命中" in words
    assert "排除词没有去掉任何评论" in words
    assert PHONE not in words
    fill_in(tester, words="停电")
    tester = press(tester, "预览")
    second = requests.take(db, datetime.now(UTC))
    assert second is not None
    requests.answer(db, second.id, "failed", {"sentence": "采集程序处理时出错。"}, datetime.now(UTC))
    assert "采集程序处理时出错。" in words_of(tester.run())


def test_whoever_only_watches_the_desk_may_not_keep_watches_and_a_foreign_one_is_not_there(
    look: Open, db: sqlite3.Connection
) -> None:
    make(db, Typed("停水"))
    assert "没有权限" in words_of(look("sample", "zhiban", PAGE))
    assert "没有这个监测方案" in words_of(look("sample", "zhuguan", PAGE, plan="99"))
    assert "没有这个监测方案" in words_of(look("sample", "zhuguan", PAGE, plan="99-edit"))


def test_the_topic_of_an_appeal_is_shown_and_corrected_on_the_desk(
    look: Open, db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HELD_KEY_SECONDS", "SLOW_TIMES"):  # the tester presses faster than a hand
        monkeypatch.setattr(inbox_acts, name, 0.0)
    tester = look("sample", "zhuguan", INBOX)
    assert "主题：" in words_of(tester) and "情绪：" in words_of(tester)
    tester = press(tester, "更正主题、情绪")
    next(box for box in tester.selectbox if box.label == "主题").set_value("生态环境")
    next(box for box in tester.radio if box.label == "情绪").set_value("负面")
    button = [one for one in tester.button if one.label == "更正"][-1]
    button.click()
    tester.run()
    assert not tester.exception
    assert db.execute("SELECT field, value, author FROM corrections ORDER BY id").fetchall() == [
        ("topic", "生态环境", "zhuguan"),
        ("feeling", "负面", "zhuguan"),
    ]
    words = words_of(look("sample", "zhuguan", INBOX))
    assert "主题：生态环境；情绪：负面" in words and "经人工更正" in words
