"""The wall of the duty room: everything on one sheet, nobody named, one part that fails, drills, and a session that lies idle."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from storage import drills, incidents, organizations
from storage.database import open_writer, writing
from tests import serving
from tests.pages.conftest import Open, words_of
from tests.sample import CITIZEN, PHONE
from tests.storage import alert_city

WALL = "pages/duty/wall.py"


@pytest.fixture
def worlds(tmp_path: Path) -> dict[str, Path]:
    """The sample city in the middle of something."""
    return {"sample": serving.make_world(tmp_path, True)}


@pytest.fixture
def busy(worlds: dict[str, Path]) -> Path:
    path, now = worlds["sample"], datetime.now(UTC)
    with closing(open_writer(path)) as db:
        ids = {name: number for number, name in db.execute("SELECT id, name FROM organizations").fetchall()}
        accounts = db.execute("SELECT id, platform, name FROM accounts").fetchall()
        alert_city.fill(db, now, ids | {f"{platform}:{name}": number for number, platform, name in accounts})
        with writing(db):
            roots, began = organizations.roots(db), int((now - timedelta(hours=6)).timestamp())
            opened = incidents.open_incident(
                db, roots, f"停水，来电{PHONE}", "zhuguan", "李某", now, ids["临江市"], occurred_at=began
            )
            grave = {"kind": "突发事件", "event_level": "重大"}
            incidents.set_fields(db, roots, opened, grave, "", "zhuguan", "李某", now)
    return path


def change(path: Path, verb: Callable[..., object]) -> None:
    with closing(open_writer(path)) as db, writing(db):
        verb(db)


@pytest.mark.usefixtures("busy")
def test_the_wall_shows_every_part_with_clocks_and_names_no_citizen(look: Open) -> None:
    words = words_of(look("sample", "zhuguan", WALL))
    for part in ("今日矩阵", "未结束预警", "处置中事件", "等待答复的群众", "采集盲区", "红色预警", "目前无人在班"):
        assert part in words
    assert "权威信息 超时1小时" in words
    assert "新闻发布会 剩1" in words
    assert "138****5678" in words
    for hidden in (PHONE, CITIZEN, "市民", "网友"):
        assert hidden not in words.replace("网友们", "")


def test_zero_says_when_it_was_looked_at_and_no_watch_is_no_zero(look: Open) -> None:
    words = words_of(look("sample", "zhuguan", WALL))
    assert "声量监测未运行，无法判断" in words
    assert "0 · 已核对" in words


def test_a_part_that_cannot_be_read_says_so_and_the_others_go_on(look: Open, busy: Path) -> None:
    change(busy, lambda db: db.execute("ALTER TABLE incident_changes RENAME TO gone"))
    tester = look("sample", "zhuguan", WALL)
    assert not tester.exception
    words = words_of(tester)
    assert words.count("读取失败") == 1
    assert "红色预警" in words
    assert "人次等待" in words


def test_a_role_without_the_right_is_told_so_in_the_place_of_the_part(look: Open, busy: Path) -> None:
    see = "SELECT p.id, o.id FROM people p JOIN organizations o ON o.parent_id IS NULL WHERE p.login = 'zhidu'"
    change(busy, lambda db: db.execute(f"INSERT INTO person_scopes(person_id, organization_id) {see}"))
    words = words_of(look("sample", "zhidu", WALL))
    assert words.count("您的角色不能查看这一项") == 2
    assert "红色预警" in words


def test_a_drill_is_called_one_on_the_wall_and_on_every_page(look: Open, worlds: dict[str, Path]) -> None:
    assert "演练环境" not in words_of(look("sample", "zhuguan", WALL))
    change(worlds["sample"], lambda db: db.execute("INSERT INTO marks(name, value) VALUES('drill', '演练')"))
    with closing(open_writer(worlds["sample"])) as db:
        assert drills.is_drill(db)
    assert words_of(look("sample", "zhuguan", WALL)).count("演练环境") == 2
    assert "演练环境" in words_of(look("sample", "zhuguan", "pages/duty/home.py"))


def test_only_what_renews_itself_on_the_wall_outlives_the_idle_minutes(look: Open, worlds: dict[str, Path]) -> None:
    tester: AppTest = look("sample", "zhuguan", WALL)
    assert "今日矩阵" in words_of(tester)
    change(worlds["sample"], lambda db: db.execute("UPDATE sessions SET used_at = used_at - 1200"))
    assert words_of(tester.run()).startswith("请先登录"), "a whole drawing is a person's act"

    def outlives() -> None:
        import streamlit as st

        from ui import signin

        signin.stay_for_the_wall()
        st.text(str(signin.find_viewer() is not None))
        signin.begin()
        st.text(str(signin.find_viewer() is not None))

    assert [one.value for one in AppTest.from_function(outlives).run().text] == ["True", "False"]
    change(worlds["sample"], lambda db: db.execute("UPDATE sessions SET started_at = started_at - 90000"))
    assert [one.value for one in AppTest.from_function(outlives).run().text] == ["False", "False"]
