"""What a series is used to: its level, its week, and how it has run lately."""

import numpy as np
from numpy.typing import NDArray

from matrix.surge_part import Part
from matrix.surge_rules import HOURS, Parameters
from matrix.surge_tail import Floats


class Level(Part):
    """Comments per bucket = level x hour of the week x local factor, all from decayed sums of counts and of exposure.

    The level has a half-life of days, an hour of the week one of three visits, the local factor four days. An hour borrows from
    the same hour of the other workdays (or weekend days), that from the same hour of all days, that from the pool of all series:
    so a small account has a plausible night long before it has data of one.
    """

    SHARED = ("hour",)

    def __init__(self, size: int, rules: Parameters) -> None:
        self.rules = rules
        zero = lambda *shape, kind=np.float64: np.zeros((*shape, size), kind)  # noqa: E731
        self.first_rate = rules.prior_rate * rules.minutes / 5
        self.level = np.full(size, self.first_rate)
        self.counted, self.exposed = zero(), zero()
        self.lately, self.lately_expected = zero(), zero()
        self.slot_counted, self.slot_exposed = zero(HOURS, kind=np.float32), zero(HOURS, kind=np.float32)
        self.season = zero(HOURS, kind=np.float32) + np.float32(1)
        self.hours = zero()
        """Hours of data, ever."""
        self.hour_counted, self.hour_buckets = zero(), zero()
        self.hour = np.array([-1])

    def base(self, minute: int) -> Floats:
        """Expected comments of the bucket that starts at this minute of the week, without the local factor."""
        if self.rules.minutes >= 60:
            return np.maximum(self.level * self.season[minute // 60], 1e-4)
        place = minute / 60 - 0.5
        before = int(np.floor(place))
        share = np.float32(place - before)
        factor = self.season[before % HOURS] * (1 - share) + self.season[(before + 1) % HOURS] * share
        return np.maximum(self.level * factor, 1e-4)

    def local(self) -> Floats:
        """How the last days ran against level and season."""
        weight = self.rules.prior_local
        return np.clip((self.lately + weight) / (self.lately_expected + weight), *self.rules.local_bounds)

    def doubt(self) -> Floats:
        """Relative variance of the expectation itself: counts so far, and the youth of the series."""
        return self.doubt_of_counts() + 1 / (1 + self.hours / self.rules.new_hours)

    def doubt_of_counts(self) -> Floats:
        """The part of the doubt that stays with a quiet series however old it is."""
        return 1 / (self.counted + self.rules.prior_level)

    def learn(self, counts: Floats, weight: Floats, minute: int) -> int | None:
        """Take in one bucket: winsorised counts, 0 to 1 per series how much it counts; the hour of the week it completed."""
        rules = self.rules
        halved = rules.halved_in(rules.local_hours)
        slot = minute // 60
        done = int(self.hour[0]) if self.hour[0] >= 0 and slot != self.hour[0] else None
        if done is not None:
            self._learn_hour(done)
        self.lately = self.lately * halved + counts * weight
        self.lately_expected = self.lately_expected * halved + self.base(minute) * weight
        self.hour[0] = slot
        self.hour_counted += counts * weight
        self.hour_buckets += weight
        return done

    def _learn_hour(self, slot: int) -> None:
        rules = self.rules
        new, seen = self.hour_counted, self.hour_buckets > 0
        hours = max(1.0, rules.minutes / 60)
        self.hours += seen * hours
        halved = np.where(seen, 0.5 ** (hours / (24 * rules.level_days)), 1.0)
        # The season of a slot is learnt against the level as it was, the level against the season as it was.
        exposure = self.hour_buckets * np.maximum(self.level, 1e-4)
        self.counted = self.counted * halved + new
        self.exposed = self.exposed * halved + self.hour_buckets * self.season[slot]
        halved_week = np.float32(0.5 ** (1 / rules.week_visits))
        self.slot_counted[slot] = self.slot_counted[slot] * halved_week + new
        self.slot_exposed[slot] = self.slot_exposed[slot] * halved_week + exposure
        self._shape_hour(slot)
        self.level = (self.counted + rules.prior_level) / (self.exposed + rules.prior_level / self.first_rate)
        self.hour_counted, self.hour_buckets = np.zeros_like(new), np.zeros_like(new)

    def _shape_hour(self, slot: int) -> None:
        """Season of this hour on all days of its sort, shrunk: own slot, own workday or weekend hour, own hour, pool."""
        rules = self.rules
        day, hour = divmod(slot, 24)
        same = [other * 24 + hour for other in (range(5) if day < 5 else range(5, 7))]
        n_all, e_all = self.slot_counted[hour::24].sum(0), self.slot_exposed[hour::24].sum(0)
        n_sort, e_sort = self.slot_counted[same].sum(0), self.slot_exposed[same].sum(0)
        pool_all = pooled(n_all, e_all, 1.0, 1)
        pool_sort = pooled(n_sort, e_sort, pool_all, 5)
        guess = (n_all + rules.prior_day * pool_all) / (e_all + rules.prior_day) * (pool_sort / pool_all)
        guess = (n_sort + rules.prior_day * guess) / (e_sort + rules.prior_day)
        self.season[same] = (self.slot_counted[same] + rules.prior_week * guess) / (self.slot_exposed[same] + rules.prior_week)


def pooled(counts: NDArray[np.float32], exposure: NDArray[np.float32], prior: float, weight: float) -> float:
    """Shape that the series have in common; none weighs more than about 20 counts, so that no giant rules the pool."""
    share = 1 / (1 + exposure / 20)
    return float(((counts * share).sum(dtype=np.float64) + weight * prior) / ((exposure * share).sum(dtype=np.float64) + weight))
