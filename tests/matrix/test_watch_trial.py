"""A trial raises what the detector and the book would have raised, and only in the part that is judged."""

import numpy as np
import pytest

from matrix.alert import Thresholds
from matrix.watch_trial import SECONDS, Opening, counted, trial

DAY = 288
FIRST, JUDGED, LAST = 5_900_000, 5_900_000 + 2 * DAY, 5_900_000 + 3 * DAY


def burst(bucket: int, many: int) -> np.ndarray:
    return np.full(many, bucket * SECONDS + 10)


@pytest.fixture(scope="module")
def quiet() -> np.ndarray:
    """One comment about every two hours."""
    return np.random.default_rng(5).integers(FIRST * SECONDS, LAST * SECONDS, 3 * 12)


def raised(times: np.ndarray, known_from: int = FIRST) -> list[Opening]:
    times = np.sort(times)
    return trial(times, np.arange(len(times)), (FIRST, JUDGED, LAST), Thresholds(), known_from=known_from)


def test_a_burst_in_the_judged_part_is_one_opening_with_its_numbers(quiet: np.ndarray) -> None:
    at = JUDGED + 200
    told: list[float] = []
    times = np.sort(np.concatenate([quiet, burst(at, 25), burst(at + 1, 30), burst(FIRST + DAY + 30, 40)]))
    found = trial(times, np.arange(len(times)), (FIRST, JUDGED, LAST), Thresholds(), tell=told.append)
    assert [(one.at, one.seen >= 25, one.expected < 2) for one in found] == [((at + 1) * SECONDS, True, True)]
    assert found[0].level in ("黄色", "橙色", "红色")
    assert told == sorted(told) and told[0] == 0


def test_nothing_happens_in_a_quiet_time_and_one_citizen_makes_no_surge(quiet: np.ndarray) -> None:
    assert raised(quiet) == []
    times = np.concatenate([np.sort(quiet), burst(JUDGED + 150, 40)])
    authors = np.concatenate([np.arange(len(quiet)), np.full(40, 10_000)])
    assert trial(times, authors, (FIRST, JUDGED, LAST), Thresholds()) == []


def test_what_begins_before_it_is_known_long_enough_is_not_judged(quiet: np.ndarray) -> None:
    at = JUDGED + 100
    assert raised(np.concatenate([quiet, burst(at, 25)]), known_from=JUDGED) == []


def test_comments_are_counted_by_bucket_and_citizens_once_in_three_hours() -> None:
    times = np.array([0, 10, 299, 300, 36 * 300 + 5, 80 * 300]) + FIRST * SECONDS
    counts, fresh = counted(times, np.array([1, 1, 2, 1, 2, 1]), FIRST, FIRST + 50)
    assert (counts[0], counts[1], counts[36], counts.sum()) == (3, 1, 1, 5)
    assert (fresh[0], fresh[1], fresh[36]) == (2, 0, 1)
