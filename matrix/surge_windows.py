"""The last three hours, bucket by bucket, their sums over the windows, and how widely such sums usually scatter."""

import numpy as np
from numpy.typing import NDArray

from matrix.surge_part import Part
from matrix.surge_rules import Parameters
from matrix.surge_tail import Floats

COUNT, EXPECTED, VARIANCE, CITIZENS = range(4)
"""Rows of a sum."""


class Windows(Part):
    """Rings of the guard band (one row per bucket, at bucket % length) and running sums of each window.

    A bucket that was not collected is in no sum, neither with its count nor with its expectation.
    """

    def __init__(self, size: int, rules: Parameters) -> None:
        self.rules = rules
        self.length = max(rules.windows)
        ring = lambda kind=np.float64: np.zeros((self.length, size), kind)  # noqa: E731
        self.counts, self.citizens, self.usual, self.expected, self.variance = (ring() for _ in range(5))
        self.posts, self.is_seen = ring(np.float32), ring(np.bool_)
        self.sums = np.zeros((len(rules.windows), 4, size))
        self.dispersion = np.array(rules.of_window(rules.dispersions))[:, None] + np.zeros(size)
        self.scatter, self.weight = np.zeros_like(self.dispersion), np.zeros_like(self.dispersion)
        self.fresh, self.all = np.zeros(size), np.zeros(size)

    def add(self, bucket: int, row: dict[str, Floats | NDArray[np.bool_]]) -> None:
        """Write one bucket over the one that left the guard band, and move the sums on."""
        here = bucket % self.length
        for place, window in enumerate(self.rules.windows):
            self.sums[place] -= self._cells((bucket - window) % self.length)
        for name, values in row.items():
            getattr(self, name)[here] = values
        self.sums += self._cells(here)
        np.maximum(self.sums, 0, out=self.sums)
        if here == 0:
            self.add_up(bucket, np.arange(self.sums.shape[-1]))

    def _cells(self, row: int) -> Floats:
        seen = self.is_seen[row]
        return np.stack([self.counts[row], self.expected[row] * seen, self.variance[row] * seen, self.citizens[row]])

    def add_up(self, bucket: int, columns: NDArray[np.intp]) -> None:
        """Sum the windows of some series anew: after late comments, and once per turn of the ring against rounding."""
        for place, window in enumerate(self.rules.windows):
            rows = (np.arange(bucket - window + 1, bucket + 1) % self.length)[:, None]
            seen = self.is_seen[rows, columns]
            self.sums[place, COUNT, columns] = self.counts[rows, columns].sum(0)
            self.sums[place, EXPECTED, columns] = (self.expected[rows, columns] * seen).sum(0)
            self.sums[place, VARIANCE, columns] = (self.variance[rows, columns] * seen).sum(0)
            self.sums[place, CITIZENS, columns] = self.citizens[rows, columns].sum(0)

    def order(self, bucket: int) -> NDArray[np.int64]:
        """Rows of the ring from the oldest bucket of the guard band to this one."""
        return np.arange(bucket - self.length + 1, bucket + 1) % self.length

    def credited(self, counts: Floats, citizens: Floats, columns: NDArray[np.intp] | slice = slice(None)) -> Floats:
        """Comments that count: no more than the fresh citizens among their authors usually write, with some slack.

        A fresh citizen has not written to the series in the three hours before. Where nobody counts citizens every comment
        stands for one, and nothing is cut.
        """
        return np.minimum(counts, self.rules.citizens_slack * citizens / self._share(columns))

    def _share(self, columns: NDArray[np.intp] | slice) -> Floats:
        prior = self.rules.prior_citizens
        share = (self.fresh[columns] + prior * self.rules.citizens_share) / (self.all[columns] + prior)
        return np.clip(share, 0.3, 1)

    def learn_share(self, row: int) -> None:
        """Fresh citizens per comment, from the bucket that leaves the guard band; half-life as that of the level."""
        halved = self.rules.halved_in(24 * self.rules.level_days)
        self.fresh = self.fresh * halved + self.citizens[row]
        self.all = self.all * halved + self.counts[row]

    def doubted(self, doubt: Floats) -> Floats:
        """Relative variance of each window beyond Poisson (windows, series)."""
        lengths = np.array(self.rules.windows)[:, None]
        return doubted(self.dispersion, self.sums[:, VARIANCE], self.sums[:, EXPECTED], doubt, lengths)

    def learn_scatter(self, is_calm: NDArray[np.bool_], doubt: Floats) -> None:
        """Dispersion by decayed moments of the windows as they stand, shrunk to their pool; every three hours.

        Only calm series that are past their first day teach, and what the fewness of their counts explains is no scatter.
        """
        rules = self.rules
        halved = 0.5 ** (1 / rules.dispersion_visits)
        for place, first in enumerate(rules.of_window(rules.dispersions)):
            count, mean, variance, _ = self.sums[place]
            reach = 4 * np.sqrt(mean + self.dispersion[place] * mean**2 + variance) + 2
            info = is_calm / (1 + first * mean) ** 2
            moment = np.clip(count - mean, -reach, reach) ** 2 - mean - variance - doubt * mean**2
            self.scatter[place] = self.scatter[place] * halved + info * moment
            self.weight[place] = self.weight[place] * halved + info * mean**2
            pool = max((self.scatter[place].sum() + 20 * first) / (self.weight[place].sum() + 20), 0.005)
            prior = rules.prior_dispersion
            self.dispersion[place] = np.clip((self.scatter[place] + prior * pool) / (self.weight[place] + prior), 0.25 * pool, 4)


def doubted(dispersion: Floats, variance: Floats, mean: Floats, doubt: Floats, lengths: NDArray[np.int_]) -> Floats:
    """Relative variance beyond Poisson: own scatter, the doubt about the bump and about the expectation.

    An error about a bump outlasts a bucket, so it weighs twice in a longer sum.
    """
    return dispersion + variance / np.maximum(mean, 1e-3) ** 2 * np.where(lengths == 1, 1, 2) + doubt
