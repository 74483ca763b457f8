"""Working time: the calendar of working days and the office clock, where an unknown year is a visible state and never a guess."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

import numpy as np
from chinese_calendar.constants import holidays, workdays
from numpy.typing import ArrayLike, NDArray

OFFSET = 28800
"""Beijing is UTC+8; the day of a moment is the day in Beijing."""

DAY = 86400
EPOCH = date(1970, 1, 1).toordinal()
DEFAULT_HOURS = "08:30-17:30"
FIXED_RESTS = ((1, 1), (5, 1), (10, 1))
"""元旦、劳动节 and 国庆节 stand on fixed dates: a yearly arrangement without one of them is not that of a whole year."""

SPAN = re.compile(r"(\d{1,2})[:\uff1a](\d{2})\s*(?:-|－|–|—|~|～|至|到)\s*(\d{1,2})[:\uff1a](\d{2})")
Hours = tuple[tuple[int, int], ...]
"""Spans of one working day in minutes since midnight, ascending, the end not included: ((510, 720), (810, 1050))."""


class UnknownYearError(ValueError):
    """Working days of a year are asked for whose arrangement of holidays is not loaded; the text is a Chinese sentence."""

    def __init__(self, year: int) -> None:
        super().__init__(f"没有{year}年的放假安排，无法计算工作日：请导入该年的工作日历，或升级程序。")
        self.year = year


def known_years() -> tuple[int, int]:
    """First and last year for which 法定节假日 and 调休 are known (State Council notices, by way of chinesecalendar)."""
    years = {day.year for day in holidays}
    return min(years), max(years)


def is_known(year: int) -> bool:
    """Whether working days of that year can be counted without an imported calendar."""
    first, last = known_years()
    return first <= year <= last


def whole_years(days: Mapping[date, bool]) -> frozenset[int]:
    """The years of which these days (True: working) are the whole arrangement and not a stray day or two."""
    years = {day.year for day in days}
    return frozenset(year for year in years if all(days.get(date(year, *rest)) is False for rest in FIXED_RESTS))


class Calendar:
    """Working days by law: Monday to Friday, but for the exceptions; nothing is said of days outside `years`.

    Days are counted since 1970-01-01 in Beijing. The public arrays have one entry per day from `first` on, the day before
    the first known year and the day after the last one included, so that a place outside them can be clipped.
    """

    def __init__(self, exceptions: Mapping[date, bool], years: frozenset[int]) -> None:
        """`exceptions` says of a day whether it is worked (True) or not; those of other years are passed over."""
        self.exceptions = MappingProxyType(dict(exceptions))
        self.years = frozenset(years)
        lowest, highest = (min(years), max(years)) if years else (1970, 1969)
        self.first = _number(date(lowest, 1, 1)) - 1
        last = _number(date(highest + 1, 1, 1))
        days = np.arange(self.first, last + 1)
        self.known = np.zeros(len(days), dtype=bool)
        for year in years:
            self.known[_number(date(year, 1, 1)) - self.first : _number(date(year + 1, 1, 1)) - self.first] = True
        self.working = self.known & ((days + 3) % 7 < 5)  # 1970-01-01 was a Thursday
        for day, is_working in exceptions.items():
            if day.year in self.years:
                self.working[_number(day) - self.first] = is_working
        self.worked_before = np.concatenate(([0], np.cumsum(self.working)))
        self.known_before = np.concatenate(([0], np.cumsum(self.known)))

    def is_working(self, day: date) -> bool:
        """Raises UnknownYearError for a year that is not loaded."""
        if day.year not in self.years:
            raise UnknownYearError(day.year)
        return bool(self.working[_number(day) - self.first])

    def working_day(self, day: int, count: int) -> int | None:
        """The `count`-th working day after a day; 0 gives the day itself, or the next working day when it is a rest day.

        Days are numbers since 1970-01-01. None when a day that must be looked at lies in a year that is not loaded.
        """
        if count < 0:
            raise ValueError("a negative number of working days")
        looked = day - self.first + (1 if count else 0)
        if not 0 <= looked < len(self.working):
            return None
        wanted = int(self.worked_before[looked]) + max(count, 1)
        found = int(np.searchsorted(self.worked_before, wanted)) - 1
        if found >= len(self.working):
            return None
        is_seen = self.known_before[found + 1] - self.known_before[looked] == found + 1 - looked
        return self.first + found if is_seen else None


def _number(day: date) -> int:
    return day.toordinal() - EPOCH


def legal_calendar(extra: Mapping[date, bool] = MappingProxyType({})) -> Calendar:
    """The calendar of chinesecalendar (notices of the State Council) with imported days (True: working), which win.

    An imported year becomes known when its arrangement is whole (`whole_years`); days of a year that is not are kept for
    the day when it is.
    """
    first, last = known_years()
    exceptions = dict.fromkeys(holidays, False) | dict.fromkeys(workdays, True) | dict(extra)
    return Calendar(exceptions, frozenset(range(first, last + 1)) | whole_years(extra))


def parse_hours(text: str) -> Hours:
    """The minutes of the day in "08:30-12:00,13:30-17:30". Raises ValueError, a Chinese sentence, for what cannot be meant."""
    spans = []
    for part in filter(None, (part.strip() for part in re.split(r"[,，、;；]", text))):
        match = SPAN.fullmatch(part)
        if not match:
            raise ValueError(f"办公时间“{part[:30]}”无法识别：请写成 08:30-12:00,13:30-17:30 的样子。")
        hour, minute, until_hour, until_minute = map(int, match.groups())
        if minute > 59 or until_minute > 59:
            raise ValueError(f"办公时间“{part}”里没有这样的分钟：请写成 08:30-12:00 的样子。")
        spans.append((hour * 60 + minute, until_hour * 60 + until_minute))
    _check(tuple(spans))
    return tuple(spans)


def hours_text(hours: Hours) -> str:
    """The one way in which office hours are written down: "08:30-12:00,13:30-17:30"."""
    return ",".join(f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in hours)


def _check(hours: Hours) -> None:
    if not hours:
        raise ValueError("办公时间是空的：请写成 08:30-12:00,13:30-17:30 的样子。")
    until = 0
    for start, end in hours:
        words = hours_text(((start, end),))
        if end > 1440 or start < 0:
            raise ValueError(f"办公时间“{words}”超出了一天：最晚写到 24:00。")
        if end <= start:
            raise ValueError(f"办公时间“{words}”的结束不晚于开始；跨零点的请分成两段，如 00:00-06:00,22:00-24:00。")
        if start < until:
            raise ValueError(f"办公时间“{words}”与前一段重叠或次序颠倒：请按先后写。")
        until = end


class OfficeClock:
    """Counts the seconds in which an office is open, exact to the second; moments are Unix seconds.

    The hours are the same on every working day. What is known of a stretch of time depends only on the open seconds in it:
    a night that reaches into a year that is not loaded costs nothing, a morning there makes the answer unknown.
    """

    def __init__(self, calendar: Calendar, hours: Sequence[tuple[int, int]]) -> None:
        self.calendar, self.hours = calendar, tuple((start, end) for start, end in hours)
        _check(self.hours)
        is_open = np.zeros(DAY, dtype=np.int64)
        for start, end in self.hours:
            is_open[start * 60 : end * 60] = 1
        # By second of the day: how long the office has been open since midnight. Looking it up beats searching breakpoints.
        self._since_midnight = np.concatenate(([0], np.cumsum(is_open)))
        self._length = int(self._since_midnight[-1])
        self._worked = calendar.worked_before * self._length
        self._known = calendar.known_before * self._length

    def between(self, start: int, end: int) -> int | None:
        """Open seconds from `start` to `end`; None when some of that time lies on days of a year that is not loaded.

        An end before its start counts 0: files that tell only the minute let a reply stand before its question.
        """
        if end <= start:
            return 0
        worked, unknown = self._counts(int(start))
        worked_then, unknown_then = self._counts(int(end))
        return worked_then - worked if unknown_then == unknown else None

    def after(self, start: int, seconds: int) -> int | None:
        """The first moment at which so many open seconds have passed since `start`; closing time, not the next opening.

        None when that cannot be said without a year that is not loaded. No seconds give `start` itself.
        """
        if seconds < 0:
            raise ValueError("a negative number of seconds")
        if seconds == 0:
            return int(start)
        worked, unknown = self._counts(int(start))
        wanted = worked + int(seconds)
        if wanted > self._worked[-1]:
            return None
        place = int(np.searchsorted(self._worked, wanted)) - 1
        second = int(np.searchsorted(self._since_midnight, wanted - self._worked[place]))
        moment = (self.calendar.first + place) * DAY + second - OFFSET
        return moment if self._counts(moment)[1] == unknown else None

    def between_many(self, starts: ArrayLike, ends: ArrayLike) -> NDArray[np.float64]:
        """`between` of each pair as float64, NaN where it is unknown or where one of the moments is NaN."""
        begin, finish = np.asarray(starts), np.asarray(ends)
        is_missing = np.isnan(begin) | np.isnan(finish)
        begin, finish = _whole(begin), _whole(finish)
        worked, unknown = self._counts_many(begin)
        worked_then, unknown_then = self._counts_many(finish)
        seconds = (worked_then - worked).astype(np.float64)
        seconds[(unknown_then != unknown) | is_missing] = np.nan
        seconds[(finish <= begin) & ~is_missing] = 0
        return seconds

    def _counts(self, moment: int) -> tuple[int, int]:
        """Open seconds before a moment on working days, and seconds that would be open were unknown days worked."""
        day, second = divmod(moment + OFFSET, DAY)
        within = int(self._since_midnight[second])
        place = min(max(day - self.calendar.first, 0), len(self.calendar.working) - 1)
        worked = int(self._worked[place]) + (within if self.calendar.working[place] else 0)
        known = int(self._known[place]) + (within if self.calendar.known[place] else 0)
        return worked, day * self._length + within - known

    def _counts_many(self, moments: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        local = moments + OFFSET
        days = local // DAY
        within = self._since_midnight[local - days * DAY]
        places = np.clip(days - self.calendar.first, 0, len(self.calendar.working) - 1)
        worked = self._worked[places] + self.calendar.working[places] * within
        known = self._known[places] + self.calendar.known[places] * within
        return worked, days * self._length + within - known


def _whole(moments: NDArray) -> NDArray[np.int64]:
    return np.nan_to_num(moments).astype(np.int64) if moments.dtype.kind == "f" else moments.astype(np.int64)
