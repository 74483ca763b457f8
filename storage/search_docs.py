"""Rows as the index takes them: read from the database, numbered by their time, written as letters and pairs."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from storage.search_dirty import COMMENT, POST
from storage.search_file import DAY_BITS, SHELF_BITS, day_of, ref_of
from storage.search_words import POSTS_ONLY, account_token, searchable, tokens

SELECT = {
    POST: "SELECT id, account_id, published_at, seen_at, title, text FROM posts",
    COMMENT: "SELECT id, account_id, published_at, seen_at, '', text FROM comments",
}
BOUNDS = (
    "INSERT INTO shelves(id, first_at, last_at) VALUES(?, ?, ?) ON CONFLICT(id) DO UPDATE SET "
    "first_at = min(first_at, excluded.first_at), last_at = max(last_at, excluded.last_at)"
)


class Doc(NamedTuple):
    """One row as the index takes it; sorts by time."""

    at: int
    ref: int
    account_id: int
    seen_at: int
    title: str
    text: str


def newer(db: sqlite3.Connection, subject: str, upto: int, limit: int) -> list[Doc]:
    """The next rows after an id, in the order of their ids."""
    rows = db.execute(f"{SELECT[subject]} WHERE id > :upto ORDER BY id LIMIT :limit", {"upto": upto, "limit": limit}).fetchall()
    return [doc_of(subject, row) for row in rows]


def reread(db: sqlite3.Connection, changed: Sequence[tuple[str, int]]) -> list[Doc]:
    """Changed rows as they read now; one that is gone is left out."""
    found = []
    for subject, row_id in changed:
        row = db.execute(f"{SELECT[subject]} WHERE id = :id", {"id": row_id}).fetchone()
        if row is not None:
            found.append(doc_of(subject, row))
    return found


def doc_of(subject: str, row: Sequence) -> Doc:
    return Doc(row[2], ref_of(subject, row[0]), row[1], row[3], row[4], row[5])


def strike(index: sqlite3.Connection, refs: Sequence[int], docs: Iterable[Doc]) -> None:
    """Take the numbers from rows that are read again; first looked for in their day, else everywhere."""
    if not refs:
        return
    left = set(refs)
    days: dict[int, list[int]] = {}
    for doc in docs:
        if doc.ref in left:
            days.setdefault(day_of(doc.at), []).append(doc.ref)
    for day, here in days.items():
        left -= strike_between(index, here, day << DAY_BITS, ((day + 1) << DAY_BITS) - 1)
    if left:
        strike_between(index, sorted(left), 0, 1 << 62)


def strike_between(index: sqlite3.Connection, refs: Sequence[int], low: int, high: int) -> set[int]:
    values = {"low": low, "high": high, "refs": json.dumps(refs)}
    which = "id BETWEEN :low AND :high AND ref IN (SELECT value FROM json_each(:refs))"
    found = index.execute(f"SELECT id, ref FROM docs WHERE {which}", values).fetchall()
    index.executemany("UPDATE docs SET ref = 0 WHERE id = ?", [(row[0],) for row in found])
    return {row[1] for row in found}


def insert(index: sqlite3.Connection, docs: Sequence[Doc]) -> None:
    """Give numbers to rows, which come in the order of time, and write their words."""
    numbered: list[tuple[int, Doc]] = []
    for day, group in groupby(docs, key=lambda doc: day_of(doc.at)):
        low, high = day << DAY_BITS, ((day + 1) << DAY_BITS) - 1
        last = index.execute("SELECT max(id) FROM docs WHERE id BETWEEN ? AND ?", (low, high)).fetchone()[0]
        first = low if last is None else last + 1
        numbered += [(first + place, doc) for place, doc in enumerate(group)]
        if numbered[-1][0] > high:
            raise OverflowError(f"more than {1 << DAY_BITS} rows in one day")
    index.executemany(
        "INSERT INTO docs(id, ref, account_id, at) VALUES(?, ?, ?, ?)",
        [(number, doc.ref, doc.account_id, doc.at) for number, doc in numbered],
    )
    index.executemany(BOUNDS, bounds_of(numbered))
    index.executemany(
        "INSERT INTO words(rowid, token) VALUES(?, ?)", ((number, " ".join(words_of(doc))) for number, doc in numbered)
    )


def bounds_of(numbered: Iterable[tuple[int, Doc]]) -> list[tuple[int, int, int]]:
    """First and last time of each shelf that gets something."""
    bounds = []
    for shelf, group in groupby(numbered, key=lambda one: one[0] >> SHELF_BITS):
        times = [doc.at for _, doc in group]
        bounds.append((shelf, min(times), max(times)))
    return bounds


def words_of(doc: Doc) -> set[str]:
    """Letters and pairs of a row, whose account it belongs to, and whether it is a post."""
    found = tokens(searchable(doc.title, doc.text))
    found.add(account_token(doc.account_id))
    if doc.ref & 1:
        found.add(POSTS_ONLY)
    return found
