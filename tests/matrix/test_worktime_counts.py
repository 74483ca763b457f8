"""The office clock against a count of single seconds by the library, and what must hold of it for any two moments."""

from datetime import datetime
from zoneinfo import ZoneInfo

import chinese_calendar
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrix.worktime import Calendar, OfficeClock, legal_calendar, parse_hours

LEGAL = legal_calendar()
UP_TO_2026 = Calendar({day: worked for day, worked in LEGAL.exceptions.items() if day.year <= 2026}, frozenset(range(2004, 2027)))
OFFICES = ("08:30-17:30", "09:00-17:00", "08:30-12:00,13:30-17:30", "00:00-24:00", "09:00-12:00,12:00-12:01,23:59-24:00")


def at(text: str) -> int:
    """Unix seconds of a Beijing time."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp())


def office(hours: str, calendar: Calendar = LEGAL) -> OfficeClock:
    return OfficeClock(calendar, parse_hours(hours))


def is_open(moment: int, hours: str) -> bool:
    local = datetime.fromtimestamp(moment, ZoneInfo("Asia/Shanghai"))
    if not chinese_calendar.is_workday(local.date()):
        return False
    clock = f"{local:%H:%M}"
    return any(span[:5] <= clock < span[6:] for span in hours.split(","))


@pytest.mark.parametrize("seed", range(4))
def test_between_is_what_counting_single_seconds_gives(seed: int) -> None:
    dice = np.random.default_rng(seed)
    hours = OFFICES[seed % 3]
    for _ in range(3):
        start = at("2026-02-13 00:00") + int(dice.integers(0, 18 * 86400))
        end = start + int(dice.integers(0, 9000))
        assert office(hours).between(start, end) == sum(is_open(moment, hours) for moment in range(start, end))


@pytest.mark.parametrize("seed", range(4))
def test_long_spans_are_what_counting_single_minutes_gives(seed: int) -> None:
    dice = np.random.default_rng(seed)
    hours = OFFICES[seed]
    start = at("2025-01-01 00:00") + 60 * int(dice.integers(0, 600 * 1440))
    end = start + 60 * int(dice.integers(0, 12 * 1440))
    assert office(hours).between(start, end) == 60 * sum(is_open(moment, hours) for moment in range(start, end, 60))


MOMENT = st.integers(at("2003-06-01 00:00"), at("2028-06-01 00:00"))
NEAR = st.integers(at("2026-12-25 00:00"), at("2027-01-05 00:00"))
CLOCKS = [office(hours, UP_TO_2026) for hours in OFFICES]


@given(st.sampled_from(CLOCKS), st.lists(MOMENT | NEAR, min_size=3, max_size=3).map(sorted))
def test_between_adds_up_grows_and_is_unknown_exactly_when_a_part_is(clock: OfficeClock, moments: list[int]) -> None:
    a, b, c = moments
    first, second, whole = clock.between(a, b), clock.between(b, c), clock.between(a, c)
    if whole is None:
        assert first is None or second is None
    else:
        assert first is not None and second is not None
        assert first + second == whole and 0 <= first <= b - a


@given(st.sampled_from(CLOCKS), MOMENT | NEAR, st.integers(0, 40 * 86400))
def test_after_is_the_first_moment_at_which_the_time_has_passed(clock: OfficeClock, start: int, seconds: int) -> None:
    moment = clock.after(start, seconds)
    if moment is None:
        return
    assert clock.between(start, moment) == seconds
    if seconds:
        assert clock.between(start, moment - 1) == seconds - 1


@given(st.sampled_from(CLOCKS), MOMENT | NEAR, st.integers(0, 90 * 86400))
def test_after_undoes_between(clock: OfficeClock, start: int, span: int) -> None:
    seconds = clock.between(start, start + span)
    if seconds is not None:
        moment = clock.after(start, seconds)
        assert moment is not None and moment <= start + span
        assert clock.between(moment, start + span) == 0


@settings(max_examples=30)
@given(st.sampled_from(CLOCKS), st.lists(st.tuples(MOMENT | NEAR, MOMENT | NEAR), min_size=1, max_size=20))
def test_many_at_once_are_what_each_alone_is(clock: OfficeClock, pairs: list[tuple[int, int]]) -> None:
    starts, ends = np.array(pairs).T
    many = clock.between_many(starts, ends)
    assert many.dtype == np.float64
    assert [None if np.isnan(value) else int(value) for value in many] == [clock.between(a, b) for a, b in pairs]
