"""回复时效: figures with their denominators, every one opens its cases, files say what the screen says, links stay in scope."""

import csv
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

import settings as site
from matrix.account import Nature
from matrix.people import Right
from reports import tables
from storage import journal, people, rules, sessions, timeliness
from storage.database import open_database, open_writer, writing
from tests import sample, serving
from tests.pages.asked_city import ANSWERED_BY, READ_BY, Asked, put
from tests.pages.conftest import Open, words_of
from ui import exports, signin, timeliness_frames, timeliness_picks
from ui.periods import of_name
from ui.timeliness_window import Window

PAGE = "pages/matrix/timeliness.py"
CITY, COUNTY, PERSON, RARE = 1, 5, 7, 3
"""Accounts of the sample: 临江发布, 青山发布, 健康青山 (made a person's here) and 临江水务."""


def matters() -> list[Asked]:
    """Forty of the city, twelve of the county, eleven of a person, three of a bureau; some unknown, some late."""
    asked = [Asked(CITY, 100 + hour, hour / 2, hour, due=48) for hour in range(30)]
    asked += [Asked(CITY, 200 + hour, None, due=48) for hour in range(6)]
    asked += [Asked(CITY, 300 + hour, is_known=False, kind="举报") for hour in range(4)]
    asked += [Asked(COUNTY, 150 + hour, 0.5, None if hour % 2 else 0.5) for hour in range(12)]
    asked += [Asked(PERSON, 130 + hour, 3.0, 3.0) for hour in range(11)]
    return asked + [Asked(RARE, 140 + hour, 1.0, 1.0) for hour in range(3)]


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A city in which something was asked, in which nobody may be late, and an empty one."""
    made = {"empty": serving.make_world(tmp_path_factory.mktemp("empty"), False)}
    for name in ("asked", "ruled"):
        made[name] = serving.make_world(tmp_path_factory.mktemp(name), True)
        with closing(open_writer(made[name])) as db:
            now = datetime.now(UTC)
            with writing(db):
                db.execute("DELETE FROM responses")
                db.execute(
                    "UPDATE accounts SET nature = :nature WHERE id = :id", {"nature": Nature.OFFICIAL_PERSON, "id": PERSON}
                )
                rule = rules.adopt(db, (1,), 1, rules.presets()[0], now - timedelta(days=60), "zhuguan", now)
            rows = matters()
            put(db, now, [replace(one, due=None) for one in rows] if name == "asked" else rows)
            with writing(db):
                db.execute("UPDATE responses SET rule_id = :rule WHERE due_at IS NOT NULL", {"rule": rule})
                if name == "asked":
                    db.execute("DELETE FROM reply_rules")
    return made


@pytest.fixture
def db(worlds: dict[str, Path]) -> Iterator[sqlite3.Connection]:
    with closing(open_writer(worlds["asked"])) as held:
        yield held


def test_the_headline_has_its_denominator_its_coverage_and_what_is_left_out(look: Open) -> None:
    tester = look("asked", "zhuguan", PAGE)
    assert not tester.exception
    words = words_of(tester)
    assert "收到诉求 **66** 件：已回复 **56**，尚未回复 **6**；另有4条情况不明，未计入。" in words
    assert "90%" in [one.value for one in tester.subheader]
    assert "(56/62，采集完整度67%)" in [one.value for one in tester.caption]
    assert READ_BY in words
    assert ANSWERED_BY in words
    assert "口径说明" in [one.label for one in tester.expander]


def test_without_a_rule_nobody_is_late_and_the_page_says_so(look: Open) -> None:
    words = words_of(look("asked", "zhuguan", PAGE))
    assert "尚未选定时限规则，不判定超时" in words
    assert "6件超时未复" in [one.label for one in look("ruled", "zhuguan", PAGE).button]


def test_a_small_sample_has_no_rate_and_no_rank_and_a_person_none_either(look: Open) -> None:
    tester = look("asked", "zhuguan", PAGE, by="账号")
    tester.pills[0].set_value("部门(2)").run()
    rows = tester.dataframe[0].value.set_index("账号")
    assert rows.at["临江水务", "24小时回复率"] == "样本不足(3件)"
    assert rows.at["临江水务", "同级名次"] == "样本不足"
    assert rows.at["健康青山(公职人员)", "24小时回复率"] == "100%(11/11)"
    assert rows.at["健康青山(公职人员)", "同级名次"] == "不参与排名"


def test_only_peers_of_one_level_stand_beside_each_other(look: Open) -> None:
    tester = look("asked", "zhuguan", PAGE, by="账号")
    for label in ("市级(1)", "县级(1)", "部门(2)"):
        tester.pills[0].set_value(label).run()
        assert len(tester.dataframe[0].value) == int(label[-2])


@pytest.mark.parametrize("by", ["单位", "账号", "层级", "平台", "收到时段"])
def test_every_way_to_look_can_be_opened_by_its_address(look: Open, by: str) -> None:
    clock = "实质答复"
    tester = look("asked", "zhuguan", PAGE, by=by, clock=clock, time="工作时间", period="近7天", step="按周")
    assert not tester.exception
    assert clock in words_of(tester)
    assert "个工作小时回复率" in words_of(tester)


PARTS = {"尚未回复": 6, "情况不明": 4, "24小时内未回复": 6, "24小时内已回复": 56, "1至4小时": 17, "": 66}


@pytest.mark.parametrize("part", PARTS)
def test_each_number_opens_as_many_cases(look: Open, part: str) -> None:
    tester = look("asked", "zhuguan", PAGE, view="明细", **({"part": part} if part else {}))
    assert not tester.exception
    assert f"共{PARTS[part]}件" in words_of(tester)


@pytest.mark.parametrize(
    ("pick", "count", "words"),
    [
        ("账号:5", 12, "青山发布\\(微博\\)"),
        ("单位:3", 23, "单位 青山县"),
        ("层级:市级", 40, "市级账号"),
        ("平台:1", 66, "微博"),
        ("用时:1800", 14, "30分钟内已回复"),
    ],
)
def test_what_was_clicked_is_in_the_address_and_opens_its_cases(look: Open, pick: str, count: int, words: str) -> None:
    tester = look("asked", "zhuguan", PAGE, view="明细", pick=pick)
    assert not tester.exception
    assert f"共{count}件" in words_of(tester)
    assert words in words_of(tester)


@pytest.mark.parametrize("pick", ["账号", "日:-1", "时段:77", "别的:1"])
def test_an_address_that_makes_no_sense_shows_everything(look: Open, pick: str) -> None:
    tester = look("asked", "zhuguan", PAGE, view="明细", pick=pick)
    assert not tester.exception
    assert "共66件" in words_of(tester)


def test_a_button_of_the_headline_leads_to_its_cases(look: Open) -> None:
    tester = look("asked", "zhuguan", PAGE)
    next(one for one in tester.button if one.label.startswith("6件未达到")).click().run()
    assert not tester.exception
    assert "共6件" in words_of(tester)
    assert "24小时内未回复" in tester.query_params["part"]


def test_a_case_shows_both_answers_by_both_clocks_masked(look: Open) -> None:
    tester = look("asked", "zhuguan", PAGE, view="明细", pick="账号:5")
    tester.session_state["cases"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    words = words_of(tester.run())
    assert "30分钟(工作时间10分钟)" in words
    assert "首次响应" in words
    assert "实质答复" in words
    assert sample.PHONE not in words
    assert sample.CITIZEN not in words
    assert "王\\*\\*" in words


def test_an_empty_database_and_an_empty_period_say_what_to_do(look: Open) -> None:
    assert "还没有账号，从这里开始" in words_of(look("empty", "zhuguan", PAGE))
    words = words_of(look("asked", "zhuguan", PAGE, period="自定义", **{"from": "2020-01-01", "to": "2020-01-31"}))
    assert "2020年1月1日至31日没有收到诉求。" in words
    assert "不是日期" in words_of(look("asked", "zhuguan", PAGE, period="自定义", **{"from": "元旦"}))


def test_a_link_shows_another_person_the_same_within_his_scope_and_nothing_outside(look: Open) -> None:
    link = {"view": "明细", "unit": "\u3000青山县", "part": "已回复"}
    city, county = look("asked", "zhuguan", PAGE, **link), look("asked", "zhiban", PAGE, **link)
    assert "共23件" in words_of(city)
    assert "共23件" in words_of(county)
    foreign = words_of(look("asked", "zhiban", PAGE, view="明细", unit="\u3000临江市水务局"))
    assert "链接中的单位不在您的权限范围内" in foreign
    assert "共23件" in foreign
    named = words_of(look("asked", "zhiban", PAGE, view="明细", pick="账号:1"))
    assert "临江" not in named.replace("· 临江 ·", "")
    assert "没有符合条件的诉求" in named


def test_only_those_with_the_right_find_the_buttons_to_export(look: Open) -> None:
    for login, right in (("fenxi", True), ("zhiban", True), ("zhidu", False)):
        tester = look("asked", login, PAGE)
        assert not tester.exception
        assert bool(tester.get("download_button")) is right, login


def window(now: datetime) -> Window:
    return Window(of_name("近30天", now), int(now.timestamp()), 0, "", 0, "", "首次响应", False)


def order(path: Path, login: str, name: str, rows: Any, monkeypatch: pytest.MonkeyPatch) -> exports.Order:
    monkeypatch.setenv("MATRIX_DATABASE_PATH", str(path))
    mine, token = site.load(), serving.open_session(path, login)
    viewer = signin.viewer_of(token, mine)
    assert viewer
    return exports.Order(name, rows, {"时段": "近30天"}, tables, mine, token, viewer)


def test_screen_csv_and_excel_agree_to_the_digit(
    look: Open, worlds: dict[str, Path], monkeypatch: pytest.MonkeyPatch, db: sqlite3.Connection
) -> None:
    tester = look("asked", "fenxi", PAGE, by="平台")
    shown = tester.dataframe[0].value.iloc[0]
    frame = timeliness_frames.groups(timeliness.by_platform(db, (1,), **window(datetime.now(UTC)).filters), False)
    made = order(worlds["asked"], "fenxi", "按平台", frame, monkeypatch)
    head, row = csv.reader(StringIO(made.csv().decode("utf-8-sig")))
    told = dict(zip(head, row, strict=True))
    book = load_workbook(BytesIO(made.xlsx()))
    kept = dict(zip(*[[cell.value for cell in line] for line in book["按平台"].iter_rows()], strict=True))
    for hours in (1, 4, 24, 48):
        pair = f"({told[f'{hours}小时内已回复']}/{told[f'{hours}小时应回复']})"
        assert shown[f"{hours}小时回复率"] == told[f"{hours}小时回复率"] + pair
        assert f"{kept[f'{hours}小时回复率']:.0%}" == told[f"{hours}小时回复率"]
    for name in ("半数用时", "九成用时", "尚未回复", "情况不明", "收到"):
        assert str(shown[name]) == told[name] == str(kept[name])
    notes = {line[0].value: line[1].value for line in book["说明"].iter_rows()}
    assert notes["时段"] == "近30天"
    assert notes["权限范围"] == "临江市"
    assert "fenxi" in notes["导出人"]


def test_an_export_has_one_masked_row_for_each_case_and_is_written_down(
    worlds: dict[str, Path], monkeypatch: pytest.MonkeyPatch, db: sqlite3.Connection
) -> None:
    made = order(worlds["asked"], "zhiban", "诉求明细", timeliness_frames.later(window(datetime.now(UTC))), monkeypatch)
    content = made.csv().decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(content)))
    assert len(rows) == 23
    assert len({row["诉求编号"] for row in rows}) == 23
    assert {row["单位"] for row in rows} == {"青山县", "青山县卫生健康局"}, "the county's watch takes away nothing of the city"
    assert sample.PHONE not in content
    assert sample.CITIZEN not in content
    line = journal.lines(db, limit=1)[0]
    assert (line.actor, line.act, line.subject, line.outcome) == ("zhiban", "导出数据", "诉求明细", journal.DONE)
    assert "诉求明细23行" in line.detail
    assert "时段：近30天" in line.detail


def test_what_is_asked_for_on_click_is_refused_when_the_session_the_right_or_the_scope_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = serving.make_world(tmp_path, True)
    frame = timeliness_frames.table([{"件数": 1}])
    with closing(open_writer(path)) as db:
        watch, analyst = people.find(db, "zhiban"), people.find(db, "fenxi")
        assert watch
        assert analyst
        ended, moved = order(path, "fenxi", "表", frame, monkeypatch), order(path, "zhiban", "表", frame, monkeypatch)
        with writing(db):
            db.execute("UPDATE person_scopes SET organization_id = 1 WHERE person_id = :id", {"id": watch.id})
            sessions.end_all(db, analyst.id, datetime.now(UTC), "退出")
        for made, why in ((ended, exports.GONE), (moved, exports.MOVED)):
            assert why in made.csv().decode("utf-8-sig")
            assert "件数" not in made.csv().decode("utf-8-sig")
            assert load_workbook(BytesIO(made.xlsx())).worksheets[0]["A2"].value == why
        reader = order(path, "zhidu", "表", frame, monkeypatch)
        assert exports.NO_RIGHT in reader.csv().decode("utf-8-sig")
        assert not reader.viewer.may(Right.EXPORT)
        lines = journal.lines(db, act="导出数据")
        assert {line.outcome for line in lines} == {journal.REFUSED}
        assert len(lines) == 7
        assert journal.verify(db) is None


def press(tester: AppTest, label: str, inside: str) -> AppTest:
    next(button for button in tester.button if button.label == inside).click()
    [button for button in tester.button if button.label == label][-1].click()
    return tester.run()


def test_a_rule_and_office_hours_are_chosen_for_a_subtree_from_a_date(
    tmp_path: Path, worlds: dict[str, Path], look: Open
) -> None:
    worlds["fresh"] = serving.make_world(tmp_path, True)
    tester = look("fresh", "zhuguan", PAGE, view="时限规则")
    assert "尚未选定时限规则" in words_of(tester)
    next(button for button in tester.button if button.label == "选定时限规则").click().run()
    tester = press(tester, "选定", "选定时限规则")
    assert not tester.exception
    assert "广东12345" in tester.dataframe[0].value.to_csv()
    next(button for button in tester.button if button.label == "设定办公时间").click().run()
    next(box for box in tester.text_input if box.label == "工作日的办公时间").set_value("9:00-12:00，14:00-17:30")
    tester = press(tester, "保存", "设定办公时间")
    assert not tester.exception
    held = tester.dataframe[0].value
    assert set(held["办公时间"]) == {"09:00-12:00,14:00-17:30"}
    with closing(open_database(worlds["fresh"])) as db:
        acts = [(line.act, line.subject) for line in journal.lines(db, limit=2)]
    assert acts == [("设定办公时间", "临江市"), ("选定时限规则", "临江市")]


def test_whoever_may_not_set_rules_only_sees_them(look: Open) -> None:
    tester = look("asked", "zhiban", PAGE, view="时限规则")
    assert not tester.exception
    assert "选定时限规则" not in [button.label for button in tester.button]
    assert "工作日历" in [one.value for one in tester.subheader]


def test_every_part_can_be_asked_for() -> None:
    assert len(set(timeliness_picks.PARTS)) == len(timeliness_picks.PARTS)
    assert set(timeliness_picks.STATES) <= set(timeliness_picks.PARTS)
