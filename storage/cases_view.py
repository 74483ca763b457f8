"""One case with everything that is known of it: the words, why they were read so, the clocks, the steps."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd

from storage.cases_steps import STATE, visible
from storage.office import Offices
from storage.scope import Scope

STEPS = ["step_id", "act", "before", "state", "at", "author", "name", "why", "unit", "link", "is_undone", "undoes", "led_by"]
SELECT = (
    f"SELECT c.id, {STATE}, coalesce(k.step_id, 0), k.since, k.unit_id, n.name, k.bound_to, coalesce(k.is_typical, 0), "
    "coalesce(k.urged, 0), c.account_id, a.name, a.platform, o.id, o.name, c.channel, c.author_name, c.text, c.region, "
    "c.published_at, c.seen_at, c.post_id, p.title, p.text, p.url, p.published_at, p.gone_kind, coalesce(r.kind, q.kind, ''), "
    "coalesce(q.score, 0), coalesce(q.markers, ''), coalesce(q.read_by, ''), coalesce(q.is_corrected, 0), q.reopens, "
    "(SELECT count(*) FROM appeals x WHERE x.presses = c.id), r.first_at, r.answer_at, r.is_sister, r.elsewhere_id, "
    "r.elsewhere_at, r.followup_id, coalesce(r.mood, ''), r.known_until, r.rule_id, u.name, u.clock, u.terms, r.due_at, "
    "r.is_late, (SELECT count(*) FROM cases b WHERE b.bound_to = c.id), coalesce(k.claimed_by, ''), k.claimed_until, "
    "r.comment_id IS NOT NULL FROM comments c JOIN accounts a ON a.id = c.account_id "
    "JOIN organizations o ON o.id = a.organization_id LEFT JOIN posts p ON p.id = c.post_id "
    "LEFT JOIN appeals q ON q.comment_id = c.id LEFT JOIN responses r ON r.comment_id = c.id "
    "LEFT JOIN cases k ON k.comment_id = c.id LEFT JOIN organizations n ON n.id = k.unit_id "
    "LEFT JOIN reply_rules u ON u.id = r.rule_id "
)


@dataclass(frozen=True, slots=True)
class Case:
    """Moments are Unix seconds, None where they did not come or are not known; texts and names are raw: mask them.

    `working` are the office seconds that have passed up to the answer or until now, None where a year's calendar is missing.
    """

    comment_id: int
    state: str
    step_id: int
    since: int | None
    unit_id: int | None
    unit: str | None
    bound_to: int | None
    is_typical: int
    urged: int
    account_id: int
    account: str
    platform: int
    organization_id: int
    organization: str
    channel: str
    author_name: str
    text: str
    region: str
    asked_at: int
    seen_at: int
    post_id: int | None
    post_title: str | None
    post_text: str | None
    url: str | None
    posted_at: int | None
    gone_kind: str | None
    kind: str
    score: float
    markers: str
    read_by: str
    is_corrected: int
    reopens: int | None
    presses: int
    first_at: int | None
    answer_at: int | None
    is_sister: int | None
    elsewhere_id: int | None
    elsewhere_at: int | None
    followup_id: int | None
    mood: str
    known_until: int | None
    rule_id: int | None
    rule: str | None
    clock: str | None
    terms: str | None
    due_at: int | None
    is_late: int | None
    bound: int
    claimed_by: str
    claimed_until: int | None
    is_appeal: int
    working: int | None

    def is_overdue(self, now: int) -> bool:
        """Past its due time and known to be unanswered then; never because we could not see."""
        return self.is_past(now) and self.known_until is not None and self.known_until >= (self.due_at or 0)

    def is_past(self, now: int) -> bool:
        """The due time has passed and no reply that stops the clock is known."""
        return self.due_at is not None and self.is_late is None and self.due_at < now

    def is_unknown(self, now: int) -> bool:
        """Nothing can be said: the thread is not held, or not up to the due time that has passed."""
        return self.answer_at is None and (self.known_until is None or (self.is_past(now) and not self.is_overdue(now)))


def case(db: sqlite3.Connection, scope: Scope, *, comment_id: int, now: int) -> Case | None:
    """One case of the scope; None where it is not there or lies outside. `now` is the cut-off of the office clock."""
    mine, values = visible(scope, "c.account_id")
    row = db.execute(
        f"{SELECT} WHERE c.id = :id AND {mine} AND (r.comment_id IS NOT NULL OR k.step_id > 0)", values | {"id": comment_id}
    ).fetchone()
    if row is None:
        return None
    asked_at, answer_at = row[18], row[34]
    working = Offices.load(db).clock(row[9], asked_at).between(asked_at, answer_at if answer_at is not None else now)
    assert len(row) + 1 == len(fields(Case))
    return Case(*row, working)


def steps(db: sqlite3.Connection, scope: Scope, *, comment_id: int) -> pd.DataFrame:
    """Every step of a case in its order; undone ones are marked. Times are Unix seconds."""
    mine, values = visible(scope, "c.account_id")
    rows = db.execute(
        "SELECT s.id, s.act, s.before, s.state, s.at, s.author, coalesce(p.name, s.author), s.why, coalesce(n.name, ''), s.link, "
        "CASE WHEN EXISTS (SELECT 1 FROM case_steps u WHERE u.comment_id = s.comment_id AND u.undoes = s.id) THEN 1 ELSE 0 END, "
        "s.undoes, s.led_by FROM case_steps s JOIN comments c ON c.id = s.comment_id LEFT JOIN cases k ON k.comment_id = c.id "
        "LEFT JOIN people p ON p.login = s.author LEFT JOIN organizations n ON n.id = s.unit_id "
        f"WHERE s.comment_id = :id AND {mine} ORDER BY s.id",
        values | {"id": comment_id},
    ).fetchall()
    return pd.DataFrame(rows, columns=STEPS)


def words_of(db: sqlite3.Connection, scope: Scope, ids: Sequence[int]) -> dict[int, tuple[str, int]]:
    """(text, moment) of single comments of the scope, such as a follow-up or a general word of the unit. Texts are raw."""
    mine, values = visible(scope, "c.account_id", "NULL")
    marks = ", ".join(f":id{place}" for place in range(len(ids)))
    rows: list[tuple[Any, ...]] = []
    if ids and scope:
        rows = db.execute(
            f"SELECT c.id, c.text, c.published_at FROM comments c WHERE c.id IN ({marks}) AND {mine}",
            values | {f"id{place}": number for place, number in enumerate(ids)},
        ).fetchall()
    return {row[0]: (row[1], row[2]) for row in rows}
