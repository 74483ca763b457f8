"""Acts on a case that also say what the words are: a confirmed appeal, and one that is none."""

import sqlite3
from datetime import datetime

from matrix.case import UNDO_SECONDS, Act
from storage import cases, corrections, rereads
from storage.moments import to_seconds
from storage.scope import Scope

IS_NONE = "不是诉求"
MEANS_APPEAL = frozenset({Act.CONFIRM, Act.FORWARD, Act.REPLY, Act.POINT_ELSEWHERE})
"""Whoever does one of these treats the words as an appeal; a later reading must not take the case away."""


def act(
    db: sqlite3.Connection,
    scope: Scope,
    comment_id: int,
    act: Act,
    author: str,
    now: datetime,
    expected_step: int | None,
    why: str = "",
    unit_id: int | None = None,
    link: str = "",
    is_none: bool = False,
) -> int:
    """`cases.act`, and the reading is set by hand where the act says what the words are; `is_none` with 无需回复 says that
    they are no appeal, which takes the matter out of every figure. Inside `writing()`; gives the step's id."""
    why = f"{IS_NONE}；{why}".rstrip("；") if is_none and act is Act.DISMISS else why
    step = cases.act(db, scope, comment_id, act, author, now, expected_step, why=why, unit_id=unit_id, link=link)
    said = corrections.latest(db, [comment_id]).get((comment_id, "appeal"))
    if is_none and act is Act.DISMISS:
        corrections.correct(db, scope, comment_id, "appeal", "0", why, author, now)
    elif act in MEANS_APPEAL and said != "1":
        corrections.correct(db, scope, comment_id, "appeal", "1", str(act), author, now)
    return step


def undo(
    db: sqlite3.Connection,
    scope: Scope,
    step_id: int,
    author: str,
    now: datetime,
    within: float = UNDO_SECONDS + cases.GRACE_SECONDS,
) -> int:
    """`cases.undo`, and what the step said of the words is unsaid: they stand as they were read. Gives the comment's id."""
    comment_id = cases.undo(db, scope, step_id, author, now, within)
    at = db.execute("SELECT at FROM case_steps WHERE id = :id", {"id": step_id}).fetchone()[0]
    values = {"id": comment_id, "author": author, "at": at}
    made_by_step = "comment_id = :id AND field = 'appeal' AND author = :author AND at = :at"
    row = db.execute(f"SELECT before, value FROM corrections WHERE {made_by_step} ORDER BY id DESC LIMIT 1", values).fetchone()
    if row is None:
        return comment_id
    if row[0] != row[1]:
        corrections.correct(db, scope, comment_id, "appeal", row[0], str(Act.UNDO), author, now)
        values["now"] = to_seconds(now)
        made_by_step = f"({made_by_step} OR (comment_id = :id AND field = 'appeal' AND author = :author AND at = :now))"
    # A slip that is taken back within seconds was never said; the steps keep both, and the next pass reads the words anew.
    db.execute(f"DELETE FROM corrections WHERE {made_by_step}", values)
    rereads.mark_one(db, comment_id)
    return comment_id
