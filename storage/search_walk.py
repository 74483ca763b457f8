"""Walks through the index newest first: rows that may be hits, and how new an unread row can still be."""

import sqlite3
from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import accumulate

from storage.search_file import DAY_BITS, SHELF_BITS, Standing, day_of, day_start
from storage.search_rows import POSTS, Direct, Filters, Place
from storage.search_words import POSTS_ONLY, Wanted, account_token, is_exact, tokens_of_word

Candidate = tuple[int, int, int, int]
"""Its number in the index, its ref, its account, its time."""

HIGHEST = 1 << 62
FIRST_CHUNK, LARGEST_CHUNK = 128, 2048
MOST_ACCOUNTS = 300
"""Accounts that are asked of the index by name; of more, each row's account is looked at."""

WALK = (
    "SELECT d.id, d.ref, d.account_id, d.at FROM words w CROSS JOIN docs d ON d.id = w.rowid "
    "WHERE w.words MATCH :query AND w.rowid BETWEEN :low AND :high ORDER BY w.rowid DESC"
)


def query_of(wanted: Wanted, accounts: Collection[int] | None, is_posts_only: bool) -> str:
    """What is asked of the index; every hit is in the answer, and some rows that are none.

    Few accounts are asked for by name: a frequent word in a small subtree then costs what the subtree holds.
    """
    parts = [quoted(token) for word in wanted.words for token in tokens_of_word(word)]
    if is_posts_only:
        parts.append(quoted(POSTS_ONLY))
    if accounts is not None and 0 < len(accounts) <= MOST_ACCOUNTS:
        parts.append(f"({' OR '.join(quoted(account_token(account)) for account in sorted(accounts))})")
    # A longer word may be absent from a row that holds all its pairs, so it cannot be excluded here.
    unwanted = [quoted(tokens_of_word(word)[0]) for word in wanted.without if is_exact(word)]
    query = " AND ".join(dict.fromkeys(parts))
    return f"({query}) NOT ({' OR '.join(unwanted)})" if unwanted else query


def quoted(token: str) -> str:
    """A token between quotes; none of them holds a quote, because signs stand there as their wide twins."""
    return f'"{token}"'


class Shelves:
    """How rows lie in the index: numbers for times, and the newest time that an unread row can have."""

    def __init__(self, index: sqlite3.Connection) -> None:
        self._index = index
        self._day = -1
        self._ids: list[int] = []
        self._newest: list[int] = []

    def highest(self, at: int) -> int:
        """The highest number that a row of this time or older can have."""
        low, high = shelves_of(day_of(at))
        sql = "SELECT max(id) FROM shelves WHERE id BETWEEN ? AND ? AND first_at <= ?"
        shelf = self._index.execute(sql, (low, high, at)).fetchone()[0]
        return (low << SHELF_BITS) - 1 if shelf is None else ((shelf + 1) << SHELF_BITS) - 1

    def lowest(self, at: int) -> int:
        """The lowest number that a row of this time or newer can have."""
        low, high = shelves_of(day_of(at))
        sql = "SELECT min(id) FROM shelves WHERE id BETWEEN ? AND ? AND last_at >= ?"
        shelf = self._index.execute(sql, (low, high, at)).fetchone()[0]
        return (high + 1 if shelf is None else shelf) << SHELF_BITS

    def newest_below(self, number: int) -> int:
        """No row with a lower number is newer than this, Unix seconds."""
        day = number >> DAY_BITS
        if day != self._day:
            sql = "SELECT id, last_at FROM shelves WHERE id BETWEEN ? AND ? ORDER BY id"
            rows = self._index.execute(sql, shelves_of(day)).fetchall()
            self._day = day
            self._ids = [row[0] for row in rows]
            self._newest = list(accumulate((row[1] for row in rows), max))
        place = bisect_right(self._ids, number >> SHELF_BITS)
        older = day_start(day) - 1
        return max(self._newest[place - 1], older) if place else older


def shelves_of(day: int) -> tuple[int, int]:
    """First and last shelf of a day."""
    return day << (DAY_BITS - SHELF_BITS), ((day + 1) << (DAY_BITS - SHELF_BITS)) - 1


@dataclass(frozen=True, slots=True)
class Step:
    """Places that may be hits, newest first, none of them older than what a later step brings.

    `read`: how many rows of the index it took; `upto`: whatever is newer than this has been given, None at the end.
    """

    places: list[Place]
    read: int
    upto: int | None


def steps(
    index: sqlite3.Connection | None, held: Standing, wanted: Wanted, only: Filters, before: Place | None, direct: Direct
) -> Iterator[Step]:
    """All places that may be hits and lie below `before`, in order, what was looked at directly among them."""
    pending = [place for place in direct.hits if before is None or place < before]
    if index is None:
        yield Step(sorted(pending, reverse=True), 0, None)
        return
    shelves = Shelves(index)
    newest = [
        at for at in (None if only.until is None else only.until - 1, None if before is None else before[0]) if at is not None
    ]
    high = shelves.highest(min(newest)) if newest else HIGHEST
    low = 0 if only.since is None else shelves.lowest(only.since)
    query = query_of(wanted, only.accounts, only.kind == POSTS)
    for chunk in walk(index, query, low, high):
        for _, ref, account_id, at in chunk:
            is_known = ref and ref not in direct.refs and (ref >> 1) <= (held.posts if ref & 1 else held.comments)
            if is_known and (before is None or (at, ref) < before) and only.lets(ref, account_id, at):
                pending.append((at, ref))
        upto = shelves.newest_below(chunk[-1][0])
        certain = sorted((place for place in pending if place[0] > upto), reverse=True)
        pending = [place for place in pending if place[0] <= upto]
        yield Step(certain, len(chunk), upto)
    yield Step(sorted(pending, reverse=True), 0, None)


def walk(index: sqlite3.Connection, query: str, low: int, high: int) -> Iterator[list[Candidate]]:
    """Candidates with numbers from `high` down to `low`, in chunks that grow; close it when you have enough."""
    cursor = index.execute(WALK, {"query": query, "low": low, "high": high})
    try:
        size = FIRST_CHUNK
        while chunk := cursor.fetchmany(size):
            yield chunk
            size = min(size * 2, LARGEST_CHUNK)
    finally:
        cursor.close()
