"""Figures of groups of matters: counts, shares within the standard times with intervals, Kaplan-Meier quantiles, coverage."""

import sqlite3

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matrix.survival import Groups
from matrix.waiting import ANSWERED, HOURS, OPEN, STATES, UNKNOWN, wilson, within
from storage.columns import integers
from storage.scope import Scope
from storage.timeliness_rows import FREE, LATE, OVERDUE, Asked, Rows, accounts_of, places

SHARES = [f"{name}_{hours}" for hours in HOURS for name in ("met", "of", "out", "share", "low", "high")]
FIGURES = [
    *("n", "answered", "open", "unknown", "no_calendar"),
    *SHARES,
    *("p50", "p90", "p50_low", "p50_high"),
    *("late", "overdue", "ruled", "stated", "held", "is_enough"),
]
STATED = """
FROM (SELECT p.account_id, p.stated, p.held AS n
  FROM posts p WHERE p.stated IS NOT NULL AND p.published_at >= :since AND p.published_at < :until {mine}) h
"""
STATED_THEN = """
FROM (SELECT p.account_id, v.stated, v.held AS n FROM posts p JOIN coverage v ON v.post_id = p.id
  WHERE v.stated IS NOT NULL AND p.published_at >= :since AND p.published_at < :until {mine} AND v.checked_at = (
    SELECT max(l.checked_at) FROM coverage l WHERE l.post_id = p.id AND l.seen_at <= :cut AND l.checked_at <= :cut)) h
"""
Counts = dict[str, NDArray[np.int64]]


class Tally:
    """Counts everything that can be added up, for any grouping of the same rows.

    All counts depend on few properties of a row: its state, between which of the standard times its wait and its age lie, its
    lateness. Rows that agree in these are one kind; the definitions are asked once for each kind, and rows are only counted.
    """

    def __init__(self, rows: Rows) -> None:
        waits, bounds = rows.waits, np.array(HOURS) * 3600
        sides = [
            np.searchsorted(bounds, waits.seconds, side="left"),
            np.searchsorted(bounds, waits.seconds, side="right"),
            np.searchsorted(bounds, waits.age, side="right"),
        ]
        kind, kinds = waits.state.astype(np.intp), len(STATES)
        for part, size in ((side, len(HOURS) + 1) for side in sides):
            kind, kinds = kind * size + part, kinds * size
        kind, kinds = (kind * 2 + rows.is_undated) * 4 + rows.lateness, kinds * 8
        example = np.full(kinds, -1, dtype=np.intp)
        example[kind] = np.arange(len(kind))
        present = np.flatnonzero(example >= 0)
        number = np.zeros(kinds, dtype=np.intp)
        number[present] = np.arange(len(present))
        self._kind, self._kinds = number[kind], len(present)
        examples = rows.take(example[present])
        self._names, masks = zip(*marks(examples).items(), strict=True)
        self._marks = np.array(masks).T.astype(np.int64)

    def counts(self, groups: NDArray[np.intp], size: int) -> Counts:
        """By group 0 … size-1."""
        table = np.bincount(groups * self._kinds + self._kind, minlength=size * self._kinds).reshape(size, self._kinds)
        return dict(zip(self._names, (table @ self._marks).T, strict=True))


def marks(rows: Rows) -> dict[str, NDArray[np.bool_]]:
    """For each count of FIGURES, which rows it counts."""
    found = {"n": np.ones(len(rows.place), dtype=bool), "no_calendar": rows.is_undated}
    for name, state in (("answered", ANSWERED), ("open", OPEN), ("unknown", UNKNOWN)):
        found[name] = rows.waits.state == state
    for hours in HOURS:
        met, missed, out = within(rows.waits, hours * 3600)
        found |= {f"met_{hours}": met, f"of_{hours}": met | missed, f"out_{hours}": out}
    for name, mask in (("late", rows.lateness == LATE), ("overdue", rows.lateness == OVERDUE), ("ruled", rows.lateness != FREE)):
        found[name] = mask
    return found


def finish(counts: Counts, waiting: Groups, floor: int) -> pd.DataFrame:
    """Rates, intervals and quantiles from counts and waits."""
    columns: dict[str, NDArray] = dict(counts)
    for hours in HOURS:
        names = (f"share_{hours}", f"low_{hours}", f"high_{hours}")
        columns |= dict(zip(names, wilson(counts[f"met_{hours}"], counts[f"of_{hours}"]), strict=True))
    columns["p50"], columns["p90"] = waiting.quantile(0.5), waiting.quantile(0.9)
    columns["p50_low"], columns["p50_high"] = waiting.median_interval()
    columns["stated"] = columns["held"] = np.full(len(counts["n"]), np.nan)
    columns["is_enough"] = counts["answered"] + counts["open"] >= floor
    return pd.DataFrame(columns, columns=FIGURES)


def coverage(db: sqlite3.Connection, scope: Scope, asked: Asked, accounts: pd.DataFrame) -> pd.DataFrame:
    """采集完整度 by row of `accounts` over the posts published in the period: `stated` by the platforms, `held` of it.

    NaN where no platform states a number. More than was stated (a comment withdrawn since) counts as all. As of a moment: what
    the last look by then found.
    """
    size = len(accounts)
    stated, held = np.zeros(size), np.zeros(size)
    if size:
        inside, values = accounts_of(scope, asked)
        everybody = db.execute("SELECT count(*) FROM accounts").fetchone()[0]
        mine = "" if size == everybody else f"AND p.account_id IN (SELECT a.id {inside})"
        sql = (STATED if asked.as_of is None else STATED_THEN).format(mine=mine)
        account, of, n = integers(
            db, ["h.account_id", "h.stated", "CASE WHEN h.n < h.stated THEN h.n ELSE h.stated END"], sql, values
        )
        place, is_mine = places(accounts, account)
        stated = np.bincount(place[is_mine], of[is_mine], size)
        held = np.bincount(place[is_mine], n[is_mine], size)
        seen = np.bincount(place[is_mine], minlength=size) > 0
        stated, held = np.where(seen, stated, np.nan), np.where(seen, held, np.nan)
    return pd.DataFrame({"stated": stated, "held": held})


def add_coverage(frame: pd.DataFrame, covered: pd.DataFrame, groups: NDArray[np.intp]) -> pd.DataFrame:
    """Fill `stated` and `held` of a frame from those of the accounts; `groups` is the row of the frame for each account."""
    known = covered["stated"].notna().to_numpy()
    for name in ("stated", "held"):
        sums = np.bincount(groups[known], covered[name].to_numpy()[known], len(frame))
        seen = np.bincount(groups[known], minlength=len(frame)) > 0
        frame[name] = np.where(seen, sums, np.nan)
    return frame
