"""Finds what stands far above its own past: one detector for many series of counts, fed bucket by bucket."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matrix.surge_carried import Carried
from matrix.surge_habit import Habit, Peaks
from matrix.surge_level import Level
from matrix.surge_part import Part
from matrix.surge_posts import Bump
from matrix.surge_rules import DayKind, Parameters, ends_day, minute_of_week
from matrix.surge_score import Scores, score_late, score_now
from matrix.surge_tail import Floats
from matrix.surge_windows import Windows

VERSION = 1
"""Of the saved arrays; another one cannot be taken over."""


class Detector:
    """Detector of surges over series with stable integer keys; pure arithmetic, the same input gives the same bits.

    Life of a bucket: `step` when it closes, with what is known of it then; `amend` as often as more becomes known, while it is
    not older than three hours. What lies further back is learnt once and never judged again. Between snapshots the caller
    replays its calls in their order.
    """

    def __init__(self, keys: Sequence[int], rules: Parameters | None = None) -> None:
        self.rules = rules or Parameters()
        self.keys = np.asarray(keys, np.int64)
        if len(np.unique(self.keys)) != len(self.keys):
            raise ValueError("序列编号重复。")
        self.bucket: int | None = None
        """The last bucket that was stepped over; None before the first."""
        size = len(self.keys)
        self.level, self.bump = Level(size, self.rules), Bump(size, self.rules)
        self.carried = Carried(self.rules.topic_spread)
        self.windows, self.habit, self.peaks = Windows(size, self.rules), Habit(size, self.rules), Peaks(size, self.rules)
        self.minutes = np.zeros(self.windows.length, np.int64)
        """Minute of the week of each row of the ring, as the calendar had it."""

    def step(
        self,
        bucket: int,
        counts: ArrayLike,
        posts: ArrayLike | None = None,
        day: DayKind = DayKind.USUAL,
        citizens: ArrayLike | None = None,
    ) -> Scores:
        """Judge the bucket that just closed.

        `bucket` is its start in Unix seconds / (60 x minutes). `counts` (series) are comments published in it, NaN where it was
        not collected to its end; `posts` how many posts of its own each series published in it, from whatever source;
        `citizens` how many of the authors had not written to the series in the three hours before (NaN: not known).
        Buckets go on one by one; those left out count as not collected. Raises ValueError for one that was there before.
        """
        if self.bucket is not None:
            if bucket <= self.bucket:
                raise ValueError(f"时间桶 {bucket} 已经处理过，迟到的数据请用 amend 补入。")
            for missed in range(max(self.bucket + 1, bucket - self.windows.length), bucket):
                self._step(missed, np.full(len(self.keys), np.nan), None, day, None)
        return self._step(bucket, np.asarray(counts, np.float64), posts, day, citizens)

    def _step(self, bucket: int, counts: Floats, posts: ArrayLike | None, day: DayKind, citizens: ArrayLike | None) -> Scores:
        rules, row = self.rules, bucket % self.windows.length
        self.carried.bind(self.keys)
        self._absorb(row)
        self.bucket = bucket
        is_seen = np.isfinite(counts)
        counts = np.where(is_seen, counts, 0)
        published = np.zeros(len(self.keys)) if posts is None else np.asarray(posts, np.float64)
        minute = minute_of_week(bucket, rules.minutes, day)
        self.minutes[row] = minute
        usual = self.level.base(minute) * self.level.local()
        self.bump.expect(published, self.level.level)
        self.carried.fill(self.bump.mean, self.bump.variance, self.level.level)
        self.windows.add(
            bucket,
            {
                "counts": counts,
                "citizens": fresh_citizens(citizens, counts),
                "usual": usual,
                "expected": usual + self.bump.mean,
                "variance": self.bump.variance,
                "posts": published,
                "is_seen": is_seen,
            },
        )
        scores = score_now(self, is_seen)
        self.bump.follow(counts, is_seen, usual, self.windows.dispersion[0])
        self.peaks.note(self.windows.sums[:, 0])
        if ((bucket + 1) * rules.minutes) % 60 == 0:
            self.peaks.end_hour()
        if ends_day(bucket, rules.minutes):
            self.habit.end_day()
            self.peaks.end_day()
        return scores

    def _absorb(self, row: int) -> None:
        """Learn from the bucket that leaves the guard band: late, so that a surge is over or known, and winsorised."""
        if self.bucket is None:
            return
        w, level = self.windows, self.level
        usual, counts, is_seen = w.usual[row], w.counts[row], w.is_seen[row]
        bump = self.bump.settle(counts, is_seen, usual, w.posts[row].astype(np.float64), level.level, w.dispersion[0])
        self.carried.fill(bump, self.bump.settled_variance, level.level)
        most = usual + 3 * np.sqrt(usual + w.dispersion[0] * usual**2) + 1
        weight = self.habit.learning_weight() * is_seen
        w.learn_share(row)
        minute = int(self.minutes[row])
        hour = level.learn(np.clip(counts - bump, 0, most), weight, minute)
        if hour is not None and (hour % 3 == 0 or self.rules.minutes > 60):
            w.learn_scatter((self.habit.frozen == 0) & (level.hours >= self.rules.ready_hours), level.doubt_of_counts())

    def amend(self, counts: ArrayLike, posts: ArrayLike | None = None, citizens: ArrayLike | None = None) -> Scores | None:
        """Work in what has become known late of the newest buckets; judges them again and answers for the series that changed.

        All arguments are (buckets, series), their last row is the bucket of the last `step`, and there are at most three hours of
        them. NaN leaves a bucket as it was. `posts` are all that are known of those buckets (None: no news); each counts from its
        bucket on. None when nothing changed.
        """
        if self.bucket is None:
            raise ValueError("还没有处理过任何时间桶，无法补入。")
        w = self.windows
        news = np.asarray(counts, np.float64)
        if len(news) > w.length:
            raise ValueError(f"只能补入最近 {w.length} 个时间桶，更早的数据不再判断。")
        rows = w.order(self.bucket)[w.length - len(news) :]
        known = np.isfinite(news)
        fresh = fresh_citizens(citizens, np.where(known, news, 0))
        published = w.posts[rows] if posts is None else np.asarray(posts, np.float32)
        is_new = known & (~w.is_seen[rows] | (news != w.counts[rows]) | (fresh != w.citizens[rows]))
        is_new |= published != w.posts[rows]
        columns = np.flatnonzero(is_new.any(0))
        if not len(columns):
            return None
        w.counts[rows] = np.where(known, news, w.counts[rows])
        w.citizens[rows] = np.where(known, fresh, w.citizens[rows])
        w.is_seen[rows] |= known
        w.posts[rows] = published
        order = w.order(self.bucket)
        grid = np.ix_(order, columns)
        past = (w.counts[grid], w.is_seen[grid], w.usual[grid], w.posts[grid].astype(np.float64))
        means, w.variance[grid] = self.bump.replay(columns, past, self.level.level, w.dispersion[0])
        w.expected[grid] = w.usual[grid] + means
        self._carry_late(order, columns)
        w.add_up(self.bucket, columns)
        posted = (past[3] > 0)[::-1]
        self.bump.age[columns] = np.where(posted.any(0), posted.argmax(0), self.bump.age[columns])
        first = w.length - len(news) + is_new[:, columns].argmax(0)
        return score_late(self, columns, first)

    def _carry_late(self, rows: NDArray[np.int64], columns: NDArray[np.intp]) -> None:
        """What the bumps of accounts, worked in again, bring to these series where they are sums."""
        w = self.windows
        self.carried.bind(self.keys)
        sums = self.carried.among(columns)
        if len(sums):
            means, variances = w.expected[rows] - w.usual[rows], w.variance[rows]
            self.carried.fill(means, variances, self.level.level, sums)
            grid = np.ix_(rows, sums)
            w.expected[grid], w.variance[grid] = w.usual[grid] + means[:, sums], variances[:, sums]

    def carry(self, sums: NDArray[np.int64], members: NDArray[np.int64]) -> None:
        """Tell which series are sums over which others, as pairs of keys; who saves the detector tells it again."""
        self.carried.carry(sums, members)

    def add(self, keys: Iterable[int]) -> None:
        """Take up new series; they begin with the season of the pool and are 基线积累中."""
        other = Detector(list(keys), self.rules)
        other.bucket = self.bucket
        if len(self.keys):
            other.level.season[:] = np.median(self.level.season, axis=1)[:, None]
        self.join(other)

    def join(self, other: "Detector") -> None:
        """Take up the series of a detector that was led through their history up to the same bucket, with all that it learnt."""
        if len(np.intersect1d(other.keys, self.keys)):
            raise ValueError("序列编号重复。")
        if other.rules != self.rules or other.bucket != self.bucket:
            raise ValueError("只能并入规则相同、处理到同一时间桶的序列。")
        for name, part in self._parts().items():
            part.join(other._parts()[name])
        self.keys = np.concatenate([self.keys, other.keys])

    def drop(self, keys: Iterable[int]) -> None:
        """Forget series."""
        keep = np.flatnonzero(~np.isin(self.keys, np.asarray(list(keys), np.int64)))
        for part in self._parts().values():
            part.keep(keep)
        self.keys = self.keys[keep]

    def _parts(self) -> dict[str, Part]:
        return {"level": self.level, "bump": self.bump, "windows": self.windows, "habit": self.habit, "peaks": self.peaks}

    def state(self) -> dict[str, NDArray[Any]]:
        """Everything that the detector knows, as copies of plain arrays by name."""
        about = np.array([VERSION, self.rules.minutes, -1 if self.bucket is None else self.bucket], np.int64)
        saved: dict[str, NDArray[Any]] = {"about": about, "keys": self.keys.copy(), "minutes": self.minutes.copy()}
        for name, part in self._parts().items():
            saved |= {f"{name}.{field}": value.copy() for field, value in part.arrays().items()}
        return saved

    @classmethod
    def from_state(cls, saved: Mapping[str, NDArray[Any]], rules: Parameters | None = None) -> Self:
        """The detector as it was; raises ValueError when the arrays are of another version or length of bucket."""
        detector = cls(saved["keys"].tolist(), rules)
        version, minutes, bucket = saved["about"].tolist()
        if version != VERSION or minutes != detector.rules.minutes:
            raise ValueError("保存的基线出自另一版本的程序，请从历史数据重新积累。")
        detector.bucket = None if bucket < 0 else bucket
        detector.minutes = saved["minutes"].copy()
        for name, part in detector._parts().items():
            part.take({field: saved[f"{name}.{field}"] for field in part.arrays()})
        return detector


def fresh_citizens(citizens: ArrayLike | None, counts: Floats) -> Floats:
    """Fresh citizens per bucket; where nobody counted them every comment stands for one."""
    if citizens is None:
        return counts
    given = np.asarray(citizens, np.float64)
    return np.where(np.isfinite(given), np.minimum(given, counts), counts)
