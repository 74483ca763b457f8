"""回复时效: figures with their denominators, every one opens its cases, and links stay within the reader's scope."""

from pathlib import Path

import pytest

from tests import sample, serving
from tests.pages.asked_city import ANSWERED_BY, READ_BY, make_city
from tests.pages.conftest import Open, words_of
from ui import timeliness_picks

PAGE = "pages/matrix/timeliness.py"


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A city in which something was asked, the same under a rule, and an empty one."""
    return {
        "empty": serving.make_world(tmp_path_factory.mktemp("empty"), False),
        "asked": make_city(tmp_path_factory.mktemp("asked")),
        "ruled": make_city(tmp_path_factory.mktemp("ruled"), is_ruled=True),
    }


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
    tester = look("asked", "zhuguan", PAGE, times="明细", **({"part": part} if part else {}))
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
    tester = look("asked", "zhuguan", PAGE, times="明细", pick=pick)
    assert not tester.exception
    assert f"共{count}件" in words_of(tester)
    assert words in words_of(tester)


@pytest.mark.parametrize("pick", ["账号", "日:-1", "时段:77", "别的:1"])
def test_an_address_that_makes_no_sense_shows_everything(look: Open, pick: str) -> None:
    tester = look("asked", "zhuguan", PAGE, times="明细", pick=pick)
    assert not tester.exception
    assert "共66件" in words_of(tester)


def test_a_button_of_the_headline_leads_to_its_cases(look: Open) -> None:
    tester = look("asked", "zhuguan", PAGE)
    next(one for one in tester.button if one.label.startswith("6件未达到")).click().run()
    assert not tester.exception
    assert "共6件" in words_of(tester)
    assert "24小时内未回复" in tester.query_params["part"]


def test_a_case_shows_both_answers_by_both_clocks_masked(look: Open) -> None:
    tester = look("asked", "zhuguan", PAGE, times="明细", pick="账号:5")
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
    link = {"times": "明细", "unit": "\u3000青山县", "part": "已回复"}
    city, county = look("asked", "zhuguan", PAGE, **link), look("asked", "zhiban", PAGE, **link)
    assert "共23件" in words_of(city)
    assert "共23件" in words_of(county)
    foreign = words_of(look("asked", "zhiban", PAGE, times="明细", unit="\u3000临江市水务局"))
    assert "链接中的单位不在您的权限范围内" in foreign
    assert "共23件" in foreign
    named = words_of(look("asked", "zhiban", PAGE, times="明细", pick="账号:1"))
    assert "临江" not in named.replace("· 临江 ·", "")
    assert "没有符合条件的诉求" in named


def test_only_those_with_the_right_find_the_buttons_to_export(look: Open) -> None:
    for login, right in (("fenxi", True), ("zhiban", True), ("zhidu", False)):
        tester = look("asked", login, PAGE)
        assert not tester.exception
        assert bool(tester.get("download_button")) is right, login


def test_every_part_can_be_asked_for() -> None:
    assert len(set(timeliness_picks.PARTS)) == len(timeliness_picks.PARTS)
    assert set(timeliness_picks.STATES) <= set(timeliness_picks.PARTS)
