"""The queue of cases: who comes first, what stands in it, what came since it was fixed, and how far one has got."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from matrix.case import DONE, UNFINISHED, State
from storage.cases_steps import STATE, visible
from storage.scope import Scope, accounts_among, accounts_in, organizations_in

LIMIT = 500
"""A queue is fixed with so many cases at once; a person works through about 200 a day."""

ROWS = [
    "comment_id",
    "state",
    "step_id",
    "kind",
    "text",
    "author_name",
    "account",
    "organization",
    "platform",
    "asked_at",
    "due_at",
    "known_until",
    "is_late",
    "rule_id",
    "bound",
    "is_typical",
    "unit",
    "claimed_by",
    "claimed_until",
    "claimer",
    "mood",
]
UNTOUCHED = "NOT EXISTS (SELECT 1 FROM cases t WHERE t.comment_id = r.comment_id AND t.step_id > 0)"
FROM_ANSWER = {
    State.WAITING: "r.answer_at IS NULL AND r.first_at IS NULL",
    State.WORKING: "r.answer_at IS NULL AND r.first_at IS NOT NULL",
    State.CLOSED: "r.answer_at IS NOT NULL",
}
"""What untouched matters of a state have in common."""

NEAREST = "时限最近"
COLUMNS = "r.comment_id, r.due_at, r.asked_at"
ORDERS = {
    NEAREST: "due_at IS NULL, due_at, asked_at, comment_id",
    "最早收到": "asked_at, comment_id",
    "最近收到": "asked_at DESC, comment_id DESC",
}
"""Overdue ones are those with the earliest due time, so that they come first; what has no due time comes by age."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which matters a queue is about: standing in `state`, of a kind, a platform, a unit with those below it; '' and 0 mean all.

    `since` (Unix seconds) bounds by arrival only what nobody has touched, and what is settled by when it was.
    """

    state: str = State.WAITING
    since: int = 0
    kind: str = ""
    platform: int = 0
    organization_id: int = 0

    @property
    def values(self) -> dict[str, object]:
        return {
            "state": str(self.state),
            "since": self.since,
            "kind": self.kind,
            "platform": self.platform,
            "organization": self.organization_id,
        }

    @property
    def condition(self) -> str:
        """Only what is asked for is named: an index covers what is left, and the plus keeps the engine on it."""
        found = ["1 = 1"]
        if self.kind:
            found.append("r.kind = :kind")
        if self.platform:
            found.append("+r.account_id IN (SELECT a.id FROM accounts a WHERE a.platform = :platform)")
        if self.organization_id:
            found.append("+r.account_id IN (SELECT w.account_id FROM account_up w WHERE w.ancestor_id = :organization)")
        return " AND ".join(found)


def touched(scope: Scope, wanted: Wanted, columns: str) -> tuple[str, dict[str, object]]:
    """A select of the matters that somebody has touched and that stand in the state, and its values."""
    theirs, values = visible(scope)
    settled = " AND k.since >= :since" if State(wanted.state) in DONE else ""
    sql = (
        f"SELECT {columns} FROM cases k JOIN responses r ON r.comment_id = k.comment_id WHERE k.state = :state "
        f"AND k.step_id > 0 AND k.bound_to IS NULL{settled} AND {theirs} AND {wanted.condition}"
    )
    return sql, {**values, **wanted.values}


def untouched(mine: str, wanted: Wanted, order: str) -> list[str]:
    """Selects of the others. Those that fall due next are the first ones along the index of due times, none of which comes
    before its question; the plus keeps the engine there. What has no due time comes after them."""
    condition = FROM_ANSWER.get(State(wanted.state))
    if condition is None:
        return []
    rest = f"AND {mine} AND {wanted.condition} AND {UNTOUCHED}"
    base = f"{COLUMNS} FROM responses r WHERE {condition}"
    if order != NEAREST or State(wanted.state) in DONE:
        return [f"SELECT {base} AND r.asked_at >= :since {rest}"]
    dated = f"{base} AND r.due_at >= :since AND +r.asked_at >= :since {rest} ORDER BY r.due_at, r.asked_at, r.comment_id"
    undated = f"{base} AND r.due_at IS NULL AND r.asked_at >= :since {rest} ORDER BY r.asked_at, r.comment_id"
    return [f"SELECT * FROM (SELECT {part} LIMIT :limit) p{place}" for place, part in enumerate((dated, undated))]


def queue(
    db: sqlite3.Connection,
    scope: Scope,
    *,
    since: int = 0,
    state: str = State.WAITING,
    kind: str = "",
    platform: int = 0,
    organization_id: int = 0,
    order: str = NEAREST,
    limit: int = LIMIT,
) -> pd.DataFrame:
    """The ids of the cases in one state, in the order in which they are worked: overdue, then nearest due, then oldest.

    `since` (Unix seconds) bounds only what nobody has touched yet. Cases in threads that are not held are among them;
    bound ones are not, their main case is.
    """
    if not scope:
        return pd.DataFrame([], columns=["comment_id"])
    wanted = Wanted(state, since, kind, platform, organization_id)
    found, values = touched(scope, wanted, COLUMNS)
    mine, names = accounts_among(db, scope, "+r.account_id")
    every = " UNION ALL ".join([found, *untouched(mine, wanted, order)])
    sql = f"SELECT comment_id FROM ({every}) AS waiting ORDER BY {ORDERS[order]} LIMIT :limit"
    return pd.DataFrame(db.execute(sql, values | names | {"limit": limit}).fetchall(), columns=["comment_id"])


def counts(
    db: sqlite3.Connection, scope: Scope, *, since: int = 0, kind: str = "", platform: int = 0, organization_id: int = 0
) -> pd.DataFrame:
    """How many cases stand in each unfinished state, by the same rules as the queue."""
    if not scope:
        return pd.DataFrame([], columns=["state", "n"])
    mine, names = accounts_among(db, scope, "+r.account_id")
    wanted = Wanted(State.WAITING, since, kind, platform, organization_id)
    # All open matters less the touched ones: looking for a case beside every matter takes three times as long.
    sums = "SELECT coalesce(sum(CASE WHEN r.first_at IS NULL THEN 1 ELSE 0 END), 0), count(*)"
    rest = f"r.answer_at IS NULL AND r.asked_at >= :since AND {mine} AND {wanted.condition}"
    given, held = {**names, **wanted.values}, "FROM cases t CROSS JOIN responses r WHERE r.comment_id = t.comment_id"
    every = db.execute(f"{sums} FROM responses r WHERE {rest}", given).fetchone()
    handled = db.execute(f"{sums} {held} AND t.step_id > 0 AND {rest}", given).fetchone()
    fresh = {State.WAITING: every[0] - handled[0], State.WORKING: every[1] - every[0] - handled[1] + handled[0]}
    rows = []
    for state in State:
        if state in UNFINISHED:
            found, values = touched(scope, Wanted(state, since, kind, platform, organization_id), "count(*)")
            rows.append((str(state), int(db.execute(found, values).fetchone()[0]) + fresh.get(state, 0)))
    return pd.DataFrame(rows, columns=["state", "n"])


def newest_id(db: sqlite3.Connection, scope: Scope) -> int:
    """The newest matter that is known at all; what comes later has a higher id."""
    return int(db.execute("SELECT coalesce(max(comment_id), 0) FROM responses").fetchone()[0]) if scope else 0


def newer(
    db: sqlite3.Connection,
    scope: Scope,
    *,
    than: int,
    state: str = State.WAITING,
    kind: str = "",
    platform: int = 0,
    organization_id: int = 0,
) -> int:
    """How many cases of that state came after the matter `than`, that is after a queue was fixed."""
    condition = FROM_ANSWER.get(State(state))
    if not scope or condition is None:
        return 0
    mine, values = accounts_in(scope, "+r.account_id")
    wanted = Wanted(state, 0, kind, platform, organization_id)
    row = db.execute(
        f"SELECT count(*) FROM responses r WHERE r.comment_id > :than AND {condition} AND {mine} AND {wanted.condition} "
        f"AND {UNTOUCHED}",
        {**values, **wanted.values, "than": than},
    ).fetchone()
    return int(row[0])


def listing(db: sqlite3.Connection, scope: Scope, *, ids: Sequence[int]) -> pd.DataFrame:
    """These cases as a queue shows them, in the order of `ids`; what has left the scope is missing. Texts are raw."""
    mine, values = visible(scope, "c.account_id")
    wanted = list(dict.fromkeys(ids))
    if not wanted or not scope:
        return pd.DataFrame([], columns=ROWS)
    marks = ", ".join(f":id{place}" for place in range(len(wanted)))
    rows = db.execute(
        f"SELECT c.id, {STATE}, coalesce(k.step_id, 0), coalesce(r.kind, ''), c.text, c.author_name, a.name, o.name, a.platform, "
        "c.published_at, r.due_at, r.known_until, r.is_late, r.rule_id, "
        "(SELECT count(*) FROM cases b WHERE b.bound_to = c.id), coalesce(k.is_typical, 0), coalesce(n.name, ''), "
        "coalesce(k.claimed_by, ''), k.claimed_until, coalesce(p.name, k.claimed_by, ''), coalesce(r.mood, '') "
        "FROM comments c JOIN accounts a ON a.id = c.account_id JOIN organizations o ON o.id = a.organization_id "
        "LEFT JOIN responses r ON r.comment_id = c.id LEFT JOIN cases k ON k.comment_id = c.id "
        "LEFT JOIN organizations n ON n.id = k.unit_id LEFT JOIN people p ON p.login = k.claimed_by "
        f"WHERE c.id IN ({marks}) AND (r.comment_id IS NOT NULL OR k.step_id > 0) AND {mine}",
        values | {f"id{place}": number for place, number in enumerate(wanted)},
    ).fetchall()
    held = {row[0]: row for row in rows}
    return pd.DataFrame([held[number] for number in wanted if number in held], columns=ROWS)


DOING = ("确认诉求", "转办", "签收", "已在平台回复", "核实办结", "退回重办", "无需回复", "已另行回应", "重新打开")


def progress(db: sqlite3.Connection, scope: Scope, *, since: int, author: str = "") -> int:
    """How many cases were moved on since then; several that are bound together count once, undone steps not at all.

    `author` is the viewer himself, for 今日37/212 in his own view; no other person's figure is ever asked for.
    """
    mine, values = visible(scope, "c.account_id")
    acts = ", ".join(f":act{place}" for place in range(len(DOING)))
    row = db.execute(
        "SELECT count(DISTINCT s.comment_id) FROM case_steps s JOIN comments c ON c.id = s.comment_id "
        "LEFT JOIN cases k ON k.comment_id = s.comment_id WHERE s.at >= :from_at AND s.undoes IS NULL AND s.led_by IS NULL "
        f"AND s.act IN ({acts}) AND s.author <> '采集' AND (:author = '' OR s.author = :author) AND {mine} AND NOT EXISTS "
        "(SELECT 1 FROM case_steps u WHERE u.comment_id = s.comment_id AND u.undoes = s.id)",
        values | {"from_at": since, "author": author} | {f"act{place}": act for place, act in enumerate(DOING)},
    ).fetchone()
    return int(row[0])


def recent_units(db: sqlite3.Connection, scope: Scope, *, author: str, limit: int = 5) -> pd.DataFrame:
    """The units of the scope to which a person handed cases lately, the most frequent of his last 200 first."""
    reach, values = organizations_in(scope, "t.unit_id")
    rows = db.execute(
        "SELECT t.unit_id, count(*) AS n FROM (SELECT s.unit_id, s.id FROM case_steps s WHERE s.act = '转办' "
        "AND s.author = :author AND s.unit_id IS NOT NULL AND s.led_by IS NULL ORDER BY s.id DESC LIMIT 200) AS t "
        f"WHERE {reach} GROUP BY t.unit_id ORDER BY n DESC, max(t.id) DESC LIMIT :limit",
        values | {"author": author, "limit": limit},
    ).fetchall()
    return pd.DataFrame([row[:1] for row in rows], columns=["organization_id"])
