"""数据导出: what is filtered is shown and handed out, masked unless somebody may see it and says why."""

from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import settings as site
from reports import tables
from storage import journal
from storage.database import open_database
from tests import serving
from tests.pages.conftest import Open, words_of
from tests.sample import CITIZEN, PHONE
from ui import export_files, exporting

PAGE = "pages/report/export.py"
YEAR = {"period": "近30天"}


@pytest.fixture
def lines(worlds: dict[str, Path]) -> Iterator[Any]:
    with closing(open_database(worlds["sample"])) as db:
        yield lambda act: journal.lines(db, act=act)


@pytest.mark.parametrize("kind", ["评论", "发布", "诉求", "回复", "账号", "预警", "事件"])
def test_every_kind_shows_its_first_rows_masked(look: Open, kind: str) -> None:
    tester = look("sample", "zhuguan", PAGE, take=kind, **YEAR)
    assert not tester.exception
    words = words_of(tester)
    assert PHONE not in words
    assert CITIZEN not in words
    assert ("下面是前" in words) == (kind not in ("预警", "事件"))


def test_the_filters_narrow_the_rows(look: Open) -> None:
    whole, some = (look("sample", "zhuguan", PAGE, take="评论", take_words=words, **YEAR) for words in ("", "停水"))
    assert 0 < len(some.dataframe[0].value) < len(whole.dataframe[0].value)
    assert all("停水" in text for text in some.dataframe[0].value["内容"])
    assert "没有符合条件的数据" in words_of(look("sample", "zhuguan", PAGE, take="评论", take_words="没有这样的话", **YEAR))


def test_what_is_masked_is_seen_only_with_the_right_and_a_reason_and_leaves_a_line(look: Open, lines: Any) -> None:
    tester = look("sample", "fenxi", PAGE, take="评论", **YEAR)
    assert not [toggle for toggle in tester.toggle if toggle.key == "take_open"]
    tester = look("sample", "zhuguan", PAGE, take="评论", **YEAR)
    tester.toggle(key="take_open").set_value(True).run()
    assert "请写明" in words_of(tester)
    assert not [button for button in tester.button if button.key == "take_look"]
    tester.text_input(key="take_why").set_value("核实来电反映的地点").run()
    assert PHONE not in words_of(tester), "not before the button is pressed"
    before = len(lines("查看未脱敏内容"))
    tester.button(key="take_look").click().run()
    assert PHONE in words_of(tester)
    assert len(lines("查看未脱敏内容")) == before + 1
    assert "核实来电反映的地点" in lines("查看未脱敏内容")[0].detail
    tester.text_input(key="take_words").set_value("停水").run()
    assert PHONE not in words_of(tester), "other rows are another look"


def test_a_scheme_is_saved_and_chosen_again(look: Open) -> None:
    tester = look("sample", "zhuguan", PAGE, take="评论", **YEAR)
    tester.multiselect[0].set_value(["主题", "情绪", "编号"]).run()
    tester.text_input(key="take_name_评论").set_value("情绪表").run()
    tester.button(key="take_keep_评论").click().run()
    assert list(tester.dataframe[0].value) == ["编号", "主题", "情绪"]
    again = look("sample", "zhuguan", PAGE, take="评论", **YEAR)
    assert len(list(again.dataframe[0].value)) > 3
    again.selectbox(key="take_scheme_评论").set_value("情绪表").run()
    assert list(again.dataframe[0].value) == ["编号", "主题", "情绪"]


def test_a_long_file_is_asked_for_shown_waiting_and_cancelled(look: Open, lines: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "DIRECT", 0)
    tester = look("sample", "zhuguan", PAGE, take="评论", **YEAR)
    tester.button(key="take_make_csv").click().run()
    assert not tester.exception
    assert "等待采集程序生成" in words_of(tester)
    assert "行" in lines("导出数据")[0].detail
    stop = next(button for button in tester.button if str(button.key).startswith("take_stop_"))
    stop.click().run()
    assert "已取消" in words_of(tester)


def test_the_file_has_the_rows_of_the_screen(look: Open, worlds: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    offered: list[Any] = []
    monkeypatch.setattr(exporting.exports, "offer", lambda *args, **_: offered.append(args))
    shown = look("sample", "zhuguan", PAGE, take="诉求", **YEAR).dataframe[0].value
    name, rows, about, _writers = offered[-1]
    with closing(open_database(worlds["sample"])) as db:
        (root,) = db.execute("SELECT id FROM organizations WHERE parent_id IS NULL").fetchone()
        whole = rows(db, (root,))
    assert name == "诉求"
    assert about["遮蔽"].startswith("姓名")
    for column in shown:
        same = [(value, other) for value, other in zip(whole[column], shown[column], strict=False) if not pd.isna(other)]
        assert all(value == other for value, other in same), column


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_that_may_not_be_had_is_one_that_opens_and_says_why(
    worlds: dict[str, Path], lines: Any, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setenv("MATRIX_DATABASE_PATH", str(worlds["sample"]))
    token = serving.open_session(worlds["sample"], "zhuguan")
    content = export_files.Take(10**6, site.load(), token, "zhuguan", form, tables).content()
    frame = pd.read_csv(BytesIO(content)) if form == "csv" else pd.read_excel(BytesIO(content))
    assert frame["未能导出"].tolist() == ["登录已结束，没有导出。请重新登录后再下载。"]
    assert lines("导出数据")[0].outcome == journal.REFUSED
