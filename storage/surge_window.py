"""What lies in one window of one series: its comments, what they are about, and whose excess it is."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matrix.surge_counts import Ints
from matrix.surge_evidence import Evidence
from matrix.surge_without import factor_of, score_without
from storage.series import ACCOUNT, LEAD, TALK, TOPIC, WATCH
from storage.surge_facts import BUCKET, Facts
from storage.surge_kept import State

CONTAINED, ALIKE, GOOD_PART = 0.8, 0.5, 0.2
"""Shares of comments and of excesses by which two series show one matter."""
LEADING, LEAST_READ = 0.5, 4
"""Share of the read comments from which on a topic is what a window is about, and how many there must be."""


@dataclass(frozen=True, slots=True)
class Content:
    """What was read of a window."""

    read: int = 0
    negative: int = 0
    topics: frozenset[str] = frozenset()


class Window:
    """The buckets of one piece of evidence, over what was read of them."""

    def __init__(self, state: State, facts: Facts, found: Evidence) -> None:
        self.state, self.facts, self.found = state, facts, found
        self.first = found.bucket - found.minutes * 60 // BUCKET + 1
        entries = facts.entries
        self.inside = (entries.bucket >= self.first) & (entries.bucket <= found.bucket)

    def places(self, column: int) -> Ints:
        """The comments of a series in the window, by their place among those that were read."""
        entries = self.facts.entries
        found = entries.place[self.inside & (entries.column == column)]
        return found[found >= 0]

    def excess(self, column: int) -> float:
        """Comments of a series in the window above what was expected."""
        windows = self.state.detector.windows
        rows = np.arange(self.first, self.found.bucket + 1) % windows.length
        seen = np.count_nonzero(self.inside & (self.facts.entries.column == column))
        return float(seen) - float(windows.expected[rows, column].sum())

    def is_one_matter(self, column: int, other: int, *, is_first: bool) -> bool:
        """Whether the excess of this series and that of another one, which is in an open alert, are the same comments.

        A sum owes its excess to some of its accounts when little of it is left without their comments. An account belongs to
        a sum with which the alert began (`is_first`) when it brings a good part of its excess; a sum that joined the alert of
        another account says nothing. What counts the same accounts must hold the same comments.
        """
        mine, theirs = self.places(column), self.places(other)
        common = len(np.intersect1d(mine, theirs))
        if not common:
            return False
        ours, others = self.excess(column), self.excess(other)
        specs = self.state.plan.specs
        here, there = set(specs[column].accounts), set(specs[other].accounts)
        if there < here:
            return others >= ALIKE * ours and ours - common <= ALIKE * ours
        if here < there:
            return is_first and common >= CONTAINED * len(mine) and ours >= GOOD_PART * others
        return common >= CONTAINED * min(len(mine), len(theirs)) and min(ours, others) >= ALIKE * max(ours, others)

    def content(self, db: sqlite3.Connection, column: int) -> Content:
        """Feelings and topics of a window; a topic is named as its series nearest above is."""
        ids = np.unique(self.facts.comment_ids[self.places(column)]).tolist()
        spec = self.state.plan.specs[column]
        counted, sure, negative = readings_of(db, ids)
        names = {spec.matter} if spec.kind in (TOPIC, WATCH) else set()
        read = sum(counted.values())
        names |= {
            name
            for topic, number in counted.items()
            if topic != TALK and number >= max(LEAST_READ, LEADING * read) and (name := self._region_topic(db, topic, column))
        }
        if spec.kind == ACCOUNT and len(ids) >= LEAST_READ:
            entries, plan = self.facts.entries, self.state.plan
            mine = self.inside & np.isin(entries.place, self.places(column))
            names |= {
                plan.specs[watch].matter
                for watch in np.unique(plan.hits.column).tolist()
                if np.count_nonzero(mine & (entries.column == watch)) >= LEADING * len(ids)
            }
        return Content(sure, negative, frozenset(names))

    def _region_topic(self, db: sqlite3.Connection, topic: str, column: int) -> str:
        plan = self.state.plan
        named = {spec.organization_id: spec.matter for spec in plan.specs if spec.kind == TOPIC and spec.topic == topic}
        above = db.execute(
            "SELECT ancestor_id FROM organization_up WHERE organization_id = :unit ORDER BY depth",
            {"unit": plan.specs[column].organization_id},
        ).fetchall()
        return next((named[unit] for (unit,) in above if unit in named), "")

    def is_planned(self, column: int, planned: Mapping[int, int], planned_units: Mapping[int, int], raised: float) -> bool:
        """Whether an activity reported in advance explains it: nothing would be raised without the accounts that are in it.

        An activity that ends (`planned`: Unix seconds by account) before the window begins explains nothing in it.
        """
        plan, found, begun = self.state.plan, self.found, self.first * BUCKET
        spec = plan.specs[column]
        if spec.kind == LEAD:
            return planned_units.get(spec.organization_id, 0) > begun
        mine = [account for account in spec.accounts if planned.get(account, 0) > begun]
        if not mine or len(mine) == len(spec.accounts):
            return bool(mine)
        entries, places = self.facts.entries, self.places(column)
        extra = 0.0
        for own in plan.own[np.searchsorted(plan.accounts, mine)].tolist():
            if own >= 0:
                shared = int(np.count_nonzero(self.inside & (entries.column == own) & np.isin(entries.place, places)))
                extra += max(0.0, min(float(shared), self.excess(own)))
        rest = score_without(
            self.state.detector.rules, found.minutes, found.seen - extra, found.expected, found.dispersion, factor_of(found)
        )
        return rest < raised


def readings_of(db: sqlite3.Connection, comment_ids: Sequence[int]) -> tuple[Counter[str], int, int]:
    """Of some comments: how many by topic, how many whose feeling is sure, and how many of these are negative."""
    topics: Counter[str] = Counter()
    sure = negative = 0
    for names, values in portions(comment_ids):
        for topic, number, is_sure, is_negative in db.execute(
            "SELECT topic, count(*), sum(is_sure), sum(CASE WHEN is_sure = 1 AND feeling = -1 THEN 1 ELSE 0 END) "
            f"FROM readings WHERE comment_id IN ({names}) GROUP BY topic",
            values,
        ).fetchall():
            topics[topic] += number
            sure += is_sure
            negative += is_negative
    return topics, sure, negative


def portions(numbers: Sequence[int], size: int = 400) -> Iterable[tuple[str, dict[str, int]]]:
    """Names and values for a long list in an IN (…)."""
    for start in range(0, len(numbers), size):
        some = numbers[start : start + size]
        yield ", ".join(f":n{place}" for place in range(len(some))), {f"n{place}": number for place, number in enumerate(some)}
