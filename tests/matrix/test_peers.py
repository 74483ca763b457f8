"""Ranks: only among peers, only with enough cases, never for persons, and never better for one more unanswered citizen."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matrix.peers import ranked
from matrix.waiting import wilson


def ranks_of(
    peers: list[str],
    met: list[int],
    of: list[int],
    persons: list[bool] | None = None,
    coverage: list[float] | None = None,
) -> tuple[list[int | None], list[int], list[str]]:
    size = len(peers)
    rate, _, _ = wilson(met, of)
    is_person = np.array(persons or [False] * size)
    covered = np.array(coverage or [np.nan] * size)
    rank, among, standing = ranked(peers, rate, np.array(of), is_person, covered)
    return [None if np.isnan(one) else int(one) for one in rank], among.tolist(), standing


def test_each_is_ranked_among_its_own_level_and_equals_share_a_rank() -> None:
    rank, among, standing = ranks_of(["市级", "县级", "县级", "县级", "市级"], [9, 10, 20, 15, 12], [10, 20, 40, 20, 20])
    assert rank == [1, 2, 2, 1, 2]
    assert among == [2, 3, 3, 3, 2]
    assert standing == [""] * 5


def test_who_is_not_ranked_is_told_why() -> None:
    rank, among, standing = ranks_of(
        ["县级", "县级", "县级", "县级", "县级", "省级"],
        [9, 10, 10, 10, 8, 10],
        [9, 10, 10, 10, 10, 10],
        persons=[False, True, False, False, False, False],
        coverage=[1.0, 1.0, 0.49, 0.5, np.nan, 1.0],
    )
    assert standing == ["样本不足", "不参与排名", "完整度不足", "", "", "同级仅此一家"]
    assert rank == [None, None, None, 1, 2, None]
    assert among == [0, 0, 0, 2, 2, 0]


def test_nobody_is_ranked_where_nobody_is() -> None:
    assert ranks_of([], [], []) == ([], [], [])


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=8), st.integers(0, 7))
def test_one_more_unanswered_citizen_never_improves_a_rank(cases: list[tuple[int, int]], who: int) -> None:
    who %= len(cases)
    met = [hits for hits, _ in cases]
    of = [hits + misses for hits, misses in cases]
    before, _, _ = ranks_of(["县级"] * len(cases), met, of)
    of[who] += 1
    after, _, _ = ranks_of(["县级"] * len(cases), met, of)
    if (was := before[who]) is not None:
        assert (now := after[who]) is not None and now >= was
