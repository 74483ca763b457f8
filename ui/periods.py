"""Periods of whole Beijing days: what 近30天 or 本季度 means at a moment, and dates as people type them."""

import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from ui.clock import BEIJING, beijing

ROLLING = {"近7天": 7, "近30天": 30, "近90天": 90}
QUARTER, CUSTOM = "本季度", "自定义"
LONGEST = 1100
"""Days; three years, so that one mistyped year does not ask for everything that was ever collected."""

TYPED = re.compile(r"(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")


class Period(NamedTuple):
    """From `since` (a Beijing midnight) to just before `until`, both Unix seconds."""

    since: int
    until: int

    @property
    def first_day(self) -> date:
        return beijing(self.since).date()

    @property
    def last_day(self) -> date:
        return beijing(self.until - 1).date()

    @property
    def days(self) -> int:
        """How many Beijing days it touches."""
        return (self.last_day - self.first_day).days + 1

    @property
    def words(self) -> str:
        """2026年3月1日至7日, 3月28日至4月2日: the year only where it must be named."""
        first, last = self.first_day, self.last_day
        begin = f"{first.year}年{first.month}月{first.day}日"
        if first == last:
            return begin
        if first.year != last.year:
            return f"{begin}至{last.year}年{last.month}月{last.day}日"
        return f"{begin}至{last.month}月{last.day}日" if first.month != last.month else f"{begin}至{last.day}日"


def midnight(day: date) -> int:
    """When a Beijing day begins, Unix seconds."""
    return int(datetime.combine(day, time(), BEIJING).timestamp())


def of_name(name: str, now: datetime) -> Period:
    """A named period that ends at `now`; today counts as one of its days."""
    today = beijing(now).date()
    if name == QUARTER:
        first = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    else:
        first = today - timedelta(days=ROLLING[name] - 1)
    return Period(midnight(first), max(int(now.timestamp()), midnight(first) + 1))


def between(first: date, last: date, now: datetime) -> Period:
    """Both days and all between, cut off at `now`.

    Raises ValueError with a sentence for days in the wrong order, in the future, or too many.
    """
    if first > last:
        raise ValueError("开始日期晚于结束日期，请调整。")
    if first > beijing(now).date():
        raise ValueError("开始日期还没有到，请改为今天或更早。")
    if (last - first).days >= LONGEST:
        raise ValueError(f"时段最长{LONGEST}天，请缩短。")
    end = midnight(last + timedelta(days=1)) if last < date.max else midnight(last)
    return Period(midnight(first), max(min(end, int(now.timestamp())), midnight(first) + 1))


def read_day(typed: str, today: date) -> date:
    """A day as people type it: 2026-03-01, 2026/3/1, 20260301, 2026年3月1日; 3月1日 is the latest one up to today.

    Raises ValueError with a sentence for what is no day.
    """
    text = typed.strip()
    found = COMPACT.fullmatch(text) or TYPED.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        year, month, day = (int(part) if part else 0 for part in found.groups())
        if year:
            return date(year, month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year <= today else date(today.year - 1, month, day)
    except ValueError:
        raise ValueError(f"“{text[:20]}”不是日期，请按“2026-03-01”填写。") from None
