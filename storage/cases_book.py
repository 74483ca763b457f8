"""The book of some days: which matters were there and open at the end of each, counted in one pass over an index."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storage.cases_queue import UNTOUCHED
from storage.cases_soon import KEEP_DAYS
from storage.columns import integers
from storage.moments import OFFSET
from storage.scope import Scope, accounts_among

DAY = 86400
SETTLED = frozenset({"办结", "无需回复", "已另行回应"})
LONGEST = 96
"""So many days fit into one book: a quarter, and the days before it that are still carried."""

NEVER = 10**10
"""Seconds; three centuries, so that no moment of a book lies behind it."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Book:
    """Matters as rows, sorted by account; columns are ends of days, the first that of the day before `first`.

    `age` (days since it was received) has a column less: one for each day of the book.
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
        before, after = self.is_open[:, :-1], self.is_open[:, 1:]
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
            "overdue": kept & self.is_overdue[:, 1:],
            "unknown": kept & self.is_unknown[:, 1:],
        }


# A rule that asks for the first reply is met by it; one that asks for the answer is not met while the matter is open.
STOP = "CASE WHEN r.rule_id IN ({rules}) THEN r.first_at ELSE {answer} END"
KNOWN = "CASE WHEN r.known_until IS NULL THEN 0 WHEN r.due_at IS NULL OR r.known_until >= r.due_at THEN 2 ELSE 1 END"


@dataclass(frozen=True, slots=True)
class Matters:
    """Matters as columns; moments are seconds from the first end of a day on, NEVER where they did not come."""

    ids: NDArray[np.int64]
    accounts: NDArray[np.int64]
    known: NDArray[np.int64]
    asked: NDArray[np.int64]
    answered: NDArray[np.int64]
    due: NDArray[np.int64]
    stopped: NDArray[np.int64]

    def take(self, chosen: NDArray[Any]) -> "Matters":
        return Matters(*(getattr(self, one.name)[chosen] for one in fields(self)))


def columns(answer: str, rules: str) -> list[str]:
    """SQL: all that the book asks of a matter, in the order of `Matters`, account and known sight in one number.

    `rules` are the numbers of those that ask for the first reply.
    """
    moments = ["r.asked_at", answer, "r.due_at", STOP.format(answer=answer, rules=rules)]
    return ["r.comment_id", f"r.account_id * 4 + {KNOWN}", *(f"coalesce({one} - :opened, {NEVER})" for one in moments)]


def fetch(db: sqlite3.Connection, source: str, answer: str, rules: str, values: Mapping[str, int | str]) -> Matters:
    ids, accounts, *moments = integers(db, columns(answer, rules), source, values)
    return Matters(ids, accounts >> 2, accounts & 3, *moments)


def load(db: sqlite3.Connection, scope: Scope, first: int, days: int, now: int) -> Book:
    """The book of `days` days from `first` on (Beijing days since the epoch); the last one as of `now` (Unix seconds)."""
    mine, names = accounts_among(db, scope, "+r.account_id")
    values: dict[str, int | str] = names | {
        "opened": first * DAY - OFFSET,
        "since": (first - KEEP_DAYS) * DAY - OFFSET,
        "until": min((first + days) * DAY - OFFSET, now),
    }
    firsts = db.execute("SELECT id FROM reply_rules WHERE clock = '首次响应' ORDER BY id").fetchall()
    rules = ", ".join(str(row[0]) for row in firsts) or "NULL"
    there = f"FROM responses r WHERE r.asked_at >= :since AND r.asked_at < :until AND {mine}"
    untouched = [
        fetch(db, f"{there} AND r.answer_at IS NULL", "NULL", rules, values),
        fetch(db, f"{there} AND r.answer_at >= :opened", "r.answer_at", rules, values),
    ]
    (touched,) = integers(db, ["t.comment_id"], "FROM cases t WHERE t.step_id > 0", {})
    touched = np.sort(touched)
    for place, one in enumerate(untouched if len(touched) else []):
        nearest = touched[np.minimum(np.searchsorted(touched, one.ids), len(touched) - 1)]
        untouched[place] = one.take(nearest != one.ids)
    handled = fetch(
        db,
        "FROM (SELECT DISTINCT s.comment_id FROM case_steps s WHERE s.at >= :since) AS t JOIN responses r "
        f"ON r.comment_id = t.comment_id WHERE r.asked_at >= :since AND r.asked_at < :until AND {mine} AND NOT ({UNTOUCHED})",
        "r.answer_at",
        rules,
        values,
    )
    parts = (*untouched, handled)
    every = Matters(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Matters)))
    return open_book(first, days, values, every, steps_of(db, values | {"days": days}) if len(handled.ids) else [])


def passed(moments: NDArray[np.int64], days: int, until: int) -> NDArray[np.int64]:
    """The first end of a day at which a moment has passed, 0 to days; days + 1 when it has not passed by the last.

    Moments and `until`, which they must have come before, are seconds from the first end of a day on.
    """
    return np.where(moments >= until, days + 1, np.where(moments < 0, 0, moments // DAY + 1))[:, None]


def passed_then(column: str) -> str:
    """The same in SQL, for moments in Unix seconds."""
    return (
        f"CASE WHEN {column} IS NULL OR {column} >= :until THEN :days + 1 WHEN {column} < :opened THEN 0 "
        f"ELSE ({column} - :opened) / 86400 + 1 END"
    )


def steps_of(db: sqlite3.Connection, values: dict[str, Any]) -> list[tuple[int, int, int]]:
    """(comment, end of a day at which it had happened, whether it settled the case) of all steps that count, in their order."""
    return db.execute(
        f"SELECT s.comment_id, {passed_then('s.at')}, CASE WHEN s.state IN ('办结', '无需回复', '已另行回应') THEN 1 ELSE 0 END "
        "FROM case_steps s WHERE s.at >= :since AND s.undoes IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM case_steps u WHERE u.comment_id = s.comment_id AND u.undoes = s.id) ORDER BY s.id",
        values,
    ).fetchall()


def open_book(
    first: int, days: int, values: Mapping[str, int | str], matters: Matters, steps: list[tuple[int, int, int]]
) -> Book:
    """Who was open at the end of each day: an untouched matter until its answer, a touched one by its steps."""
    numbers = matters.accounts
    small = numbers.astype(np.uint16) if numbers.max(initial=0) < 1 << 16 else numbers  # sorted without comparing
    matters = matters.take(np.argsort(small, kind="stable"))
    until, ids = int(values["until"]) - int(values["opened"]), matters.ids
    came = (matters.asked // DAY + KEEP_DAYS)[:, None]
    answered, due, stopped = (passed(one, days, until) for one in (matters.answered, matters.due, matters.stopped))
    known = matters.known[:, None]
    ends = np.arange(days + 1)[None, :]
    is_there = ends >= came - KEEP_DAYS + 1
    is_open = is_there & (ends < answered)
    if steps:
        follow(is_open, is_there, ids, np.array(steps, dtype=np.int64))
    is_past = is_open & (ends >= due) & (ends < stopped)
    # Where an answer is held nothing is unknown, also when a person has opened the matter again.
    is_unknown = is_open & (ends < answered) & ((known == 0) | (is_past & (known == 1)))
    age = np.arange(days)[None, :] + KEEP_DAYS - came
    return Book(first, ids, matters.accounts, age, is_open, is_past & (known == 2), is_unknown)


def follow(is_open: Mask, is_there: Mask, ids: NDArray[np.int64], steps: NDArray[np.int64]) -> None:
    """Write into `is_open` what the steps say; before its first step a case stands by its answer."""
    order = np.argsort(ids, kind="stable")
    places = np.searchsorted(ids, steps[:, 0], sorter=order)
    found = places < len(ids)
    rows = order[np.where(found, places, 0)]
    found &= ids[rows] == steps[:, 0]
    for end in range(is_open.shape[1]):
        done = found & (steps[:, 1] <= end)
        # Of several steps of one case the last one counts: repeated places keep the value that comes last.
        is_open[rows[done], end] = is_there[rows[done], end] & (steps[done, 2] == 0)
