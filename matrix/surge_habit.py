"""How bursty a series is by nature, how large its largest excess was, and how high its windows have stood."""

import numpy as np
from numpy.typing import NDArray

from matrix.surge_part import Part
from matrix.surge_rules import Parameters
from matrix.surge_tail import Floats

DAYS = 30
"""How far back "highest in N days" looks."""


class Habit(Part):
    """Divides the raw score by the burstiness, multiplies it by the novelty, and remembers who is in alarm."""

    def __init__(self, size: int, rules: Parameters) -> None:
        self.rules = rules
        zero = lambda: np.zeros(size)  # noqa: E731
        self.burstiness = np.ones(size)
        self.day_highest, self.highest_sum, self.days = zero(), zero(), zero()
        self.record = zero()
        self.frozen = np.zeros(size, np.int64)
        """Buckets for which what happens is still hardly learnt."""

    def judge(self, raw: Floats, excess: Floats, columns: NDArray[np.intp] | slice = slice(None)) -> tuple[Floats, Floats]:
        """Operational score and novelty: the excess over the largest of the last weeks."""
        novelty = excess / np.maximum(self.record[columns], 0.5)
        rules = self.rules
        return raw / self.burstiness[columns] ** rules.burst_power * np.minimum(novelty, 1) ** rules.novelty_power, novelty

    def remember(self, raw: Floats, excess: Floats, score: Floats) -> None:
        """One bucket has passed."""
        self.record = np.maximum(self.record * self.rules.halved_in(24 * self.rules.record_days), excess)
        self.day_highest = np.maximum(self.day_highest, raw)
        self.frozen = np.where(score >= self.rules.alarming, self.freezing, np.maximum(self.frozen - 1, 0))

    def remember_late(self, columns: NDArray[np.intp], raw: Floats, excess: Floats, score: Floats) -> None:
        """Late comments have changed what some series showed in the guard band."""
        self.record[columns] = np.maximum(self.record[columns], excess)
        self.day_highest[columns] = np.maximum(self.day_highest[columns], raw)
        alarming = columns[score >= self.rules.alarming]
        self.frozen[alarming] = self.freezing

    @property
    def freezing(self) -> int:
        return max(1, round(self.rules.frozen_minutes / self.rules.minutes))

    def learning_weight(self) -> Floats:
        return np.where(self.frozen > 0, self.rules.frozen_weight, 1.0)

    def end_day(self) -> None:
        """Mean daily maximum of the raw score, winsorised: a series that often bursts needs more to alarm."""
        rules = self.rules
        cap = rules.burst_cap * self._mean()
        self.highest_sum = self.highest_sum * rules.burst_memory + np.minimum(self.day_highest, cap)
        self.days = self.days * rules.burst_memory + 1
        self.burstiness = np.maximum(self._mean() / rules.burst_norm, 1)
        self.day_highest = np.zeros_like(self.day_highest)

    def _mean(self) -> Floats:
        rules = self.rules
        return (self.highest_sum + rules.prior_burst * rules.burst_norm) / (self.days + rules.prior_burst)


class Peaks(Part):
    """Highest count of each window per day, for "highest in N days"; the last three hours, perhaps the surge, wait apart."""

    def __init__(self, size: int, rules: Parameters) -> None:
        self.hours = np.zeros((4, len(rules.windows), size), np.float32)
        self.today = np.zeros((len(rules.windows), size), np.float32)
        self.days = np.full((DAYS, len(rules.windows), size), np.nan, np.float32)
        """Newest first; NaN before the series was known."""

    def note(self, counts: Floats, columns: NDArray[np.intp] | slice = slice(None)) -> None:
        """Counts (windows, columns) as they stand now."""
        if isinstance(columns, slice):
            np.maximum(self.hours[0], counts, out=self.hours[0], casting="unsafe")
        else:
            self.hours[0][:, columns] = np.maximum(self.hours[0][:, columns], counts)

    def end_hour(self) -> None:
        self.today = np.maximum(self.today, self.hours[-1])
        self.hours = np.concatenate([np.zeros_like(self.hours[:1]), self.hours[:-1]])

    def end_day(self) -> None:
        """What is older than the last hours is closed; the rest falls to the next day."""
        self.days = np.concatenate([self.today[None], self.days[:-1]])
        self.today = np.zeros_like(self.today)

    def highest_days(self, place: int, column: int, count: float) -> int:
        """In how many days before now no window of this length reached `count`, at most DAYS; 0 when today did."""
        if self.today[place, column] >= count:
            return 0
        days = self.days[:, place, column]
        known = days[~np.isnan(days)]
        higher = np.flatnonzero(known >= count)
        return int(higher[0]) if len(higher) else len(known)
