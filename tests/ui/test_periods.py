"""Periods are whole Beijing days, and a date is read as people type it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import periods
from ui.clock import BEIJING

NOW = datetime(2026, 3, 2, 8, 5, tzinfo=BEIJING)


def at(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=BEIJING).timestamp())


@pytest.mark.parametrize(
    ("name", "since", "days", "words"),
    [
        ("近7天", at(2026, 2, 24), 7, "2026年2月24日至3月2日"),
        ("近30天", at(2026, 2, 1), 30, "2026年2月1日至3月2日"),
        ("近90天", at(2025, 12, 3), 90, "2025年12月3日至2026年3月2日"),
        ("本季度", at(2026, 1, 1), 61, "2026年1月1日至3月2日"),
    ],
)
def test_a_named_period_ends_now_and_counts_today(name: str, since: int, days: int, words: str) -> None:
    period = periods.of_name(name, NOW)
    assert tuple(period) == (since, int(NOW.timestamp()))
    assert (period.days, period.words) == (days, words)


def test_shortly_after_midnight_the_day_is_that_of_beijing() -> None:
    night = datetime(2026, 3, 1, 16, 0, 30, tzinfo=UTC)
    assert periods.of_name("近7天", night).since == at(2026, 2, 24)


def test_own_dates_are_whole_days_and_end_now_at_the_latest() -> None:
    assert periods.between(date(2026, 2, 1), date(2026, 2, 3), NOW) == (at(2026, 2, 1), at(2026, 2, 4))
    assert periods.between(date(2026, 3, 1), date(2026, 3, 9), NOW) == (at(2026, 3, 1), int(NOW.timestamp()))
    assert periods.between(date(2026, 3, 1), date(2026, 3, 1), NOW).words == "2026年3月1日"


@pytest.mark.parametrize(
    ("first", "last", "word"),
    [((2026, 3, 2), (2026, 3, 1), "晚于"), ((2026, 3, 3), (2026, 3, 4), "还没有到"), ((2020, 1, 1), (2026, 1, 1), "最长")],
)
def test_days_that_cannot_be_meant_are_refused_with_a_sentence(
    first: tuple[int, int, int], last: tuple[int, int, int], word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        periods.between(date(*first), date(*last), NOW)


@pytest.mark.parametrize("typed", ["2026-03-01", "2026/3/1", "20260301", "2026年3月1日", " 2026.3.1 ", "3月1日", "3-1"])
def test_a_day_is_read_as_people_type_it(typed: str) -> None:
    assert periods.read_day(typed, NOW.date()) == date(2026, 3, 1)


def test_a_day_without_a_year_is_the_latest_one() -> None:
    assert periods.read_day("12月31日", NOW.date()) == date(2025, 12, 31)


@pytest.mark.parametrize("typed", ["", "昨天", "2026-13-01", "2月30日", "99999999", "<b>"])
def test_what_is_no_day_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(ValueError, match="不是日期"):
        periods.read_day(typed, NOW.date())


@given(st.integers(0, 4000))
def test_every_named_period_begins_at_a_midnight_and_before_it_ends(minutes: int) -> None:
    moment = NOW + timedelta(minutes=97 * minutes)
    for name in (*periods.ROLLING, periods.QUARTER):
        since, until = periods.of_name(name, moment)
        assert (since + 28800) % 86400 == 0
        assert since < until <= max(int(moment.timestamp()), since + 1)
