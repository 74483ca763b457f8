"""Shares answered within a time: worked examples, a second calculation in plain Python, and what must hold of any set."""

import math
import random
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrix.waiting import ANSWERED, BUCKETS, HOURS, OPEN, STATES, UNKNOWN, Waits, at_cutoff, bucket_of, share_within, wilson

CUT = 1_000_000
HOUR = 3600


@dataclass(frozen=True)
class Matter:
    """A question, its answer and up to when its thread is known; seconds, None for none."""

    asked: int
    stopped: int | None = None
    known: int | None = None


def waits_of(matters: list[Matter], cutoff: int = CUT) -> Waits:
    def column(name: str) -> list[int]:
        return [-1 if getattr(one, name) is None else getattr(one, name) for one in matters]

    return at_cutoff(column("asked"), column("stopped"), column("known"), cutoff)


def ago(hours: float, answered_after: float | None = None, known_for: float | None = None) -> Matter:
    """A matter asked so many hours before the cut-off."""
    asked = CUT - int(hours * HOUR)

    def moment(after: float | None) -> int | None:
        return None if after is None else asked + int(after * HOUR)

    return Matter(asked, moment(answered_after), moment(known_for))


@st.composite
def any_matter(draw: st.DrawFn) -> Matter:
    asked = CUT - draw(st.integers(0, 60 * HOUR))
    stopped = draw(st.one_of(st.none(), st.integers(asked, CUT + 5 * HOUR)))
    return Matter(asked, stopped, draw(st.one_of(st.none(), st.integers(asked - HOUR, CUT + HOUR))))


def counted_by_hand(matters: list[Matter], seconds: int, cutoff: int = CUT) -> tuple[int, int, int]:
    """(met, of, out) from the published words alone, one matter after another."""
    met = of = out = 0
    for one in matters:
        if cutoff - one.asked < seconds:
            continue
        answered = one.stopped is not None and one.stopped <= cutoff
        if answered and one.stopped - one.asked <= seconds:
            met, of = met + 1, of + 1
        elif answered or (one.known is not None and min(one.known, cutoff) >= one.asked + seconds):
            of += 1
        else:
            out += 1
    return met, of, out


def test_a_share_counts_the_silent_and_leaves_out_the_unknown_and_the_young() -> None:
    waits = waits_of(
        [
            ago(30, answered_after=0.5, known_for=1),
            ago(30, answered_after=24),
            ago(30, answered_after=25, known_for=26),
            ago(30, known_for=30),
            ago(30, known_for=24),
            ago(30, known_for=23.9),
            ago(30),
            ago(5, answered_after=0.1),
            ago(5, known_for=5),
        ]
    )
    day = share_within(waits, 24 * HOUR)
    assert (day.met, day.of, day.out) == (2, 5, 2)
    assert day.rate == pytest.approx(0.4)
    four = share_within(waits, 4 * HOUR)
    assert (four.met, four.of, four.out) == (2, 8, 1)


def test_exactly_on_time_is_in_time_and_exactly_old_enough_is_old_enough() -> None:
    waits = waits_of([ago(4, answered_after=4)])
    assert share_within(waits, 4 * HOUR).met == 1
    assert share_within(waits, 4 * HOUR + 1).of == 0


def test_an_answer_after_the_cut_off_does_not_exist_yet() -> None:
    before = waits_of([Matter(CUT - 10 * HOUR, CUT + 1, CUT + HOUR)])
    assert (STATES[before.state[0]], before.seconds[0]) == ("尚未回复", 10 * HOUR)
    assert STATES[waits_of([Matter(CUT - 10 * HOUR, CUT, None)]).state[0]] == "已回复"


def test_a_thread_that_is_not_held_is_unknown_and_never_unanswered() -> None:
    waits = waits_of([Matter(CUT - HOUR), Matter(CUT - HOUR, known=CUT - HOUR - 1), Matter(CUT - HOUR, known=CUT - HOUR)])
    assert waits.state.tolist() == [UNKNOWN, UNKNOWN, OPEN]
    assert waits.seconds.tolist() == [0, 0, 0]


def test_a_late_answer_counts_as_late_also_where_the_thread_is_not_held() -> None:
    share = share_within(waits_of([ago(50, answered_after=30)]), 24 * HOUR)
    assert (share.met, share.of, share.out) == (0, 1, 0)


def test_an_answer_that_bears_an_earlier_minute_than_its_question_came_at_once() -> None:
    assert waits_of([Matter(CUT - 90, CUT - 120)]).seconds.tolist() == [0]


def test_nobody_asked_is_no_rate() -> None:
    share = share_within(waits_of([]), HOUR)
    assert (share.met, share.of, share.out) == (0, 0, 0)
    assert math.isnan(share.rate) and math.isnan(share.low) and math.isnan(share.high)


@pytest.mark.parametrize(
    ("met", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718), (20, 20, 0.8389, 1.0)],
)
def test_the_interval_is_wilsons(met: int, of: int, low: float, high: float) -> None:
    """The values of R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3."""
    rate, bottom, top = wilson(met, of)
    assert float(rate) == met / of
    assert (round(float(bottom), 4), round(float(top), 4)) == (low, high)


def test_buckets_hold_everybody_once_and_bounds_belong_to_the_shorter_one() -> None:
    matters = [ago(60, answered_after=hours) for hours in (0, 1, 1.001, 4, 24, 48, 48.001)]
    waits = waits_of([*matters, ago(60, known_for=1), ago(60)])
    assert [BUCKETS[place] for place in bucket_of(waits)] == [
        *("1小时内", "1小时内", "1至4小时", "1至4小时", "4至24小时", "24至48小时", "48小时以上", "尚未回复", "情况不明")
    ]


@settings(max_examples=50)
@given(st.lists(any_matter(), max_size=30), st.sampled_from(HOURS))
def test_shares_equal_a_second_calculation(matters: list[Matter], hours: int) -> None:
    share = share_within(waits_of(matters), hours * HOUR)
    met, of, out = counted_by_hand(matters, hours * HOUR)
    assert (share.met, share.of, share.out) == (met, of, out)
    assert share.rate == met / of if of else math.isnan(share.rate)


@settings(max_examples=50)
@given(st.lists(any_matter(), max_size=25), st.integers(0, 60 * HOUR), st.integers(0, 60 * HOUR))
def test_one_more_unanswered_citizen_never_improves_a_share(matters: list[Matter], age: int, known_for: int) -> None:
    silent = Matter(CUT - age, known=CUT - age + min(known_for, age))
    for hours in (*HOURS, 13):
        before, after = (share_within(waits_of(some), hours * HOUR) for some in (matters, [*matters, silent]))
        assert after.met == before.met and after.of >= before.of
        if before.of:
            assert (after.rate, after.low, after.high) <= (before.rate, before.low, before.high)
            assert after.low <= before.low + 1e-12 and after.high <= before.high + 1e-12


@settings(max_examples=50)
@given(st.lists(any_matter(), max_size=25), st.integers(0, 60 * HOUR))
def test_one_more_unknown_matter_changes_no_share(matters: list[Matter], age: int) -> None:
    for hours in HOURS:
        before, after = (share_within(waits_of(some), hours * HOUR) for some in (matters, [*matters, Matter(CUT - age)]))
        assert (after.met, after.of) == (before.met, before.of)
        assert after.out == before.out + (age >= hours * HOUR)


@settings(max_examples=50)
@given(st.lists(any_matter(), max_size=25), st.randoms(use_true_random=False))
def test_the_order_of_the_matters_is_of_no_importance(matters: list[Matter], dice: random.Random) -> None:
    mixed = dice.sample(matters, len(matters))
    for hours in HOURS:
        assert repr(share_within(waits_of(matters), hours * HOUR)) == repr(share_within(waits_of(mixed), hours * HOUR))


def test_any_clock_goes_through_the_same_definitions() -> None:
    """Working waits are given as durations; an age of -1 (the year is not loaded) is judged at no horizon."""
    waits = Waits(np.array([1800, 9000, 0]), np.array([ANSWERED, OPEN, ANSWERED], dtype=np.int8), np.array([9000, 9000, -1]))
    share = share_within(waits, HOUR)
    assert (share.met, share.of, share.out) == (1, 2, 0)
