"""A sum is surprised by the posts of its accounts no more than they are, and by everything else as before."""

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from matrix.surge import Detector
from tests.matrix.surge_series import DAY, MONDAY, calm, following

SMALL, LARGE, BOTH, TOPIC = 1, 2, 30, 31
KEYS = [SMALL, LARGE, BOTH, TOPIC]
PAIRS = np.array([BOTH, BOTH, TOPIC, TOPIC]), np.array([SMALL, LARGE, SMALL, LARGE])
DRAWN = [26.0, 24, 22, 20]


def with_sums(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Counts of two accounts with those of their sum and of a topic that every fourth comment is about."""
    both = rows.sum(1)
    return np.column_stack([rows, both, np.floor(both / 4)])


@cache
def school() -> dict[str, NDArray[np.generic]]:
    detector = Detector(KEYS)
    detector.carry(*PAIRS)
    for place, counts in enumerate(with_sums(calm([0.3, 4.0], 2 * DAY))):
        detector.step(MONDAY + place, counts)
    return detector.state()


def pupil() -> Detector:
    detector = Detector.from_state(school())
    detector.carry(*PAIRS)
    return detector


def bump(detector: Detector, key: int) -> float:
    """What posts are expected to bring in the last bucket."""
    row, column = following(detector) - 1, int(np.flatnonzero(detector.keys == key)[0])
    windows = detector.windows
    return float((windows.expected - windows.usual)[row % windows.length, column])


def test_a_sum_expects_what_its_accounts_expect_from_their_posts_and_a_topic_its_share_of_it() -> None:
    detector = pupil()
    detector.step(following(detector), [1, 4, 5, 1], [1, 0, 0, 0])
    assert bump(detector, SMALL) > 0.5 and bump(detector, LARGE) == 0
    assert bump(detector, BOTH) == pytest.approx(bump(detector, SMALL), rel=0.1)
    assert bump(detector, TOPIC) == pytest.approx(bump(detector, SMALL) / 4, rel=0.3)


@pytest.mark.parametrize(("post", "is_told"), [(1.0, False), (0.0, True)])
def test_many_comments_under_the_post_of_a_small_account_do_not_surprise_its_sum(post: float, is_told: bool) -> None:
    detector, highest = pupil(), 0.0
    for place, drawn in enumerate(DRAWN):
        scores = detector.step(following(detector), [drawn, 4, 4 + drawn, 1], [post * (place == 0), 0, 0, 0])
        highest = max(highest, float(scores.score[2]))
    assert (highest > 5) is is_told


def test_what_comes_late_carries_the_same_bump_to_the_sum() -> None:
    at_once, later = pupil(), pupil()
    for place, drawn in enumerate(DRAWN):
        posts = [float(place == 0), 0, 0, 0]
        at_once.step(following(at_once), [drawn, 4, 4 + drawn, 1], posts)
        later.step(following(later), [np.nan, 4, np.nan, np.nan])
    counts = [[drawn, 4, 4 + drawn, 1] for drawn in DRAWN]
    assert later.amend(counts, [[float(place == 0), 0, 0, 0] for place in range(len(DRAWN))]) is not None
    assert bump(later, SMALL) == pytest.approx(bump(at_once, SMALL), rel=0.01)
    assert bump(later, BOTH) == pytest.approx(bump(at_once, BOTH), rel=0.01) and bump(later, BOTH) > 2


def test_a_sum_whose_accounts_are_dropped_and_taken_up_again_goes_on() -> None:
    detector = pupil()
    detector.drop([SMALL])
    detector.step(following(detector), [4, 5, 1], [0, 0, 0])
    assert bump(detector, BOTH) == 0
    detector.add([SMALL])
    detector.step(following(detector), [4, 5, 1, 1], [0, 0, 0, 1])
    assert bump(detector, SMALL) > 0 and bump(detector, BOTH) == pytest.approx(bump(detector, SMALL), rel=0.1)
    detector.drop([SMALL, LARGE, BOTH, TOPIC])
    detector.step(following(detector), [])
