"""矩阵总览 as its readers see it: numbers that open, links that keep to one's scope, and nobody ranked who must not be."""

import re
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from matrix.influence import RED_LINE
from storage.database import open_database
from tests.pages.conftest import Open, words_of
from tests.sample import CITIZEN, PHONE
from ui import exports

PAGE = "pages/matrix/overview.py"
WEEK = {"period": "近7天"}
LISTS = {"发布": "posts", "评论": "comments", "诉求": "appeals", "官方回复": "replies"}
OUTSIDE = ("临江发布", "临江水务", "临江市水务局")


def accounts_of(tester: AppTest) -> pd.DataFrame:
    return tester.dataframe[0].value


def count_of(tester: AppTest) -> int:
    """How many rows a list says that it has."""
    found = [re.search(r"共([\d,]+)条", caption.value) for caption in tester.caption]
    return next((int(one[1].replace(",", "")) for one in found if one), 0)


def offered(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[Any, dict[str, str]]]:
    """What the page offers to take away, by name, while it is drawn as always."""
    found: dict[str, tuple[Any, dict[str, str]]] = {}
    offer = exports.offer

    def noted(name: str, frame: Any, about: dict[str, str], *rest: Any, **named: Any) -> None:
        found[name] = (frame, about)
        offer(name, frame, about, *rest, **named)

    monkeypatch.setattr(exports, "offer", noted)
    return found


def test_the_head_adds_up_to_the_rows_and_each_number_opens_them(look: Open) -> None:
    tester = look("sample", "zhuguan", PAGE, **WEEK)
    rows = accounts_of(tester)
    told = {one.label: one.value for one in tester.metric}
    for words, name in LISTS.items():
        assert int(told[words].replace(",", "")) == rows[words].sum()
        assert count_of(look("sample", "zhuguan", PAGE, open=f"账号/{name}", **WEEK)) == rows[words].sum()
    assert told["有发布的账号"] == f"{(rows['发布'] > 0).sum()}/{len(rows)}"


def test_a_number_of_a_unit_opens_the_rows_of_its_subtree(look: Open) -> None:
    rows = look("sample", "zhuguan", PAGE, see="单位", **WEEK).dataframe[0].value
    county = rows[rows["单位"].str.strip("\u3000") == "青山县"].iloc[0]
    unit = look("sample", "zhiban", PAGE, see="单位", **WEEK).dataframe[0].value.iloc[0]
    assert {name: unit[name] for name in LISTS} == {name: county[name] for name in LISTS}
    opened = look("sample", "zhuguan", PAGE, see="单位", open="单位/unit:u3", **WEEK)
    assert set(accounts_of(opened)["单位"]) == {"青山县", "青山县卫生健康局", "青山县城关镇"}
    assert count_of(look("sample", "zhuguan", PAGE, see="单位", open="单位/comments:u3", **WEEK)) == county["评论"]
    late = look("sample", "zhuguan", PAGE, see="单位", open="单位/unit:u3:v超期未更新", **WEEK)
    assert len(accounts_of(late)) == county["超期"] == 1


def test_one_goes_from_the_city_to_one_comment_and_the_path_says_where_one_is(look: Open) -> None:
    path = "单位/unit:u3/account:a5/comments:a5"
    listed = look("sample", "zhuguan", PAGE, see="单位", open=path, **WEEK)
    assert [button.label for button in listed.button][:4] == ["返回", "单位", "青山县", "青山发布(微博)"]
    tester = look("sample", "zhuguan", PAGE, see="单位", open=f"{path}/comment:1", **WEEK)
    words = words_of(tester)
    assert "家里停水两天了" in words
    assert "您好,已转供水公司处理" in words, "the answer stands below the question"
    assert PHONE not in words
    assert CITIZEN not in words


def test_persons_and_merely_registered_accounts_are_shown_and_never_compared(look: Open) -> None:
    rows = accounts_of(look("sample", "zhuguan", PAGE, **WEEK)).set_index("账号")
    registered = rows.loc["青山政务抖音(仅登记)"]
    assert registered["判定"] == "▢ 平台限制"
    assert pd.isna(registered["增减"])
    assert pd.isna(registered["同类中位"])
    assert not pd.isna(rows.loc["青山发布", "增减"])
    assert "青山政务抖音" not in words_of(look("sample", "zhuguan", PAGE, see="升降", measure="发布", **WEEK))


def test_a_verdict_narrows_the_list_to_the_accounts_that_it_counts(look: Open) -> None:
    tester = look("sample", "zhuguan", PAGE, **WEEK)
    verdicts = accounts_of(tester)["判定"].value_counts()
    late = accounts_of(look("sample", "zhuguan", PAGE, verdict="超期未更新", **WEEK))
    assert list(late["账号"]) == ["健康青山"]
    assert verdicts["■ 超期未更新"] == 1


def test_a_link_shows_another_reader_his_own_part_of_it(look: Open) -> None:
    for link in (
        {},
        {"see": "单位"},
        {"see": "升降"},
        {"see": "传播分析"},
        {"open": "账号/comments"},
        {"open": "账号/account:a1"},
    ):
        for unit in ({}, {"unit": "临江市"}, {"unit": "\u3000青山县"}):
            tester = look("sample", "zhiban", PAGE, **WEEK, **link, **unit)
            assert not tester.exception
            words = words_of(tester)
            assert not [name for name in OUTSIDE if name in words], (link, unit)
    county = accounts_of(look("sample", "zhuguan", PAGE, unit="\u3000青山县", **WEEK))
    mine = accounts_of(look("sample", "zhiban", PAGE, unit="\u3000青山县", **WEEK))
    pd.testing.assert_frame_equal(county, mine)


def test_what_a_link_names_outside_the_scope_is_not_even_named(look: Open) -> None:
    for path in ("账号/account:a1", "账号/posts:a1", "账号/comments:a1", "账号/post:1", "账号/comment:1", "账号/unit:u1"):
        words = words_of(look("sample", "zhiban", PAGE, open=path))
        assert "临江" not in words.replace("临江\n", ""), path
        assert "停水" not in words or path == "账号/unit:u1"


@pytest.mark.parametrize(
    "path", ["账号/nonsense:a1", "单位/posts:u1", "账号/post:-1", f"账号/post:{'9' * 30}", "账号/posts:a:c9-99", "///"]
)
def test_a_made_up_address_breaks_nothing(look: Open, path: str) -> None:
    tester = look("sample", "zhuguan", PAGE, open=path)
    assert not tester.exception
    assert tester.header[0].value == "矩阵总览"


def test_indices_stand_in_their_own_view_only_under_the_red_line(look: Open) -> None:
    for view in ("账号", "单位", "升降"):
        words = words_of(look("sample", "zhuguan", PAGE, see=view, **WEEK))
        assert "WCI" not in words
        assert "BCI" not in words
    tester = look("sample", "zhuguan", PAGE, see="传播分析", **WEEK)
    assert RED_LINE in words_of(tester)
    rows = tester.dataframe[0].value
    wechat = rows[rows["指数"] == "WCI"]
    assert len(wechat)
    assert set(wechat["说明"]) == {"下限，缺少在看数"}, "what no platform tells is named and never a zero"
    assert (rows["系数"] != "").all()
    assert list(rows["账号"]) != list(rows.sort_values("数值", ascending=False)["账号"]), "no ranking"


def test_what_is_taken_away_is_what_stands_on_the_screen(look: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = offered(monkeypatch)
    shown = accounts_of(look("sample", "zhuguan", PAGE, **WEEK)).drop(columns="近14天")
    frame, about = taken["矩阵账号"][0](None, ()), taken["矩阵账号"][1]
    pd.testing.assert_frame_equal(frame[list(shown)], shown, check_dtype=False)
    assert list(frame.columns[len(shown.columns) :]) == ["前期发布", "前期评论", "前期诉求", "前期官方回复"]
    assert about["单位"] == "权限范围内全部单位"
    units = look("sample", "zhuguan", PAGE, see="单位", **WEEK).dataframe[0].value
    pd.testing.assert_frame_equal(taken["矩阵单位"][0][list(units)], units, check_dtype=False)
    look("sample", "zhuguan", PAGE, see="传播分析", **WEEK)
    assert taken["传播分析"][1]["说明"] == RED_LINE


def test_a_list_is_taken_away_whole_masked_and_within_the_scope(
    look: Open, monkeypatch: pytest.MonkeyPatch, worlds: dict[str, Path]
) -> None:
    taken = offered(monkeypatch)
    tester = look("sample", "zhiban", PAGE, open="账号/comments", **WEEK)
    with closing(open_database(worlds["sample"])) as db:
        scope = tuple(row[0] for row in db.execute("SELECT id FROM organizations WHERE name = '青山县'"))
        (frame, about), nothing = next(iter(taken.values())), next(iter(taken.values()))[0](db, ())
        rows = frame(db, scope)
    assert nothing.empty
    assert len(rows) == count_of(tester) > 0
    assert not set(rows["账号"]) & set(OUTSIDE)
    told = rows.to_csv()
    assert PHONE not in told
    assert CITIZEN not in told
    assert about["时段"]
