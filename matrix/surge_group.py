"""What is weak in each account and present in twenty: one statistic per set of series."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from matrix.surge_rules import Baseline
from matrix.surge_score import Scores
from matrix.surge_tail import Floats

LEAST_EXPECTED = 0.05
"""Comments in a window below which a series says nothing about its group."""
LOUDEST, QUIETEST = 3.0, -2.0
"""Standard deviations beyond which a series counts no more: one loud account does not make a group."""
ELEVATED = 1.0
LEAST_VARIANCE = 0.05
LEARNT_LOW, LEARNT_HIGH = -3.0, 1.5
"""Standard deviations beyond which a sum teaches no more: a matter that is told must not become what the group is used to."""
SHORTFALL = 0.887
"""Mean square of a standard normal variable cut at these two, by Phi(h) - 1/2 - h phi(h) + h^2 (1 - Phi(h)) on either side; what
is learnt is divided by it."""
HALF_LIFE_DAYS = 7
WARM_DAYS = 2
LONG = 2
"""Only the longest windows (30 minutes and three hours): what many do together shows there first."""


@dataclass(frozen=True, slots=True)
class GroupScores:
    """One bucket; arrays (groups)."""

    keys: NDArray[np.int64]
    score: Floats
    """Standard deviations above the group's own mean; 0 with fewer elevated members than `Groups.least`, or in the first days."""
    elevated: NDArray[np.int64]
    """Members more than one standard deviation above what is expected."""
    window: NDArray[np.int64]
    """Place of the window in `Scores.seen`."""


class Groups:
    """Sums of clipped deviations over the members of each group, standardised by the group's own slow mean and variance.

    Common shocks (a festival, the weather, the platform) move all sums of a group, so its own variance adapts the bar.
    Groups may overlap: an organisation and its subtree, a topic in a region. Half-life of what is learnt: 7 days.
    """

    def __init__(self, members: Mapping[int, Sequence[int]], minutes: int = 5, least: int = 5) -> None:
        self.least = least
        self.per_day = 1440 / minutes
        self.keys = np.array(sorted(members), np.int64)
        self.members = {int(key): np.asarray(members[key], np.int64) for key in self.keys}
        self.mean, self.variance = np.zeros((LONG, len(self.keys))), np.ones((LONG, len(self.keys)))
        self.buckets = np.zeros(len(self.keys), np.int64)
        self._bound: tuple[NDArray[np.int64], NDArray[np.intp], NDArray[np.intp]] | None = None

    def regroup(self, members: Mapping[int, Sequence[int]]) -> None:
        """Other members, other groups; a group that stays keeps what was learnt about it."""
        other = Groups(members, least=self.least)
        common, old, new = np.intersect1d(self.keys, other.keys, return_indices=True)
        del common
        other.mean[:, new], other.variance[:, new] = self.mean[:, old], self.variance[:, old]
        other.buckets[new] = self.buckets[old]
        self.keys, self.members, self._bound = other.keys, other.members, None
        self.mean, self.variance, self.buckets = other.mean, other.variance, other.buckets

    def _bind(self, series: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """(group, column) of every membership, for series in this order; members that are no series are passed over."""
        if self._bound is None or not np.array_equal(self._bound[0], series):
            order = np.argsort(series, kind="stable")
            group = np.repeat(np.arange(len(self.keys)), [len(self.members[int(key)]) for key in self.keys])
            wanted = np.concatenate([self.members[int(key)] for key in self.keys]) if len(self.keys) else np.zeros(0, np.int64)
            place = np.minimum(np.searchsorted(series[order], wanted), max(0, len(series) - 1))
            there = series[order[place]] == wanted if len(series) else np.zeros(len(wanted), bool)
            self._bound = series.copy(), group[there], order[place[there]]
        return self._bound[1:]

    def step(self, scores: Scores) -> GroupScores:
        """Judge the bucket of which `Detector.step` gave these scores of all series."""
        group, column = self._bind(scores.keys)
        number = len(self.keys)
        best, elevated, window = np.zeros(number), np.zeros(number, np.int64), np.zeros(number, np.int64)
        windows = len(scores.seen)
        warm = self.buckets >= WARM_DAYS * self.per_day
        speaks = np.bincount(group, scores.baseline[column] != Baseline.LEARNING, number) > 0
        step = np.maximum(1 - 0.5 ** (1 / (self.per_day * HALF_LIFE_DAYS)), 1 / (self.buckets + 1)) * speaks
        for place in range(min(LONG, windows)):
            kind = windows - min(LONG, windows) + place
            z, counts = deviations(scores, kind)
            size = np.bincount(group, counts[column], number)
            total = np.bincount(group, z[column], number) / np.sqrt(np.maximum(size, 1))
            high = np.bincount(group, z[column] > ELEVATED, number).astype(np.int64)
            spread = np.sqrt(np.maximum(self.variance[place], LEAST_VARIANCE))
            standard = np.where(warm & (high >= self.least), (total - self.mean[place]) / spread, 0)
            better = standard > best
            best[better], elevated[better], window[better] = standard[better], high[better], kind
            moved = total - self.mean[place]
            moved = np.where(warm, np.clip(moved, LEARNT_LOW * spread, LEARNT_HIGH * spread), moved)
            self.mean[place] += step * moved
            self.variance[place] += step * (moved * moved / np.where(warm, SHORTFALL, 1) - self.variance[place])
        self.buckets += speaks
        return GroupScores(self.keys.copy(), best, elevated, window)

    def state(self) -> dict[str, NDArray[Any]]:
        """What is learnt about the groups; who belongs to them the caller knows."""
        return {name: value.copy() for name, value in vars(self).items() if name in ("keys", "mean", "variance", "buckets")}

    @classmethod
    def from_state(
        cls, saved: Mapping[str, NDArray[Any]], members: Mapping[int, Sequence[int]], minutes: int = 5, least: int = 5
    ) -> Self:
        """The groups as they were, with today's members."""
        groups = cls({int(key): () for key in saved["keys"]}, minutes, least)
        groups.mean, groups.variance, groups.buckets = (saved[name].copy() for name in ("mean", "variance", "buckets"))
        groups.regroup(members)
        return groups


def deviations(scores: Scores, place: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Clipped deviations in standard deviations, 0 for a series that says nothing (yet), and which ones say something."""
    seen, expected, dispersion = scores.seen[place], scores.expected[place], scores.dispersion[place]
    counts = (expected > LEAST_EXPECTED) & (scores.baseline != Baseline.LEARNING)
    mean = np.maximum(expected, 1e-3)
    z = (seen - mean) / np.sqrt(mean + dispersion * mean * mean)
    return np.where(counts, np.clip(z, QUIETEST, LOUDEST), 0), counts
