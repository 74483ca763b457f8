"""The life of an alert: raised, risen, falling, closed; one surge is one alert, and its level says how grave it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import NDArray


class AlertLevel(IntEnum):
    """Severity, the higher the graver; `label` is the Chinese word."""

    YELLOW = 1
    ORANGE = 2
    RED = 3

    @property
    def label(self) -> str:
        return {1: "黄色", 2: "橙色", 3: "红色"}[self]


class Move(StrEnum):
    """What happened to an alert; each is worth a row, the first two are worth telling somebody."""

    RAISED = "发生"
    RISEN = "升级"
    JOINED = "并入"
    FALLING = "回落"
    CLOSED = "结束"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Editable; scores are those of the surge detector, times in minutes, excess in comments."""

    raised: float = 5.0
    held: float = 2.0
    """An alert is held while the score stays at or above this."""
    falling_after: int = 60
    closed_after: int = 360
    orange_score: float = 10.0
    orange_excess: float = 20.0
    red_score: float = 20.0
    red_excess: float = 50.0
    negative_share: float = 0.5
    """From this share of negative comments on an alert stands one level higher, once `negative_least` comments are read."""
    negative_least: int = 10
    heavy: float = 2.0
    """From this weight of the account on an alert stands one level higher."""


@dataclass(frozen=True, slots=True)
class Signal:
    """What one series shows in one bucket, and what is known about it beside the counts."""

    series: int
    at: int
    """Unix seconds at which the window ends."""
    score: float
    excess: float = 0.0
    novelty: float = 0.0
    weight: float = 1.0
    """Of the account: 1 is usual."""
    negative: int = 0
    read: int = 0
    """Comments of the window whose feeling was read, and the negative ones among them."""
    topics: frozenset[str] = frozenset()
    """Topics and keywords of what was said: alerts that share one belong together."""
    groups: frozenset[int] = frozenset()
    """Groups with an open group alert to which the series belongs: it joins their alert, unless it `is_apart`: too loud."""
    is_apart: bool = False
    is_planned: bool = False
    """Within an activity that was reported in advance (已报备活动)."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One surge from its first bucket to its end; changes by replacement, so that each state can be kept."""

    first: Signal
    level: AlertLevel
    raised_at: int
    last_high_at: int
    """When the score last stood at `raised` or was held."""
    peak: float
    members: Mapping[int, float] = field(default_factory=dict)
    """Series that belong to it, with the largest excess of each."""
    topics: frozenset[str] = frozenset()
    groups: frozenset[int] = frozenset()
    is_falling: bool = False

    def by_excess(self) -> list[int]:
        """Members, the loudest first."""
        return sorted(self.members, key=lambda series: (-self.members[series], series))


@dataclass(frozen=True, slots=True)
class Event:
    """A move of an alert; `alert` is its state after the move."""

    move: Move
    alert: Alert
    signal: Signal | None = None


def level_of(signal: Signal, thresholds: Thresholds) -> AlertLevel:
    """Level from strength, excess and record; a heavy account or many negative comments raise it by one.

    Red by strength alone needs a record as well: what was there before is no more than orange.
    """
    level = AlertLevel.YELLOW
    if signal.score >= thresholds.orange_score and signal.excess >= thresholds.orange_excess:
        level = AlertLevel.ORANGE
        if signal.score >= thresholds.red_score and signal.excess >= thresholds.red_excess and signal.novelty >= 1:
            level = AlertLevel.RED
    is_grim = signal.read >= thresholds.negative_least and signal.negative >= thresholds.negative_share * signal.read
    return AlertLevel(min(AlertLevel.RED, level + int(is_grim or signal.weight >= thresholds.heavy)))


class Book:
    """The alerts that are open. Fed with signals in the order of time, it answers with what happened to which alert.

    Holds no clock: `at` of the signals and `now` of `pass_time` are Unix seconds of the caller.
    """

    def __init__(self, thresholds: Thresholds | None = None, alerts: Iterable[Alert] = ()) -> None:
        self.thresholds = thresholds or Thresholds()
        self.alerts = list(alerts)

    def hear(self, signal: Signal) -> list[Event]:
        """One series in one bucket: raises an alert, joins one, raises its level, or holds it."""
        limits = self.thresholds
        place = self._place(signal)
        if place is None or (signal.series not in self.alerts[place].members and signal.score < limits.raised):
            if signal.score < limits.raised or signal.is_planned:
                return []
            return [self._raise(signal)]
        alert = self.alerts[place]
        if signal.score < limits.held or signal.is_planned:
            return []
        excess = max(signal.excess, alert.members.get(signal.series, 0.0))
        level = max(alert.level, level_of(signal, limits)) if signal.score >= limits.raised else alert.level
        changed = replace(
            alert,
            members={**alert.members, signal.series: excess},
            topics=alert.topics | signal.topics,
            groups=alert.groups | signal.groups,
            peak=max(alert.peak, signal.score),
            last_high_at=max(alert.last_high_at, signal.at),
            level=level,
            is_falling=False,
        )
        self.alerts[place] = changed
        moves = [Move.JOINED] * (signal.series not in alert.members) + [Move.RISEN] * (level > alert.level)
        return [Event(move, changed, signal) for move in moves]

    def pass_time(self, now: int) -> list[Event]:
        """Let time pass to `now`: what has been quiet falls, and closes in the end."""
        events, kept = [], []
        for alert in self.alerts:
            quiet = (now - alert.last_high_at) / 60
            if quiet >= self.thresholds.closed_after:
                events.append(Event(Move.CLOSED, alert))
                continue
            if quiet >= self.thresholds.falling_after and not alert.is_falling:
                alert = replace(alert, is_falling=True)
                events.append(Event(Move.FALLING, alert))
            kept.append(alert)
        self.alerts = kept
        return events

    def _place(self, signal: Signal) -> int | None:
        """The open alert that this is part of: one it began, one it joined, else the oldest with a common topic or group."""
        joined = [place for place, alert in enumerate(self.alerts) if signal.series in alert.members]
        begun = [place for place in joined if self.alerts[place].first.series == signal.series]
        if begun or (joined and not signal.is_apart):
            return (begun or joined)[0]
        common = [bool(alert.topics & signal.topics or alert.groups & signal.groups) for alert in self.alerts]
        shared = [place for place, is_common in enumerate(common) if is_common and place not in joined]
        return min(shared, key=lambda place: self.alerts[place].raised_at, default=None)

    def _raise(self, signal: Signal) -> Event:
        alert = Alert(
            first=signal,
            level=level_of(signal, self.thresholds),
            raised_at=signal.at,
            last_high_at=signal.at,
            peak=signal.score,
            members={signal.series: signal.excess},
            topics=signal.topics,
            groups=signal.groups,
        )
        self.alerts.append(alert)
        return Event(Move.RAISED, alert, signal)


def openings(
    buckets: NDArray[np.int64], series: NDArray[np.int64], scores: NDArray[np.float64], threshold: float, quiet: int
) -> int:
    """How many alerts single series would have opened; `quiet` buckets below the threshold end one.

    The rows may be only those with a score above zero, in any order.
    """
    high = np.flatnonzero(scores >= threshold)
    order = high[np.lexsort((buckets[high], series[high]))]
    same = np.diff(series[order], prepend=-1) == 0
    near = np.diff(buckets[order], prepend=-(10**9)) <= quiet
    return int((~(same & near)).sum())


def thresholds_for(
    per_day: float,
    past: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]],
    days: float,
    start: Thresholds | None = None,
    minutes: int = 5,
) -> Thresholds:
    """Thresholds under which the past `days` (14 by custom) would have opened at most `per_day` alerts a day; no labels needed.

    `past` is (bucket, series, score) of every score above zero. The other scores move in proportion, so that a level keeps
    its meaning. A past without scores leaves everything as it was; the threshold stays between 1 and 1,000.
    """
    start = start or Thresholds()
    buckets, series, scores = past
    if not len(scores) or days <= 0:
        return start
    quiet = start.closed_after // minutes
    low, high = 1.0, 1000.0
    if openings(buckets, series, scores, low, quiet) <= per_day * days:
        return scaled(start, low)
    while high - low > 0.01:
        middle = (low + high) / 2
        if openings(buckets, series, scores, middle, quiet) > per_day * days:
            low = middle
        else:
            high = middle
    return scaled(start, high)


def scaled(start: Thresholds, raised: float) -> Thresholds:
    """The same thresholds with another one to begin with, the scores of the levels in proportion."""
    factor = raised / start.raised
    return replace(
        start,
        raised=raised,
        held=start.held * factor,
        orange_score=start.orange_score * factor,
        red_score=start.red_score * factor,
    )
