"""The calendar of working days: which years it knows, so that an unknown year is a visible state and never a guess."""

from chinese_calendar.constants import holidays


def known_years() -> tuple[int, int]:
    """First and last year for which 法定节假日 and 调休 are known (State Council notices, by way of chinesecalendar)."""
    years = {day.year for day in holidays}
    return min(years), max(years)


def is_known(year: int) -> bool:
    """Whether working days of that year can be counted."""
    first, last = known_years()
    return first <= year <= last
