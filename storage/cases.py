"""Cases: what people and the collector do about an appeal, each step a row with who, when and why."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from matrix.case import COLLECTOR, UNDO_SECONDS, Act, RefusedError, State, move
from storage.batches import bump_version
from storage.cases_soon import Soon, waiting_soon
from storage.cases_steps import (
    Matter,
    MovedError,
    children,
    counting,
    find,
    held,
    moved_words,
    name_of,
    take_back,
    write,
)
from storage.moments import to_seconds
from storage.scope import Scope, organizations_in

__all__ = ["CLAIM_SECONDS", "Claim", "MovedError", "Soon", "act", "claim", "note_reply", "release", "undo", "waiting_soon"]

CLAIM_SECONDS = 120
"""How long a case counts as being worked on by the one who opened it."""

GRACE_SECONDS = 5
"""What the way from the key to the server and back may take of the time for undoing."""

BY_ANYBODY = frozenset({Act.URGE, Act.SUPERVISE, Act.NOTE, Act.MARK_TYPICAL, Act.UNMARK_TYPICAL})
"""What may be said about a case while somebody else works on it."""

BY_VERB = frozenset({Act.BIND, Act.UNBIND, Act.UNDO, Act.SEE_REPLY, Act.SEE_CONFIRMED, Act.LOSE_REPLY})
OWN = frozenset({Act.NOTE, Act.MARK_TYPICAL, Act.UNMARK_TYPICAL})
"""What a bound case may have of its own; everything else is done to the main one and goes for all."""

NEEDS_WHY = frozenset({Act.RETURN, Act.REOPEN, Act.NOTE})


@dataclass(frozen=True, slots=True)
class Claim:
    """Who works on a case, and until when that is assumed (Unix seconds)."""

    author: str
    name: str
    since: int
    until: int


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
) -> int:
    """Do one act to a case inside `writing()`, and to all that are bound to it; gives the id of the step.

    `expected_step` is the last step that the person saw (0: none); None lets what cannot conflict pass. Raises
    PermissionError outside the scope, MovedError when somebody was faster, RefusedError when the act is not possible.
    """
    moment = to_seconds(now)
    matter = find(db, scope, comment_id)
    check_turn(db, matter, Act(act), author, moment, expected_step)
    standing = matter.standing
    state = move(standing.state, act, urged=standing.urged, is_overdue=matter.is_overdue(moment))
    check_words(db, scope, matter, act, why, unit_id, link)
    unit_id = unit_id if act is Act.FORWARD else None
    step = write(db, matter, act, state, author, moment, why=why, unit_id=unit_id, link=link)
    if act not in OWN:
        for number in children(db, comment_id):
            write(db, held(db, number), act, state, author, moment, why=why, unit_id=unit_id, link=link, led_by=step)
    bump_version(db)
    return step


def check_turn(db: sqlite3.Connection, matter: Matter, act: Act, author: str, now: int, expected_step: int | None) -> None:
    """Refuse what belongs to another verb, to another person or to a case that has moved."""
    if act in BY_VERB:
        raise RefusedError(f"“{act}”不能这样办理。")
    if expected_step is not None and expected_step != matter.standing.step_id:
        raise MovedError(moved_words(db, matter.comment_id, author, now))
    if matter.standing.bound_to is not None and act not in OWN:
        raise RefusedError("这条诉求已与另一条绑定为同一事项，请在主件上办理，或先解除绑定。")
    holder = matter.claimed_by
    if act not in BY_ANYBODY and holder not in ("", author) and (matter.claimed_until or 0) > now:
        raise MovedError(f"{name_of(db, holder)}正在处理这条诉求，为免重复办理没有执行；请先沟通，确需接手请点“接手办理”。")


def check_words(db: sqlite3.Connection, scope: Scope, matter: Matter, act: Act, why: str, unit_id: int | None, link: str) -> None:
    """Refuse an act without what it must say: to which unit, where the answer stands, for what reason."""
    if act in NEEDS_WHY and not why.strip():
        raise RefusedError(f"请填写“{act}”的内容或原因。")
    if act is Act.POINT_ELSEWHERE and not why.strip() and not link.strip():
        raise RefusedError("请选择或填写回应所在的链接，或写明在哪里回应的。")
    if link.strip() and not link.strip().startswith(("http://", "https://")):
        raise RefusedError("链接须以 http:// 或 https:// 开头，请从浏览器地址栏复制。")
    if act is not Act.FORWARD:
        return
    if unit_id is None:
        raise RefusedError("请选择承办单位。")
    reach, values = organizations_in(scope, "o.id")
    if db.execute(f"SELECT 1 FROM organizations o WHERE o.id = :unit AND {reach}", values | {"unit": unit_id}).fetchone() is None:
        raise PermissionError("承办单位不在您的权限范围内。")
    if matter.standing.state is State.FORWARDED and matter.standing.unit_id == unit_id:
        raise RefusedError("这条诉求已经转给该单位，无需再转；需要提醒请“催办”。")


def undo(
    db: sqlite3.Connection, scope: Scope, step_id: int, author: str, now: datetime, within: float = UNDO_SECONDS + GRACE_SECONDS
) -> int:
    """Take back one's own last step within so many seconds, inside `writing()`; the case stands exactly as before.

    Gives the comment's id. What the step led on bound cases is taken back with it. Raises RefusedError when it is too late.
    """
    row = db.execute(
        "SELECT s.comment_id, s.author, s.at, s.led_by, s.undoes FROM case_steps s WHERE s.id = :id", {"id": step_id}
    ).fetchone()
    if row is None:
        raise RefusedError("没有可以撤销的一步。")
    comment_id, by, at, led_by, undoes = row
    matter = find(db, scope, comment_id)
    moment = to_seconds(now)
    if by != author or by == COLLECTOR or undoes is not None:
        raise RefusedError("只能撤销自己刚办的一步。")
    if led_by is not None:
        raise RefusedError("这一步是随主件办理的，请在主件上撤销。")
    if moment - at > within:
        raise RefusedError("已超过可撤销的时间，请用“重新打开”或“转办”更正。")
    if matter.standing.step_id != step_id:
        raise MovedError(f"这一步之后已有新的办理，不能撤销：{moved_words(db, comment_id, author, moment)}")
    led = db.execute("SELECT s.comment_id, s.id FROM case_steps s WHERE s.led_by = :id AND s.at = :at", {"id": step_id, "at": at})
    for child, child_step in led.fetchall():
        if counting(db, child)[-1].id != child_step:
            raise MovedError("同一事项中有一条已有新的办理，不能撤销。")
        take_back(db, child, [child_step], author, moment)
    take_back(db, comment_id, [step_id], author, moment)
    bump_version(db)
    return comment_id


def claim(
    db: sqlite3.Connection,
    scope: Scope,
    comment_id: int,
    author: str,
    now: datetime,
    leaving: int | None = None,
    takes_over: bool = False,
    seconds: float = CLAIM_SECONDS,
) -> Claim:
    """Say that somebody works on a case now, inside `writing()`; gives who holds it, who may be somebody else.

    `leaving` is the case that the same person leaves. `takes_over` takes a case from whoever holds it. Nothing else of the
    case changes, and nothing is announced: a look is no act.
    """
    if leaving is not None and leaving != comment_id:
        release(db, leaving, author)
    matter, moment = find(db, scope, comment_id), to_seconds(now)
    holder, until = matter.claimed_by, matter.claimed_until or 0
    if holder not in ("", author) and until > moment and not takes_over:
        return Claim(holder, name_of(db, holder), until - round(seconds), until)
    until = moment + round(seconds)
    db.execute(
        "INSERT INTO cases(comment_id, state, since, step_id, claimed_by, claimed_until) "
        "VALUES(:id, :state, :now, 0, :author, :until) ON CONFLICT(comment_id) DO UPDATE SET "
        "claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until",
        {"id": comment_id, "state": str(matter.standing.state), "now": moment, "author": author, "until": until},
    )
    return Claim(author, name_of(db, author), moment, until)


def release(db: sqlite3.Connection, comment_id: int, author: str) -> None:
    """Let go of a case; what nobody has touched has no row again."""
    values = {"id": comment_id, "author": author}
    db.execute("DELETE FROM cases WHERE comment_id = :id AND claimed_by = :author AND step_id = 0", values)
    db.execute("UPDATE cases SET claimed_by = '', claimed_until = NULL WHERE comment_id = :id AND claimed_by = :author", values)


def note_reply(db: sqlite3.Connection, comment_id: int, now: datetime | int, is_answered: bool) -> None:
    """The collector found or lost the substantive answer of a matter, inside `writing()`.

    A case that nobody touched has its state from the answer itself. What a person said to be answered is closed by the
    collected answer; what is found unasked waits for a person's check; a lost answer opens again what it had closed.
    """
    moment = to_seconds(now) if isinstance(now, datetime) else now
    matter = held(db, comment_id)
    if not matter.standing.step_id:
        # A mere look keeps the state that it saw: it must not outlive what the collector learned.
        db.execute("DELETE FROM cases WHERE comment_id = :id AND step_id = 0", {"id": comment_id})
        return
    state = matter.standing.state
    if not is_answered:
        found = Act.LOSE_REPLY
    else:
        found = Act.SEE_CONFIRMED if state in (State.REPLIED, State.CLOSED) else Act.SEE_REPLY
    to = state if matter.standing.bound_to is not None else move(state, found)
    write(db, matter, found, to, COLLECTOR, moment)
