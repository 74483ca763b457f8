"""Cases that were judged before a rule was chosen or a year's calendar was loaded are judged again when that changes."""

import sqlite3

from matrix.worktime import known_years
from storage import marks, rereads
from storage.database import writing

JUDGED_BY = "judged_by"
BASIS = (
    "SELECT (SELECT coalesce(max(id), 0) FROM reply_rules) || ':' || (SELECT coalesce(max(seen_at), 0) FROM calendar_days) "
    "|| ':' || (SELECT count(*) FROM calendar_days)"
)
WAITING = (
    "c.id IN (SELECT r.comment_id FROM responses r WHERE "
    "(r.rule_id IS NULL AND r.asked_at >= (SELECT min(valid_from) FROM reply_rules)) "
    "OR (r.rule_id IS NOT NULL AND r.due_at IS NULL) OR (r.first_at IS NOT NULL AND r.first_working IS NULL) "
    "OR (r.answer_at IS NOT NULL AND r.answer_working IS NULL))"
)


def ask_again(db: sqlite3.Connection) -> None:
    """Where rules or calendar changed since, ask for another look at every case that lacks a rule, a due time or its working
    time. A case that has its rule keeps it."""
    basis = f"{db.execute(BASIS).fetchone()[0]}:{known_years()[1]}"
    if marks.get(db, JUDGED_BY) == basis:
        return
    with writing(db):
        rereads.mark(db, WAITING, {})
        marks.put(db, JUDGED_BY, basis)
