"""诉求待办 and 日清日结台账: who may do what, what each key does, what is written down, and what a citizen's words may not do."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from bench.waiting_room import Room, open_room
from matrix.wording import Wording
from storage import cases_view, journal, passwords, wordings
from storage.cases_view import Case
from storage.database import create_database, open_writer, writing
from storage.moments import beijing_day
from tests.pages.conftest import Open, words_of
from tests.serving import QUICK
from ui import inbox_acts

INBOX, DAILY = "pages/duty/inbox.py", "pages/duty/daily.py"


@pytest.fixture
def worlds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """A city of its own for every test: ten citizens wait, or nobody does, or no rule was chosen."""
    monkeypatch.setattr(passwords, "HASHER", QUICK)
    for name in ("HELD_KEY_SECONDS", "SLOW_TIMES"):  # the tester presses faster than a hand
        monkeypatch.setattr(inbox_acts, name, 0.0)
    made = {}
    for name, size in (("waiting", 10), ("quiet", 0)):
        made[name] = tmp_path / f"{name}.db"
        with closing(create_database(made[name])) as db:
            open_room(db, int(time.time()), size, "Linjiang-2026", is_ruled=name == "waiting")
    return made


@pytest.fixture
def db(worlds: dict[str, Path]) -> Iterator[sqlite3.Connection]:
    with closing(open_writer(worlds["waiting"])) as held:
        yield held
        assert journal.verify(held) is None


def at(tester: AppTest) -> int:
    return int(tester.query_params["case"][0] if isinstance(tester.query_params["case"], list) else tester.query_params["case"])


def press(tester: AppTest, label: str) -> AppTest:
    [button for button in tester.button if button.label.startswith(label)][-1].click()
    return tester.run()


def find(db: sqlite3.Connection, comment_id: int) -> Case:
    found = cases_view.case(db, (1,), comment_id=comment_id, now=int(time.time()))
    assert found is not None
    return found


def steps(db: sqlite3.Connection) -> list[tuple[int, str, str]]:
    return db.execute("SELECT comment_id, act, author FROM case_steps ORDER BY id").fetchall()


def test_the_first_case_lies_on_the_desk_with_its_words_masked_and_its_due_time(look: Open) -> None:
    tester = look("waiting", "wangfang", INBOX)
    assert not tester.exception
    words = words_of(tester)
    assert at(tester) == 1
    assert "13812345678" not in words
    assert "138\\*\\*\\*\\*5678" in words
    assert "江\\*\\*" in words
    assert "三个工作日" in words
    assert "工作时间" in words
    assert "判读依据：疑问语气、具体地点、请求处理" in words
    assert "今日0/10" in words_of(tester) + "".join(str(one.proto.text) for one in tester.get("progress"))


def test_words_that_were_edited_show_what_they_were(look: Open, db: sqlite3.Connection) -> None:
    text, at_ = db.execute("SELECT text, published_at FROM comments WHERE id = 1").fetchone()
    with writing(db):
        wordings.note(db, 1, Wording("原来写的电话是13912345678", at_, at_ + 60, at_ + 60))
        wordings.note(db, 1, Wording(text, at_, at_ + 600, at_ + 600))
    words = words_of(look("waiting", "wangfang", INBOX))
    assert "发布后改过，原文：原来写的电话是139" in words
    assert "13912345678" not in words


def test_a_key_moves_the_case_that_is_shown_and_the_next_one_comes(look: Open, db: sqlite3.Connection) -> None:
    tester = press(look("waiting", "wangfang", INBOX), "确认诉求")
    assert not tester.exception
    assert steps(db) == [(1, "确认诉求", "wangfang")]
    assert at(tester) == 2
    assert "已确认诉求" in words_of(tester)
    line = journal.lines(db, limit=1)[0]
    assert (line.actor, line.act, line.subject, line.outcome) == ("wangfang", "确认诉求", "诉求1", journal.DONE)
    tester = press(tester, "撤销")
    assert at(tester) == 1
    assert find(db, 1).state == "待办"
    assert journal.lines(db, limit=1)[0].act == "撤销办理"


def test_a_button_of_an_earlier_case_does_nothing_to_the_present_one(look: Open, db: sqlite3.Connection) -> None:
    tester = look("waiting", "wangfang", INBOX)
    old = next(button for button in tester.button if button.label == "无需回复")
    next(button for button in tester.button if button.key == inbox_acts.NEXT).click()
    tester = tester.run()
    assert at(tester) == 2
    old.click()
    tester.run()
    assert steps(db) == []


def test_a_case_that_somebody_else_has_moved_says_who_and_when(look: Open, db: sqlite3.Connection) -> None:
    tester = look("waiting", "wangfang", INBOX)
    with writing(db):
        db.execute("UPDATE cases SET claimed_by = '', claimed_until = NULL")
    other = press(look("waiting", "liqiang", INBOX), "无需回复")
    assert not other.exception
    tester = look("waiting", "wangfang", INBOX, case="1")
    words = words_of(tester)
    assert "李强 无需回复" in words
    assert [act for _, act, _ in steps(db)] == ["无需回复"]


def test_two_people_are_told_of_each_other(look: Open, db: sqlite3.Connection) -> None:
    look("waiting", "liqiang", INBOX)
    tester = look("waiting", "wangfang", INBOX)
    assert "李强正在处理这一条" in words_of(tester)
    assert not [button for button in tester.button if button.label == "确认诉求"]
    tester = press(tester, "接手办理")
    tester = press(tester, "确认诉求")
    assert steps(db) == [(1, "确认诉求", "wangfang")]


def test_handing_over_asks_for_the_unit_and_remembers_it(look: Open, db: sqlite3.Connection) -> None:
    tester = press(look("waiting", "wangfang", INBOX), "转办")
    box = next(box for box in tester.selectbox if box.label == "承办单位")
    box.set_value(next(option for option in box.options if "水务局" in option))
    next(button for button in tester.button if button.key == "forward_1").click()
    tester = tester.run()
    assert not tester.exception
    assert find(db, 1).unit == "临江市水务局"
    assert at(tester) == 2
    tester = press(tester, "转办")
    press(tester, "临江市水务局")
    assert find(db, 2).state == "转办"
    sheet = look("waiting", "wangfang", INBOX, case="2", state="转办")
    assert [one.proto.label for one in sheet.get("download_button")] == ["转办单"]


def test_whoever_only_looks_has_no_buttons_and_leaves_no_trace(look: Open, db: sqlite3.Connection) -> None:
    tester = look("waiting", "fenxiyuan", INBOX)
    assert "您的角色只能查看，不能办理" in words_of(tester)
    assert not [button for button in tester.button if button.label.startswith(("确认", "转办", "无需", "备注"))]
    assert db.execute("SELECT count(*) FROM cases").fetchone() == (0,)


def test_the_county_sees_its_own_cases_and_no_others(look: Open) -> None:
    tester = look("waiting", "qingshan", INBOX)
    assert "青山发布" in words_of(tester)
    assert "临江水务" not in words_of(tester)
    assert "不在您的权限范围内" in words_of(look("waiting", "qingshan", INBOX, case="1"))


def test_an_empty_queue_says_when_it_was_checked(look: Open) -> None:
    assert "已核对\\*\\*，没有“待办”的诉求" in words_of(look("quiet", "wangfang", INBOX)).replace("**", "\\*\\*")


def test_without_a_rule_nothing_is_called_overdue(look: Open, worlds: dict[str, Path]) -> None:
    with closing(open_writer(worlds["quiet"])) as db, writing(db):
        room = Room(db, int(time.time()), {"临江市": 1}, {"临江发布": 1}, {"临江发布": 1})
        room.settle([room.ask("为什么一直没人管？", 400)])
    words = words_of(look("quiet", "wangfang", INBOX, arrived="近90天收到"))
    assert "尚未选定时限规则" in words
    assert "超时" not in words


def test_the_daily_book_shows_today_and_opens_the_cases_behind_a_number(look: Open) -> None:
    tester = look("waiting", "wangfang", DAILY)
    assert not tester.exception
    assert [metric.label for metric in tester.metric] == ["今日收到", "今日办结", "今日结转", "今日结转中超时"]
    assert tester.metric[2].value == "10 件"
    days = tester.dataframe[0].value
    assert (days["上日结转"] + days["收到"] - days["办结"] == days["结转"]).all()
    today = beijing_day(int(time.time()))
    opened = look("waiting", "wangfang", DAILY, pick=f"{today}:carried:0")
    rows = opened.dataframe[2].value
    assert len(rows) == 10
    assert "13812345678" not in rows.to_csv()
    county = look("waiting", "qingshan", DAILY)
    assert set(county.dataframe[1].value["单位"]) == {"青山县"}


def test_an_address_that_makes_no_sense_opens_nothing(look: Open) -> None:
    for query in ({"pick": "x:y", "day": "abc"}, {"pick": "9999999:nonsense:1"}):
        tester = look("waiting", "wangfang", DAILY, **query)
        assert not tester.exception
        assert len(tester.dataframe) == 2
    for query in ({"case": "x", "state": "nonsense"}, {"case": "9" * 40}):
        assert not look("waiting", "wangfang", INBOX, **query).exception
