"""The office clock on the hard days, and what a year without a calendar does to it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from matrix import worktime
from matrix.worktime import Calendar, OfficeClock, UnknownYearError, hours_text, legal_calendar, parse_hours

LEGAL = legal_calendar()
WHOLE_2027 = {date(2027, 1, 1): False, date(2027, 5, 1): False, date(2027, 10, 1): False}
HOUR, MINUTE = 3600, 60


def at(text: str) -> int:
    """Unix seconds of a Beijing time, written as 2026-09-18 16:45 with or without seconds."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp())


def office(hours: str, calendar: Calendar = LEGAL) -> OfficeClock:
    return OfficeClock(calendar, parse_hours(hours))


# Received, answered, office hours, working time that passed; 2026 as the State Council arranged it.
HARD_DAYS = {
    "within one morning": ("2026-03-02 09:00", "2026-03-02 10:30", "09:00-17:00", 90 * MINUTE),
    "Friday afternoon to Monday morning": ("2026-03-06 16:45", "2026-03-09 09:15", "09:00-17:00", 30 * MINUTE),
    "an ordinary weekend costs nothing": ("2026-03-06 17:00", "2026-03-09 09:00", "09:00-17:00", 0),
    "at night: the clock starts when the office opens": ("2026-03-02 22:40", "2026-03-03 09:00", "08:30-17:30", 30 * MINUTE),
    "before the office opens": ("2026-03-03 05:00", "2026-03-03 08:31", "08:30-17:30", MINUTE),
    "at night, answered the same night": ("2026-03-02 22:40", "2026-03-02 23:10", "08:30-17:30", 0),
    "17:29 with hours to 17:30": ("2026-03-02 17:29", "2026-03-03 08:31", "08:30-17:30", 2 * MINUTE),
    "17:29:59 with hours to 17:30": ("2026-03-02 17:29:59", "2026-03-03 08:30:01", "08:30-17:30", 2),
    "answered exactly at closing time": ("2026-03-02 16:30", "2026-03-02 17:30", "08:30-17:30", HOUR),
    "received exactly at closing time": ("2026-03-02 17:30", "2026-03-03 09:30", "08:30-17:30", HOUR),
    "across the noon break": ("2026-03-02 11:30", "2026-03-02 14:00", "08:30-12:00,13:30-17:30", HOUR),
    "received within the noon break": ("2026-03-02 12:20", "2026-03-02 13:45", "08:30-12:00,13:30-17:30", 15 * MINUTE),
    "received and answered within the noon break": ("2026-03-02 12:20", "2026-03-02 13:10", "08:30-12:00,13:30-17:30", 0),
    "a whole day with a noon break": ("2026-03-02 00:00", "2026-03-03 00:00", "08:30-12:00,13:30-17:30", 450 * MINUTE),
    "a Saturday that is worked (调休, 14 Feb)": ("2026-02-13 17:00", "2026-02-14 09:30", "09:00-17:00", 30 * MINUTE),
    "a Sunday that is worked (调休, 20 Sep)": ("2026-09-19 12:00", "2026-09-20 12:00", "09:00-17:00", 3 * HOUR),
    "a Monday that is no working day (16 Feb)": ("2026-02-16 09:00", "2026-02-16 17:00", "09:00-17:00", 0),
    "received on a holiday, answered after it": ("2026-10-03 10:00", "2026-10-08 09:20", "09:00-17:00", 20 * MINUTE),
    "answered on a holiday": ("2026-09-30 16:00", "2026-10-03 10:00", "09:00-17:00", HOUR),
    "spring festival between": ("2026-02-14 16:00", "2026-02-24 10:00", "09:00-17:00", 2 * HOUR),
    "new year between two known years": ("2025-12-31 16:00", "2026-01-04 10:00", "09:00-17:00", 2 * HOUR),
    "re-opened: the second question has a clock of its own": ("2026-03-09 10:00", "2026-03-09 10:10", "09:00-17:00", 10 * MINUTE),
    "an answer stamped before its question": ("2026-03-02 10:00:30", "2026-03-02 10:00:00", "09:00-17:00", 0),
    "open day and night": ("2026-03-06 23:00", "2026-03-09 01:00", "00:00-24:00", 2 * HOUR),
}


@pytest.mark.parametrize(("asked", "answered", "hours", "seconds"), HARD_DAYS.values(), ids=HARD_DAYS.keys())
def test_working_time_on_the_hard_days(asked: str, answered: str, hours: str, seconds: int) -> None:
    assert office(hours).between(at(asked), at(answered)) == seconds


# From, working time to pass, office hours, when it has passed.
MOMENTS = {
    "30 minutes from Friday 16:45": ("2026-03-06 16:45", 30 * MINUTE, "09:00-17:00", "2026-03-09 09:15"),
    "to closing time, not to the next opening": ("2026-03-06 16:45", 15 * MINUTE, "09:00-17:00", "2026-03-06 17:00"),
    "to the beginning of the noon break": ("2026-03-06 11:00", HOUR, "08:30-12:00,13:30-17:30", "2026-03-06 12:00"),
    "one second more": ("2026-03-06 11:00", HOUR + 1, "08:30-12:00,13:30-17:30", "2026-03-06 13:30:01"),
    "from the night": ("2026-03-06 02:00", 60, "08:30-17:30", "2026-03-06 08:31"),
    "into a Saturday that is worked": ("2026-02-13 16:30", HOUR, "09:00-17:00", "2026-02-14 09:30"),
    "over National Day": ("2026-09-30 16:00", 2 * HOUR, "09:00-17:00", "2026-10-08 10:00"),
    "no time at all": ("2026-10-01 16:00", 0, "09:00-17:00", "2026-10-01 16:00"),
    "until midnight": ("2026-03-06 23:00", HOUR, "00:00-24:00", "2026-03-07 00:00"),
}


@pytest.mark.parametrize(("start", "seconds", "hours", "end"), MOMENTS.values(), ids=MOMENTS.keys())
def test_when_working_time_has_passed(start: str, seconds: int, hours: str, end: str) -> None:
    assert office(hours).after(at(start), seconds) == at(end)


# The last known year is 2026 here, whatever the package knows by then: from, to, working time or None.
UP_TO_2026 = Calendar({day: worked for day, worked in LEGAL.exceptions.items() if day.year <= 2026}, frozenset(range(2004, 2027)))
UNKNOWN_YEAR = {
    "to the last midnight of the known year": ("2026-12-31 16:00", "2027-01-01 00:00", 90 * MINUTE),
    "into a night of which no calendar would make working time": ("2026-12-31 16:00", "2027-01-01 08:30", 90 * MINUTE),
    "one second into the hours of an unknown day": ("2026-12-31 16:00", "2027-01-01 08:30:01", None),
    "to a later day of the unknown year": ("2026-12-31 16:00", "2027-03-01 10:00", None),
    "within the unknown year": ("2027-03-01 10:00", "2027-03-01 11:00", None),
    "within one night of the unknown year": ("2027-03-01 20:00", "2027-03-02 03:00", 0),
    "no time at all in the unknown year": ("2027-03-01 10:00", "2027-03-01 10:00", 0),
    "from before the first known year": ("2003-12-31 10:00", "2004-01-02 10:00", None),
    "from the evening before the first known year": ("2003-12-31 18:00", "2004-01-02 10:00", 90 * MINUTE),
    "far before": ("1999-01-01 10:00", "1999-01-01 11:00", None),
    "far after": ("2090-01-01 10:00", "2090-01-01 11:00", None),
    "from an unknown year to another": ("1990-01-01 10:00", "2090-01-01 11:00", None),
}


@pytest.mark.parametrize(("asked", "answered", "seconds"), UNKNOWN_YEAR.values(), ids=UNKNOWN_YEAR.keys())
def test_a_year_without_a_calendar_is_unknown_and_never_guessed(asked: str, answered: str, seconds: int | None) -> None:
    clock = office("08:30-17:30", UP_TO_2026)
    assert clock.between(at(asked), at(answered)) == seconds
    many = clock.between_many([at(asked)], [at(answered)])
    assert np.isnan(many[0]) if seconds is None else many[0] == seconds


def test_working_time_that_would_pass_in_an_unknown_year_has_no_end() -> None:
    clock = office("09:00-17:00", UP_TO_2026)
    assert clock.after(at("2026-12-31 16:00"), HOUR) == at("2026-12-31 17:00")
    assert clock.after(at("2026-12-31 16:00"), HOUR + 1) is None
    assert clock.after(at("2027-06-01 16:00"), 1) is None
    assert clock.after(at("2027-06-01 16:00"), 0) == at("2027-06-01 16:00")
    assert clock.after(at("2003-12-31 16:00"), HOUR) is None
    with pytest.raises(ValueError, match="negative"):
        clock.after(at("2026-03-02 10:00"), -1)


def test_an_unknown_year_in_the_middle_makes_only_what_crosses_it_unknown() -> None:
    clock = office("09:00-17:00", Calendar({}, frozenset((2024, 2026))))
    assert clock.between(at("2024-12-31 16:00"), at("2025-01-01 03:00")) == HOUR
    assert clock.between(at("2024-12-31 16:00"), at("2026-01-02 10:00")) is None
    assert clock.between(at("2026-01-01 16:00"), at("2026-01-02 10:00")) == 2 * HOUR
    assert clock.after(at("2024-12-31 16:00"), 2 * HOUR) is None
    assert Calendar({}, frozenset()).working_day(20000, 1) is None


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        ("2026-02-14", True),
        ("2026-02-28", True),
        ("2026-01-04", True),
        ("2026-02-16", False),
        ("2026-09-20", True),
        ("2026-10-10", True),
        ("2026-09-19", False),
        ("2004-01-01", False),
    ],
)
def test_days_moved_by_the_state_council(day: str, is_working: bool) -> None:
    assert LEGAL.is_working(date.fromisoformat(day)) is is_working


def test_every_day_that_the_library_knows_is_judged_as_the_library_does() -> None:
    import chinese_calendar

    first, last = worktime.known_years()
    days = [date.fromordinal(n) for n in range(date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal() + 1)]
    assert [LEGAL.is_working(day) for day in days] == [chinese_calendar.is_workday(day) for day in days]
    with pytest.raises(NotImplementedError):
        chinese_calendar.is_workday(date(last + 1, 1, 1))
    with pytest.raises(UnknownYearError, match=f"没有{last + 1}年的放假安排"):
        LEGAL.is_working(date(last + 1, 1, 1))


def test_an_imported_year_becomes_known_when_it_is_whole_and_imported_days_win() -> None:
    extra = WHOLE_2027 | {date(2027, 2, 6): True, date(2026, 3, 2): False}
    calendar = legal_calendar(extra)
    assert 2027 in calendar.years and calendar.is_working(date(2027, 2, 6)) and not calendar.is_working(date(2026, 3, 2))
    assert calendar.is_working(date(2027, 6, 1)) and not calendar.is_working(date(2027, 10, 1))
    assert 2040 not in legal_calendar({date(2040, 1, 1): False}).years
    assert 2040 not in legal_calendar({date(2040, m, 1): m == 5 for m in (1, 5, 10)}).years


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("08:30-12:00,13:30-17:30", "08:30-12:00,13:30-17:30"),
        ("8:30－12:00", "08:30-12:00"),
        (" 8:30 — 12:00， 13：30～17：30 ；", "08:30-12:00,13:30-17:30"),
        ("9:00至17:00", "09:00-17:00"),
        ("00:00-24:00", "00:00-24:00"),
        ("9:00-12:00,12:00-17:00", "09:00-12:00,12:00-17:00"),
        ("", None),
        ("全天", None),
        ("17:30-08:30", None),
        ("08:30-08:30", None),
        ("08:75-09:00", None),
        ("08:30-24:01", None),
        ("08:30-12:00,11:00-17:00", None),
        ("13:30-17:30,08:30-12:00", None),
    ],
)
def test_office_hours_are_read_as_people_write_them(text: str, written: str | None) -> None:
    if written:
        assert hours_text(parse_hours(text)) == written
        return
    with pytest.raises(ValueError, match="办公时间"):
        parse_hours(text)


def test_a_missing_moment_has_no_working_time() -> None:
    many = office("09:00-17:00").between_many([at("2026-03-02 10:00"), np.nan], [np.nan, at("2026-03-02 10:00")])
    assert np.isnan(many).all()
    assert office("09:00-17:00").between_many([], []).shape == (0,)
