"""How fast the accounts answer, silence included: the questions of 回复时效 by account, unit, level, platform, hour and time.

All take the filters of `timeliness_rows.Asked` by name, are cut by the scope, and share the columns of
`timeliness_figures.FIGURES`; what these mean is defined in `matrix.waiting` and `matrix.survival`.
"""

import sqlite3
from dataclasses import dataclass
from typing import Unpack

import numpy as np
import pandas as pd

from matrix.survival import Groups
from matrix.waiting import ANSWERED, UNKNOWN
from storage.columns import integers
from storage.scope import Scope
from storage.timeliness_desk import CURVE, DAY, WEEK, Desk
from storage.timeliness_rows import ACCOUNT, Asked, Filters, accounts, packed, places, source, unpack

PERCENTILES = [*ACCOUNT, "n", "answered", "open", "unknown", "p50", "p90"]


@dataclass(frozen=True, slots=True)
class Board:
    """Every table for one choice of filters, from one reading of the rows. `other_curve` is the curve by the other time: working
    for natural, natural for working."""

    summary: pd.DataFrame
    by_account: pd.DataFrame
    by_unit: pd.DataFrame
    by_level: pd.DataFrame
    by_platform: pd.DataFrame
    by_hour: pd.DataFrame
    by_day: pd.DataFrame
    by_week: pd.DataFrame
    distribution: pd.DataFrame
    curve: pd.DataFrame
    other_curve: pd.DataFrame


def board(db: sqlite3.Connection, scope: Scope, **filters: Unpack[Filters]) -> Board:
    """All questions at once; what a page with several views asks, so that changing the view costs nothing."""
    desk = Desk(db, scope, Asked(**filters), with_other=True)
    return Board(
        desk.summary(),
        desk.by_account(),
        desk.by_unit(),
        desk.by_level(),
        desk.by_platform(),
        desk.by_hour(),
        desk.trend(DAY),
        desk.trend(WEEK),
        desk.distribution(),
        desk.curve(),
        desk.curve(desk.rows.other),
    )


def summary(db: sqlite3.Connection, scope: Scope, **filters: Unpack[Filters]) -> pd.DataFrame:
    """One row of FIGURES over everything that passes the filters; none where there is no account."""
    return Desk(db, scope, Asked(**filters)).summary()


def by_account(db: sqlite3.Connection, scope: Scope, **filters: Unpack[Filters]) -> pd.DataFrame:
    """FIGURES of each account that was asked something, with its rank among those of its level in this table."""
    return Desk(db, scope, Asked(**filters)).by_account()


def by_unit(db: sqlite3.Connection, scope: Scope, **filters: Unpack[Filters]) -> pd.DataFrame:
    """FIGURES of each unit with all units below it, parents first, with its rank among those of its level in this table.

    A unit that has nothing but accounts of persons is not ranked.
    """
    return Desk(db, scope, Asked(**filters)).by_unit()


def by_level(db: sqlite3.Connection, scope: Scope, **filters: Unpack[Filters]) -> pd.DataFrame:
    """FIGURES by the level of the unit that runs the account, from the top."""
    return Desk(db, scope, Asked(**filters)).by_level()


def by_platform(db: sqlite3.Connection, scope: Scope, **filters: Unpack[Filters]) -> pd.DataFrame:
    """FIGURES by platform."""
    return Desk(db, scope, Asked(**filters)).by_platform()


def by_hour(db: sqlite3.Connection, scope: Scope, **filters: Unpack[Filters]) -> pd.DataFrame:
    """FIGURES by the Beijing hour in which the citizen asked, 0 to 23; without coverage."""
    return Desk(db, scope, Asked(**filters)).by_hour()


def trend(db: sqlite3.Connection, scope: Scope, step: str = DAY, **filters: Unpack[Filters]) -> pd.DataFrame:
    """FIGURES by the Beijing day, or the week from Monday on, in which the citizen asked; without coverage.

    `start` is Unix seconds; `step` 日 or 周. Days without a matter have a row.
    """
    return Desk(db, scope, Asked(**filters)).trend(step)


def distribution(db: sqlite3.Connection, scope: Scope, **filters: Unpack[Filters]) -> pd.DataFrame:
    """How many matters ended in which bucket of waiting time, the open and the unknown ones beside; shares of all."""
    return Desk(db, scope, Asked(**filters)).distribution()


def curve(db: sqlite3.Connection, scope: Scope, **filters: Unpack[Filters]) -> pd.DataFrame:
    """Which share was answered by which wait, with its 95 % band: one minus Kaplan-Meier of the known matters."""
    return Desk(db, scope, Asked(**filters)).curve()


def percentiles(db: sqlite3.Connection, scope: Scope, **filters: Unpack[Filters]) -> pd.DataFrame:
    """Only counts, p50 and p90 of each account, in natural seconds: `by_account` without the rest, and as fast as it can be.

    Each row comes as one number that holds the account as well.
    """
    asked = Asked(**filters)
    if asked.working:
        raise ValueError("percentiles are in natural seconds")
    chosen = accounts(db, scope, asked)
    if chosen.empty:
        return pd.DataFrame([], columns=PERCENTILES)
    where, values = source(db, scope, asked, chosen)
    (numbers,) = integers(db, [packed(asked)], where, values)
    account, seconds, state = unpack(numbers, asked.bits)
    place, is_mine = places(chosen, account)
    if not is_mine.all():
        place, seconds, state = place[is_mine], seconds[is_mine], state[is_mine]
    known = state != UNKNOWN
    kept = np.flatnonzero(known)
    waiting = Groups.of_rows(place[kept], seconds[kept], state[kept] == ANSWERED, len(chosen))
    n, answered = np.bincount(place, minlength=len(chosen)), waiting.answered()
    counts = {"n": n, "answered": answered, "open": waiting.sizes - answered, "unknown": n - waiting.sizes}
    frame = chosen.assign(**counts, p50=waiting.quantile(0.5), p90=waiting.quantile(0.9))
    return frame[frame["n"] > 0].reset_index(drop=True)


__all__ = [
    "CURVE",
    "DAY",
    "PERCENTILES",
    "WEEK",
    "Board",
    "board",
    "by_account",
    "by_hour",
    "by_level",
    "by_platform",
    "by_unit",
    "curve",
    "distribution",
    "percentiles",
    "summary",
    "trend",
]
