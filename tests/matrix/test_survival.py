"""Medians with the unanswered ones counted: worked examples, recorded values of another library, exact arithmetic, and order."""

import math
import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrix.survival import Curve, Groups, by_group, kaplan_meier

Sample = list[tuple[int, bool]]
SAMPLES = st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=40)
PARTS = (0.5, 0.9)


def curve(sample: Sample) -> Curve:
    return kaplan_meier([wait for wait, _ in sample], [ended for _, ended in sample])


def exact_quantile(sample: Sample, part: Fraction) -> int | None:
    """The definition in whole numbers: one distinct wait after another, all answers at it together."""
    left = Fraction(1)
    for wait in sorted({wait for wait, ended in sample if ended}):
        at_risk = sum(1 for other, _ in sample if other >= wait)
        answered = sum(1 for other, ended in sample if ended and other == wait)
        left *= 1 - Fraction(answered, at_risk)
        if left <= 1 - part:
            return wait
    return None


def test_a_median_by_hand() -> None:
    """Four answered after 1, 2, 2 and 5 hours, one open for 3: after 2 hours two fifths are left, after 5 nobody."""
    found = curve([(1, True), (2, True), (2, True), (3, False), (5, True)])
    assert found.seconds.tolist() == [1, 2, 5]
    assert found.waiting.tolist() == pytest.approx([0.8, 0.4, 0.0])
    assert found.at_risk.tolist() == [5, 4, 1]
    assert found.answered.tolist() == [1, 3, 4]
    assert (found.quantile(0.5), found.quantile(0.9)) == (2, 5)


def test_exactly_one_half_is_one_half() -> None:
    """3/4 · 2/3 is one half, also where the machine's fractions make it a little more."""
    assert curve([(1, True), (2, True), (9, False), (9, False)]).quantile(0.5) == 2
    assert curve([(hour, True) for hour in range(1, 11)]).quantile(0.5) == 5
    assert curve([(hour, True) for hour in range(1, 11)]).quantile(0.9) == 9


def test_fewer_than_half_answered_have_no_median() -> None:
    found = curve([(1, True), (2, True), (30, False), (30, False), (30, False)])
    assert found.quantile(0.5) is None
    assert found.median_interval()[1] is None


def test_nobody_only_open_ones_and_answers_at_once() -> None:
    assert curve([]).quantile(0.5) is None and len(curve([]).seconds) == 0
    assert curve([(5, False), (5, False)]).quantile(0.5) is None
    assert curve([(0, True)]).quantile(0.9) == 0
    assert curve([(0, True), (0, False)]).quantile(0.5) == 0
    assert (curve([(7, True)]).low.tolist(), curve([(7, True)]).high.tolist()) == ([0.0], [1.0])


REMISSION = (
    [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35],
    [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0],
)
REMISSION_CURVE = [
    (6, 0.857143, 0.619718, 0.951552),
    (7, 0.806723, 0.563147, 0.922809),
    (10, 0.752941, 0.5032, 0.889362),
    (13, 0.690196, 0.43161, 0.849066),
    (16, 0.627451, 0.367511, 0.804912),
    (22, 0.537815, 0.267779, 0.746791),
    (23, 0.448179, 0.188052, 0.680143),
]
OFFICE = ([i * i * 37 % 9001 + i % 7 * 300 for i in range(40)], [i % 4 != 3 for i in range(40)])
OFFICE_CURVE = [
    (0, 0.975, 0.835485, 0.99644),
    (1792, 0.871614, 0.718509, 0.944485),
    (3247, 0.675501, 0.498872, 0.801468),
    (5789, 0.497555, 0.324677, 0.648457),
    (7252, 0.331704, 0.179314, 0.492353),
    (9207, 0.124389, 0.036099, 0.270362),
    (9323, 0.082926, 0.016127, 0.222685),
]


@pytest.mark.parametrize(
    ("waits", "ended", "points", "median", "interval", "upper"),
    [(*REMISSION, REMISSION_CURVE, 23, (13, None), None), (*OFFICE, OFFICE_CURVE, 5789, (3247, 7252), 9323)],
)
def test_another_library_says_the_same(
    waits: list[int],
    ended: list[int],
    points: list[tuple[float, ...]],
    median: int,
    interval: tuple[int | None, int | None],
    upper: int | None,
) -> None:
    """Values recorded from lifelines 0.30.3 (KaplanMeierFitter, alpha 0.05, median_survival_times, percentile(0.1))."""
    found = kaplan_meier(waits, np.array(ended, dtype=bool))
    place = {int(seconds): at for at, seconds in enumerate(found.seconds)}
    for seconds, left, low, high in points:
        at = place[int(seconds)]
        assert (found.waiting[at], found.low[at], found.high[at]) == pytest.approx((left, low, high), abs=1e-6)
    assert found.quantile(0.5) == median
    assert found.median_interval() == interval
    assert found.quantile(0.9) == upper


@settings(max_examples=50)
@given(SAMPLES)
def test_quantiles_equal_exact_fractions(sample: Sample) -> None:
    assert curve(sample).quantile(0.5) == exact_quantile(sample, Fraction(1, 2))
    assert curve(sample).quantile(0.9) == exact_quantile(sample, Fraction(9, 10))
    assert curve(sample).quantile(0.25) == exact_quantile(sample, Fraction(1, 4))


@settings(max_examples=50)
@given(SAMPLES, st.integers(0, 60))
def test_one_more_unanswered_citizen_never_improves_a_quantile(sample: Sample, wait: int) -> None:
    for part in PARTS:
        before, after = curve(sample).quantile(part), curve([*sample, (wait, False)]).quantile(part)
        assert (math.inf if after is None else after) >= (math.inf if before is None else before)


@settings(max_examples=50)
@given(SAMPLES, st.randoms(use_true_random=False))
def test_the_order_of_the_waits_is_of_no_importance(sample: Sample, dice: random.Random) -> None:
    mixed = dice.sample(sample, len(sample))
    assert curve(sample).waiting.tolist() == curve(mixed).waiting.tolist()


@settings(max_examples=50)
@given(SAMPLES)
def test_the_band_holds_the_curve_between_its_sides(sample: Sample) -> None:
    found = curve(sample)
    assert np.all((found.low <= found.waiting) & (found.waiting <= found.high))
    assert np.all((found.low >= 0) & (found.high <= 1))


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 40), st.booleans()), max_size=80))
def test_groups_together_equal_each_group_by_itself(rows: list[tuple[int, int, bool]]) -> None:
    groups, waits = np.array([row[0] for row in rows], dtype=np.int64), np.array([row[1] for row in rows], dtype=np.int64)
    ended = np.array([row[2] for row in rows], dtype=bool)
    together = by_group(groups, waits, ended, 7)
    queue = np.lexsort((~ended, waits))
    all_groups = [
        Groups.of_rows(groups, waits, ended, 7),
        Groups.of_queue(groups[queue], waits[queue], ended[queue], 7),
    ]
    for number in range(7):
        alone = kaplan_meier(waits[groups == number], ended[groups == number])
        for place, part in enumerate(PARTS):
            assert none(together[place, number]) == alone.quantile(part)
        for some in all_groups:
            assert tuple(none(side[number]) for side in some.median_interval()) == alone.median_interval()
            assert none(some.quantile(0.5)[number]) == alone.quantile(0.5)
            assert (some.sizes[number], some.answered()[number]) == ((groups == number).sum(), ended[groups == number].sum())


@settings(max_examples=50)
@given(SAMPLES)
def test_the_interval_is_where_the_band_crosses_one_half(sample: Sample) -> None:
    found = curve(sample)
    crossings = []
    for side in (found.low, found.high):
        below = found.seconds[side <= 0.5 * (1 + 1e-9)]
        crossings.append(int(below[0]) if len(below) else None)
    assert found.median_interval() == tuple(crossings)


def test_a_thousand_accounts_are_exact() -> None:
    dice = np.random.default_rng(3)
    groups, waits = dice.integers(0, 1000, 20_000), dice.lognormal(9, 1.8, 20_000).astype(np.int64)
    ended = dice.random(20_000) < 0.7
    together = by_group(groups, waits, ended, 1000)
    for number in range(0, 1000, 50):
        sample = list(zip(waits[groups == number].tolist(), ended[groups == number].tolist(), strict=True))
        assert none(together[0, number]) == exact_quantile(sample, Fraction(1, 2))
        assert none(together[1, number]) == exact_quantile(sample, Fraction(9, 10))


def none(value: float) -> int | None:
    return None if math.isnan(value) else int(value)
