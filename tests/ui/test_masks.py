"""What identifies a citizen does not reach the screen, and what he wrote cannot act on it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.clock import ago, clock, due, span
from ui.masks import mask_name, mask_phone, mask_text
from ui.words import JOINER, plain, ratio, short

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)  # 09:30 in Beijing


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话13812345678,请联系", "电话138****5678,请联系"),
        ("138 1234 5678", "138****5678"),
        ("13812345678", "138****5678"),
        ("+8613812345678", "138****5678"),
        ("身份证350102199003078512。", "身份证35*************512。"),
        ("35010219900307851X", "35*************51X"),
        ("卡6222021234567890123", "卡6222****0123"),
        ("信箱wang.xm@qq.com", "信箱w***@qq.com"),
        ("家里0591-87654321", "家里0591-****4321"),
        ("车牌闽A·12345", "车牌闽A***45"),
    ],
)
def test_numbers_that_point_at_a_person_are_shortened(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize("text", ["拨打12345热线", "2026-03-02 08:05停水", "第20260302号公告", "100万+", "3月5日8时至18时", ""])
def test_what_points_at_nobody_stays(text: str) -> None:
    assert mask_text(text) == text


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text(alphabet="停水了,。请看 abc", max_size=5))
def test_no_mobile_number_gets_through(number: str, around: str) -> None:
    assert number not in mask_text(f"{around}，{number}，{around}")


def test_a_name_keeps_its_first_character_and_not_its_length() -> None:
    assert {mask_name(name) for name in ("王明", "王小明", "王小明爱钓鱼")} == {"王**"}
    assert mask_name("  ") == "匿名"
    assert mask_phone("13900001111") == "139****1111"
    assert mask_phone("8765-4321转2") != "8765-4321转2"
    assert mask_phone("") == ""


@pytest.mark.parametrize(
    "text",
    ["[点我](http://x.cn)", "![图](https://x.cn/a.png)", ":red[急]", ":material/home:", "<b>x</b>", "# 标题", "$a$", "`x`"],
)
def test_a_citizens_text_is_never_markdown(text: str) -> None:
    safe = plain(text).replace("\\", "").replace(JOINER, "")
    assert safe == text
    for sign in "[](){}<>#$`*_":
        assert plain(text).count(sign) == plain(text).count(f"\\{sign}")
    assert "://" not in plain(text)


def test_moments_are_told_as_the_office_tells_them() -> None:
    assert clock(NOW, NOW) == "今日09:30"
    assert clock(NOW - timedelta(hours=10), NOW) == "昨日23:30"
    assert clock(NOW + timedelta(days=1), NOW) == "明日09:30"
    assert clock(NOW - timedelta(days=5), NOW) == "2月25日09:30"
    assert clock(NOW - timedelta(days=100), NOW) == "2025年11月22日09:30"
    assert clock(None, NOW) == "—"
    assert due(datetime(2026, 3, 2, 16, tzinfo=UTC), NOW) == "今日24:00前"
    assert due(datetime(2026, 3, 5, 9, 30, tzinfo=UTC), NOW) == "3月5日17:30前"
    assert [span(seconds) for seconds in (5, 720, 3 * 3600 + 300, 51 * 3600)] == ["5秒", "12分钟", "3小时5分钟", "2天3小时"]
    assert ago(NOW - timedelta(hours=51), NOW) == "2天3小时"


def test_a_share_names_its_denominator() -> None:
    assert ratio(212, 230) == "92%(212/230)"
    assert ratio(0, 0) == "无评论"
    assert ratio(None, None) == "平台未提供总数"
    assert short("一二三四五", 3) == "一二…"
