"""Whatever people do in whatever order: nothing is issued that another person has not checked, and nothing changes after that."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrix.people import RIGHTS, Role
from matrix.report_life import NEXT, OPEN, REASONED, WRITING, Act, State, Step, is_checked, judge, possible, since_issue, writers

PEOPLE = ("li", "wang", "zhao")
WHY = "数字有误需改"
MOVES = st.tuples(st.integers(0, 999), st.sampled_from(PEOPLE), st.booleans())
FORWARD = (Act.SUBMIT, Act.APPROVE, Act.WAIVE, Act.ISSUE)
"""Three moves of four go this way where they can, so that many walks come to an issue."""


def walk(moves: list[tuple[int, str, bool]], by: str) -> list[tuple[State, list[Step]]]:
    """Every state that these moves lead through, refused ones left out, with the steps up to it."""
    state, steps = State.DRAFT, [Step(Act.DRAFT, by)]
    seen = [(state, [*steps])]
    for number, login, is_alone in moves:
        others = () if is_alone else ("王某",)
        acts = [act for held, act in NEXT if held is state]
        if not acts:
            break
        wanted = [act for act in acts if act in FORWARD] if number % 4 else acts
        act = (wanted or acts)[number % len(wanted or acts)]
        try:
            state = judge(state, act, steps, login, WHY, others)
        except (ValueError, PermissionError):
            continue
        steps.append(Step(act, login))
        seen.append((state, [*steps]))
    return seen


@settings(max_examples=150)
@given(st.lists(MOVES, max_size=40), st.sampled_from(("", *PEOPLE)))
def test_nothing_is_issued_that_nobody_else_has_checked(moves: list[tuple[int, str, bool]], by: str) -> None:
    for _, steps in walk(moves, by):
        if steps[-1].act is not Act.ISSUE:
            continue
        recent = since_issue(steps[:-1])
        checks = [place for place, step in enumerate(recent) if step.act in (Act.APPROVE, Act.WAIVE)]
        assert checks, "no check at all"
        assert not [step for step in recent[checks[-1] :] if step.act in WRITING], "changed after the check"
        assert recent[checks[-1]].act is Act.WAIVE or recent[checks[-1]].login not in writers(steps[:-1])
        assert is_checked(steps[:-1])


@settings(max_examples=60)
@given(st.lists(MOVES, max_size=40), st.sampled_from(PEOPLE))
def test_content_changes_only_while_it_is_being_drafted(moves: list[tuple[int, str, bool]], by: str) -> None:
    seen = walk(moves, by)
    for (before, _), (_, steps) in pairwise(seen):
        if steps[-1].act in (Act.RENEW, Act.WRITE):
            assert before in OPEN
        if before is State.VOID:
            raise AssertionError("something was done to a void report")


def test_the_writer_may_not_check_and_is_told_so() -> None:
    steps = [Step(Act.DRAFT, "li"), Step(Act.WRITE, "wang"), Step(Act.SUBMIT, "li")]
    for login in ("li", "wang"):
        with pytest.raises(PermissionError, match="审核人不能是起草人"):
            judge(State.CHECKING, Act.APPROVE, steps, login)
    assert judge(State.CHECKING, Act.APPROVE, steps, "zhao") is State.READY


def test_whoever_submits_the_draft_of_the_timetable_is_its_writer() -> None:
    steps = [Step(Act.DRAFT, ""), Step(Act.SUBMIT, "li")]
    assert writers(steps) == {"li"}
    with pytest.raises(PermissionError):
        judge(State.CHECKING, Act.APPROVE, steps, "li")


def test_an_office_of_one_waives_the_check_with_a_reason_and_only_while_it_is_of_one() -> None:
    steps = [Step(Act.DRAFT, "li"), Step(Act.SUBMIT, "li")]
    assert judge(State.CHECKING, Act.WAIVE, steps, "li", "本单位一人在岗") is State.READY
    with pytest.raises(ValueError, match="须写明原因"):
        judge(State.CHECKING, Act.WAIVE, steps, "li", " ")
    with pytest.raises(PermissionError, match="王某可以审核"):
        judge(State.CHECKING, Act.WAIVE, steps, "li", "本单位一人在岗", ("王某",))
    with pytest.raises(ValueError, match="没有参与起草"):
        judge(State.CHECKING, Act.WAIVE, steps, "zhao", "本单位一人在岗")


def test_a_correction_goes_the_whole_way_again_or_is_dropped() -> None:
    issued = [Step(Act.DRAFT, "li"), Step(Act.SUBMIT, "li"), Step(Act.APPROVE, "wang"), Step(Act.ISSUE, "wang")]
    assert judge(State.ISSUED, Act.CORRECT, issued, "wang", "第三节漏一个账号") is State.DRAFT
    corrected = [*issued, Step(Act.CORRECT, "wang")]
    assert not is_checked(corrected)
    assert judge(State.DRAFT, Act.DROP, corrected, "wang", "核对后无误") is State.ISSUED
    with pytest.raises(ValueError, match="先放弃更正"):
        judge(State.DRAFT, Act.VOID, corrected, "wang", "不需要了吧")
    with pytest.raises(ValueError, match="没有签发过"):
        judge(State.DRAFT, Act.DROP, [Step(Act.DRAFT, "li")], "li", "核对后无误")


def test_every_act_that_wants_a_reason_is_refused_without_one() -> None:
    issued = [Step(Act.DRAFT, "li"), Step(Act.SUBMIT, "li"), Step(Act.APPROVE, "wang"), Step(Act.ISSUE, "wang")]
    for (state, act), _ in NEXT.items():
        if act in REASONED:
            steps = issued if act in (Act.CORRECT, Act.DROP) or state is State.ISSUED else issued[:2]
            with pytest.raises(ValueError, match="须写明原因"):
                judge(state, act, steps, "li", "无")


def test_buttons_are_those_of_the_right_the_state_and_the_person() -> None:
    steps = [Step(Act.DRAFT, "li"), Step(Act.SUBMIT, "li")]
    assert possible(State.CHECKING, steps, "li", RIGHTS[Role.ANALYST]) == [Act.WITHDRAW]
    assert possible(State.CHECKING, steps, "wang", RIGHTS[Role.LEAD]) == [Act.RETURN, Act.APPROVE]
    assert possible(State.CHECKING, steps, "wang", RIGHTS[Role.READER]) == []
    assert Act.WAIVE in possible(State.CHECKING, steps, "li", RIGHTS[Role.LEAD])
