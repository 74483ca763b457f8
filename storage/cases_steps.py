"""The steps of cases: how each is written, what a matter looks like before one, and what stands after one is undone."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from matrix.case import Act, RefusedError, Standing, State, Step, after, replay
from storage.moments import BEIJING, from_seconds
from storage.scope import Scope, accounts_in

STATE = (
    "CASE WHEN k.step_id > 0 THEN k.state WHEN r.answer_at IS NOT NULL THEN '办结' "
    "WHEN r.first_at IS NOT NULL THEN '办理中' ELSE '待办' END"
)
"""Where a matter stands: by its last step, else by its answer. A row without a step only says who is looking."""

MATTER = (
    f"SELECT c.id, c.account_id, {STATE}, coalesce(k.step_id, 0), k.unit_id, k.bound_to, coalesce(k.is_typical, 0), "
    "coalesce(k.urged, 0), coalesce(k.claimed_by, ''), k.claimed_until, k.since, r.due_at, r.known_until, r.is_late "
    "FROM comments c LEFT JOIN responses r ON r.comment_id = c.id LEFT JOIN cases k ON k.comment_id = c.id "
)
OUTSIDE = "这条诉求不在您的权限范围内。"

PHRASES = {
    Act.CONFIRM: "确认为诉求",
    Act.REPLY: "标记为已在平台回复",
    Act.DISMISS: "标为无需回复",
    Act.POINT_ELSEWHERE: "标为已另行回应",
    Act.UNDO: "撤销了上一步",
    Act.BIND: "与另一条绑定为同一事项",
}


@dataclass(frozen=True, slots=True)
class Matter:
    """One appeal as an act finds it; moments are Unix seconds."""

    comment_id: int
    account_id: int
    standing: Standing
    claimed_by: str
    claimed_until: int | None
    due_at: int | None
    known_until: int | None
    is_stopped: bool

    def is_overdue(self, now: int) -> bool:
        """Past its due time and known to be unanswered then; a thread that is not held proves nothing."""
        due, known = self.due_at, self.known_until
        return due is not None and not self.is_stopped and due < now and known is not None and known >= due


class MovedError(RefusedError):
    """Somebody else has moved the case since it was looked at."""


def visible(scope: Scope, account: str = "r.account_id", unit: str = "k.unit_id") -> tuple[str, dict[str, int]]:
    """A condition: the account lies in the scope, or the case was handed to a unit that does."""
    mine, values = accounts_in(scope, account)
    if not values:
        return "1 = 0", {}
    marks = ", ".join(f":{name}" for name in values)
    handed = f"{unit} IN (SELECT u.organization_id FROM organization_up u WHERE u.ancestor_id IN ({marks}))"
    return f"({mine} OR {handed})", values


def find(db: sqlite3.Connection, scope: Scope, comment_id: int) -> Matter:
    """The matter in this scope. Raises PermissionError outside of it, ValueError for what is no appeal: Chinese sentences."""
    mine, values = visible(scope, "c.account_id")
    row = db.execute(f"{MATTER} WHERE c.id = :id AND {mine}", values | {"id": comment_id}).fetchone()
    if row is None:
        raise PermissionError(OUTSIDE)
    matter = matter_of(row)
    has_facts = db.execute("SELECT 1 FROM responses WHERE comment_id = :id", {"id": comment_id}).fetchone()
    if has_facts is None and not matter.standing.step_id:
        raise RefusedError("这条评论现在不按诉求处理，请重新载入。")
    return matter


def held(db: sqlite3.Connection, comment_id: int) -> Matter:
    """The matter whatever the scope, for what the collector and a main case do."""
    return matter_of(db.execute(f"{MATTER} WHERE c.id = :id", {"id": comment_id}).fetchone())


def matter_of(row: tuple[Any, ...]) -> Matter:
    standing = Standing(State(row[2]), row[10] or 0, row[3], row[4], row[5], bool(row[6]), row[7])
    return Matter(row[0], row[1], standing, row[8], row[9], row[11], row[12], row[13] is not None)


def children(db: sqlite3.Connection, comment_id: int) -> list[int]:
    """The matters that are bound to this one."""
    rows = db.execute(
        "SELECT k.comment_id FROM cases k WHERE k.bound_to = :id ORDER BY k.comment_id", {"id": comment_id}
    ).fetchall()
    return [row[0] for row in rows]


def write(
    db: sqlite3.Connection,
    matter: Matter,
    act: Act,
    state: State,
    author: str,
    now: int,
    *,
    why: str = "",
    unit_id: int | None = None,
    bound_to: int | None = None,
    led_by: int | None = None,
    link: str = "",
) -> int:
    """Write one step and where the case stands after it, inside `writing()`; gives the step's id."""
    row = db.execute(
        "INSERT INTO case_steps(comment_id, act, before, state, at, author, why, unit_id, bound_to, led_by, link) "
        "VALUES(:id, :act, :before, :state, :at, :author, :why, :unit, :bound, :led, :link) RETURNING id",
        {
            "id": matter.comment_id,
            "act": str(act),
            "before": str(matter.standing.state),
            "state": str(state),
            "at": now,
            "author": author,
            "why": why.strip(),
            "unit": unit_id,
            "bound": bound_to,
            "led": led_by,
            "link": link.strip(),
        },
    ).fetchone()
    step = Step(row[0], act, matter.standing.state, state, now, unit_id, bound_to)
    put(db, matter.comment_id, after(matter.standing if matter.standing.step_id else None, step))
    return int(row[0])


def put(db: sqlite3.Connection, comment_id: int, standing: Standing | None) -> None:
    """Let a case stand so; None makes it one that nobody touched."""
    if standing is None:
        db.execute("DELETE FROM cases WHERE comment_id = :id", {"id": comment_id})
        return
    db.execute(
        "INSERT INTO cases(comment_id, state, since, step_id, unit_id, bound_to, is_typical, urged) "
        "VALUES(:id, :state, :since, :step, :unit, :bound, :typical, :urged) ON CONFLICT(comment_id) DO UPDATE SET "
        "state = excluded.state, since = excluded.since, step_id = excluded.step_id, unit_id = excluded.unit_id, "
        "bound_to = excluded.bound_to, is_typical = excluded.is_typical, urged = excluded.urged",
        {
            "id": comment_id,
            "state": str(standing.state),
            "since": standing.since,
            "step": standing.step_id,
            "unit": standing.unit_id,
            "bound": standing.bound_to,
            "typical": int(standing.is_typical),
            "urged": standing.urged,
        },
    )


def counting(db: sqlite3.Connection, comment_id: int) -> list[Step]:
    """The steps of a case that count, in their order: neither undone ones nor the undoing."""
    rows = db.execute(
        "SELECT s.id, s.act, s.before, s.state, s.at, s.unit_id, s.bound_to FROM case_steps s WHERE s.comment_id = :id "
        "AND s.undoes IS NULL AND NOT EXISTS (SELECT 1 FROM case_steps u WHERE u.comment_id = s.comment_id AND u.undoes = s.id) "
        "ORDER BY s.id",
        {"id": comment_id},
    ).fetchall()
    return [Step(row[0], Act(row[1]), State(row[2]), State(row[3]), *row[4:]) for row in rows]


def take_back(db: sqlite3.Connection, comment_id: int, step_ids: Iterable[int], author: str, now: int) -> None:
    """Undo the last step of a case: a row that says so, and the case stands as it stood before."""
    for step_id in step_ids:
        steps = counting(db, comment_id)
        standing = replay(steps[:-1])
        state = standing.state if standing else steps[-1].before
        db.execute(
            "INSERT INTO case_steps(comment_id, act, before, state, at, author, why, undoes) "
            "VALUES(:id, :act, :before, :state, :at, :author, '', :step)",
            {
                "id": comment_id,
                "act": str(Act.UNDO),
                "before": str(steps[-1].state),
                "state": str(state),
                "at": now,
                "author": author,
                "step": step_id,
            },
        )
        put(db, comment_id, standing)


def name_of(db: sqlite3.Connection, login: str) -> str:
    """A person's name for a sentence; the login where nobody has it, as with the collector."""
    row = db.execute("SELECT name FROM people WHERE login = :login", {"login": login}).fetchone()
    return row[0] if row else login


def moved_words(db: sqlite3.Connection, comment_id: int, author: str, now: int) -> str:
    """李某已于10:32转办给临江市水务局，请重新载入。"""
    row = db.execute(
        "SELECT s.act, s.at, s.author, o.name FROM case_steps s LEFT JOIN organizations o ON o.id = s.unit_id "
        "WHERE s.comment_id = :id ORDER BY s.id DESC LIMIT 1",
        {"id": comment_id},
    ).fetchone()
    if row is None:
        return "这条诉求已有变化，请重新载入。"
    act, at, who, unit = row
    then, today = from_seconds(at).astimezone(BEIJING), from_seconds(now).astimezone(BEIJING).date()
    when = f"{then:%H:%M}" if then.date() == today else f"{then.month}月{then.day}日{then:%H:%M}"
    phrase = f"转办给{unit}" if act == Act.FORWARD and unit else PHRASES.get(Act(act), f"作了“{act}”")
    return f"{'您' if who == author else name_of(db, who)}已于{when}{phrase}，请重新载入。"
