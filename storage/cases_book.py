"""The book of some days: which matters were there and open at the end of each, counted in one pass over an index."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storage.cases_soon import KEEP_DAYS
from storage.columns import integers
from storage.moments import OFFSET
from storage.scope import Scope, accounts_among

DAY = 86400
SETTLED = frozenset({"办结", "无需回复", "已另行回应"})
LONGEST = 96
"""So many days fit into one book: a quarter, and the days before it that are still carried."""

LATER = 127
"""No day of a book or of those carried into it: stands for moments that come after its end, or never."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Book:
    """Matters as columns, sorted by account; rows are ends of days, the first that of the day before `first`.

    `age` (days since it was received) has a row less: one for each day of the book.
    """

    first: int
    ids: NDArray[np.int64]
    accounts: NDArray[np.int64]
    age: NDArray[np.int64]
    is_open: Mask
    is_overdue: Mask
    is_unknown: Mask

    def parts(self) -> dict[str, Mask]:
        """Which matters belong to which part of the book on which day; see `storage.cases_daily.COLUMNS`."""
        before, after = self.is_open[:-1], self.is_open[1:]
        came = self.age == 0
        brought = before & (self.age >= 1) & (self.age <= KEEP_DAYS)
        kept = after & (self.age >= 0) & (self.age < KEEP_DAYS)
        return {
            "brought": brought,
            "received": came,
            "reopened": kept & ~came & ~before,
            "settled": (brought | came) & ~after,
            "aged": brought & after & (self.age == KEEP_DAYS),
            "carried": kept,
            "overdue": kept & self.is_overdue[1:],
            "unknown": kept & self.is_unknown[1:],
        }


# A rule that asks for the first reply is met by it; one that asks for the answer is not met while the matter is open.
STOP = "CASE WHEN r.rule_id IN ({rules}) THEN r.first_at ELSE {answer} END"
KNOWN = "CASE WHEN r.known_until >= r.due_at THEN 2 WHEN r.known_until IS NULL THEN 0 WHEN r.due_at IS NULL THEN 2 ELSE 1 END"


@dataclass(frozen=True, slots=True)
class Matters:
    """Matters as columns. Moments are days since `:since`, LATER where they had not come by the end of the book."""

    ids: NDArray[np.int64]
    accounts: NDArray[np.int64]
    asked: NDArray[np.int16]
    due: NDArray[np.int16]
    stopped: NDArray[np.int16]
    answered: NDArray[np.int16]
    known: NDArray[np.int16]

    def take(self, chosen: NDArray[Any]) -> "Matters":
        return Matters(*(getattr(self, one.name)[chosen] for one in fields(self)))


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps in their order: of which of the `cases` (ids, ascending), the end of a day at which it had happened, whether it
    settled the case. `is_told`: the case has a step within the book, or is open by the last one before it."""

    cases: NDArray[np.int64]
    is_told: Mask
    places: NDArray[np.intp]
    ends: NDArray[np.int64]
    is_settled: Mask


def fetch(db: sqlite3.Connection, source: str, rules: str, values: Mapping[str, int | str], *, is_open: bool = False) -> Matters:
    """All that the book asks of the matters of `source`, in one number beside the id: each costs its printing and its reading.

    `rules` are the numbers of those that ask for the first reply.
    """
    answer = "NULL" if is_open else "r.answer_at"
    stop = STOP.format(answer=answer, rules=rules) if rules else answer
    packed = "r.account_id * 128 + (r.asked_at - :since) / 86400"
    for day in (day_of("r.due_at"), day_of(stop), day_of(answer)):
        packed = f"({packed}) * 128 + {day}"
    ids, numbers = integers(db, ["r.comment_id", f"({packed}) * 4 + {KNOWN}"], source, values)
    asked, due, stopped, answered = ((numbers >> shift & LATER).astype(np.int16) for shift in (23, 16, 9, 2))
    return Matters(ids, numbers >> 30, asked, due, stopped, answered, (numbers & 3).astype(np.int16))


def day_of(column: str) -> str:
    """SQL: the day of a moment, counted from `:since`; no moment of a matter is before it was asked."""
    return str(LATER) if column == "NULL" else f"CASE WHEN {column} < :until THEN ({column} - :since) / 86400 ELSE {LATER} END"


def load(db: sqlite3.Connection, scope: Scope, first: int, days: int, now: int) -> Book:
    """The book of `days` days from `first` on (Beijing days since the epoch); the last one as of `now` (Unix seconds)."""
    mine, names = accounts_among(db, scope, "+r.account_id")
    values: dict[str, int | str] = names | {
        "opened": first * DAY - OFFSET,
        "since": (first - KEEP_DAYS) * DAY - OFFSET,
        "until": min((first + days) * DAY - OFFSET, now),
    }
    firsts = db.execute("SELECT id FROM reply_rules WHERE clock = '首次响应' ORDER BY id").fetchall()
    rules = ", ".join(str(row[0]) for row in firsts)
    there = f"FROM responses r WHERE r.asked_at >= :since AND r.asked_at < :until AND {mine}"
    parts = [
        fetch(db, f"{there} AND r.answer_at IS NULL", rules, values, is_open=True),
        fetch(db, f"{there} AND r.answer_at >= :opened", rules, values),
    ]
    steps = steps_of(db, values | {"days": days})
    rows = rows_of(steps.cases, np.concatenate([part.ids for part in parts]))
    # What was answered before the book opened is in it only where a person says otherwise.
    left = steps.cases[(rows < 0) & steps.is_told].tolist()
    for start in range(0, len(left), 400):
        marks = {f"case{place}": number for place, number in enumerate(left[start : start + 400])}
        named = ", ".join(f":{name}" for name in marks)
        parts.append(fetch(db, f"{there} AND r.comment_id IN ({named})", rules, values | marks))
    every = Matters(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Matters)))
    return open_book(first, days, every, steps, rows_of(steps.cases, every.ids) if left else rows)


def rows_of(cases: NDArray[np.int64], ids: NDArray[np.int64]) -> NDArray[np.intp]:
    """The place of each case (ascending) among the ids; -1 where it is not among them."""
    rows = np.full(len(cases), -1, dtype=np.intp)
    if len(cases):
        near = np.minimum(np.searchsorted(cases, ids), len(cases) - 1)
        is_theirs = cases[near] == ids
        rows[near[is_theirs]] = np.flatnonzero(is_theirs)
    return rows


def passed(moments: NDArray[np.int16], days: int) -> NDArray[np.int16]:
    """The first end of a day at which a moment had passed, 0 to days; days + 1 when it had not passed by the last."""
    ends = np.maximum(moments - (KEEP_DAYS - 1), 0)
    return np.where(moments == LATER, days + 1, ends).astype(np.int16)


def passed_then(column: str) -> str:
    """The same in SQL, for moments in Unix seconds."""
    return f"CASE WHEN {column} >= :until THEN :days + 1 WHEN {column} < :opened THEN 0 ELSE ({column} - :opened) / 86400 + 1 END"


def steps_of(db: sqlite3.Connection, values: Mapping[str, int | str]) -> Steps:
    """All steps since `:since` that count; the matters of a book were asked since then, so that these are all of theirs."""
    settled = ", ".join(f"'{state}'" for state in sorted(SETTLED))
    ids, cases, ends = integers(
        db,
        ["s.id", "s.comment_id", f"({passed_then('s.at')}) * 2 + CASE WHEN s.state IN ({settled}) THEN 1 ELSE 0 END"],
        "FROM case_steps s WHERE s.at >= :since AND s.undoes IS NULL AND s.id NOT IN "
        "(SELECT u.undoes FROM case_steps u WHERE u.at >= :since AND u.undoes IS NOT NULL)",
        values,
    )
    order = np.argsort(ids, kind="stable")
    ends, is_settled = ends[order] >> 1, (ends[order] & 1) == 1
    each, places = np.unique(cases[order], return_inverse=True)
    last = np.zeros(len(each), dtype=np.intp)
    last[places] = np.arange(len(places))  # repeated places keep the value that comes last
    return Steps(each, (ends[last] > 0) | ~is_settled[last], places, ends, is_settled)


def open_book(first: int, days: int, matters: Matters, steps: Steps, rows: NDArray[np.intp]) -> Book:
    """Who was open at the end of each day: an untouched matter until its answer, a touched one by its steps.

    `rows` are the places of the cases of `steps` among the matters.
    """
    numbers = matters.accounts
    small = numbers.astype(np.uint16) if numbers.max(initial=0) < 1 << 16 else numbers  # sorted without comparing
    order = np.argsort(small, kind="stable")
    matters = matters.take(order)
    came, known = matters.asked, matters.known
    answered, due, stopped = (passed(one, days) for one in (matters.answered, matters.due, matters.stopped))
    ends = np.arange(days + 1, dtype=np.int16)[:, None]
    is_there = ends >= came - (KEEP_DAYS - 1)
    is_open = is_there & (ends < answered)
    if len(rows):
        moved = np.empty(len(order), dtype=np.intp)
        moved[order] = np.arange(len(order))
        follow(is_open, is_there, np.where(rows >= 0, moved[rows], -1) if len(order) else rows, steps)
    is_past = is_open & (ends >= due) & (ends < stopped)
    # Where an answer is held nothing is unknown, also when a person has opened the matter again.
    is_unknown = is_open & (ends < answered) & ((known == 0) | (is_past & (known == 1)))
    age = ends[:-1] + (KEEP_DAYS - came)
    return Book(first, matters.ids, matters.accounts, age, is_open, is_past & (known == 2), is_unknown)


def follow(is_open: Mask, is_there: Mask, rows: NDArray[np.intp], steps: Steps) -> None:
    """Write into `is_open` what the steps say; before its first step a case stands by its answer."""
    row = rows[steps.places]
    for end in range(len(is_open)):
        done = (steps.ends <= end) & (row >= 0)
        # Of several steps of one case the last one counts: repeated places keep the value that comes last.
        is_open[end, row[done]] = is_there[end, row[done]] & ~steps.is_settled[done]
