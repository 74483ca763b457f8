"""Who is on duty after any sequence of changes, and who may do what."""

from hypothesis import given
from hypothesis import strategies as st

from matrix.shift import Change, ShiftAct, refuse, standing

TAKE, HAND = ShiftAct.TAKE, ShiftAct.HAND


def test_a_desk_nobody_ever_sat_at() -> None:
    assert standing([]).on_duty == ""
    assert refuse(standing([]), HAND, "li") == "目前无人在班，请先接班。"
    assert refuse(standing([]), TAKE, "li") == ""


def test_things_count_from_the_last_hand_over_also_while_the_next_one_is_on_duty() -> None:
    changes = [Change(TAKE, "li", "李某", 1), Change(HAND, "li", "李某", 10), Change(TAKE, "wang", "王某", 12)]
    watch = standing(changes)
    assert (watch.on_duty, watch.since, watch.last) == ("wang", 12, changes[1])


def test_whoever_takes_over_from_somebody_who_forgot_to_hand_over_begins_there() -> None:
    changes = [Change(TAKE, "li", "李某", 1), Change(TAKE, "wang", "王某", 12)]
    watch = standing(changes)
    assert (watch.on_duty, watch.last) == ("wang", changes[1])
    assert "王某" in refuse(watch, HAND, "li")


@given(st.lists(st.tuples(st.sampled_from(list(ShiftAct)), st.sampled_from("abc")), max_size=12))
def test_only_acts_that_are_not_refused_change_who_is_on_duty_and_nothing_is_counted_twice(
    wanted: list[tuple[ShiftAct, str]],
) -> None:
    done: list[Change] = []
    for at, (act, who) in enumerate(wanted):
        watch = standing(done)
        if refuse(watch, act, who):
            continue
        done.append(Change(act, who, who, at))
        after = standing(done)
        assert after.on_duty == (who if act is TAKE else "")
        if act is HAND:
            assert after.last == done[-1]
