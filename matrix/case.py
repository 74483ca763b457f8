"""A case, step by step: which act leads from which state to which, who may be urged, and what undoing restores."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class State(StrEnum):
    """Where a case stands; the states of 人民网领导留言板 with the check between a reply and the close."""

    WAITING = "待办"
    FORWARDED = "转办"
    WORKING = "办理中"
    REPLIED = "已回复待核实"
    CLOSED = "办结"
    NO_NEED = "无需回复"
    ELSEWHERE = "已另行回应"


class Act(StrEnum):
    """What is done to a case; the last three are the collector's."""

    CONFIRM = "确认诉求"
    FORWARD = "转办"
    RECEIVE = "签收"
    REPLY = "已在平台回复"
    VERIFY = "核实办结"
    RETURN = "退回重办"
    DISMISS = "无需回复"
    POINT_ELSEWHERE = "已另行回应"
    URGE = "催办"
    SUPERVISE = "督办"
    NOTE = "备注"
    BIND = "绑定"
    UNBIND = "解除绑定"
    MARK_TYPICAL = "标为典型"
    UNMARK_TYPICAL = "取消典型"
    REOPEN = "重新打开"
    UNDO = "撤销"
    SEE_REPLY = "采集到回复"
    SEE_CONFIRMED = "采集确认"
    LOSE_REPLY = "回复消失"


COLLECTOR = "采集"
"""The author of what the collector finds out."""

OPEN = frozenset({State.WAITING, State.FORWARDED, State.WORKING})
"""Nobody has said yet that the citizen has an answer."""

DONE = frozenset({State.CLOSED, State.NO_NEED, State.ELSEWHERE})
UNFINISHED = frozenset(State) - DONE

UNDO_SECONDS = 10
"""How long an act can be taken back; the page adds a grace for the way there and back."""


class RefusedError(ValueError):
    """An act that is not possible now; the text is a Chinese sentence that says why and what to do."""


def _all(states: Iterable[State], to: State) -> dict[State, State]:
    return dict.fromkeys(states, to)


def _stay(states: Iterable[State]) -> dict[State, State]:
    return {state: state for state in states}


MOVES: dict[Act, dict[State, State]] = {
    Act.CONFIRM: {State.WAITING: State.WORKING},
    Act.FORWARD: _all(OPEN, State.FORWARDED),
    Act.RECEIVE: {State.FORWARDED: State.WORKING},
    Act.REPLY: _all(OPEN, State.REPLIED),
    Act.VERIFY: {State.REPLIED: State.CLOSED},
    Act.RETURN: {State.REPLIED: State.WORKING},
    Act.DISMISS: _all(OPEN, State.NO_NEED),
    Act.POINT_ELSEWHERE: _all(OPEN, State.ELSEWHERE),
    Act.URGE: _stay(OPEN),
    Act.SUPERVISE: _stay(OPEN),
    Act.NOTE: _stay(State),
    Act.BIND: _stay(UNFINISHED),
    Act.UNBIND: _stay(State),
    Act.MARK_TYPICAL: _stay(State),
    Act.UNMARK_TYPICAL: _stay(State),
    Act.REOPEN: _all(DONE, State.WORKING),
    # What was settled by a person without an answer stays so when one turns up; a lost answer opens only what it had closed.
    Act.SEE_REPLY: _all(OPEN, State.REPLIED) | _stay(DONE | {State.REPLIED}),
    Act.SEE_CONFIRMED: {State.REPLIED: State.CLOSED} | _stay(DONE),
    Act.LOSE_REPLY: _all((State.REPLIED, State.CLOSED), State.WORKING) | _stay(OPEN | {State.NO_NEED, State.ELSEWHERE}),
}
"""Act to (state to state). Undoing is no move: it restores what was (`replay`)."""

INSTEAD: dict[State, str] = {
    State.WAITING: "请先确认诉求或转办",
    State.FORWARDED: "请先签收，或另行转办",
    State.WORKING: "请在平台回复后点“已在平台回复”",
    State.REPLIED: "请核实办结，或退回重办",
    State.CLOSED: "确需再办，请先“重新打开”",
    State.NO_NEED: "确需再办，请先“重新打开”",
    State.ELSEWHERE: "确需再办，请先“重新打开”",
}


def move(state: State, act: Act, *, urged: int = 0, is_overdue: bool = False) -> State:
    """The state after an act. `urged`: how often 催办 has been done; `is_overdue`: due and known not to be answered.

    Raises RefusedError with a sentence that says what to do instead.
    """
    if act not in MOVES:
        raise RefusedError(f"“{act}”不改变办理状态。")
    if state not in MOVES[act]:
        raise RefusedError(f"这条诉求现在是“{state}”，不能“{act}”：{INSTEAD[state]}。")
    if act is Act.SUPERVISE and not is_overdue:
        raise RefusedError("尚未超过办理时限(或回复情况不明)，不能督办：请先催办。")
    if act is Act.SUPERVISE and not urged:
        raise RefusedError("还没有催办过，不能直接督办：请先催办。")
    return MOVES[act][state]


def is_possible(state: State, act: Act, *, urged: int = 0, is_overdue: bool = False) -> bool:
    """Whether a button for the act makes sense."""
    try:
        move(state, act, urged=urged, is_overdue=is_overdue)
    except RefusedError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Step:
    """One step that counts (undone ones do not). `state` is where it led; `at` Unix seconds."""

    id: int
    act: Act
    before: State
    state: State
    at: int
    unit_id: int | None = None
    bound_to: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands. `since`: when it came into its state (Unix seconds); `step_id` the last step that counts."""

    state: State
    since: int
    step_id: int
    unit_id: int | None = None
    bound_to: int | None = None
    is_typical: bool = False
    urged: int = 0


def after(standing: Standing | None, step: Step) -> Standing:
    """Where a case stands after one more step; None stands for a case that nobody touched."""
    held = standing or Standing(step.before, step.at, 0)
    changed = {"state": step.state, "step_id": step.id}
    if step.state is not held.state:
        changed["since"] = step.at
    if step.act is Act.FORWARD:
        changed["unit_id"] = step.unit_id
    elif step.act is Act.BIND and step.bound_to is not None:
        changed |= {"bound_to": step.bound_to, "unit_id": step.unit_id}
    elif step.act is Act.UNBIND:
        changed["bound_to"] = None
    elif step.act in (Act.MARK_TYPICAL, Act.UNMARK_TYPICAL):
        changed["is_typical"] = step.act is Act.MARK_TYPICAL
    elif step.act is Act.URGE:
        changed["urged"] = held.urged + 1
    return replace(held, **changed)


def replay(steps: Iterable[Step]) -> Standing | None:
    """Where the steps that count lead; None when there are none. Undoing is replaying without the last one."""
    standing = None
    for step in steps:
        standing = after(standing, step)
    return standing
