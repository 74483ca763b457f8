"""Incidents of the made-up worlds: when they begin, how they grow, and what they add to the rate."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

DAY = 288
"""Buckets of five minutes."""
SINGLE = ("step", "viral", "ramp")
CROSS = ("group", "scattered")
CROSS_SIZE, CROSS_BUCKETS = 20, 36


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident; buckets from `start` to `end` inclusive are its strong phase."""

    kind: str
    series: NDArray[np.int64]
    start: int
    end: int
    is_on_post: bool = False
    is_scored: bool = True


def log_uniform(random: Generator, low: float, high: float, size: int | None = None) -> NDArray[np.float64]:
    return np.exp(random.uniform(np.log(low), np.log(high), size))


def curve_of(kind: str, peak: float, random: Generator) -> tuple[NDArray[np.float64], int]:
    """Extra comments per bucket over time, and the length of the strong phase in buckets.

    step: at once, 1 to 6 h, then decays with 1 h. viral: doubles every 10 to 60 min from 2 % of the peak, stays for 1 h, decays
    with 2 h. ramp: grows evenly over 6 to 12 h, stays for 3 h. Anything else: 3 h at once.
    """
    if kind == "step":
        length = int(random.integers(12, 73))
        return np.concatenate([np.full(length, peak), peak * np.exp(-np.arange(1, 48) / 12)]), length
    if kind == "viral":
        first, doubling = max(0.02 * peak, 0.05), random.uniform(2, 12)
        growth = first * 2 ** (np.arange(max(1, int(doubling * np.log2(max(peak / first, 1.01))))) / doubling)
        return np.concatenate([growth, np.full(12, peak), peak * np.exp(-np.arange(1, 96) / 24)]), len(growth) + 12
    if kind == "ramp":
        length = int(random.integers(72, 145))
        return np.concatenate([peak * np.arange(1, length + 1) / length, np.full(36, peak)]), length + 36
    return np.full(CROSS_BUCKETS, peak), CROSS_BUCKETS


def peak_of(kind: str, rate: float, random: Generator) -> float:
    """Extra comments per bucket at the peak: a multiple of the account's rate, and never less than a floor."""
    if kind in CROSS:
        return max(random.uniform(0.6, 1.5) * rate, 0.3)
    if kind == "ramp":
        return max(float(log_uniform(random, 1.5, 6)) * rate, float(log_uniform(random, 1, 5)))
    return max(float(log_uniform(random, 2, 20)) * rate, float(log_uniform(random, 2, 10)))


@dataclass(frozen=True, slots=True)
class Town:
    """What incidents are set into: mean rates, groups, posts (buckets, series), first bucket of each series."""

    rates: NDArray[np.float64]
    groups: NDArray[np.int64]
    posts: NDArray[np.uint8]
    born: NDArray[np.int64]


def plan(size: int) -> list[tuple[str, int, bool]]:
    """(kind, number, whether scored) for a world of so many series; the numbers of the standard world are for 1,000."""
    share = size / 1000
    single = [("step", round(150 * share), True), ("viral", round(150 * share), True), ("ramp", round(100 * share), True)]
    cross = [(kind, 12, True) for kind in CROSS if size >= 20 * CROSS_SIZE]
    return single + cross + [("unlabelled", round(60 * share), False)]


def happen(town: Town, random: Generator) -> tuple[list[Incident], NDArray[np.float32]]:
    """All incidents of a world and what they add (buckets, series). An account has at most one in three days."""
    total, size = town.posts.shape
    half = total // 2 // DAY
    busy = np.zeros((total // DAY + 2, size), bool)
    extra, incidents = np.zeros((total, size), np.float32), []
    for kind, number, is_scored in plan(size):
        for count in range(number):
            shape = SINGLE[count % 3] if kind == "unlabelled" else kind
            days = (half, total // DAY - 1) if is_scored else (3, half - 1)
            who, start, is_on_post = find_place(town, random, shape, count, days, busy)
            busy[start // DAY, who] = True
            end = start
            for series in who:
                curve, strong = curve_of(shape, peak_of(shape, float(town.rates[series]), random), random)
                fits = min(len(curve), total - start)
                extra[start : start + fits, series] += curve[:fits]
                end = min(total - 1, start + strong)
            incidents.append(Incident(shape, who, start, end, is_on_post, is_scored))
    return incidents, extra


def find_place(
    town: Town, random: Generator, kind: str, count: int, days: tuple[int, int], busy: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], int, bool]:
    """Accounts and first bucket, between 06 and 24 h; every fourth step or viral one begins under an own post (pile-on)."""
    size = town.posts.shape[1]
    while True:
        if kind == "group":
            who = random.choice(np.flatnonzero(town.groups == count % (town.groups.max() + 1)), CROSS_SIZE, replace=False)
        else:
            who = random.choice(size, CROSS_SIZE if kind in CROSS else 1, replace=False)
        start = int(random.integers(*days)) * DAY + int(random.integers(72, 288))
        is_on_post = kind in ("step", "viral") and count % 4 == 0
        if is_on_post:
            own = np.flatnonzero(town.posts[days[0] * DAY : days[1] * DAY, who[0]])
            if not len(own):
                continue
            start = days[0] * DAY + int(random.choice(own)) + int(random.integers(0, 7))
        day = start // DAY
        if not busy[day - 1 : day + 2, who].any() and (town.born[who] + DAY < start).all():
            return who, start, is_on_post
