"""Made-up worlds for the surge detector: comments of a matrix in buckets of five minutes, with incidents that are known."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bench.surge_incidents import DAY, Incident, Town, happen, log_uniform

WEEK = 7 * DAY
GROUPS = 20
HOLIDAY = (37, 40)
"""Days of the sixth week that are a holiday: the calendar knows it, the detector does not know how loud it will be."""

DAYS = np.array(
    [  # evening, office, morning: comments by hour, in units of the mean
        [.35, .2, .12, .1, .1, .15, .35, .7, .9, 1, 1, 1.1, 1.3, 1.2, 1, 1, 1, 1.1, 1.2, 1.5, 1.9, 2, 1.6, .9],
        [.15, .1, .08, .06, .06, .1, .25, .6, 1.5, 2, 2, 1.8, 1.3, 1.3, 1.8, 1.9, 1.8, 1.5, .9, .8, .8, .7, .5, .3],
        [.3, .2, .15, .15, .2, .5, 1.3, 2, 2, 1.6, 1.3, 1.2, 1.3, 1.1, .9, .9, .9, 1, 1.1, 1.2, 1.2, 1, .8, .5],
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class World:
    """Arrays (buckets, series) unless said otherwise; bucket 0 begins on a Monday, the second half is scored."""

    is_hard: bool
    counts: NDArray[np.float32]
    """NaN where an hour was not collected or the account did not exist yet."""
    posts: NDArray[np.uint8]
    """Own posts that the detector is told of."""
    is_holiday: NDArray[np.bool_]
    groups: NDArray[np.int64]
    incidents: list[Incident]
    extra: NDArray[np.float32]
    """Expected comments of the incidents."""
    expected: NDArray[np.float32]
    """True rate without incidents, but with noise, posts and harmless bursts."""
    normal: NDArray[np.float32]
    """Level x season x drift alone."""
    shifts: list[tuple[int, int]]
    """Lasting, harmless changes of level: (bucket, series)."""
    born: NDArray[np.int64]

    @property
    def scored_from(self) -> int:
        return len(self.counts) // 2


def make_world(seed: int, size: int = 1000, is_hard: bool = False, weeks: int = 8) -> World:
    """Standard or hard world from one seed.

    Standard: rates 0.01 to 200 per bucket, three shapes of a day, weekends, hour-of-week wobble, a daily walk of the level, noise
    that lasts two hours, negative-binomial counts (size 2 to 30), 0.2 to 4 posts a day whose bump (median three times the rate)
    decays in 45 min. Hard, to break what the detector assumes: bumps with a heavy tail and wider sizes, a tenth of the posts
    unknown, stronger noise, size 0.8 to 20, 5 % of accounts with a harmless burst a day, 10 % new accounts, lasting shifts of
    level, 1 % of the hours missing.
    """
    random = np.random.default_rng([seed, int(is_hard)])
    total, half = weeks * WEEK, weeks // 2 * WEEK
    rates = log_uniform(random, 0.01, 200, size)
    groups = random.permutation(size) % min(GROUPS, size)
    bucket = np.arange(total)
    is_holiday = (bucket // DAY >= HOLIDAY[0]) & (bucket // DAY < HOLIDAY[1])
    season = seasons(random, size)
    rate = season[bucket % WEEK]
    rate[is_holiday] = season[6 * DAY + bucket[is_holiday] % DAY] * random.uniform(0.5, 1.2, size).astype(np.float32)
    drift = np.exp(np.cumsum(random.normal(0, 0.03, (total // DAY, size)), 0))
    rate *= (rates * drift[bucket // DAY]).astype(np.float32)
    normal = rate.copy()
    shake(rate, random, (0.1, 0.5) if is_hard else (0.05, 0.25))
    posts = publish(rate, rates, random, is_hard)
    shifts, born = [], np.zeros(size, np.int64)
    if is_hard:
        burst(rate, rates, random)
        shifts = shift(rate, normal, random, half)
        new = random.choice(size, size // 10, replace=False)
        born[new] = half + random.integers(0, WEEK, len(new))
    incidents, extra = happen(Town(rates, groups, posts, born), random)
    width = log_uniform(random, 0.8, 20, size) if is_hard else log_uniform(random, 2, 30, size)
    counts = np.empty((total, size), np.float32)
    for start in range(0, total, WEEK):
        rows = slice(start, start + WEEK)
        counts[rows] = random.poisson((rate[rows] + extra[rows]) * random.standard_gamma(width, (WEEK, size)) / width)
    if is_hard:
        counts[np.repeat(random.random((total // 12, size)) < 0.01, 12, 0) | (bucket[:, None] < born)] = np.nan
    return World(is_hard, counts, posts, is_holiday, groups, incidents, extra, rate, normal, shifts, born)


def seasons(random: Generator, size: int) -> NDArray[np.float32]:
    """Profiles of a week (buckets, series) with mean 1."""
    hours = np.arange(WEEK) / 12
    found = np.empty((WEEK, size), np.float32)
    for series in range(size):
        shape, late, weekend = DAYS[random.integers(3)], random.uniform(-1, 1), random.uniform(0.4, 1.3)
        week = np.tile(shape, 7) * np.exp(random.normal(0, 0.15, 168))
        week[120:] *= weekend
        found[:, series] = np.interp((hours - 0.5 + late) % 168, np.arange(169), np.append(week, week[0]))
    return found / found.mean(0)


def shake(rate: NDArray[np.float32], random: Generator, widths: tuple[float, float]) -> None:
    """Multiply by a log-normal noise that is remembered for two hours, of a width of its own for each series."""
    size = rate.shape[1]
    kept, width = np.exp(-1 / 24), random.uniform(*widths, size)
    noise = random.normal(0, 1, size)
    for row in rate:
        noise = kept * noise + np.sqrt(1 - kept * kept) * random.standard_normal(size)
        row *= np.exp(width * noise - width * width / 2).astype(np.float32)


def publish(rate: NDArray[np.float32], rates: NDArray[np.float64], random: Generator, is_hard: bool) -> NDArray[np.uint8]:
    """Add the bumps of own posts, 08 to 22 h, half as many on weekends; answers with the posts that are known."""
    total, size = rate.shape
    posts, bump = np.zeros((total, size), np.uint8), np.zeros((total, size), np.float32)
    per_day, length = log_uniform(random, 0.2, 4, size), 96 if is_hard else 60
    for day in range(total // DAY):
        number = random.poisson(per_day * (0.5 if day % 7 >= 5 else 1))
        for series in np.repeat(np.arange(size), number):
            at = day * DAY + int(random.integers(96, 264))
            peak = rates[series] * np.exp(random.normal(np.log(3), 1.0 if is_hard else 0.7))
            decay = 9 * np.exp(random.normal(0, 0.3))
            age = np.arange(min(length, total - at))
            posts[at, series] += not (is_hard and random.random() < 0.1)
            bump[at : at + len(age), series] += peak * ((1 + age / decay) ** -1.6 if is_hard else np.exp(-age / decay))
    rate += bump
    return posts


def burst(rate: NDArray[np.float32], rates: NDArray[np.float64], random: Generator) -> None:
    """One account in twenty bursts about once a day for no reason."""
    total, size = rate.shape
    for series in random.choice(size, size // 20, replace=False):
        for at in np.flatnonzero(random.random(total) < 1 / DAY):
            age = np.arange(min(30, total - at))
            rate[at : at + len(age), series] += rates[series] * np.exp(random.normal(1, 0.8)) * np.exp(-age / 4)


def shift(rate: NDArray[np.float32], normal: NDArray[np.float32], random: Generator, half: int) -> list[tuple[int, int]]:
    """Three accounts in a hundred move to a higher level for good."""
    total, size = rate.shape
    found = []
    for series in random.choice(size, 3 * size // 100, replace=False):
        at, jump = int(random.integers(half, total)), random.uniform(1.5, 3)
        rate[at:, series] *= jump
        normal[at:, series] *= jump
        found.append((at, int(series)))
    return found
