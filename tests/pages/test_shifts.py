"""The change of shifts on the first page: who is on duty, since when things count, and the log that can be printed."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from matrix.shift import ShiftAct
from storage import organizations, shifts
from storage.database import open_database, open_writer, writing
from tests import serving
from tests.pages.conftest import Open, words_of
from tests.pages.test_dialogs import press

HOME = "pages/duty/home.py"


@pytest.fixture
def worlds(tmp_path: Path) -> dict[str, Path]:
    """A database of its own: these tests change shifts."""
    return {"sample": serving.make_world(tmp_path, True)}


def hand_over(path: Path, note: str) -> None:
    """Last evening: 李某 took over and handed over the whole city."""
    with closing(open_writer(path)) as db, writing(db):
        scope = organizations.roots(db)
        for act, hours in ((ShiftAct.TAKE, 20), (ShiftAct.HAND, 10)):
            moment = datetime.now(UTC) - timedelta(hours=hours)
            shifts.change(db, scope, scope[0], act, note if act is ShiftAct.HAND else "", "lisi", "李某", moment)


def test_the_first_line_names_the_last_hand_over_and_what_was_left_behind(look: Open, worlds: dict[str, Path]) -> None:
    before = words_of(look("sample", "zhuguan", HOME))
    assert "目前无人在班" in before
    hand_over(worlds["sample"], "城东停水，已联系13812345678，注意跟进")
    words = words_of(look("sample", "zhuguan", HOME))
    assert "李某交班以来" in words
    assert "城东停水" in words
    assert "13812345678" not in words


def test_taking_over_asks_once_and_is_a_row_and_a_line(look: Open, worlds: dict[str, Path]) -> None:
    tester = press(look("sample", "zhuguan", HOME), "接班")
    tester.text_area[0].set_value("钥匙、台账已核对")
    press(tester, "确认接班", "接班")
    with closing(open_database(worlds["sample"])) as db:
        row = db.execute("SELECT act, login, note FROM shifts").fetchall()
        line = db.execute("SELECT act, outcome FROM journal ORDER BY id DESC LIMIT 1").fetchone()
    assert row == [("接班", "zhuguan", "钥匙、台账已核对")]
    assert line == ("接班", "成功")
    again = look("sample", "zhuguan", HOME)
    assert "交班" in [button.label for button in again.button]
    assert "起在班" in words_of(again)


def test_who_only_looks_takes_no_shift(look: Open) -> None:
    tester = look("sample", "fenxi", HOME)
    assert not [button for button in tester.button if button.label in ("接班", "交班")]


def test_the_log_shows_one_watch_and_can_be_printed(look: Open, worlds: dict[str, Path]) -> None:
    assert "还没有交接班记录" in words_of(look("sample", "zhuguan", HOME, duty="值班日志"))
    hand_over(worlds["sample"], "路灯一事待水务局回话")
    tester = look("sample", "zhuguan", HOME, duty="值班日志")
    assert not tester.exception
    assert list(tester.dataframe[0].value["交接"]) == ["交班", "接班"]
    assert "采集中断" in words_of(tester)
    assert tester.get("download_button")


def test_the_county_sees_nothing_of_the_city_desk(look: Open, worlds: dict[str, Path]) -> None:
    hand_over(worlds["sample"], "只给市里看")
    words = words_of(look("sample", "zhiban", HOME))
    assert "只给市里看" not in words
    assert "李某" not in words
