"""What is taken away says what the screen says, is masked and written down; rules and office hours are set on the page."""

import csv
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

import settings as site
from matrix.people import Right
from reports import tables
from storage import journal, people, sessions, timeliness
from storage.database import open_database, open_writer, writing
from tests import sample, serving
from tests.pages.asked_city import make_city
from tests.pages.conftest import Open, words_of
from ui import exports, signin, timeliness_frames
from ui.periods import of_name
from ui.timeliness_window import Window

PAGE = "pages/matrix/timeliness.py"


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {"asked": make_city(tmp_path_factory.mktemp("asked"))}


@pytest.fixture
def db(worlds: dict[str, Path]) -> Iterator[sqlite3.Connection]:
    with closing(open_writer(worlds["asked"])) as held:
        yield held


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
    tester = look("fresh", "zhuguan", PAGE, times="时限规则")
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
    tester = look("asked", "zhiban", PAGE, times="时限规则")
    assert not tester.exception
    assert "选定时限规则" not in [button.label for button in tester.button]
    assert "工作日历" in [one.value for one in tester.subheader]
