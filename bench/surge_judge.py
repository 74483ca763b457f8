"""Judges scores of any detector against the incidents of a made-up world, all by the same rule."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bench.surge_incidents import CROSS, DAY
from bench.surge_world import World

QUIET, GRACE, AFTER = 72, 6, 72
"""An alert stays open until 6 h pass below the threshold; an incident may be found until 30 min after its end; openings within
6 h after an incident count neither way."""


@dataclass(slots=True)
class Found:
    """Buckets until each incident was found (-1: not) and its comments by then."""

    delays: list[int] = field(default_factory=list)
    comments: list[float] = field(default_factory=list)

    def add(self, delay: int, comments: float) -> None:
        self.delays.append(delay)
        self.comments.append(comments)

    @property
    def recall(self) -> float:
        return float(np.mean(np.asarray(self.delays) >= 0)) if self.delays else float("nan")

    def minutes(self, share: float = 0.5) -> float:
        """Quantile of the delay of those found, to the close of the first alarming bucket."""
        hits = [delay for delay in self.delays if delay >= 0]
        return float(np.quantile(hits, share)) * 5 + 5 if hits else float("nan")

    def median_comments(self) -> float:
        hits = [count for count, delay in zip(self.comments, self.delays, strict=True) if delay >= 0]
        return float(np.median(hits)) if hits else float("nan")


@dataclass(slots=True)
class Verdict:
    """What a detector did at one threshold; several worlds add up."""

    kinds: dict[str, Found] = field(default_factory=dict)
    false: int = 0
    spurious: int = 0
    """False ones in which the true rate was at most twice the normal one: nothing real had happened."""
    openings: int = 0
    thousand_days: float = 0.0
    """Series x days / 1,000."""

    def __add__(self, other: "Verdict") -> "Verdict":
        kinds = {
            kind: Found(
                *(
                    getattr(self.kinds.get(kind, Found()), name) + getattr(other.kinds.get(kind, Found()), name)
                    for name in ("delays", "comments")
                )
            )
            for kind in self.kinds | other.kinds
        }
        sums = [getattr(self, name) + getattr(other, name) for name in ("false", "spurious", "openings", "thousand_days")]
        return Verdict(kinds, *sums)

    @property
    def recall(self) -> float:
        return self.kinds.get("all", Found()).recall

    def per_day(self, number: int) -> float:
        """Per 1,000 series and day."""
        return number / self.thousand_days if self.thousand_days else float("nan")


def openings(score: NDArray[np.float32], threshold: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """(bucket, series) at which alerts open."""
    on = score >= threshold
    bucket = np.arange(len(score), dtype=np.int32)[:, None]
    never = np.int32(-(10**6))
    last = np.maximum.accumulate(np.where(on, bucket, never), 0)
    before = np.vstack([np.full((1, on.shape[1]), never), last[:-1]])
    at, who = np.nonzero(on & (bucket - before > QUIET))
    return at, who


def judge(world: World, score: NDArray[np.float32], threshold: float) -> Verdict:
    """`score` is (buckets of the scored half, series)."""
    begin, (length, size) = world.scored_from, score.shape
    at, who = openings(score, threshold)
    is_false = excused(world, length, size)[at, who] == 0
    verdict = Verdict(thousand_days=size * length / DAY / 1000, openings=len(at), false=int(is_false.sum()))
    for bucket, series in zip(at[is_false] + begin, who[is_false], strict=True):
        rows = slice(max(0, bucket - 5), bucket + 1)
        verdict.spurious += int(world.expected[rows, series].sum() <= 2 * world.normal[rows, series].sum())
    for incident in world.incidents:
        if not incident.is_scored or incident.kind in CROSS:
            continue
        series, first = incident.series[0], incident.start - begin
        hits = np.flatnonzero(score[first : incident.end - begin + GRACE + 1, series] >= threshold)
        delay = int(hits[0]) if len(hits) else -1
        comments = float(world.extra[incident.start : incident.start + delay + 1, series].sum())
        for kind in ("all", incident.kind) + (("pile-on",) if incident.is_on_post else ()):
            verdict.kinds.setdefault(kind, Found()).add(delay, comments)
    return verdict


def excused(world: World, length: int, size: int) -> NDArray[np.uint8]:
    """1 inside an incident, 2 in its aftermath or in the day after a harmless shift of level, 0 elsewhere."""
    begin, state = world.scored_from, np.zeros((length, size), np.uint8)
    for incident in world.incidents:
        first, last = max(incident.start - begin, 0), incident.end - begin + GRACE
        if last < 0:
            continue
        for series in incident.series:
            tail = state[last + 1 : last + 1 + AFTER, series]
            tail[tail == 0] = 2
            state[first : last + 1, series] = 1
    for bucket, series in world.shifts:
        day = state[max(0, bucket - begin) : bucket - begin + DAY, series]
        day[day == 0] = 2
    return state


def judge_groups(world: World, score: NDArray[np.float32], threshold: float) -> tuple[Found, int, float]:
    """What was found of the incidents inside groups, false openings and days; `score` is (buckets, groups, last: all series).

    A group incident is found by its own group. Every opening outside incidents of that group is false, of the whole too.
    """
    begin, (length, many) = world.scored_from, score.shape
    state, found = np.zeros((length, many), bool), Found()
    for incident in world.incidents:
        if incident.kind not in CROSS:
            continue
        first, last = incident.start - begin, incident.end - begin + GRACE
        state[first : last + AFTER + 1, many - 1] = True
        if incident.kind == "group":
            group = int(world.groups[incident.series[0]])
            state[first : last + AFTER + 1, group] = True
            hits = np.flatnonzero(score[first : last + 1, group] >= threshold)
            delay = int(hits[0]) if len(hits) else -1
            found.add(delay, float(world.extra[incident.start : incident.start + delay + 1, incident.series].sum()))
    at, who = openings(score, threshold)
    return found, int((~state[at, who]).sum()), length / DAY
