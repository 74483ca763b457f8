"""One page of hits, or their number: candidates from the index in order, each read and judged by the rule."""

import sqlite3
from dataclasses import dataclass
from typing import Any

import pandas as pd

from storage.search_file import Standing
from storage.search_rows import ACCOUNT, COLUMNS, TEXT, TIME, TITLE, Filters, Place, look, shown, texts
from storage.search_walk import steps
from storage.search_words import Wanted, is_exact, is_hit, searchable

COUNTED = 1000
"""Up to here hits are counted exactly."""

MOST_ROWS = 200
MOST_WORK, ROW_WORK = 40_000, 20
"""A question stops after so many candidates, where a row that has to be read is worth twenty: some 60 ms."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits. `rows` has the columns of `search_rows.COLUMNS`, times in Unix seconds.

    `more`: where the next page begins, for `before`; empty when this was the last.
    `reached`: the search stopped at this moment, with the page not full, so as not to take too long; `more` goes on from it.
    `waiting`: about how many rows the index has not read yet. They were looked at one by one, all but `unread` of them: where
    that is not 0, hits may be missing. `indexed_upto`: what was learned up to then is in the index; None when there is none.
    """

    rows: pd.DataFrame
    more: str = ""
    reached: int | None = None
    waiting: int = 0
    unread: int = 0
    indexed_upto: int | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many hits there are; at least so many where `is_exact` is false."""

    number: int
    is_exact: bool = True


def page(
    db: sqlite3.Connection,
    index: sqlite3.Connection | None,
    held: Standing,
    changed: list[tuple[str, int, int]],
    wanted: Wanted,
    only: Filters,
    before: Place | None,
    limit: int,
) -> Found:
    """One page: candidates in order, each read and judged by the rule, until the page is full or the work too much."""
    direct = look(db, held, changed, wanted, only)
    hits: list[tuple[Place, tuple[Any, ...]]] = []
    stopped: Place | None = None
    work = 0
    for step in steps(index, held, wanted, only, before, direct):
        work += step.read
        for start in range(0, len(step.places), limit + 1):
            batch = step.places[start : start + limit + 1]
            rows = shown(db, (ref for _, ref in batch))
            work += ROW_WORK * len(batch)
            hits += [
                (place, rows[place[1]]) for place in batch if place[1] in rows and is_right(wanted, place, only, rows[place[1]])
            ]
            stopped = batch[-1] if work > MOST_WORK else None
            if stopped or len(hits) > limit:
                break
        if step.upto is not None and work > MOST_WORK and stopped is None:
            reached = (step.upto + 1, 0)
            stopped = reached if before is None or reached < before else None
        if stopped or len(hits) > limit:
            break
    is_full = len(hits) > limit
    more = hits[limit - 1][0] if is_full else stopped
    return Found(
        rows=pd.DataFrame([row for _, row in hits[:limit]], columns=COLUMNS),
        more="" if more is None else f"{more[0]}.{more[1]}",
        reached=stopped[0] if stopped and not is_full else None,
        waiting=direct.waiting,
        unread=direct.unread,
        indexed_upto=held.seen_at,
    )


def total(
    db: sqlite3.Connection,
    index: sqlite3.Connection | None,
    held: Standing,
    changed: list[tuple[str, int, int]],
    wanted: Wanted,
    only: Filters,
) -> Tally:
    """Hits in all, as far as they are counted; texts are read only where the index cannot tell by itself."""
    direct = look(db, held, changed, wanted, only)
    must_read = not all(is_exact(word) for word in (*wanted.words, *wanted.without))
    number = work = 0
    for step in steps(index, held, wanted, only, None, direct):
        work += step.read
        for start in range(0, len(step.places), COUNTED // 2):
            batch = step.places[start : start + COUNTED // 2]
            if must_read:
                read = texts(db, (ref for _, ref in batch))
                number += sum(is_hit(wanted, searchable(row[2], row[3])) for row in read.values())
                work += ROW_WORK * len(batch)
            else:
                number += len(batch)
            if number > COUNTED or work > MOST_WORK:
                break
        if number > COUNTED or (work > MOST_WORK and step.upto is not None):
            return Tally(min(number, COUNTED), is_exact=False)
    return Tally(number, is_exact=work <= MOST_WORK and not direct.unread)


def is_right(wanted: Wanted, place: Place, only: Filters, row: tuple[Any, ...]) -> bool:
    """Whether a row, as it reads now, is a hit and stands where the index says."""
    stands = row[TIME] == place[0] and only.lets(place[1], row[ACCOUNT], row[TIME])
    return stands and is_hit(wanted, searchable(row[TITLE], row[TEXT]))


def place_of(before: str) -> Place | None:
    """The place that `more` names; None for an empty one."""
    if not before:
        return None
    at, _, ref = before.partition(".")
    try:
        return int(at), int(ref)
    except ValueError:
        raise ValueError("这不是搜索结果的一页，请从第一页重新查找。") from None
