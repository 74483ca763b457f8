"""Leads from a table: good rows once, wrong rows named, doubles known by link or by words, nobody else's units."""

import base64
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from collectors.collect_files import ImportReport
from collectors.collect_leads import import_leads
from collectors.collect_requests import answer_next
from matrix.lead import identity, link_key, wrong_with
from settings import load
from storage import leads, requests
from storage.moments import to_seconds
from tests.storage.small_city import RING, a_city

NOW = datetime(2026, 3, 5, 6, 0, tzinfo=UTC)
HEAD = "来源平台,链接,正文,作者,发布时间,单位\n"
GOOD = "抖音,https://douyin.example/v/1?share_from=b,滨河路的桥塌了,网友甲,2026-03-05 10:20,临江市水务局\n"
SAME = "抖音,https://www.douyin.example/v/1/,换了几个字,网友乙,2026-03-05 10:21,\n"


def bring(tmp_path: Path, text: str, scope: tuple[int, ...] = (1,)) -> tuple[sqlite3.Connection, ImportReport]:
    db, _ = a_city()
    path = tmp_path / "leads.csv"
    path.write_text(text, encoding="utf-8")
    report = import_leads(
        db, path, keyring=RING, now=NOW, asked_by="zhuguan", name="赵主管", organization_id=scope[0], scope=scope
    )
    return db, report


def test_good_rows_come_in_and_wrong_ones_are_named_with_line_and_reason(tmp_path: Path) -> None:
    bad = "抖音,,,网友,2026-03-05 10:20,\n微博,,有话,网友,哪天,\n论坛,,有话要说,网友,2026-03-05 10:20,别处的单位\n"
    db, report = bring(tmp_path, HEAD + GOOD + bad)
    assert (report.outcome, report.rows_good, report.rows_bad) == ("partial", 1, 3)
    faults = db.execute("SELECT line, reason FROM import_faults ORDER BY line").fetchall()
    assert [line for line, _ in faults] == [3, 4, 5]
    assert ["缺少正文" in faults[0][1], "不是时间" in faults[1][1], "别处的单位" in faults[2][1]] == [True] * 3
    found = leads.listed(db, (1,)).iloc[0]
    assert (found["organization"], found["published_at"]) == ("临江市水务局", to_seconds(NOW - timedelta(hours=3, minutes=40)))
    assert found["author_key"].startswith("u")


def test_the_same_address_is_the_same_lead_and_a_second_import_adds_nothing(tmp_path: Path) -> None:
    db, report = bring(tmp_path, HEAD + GOOD.replace(",临江市水务局", ",") + SAME)
    assert (report.outcome, report.rows_good) == ("ok", 2)
    assert "已有1条没有重复记录" in report.sentence
    assert len(leads.listed(db, (1,))) == 1


def test_a_file_of_something_else_is_refused_as_a_whole(tmp_path: Path) -> None:
    _, report = bring(tmp_path, "姓名,电话\n甲,1\n")
    assert report.outcome == "failed"
    assert "来源平台、正文、发布时间" in report.sentence


def test_an_excel_file_and_the_request_of_a_page_go_the_same_way(tmp_path: Path) -> None:
    db, _ = a_city()
    book = Workbook()
    assert book.active is not None
    book.active.append(["平台", "内容", "时间", "昵称"])
    book.active.append(["本地论坛", "城东停水两天", datetime(2026, 3, 5, 9, 0), "网友丙"])  # noqa: DTZ001
    book.save(tmp_path / "leads.xlsx")
    content = base64.b64encode((tmp_path / "leads.xlsx").read_bytes()).decode()
    payload = {"file_name": "leads.xlsx", "content": content, "organization_id": 1, "within": [1], "name": "赵主管"}
    number = requests.ask(db, "leads_import", payload, "zhuguan", NOW)
    assert answer_next(db, load({}), RING, lambda: NOW)
    found = requests.find(db, number)
    assert found is not None
    assert found.answer["sentence"] == "新增线索1条"


@pytest.mark.parametrize(
    ("link", "key"),
    [
        ("https://www.a.com/p/1/?utm_source=x&id=2", "a.com/p/1?id=2"),
        ("http://m.a.com/p/1?id=2&share_token=9", "a.com/p/1?id=2"),
        ("https://b.com/#/thread/7?id=3&from=app", "b.com#/thread/7?id=3"),
        ("https://b.com/p/1#comments", "b.com/p/1"),
        ("不是链接", ""),
    ],
)
def test_what_only_traces_the_reader_is_no_part_of_an_address(link: str, key: str) -> None:
    assert link_key(link) == key


def test_without_an_address_number_and_words_name_a_lead() -> None:
    assert identity("论坛", "", "9", "停 水") == identity("论坛", "", "9", "停水")
    assert identity("论坛", "", "9", "停水") != identity("论坛", "", "8", "停水")
    assert wrong_with("论坛", "ftp://x", "停水", 1, 2).startswith("链接须以")
