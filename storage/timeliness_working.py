"""Waits on the office clock: the working seconds of each unit's own hours, also for questions that are still open."""

import sqlite3

import numpy as np
from numpy.typing import NDArray

from matrix.waiting import ANSWERED, OPEN, UNKNOWN, Waits
from matrix.worktime import OfficeClock
from storage.office import Offices

Ints = NDArray[np.int64]


def in_working_time(
    db: sqlite3.Connection, accounts: Ints, asked: Ints, natural: Waits, working: Ints, cutoff: int
) -> tuple[Waits, NDArray[np.bool_]]:
    """The same matters in working seconds, and which of them are unknown only because a year is not loaded.

    `working` holds what the response fact says of an answer (-1: year not loaded). Open matters are counted up to where they are
    known to be open. Hours are those of the unit that ran the account when it was asked.
    """
    spent, age = np.full(len(asked), np.nan), np.full(len(asked), np.nan)
    for clock, chosen in clocks(db, accounts, asked):
        begin = asked[chosen]
        spent[chosen] = clock.between_many(begin, begin + natural.seconds[chosen])
        age[chosen] = clock.between_many(begin, np.full(len(begin), cutoff))
    is_answered = natural.state == ANSWERED
    spent = np.where(is_answered, np.where(working < 0, np.nan, working), spent)
    is_undated = (natural.state != UNKNOWN) & np.isnan(spent)
    state = np.where(is_undated, UNKNOWN, natural.state).astype(np.int8)
    seconds = np.where((state == OPEN) | (state == ANSWERED), np.nan_to_num(spent), 0).astype(np.int64)
    return Waits(seconds, state, np.nan_to_num(age, nan=-1).astype(np.int64)), is_undated


def clocks(db: sqlite3.Connection, accounts: Ints, asked: Ints) -> list[tuple[OfficeClock, Ints]]:
    """Each office clock with the places of the matters that it measures.

    Between two moments at which any hours or any account's unit changed, an account has one clock.
    """
    if not len(asked):
        return []
    offices = Offices.load(db)
    rows = db.execute(
        "SELECT valid_from FROM office_hours WHERE valid_from > :first AND valid_from <= :last UNION "
        "SELECT valid_from FROM affiliations WHERE valid_from > :first AND valid_from <= :last",
        {"first": int(asked.min()), "last": int(asked.max())},
    ).fetchall()
    changes = np.array(sorted(row[0] for row in rows), dtype=np.int64)
    stretch = np.searchsorted(changes, asked, side="right")
    keys = accounts * (len(changes) + 1) + stretch
    distinct, first, where = np.unique(keys, return_index=True, return_inverse=True)
    numbers: dict[int, int] = {}
    found: list[OfficeClock] = []
    number_of = np.zeros(len(distinct), dtype=np.int64)
    for row, place in enumerate(first.tolist()):
        clock = offices.clock(int(accounts[place]), int(asked[place]))
        if id(clock) not in numbers:
            numbers[id(clock)] = len(found)
            found.append(clock)
        number_of[row] = numbers[id(clock)]
    of_matter = number_of[where]
    return [(clock, np.flatnonzero(of_matter == number)) for number, clock in enumerate(found)]
