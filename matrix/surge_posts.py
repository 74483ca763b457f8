"""The bump that an account's own posts bring: expected in advance, followed as it comes, learnt from what came."""

import math

import numpy as np
from numpy.typing import NDArray

from matrix.surge_part import Part
from matrix.surge_rules import Parameters
from matrix.surge_tail import Floats

HALF_HOUR = 30
LONG_AGO = 10**6


class Bump(Part):
    """Mean and variance of the comments per bucket that posts bring on top of what is usual.

    A post adds `size x level`, uncertain by about as much; the bump decays with a time constant and follows the data by a scalar
    Kalman step with a clipped innovation. So a usual bump is expected, a five-fold one or a second wave is not, and there is no
    time in which the detector is deaf. `settled_*` are the same quantities before the oldest bucket of the guard band, from
    which late comments are worked in again.
    """

    def __init__(self, size: int, rules: Parameters) -> None:
        self.rules = rules
        zero = lambda: np.zeros(size)  # noqa: E731
        self.mean, self.variance = zero(), zero()
        self.settled_mean, self.settled_variance = zero(), zero()
        self.log_size, self.posts_known = np.full(size, math.log(rules.bump_ratio)), zero()
        self.age = np.full(size, LONG_AGO)
        """Buckets since the last own post."""
        self.settled_age, self.gathered = np.full(size, LONG_AGO), zero()

    def expect(self, posts: Floats, level: Floats) -> None:
        """Let one bucket pass in which so many posts were published."""
        self.mean, self.variance = self._next(self.mean, self.variance, posts, self.sizes(level))
        self.age = np.where(posts > 0, 0, np.minimum(self.age + 1, LONG_AGO))

    def sizes(self, level: Floats) -> Floats:
        """Comments that a post brings in its first bucket."""
        return np.exp(self.log_size) * level + 0.02

    def _next(self, mean: Floats, variance: Floats, posts: Floats, sizes: Floats) -> tuple[Floats, Floats]:
        decay = self.rules.decay
        new = posts * sizes
        return mean * decay + new, variance * decay**2 + posts * (self.rules.bump_spread * sizes) ** 2

    def follow(self, counts: Floats, is_seen: NDArray[np.bool_], usual: Floats, dispersion: Floats) -> None:
        """Let the bump follow what came in the bucket."""
        self.mean, self.variance = correct(self.mean, self.variance, counts, is_seen, usual, dispersion)

    def replay(
        self,
        columns: NDArray[np.intp],
        rows: tuple[Floats, NDArray[np.bool_], Floats, Floats],
        level: Floats,
        dispersion: Floats,
    ) -> tuple[Floats, Floats]:
        """Work the guard band in again for some series and answer with mean and variance of their bumps, bucket by bucket.

        `rows` are counts, whether seen, usual counts and posts, each (buckets, columns), oldest first.
        """
        mean, variance = self.settled_mean[columns], self.settled_variance[columns]
        sizes = self.sizes(level)[columns]
        means, variances = np.empty_like(rows[0]), np.empty_like(rows[0])
        for place, (counts, is_seen, usual, posts) in enumerate(zip(*rows, strict=True)):
            mean, variance = self._next(mean, variance, posts, sizes)
            means[place], variances[place] = mean, variance
            mean, variance = correct(mean, variance, counts, is_seen, usual, dispersion[columns])
        self.mean[columns], self.variance[columns] = mean, variance
        return means, variances

    def settle(
        self,
        counts: Floats,
        is_seen: NDArray[np.bool_],
        usual: Floats,
        posts: Floats,
        level: Floats,
        dispersion: Floats,
    ) -> Floats:
        """Take in the bucket that leaves the guard band; answers with the bump that was in it."""
        mean, variance = self._next(self.settled_mean, self.settled_variance, posts, self.sizes(level))
        spread = np.sqrt(usual + mean + dispersion * usual * usual + variance)
        # A post of which a bucket was not collected teaches nothing.
        extra = np.where(is_seen, np.minimum(counts - usual, 6 * spread + 1), np.nan)
        self._learn_sizes(extra, posts, level)
        self.settled_mean, self.settled_variance = correct(mean, variance, counts, is_seen, usual, dispersion)
        return self.settled_mean

    def _learn_sizes(self, extra: Floats, posts: Floats, level: Floats) -> None:
        """Size of a post against the level, from its first half hour, each step winsorised."""
        span = max(1, round(HALF_HOUR / self.rules.minutes))
        self.settled_age = np.where(posts > 0, 0, np.minimum(self.settled_age + 1, LONG_AGO))
        self.gathered = np.where(self.settled_age == 0, 0, self.gathered) + np.where(self.settled_age < span, extra, 0)
        done = np.flatnonzero((self.settled_age == span - 1) & np.isfinite(self.gathered))
        if not len(done):
            return
        decay = self.rules.decay
        first = np.maximum(self.gathered[done], 0) * (1 - decay) / (1 - decay**span)
        ratio = np.maximum((first + 0.5 * np.exp(self.log_size[done])) / (level[done] + 0.5), 0.05)
        step = np.maximum(1 / (self.posts_known[done] + 1 + self.rules.prior_bump), self.rules.bump_memory)
        self.log_size[done] += step * np.clip(np.log(ratio) - self.log_size[done], -1.5, 1.5)
        self.posts_known[done] += 1


def correct(
    mean: Floats, variance: Floats, counts: Floats, is_seen: NDArray[np.bool_], usual: Floats, dispersion: Floats
) -> tuple[Floats, Floats]:
    """One scalar Kalman step towards the count, with an innovation of at most three standard deviations."""
    total = np.maximum(usual + mean + dispersion * usual * usual + variance, 1e-9)
    gain = np.where(is_seen, variance / total, 0)
    reach = 3 * np.sqrt(total)
    moved = np.maximum(mean + gain * np.clip(counts - usual - mean, -reach, reach), 0)
    return moved, variance * (1 - gain)
