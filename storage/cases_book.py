"""The book of some days: which matters were there and open at the end of each, counted in one pass over an index."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storage.cases_queue import UNTOUCHED
from storage.cases_soon import KEEP_DAYS
from storage.moments import OFFSET
from storage.scope import Scope, accounts_in

DAY = 86400
SETTLED = frozenset({"办结", "无需回复", "已另行回应"})
BASE = 128
"""Every moment becomes the number of the day at whose end it has passed, below this; several make one number of a row."""

LONGEST = BASE - 2 - KEEP_DAYS
"""So many days fit into one book."""

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


def passed(column: str, otherwise: str = ":days + 1") -> str:
    """SQL: the first end of a day at which a moment has passed, 0 to days; days + 1 when it has not passed by the last."""
    return (
        f"CASE WHEN {column} IS NULL OR {column} >= :until THEN {otherwise} WHEN {column} < :opened THEN 0 "
        f"ELSE ({column} - :opened) / 86400 + 1 END"
    )


# A rule that asks for the first reply is met by it; one that asks for the answer is not met while the matter is open.
STOP = "CASE WHEN r.rule_id IN (SELECT q.id FROM reply_rules q WHERE q.clock = '首次响应') THEN r.first_at ELSE {answer} END"
KNOWN = "CASE WHEN r.known_until IS NULL THEN 0 WHEN r.due_at IS NULL OR r.known_until >= r.due_at THEN 2 ELSE 1 END"


def packed(answer: str) -> str:
    """SQL: all that the book asks of a matter, as one number; the digits to the base BASE, account first."""
    digits = [
        "r.account_id",
        "(r.asked_at - :since) / 86400",
        passed(answer),
        passed("r.due_at"),
        passed(f"({STOP.format(answer=answer)})"),
        KNOWN,
    ]
    number = digits[0]
    for digit in digits[1:]:
        number = f"({number}) * {BASE} + ({digit})"
    return number


def load(db: sqlite3.Connection, scope: Scope, first: int, days: int, now: int, *, with_ids: bool = False) -> Book:
    """The book of `days` days from `first` on (Beijing days since the epoch); the last one as of `now` (Unix seconds).

    `with_ids` also says which matters they are; without it `ids` is 0 for those that nobody touched, and the pass is faster.
    """
    mine, values = accounts_in(scope, "+r.account_id")
    values |= {
        "days": days,
        "opened": first * DAY - OFFSET,
        "since": (first - KEEP_DAYS) * DAY - OFFSET,
        "until": min((first + days) * DAY - OFFSET, now),
    }
    number = "r.comment_id" if with_ids else "0"
    there = f"FROM responses r WHERE r.asked_at >= :since AND r.asked_at < :until AND {mine}"
    rows = db.execute(f"SELECT {packed('NULL')}, {number} {there} AND r.answer_at IS NULL AND {UNTOUCHED}", values).fetchall()
    rows += db.execute(
        f"SELECT {packed('r.answer_at')}, {number} {there} AND r.answer_at >= :opened AND {UNTOUCHED}", values
    ).fetchall()
    handled = db.execute(
        f"SELECT {packed('r.answer_at')}, r.comment_id FROM (SELECT DISTINCT s.comment_id FROM case_steps s "
        f"WHERE s.at >= :since) AS t JOIN responses r ON r.comment_id = t.comment_id WHERE r.asked_at >= :since "
        f"AND r.asked_at < :until AND {mine} AND NOT ({UNTOUCHED})",
        values,
    ).fetchall()
    return open_book(first, days, rows + handled, steps_of(db, values) if handled else [])


def steps_of(db: sqlite3.Connection, values: dict[str, Any]) -> list[tuple[int, int, int]]:
    """(comment, end of a day at which it had happened, whether it settled the case) of all steps that count, in their order."""
    return db.execute(
        f"SELECT s.comment_id, {passed('s.at')}, CASE WHEN s.state IN ('办结', '无需回复', '已另行回应') THEN 1 ELSE 0 END "
        "FROM case_steps s WHERE s.at >= :since AND s.undoes IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM case_steps u WHERE u.comment_id = s.comment_id AND u.undoes = s.id) ORDER BY s.id",
        values,
    ).fetchall()


def open_book(first: int, days: int, rows: Sequence[tuple[int, int]], steps: list[tuple[int, int, int]]) -> Book:
    """Who was open at the end of each day: an untouched matter until its answer, a touched one by its steps."""
    table = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=2 * len(rows)).reshape(len(rows), 2)
    table = table[np.argsort(table[:, 0], kind="stable")]
    number, ids = table[:, 0], table[:, 1]
    digits = []
    for _ in range(5):
        number, digit = np.divmod(number, BASE)
        digits.append(digit[:, None])
    known, stopped, due, answered, came = digits
    ends = np.arange(days + 1)[None, :]
    is_there = ends >= came - KEEP_DAYS + 1
    is_open = is_there & (ends < answered)
    if steps:
        follow(is_open, is_there, ids, np.array(steps, dtype=np.int64))
    is_past = is_open & (ends >= due) & (ends < stopped)
    # Where an answer is held nothing is unknown, also when a person has opened the matter again.
    is_unknown = is_open & (ends < answered) & ((known == 0) | (is_past & (known == 1)))
    age = np.arange(days)[None, :] + KEEP_DAYS - came
    return Book(first, ids, number, age, is_open, is_past & (known == 2), is_unknown)


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
