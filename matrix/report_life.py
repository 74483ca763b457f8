"""The life of a report: who may take which step from which state, and that nothing is issued unchecked."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from matrix.people import Right


class State(StrEnum):
    """How a report stands."""

    DRAFT = "起草中"
    CHECKING = "待审核"
    RETURNED = "已退回"
    READY = "待签发"
    ISSUED = "已签发"
    VOID = "已作废"


class Act(StrEnum):
    """What is done to a report; each one is a step with a person and a moment."""

    DRAFT = "起草"
    RENEW = "更新数据"
    WRITE = "修改文字"
    SUBMIT = "提交审核"
    WITHDRAW = "撤回"
    RETURN = "退回"
    APPROVE = "审核通过"
    WAIVE = "一人岗位自行审核"
    ISSUE = "签发"
    CORRECT = "更正"
    DROP = "放弃更正"
    VOID = "作废"


WRITING = frozenset({Act.DRAFT, Act.RENEW, Act.WRITE, Act.SUBMIT, Act.CORRECT})
"""Whoever took one of these steps since the last issue is a writer of what is to be issued."""

OPEN = (State.DRAFT, State.RETURNED)
"""States in which the content may change."""

NEXT: dict[tuple[State, Act], State] = {
    **{(state, act): state for state in OPEN for act in (Act.RENEW, Act.WRITE)},
    **{(state, Act.SUBMIT): State.CHECKING for state in OPEN},
    **{(state, Act.VOID): State.VOID for state in (*OPEN, State.ISSUED)},
    **{(state, Act.DROP): State.ISSUED for state in OPEN},
    **{(state, Act.WITHDRAW): State.DRAFT for state in (State.CHECKING, State.READY)},
    **{(state, Act.RETURN): State.RETURNED for state in (State.CHECKING, State.READY)},
    (State.CHECKING, Act.APPROVE): State.READY,
    (State.CHECKING, Act.WAIVE): State.READY,
    (State.READY, Act.ISSUE): State.ISSUED,
    (State.ISSUED, Act.CORRECT): State.DRAFT,
}

CHECKERS = frozenset({Act.RETURN, Act.APPROVE, Act.WAIVE, Act.ISSUE})
REASONED = frozenset({Act.RETURN, Act.WAIVE, Act.CORRECT, Act.VOID, Act.DROP})
"""Acts that want a reason of some words."""
SHORTEST_REASON = 4


@dataclass(frozen=True, slots=True)
class Step:
    """One step that was taken; the timetable has no login."""

    act: Act
    login: str


def right_for(act: Act, state: State) -> Right:
    """Which right an act asks for; what was issued is made void by those who issue."""
    is_checkers = act in CHECKERS or (act is Act.VOID and state is State.ISSUED)
    return Right.REPORTS_CHECK if is_checkers else Right.REPORTS


def since_issue(steps: Sequence[Step]) -> Sequence[Step]:
    """The steps after the last issue; those of a correction that was dropped do not count either."""
    last = max((place for place, step in enumerate(steps) if step.act in (Act.ISSUE, Act.DROP)), default=-1)
    return steps[last + 1 :]


def writers(steps: Sequence[Step]) -> frozenset[str]:
    """The logins that had a hand in what would be issued now."""
    return frozenset(step.login for step in since_issue(steps) if step.act in WRITING and step.login)


def was_issued(steps: Sequence[Step]) -> bool:
    return any(step.act is Act.ISSUE for step in steps)


def possible(state: State, steps: Sequence[Step], login: str, rights: frozenset[Right]) -> list[Act]:
    """The acts that this person may take now, in the order of the life."""
    found = []
    for act in Act:
        try:
            judge(state, act, steps, login, reason="一二三四五六")
        except (ValueError, PermissionError):
            continue
        if right_for(act, state) in rights:
            found.append(act)
    return found


def judge(
    state: State, act: Act, steps: Sequence[Step], login: str, reason: str = "", other_checkers: Sequence[str] = ()
) -> State:
    """The state after an act. `other_checkers` are the names of those who could check in the writer's place.

    Raises ValueError, or PermissionError where it is the wrong person, with a Chinese sentence.
    """
    if (state, act) not in NEXT:
        raise ValueError(f"报告现为“{state}”，不能{act}。请刷新页面查看最新状态。")
    mine = writers(steps)
    if act is Act.APPROVE and login in mine:
        raise PermissionError("审核人不能是起草人(含修改过文字、更新过数据或提交审核的人)，请由另一人审核。")
    if act is Act.WAIVE:
        if login not in mine:
            raise ValueError("您没有参与起草，请直接点“审核通过”。")
        if other_checkers:
            raise PermissionError(f"本单位还有{'、'.join(other_checkers[:3])}可以审核，不能自行审核。")
    if act is Act.WITHDRAW and login not in mine:
        raise PermissionError("只有起草人可以撤回；审核人请点“退回”并写明原因。")
    if act is Act.DROP and not was_issued(steps):
        raise ValueError("这份报告没有签发过，没有可放弃的更正；不再需要的请点“作废”。")
    if act is Act.VOID and state is not State.ISSUED and was_issued(steps):
        raise ValueError("这是已签发报告的更正稿，请先放弃更正，再作废。")
    if act in REASONED and len(reason.strip()) < SHORTEST_REASON:
        raise ValueError(f"{act}须写明原因，至少{SHORTEST_REASON}个字。")
    return NEXT[state, act]


def is_checked(steps: Sequence[Step]) -> bool:
    """Whether what would be issued was checked by another person, or the check was waived, after the last change of it."""
    mine, recent = writers(steps), since_issue(steps)
    changed = max((place for place, step in enumerate(recent) if step.act in WRITING), default=-1)
    return any(
        (step.act is Act.APPROVE and step.login not in mine) or step.act is Act.WAIVE
        for step in recent[changed + 1 :]
    )  # fmt: skip
