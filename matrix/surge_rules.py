"""What the surge detector is told: its numbers, the kind of a day, and where a bucket lies in the week."""

import math
from dataclasses import dataclass
from enum import IntEnum

HOURS = 168
"""Slots of the weekly season: hours from Monday 00:00, Beijing time."""
WEEK = HOURS * 60
BEIJING_OFFSET = 8 * 60 + 3 * 1440
"""Minutes from Monday 00:00 to the epoch: 1970-01-01 was a Thursday, and Beijing is 8 hours ahead."""


class DayKind(IntEnum):
    """What the calendar says about a day; moved weekends are known in advance."""

    USUAL = 0
    REST = 1
    """A holiday on a weekday: behaves like a Sunday."""
    WORK = 2
    """A weekend day that is worked: behaves like the weekday beside it."""


class Baseline(IntEnum):
    """Whether a series can be judged in this bucket; `label` is the Chinese word for it."""

    READY = 0
    LEARNING = 1
    GAP = 2

    @property
    def label(self) -> str:
        return ("正常", "基线积累中", "未采集")[self]


@dataclass(frozen=True, slots=True)
class Parameters:
    """Every number of the detector; the reasons are in docs/decisions/0010-what-a-surge-is.md.

    Rates are per bucket, times carry their unit in the name, the `prior_*` are weights in counts with which a pooled value
    goes into an estimate of one series.
    """

    minutes: int = 5
    """Length of a bucket; divides an hour or is a whole number of hours."""
    window_minutes: tuple[int, ...] = (5, 15, 30, 180)
    least_excess: tuple[float, ...] = (4, 4, 5, 8)
    """Comments above what is expected, per window, below which nothing is material."""
    least_ratio: float = 1.5
    trust: tuple[float, ...] = (0.71, 0.97, 1.05, 1.05)
    """What a raw score of each window is worth: the shorter, the more easily fooled.
    Their common factor puts the threshold of every day at 5."""
    learning_hours: float = 24
    """Less data than this and a series is not judged at all."""
    new_hours: float = 12
    """The doubt about a young series is 1 / (1 + hours / new_hours), as relative variance."""

    dispersions: tuple[float, ...] = (0.15, 0.10, 0.06, 0.04)
    """Relative variance beyond Poisson that a window is expected to show before there is data."""
    prior_dispersion: float = 40
    dispersion_visits: float = 56
    """Half-life of what is learnt about dispersion, in steps of three hours: a week."""

    level_days: float = 7
    prior_level: float = 1
    prior_rate: float = 0.2
    """Comments in five minutes that a series is expected to have before there is data."""
    local_hours: float = 96
    prior_local: float = 20
    local_bounds: tuple[float, float] = (0.4, 2.5)
    week_visits: float = 3
    prior_day: float = 8
    prior_week: float = 12

    decay_minutes: float = 45
    """In this time the comments under a post fall to 1/e."""
    bump_ratio: float = 3
    """Comments of a post's first bucket in units of the level, before there is data."""
    bump_spread: float = 1
    """Standard deviation of the size of a bump in units of its expected size."""
    prior_bump: float = 2
    bump_memory: float = 0.05
    """What is the least weight of the newest post in the learnt size of bumps."""

    topic_spread: float = 0.5
    """How far the comments under one post keep to one topic: 0, each has its own; 1, all have the same."""

    burst_norm: float = 2.3
    """A usual daily maximum of the raw score; only what is burstier gets a higher bar."""
    burst_power: float = 0.5
    """How far burstiness counts: 1 would make a lively account deaf to what is loud for everybody."""
    burst_cap: float = 5
    prior_burst: float = 2
    burst_memory: float = 0.97
    record_days: float = 17
    novelty_power: float = 0.7
    """How far it counts that the excess is smaller than the largest of the last weeks."""

    alarming: float = 5
    """Score from which what happens is hardly learnt, for `frozen_minutes` on."""
    frozen_minutes: int = 360
    frozen_weight: float = 0.1

    citizens_share: float = 0.85
    """Fresh citizens per comment, before there is data."""
    prior_citizens: float = 20
    citizens_slack: float = 1.25
    """A window counts no more comments than this many times what its fresh citizens usually write."""

    silence: float = 1e-6
    """A busy series has fallen when zero comments would be less likely than this."""

    def __post_init__(self) -> None:
        if self.minutes < 1 or (60 % self.minutes and self.minutes % 60) or 1440 % self.minutes:
            raise ValueError("时间桶须能整除一小时，或为能整除一天的整小时数。")

    @property
    def windows(self) -> tuple[int, ...]:
        """Lengths of the windows in buckets, ascending; short ones fall together where buckets are long."""
        return tuple(sorted({max(1, round(length / self.minutes)) for length in self.window_minutes}))

    @property
    def per_hour(self) -> float:
        return 60 / self.minutes

    @property
    def ready_hours(self) -> float:
        """Data that a series needs before it is judged: `learning_hours`, and at least seven buckets where those are days."""
        return max(self.learning_hours, 7 * self.minutes / 60)

    def of_window(self, values: tuple[float, ...]) -> tuple[float, ...]:
        """One of `values` for each of `windows`: those of the longest lengths that still fit."""
        return values[len(values) - len(self.windows) :]

    def halved_in(self, hours: float) -> float:
        """Factor of one bucket for what halves in so many hours."""
        return 0.5 ** (1 / (hours * self.per_hour))

    @property
    def decay(self) -> float:
        """Factor of one bucket for the bump of a post."""
        return math.exp(-self.minutes / self.decay_minutes)


def minute_of_week(bucket: int, minutes: int, kind: DayKind = DayKind.USUAL) -> int:
    """Minutes from Monday 00:00 Beijing time to the start of a bucket (its Unix time / length), moved to the day it is like."""
    minute = (bucket * minutes + BEIJING_OFFSET) % WEEK
    day = minute // 1440
    if kind is DayKind.REST:
        day = 6
    elif kind is DayKind.WORK and day >= 5:
        day = 4 if day == 5 else 0
    return day * 1440 + minute % 1440


def ends_day(bucket: int, minutes: int) -> bool:
    """Whether Beijing's midnight ends this bucket, or falls into it."""
    return (bucket * minutes + BEIJING_OFFSET) % 1440 + minutes >= 1440
