"""回复质量 as people see it: numbers with their denominators, the replies behind each, and a person's word above all."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from matrix.account import Platform
from matrix.comment import Comment, Coverage
from matrix.post import Post
from matrix.run import Batch
from reading import reply
from storage import answers, batches, journal, organizations
from storage.database import open_database, open_writer
from storage.understanding import understand
from tests import sample, serving
from tests.pages.conftest import Open, words_of
from tests.storage.reading_desk import READERS
from ui import answers_rows

PAGE = "pages/matrix/answers.py"
REAL = replace(READERS, replies=reply.judge, replies_version=reply.VERSION, wording=reply.wording, mood=reply.mood)
SAID = (
    ("路灯坏了，什么时候修？", "控制柜进水，今晚8点前换好。"),
    ("路灯坏了，什么时候修？", "路面正在改造，施工单位已进场。"),
    (f"没人管？电话{sample.PHONE}", "您好，已转交城管局处理。"),
    ("停水？", "感谢您的关注与支持！"),
)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample city, in which 临江发布 has answered twelve citizens and 青山发布 two."""
    path = serving.make_world(tmp_path_factory.mktemp("answers"), True)
    now = datetime.now(UTC)
    with closing(open_writer(path)) as db:
        accounts = dict(db.execute("SELECT name, id FROM accounts WHERE platform = 1").fetchall())
        for name, times in (("临江发布", 3), ("青山发布", 0)):
            comments = []
            for number, (question, answer) in enumerate(SAID * times or SAID[:2]):
                at = now - timedelta(days=2, minutes=number)
                ext = f"{accounts[name]}x{number}"
                comments.append(Comment(f"{ext}c", f"{ext}p", at, question, f"u{number}", sample.CITIZEN))
                said = Comment(f"{ext}r", f"{ext}p", at + timedelta(minutes=20), answer, "o", name, author_is_official=True)
                comments.append(replace(said, author_id=ext_of(db, name), parent_ext=f"{ext}c", root_ext=f"{ext}c"))
            posts = tuple(
                Post(f"{one.post_ext}", now - timedelta(days=3), "通告", url="https://weibo.com/1/b") for one in comments[::2]
            )
            coverages = tuple(Coverage(one.ext_id, 2) for one in posts)
            batch = Batch(now, posts, comments=tuple(comments), coverages=coverages)
            batches.save(db, accounts[name], int(Platform.WEIBO), batch, sample.RING, now)
        while understand(db, REAL, now):
            pass
    return path


def ext_of(db: sqlite3.Connection, name: str) -> str:
    return db.execute("SELECT ext_id FROM accounts WHERE name = :name AND platform = 1", {"name": name}).fetchone()[0]


@pytest.fixture
def worlds(city: Path) -> dict[str, Path]:
    return {"sample": city}


@pytest.fixture
def db(city: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_database(city)) as held:
        yield held


def press(tester: AppTest, label: str) -> AppTest:
    next(button for button in tester.button if button.label.startswith(label)).click()
    return tester.run()


def receipts_of(db: sqlite3.Connection) -> tuple[int, int]:
    """Receipts and replies of the whole city in the last thirty days."""
    now = int(datetime.now(UTC).timestamp())
    total = answers.summary(db, organizations.roots(db), since=now - 29 * 86400, until=now + 1)[["receipt", "n"]].sum()
    return int(total["receipt"]), int(total["n"])


def test_each_figure_has_its_numbers_its_coverage_and_the_word_that_a_person_decides(look: Open, db: sqlite3.Connection) -> None:
    words = words_of(look("sample", "zhuguan", PAGE))
    assert "程序提示，以人工认定为准" in words
    assert "不作为对单位和个人的考核依据" in words
    receipts, n = receipts_of(db)
    assert f"({receipts}/{n}，采集完整度" in words
    assert "识别规则版本：回复规则1" in words
    assert re.search(r"样本不足\(\d条\)", words)
    assert "不是排名" in words


def test_a_number_opens_its_replies_with_questions_reasons_and_the_original(look: Open, db: sqlite3.Connection) -> None:
    receipts = receipts_of(db)[0]
    tester = press(look("sample", "zhuguan", PAGE), f"查看{receipts}条")
    words = words_of(tester)
    assert not tester.exception
    assert f"问题：程式化回复 · 共{receipts}条" in words
    assert "程式化回复：仅转办(只说已转给别的部门，没有结果)".replace("(", "\\(").replace(")", "\\)") in words
    assert "[查看原文](https://weibo.com/1/" in words
    assert sample.PHONE not in words
    assert sample.CITIZEN not in words
    assert "王\\*\\*问" in words


def test_a_link_opens_the_same_replies(look: Open) -> None:
    words = words_of(look("sample", "zhuguan", PAGE, quality="明细", reason="没有时间", account="青山发布(微博)"))
    assert "共1条" in words
    assert "路面正在改造" in words


def test_a_viewer_sees_the_replies_of_his_own_units_only(look: Open) -> None:
    words = words_of(look("sample", "zhiban", PAGE, quality="明细"))
    assert "青山发布" in words
    assert "临江发布" not in words


def test_a_period_without_replies_says_what_to_look_at(look: Open) -> None:
    tester = look("sample", "zhuguan", PAGE, period="自定义", **{"from": "2025-01-01", "to": "2025-01-31"})
    assert "没有采到官方回复" in words_of(tester)
    rows = look("sample", "zhuguan", PAGE, quality="明细", period="自定义", **{"from": "2025-01-01", "to": "2025-01-31"})
    assert "没有符合条件的回复" in words_of(rows)


def test_a_person_corrects_a_nature_with_a_reason_and_it_is_written_down(look: Open, db: sqlite3.Connection) -> None:
    tester = look("sample", "zhuguan", PAGE, quality="明细", reason="没有时间", account="青山发布(微博)")
    open_dialog(tester)
    tester.radio[0].set_value("程式化回复")
    open_dialog(tester)
    next(button for button in tester.button if button.label == "保存").click()
    assert "请写明理由" in words_of(tester.run())
    open_dialog(tester)
    tester.radio[0].set_value("程式化回复")
    next(box for box in tester.text_input if box.label == "理由").set_value("只说在改造，没有内容")
    next(button for button in tester.button if button.label == "保存").click()
    tester.run()
    assert not tester.exception
    assert db.execute("SELECT before, value, why, author FROM corrections").fetchall() == [
        ("实质答复", "程式化回复", "只说在改造，没有内容", "zhuguan")
    ]
    line = journal.lines(db, limit=1)[0]
    assert (line.act, line.subject, line.outcome) == ("更正回复性质", "青山发布", journal.DONE)
    assert "已人工更正" in words_of(
        look("sample", "zhuguan", PAGE, quality="明细", reason="程式化回复", account="青山发布(微博)")
    )


def open_dialog(tester: AppTest) -> None:
    """The tester closes a dialog at every run."""
    next(button for button in tester.button if button.label == "更正").click()
    if not tester.radio:
        tester.run()
        next(button for button in tester.button if button.label == "更正").click()


def test_who_only_looks_cannot_correct(look: Open) -> None:
    tester = look("sample", "fenxi", PAGE, quality="明细")
    assert not [button for button in tester.button if button.label == "更正"]


def test_what_is_taken_away_is_masked_and_complete(db: sqlite3.Connection) -> None:
    everything = {"since": 0, "until": 2**32}
    rows = answers_rows.later(everything)
    frame = rows(db, organizations.roots(db))
    assert list(frame.columns) == list(answers_rows.HEADINGS)
    assert len(frame) >= 14
    text = frame.to_csv()
    assert sample.PHONE not in text
    assert sample.CITIZEN not in text
    assert "138****5678" in text
