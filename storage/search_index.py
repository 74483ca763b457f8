"""Keeps the search index in step with the database: portion by portion, right again after a kill at any point."""

import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

from storage import marks, search_dirty
from storage.database import open_writer, writing
from storage.search_dirty import COMMENT, POST
from storage.search_docs import Doc, insert, newer, reread, strike
from storage.search_file import (
    MARK,
    MERGING,
    State,
    before_turn,
    begin,
    database_path,
    mark_of,
    open_index_writer,
    path_beside,
    put_state,
    ref_of,
    reread_since,
    row_of,
    state_of,
    write,
)

PORTION = 5000
"""Rows per transaction: half a second of work, some tens of megabytes."""

AGAIN = 1000
"""Changed rows per portion."""

REMEMBERED = 10_000
"""Portions that can be taken back: a power cut or the back-up of last night need not cost the whole index."""

MERGE_AFTER, MERGE_PAGES = 100_000, 2000
"""After so many rows at once the lists are merged into few, that many pages at a time."""


def keep_up(path: Path, is_stopping: Callable[[], bool], portions: int = 0) -> int:
    """`catch_up` on a connection of its own, as the worker does it again and again."""
    with closing(open_writer(path)) as db:
        return catch_up(db, is_stopping, portions=portions)


def catch_up(
    db: sqlite3.Connection, is_stopping: Callable[[], bool] = lambda: False, portion: int = PORTION, portions: int = 0
) -> int:
    """Read into the index what is not in it yet; gives how many rows were read. Only the worker calls it, never two at once.

    `db` must be open to be changed. A private database in memory has no index. What cannot be used is built anew.
    With `portions` it stops after so many, so that other work has its turn; 0 goes on to the end.
    """
    path = database_path(db)
    if path is None:
        return 0
    done = steps = 0
    with closing(open_index_writer(path_beside(path))) as index:
        settle(db, index)
        while not is_stopping() and (steps < portions or not portions):
            read = add_portion(db, index, portion)
            if not read and not merge_some(index):
                break
            done, steps = done + read, steps + 1
    return done


def settle(db: sqlite3.Connection, index: sqlite3.Connection) -> None:
    """Make sure that the index belongs to the database: take back portions that are not confirmed, or begin it anew."""
    state = state_of(index)
    code, turn = mark_of(db)
    if state is not None and state.code == code and state.turn == turn:
        return
    fresh = secrets.token_hex(8)
    before = None if state is None or state.code != code else before_turn(index, turn + 1)
    if state is None or before is None:
        write(index, lambda: begin(index, fresh))
        with writing(db):
            search_dirty.forget(db)
            marks.put(db, MARK, f"{fresh} 0")
        return
    again = reread_since(index, turn)
    with writing(db):
        search_dirty.mark_all(db, [row_of(ref) for ref in again])
    # Under a new code, so that no database of the line that is given up here can ever seem to belong to it.
    write(index, lambda: take_back(index, replace(state, code=fresh, turn=turn, posts=before[0], comments=before[1])))
    with writing(db):
        marks.put(db, MARK, f"{fresh} {turn}")


def take_back(index: sqlite3.Connection, state: State) -> None:
    """Undo the portions after a state: their new rows lose their numbers. Inside a transaction."""
    new = "(ref & 1 = 1 AND ref >> 1 > :posts) OR (ref & 1 = 0 AND ref >> 1 > :comments)"
    index.execute(f"UPDATE docs SET ref = 0 WHERE {new}", {"posts": state.posts, "comments": state.comments})
    index.execute("DELETE FROM reread")
    index.execute("DELETE FROM portions")
    put_state(index, state)


def add_portion(db: sqlite3.Connection, index: sqlite3.Connection, limit: int) -> int:
    """One transaction of the index, then its confirmation in the database; gives how many rows were read."""
    state = state_of(index)
    if state is None:
        raise LookupError("the index has not been begun")
    taken = search_dirty.take(db, AGAIN)
    upto = {POST: state.posts, COMMENT: state.comments}
    again = [(subject, row_id) for subject, row_id, _ in taken if row_id <= upto[subject]]
    posts, comments = abreast(newer(db, POST, state.posts, limit // 5 + 1), newer(db, COMMENT, state.comments, limit), limit)
    if not (taken or posts or comments):
        return 0
    docs = sorted([*posts, *comments, *reread(db, again)])

    def change() -> None:
        refs = [ref_of(subject, row_id) for subject, row_id in again]
        strike(index, refs, docs)
        insert(index, docs)
        turn = state.turn + 1
        index.execute("INSERT INTO portions(turn, posts, comments) VALUES(?, ?, ?)", (turn, state.posts, state.comments))
        index.executemany("INSERT INTO reread(turn, ref) VALUES(?, ?)", [(turn, ref) for ref in refs])
        for table in ("portions", "reread"):
            index.execute(f"DELETE FROM {table} WHERE turn <= ?", (turn - REMEMBERED,))
        after = replace(
            state,
            turn=turn,
            posts=posts[-1].ref >> 1 if posts else state.posts,
            comments=comments[-1].ref >> 1 if comments else state.comments,
            seen_at=max([state.seen_at, *(doc.seen_at for doc in docs)]),
            unmerged=state.unmerged if state.unmerged == MERGING else state.unmerged + len(docs),
        )
        put_state(index, after)

    write(index, change)
    with writing(db):
        search_dirty.cross_off(db, taken)
        marks.put(db, MARK, f"{state.code} {state.turn + 1}")
    return len(docs) or len(taken)


def abreast(posts: list[Doc], comments: list[Doc], limit: int) -> tuple[list[Doc], list[Doc]]:
    """The next rows of both kinds up to one moment of collecting, so that numbers and times agree as well as they can."""
    ends = [rows[-1].seen_at for rows, most in ((posts, limit // 5 + 1), (comments, limit)) if len(rows) == most]
    if not ends:
        return posts, comments
    horizon = min(ends)

    def cut(rows: list[Doc]) -> list[Doc]:
        is_first = bool(rows) and rows[-1].seen_at == horizon
        return rows if is_first else list(takewhile(lambda doc: doc.seen_at <= horizon, rows))

    return cut(posts), cut(comments)


def merge_some(index: sqlite3.Connection) -> bool:
    """After many new rows merge the lists into few, one step at a time; gives whether there was anything to do."""
    state = state_of(index)
    if state is None or MERGING < state.unmerged < MERGE_AFTER:
        return False
    is_going_on = state.unmerged == MERGING
    before = index.total_changes
    # Below zero: begin with lists of every size.
    index.execute("INSERT INTO words(words, rank) VALUES('merge', ?)", (MERGE_PAGES if is_going_on else -MERGE_PAGES,))
    is_done = is_going_on and index.total_changes - before < 2
    write(index, lambda: put_state(index, replace(state, unmerged=0 if is_done else MERGING)))
    return True
