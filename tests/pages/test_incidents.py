"""舆情事件 as people see it: the list, one incident with its clocks and grid, leads, and every dialog through the journal."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from storage import incident_acts, incident_members
from storage.database import open_database, open_writer, writing
from tests import serving
from tests.pages.conftest import Open, words_of
from tests.pages.test_dialogs import pick, press
from tests.sample import CITIZEN, PHONE
from tests.storage import incident_city
from tests.storage.incident_city import TITLE
from ui.incident_course import said

PAGE, HOME = "pages/duty/incidents.py", "pages/duty/home.py"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = serving.make_world(tmp_path_factory.mktemp("incidents"), is_filled=True)
    with closing(open_writer(made)) as db:
        ids = dict(db.execute("SELECT name, id FROM organizations").fetchall())
        ids |= {f"{row[0]}:{row[1]}": row[2] for row in db.execute("SELECT platform, name, id FROM accounts").fetchall()}
        incident_city.fill(db, datetime.now(UTC), ids)
    return made


@pytest.fixture
def worlds(path: Path) -> Iterator[dict[str, Path]]:
    yield {"city": path}


def opened(look: Open, login: str = "zhuguan", part: str = "转载和发声") -> AppTest:
    return look("city", login, PAGE, event="1", incident_part=part)


def acts(path: Path) -> list[str]:
    with closing(open_database(path)) as db:
        return [row[0] for row in db.execute("SELECT act FROM journal ORDER BY id").fetchall()]


def test_the_list_shows_the_clocks_that_apply_and_what_is_asked_for_first(look: Open) -> None:
    words = words_of(look("city", "zhuguan", PAGE))
    assert "处置中2件" in words
    assert words.index(TITLE) < words.index("临江发布楼下积水")
    assert "✓ 5小时 权威信息 · 已按时" in words.replace("\\", "")
    assert "还剩20小时0分" in words.replace("\\", "") or "还剩19小时59分" in words.replace("\\", "")


def test_the_first_page_counts_them_and_names_the_next_clock(look: Open) -> None:
    tester = look("city", "zhuguan", HOME)
    assert tester.subheader[0].value == "2 件"
    assert "新闻发布会" in words_of(tester)


def test_one_incident_says_by_which_time_its_clocks_run_and_who_differs(look: Open) -> None:
    words = words_of(opened(look)).replace("\\", "")
    assert "起算依据：自事件发生时间起算" in words
    assert "尚未发声" in words
    assert "健康青山" in words
    assert "▢平台限制" in words
    assert "临江水务" not in words, "it lies outside the county of the incident"


def test_what_citizens_say_is_masked(look: Open) -> None:
    for part in ("声量和评论", "时间线", "登记"):
        tester = opened(look, part=part)
        assert not tester.exception
        words = words_of(tester)
        assert PHONE not in words
        assert CITIZEN not in words
    assert PHONE not in words_of(look("city", "zhuguan", PAGE, incidents_view="线索"))


def test_the_report_is_filled_from_facts(look: Open) -> None:
    tester = press(opened(look), "复制快报")
    assert "死亡说法不一：" in "\n".join(code.value for code in tester.code)


def test_who_only_views_finds_no_button_that_changes(look: Open) -> None:
    labels = [button.label for button in opened(look, "fenxi").button]
    assert "复制快报" in labels
    assert not [label for label in labels if label.endswith("…")]


def test_a_title_alone_opens_an_incident_and_the_journal_knows(look: Open, path: Path) -> None:
    tester = press(look("city", "zhuguan", PAGE), "开启事件…")
    next(box for box in tester.text_input if box.label == "事件标题").set_value("夜市停电")
    tester = press(tester, "开启", inside="开启事件…")
    assert not tester.exception
    assert "开启事件" in acts(path)
    assert "夜市停电" in words_of(look("city", "zhuguan", PAGE))


def test_a_note_is_written_and_a_lead_is_joined(look: Open, path: Path) -> None:
    tester = press(opened(look), "备注…")
    tester.text_area[0].set_value(f"家属来电{PHONE}")
    press(tester, "保存", inside="备注…")
    with closing(open_database(path)) as db:
        told = db.execute("SELECT detail FROM journal WHERE act = '事件备注'").fetchone()[0]
    assert PHONE not in told
    rows = look("city", "zhuguan", PAGE, incidents_view="线索")
    tester = pick(rows, "lead_rows", 0)
    assert "转为事件…" in [button.label for button in tester.button]


def test_a_county_with_a_task_from_the_city_sees_title_task_and_clock_and_no_more(look: Open, path: Path) -> None:
    with closing(open_writer(path)) as db, writing(db):
        (city,) = db.execute("SELECT id FROM organizations WHERE name = '临江市'").fetchone()
        (county,) = db.execute("SELECT id FROM organizations WHERE name = '青山县'").fetchone()
        (incident,) = db.execute("SELECT id FROM incidents WHERE title LIKE '临江发布%'").fetchone()
        who = (*incident_city.WHO, datetime.now(UTC))
        incident_acts.task(db, (city,), incident, "派人到现场", county, None, *who)
    tester = look("city", "zhiban", PAGE)
    words = words_of(tester).replace("\\", "")
    assert "交办给本单位" in words
    assert "青山县：派人到现场" in words
    assert "48小时 回应" in words
    assert "处置中1件" in words, "the incident itself is not among its own"
    assert "没有这个事件" in words_of(look("city", "zhiban", PAGE, event=str(incident)))
    assert "其他单位的事件交办1项" in words_of(look("city", "zhiban", HOME))
    tester = press(tester, "办结…")
    tester.text_area[0].set_value("已到现场")
    assert not press(tester, "办结", inside="办结…").exception
    assert acts(path)[-1] == "办结事件交办"
    assert "派人到现场" not in words_of(look("city", "zhiban", PAGE))


def test_half_a_number_of_a_long_lead_does_not_escape_the_mask() -> None:
    for before in range(105, 121):
        shown = said({"kind": "线索", "words": f"{'停' * before}13812345678，请回电"})
        assert "13812" not in shown
        assert len(shown) <= 120
    assert said({"kind": "快报", "words": "话" * 300}) == "话" * 300


def test_a_post_is_looked_for_let_in_and_taken_out_again(look: Open, path: Path) -> None:
    def members() -> list[int]:
        with closing(open_database(path)) as db:
            (county,) = db.execute("SELECT id FROM organizations WHERE name = '青山县'").fetchone()
            found = incident_members.members(db, (county,), 1, int(datetime.now(UTC).timestamp()) + 60)
        return found.loc[found["kind"] == "发布内容", "member_id"].tolist()

    assert members() == []
    tester = press(opened(look, part="登记"), "并入发布或评论…")
    tester.text_input(key="member_words").set_value("https://weibo.com/1/qs_bridge")
    tester = press(tester, "并入发布或评论…")
    assert "今天上午，滨河路桥面发生塌陷" in words_of(tester)
    tester = press(tester, "并入", inside="并入发布或评论…")
    assert not tester.exception
    assert len(members()) == 1
    frame = opened(look, part="登记")
    place = next(table for table in frame.dataframe if "并入人" in table.value)
    row = list(place.value["种类"]).index("发布内容")
    tester = pick(frame, "incident_members", row)
    tester = press(tester, "移出“")
    tester = press(tester, "移出", inside="移出“")
    assert not tester.exception
    assert members() == []
    assert acts(path)[-2:] == ["并入事件", "移出事件"]
