"""Whole per cent as people read them: rounded once, and never all or nothing when it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matrix.percent import percent_words, whole_percent


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [(174, 214, 81), (1, 8, 13), (3, 8, 38), (999, 1000, 99), (1, 1000, 1), (0, 7, 0), (7, 7, 100), (1, 2, 50)],
)
def test_worked_examples(part: int, whole: int, told: int) -> None:
    assert whole_percent(part, whole) == told
    assert percent_words(part, whole) == f"{told}%({part}/{whole})"


@given(st.integers(1, 10**9).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_it_is_off_by_a_half_at_most_but_for_the_ends(pair: tuple[int, int]) -> None:
    part, whole = pair
    told = whole_percent(part, whole)
    assert abs(told * whole - 100 * part) <= max(whole // 2 + 1, whole)
    assert (told == 0) == (part == 0)
    assert (told == 100) == (part == whole)


@pytest.mark.parametrize(("part", "whole"), [(1, 0), (3, 2), (-1, 2)])
def test_a_part_outside_its_whole_is_an_error(part: int, whole: int) -> None:
    with pytest.raises(ValueError, match="no part"):
        whole_percent(part, whole)
