"""The matters behind a figure of response times: the same reading of the same rows, so that each number opens to what made it."""

import sqlite3
from typing import Any, TypedDict, Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matrix.waiting import BUCKETS, FIRST, HOURS, STATES, UNKNOWN, at_cutoff, bucket_of, within
from storage.moments import OFFSET
from storage.scope import Scope
from storage.timeliness_desk import DAY, steps
from storage.timeliness_rows import ACCOUNT, FREE, LATE, OVERDUE, Asked, Filters, Rows, fetch, known, stop
from storage.timeliness_working import in_working_time

COLUMNS = [
    "comment_id",
    *(name for name in ACCOUNT if name not in ("level", "nature")),
    *("kind", "state", "wait", "working_wait", "asked_at", "stopped_at", "known_until", "due_at", "is_late"),
    *("is_sister", "elsewhere_at", "mood", "author_name", "text", "post_title", "url", "reply_text"),
]
DETAIL = [
    *("kind", "stopped_at", "working", "known_until", "due_at", "is_sister", "elsewhere_at", "mood", "author_name", "text"),
    *("post_title", "url", "reply_text"),
]
LONGEST, OLDEST, NEWEST = "等待最久", "最早收到", "最近收到"
MET, MISSED = "达标", "未达标"
LATE_ANSWER, NO_ANSWER, WITH_DUE = "超时已复", "超时未复", "有时限"
PORTION = 500
DETAILS = """
SELECT r.comment_id, r.kind, {stop}, r.{clock}_working, {known}, r.due_at, r.is_sister, r.elsewhere_at, r.mood,
  c.author_name, c.text, CASE WHEN coalesce(p.title, '') = '' THEN coalesce(p.text, '') ELSE p.title END, coalesce(p.url, ''),
  k.text
FROM responses r JOIN comments c ON c.id = r.comment_id LEFT JOIN posts p ON p.id = r.post_id
LEFT JOIN comments k ON k.id = r.{clock}_id WHERE r.comment_id IN ({marks})
"""


class Choice(TypedDict, total=False):
    """Which of the matters.

    `states`: words of STATES, none for all; medians and curves are made of the first two. `bucket`: a word of BUCKETS.
    `hour`: the Beijing hour of asking, -1 for all. `day`: the `start` of a row of `trend` with the same `step`, 0 for all.
    `horizon`: one of HOURS, with `part` 达标 (the numerator), 未达标, 情况不明 (left out), or nothing for the denominator.
    Without a horizon `part` is 超时已复, 超时未复 or 有时限. `within`: answered within so many seconds, -1 for all.
    """

    states: tuple[str, ...]
    bucket: str
    hour: int
    day: int
    step: str
    horizon: int
    part: str
    within: int


class Both(Filters, Choice, total=False):
    """Filters of every question, and which of the matters."""


def count_cases(db: sqlite3.Connection, scope: Scope, **wanted: Unpack[Both]) -> int:
    """How many matters `cases` would list without a limit."""
    return len(_chosen(db, scope, wanted)[1].place)


def cases(
    db: sqlite3.Connection, scope: Scope, order: str = LONGEST, limit: int = 200, offset: int = 0, **wanted: Unpack[Both]
) -> pd.DataFrame:
    """The matters themselves, with their words. Times are Unix seconds, waits seconds; `limit` 0 gives all of them.

    `wait` and `working_wait` run to the answer or, while open, to where the thread is known; NaN where that is unknown or a
    year is not loaded. `is_late` is 1 for late and overdue ones, 0 for others with a due time, NaN without. Texts are raw.
    """
    asked, rows = _chosen(db, scope, wanted)
    place = _ordered(rows, order)[offset : offset + limit if limit else None]
    rows = rows.take(place)
    found = _details(db, asked, rows.ids)
    frame = pd.DataFrame([found[number] for number in rows.ids.tolist()], columns=["comment_id", *DETAIL])
    accounts = rows.accounts.iloc[rows.place].reset_index(drop=True)
    natural = at_cutoff(rows.asked, _whole(frame["stopped_at"]), _whole(frame["known_until"]), asked.cutoff)
    numbers = accounts["account_id"].to_numpy(np.int64)
    office, _ = in_working_time(db, numbers, rows.asked, natural, _whole(frame["working"]), asked.cutoff)
    frame = frame.assign(
        **{name: accounts[name] for name in COLUMNS[1:6]},
        state=np.array(STATES, dtype=object)[rows.waits.state],
        wait=np.where(natural.is_known, natural.seconds, np.nan),
        working_wait=np.where(office.is_known, office.seconds, np.nan),
        asked_at=rows.asked,
        is_late=np.where(rows.lateness == FREE, np.nan, np.isin(rows.lateness, (LATE, OVERDUE))),
    )
    frame["stopped_at"] = frame["stopped_at"].where(natural.is_answered)
    frame["reply_text"] = frame["reply_text"].where(natural.is_answered).fillna("")
    moments = ("stopped_at", "known_until", "due_at", "elsewhere_at")
    return frame[COLUMNS].astype(dict.fromkeys(moments, "float64"))


def _chosen(db: sqlite3.Connection, scope: Scope, wanted: Both) -> tuple[Asked, Rows]:
    filters: Any = {name: value for name, value in wanted.items() if name in Filters.__annotations__}
    choice: Any = {name: value for name, value in wanted.items() if name not in filters}
    if strange := choice.keys() - Choice.__annotations__.keys():
        raise TypeError(f"no such filter: {', '.join(sorted(strange))}")
    asked = Asked(**filters)
    rows = fetch(db, scope, asked, with_ids=True)
    return asked, rows.take(_mask(rows, choice))


def _mask(rows: Rows, choice: Choice) -> NDArray[np.bool_]:
    mask = np.ones(len(rows.place), dtype=bool)
    if states := choice.get("states", ()):
        mask &= np.isin(rows.waits.state, [_place(STATES, state, "状态") for state in states])
    if bucket := choice.get("bucket", ""):
        mask &= bucket_of(rows.waits) == _place(BUCKETS, bucket, "时长")
    if (hour := choice.get("hour", -1)) >= 0:
        mask &= (rows.asked + OFFSET) // 3600 % 24 == hour
    if day := choice.get("day", 0):
        length, _ = steps(choice.get("step", DAY))
        mask &= (rows.asked >= day) & (rows.asked < day + length * 86400)
    if (seconds := choice.get("within", -1)) >= 0:
        mask &= rows.waits.is_answered & (rows.waits.seconds <= seconds)
    part, horizon = choice.get("part", ""), choice.get("horizon", 0)
    if horizon:
        if horizon not in HOURS:
            raise ValueError(f"没有{horizon}小时这个时限，可选：{'、'.join(map(str, HOURS))}")
        met, missed, out = within(rows.waits, horizon * 3600)
        parts = {"": met | missed, MET: met, MISSED: missed, STATES[UNKNOWN]: out}
    else:
        everything = np.ones_like(mask)
        late = {LATE_ANSWER: rows.lateness == LATE, NO_ANSWER: rows.lateness == OVERDUE, WITH_DUE: rows.lateness != FREE}
        parts = {"": everything} | late
    return mask & parts[list(parts)[_place(tuple(parts), part, "部分")]]


def _place(words: tuple[str, ...], word: str, what: str) -> int:
    if word not in words:
        raise ValueError(f"{what}“{word}”应为：{'、'.join(filter(None, words))}")
    return words.index(word)


def _ordered(rows: Rows, order: str) -> NDArray[np.intp]:
    keys = {
        LONGEST: (rows.ids, rows.asked, -rows.waits.seconds, ~rows.waits.is_known),
        OLDEST: (rows.ids, rows.asked),
        NEWEST: (-rows.ids, -rows.asked),
    }
    return np.lexsort(keys[(LONGEST, OLDEST, NEWEST)[_place((LONGEST, OLDEST, NEWEST), order, "排序")]])


def _details(db: sqlite3.Connection, asked: Asked, ids: NDArray[np.int64]) -> dict[int, tuple[Any, ...]]:
    clock = "first" if asked.clock == FIRST else "answer"
    found: dict[int, tuple[Any, ...]] = {}
    for start in range(0, len(ids), PORTION):
        keys = {f"k{at}": number for at, number in enumerate(ids[start : start + PORTION].tolist())}
        marks = ", ".join(f":{name}" for name in keys)
        sql = DETAILS.format(stop=stop(asked, asked.clock), clock=clock, known=known(asked), marks=marks)
        found |= {row[0]: row for row in db.execute(sql, keys | {"cut": asked.cutoff}).fetchall()}
    return found


def _whole(column: pd.Series) -> NDArray[np.int64]:
    """Numbers of a column of the database, -1 where there is none."""
    return column.astype("float64").fillna(-1).to_numpy().astype(np.int64)
