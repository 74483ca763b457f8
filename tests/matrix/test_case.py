"""The table of a case: no act leads astray, what is refused says what to do, undoing restores exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matrix.case import DONE, INSTEAD, MOVES, OPEN, Act, RefusedError, Standing, State, Step, after, is_possible, move, replay

ACTS = st.sampled_from(sorted(MOVES))


def walk(*acts: Act, state: State = State.WAITING) -> State:
    for act in acts:
        state = move(state, act, urged=1, is_overdue=True)
    return state


@pytest.mark.parametrize(
    ("acts", "end"),
    [
        ((Act.CONFIRM, Act.REPLY, Act.VERIFY), "办结"),
        ((Act.FORWARD, Act.RECEIVE, Act.REPLY, Act.SEE_CONFIRMED), "办结"),
        ((Act.FORWARD, Act.FORWARD, Act.SEE_REPLY, Act.VERIFY), "办结"),
        ((Act.CONFIRM, Act.SEE_REPLY), "已回复待核实"),
        ((Act.REPLY, Act.RETURN), "办理中"),
        ((Act.DISMISS,), "无需回复"),
        ((Act.POINT_ELSEWHERE, Act.REOPEN), "办理中"),
        ((Act.CONFIRM, Act.REPLY, Act.SEE_CONFIRMED, Act.LOSE_REPLY), "办理中"),
        ((Act.DISMISS, Act.SEE_REPLY, Act.LOSE_REPLY), "无需回复"),
        ((Act.FORWARD, Act.URGE, Act.SUPERVISE, Act.NOTE, Act.MARK_TYPICAL), "转办"),
    ],
)
def test_the_ways_of_a_case(acts: tuple[Act, ...], end: str) -> None:
    assert walk(*acts) == end


@given(st.lists(ACTS), st.sampled_from(sorted(State)), st.integers(0, 3), st.booleans())
def test_no_sequence_of_acts_reaches_a_state_that_is_not_defined(
    acts: list[Act], state: State, urged: int, is_overdue: bool
) -> None:
    for act in acts:
        try:
            state = move(state, act, urged=urged, is_overdue=is_overdue)
        except RefusedError as error:
            assert str(error).endswith("。")
            assert not is_possible(state, act, urged=urged, is_overdue=is_overdue)
        assert state in set(State)


@given(ACTS, st.sampled_from(sorted(State)))
def test_the_collector_is_never_refused_and_every_refusal_says_what_to_do(act: Act, state: State) -> None:
    if act in (Act.SEE_REPLY, Act.LOSE_REPLY) or (act is Act.SEE_CONFIRMED and state not in OPEN):
        move(state, act)
    try:
        move(state, act, urged=1, is_overdue=True)
    except RefusedError as error:
        assert INSTEAD[state] in str(error)


def test_supervising_comes_only_after_urging_and_only_when_overdue() -> None:
    with pytest.raises(RefusedError, match="尚未超过办理时限"):
        move(State.FORWARDED, Act.SUPERVISE, urged=1)
    with pytest.raises(RefusedError, match="还没有催办过"):
        move(State.FORWARDED, Act.SUPERVISE, is_overdue=True)
    assert move(State.FORWARDED, Act.SUPERVISE, urged=1, is_overdue=True) is State.FORWARDED


def test_undoing_is_no_move() -> None:
    with pytest.raises(RefusedError):
        move(State.WORKING, Act.UNDO)


def make_steps(acts: list[Act]) -> list[Step]:
    """Those of the acts that are possible, one after the other."""
    steps: list[Step] = []
    state = State.WAITING
    for number, act in enumerate(acts, 1):
        if is_possible(state, act, urged=1, is_overdue=True):
            to = move(state, act, urged=1, is_overdue=True)
            main = 99 if act is Act.BIND else None
            steps.append(Step(number, act, state, to, 1000 + number, 7 if act in (Act.FORWARD, Act.BIND) else None, main))
            state = to
    return steps


@given(st.lists(ACTS))
def test_undoing_any_number_of_steps_restores_exactly_what_was(acts: list[Act]) -> None:
    steps = make_steps(acts)
    seen: list[Standing | None] = [None]
    for step in steps:
        seen.append(after(seen[-1], step))
    for count in range(len(steps) + 1):
        assert replay(steps[:count]) == seen[count]


def test_what_a_standing_keeps() -> None:
    acts = [Act.NOTE, Act.FORWARD, Act.URGE, Act.URGE, Act.MARK_TYPICAL, Act.RECEIVE, Act.NOTE, Act.BIND]
    assert replay(make_steps(acts)) == Standing(State.WORKING, 1006, 8, 7, 99, is_typical=True, urged=2)
    assert replay(make_steps([*acts, Act.UNBIND, Act.UNMARK_TYPICAL])) == Standing(State.WORKING, 1006, 10, 7, urged=2)


def test_open_and_done_do_not_overlap() -> None:
    assert OPEN.isdisjoint(DONE)
    assert set(State) - OPEN - DONE == {State.REPLIED}
