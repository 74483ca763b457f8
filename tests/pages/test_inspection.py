"""The page on updates: a past day asked in the address, kept, asked again, and never more than the viewer's units."""

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

import settings as site
from matrix.people import Role
from reports import annex
from storage import inspections, inspections_kept, journal, passwords, people
from storage.database import create_database, open_writer, writing
from tests import sample, serving
from tests.pages.conftest import Open, words_of
from tests.storage.inspected_city import CUT_OFF, END, OWN, City, build
from ui import exports, inspection_frames, signin
from ui.words import plain

PAGE = "pages/matrix/inspection.py"
KEPT, CALLS = "历史检查", "3日内将超期"
PHONE = "13900001111"


@pytest.fixture(scope="module")
def built() -> City:
    return build()


@pytest.fixture
def city(built: City, tmp_path: Path) -> Iterator[City]:
    """The county in a file, with somebody of each role; the neighbour county has nobody's accounts."""
    path = tmp_path / "m.db"
    with closing(create_database(path)) as db, pytest.MonkeyPatch.context() as patch:
        built.db.backup(db)
        patch.setattr(passwords, "HASHER", serving.QUICK)
        with writing(db):
            db.execute("UPDATE accounts SET person = '李建国', phone = :phone", {"phone": PHONE})
            for login, role, unit in (
                ("zhuguan", Role.LEAD, "临江市"),
                ("zhen", Role.WATCH, "城关镇"),
                ("zhidu", Role.READER, "青山县"),
                ("linxian", Role.LEAD, "白水县"),
            ):
                people.add(
                    db,
                    login=login,
                    name=login,
                    role=role,
                    password=sample.PASSWORD,
                    by="测试",
                    now=datetime.now(UTC),
                    must_change=False,
                    scope=(built.units[unit],),
                )
    with closing(open_writer(path)) as db:
        yield City(db, built.units, built.accounts)


@pytest.fixture
def worlds(city: City) -> dict[str, Path]:
    return {"city": Path(city.db.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()[0])}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The morning of 4 April 2026."""
    monkeypatch.setenv("MATRIX_CLOCK_START", f"{CUT_OFF:%Y-%m-%dT%H:%M}")
    monkeypatch.setenv("MATRIX_CLOCK_ANCHOR", str(time.time()))


def keep(city: City, scope: str = "青山县") -> int:
    with writing(city.db):
        return inspections.keep(city.db, (city.units[scope],), rule=OWN, at=END, root=0, author="li", now=CUT_OFF)


def press(tester: AppTest, label: str, inside: str = "") -> AppTest:
    if inside:
        next(button for button in tester.button if button.label == inside).click()
    [button for button in tester.button if button.label == label][-1].click()
    return tester.run()


def rows(tester: AppTest, heading: str) -> list[dict]:
    """The table that has this column."""
    frame = next(frame.value for frame in tester.dataframe if heading in frame.value.columns)
    return frame.to_dict("records")


def test_a_past_day_in_the_address_is_judged_as_it_stood(look: Open) -> None:
    tester = look("city", "zhuguan", PAGE, day="2026-03-31")
    assert not tester.exception
    words = words_of(tester)
    assert f"检查时点{plain('2026-03-31 24:00')}" in words
    assert [one.value for one in tester.subheader][:4] == ["66.67%", "2 个", "6 个", "5 个"]
    assert "4/6个账号合格" in words
    assert "采集中断0 · 平台限制1 · 不纳入判定4" in words
    verdicts = {row["账号"]: row["判定"] for row in rows(tester, "判定")}
    assert verdicts["健康青山"] == "■ 超期未更新"
    assert verdicts["李县长"] == "不纳入判定"
    assert len(verdicts) == 11
    assert {row["平台"]: row["合格率"] for row in rows(tester, "合格率")} == {
        "微博": "50%(2/4)",
        "微信公众号": "100%(2/2)",
        "抖音": "无可检查账号",
    }


def test_another_rule_in_the_address_moves_what_depends_on_it(look: Open) -> None:
    tester = look("city", "zhuguan", PAGE, day="2026-03-31", rule="统一按10天")
    assert [one.value for one in tester.subheader][:2] == ["16.67%", "5 个"]
    assert "统一按10天" in words_of(tester)
    # The rules of 2019 do not hold on a day before them; the link is answered by one that does.
    assert "统一按14天" not in words_of(look("city", "zhuguan", PAGE, day="2019-01-01", rule="统一按14天"))


def test_a_chosen_account_opens_its_evidence(look: Open) -> None:
    tester = look("city", "zhuguan", PAGE, day="2026-03-31", verdict="超期未更新")
    tester.session_state["today_rows"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    tester = tester.run()
    assert tester.code[0].value == "健康青山：通知0"
    words = words_of(tester)
    assert "至检查时点20天，超过14天未更新" in words
    assert "[查看原文](https://weibo.com/1/a)" in words
    assert "内容SHA\\-256 " in words


@pytest.mark.parametrize(("day", "words"), [("2026-05-01", "还没有到"), ("三月", "不是日期")])
def test_a_day_that_cannot_be_inspected_is_refused_in_a_sentence(look: Open, day: str, words: str) -> None:
    tester = look("city", "zhuguan", PAGE, day=day)
    assert not tester.exception
    assert words in words_of(tester)
    assert not tester.dataframe


def test_an_inspection_is_kept_with_a_line_in_the_journal_and_asked_again(look: Open, city: City) -> None:
    tester = press(look("city", "zhuguan", PAGE, day="2026-03-31"), "保存本次检查")
    tester = press(tester, "保存", "保存本次检查")
    assert not tester.exception
    assert "已保存为第1号检查" in words_of(tester)
    line = journal.lines(city.db, limit=1)[0]
    assert (line.actor, line.act, line.outcome) == ("zhuguan", "保存更新检查", journal.DONE)
    assert "2026-03-31 24:00" in line.detail
    assert journal.verify(city.db) is None
    tester = look("city", "zhuguan", PAGE, check=KEPT, no="第1号 2026-03-31 24:00 临江市")
    assert rows(tester, "编号")[0]["合格率"] == "66.67%(4/6)"
    assert "保存的内容与存证一致" in words_of(tester)
    assert "结果一致" in words_of(press(tester, "重新运行并核对"))
    city.post("健康青山", city.ago(2), CUT_OFF + timedelta(days=2), "补采的通知")
    words = words_of(press(look("city", "zhuguan", PAGE, check=KEPT, no="第1号 2026-03-31 24:00 临江市"), "重新运行并核对"))
    assert "结果一致" in words
    assert "后来获知补采或导入的发布1条。如按现在所知，以下**1**个账号的判定将变为" in words


def test_a_touched_inspection_says_so(look: Open, city: City) -> None:
    keep(city)
    city.db.execute("UPDATE findings SET line = replace(line, '健康青山', '安康青山')")
    assert "与存证不一致" in words_of(look("city", "zhuguan", PAGE, check=KEPT, no="第1号 2026-03-31 24:00 青山县"))


def test_two_scopes_see_their_own_accounts_and_nothing_else(look: Open, city: City) -> None:
    keep(city)
    others = {plain(name) for name in city.accounts} - {"城关微讯", "新开微博"}
    link = {"day": "2026-03-31", "unit": "青山县"}
    for query in (link, {"check": CALLS}, {"check": KEPT, "no": "第1号 2026-03-31 24:00 青山县"}):
        town = look("city", "zhen", PAGE, **query)
        assert not town.exception
        assert not [name for name in others if name in words_of(town)]
        assert ("城关微讯" in words_of(town)) == (query.get("check") != CALLS)
        neighbour = look("city", "linxian", PAGE, **query)
        assert not neighbour.exception
        assert not [name for name in city.accounts if name in words_of(neighbour)]
    assert "另有9个账号不在您的权限范围内" in words_of(look("city", "zhen", PAGE, check=KEPT, no="第1号 2026-03-31 24:00 青山县"))


def test_the_call_list_names_who_to_call_and_what_to_send(look: Open) -> None:
    tester = look("city", "zhuguan", PAGE, check=CALLS)
    listed = rows(tester, "责任人")
    assert [(row["账号"], row["电话"]) for row in listed] == [("青山政务", PHONE)]
    text = tester.code[0].value
    assert text.startswith(
        "【更新提醒】李建国同志，您好！青山县的微信公众号账号“青山政务”最近一次公开发布为3月21日00:00，已14天没有更新。"
    )
    assert "请于4月4日24:00前发布新内容" in text


def test_whoever_only_reads_may_neither_keep_nor_take_away_nor_see_whole_numbers(look: Open, city: City) -> None:
    keep(city)
    for query in ({}, {"check": CALLS}, {"check": KEPT, "no": "第1号 2026-03-31 24:00 青山县"}):
        tester = look("city", "zhidu", PAGE, **query)
        assert not tester.exception
        assert not [button.label for button in tester.button]
        assert not tester.get("download_button")
        assert PHONE not in words_of(tester)


def test_the_annex_is_handed_out_with_a_line_in_the_journal(
    city: City, worlds: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = keep(city)
    monkeypatch.setenv("MATRIX_DATABASE_PATH", str(worlds["city"]))
    mine, token = site.load(), serving.open_session(worlds["city"], "zhuguan")
    viewer = signin.viewer_of(token, mine)
    kept = inspections_kept.opened(city.db, city.scope, number)
    assert viewer
    assert kept
    told = inspection_frames.Told("2026-03-31 24:00", kept.units, kept.asked.rule, "2026-04-04 09:00", f"SHA-256 {kept.digest}")
    frame = inspection_frames.annex(kept.findings, told, END.date())
    order = exports.Order("检查附表", frame, told.about(kept.findings), annex, mine, token, viewer)
    sheet = load_workbook(BytesIO(order.xlsx()))["检查附表"]
    assert sheet["A1"].value == annex.TITLE
    assert [sheet.cell(row, 2).value for row in (4, 5)] == ["青山档案", "健康青山"]
    assert sheet["E5"].value == "超期未更新：至2026-03-31 24:00已20天，超过14天"
    assert kept.findings.set_index("account").loc["健康青山", "sha256"] in sheet["G5"].value
    assert "检查附表2行" in journal.lines(city.db, limit=1)[0].detail
