"""When people in the city are awake, at work and on holiday; all in Beijing time."""

from bisect import bisect
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from simulator.mids import BEIJING, day_of, day_start

# Office: posts follow working hours with a small evening; citizens: morning, noon and a high evening.
OFFICE_WEIGHTS = (1, 0, 0, 0, 0, 1, 6, 26, 70, 95, 100, 72, 30, 22, 52, 82, 86, 66, 34, 26, 30, 22, 10, 3)
CITIZEN_WEIGHTS = (18, 9, 5, 3, 3, 6, 16, 40, 62, 70, 72, 76, 84, 66, 58, 60, 66, 74, 80, 90, 100, 98, 74, 40)
OPENS, CLOSES = 8 * 3600 + 1800, 17 * 3600 + 1800
_OFF = (
    ("2025-01-01", 1), ("2025-01-28", 8), ("2025-04-04", 3), ("2025-05-01", 5), ("2025-05-31", 3), ("2025-10-01", 8),
    ("2026-01-01", 3), ("2026-02-15", 9), ("2026-04-04", 3), ("2026-05-01", 5), ("2026-06-19", 3), ("2026-09-25", 3),
    ("2026-10-01", 7), ("2027-01-01", 3), ("2027-02-05", 8), ("2027-04-03", 3), ("2027-05-01", 5), ("2027-06-09", 3),
    ("2027-09-15", 3), ("2027-10-01", 7),
)  # fmt: skip
_MADE_UP = (
    "2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11",
    "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
)  # fmt: skip
_EPOCH = date(1970, 1, 1)
HOLIDAYS = frozenset((date.fromisoformat(first) + timedelta(n) - _EPOCH).days for first, days in _OFF for n in range(days))
WORKED = frozenset((date.fromisoformat(day) - _EPOCH).days for day in _MADE_UP)
_OFFICE_SUM = tuple(accumulate(OFFICE_WEIGHTS))
_CITIZEN_SUM = tuple(accumulate(CITIZEN_WEIGHTS))


def is_working_day(day: int) -> bool:
    """Whether offices are open on a day (days since 1970)."""
    if day in WORKED:
        return True
    return day not in HOLIDAYS and (day + 3) % 7 < 5


def activity(day: int) -> float:
    """How much an office publishes on a day against a working day."""
    if is_working_day(day):
        return 1.0
    return 0.35 if day in HOLIDAYS else 0.45


def office_second(rng: Random) -> int:
    """A second of the day at which an office publishes."""
    return bisect(_OFFICE_SUM, rng.random() * _OFFICE_SUM[-1]) * 3600 + rng.randrange(3600)


def when_awake(rng: Random, at: int) -> int:
    """`at`, or for most of what would fall into the night a moment of the following morning."""
    hour = (at + BEIJING) % 86_400 // 3600
    if rng.random() * 100 < CITIZEN_WEIGHTS[hour] + 30:
        return at
    return at + int((8.5 - hour if hour < 8 else 2.0) * 3600 * (0.6 + 0.8 * rng.random()))


def in_office_hours(rng: Random, at: int) -> int:
    """`at` if an office is open then, else a moment soon after the next opening."""
    day = day_of(at)
    second = at - day_start(day)
    if is_working_day(day) and OPENS <= second < CLOSES:
        return at
    if not is_working_day(day) or second >= CLOSES:
        day += 1
        while not is_working_day(day):
            day += 1
    return day_start(day) + OPENS + int(rng.expovariate(1 / 4500)) % (CLOSES - OPENS)
