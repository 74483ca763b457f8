"""The tail of the negative binomial against sums in exact arithmetic, its order, and the usual bound."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrix.surge_tail import log_gamma, none_at_all, tail, usual_bound


def exact_tail(count: int, mean: Fraction, dispersion: Fraction) -> Fraction:
    """P(Y >= count) for a whole number 1 / dispersion, by its definition: 1 - the terms below count."""
    size = 1 / dispersion
    assert size.denominator == 1
    q = mean / (mean + size)
    terms = [math.comb(number + int(size) - 1, number) * (1 - q) ** int(size) * q**number for number in range(count)]
    return 1 - sum(terms, Fraction(0))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(1, 400), st.integers(1, 12))
def test_the_tail_is_the_sum_that_defines_it(count: int, tenths: int, size: int) -> None:
    exact = exact_tail(count, Fraction(tenths, 10), Fraction(1, size))
    assert tail(count, tenths / 10, 1 / size) == pytest.approx(-math.log10(exact), rel=1e-9, abs=1e-9)


def test_the_tail_far_out_where_the_probability_is_no_double_any_more() -> None:
    exact = exact_tail(3000, Fraction(2), Fraction(1, 50))
    assert exact < Fraction(1, 10**320)
    digits = math.log10(exact.denominator) - math.log10(exact.numerator)
    assert tail(3000, 2.0, 0.02) == pytest.approx(digits, rel=1e-9)


def test_large_means_agree_with_the_sum_over_logarithms() -> None:
    for count, mean, dispersion in ((120_000, 100_000.0, 0.01), (5_200, 5_000.0, 0.0013), (40, 38.0, 1e-6), (90, 20.0, 6.0)):
        size = 1 / dispersion
        numbers = np.arange(count, count + 1_500_000, dtype=float)
        terms = (
            log_gamma(numbers + size) - log_gamma(numbers + 1) - math.lgamma(size) + size * math.log(size / (size + mean))
        ) + numbers * math.log(mean / (size + mean))
        expected = -math.log10(np.exp(terms).sum())
        assert tail(count, mean, dispersion) == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_the_logarithm_of_gamma_is_that_of_the_standard_library() -> None:
    points = np.geomspace(1e-3, 1e7, 200)
    assert log_gamma(points) == pytest.approx([math.lgamma(point) for point in points], rel=1e-13, abs=1e-13)


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 500), st.floats(0, 50), st.floats(0, 300), st.floats(1e-3, 4))
def test_more_comments_are_never_less_surprising(count: float, more: float, mean: float, dispersion: float) -> None:
    fewer, many = tail([count, count + more], mean, dispersion)
    assert many >= fewer - 1e-9


@settings(max_examples=40, deadline=None)
@given(st.floats(0.01, 300), st.floats(1e-3, 4))
def test_the_usual_bound_is_the_first_count_that_is_passed_once_in_forty(mean: float, dispersion: float) -> None:
    bound = int(usual_bound(mean, dispersion))
    rare = -math.log10(0.025)
    assert tail(bound + 1, mean, dispersion) >= rare
    if bound > 0:
        assert tail(bound, mean, dispersion) < rare


def test_no_comment_at_all_by_hand() -> None:
    """(1 + 0.5 x 6)^(-2) = 1/16."""
    assert none_at_all(6.0, 0.5) == pytest.approx(math.log10(16))
