"""People act on an alert one after the other, and each may take back only what he did last himself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matrix.alert_step import (
    LEADS_TO,
    POSSIBLE,
    AlertAct,
    AlertRefusedError,
    AlertStanding,
    AlertStep,
    Judgement,
    check,
    standing,
)


def steps_of(*acts: AlertAct, by: str = "li") -> list[AlertStep]:
    return [AlertStep(number, act, by, "李某", number * 60) for number, act in enumerate(acts, 1)]


def test_an_alert_that_nobody_touched_waits_for_a_person() -> None:
    assert standing([]) == AlertStanding()
    assert standing(steps_of(AlertAct.NOTE)).judgement is Judgement.OPEN


def test_the_last_act_that_counts_says_how_it_stands() -> None:
    told = standing(steps_of(AlertAct.CONFIRM, AlertAct.ASSIGN, AlertAct.NOTE))
    assert (told.judgement, told.last_id, told.at) == (Judgement.ASSIGNED, 3, 120)
    assert told.top is not None
    assert told.top.act is AlertAct.NOTE


def test_taking_back_goes_one_act_back_each_time() -> None:
    undo = AlertAct.UNDO
    told = standing(steps_of(AlertAct.CONFIRM, AlertAct.DISMISS, undo))
    assert (told.judgement, told.undone, told.last_id) == (Judgement.CONFIRMED, frozenset({2}), 3)
    again = standing(steps_of(AlertAct.CONFIRM, AlertAct.DISMISS, undo, undo))
    assert (again.judgement, again.top) == (Judgement.OPEN, None)


@given(st.lists(st.sampled_from([act for act in AlertAct if act is not AlertAct.UNDO]), max_size=8))
def test_taking_everything_back_leaves_an_untouched_alert(acts: list[AlertAct]) -> None:
    told = standing(steps_of(*acts, *[AlertAct.UNDO] * len(acts)))
    assert told.judgement is Judgement.OPEN
    assert told.top is None
    assert told.undone == frozenset(range(1, len(acts) + 1))


@given(st.sampled_from(list(Judgement)), st.sampled_from(list(LEADS_TO)))
def test_every_refusal_is_a_sentence(judgement: Judgement, act: AlertAct) -> None:
    now = AlertStanding(judgement)
    if act in POSSIBLE[judgement]:
        check(now, act, "li")
        return
    with pytest.raises(AlertRefusedError, match=r"。$"):
        check(now, act, "li")


def test_nobody_takes_back_what_somebody_else_did() -> None:
    told = standing(steps_of(AlertAct.CONFIRM, by="zhang"))
    with pytest.raises(AlertRefusedError, match="只能由本人撤销"):
        check(told, AlertAct.UNDO, "li")
    check(told, AlertAct.UNDO, "zhang")
    with pytest.raises(AlertRefusedError, match="没有可以撤销"):
        check(AlertStanding(), AlertAct.UNDO, "li")


def test_what_has_become_an_incident_is_gone_on_with_there() -> None:
    told = standing(steps_of(AlertAct.OPEN_INCIDENT))
    for act in (AlertAct.CONFIRM, AlertAct.UNDO):
        with pytest.raises(AlertRefusedError, match="舆情事件"):
            check(told, act, "li")
    check(told, AlertAct.NOTE, "li")
