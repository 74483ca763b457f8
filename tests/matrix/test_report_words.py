"""Numbers of a report have one form, and the check knows which numbers must come from a figure."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matrix.report import Brief, Figure, ReportKind
from matrix.report_numbers import numbers_of
from matrix.report_words import count_words, coverage_words, duration_words, moment_words, part_cell, part_words, share_words
from matrix.waiting import FLOOR

COUNTS = st.integers(0, 10**6)


def test_a_rate_says_what_it_rests_on() -> None:
    assert share_words("24小时回复率", 174, 214, 100, 92) == "24小时回复率 81%（174/214，采集完整度92%）"
    assert share_words("24小时回复率", 3, 7, None, None) == "24小时回复率 样本不足（3/7，采集完整度不详）"
    assert share_words("24小时回复率", 0, 0, 0, 0) == "24小时回复率 尚无可判定的诉求（采集完整度100%）"


@given(COUNTS, COUNTS)
def test_a_rate_is_told_only_from_the_floor_on_and_is_100_only_when_nobody_is_missing(part: int, more: int) -> None:
    whole = part + more
    words = part_words("占比", part, whole)
    assert f"（{part}/{whole}）" in words
    assert ("%" in words) == (whole >= FLOOR)
    assert ("100%" in words) == (whole >= FLOOR and part == whole)
    assert part_cell(part, whole).replace("\n", "") in (words.removeprefix("占比 "), "—")


@given(COUNTS, st.none() | COUNTS)
def test_the_period_before_stands_beside_as_a_plain_number(now: int, before: int | None) -> None:
    words = count_words(now, "条", before)
    assert [int(found) for found in re.findall(r"\d+", words)] == ([now] if before is None else [now, before])


def test_durations_have_two_units_and_both_clocks() -> None:
    assert duration_words(2 * 86400 + 3 * 3600 + 59 * 60, 9 * 3600) == "2天3小时（工作时间9小时）"
    assert [duration_words(seconds) for seconds in (59, 60, 3600, 3900, 86400, None)] == [
        "不足1分钟",
        "1分钟",
        "1小时",
        "1小时5分钟",
        "1天",
        "不详",
    ]


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_a_longer_wait_is_never_told_as_a_shorter_one(one: int, other: int) -> None:
    def back(words: str) -> int:
        units = {"天": 86400, "小时": 3600, "分钟": 60}
        return sum(int(number) * units[unit] for number, unit in re.findall(r"(?<!不足)(\d+)(天|小时|分钟)", words))

    low, high = sorted((one, other))
    assert back(duration_words(low)) <= back(duration_words(high)) <= high


def test_coverage_is_at_most_all() -> None:
    assert coverage_words(10, 12) == "采集完整度100%"


@pytest.mark.parametrize(
    "text",
    [
        "2026年3月6日15时00分，第12期，见表3、图2",
        "国办发〔2016〕80号",
        "3月5日15:30起",
        "1. 加强值班",
        "本周无异常。",
        "第三季度",
        "市第二人民医院，三个都要管",
    ],
)
def test_dates_times_and_ordinals_need_no_source(text: str) -> None:
    assert numbers_of(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("回复率82%", ["82%"]),
        ("另有１２条", ["１２"]),
        ("占百分之八十", ["百分之八十"]),
        ("三条诉求", ["三"]),
        ("3月共12件", ["3", "12"]),
        ("请在3日内答复", ["3"]),
        ("3.5倍于上期", ["3.5"]),
        ("三分之一的诉求，五千余人", ["三分之一", "五千"]),
        ("十余条评论", ["十"]),
    ],
)
def test_every_other_number_has_to_come_from_a_figure(text: str, found: list[str]) -> None:
    assert numbers_of(text) == found


@given(st.integers(0, 4 * 10**9))
def test_every_moment_that_a_report_prints_is_a_date_to_the_check(moment: int) -> None:
    assert numbers_of(f"统计截止{moment_words(moment)}。") == []


@given(st.sampled_from(["key", "question", "params", "cutoff", "rows", "value", "text"]))
def test_the_mark_of_a_figure_covers_everything_that_it_says(name: str) -> None:
    figure = Figure("A1", "volume", {"since": 1}, 5, 3, [3, None], "3条", "发布")
    other = {"key": "A2", "question": "x", "params": {"since": 2}, "cutoff": 6, "rows": 4, "value": [4], "text": "4条"}[name]
    values: Any = {name: other}
    assert replace(figure, **values).mark != figure.mark


def test_the_period_before_is_as_long_and_touches() -> None:
    assert Brief(ReportKind.DAILY, 0, 100, 130, 130).before == (70, 100)
    with pytest.raises(ValueError, match="时段"):
        Brief(ReportKind.DAILY, 0, 100, 100, 100)
