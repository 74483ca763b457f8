"""Counts, fresh citizens and what is known: the fast way gives what counting one by one gives."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matrix.surge_counts import FRESH, Entries, Pairs, count, known_sums, until_known

ROWS = st.lists(st.tuples(st.integers(0, FRESH + 11), st.integers(0, 3), st.integers(0, 4)), max_size=60)


@settings(max_examples=60)
@given(ROWS)
def test_counts_and_fresh_citizens_are_those_of_counting_one_by_one(rows: list[tuple[int, int, int]]) -> None:
    bucket, column, author = (np.array([row[place] for row in rows], np.int64) for place in range(3))
    counts, citizens = count(Entries(np.arange(len(rows)), column, bucket + 1000, author), 1000 + FRESH, 12, 4)
    for here in range(FRESH, FRESH + 12):
        for series in range(4):
            mine = [row for row in rows if row[:2] == (here, series)]
            before = {row[2] for row in rows if row[1] == series and here - FRESH < row[0] < here}
            assert counts[here - FRESH, series] == len(mine)
            assert citizens[here - FRESH, series] == len({row[2] for row in mine} - before)


def test_a_sum_is_known_when_accounts_that_carry_four_fifths_of_it_are() -> None:
    members = Pairs.of(np.array([0, 1, 2, 2]), np.array([0, 0, 0, 1]))
    known = np.array([[True, True, False], [True, False, True], [False, False, False]])
    found = known_sums(known, members, np.array([70.0, 10.0, 20.0]), 3)
    assert found.tolist() == [[True, False, False], [True, True, False], [False, False, False]]


def test_a_bucket_is_known_from_a_look_on_that_began_after_its_end() -> None:
    assert until_known(np.array([3300, 3299, 0]), 10, 2).tolist() == [[True, False, False], [False, False, False]]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9))), st.lists(st.integers(0, 5)))
def test_pairs_lead_from_each_key_to_all_its_columns(pairs: list[tuple[int, int]], keys: list[int]) -> None:
    table = np.array(pairs, np.int64).reshape(-1, 2)
    place, column = Pairs.of(table[:, 0], table[:, 1]).expand(np.array(keys, np.int64))
    expected = [(number, pair[1]) for number, key in enumerate(keys) for pair in pairs if pair[0] == key]
    assert sorted(zip(place.tolist(), column.tolist(), strict=True)) == sorted(expected)
