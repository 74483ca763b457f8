"""Keeps the search index in step with the database: portion by portion, right again after a kill at any point."""

import json
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from storage import marks, search_dirty
from storage.database import writing
from storage.search_dirty import COMMENT, POST
from storage.search_file import (
    MARK,
    SHELF_BITS,
    WEEK_BITS,
    State,
    begin,
    database_path,
    open_index_writer,
    path_beside,
    put_state,
    ref_of,
    state_of,
    week_of,
    write,
)
from storage.search_words import POSTS_ONLY, account_token, searchable, tokens

PORTION = 5000
"""Rows per transaction: half a second of work, some tens of megabytes."""

AGAIN = 1000
"""Changed rows per portion."""

MERGE_AFTER, MERGE_PAGES = 100_000, 2000
"""After so many rows at once the lists are merged into few, that many pages at a time."""

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


def catch_up(db: sqlite3.Connection, is_stopping: Callable[[], bool] = lambda: False, portion: int = PORTION) -> int:
    """Read into the index what is not in it yet; gives how many rows were read. Only the worker calls it, never two at once.

    `db` must be open to be changed. A private database in memory has no index. What cannot be used is built anew.
    """
    path = database_path(db)
    if path is None:
        return 0
    done = 0
    with closing(open_index_writer(path_beside(path))) as index:
        settle(db, index)
        while not is_stopping() and (read := add_portion(db, index, portion)):
            done += read
        if done >= MERGE_AFTER:
            merge(index, is_stopping)
    return done


def settle(db: sqlite3.Connection, index: sqlite3.Connection) -> None:
    """Make sure that the index belongs to the database: begin it, or take back a last portion that is not confirmed."""
    state = state_of(index)
    code, _, turn = marks.get(db, MARK).partition(" ")
    if state is None or state.code != code or not turn.isdigit() or state.turn - int(turn) not in (0, 1):
        code = secrets.token_hex(8)
        write(index, lambda: begin(index, code))
        with writing(db):
            search_dirty.forget(db)
            marks.put(db, MARK, f"{code} 0")
    elif state.turn > int(turn):
        take_back(db, index, state)


def take_back(db: sqlite3.Connection, index: sqlite3.Connection, state: State) -> None:
    """Undo the last portion: its new rows lose their numbers, and what it read again is asked for once more."""
    again = [row[0] for row in index.execute("SELECT ref FROM reread").fetchall()]
    with writing(db):
        search_dirty.mark_all(db, [(POST if ref & 1 else COMMENT, ref >> 1) for ref in again])

    def change() -> None:
        new = "(ref & 1 = 1 AND ref >> 1 > :posts) OR (ref & 1 = 0 AND ref >> 1 > :comments)"
        values = {"posts": state.posts_before, "comments": state.comments_before}
        index.execute(f"UPDATE docs SET ref = 0 WHERE {new}", values)
        index.execute("DELETE FROM reread")
        before = replace(state, turn=state.turn - 1, posts=state.posts_before, comments=state.comments_before)
        put_state(index, before)

    write(index, change)


def add_portion(db: sqlite3.Connection, index: sqlite3.Connection, limit: int) -> int:
    """One transaction of the index, then its confirmation in the database; gives how many rows were read."""
    state = state_of(index)
    if state is None:
        raise LookupError("the index has not been begun")
    taken = search_dirty.take(db, AGAIN)
    upto = {POST: state.posts, COMMENT: state.comments}
    again = [(subject, row_id) for subject, row_id, _ in taken if row_id <= upto[subject]]
    posts = newer(db, POST, state.posts, limit)
    comments = newer(db, COMMENT, state.comments, limit - len(posts))
    if not (taken or posts or comments):
        return 0
    docs = sorted([*posts, *comments, *reread(db, again)])

    def change() -> None:
        refs = [ref_of(subject, row_id) for subject, row_id in again]
        strike(index, refs, docs)
        insert(index, docs)
        index.execute("DELETE FROM reread")
        index.executemany("INSERT INTO reread(ref) VALUES(?)", [(ref,) for ref in refs])
        put_state(
            index,
            replace(
                state,
                turn=state.turn + 1,
                posts=posts[-1].ref >> 1 if posts else state.posts,
                comments=comments[-1].ref >> 1 if comments else state.comments,
                posts_before=state.posts,
                comments_before=state.comments,
                seen_at=max([state.seen_at, *(doc.seen_at for doc in docs)]),
            ),
        )

    write(index, change)
    with writing(db):
        search_dirty.cross_off(db, taken)
        marks.put(db, MARK, f"{state.code} {state.turn + 1}")
    return len(docs) or len(taken)


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
    """Take the numbers from rows that are read again; first looked for in their week, else everywhere."""
    if not refs:
        return
    left = set(refs)
    weeks: dict[int, list[int]] = {}
    for doc in docs:
        if doc.ref in left:
            weeks.setdefault(week_of(doc.at), []).append(doc.ref)
    for week, here in weeks.items():
        left -= strike_between(index, here, week << WEEK_BITS, ((week + 1) << WEEK_BITS) - 1)
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
    for week, group in groupby(docs, key=lambda doc: week_of(doc.at)):
        low, high = week << WEEK_BITS, ((week + 1) << WEEK_BITS) - 1
        last = index.execute("SELECT max(id) FROM docs WHERE id BETWEEN ? AND ?", (low, high)).fetchone()[0]
        first = low if last is None else last + 1
        numbered += [(first + place, doc) for place, doc in enumerate(group)]
        if numbered[-1][0] > high:
            raise OverflowError(f"more than {1 << WEEK_BITS} rows in one week")
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


def merge(index: sqlite3.Connection, is_stopping: Callable[[], bool] = lambda: False) -> None:
    """Merge the lists of the index into few, step by step; each step is a transaction of its own."""
    pages = -MERGE_PAGES  # below zero: begin with lists of every size
    while not is_stopping():
        before = index.total_changes
        index.execute("INSERT INTO words(words, rank) VALUES('merge', ?)", (pages,))
        if index.total_changes - before < 2:
            return
        pages = MERGE_PAGES
