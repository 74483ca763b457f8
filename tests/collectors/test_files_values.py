"""Ids, counts and times of tables that people bring."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.files.ids import clean_id, mid_of, rounded_columns, wechat_id_in, weibo_id_in, weibo_post_id
from collectors.files.rows import RowError
from collectors.files.values import BEIJING, read_count, read_text, read_time, without_html

SEEN = datetime(2026, 1, 1, 2, 0, tzinfo=UTC)
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@given(st.integers(min_value=1, max_value=10**18))
def test_an_id_in_text_comes_back_as_it_was_with_tabs_quotes_and_spaces_off(number: int) -> None:
    for form in (f"{number}", f"{number}\t", f" '{number}", f'"{number}"', f"\ufeff{number}\u200b"):
        assert clean_id(form, "内容ID") == str(number)


@given(st.floats(min_value=1e15, max_value=1e19))
def test_a_number_cell_that_cannot_hold_the_id_exactly_is_refused(number: float) -> None:
    if number >= 2**53 or number % 10 == 0 or number != int(number):
        with pytest.raises(RowError, match="Excel"):
            clean_id(number, "内容ID")
    else:
        assert clean_id(number, "内容ID") == str(int(number))


@pytest.mark.parametrize("text", ["5.1017E+15", "5.10171700000012e15", "5E+15"])
def test_an_id_in_scientific_notation_is_refused_and_the_sentence_says_what_to_do(text: str) -> None:
    with pytest.raises(RowError, match=r"内容ID“.*”被Excel改成了近似值"):
        clean_id(text, "内容ID")


def test_small_ids_of_a_thread_keep_their_dots() -> None:
    assert [clean_id(text, "评论ID") for text in ("0", "0.0", "10.1")] == ["0", "0.0", "10.1"]
    assert clean_id("5101717000000123.0", "内容ID") == "5101717000000123"  # a data frame's way to write a whole column


def test_one_zero_at_the_end_is_chance_and_a_column_of_them_is_excel() -> None:
    ids = [5101717000000120 + 10 * step for step in range(6)]
    assert rounded_columns([{"id": str(number)} for number in ids]) == {"id"}
    assert rounded_columns([{"id": str(number)} for number in [*ids, 5101717000000123]]) == frozenset()
    assert rounded_columns([{"id": str(ids[0])}]) == frozenset()
    assert rounded_columns([{"id": number} for number in ids[:2]]) == {"id"}
    with pytest.raises(RowError, match="Excel"):
        clean_id(str(ids[0]), "内容ID", rounded_column=True)


def test_short_and_long_ids_of_a_weibo_post_are_one() -> None:
    assert mid_of("z0JH2lOMb") == "3501756485200075"
    assert mid_of("LqlZNhJFm") == "4762810834227120"
    assert weibo_post_id("LqlZNhJFm") == "4762810834227120"
    assert weibo_post_id("自编-1") == "自编-1"
    assert mid_of("shmetro13") == mid_of("4762810834227120") == ""
    with pytest.raises(RowError, match="行号"):
        weibo_post_id("17")


def test_links_give_the_ids_that_the_platforms_use() -> None:
    assert weibo_id_in("https://weibo.com/1700000001/LqlZNhJFm?type=x") == ("1700000001", "4762810834227120")
    assert weibo_id_in("https://m.weibo.cn/detail/4762810834227120") == ("", "4762810834227120")
    assert wechat_id_in("http://mp.weixin.qq.com/s?__biz=A==&amp;mid=2650177668&amp;idx=2&amp;sn=f") == "2650177668_2"
    assert wechat_id_in("https://mp.weixin.qq.com/s/AbCdEfGh") == ""


@pytest.mark.parametrize(
    ("text", "count", "is_floor"),
    [
        ("100万+", 1_000_000, True),
        ("1.2万", 12_000, True),
        ("32.6万", 326_000, True),
        ("1.2亿", 120_000_000, True),
        ("3w", 30_000, True),
        ("280,199", 280_199, False),
        ("2903.0", 2903, False),
        (2903.0, 2903, False),
        ("", None, False),
        ("转发", None, False),
        (None, None, False),
        (float("nan"), None, False),
    ],
)
def test_counts_in_every_spelling(text: object, count: int | None, is_floor: bool) -> None:
    assert read_count(text, "点赞数") == (count, is_floor)


@pytest.mark.parametrize("text", ["很多", "-3", "1.5", -1, 2.5, "12万万", "1e9", float("inf")])
def test_what_is_no_count_is_refused(text: object) -> None:
    with pytest.raises(RowError):
        read_count(text, "点赞数")


@given(st.datetimes(datetime(2001, 1, 1), datetime(2025, 12, 31)))  # noqa: DTZ001 - wall clock of Beijing
def test_a_time_without_a_zone_is_beijing_time_in_every_form(wall: datetime) -> None:
    wall = wall.replace(second=0, microsecond=0)
    moment = wall.replace(tzinfo=BEIJING).astimezone(UTC)
    forms = [
        wall,
        f"{wall:%Y-%m-%d %H:%M}",
        f"{wall:%Y/%m/%d %H:%M:%S}",
        f"{wall:%Y}年{wall.month}月{wall.day}日 {wall:%H:%M}",
        f"{wall:%Y.%m.%d %H:%M}",
        f"{wall:%Y-%m-%d %H\uff1a%M}",  # as people type it in a sheet
        f"{wall:%Y-%m-%dT%H:%M:%S+08:00}",
        f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        f"{moment:%Y-%m-%dT%H:%M:%S.000+0000}",
        int(moment.timestamp()),
        str(int(moment.timestamp()) * 1000),
        f"{wall:%Y%m%d%H%M%S}",
    ]
    assert {read_time(form, "时间", SEEN, NOW) for form in forms} == {moment}


def test_platform_and_relative_times() -> None:
    def beijing(text: str) -> str:
        return f"{read_time(text, '时间', SEEN, NOW).astimezone(BEIJING):%Y-%m-%d %H:%M}"

    assert beijing("Tue May 31 17:46:55 +0800 2011") == "2011-05-31 17:46"
    assert beijing("昨天 23:59") == "2025-12-31 23:59"
    assert beijing("12-31 08:30") == "2025-12-31 08:30"  # seen on 1 January, written the day before
    assert beijing("3小时前") == "2026-01-01 07:00"
    assert beijing("20240305") == "2024-03-05 00:00"
    assert beijing("45000") == "2023-03-15 00:00"  # the day count of a spreadsheet
    assert beijing("2026年1月1日 下午 1:05") == "2026-01-01 13:05"


@pytest.mark.parametrize("text", ["", None, "不详", "2020-13-01", "2020-02-30 08:00", "1970-01-01", "2030-01-01", True, "12"])
def test_what_is_no_time_or_lies_out_of_range_is_refused(text: object) -> None:
    with pytest.raises(RowError):
        read_time(text, "发布时间", SEEN, NOW)


def test_a_clock_that_runs_ahead_a_little_does_not_put_posts_into_the_future() -> None:
    assert read_time((NOW + timedelta(minutes=5)).isoformat(), "时间", SEEN, NOW) == NOW


@given(st.text(alphabet=st.characters(), max_size=60))
def test_any_text_can_be_kept(text: str) -> None:
    kept = read_text(text + "\ud83d")
    kept.encode("utf-8")
    assert "\0" not in kept
    assert read_text(kept) == kept


def test_html_of_crawlers_becomes_plain_text_and_plain_text_stays() -> None:
    html = "<a href='/n/临江发布'>@临江发布</a> 停水<br />通知<span class=\"url-icon\"><img alt=[摊手] src=x></span>&amp;"
    assert without_html(html) == "@临江发布 停水\n通知[摊手]&"
    assert without_html("3<5 且 a>b &amp;") == "3<5 且 a>b &amp;"
    assert read_text("通知\u200b\u200b...展开全文") == "通知...展开全文"
