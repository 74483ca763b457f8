"""Keeps the search index in step with the database: portion by portion, right again after a kill at any point."""

import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from storage import marks, search_dirty
from storage.database import open_writer, writing
from storage.search_dirty import COMMENT, POST
from storage.search_docs import insert, newer, reread, strike
from storage.search_file import (
    MARK,
    MERGING,
    State,
    begin,
    database_path,
    open_index_writer,
    path_beside,
    put_state,
    ref_of,
    state_of,
    write,
)

PORTION = 5000
"""Rows per transaction: half a second of work, some tens of megabytes."""

AGAIN = 1000
"""Changed rows per portion."""

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
                unmerged=state.unmerged if state.unmerged == MERGING else state.unmerged + len(docs),
            ),
        )

    write(index, change)
    with writing(db):
        search_dirty.cross_off(db, taken)
        marks.put(db, MARK, f"{state.code} {state.turn + 1}")
    return len(docs) or len(taken)


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
