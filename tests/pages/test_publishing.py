"""发布监测 as its readers see it: figures and lists that agree, edits side by side, silences that we saw, nobody else's rows."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from matrix.account import Platform
from matrix.comment import Comment
from matrix.post import Gone, GoneKind, Post, Reach
from matrix.run import Batch
from reading import issue
from storage import batches, issues
from storage.database import open_database, open_writer
from storage.understanding import understand
from tests import sample, serving
from tests.pages.conftest import Open, words_of
from tests.pages.test_overview import OUTSIDE, count_of, offered
from tests.sample import CITIZEN, PHONE
from worker import READERS

PAGE = "pages/matrix/publishing.py"
VIEWS = ("概览", "网民热点", "传播", "修改和撤下", "发布间隔", "搜索")


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """The sample city, in which one post of the city was edited and one of the county was taken back."""
    path, now = serving.make_world(tmp_path_factory.mktemp("edited"), True), datetime.now(UTC)
    with closing(open_writer(path)) as db:
        for name, key in (("临江发布", "e1"), ("青山发布", "e2")):
            sql = "SELECT id FROM accounts WHERE name = ? AND platform = ?"
            account, at = db.execute(sql, (name, int(Platform.WEIBO))).fetchone()[0], now - timedelta(hours=1)
            for minutes, text in ((61, f"{name}今晚停水，电话{PHONE}"), (90, f"{name}明晚停水，电话{PHONE}")):
                seen = at + timedelta(minutes=minutes)
                post = Post(key, at, text, reach=Reach(seen, reads=minutes, likes=7))
                batches.save(db, account, int(Platform.WEIBO), Batch(seen, posts=(post,)), sample.RING, now)
            if key == "e2":
                gone = Gone(key, GoneKind.DELETED, now + timedelta(hours=2))
                batches.save(db, account, int(Platform.WEIBO), Batch(now + timedelta(hours=2), gones=(gone,)), sample.RING, now)
        for name in ("临江发布", "青山发布"):
            account = db.execute(
                "SELECT id FROM accounts WHERE name = ? AND platform = ?", (name, int(Platform.WEIBO))
            ).fetchone()[0]
            said = tuple(
                Comment(
                    f"h{account}_{place}", f"{account}_1", now - timedelta(hours=3, minutes=place), text, f"u{place}", CITIZEN
                )
                for place, text in enumerate(PIPES)
            )
            batches.save(db, account, int(Platform.WEIBO), Batch(now, comments=said), sample.RING, now)
        while understand(db, READERS, now):
            pass
        issues.regroup(db, issue.group, now)
    yield {"sample": path}


def issue_of(path: Path, title: str) -> tuple[int, ...]:
    with closing(open_database(path)) as db:
        sql = "SELECT issue_id FROM issue_comments m JOIN comments c ON c.id = m.comment_id WHERE c.text LIKE ? LIMIT 1"
        return tuple(db.execute(sql, (f"{title[:10]}%",)).fetchone())


PIPES = tuple(f"北门小区三号楼停水两天了没有人管{end}" for end in ("", "，谁来修", f"，电话{PHONE}", "，气死人了"))


def number_of(path: Path, key: str) -> int:
    with closing(open_database(path)) as db:
        return int(db.execute("SELECT id FROM posts WHERE ext_id = ?", (key,)).fetchone()[0])


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("login", ["zhuguan", "zhiban", "zhidu"])
def test_every_view_opens_and_keeps_to_the_scope(look: Open, login: str, view: str) -> None:
    tester = look("sample", login, PAGE, what=view, q="停水")
    assert not tester.exception
    words = words_of(tester)
    if login != "zhuguan":
        assert not [name for name in OUTSIDE if name in words]
    assert PHONE not in words


def test_the_sums_open_their_posts(look: Open) -> None:
    tester = look("sample", "zhuguan", PAGE)
    told = {one.label: int(one.value.replace(",", "")) for one in tester.metric}
    assert told["发布"] == told["原创和图文"] + told["转发"] > 10
    for part, words in (("", "发布"), (":k0-own", "原创和图文")):
        assert count_of(look("sample", "zhuguan", PAGE, open=f"概览/posts:{part}")) == told[words]
    assert "没有发布" in words_of(look("sample", "zhuguan", PAGE, open="概览/posts::k0-repost"))


def test_an_edit_is_read_beside_what_stood_there_before(look: Open, worlds: dict[str, Path]) -> None:
    rows = look("sample", "zhuguan", PAGE, what="修改和撤下").dataframe[0].value
    assert sorted(rows["变化"]) == ["修改", "修改", "删除"]
    assert rows.loc[rows["变化"] == "删除", "账号"].item() == "青山发布"
    assert set(rows["公开时长"].str[:3]) == {"不超过"}
    words = words_of(
        look("sample", "zhuguan", PAGE, what="修改和撤下", open=f"修改和撤下/post:{number_of(worlds['sample'], 'e1')}")
    )
    assert "~~今~~" in words
    assert "**明**" in words
    assert PHONE not in words


def test_the_county_cannot_open_the_posts_of_the_city(look: Open, worlds: dict[str, Path]) -> None:
    for key, is_mine in (("e1", False), ("e2", True)):
        path = f"修改和撤下/post:{number_of(worlds['sample'], key)}"
        words = words_of(look("sample", "zhiban", PAGE, what="修改和撤下", open=path))
        assert ("停水" in words) is is_mine
    assert set(look("sample", "zhiban", PAGE, what="修改和撤下").dataframe[0].value["账号"]) == {"青山发布"}


def test_a_path_of_another_view_is_not_followed(look: Open) -> None:
    tester = look("sample", "zhuguan", PAGE, what="传播", open="概览/posts:")
    assert "返回" not in [button.label for button in tester.button]


def test_what_citizens_speak_of_opens_their_words(look: Open, worlds: dict[str, Path]) -> None:
    for login, accounts in (("zhuguan", 2), ("zhiban", 1)):
        tester = look("sample", login, PAGE, what="网民热点")
        first = tester.dataframe[0].value.iloc[0]
        assert (first["网民"], first["账号"]) == (4, accounts)
        assert "停水" in first["热点"]
        (number,) = issue_of(worlds["sample"], first["热点"])
        assert len(look("sample", login, PAGE, what="网民热点", said=f"i{number}").dataframe[0].value) == first["评论"]
        topic = tester.dataframe[1].value.set_index("主题").loc[first["主题"]]
        rows = look("sample", login, PAGE, what="网民热点", said=f"t{first['主题']}").dataframe[0].value
        assert len(rows) == topic["评论"] >= first["评论"]
        assert ("临江发布" in set(rows["账号"])) is (login == "zhuguan")
        assert PHONE not in rows.to_csv()
        assert CITIZEN not in rows.to_csv()
    everything = words_of(look("sample", "zhuguan", PAGE, what="网民热点", said="i"))
    assert "没有这样的评论" in everything


def test_who_was_not_seen_was_not_silent(look: Open) -> None:
    rows = look("sample", "zhuguan", PAGE, what="发布间隔").dataframe[0].value.set_index("账号")
    registered = rows.loc["青山政务抖音(仅登记)"]
    assert registered["说明"] == "仅登记，看不到"
    assert registered["最长间隔(天)"] != registered["最长间隔(天)"]
    known = rows["最长间隔(天)"].dropna()
    assert list(known) == sorted(known, reverse=True)


def test_what_is_taken_away_is_whole_masked_and_the_same_as_on_the_screen(look: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = offered(monkeypatch)
    total = int({one.label: one.value for one in look("sample", "zhuguan", PAGE).metric}["发布"])
    assert (
        taken["每日发布"][0]["发布"].sum() == taken["发布时刻"][0]["发布"].sum() == taken["平台与体裁"][0]["发布"].sum() == total
    )
    for view, name in (("传播", "传播"), ("修改和撤下", "修改和撤下"), ("发布间隔", "发布间隔")):
        shown = look("sample", "zhuguan", PAGE, what=view).dataframe[0].value
        frame, about = taken[name]
        assert len(frame) == len(shown)
        assert list(frame.columns) == list(shown.columns)
        assert about["时段"]
        assert PHONE not in frame.to_csv()
        assert CITIZEN not in frame.to_csv()
    assert "不作为对单位和个人的考核依据" in taken["传播"][1]["说明"]


def test_nothing_published_says_so_and_what_to_do(look: Open) -> None:
    for view in VIEWS[:4]:
        words = words_of(
            look("sample", "zhuguan", PAGE, what=view, **{"period": "自定义", "from": "2020-01-01", "to": "2020-01-02"})
        )
        assert "没有" in words
