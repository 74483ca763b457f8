"""The matters behind a figure with both their answers, first response and real answer, each by both clocks: one row for each."""

import sqlite3
from typing import Any, Unpack

import numpy as np
import pandas as pd

from matrix.waiting import ANSWER, FIRST, STATES, at_cutoff
from storage.scope import Scope
from storage.timeliness_cases import LONGEST, Both, cases
from storage.timeliness_rows import Asked, Filters, stop
from storage.timeliness_working import in_working_time

FOUND = [
    "comment_id",
    *("first_at", "first_office", "first_reply", "answer_at", "answer_office", "answer_reply"),
    *("channel", "region", "is_corrected"),
]
PORTION = 500
SQL = """
SELECT r.comment_id, {first}, r.first_working, f.text, {answer}, r.answer_working, k.text, c.channel, c.region,
  coalesce(a.is_corrected, 0)
FROM responses r JOIN comments c ON c.id = r.comment_id LEFT JOIN appeals a ON a.comment_id = r.comment_id
LEFT JOIN comments f ON f.id = r.first_id LEFT JOIN comments k ON k.id = r.answer_id WHERE r.comment_id IN ({marks})
"""


def cases_with_answers(
    db: sqlite3.Connection, scope: Scope, order: str = LONGEST, limit: int = 200, offset: int = 0, **wanted: Unpack[Both]
) -> pd.DataFrame:
    """`timeliness_cases.cases` with, for each of the clocks first and answer: `_state` (a word of STATES), `_at` (Unix
    seconds), `_wait` and `_working` (natural and working seconds: to the answer, or to where the thread is known while it is
    open), `_reply` (raw text); NaN and "" where there is none. Also `channel`, `region` and `is_corrected`.
    """
    frame = cases(db, scope, order, limit, offset, **wanted)
    filters: Any = {name: value for name, value in wanted.items() if name in Filters.__annotations__}
    asked = Asked(**filters)
    found: list[tuple[Any, ...]] = []
    ids = [int(number) for number in frame["comment_id"]]
    for start in range(0, len(ids), PORTION):
        keys = {f"k{at}": number for at, number in enumerate(ids[start : start + PORTION])}
        sql = SQL.format(first=stop(asked, FIRST), answer=stop(asked, ANSWER), marks=", ".join(f":{name}" for name in keys))
        found += db.execute(sql, keys | {"cut": asked.cutoff}).fetchall()
    whole = frame.merge(pd.DataFrame(found, columns=FOUND), on="comment_id", how="left")
    for name in ("first", "answer"):
        whole = with_clock(db, whole, name, asked.cutoff)
    return whole


def with_clock(db: sqlite3.Connection, frame: pd.DataFrame, name: str, cutoff: int) -> pd.DataFrame:
    """How one clock stands in each matter at the cut-off."""
    accounts, begun = (frame[column].to_numpy(np.int64) for column in ("account_id", "asked_at"))
    stopped, known, office = (numbers(frame[column]) for column in (f"{name}_at", "known_until", f"{name}_office"))
    natural = at_cutoff(begun, stopped, known, cutoff)
    working, _ = in_working_time(db, accounts, begun, natural, office, cutoff)
    return frame.assign(
        **{
            f"{name}_state": np.array(STATES, dtype=object)[natural.state],
            f"{name}_at": np.where(natural.is_answered, stopped, np.nan),
            f"{name}_wait": np.where(natural.is_known, natural.seconds, np.nan),
            f"{name}_working": np.where(working.is_known, working.seconds, np.nan),
            f"{name}_reply": np.where(natural.is_answered, frame[f"{name}_reply"].fillna(""), ""),
        }
    ).drop(columns=f"{name}_office")


def numbers(column: pd.Series) -> np.ndarray:
    """A column of the database as integers, -1 where there is nothing."""
    return pd.to_numeric(column).astype("float64").fillna(-1).to_numpy().astype(np.int64)
