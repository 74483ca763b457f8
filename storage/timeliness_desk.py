"""Makes the tables of response times from one reading of the rows, so that all of them say the same."""

import sqlite3
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matrix.account import LEVELS, Nature
from matrix.peers import ranked
from matrix.survival import Groups, kaplan_meier
from matrix.waiting import ANSWERED, BUCKETS, Waits, bucket_of
from storage.moments import OFFSET, beijing_day
from storage.scope import Scope, organizations_in
from storage.timeliness_figures import FIGURES, Tally, add_coverage, coverage, finish
from storage.timeliness_rows import ACCOUNT, Asked, fetch

RANK = ["rank", "of", "standing"]
UNIT = ["organization_id", "organization", "parent_id", "level", "depth", "accounts"]
CURVE = ["seconds", "share", "low", "high", "at_risk", "answered"]
DAY, WEEK = "日", "周"
MONDAY = 3
"""1970-01-01 was a Thursday: three days into a week that begins on Monday."""

MOST_POINTS = 240
"""Points of a curve; more than a screen can show."""

Places = NDArray[np.intp]


class Desk:
    """The matters of one choice of filters; each method gives one table."""

    def __init__(self, db: sqlite3.Connection, scope: Scope, asked: Asked, *, with_other: bool = False) -> None:
        self.db, self.scope, self.asked = db, scope, asked
        self.rows = fetch(db, scope, asked, with_other=with_other)
        self.accounts = self.rows.accounts

    @cached_property
    def covered(self) -> pd.DataFrame:
        """采集完整度 of each account."""
        return coverage(self.db, self.scope, self.asked, self.accounts)

    @cached_property
    def _tally(self) -> Tally:
        return Tally(self.rows)

    @cached_property
    def _queue(self) -> Places:
        """The known matters in the order of their waits, at equal waits the answered ones first; every grouping uses it."""
        known, waits = np.flatnonzero(self.rows.waits.is_known), self.rows.waits
        return known[np.argsort((waits.seconds[known] << 1) | (waits.state[known] != ANSWERED))]

    def summary(self) -> pd.DataFrame:
        if self.accounts.empty:
            return pd.DataFrame([], columns=FIGURES)
        return self._grouped(np.zeros(len(self.accounts), np.intp), 1)

    def by_account(self) -> pd.DataFrame:
        frame = self._grouped(np.arange(len(self.accounts)), len(self.accounts))
        frame = pd.concat([self.accounts, frame], axis=1)
        frame = frame[frame["n"] > 0].reset_index(drop=True)
        return self._ranked(frame, (frame["nature"] == Nature.OFFICIAL_PERSON).to_numpy())

    def by_level(self) -> pd.DataFrame:
        names = sorted(
            set(self.accounts["level"]), key=lambda name: (LEVELS.index(name) if name in LEVELS else len(LEVELS), name)
        )
        return self._named("level", names)

    def by_platform(self) -> pd.DataFrame:
        return self._named("platform", sorted(set(self.accounts["platform"])))

    def by_unit(self) -> pd.DataFrame:
        """Each unit with everything below it. An account counts for every unit above it, so rows do not add up."""
        units, unit, place = self._tree()
        size = len(units)
        each = self._tally.counts(self.rows.place, len(self.accounts))
        counts = {name: np.bincount(unit, column[place], size).astype(np.int64) for name, column in each.items()}
        frame = finish(counts, self._waits_below(unit, place, size), self.asked.floor)
        covered = self.covered.iloc[place].reset_index(drop=True)
        frame = add_coverage(frame, covered, unit)
        units["accounts"] = np.bincount(unit, minlength=size)
        is_person = (self.accounts["nature"] == Nature.OFFICIAL_PERSON).to_numpy()[place]
        is_personal = np.bincount(unit, ~is_person, size) == 0
        frame = pd.concat([units[UNIT], frame], axis=1)
        chosen = (frame["n"] > 0).to_numpy()
        return self._ranked(frame[chosen].reset_index(drop=True), is_personal[chosen])

    def by_hour(self) -> pd.DataFrame:
        hours = (self.rows.asked + OFFSET) // 3600 % 24
        frame = self._figures(hours, 24)
        frame.insert(0, "hour", np.arange(24))
        return frame if len(self.accounts) else frame.iloc[:0]

    def trend(self, step: str) -> pd.DataFrame:
        """A row for every Beijing day, or week from Monday on, that the period touches up to the cut-off."""
        length, shift = steps(step)
        first = (beijing_day(self.asked.since) + shift) // length
        last = (beijing_day(max(self.asked.since, min(self.asked.until - 1, self.asked.cutoff))) + shift) // length
        groups = ((self.rows.asked + OFFSET) // 86400 + shift) // length - first
        frame = self._figures(groups, last - first + 1)
        frame.insert(0, "start", (np.arange(first, last + 1) * length - shift) * 86400 - OFFSET)
        return frame if len(self.accounts) else frame.iloc[:0]

    def distribution(self) -> pd.DataFrame:
        counts = np.bincount(bucket_of(self.rows.waits), minlength=len(BUCKETS))
        share = counts / max(1, counts.sum()) if counts.sum() else np.full(len(BUCKETS), np.nan)
        frame = pd.DataFrame({"bucket": BUCKETS, "n": counts, "share": share})
        return frame if len(self.accounts) else frame.iloc[:0]

    def curve(self, waits: Waits | None = None) -> pd.DataFrame:
        """One minus Kaplan-Meier with its 95 % band, exact where it has a point; of the rows' waits, or of others of theirs."""
        waits = self.rows.waits if waits is None else waits
        known = waits.take(waits.is_known)
        full = kaplan_meier(known.seconds, known.is_answered)
        size = len(full.seconds)
        kept = np.unique(np.linspace(0, size - 1, min(size, MOST_POINTS)).round().astype(np.intp))
        columns = (full.seconds, 1 - full.waiting, 1 - full.high, 1 - full.low, full.at_risk, full.answered)
        return pd.DataFrame({name: column[kept] for name, column in zip(CURVE, columns, strict=True)}, columns=CURVE)

    def _figures(self, groups: Places, size: int) -> pd.DataFrame:
        """FIGURES of groups of matters, without coverage."""
        waits, queue = self.rows.waits, self._queue
        waiting = Groups.of_queue(groups[queue], waits.seconds[queue], waits.is_answered[queue], size)
        return finish(self._tally.counts(groups, size), waiting, self.asked.floor)

    def _grouped(self, of_account: Places, size: int) -> pd.DataFrame:
        """FIGURES of groups of accounts; `of_account` is the group of each account."""
        frame = self._figures(of_account[self.rows.place], size)
        return add_coverage(frame, self.covered, of_account)

    def _named(self, column: str, names: list) -> pd.DataFrame:
        number = {name: at for at, name in enumerate(names)}
        of_account = np.array([number[name] for name in self.accounts[column]], dtype=np.intp)
        frame = self._grouped(of_account, len(names))
        frame.insert(0, column, names)
        return frame[frame["n"] > 0].reset_index(drop=True)

    def _ranked(self, frame: pd.DataFrame, is_person: NDArray[np.bool_]) -> pd.DataFrame:
        part = frame["held"].to_numpy() / np.maximum(frame["stated"].to_numpy(), 1)
        part = np.where(frame["stated"] == 0, 1.0, part)  # nothing is stated to be there, so nothing is missing
        rate, of = frame["share_24"].to_numpy(), frame["of_24"].to_numpy()
        found = ranked(list(frame["level"]), rate, of, is_person, part, self.asked.floor)
        return frame.assign(**dict(zip(RANK, found, strict=True)))

    def _tree(self) -> tuple[pd.DataFrame, Places, Places]:
        """The units of the scope and of the chosen subtree, and for each chosen account below one: (row of unit, of account)."""
        mine, values = organizations_in(self.scope, "o.id")
        values |= {"organization": self.asked.organization_id}
        below = "o.id IN (SELECT d.organization_id FROM organization_up d WHERE d.ancestor_id = :organization)"
        where = f"{mine} AND {below}" if self.asked.organization_id else mine
        rows = self.db.execute(
            "SELECT o.id, o.name, o.parent_id, o.level, "
            "(SELECT max(d.depth) FROM organization_up d WHERE d.organization_id = o.id) AS depth "
            f"FROM organizations o WHERE {where} ORDER BY depth, o.id",
            values,
        ).fetchall()
        units = pd.DataFrame(rows, columns=[name for name in UNIT if name != "accounts"])
        pairs = self.db.execute(
            "SELECT u.ancestor_id, u.account_id FROM account_up u JOIN organizations o ON o.id = u.ancestor_id "
            f"WHERE {where} ORDER BY u.account_id",
            values,
        ).fetchall()
        row_of = {number: row for row, number in enumerate(units["organization_id"])}
        place_of = {number: row for row, number in enumerate(self.accounts["account_id"])}
        inside = [(row_of[unit], place_of[account]) for unit, account in pairs if account in place_of]
        found = np.array(inside, dtype=np.intp).reshape(-1, 2)
        return units, found[:, 0], found[:, 1]

    def _waits_below(self, unit: Places, place: Places, size: int) -> Groups:
        """The known waits of each unit's accounts; `unit` and `place` are pairs in the order of the accounts."""
        waits, queue = self.rows.waits, self._queue
        of_row = self.rows.place[queue]
        first, after = (np.searchsorted(place, np.arange(len(self.accounts)), side=side)[of_row] for side in ("left", "right"))
        times = after - first
        begun = np.cumsum(times) - times
        pair = np.arange(times.sum()) - np.repeat(begun - first, times)
        ended = np.repeat(waits.is_answered[queue], times)
        return Groups.of_queue(unit[pair], np.repeat(waits.seconds[queue], times), ended, size)


def steps(step: str) -> tuple[int, int]:
    """(days in a step, how far 1970-01-01 is into one)."""
    if step not in (DAY, WEEK):
        raise ValueError(f"趋势的步长“{step}”应为：{DAY}、{WEEK}")
    return (1, 0) if step == DAY else (7, MONDAY)


__all__ = ["ACCOUNT", "CURVE", "DAY", "FIGURES", "RANK", "UNIT", "WEEK", "Desk", "steps"]
