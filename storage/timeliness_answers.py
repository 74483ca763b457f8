"""The matters behind a figure with both their answers, first response and real answer, each by both clocks: one row for each."""

import sqlite3
from typing import Any, Unpack

import pandas as pd

from matrix.waiting import ANSWER, FIRST
from storage.scope import Scope
from storage.timeliness_cases import LONGEST, Both, cases
from storage.timeliness_rows import Asked, Filters, stop

EXTRA = [
    "comment_id",
    *("first_at", "first_working", "first_reply", "answer_at", "answer_working", "answer_reply"),
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
    """`timeliness_cases.cases` with `EXTRA`: moments are Unix seconds, NaN where there was no answer by the cut-off.

    `*_working` are working seconds, NaN also where a year is not loaded. Texts are raw.
    """
    frame = cases(db, scope, order, limit, offset, **wanted)
    filters: Any = {name: value for name, value in wanted.items() if name in Filters.__annotations__}
    asked = Asked(**filters)
    found: list[tuple[Any, ...]] = []
    ids = [int(number) for number in frame["comment_id"]]
    for start in range(0, len(ids), PORTION):
        keys = {f"k{at}": number for at, number in enumerate(ids[start : start + PORTION])}
        marks = ", ".join(f":{name}" for name in keys)
        sql = SQL.format(first=stop(asked, FIRST), answer=stop(asked, ANSWER), marks=marks)
        found += db.execute(sql, keys | {"cut": asked.cutoff}).fetchall()
    extra = pd.DataFrame(found, columns=EXTRA)
    for name in ("first", "answer"):
        moments = pd.to_numeric(extra[f"{name}_at"])
        is_given = moments.notna() & (moments <= asked.cutoff)
        extra[f"{name}_at"] = moments.where(is_given)
        extra[f"{name}_working"] = pd.to_numeric(extra[f"{name}_working"]).where(is_given)
        extra[f"{name}_reply"] = extra[f"{name}_reply"].where(is_given, "").fillna("")
    return frame.merge(extra, on="comment_id", how="left")
