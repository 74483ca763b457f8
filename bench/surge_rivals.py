"""Two rules in wide use, on the same worlds: EARS C2 that is deaf after own posts, and the last hour against a 7-day average."""

import numpy as np
from numpy.typing import NDArray

from bench.surge_incidents import DAY
from bench.surge_world import WEEK, World

HALF_HOUR, HOUR, MUTE, SILENT_DAYS = 6, 12, 24, 10
"""Buckets; a new account stays silent for ten days, or these rules would fall over every one of them."""


def ears_c2(world: World) -> NDArray[np.float32]:
    """Standard deviations of half an hour above the same half hour of seven days that end two days earlier (Hutwagner 2003).

    Deaf for two hours after an own post. (buckets of the scored half, series)
    """
    sums = moving(world, HALF_HOUR)
    begin = world.scored_from
    past = np.stack([sums[begin - lag * DAY : len(sums) - lag * DAY] for lag in range(3, min(10, begin // DAY + 1))])
    spread = np.maximum(past.std(0), np.sqrt(past.mean(0) + 1))
    score = (sums[begin:] - past.mean(0)) / spread
    posted = np.cumsum(world.posts, 0, dtype=np.int32)
    score[posted[begin:] - posted[begin - MUTE : -MUTE] > 0] = 0
    return silence_new(world, score.astype(np.float32))


def seven_day_average(world: World) -> NDArray[np.float32]:
    """Comments of the last hour over the hourly mean of the last seven days, with a pseudo-count against small numbers."""
    hour, week = moving(world, HOUR), moving(world, WEEK)
    begin = world.scored_from
    mean = week[begin - HOUR : -HOUR] / (WEEK / HOUR)
    return silence_new(world, ((hour[begin:] + 1) / (mean + 1)).astype(np.float32))


def moving(world: World, length: int) -> NDArray[np.float64]:
    """Sums over the last `length` buckets, 0 for what was not collected."""
    total = np.cumsum(np.nan_to_num(world.counts), 0, dtype=np.float64)
    total[length:] = total[length:] - total[:-length]
    return total


def silence_new(world: World, score: NDArray[np.float32]) -> NDArray[np.float32]:
    young = np.arange(len(score))[:, None] + world.scored_from < world.born + SILENT_DAYS * DAY
    score[young & (world.born > 0)] = 0
    return score
