"""The first line of the duty page: every number opens exactly the rows that it counts, before and after a hand-over."""

import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from matrix.account import Platform
from matrix.case import Act
from matrix.comment import Comment
from matrix.post import Post
from matrix.run import Batch
from matrix.shift import ShiftAct
from storage import arrived, batches, cases, organizations, shifts
from storage.database import open_database, open_writer, writing
from storage.understanding import understand
from tests import sample, serving
from tests.pages.conftest import Open, words_of
from tests.pages.test_links import links_of
from tests.sample import CITIZEN, PHONE
from worker import READERS

HOME = "pages/duty/home.py"
NUMBER = re.compile(r"^(发布|网民评论|诉求|官方回复|办理)([\d,]+)[条件步]$")
NAMES = {"发布": "posts", "网民评论": "comments", "诉求": "appeals", "官方回复": "replies", "办理": "steps"}


@pytest.fixture
def worlds(tmp_path: Path) -> dict[str, Path]:
    """A database of its own: these tests change shifts."""
    return {"sample": serving.make_world(tmp_path, True)}


def line_of(tester: AppTest) -> dict[str, int]:
    found = [NUMBER.match(button.label) for button in tester.button]
    return {NAMES[one[1]]: int(one[2].replace(",", "")) for one in found if one}


def listed(tester: AppTest) -> int:
    return next((int(one[1]) for one in (re.match(r"共([\d,]+)条", said.value) for said in tester.caption) if one), 0)


def check(look: Open, expected: set[str]) -> None:
    told = line_of(look("sample", "zhuguan", HOME))
    assert set(told) == expected
    assert told["comments"]
    for name, number in told.items():
        tester = look("sample", "zhuguan", HOME, duty="新到", arrived=name)
        assert not tester.exception
        assert listed(tester) == number
        assert (len(tester.dataframe[0].value) if number else 0) == number
        assert PHONE not in words_of(tester)
        assert CITIZEN not in words_of(tester)


def test_before_any_hand_over_the_numbers_are_of_the_last_day(look: Open, worlds: dict[str, Path]) -> None:
    check(look, {"posts", "comments", "replies"})
    tester = look("sample", "zhuguan", HOME)
    tester.button(key="arrived_posts").click().run()
    assert not tester.exception
    assert tester.query_params["duty"] == "新到"
    path = worlds["sample"]
    with closing(open_database(path)) as db:
        comment = db.execute("SELECT max(id) FROM comments").fetchone()[0]
    words = words_of(look("sample", "zhuguan", HOME, duty="新到", open=f"新到/comment:{comment}"))
    assert "正在查看" in words


def test_after_a_hand_over_they_are_of_what_came_and_was_done_since(look: Open, worlds: dict[str, Path]) -> None:
    now = datetime.now(UTC)
    with closing(open_writer(worlds["sample"])) as db:
        roots = organizations.roots(db)
        with writing(db):
            shifts.change(db, roots, roots[0], ShiftAct.TAKE, "", "lisi", "李某", now - timedelta(hours=2))
            shifts.change(db, roots, roots[0], ShiftAct.HAND, "", "lisi", "李某", now - timedelta(hours=1))
        account, mine = db.execute(
            "SELECT id, ext_id FROM accounts WHERE name = '青山发布' AND platform = ?", (int(Platform.WEIBO),)
        ).fetchone()
        at = now - timedelta(minutes=20)
        post = Post("late", now - timedelta(days=3), "补采到的一条旧发布")
        asked = Comment("q", "late", at, f"路灯不亮三天了，请尽快修，电话{PHONE}", "u7", CITIZEN)
        answer = Comment("a", "late", at + timedelta(minutes=5), "已派人维修，今晚恢复。", mine, "青山发布", True, "q", "q")
        batches.save(db, account, int(Platform.WEIBO), Batch(now, posts=(post,), comments=(asked, answer)), sample.RING, now)
        while understand(db, READERS, now):
            pass
        open_case = db.execute("SELECT comment_id FROM responses WHERE first_at IS NULL").fetchone()[0]
        with writing(db):
            cases.act(db, roots, open_case, Act.CONFIRM, "zhiban", now, expected_step=0)
        assert arrived.rows(db, (), name="posts", after=None, moment=0).empty
        county = organizations.roots(db)[0]
        assert county == roots[0]
    check(look, set(arrived.NAMES))
    assert line_of(look("sample", "zhuguan", HOME)) == {"posts": 1, "comments": 1, "appeals": 1, "replies": 1, "steps": 1}


def test_the_card_of_those_soon_overdue_counts_what_its_list_has(look: Open) -> None:
    tester = look("sample", "zhuguan", HOME)
    figure = next(int(head.value.split()[0]) for head in tester.subheader if head.value.endswith(" 个"))
    page, query = links_of(tester)["查看账号"]
    assert page.endswith("inspection")
    asked = dict(pair.split("=") for pair in query.split("&"))
    assert set(asked) == {"check"}
    rows = look("sample", "zhuguan", "pages/matrix/inspection.py", check="3日内将超期").dataframe[0].value
    assert len(rows) == figure == 1
