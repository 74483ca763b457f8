"""Weak in each account, present in twenty: the group says what no member does."""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matrix.surge import Detector
from matrix.surge_group import Groups, GroupScores
from tests.matrix.surge_series import MONDAY, calm, following, taught

RATES = [1.0] * 40
FIRST, SECOND, EVERYTHING = 7, 8, 9
MEMBERS = {FIRST: range(20), SECOND: range(20, 40), EVERYTHING: range(40)}
ALARM = 3.5


@cache
def school() -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[Any]]]:
    """Calm days, learnt once; each test continues from a copy."""
    detector, groups = Detector(range(40)), Groups(MEMBERS)
    for place, row in enumerate(calm(RATES, 288 * 7 // 2)):
        groups.step(detector.step(MONDAY + place, row))
    return detector.state(), groups.state()


def prepared() -> tuple[Detector, Groups]:
    series, groups = school()
    return Detector.from_state(series), Groups.from_state(groups, MEMBERS)


def lifted(detector: Detector, groups: Groups, extra: float, members: range, buckets: int = 12) -> tuple[int, GroupScores]:
    """Some more comments in each of some accounts; how many of them alarm, and what the groups say in the end."""
    alarmed = np.zeros(40, bool)
    for row in calm(RATES, buckets, seed=6):
        row[members.start : members.stop] += np.random.default_rng(3).poisson(extra, len(members))
        scores = detector.step(following(detector), row)
        together = groups.step(scores)
        alarmed |= scores.score >= 5
    return int(alarmed.sum()), together


def test_what_is_weak_in_each_account_is_strong_in_the_group() -> None:
    detector, groups = prepared()
    single, together = lifted(detector, groups, 0.7, range(20))
    assert single <= 2
    assert together.keys.tolist() == [FIRST, SECOND, EVERYTHING]
    assert together.score[0] > ALARM
    assert together.score[1] < ALARM
    assert together.elevated[0] >= 10


def test_one_loud_account_does_not_make_a_group() -> None:
    detector, groups = prepared()
    single, together = lifted(detector, groups, 60, range(1))
    assert single == 1
    assert together.score.max() < ALARM


def test_groups_that_were_put_away_go_on_to_the_bit_and_new_ones_begin() -> None:
    detector, groups = prepared()
    changed = {**MEMBERS, SECOND: range(20, 30), 3: range(5)}
    copy = Groups.from_state(groups.state(), changed)
    scores = detector.step(following(detector), np.full(40, 2.0))
    one, other = groups.step(scores), copy.step(scores)
    assert other.keys.tolist() == [3, FIRST, SECOND, EVERYTHING]
    assert other.score[[1, 3]].tolist() == one.score[[0, 2]].tolist()
    assert copy.buckets.tolist() == [1, *(groups.buckets.tolist())]


def test_members_are_found_by_their_keys_whatever_the_order_of_the_series() -> None:
    detector = taught([1.0, 1.0, 30.0], days=0.1, keys=[30, 10, 20])
    groups = Groups({1: [10, 20, 99], 2: []})
    group, column = groups._bind(detector.keys)
    assert group.tolist() == [0, 0]
    assert column.tolist() == [1, 2]
    assert groups.step(detector.step(following(detector), [1, 1, 30])).score.tolist() == [0, 0]


def test_a_matter_that_comes_again_and_again_is_hardly_learnt_by_the_group() -> None:
    detector, groups = prepared()
    usual = groups.variance.copy()
    for number in range(6):
        for row in calm(RATES, 120, seed=11 + number):
            groups.step(detector.step(following(detector), row))
        lifted(detector, groups, 0.7, range(20), buckets=24)
    assert (groups.variance[:, 0] < 1.4 * usual[:, 0]).all()
