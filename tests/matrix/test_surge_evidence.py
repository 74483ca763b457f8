"""The facts of an explanation, from which one sentence can be written."""

import numpy as np

from matrix.surge_evidence import Evidence, evidence
from tests.matrix.surge_series import DAY, calm, following, taught
from tests.matrix.test_surge import RATES, pupil


def test_a_surge_is_explained_by_its_window_its_usual_count_and_its_post() -> None:
    detector = pupil()
    for row in calm(RATES, 12, seed=2):
        detector.step(following(detector), row)
    detector.step(following(detector), [0, 1, 3, 40], posts=[0, 0, 1, 0])
    for count in (10, 9, 8):
        detector.step(following(detector), [0, 1, count, 40])
    scores = detector.step(following(detector), [0, 1, 90, 40])
    found = evidence(detector, scores, 2)
    assert isinstance(found, Evidence)
    assert (found.key, found.minutes, found.seen, found.bucket) == (2, 5, 90, detector.bucket)
    assert 2 < found.usual < 5 < found.expected < 20
    assert found.expected < found.usual_most < 60
    assert found.ratio is not None
    assert found.ratio == 90 / found.expected
    assert found.excess == 90 - found.expected
    assert found.minutes_since_post == 20
    assert found.highest_days == 4
    assert found.citizens == 90
    assert evidence(detector, scores, 1) is None


def test_a_series_that_was_as_high_two_days_ago_is_highest_in_one_day() -> None:
    detector = pupil()
    detector.step(following(detector), [0, 1, 100, 40])
    for row in calm(RATES, 2 * DAY, seed=3):
        detector.step(following(detector), row)
    again = detector.step(following(detector), [0, 1, 80, 40])
    found = evidence(detector, again, 2)
    assert found is not None
    assert found.highest_days == 1
    assert found.minutes_since_post is None


def test_a_multiple_of_next_to_nothing_is_not_told() -> None:
    detector = taught([0.01], days=2)
    found = evidence(detector, detector.step(following(detector), [40.0]), 0)
    assert found is not None
    assert found.ratio is None


def test_late_comments_are_explained_in_their_own_window() -> None:
    detector = pupil()
    rows = calm(RATES, 12, seed=2)
    for row in rows:
        detector.step(following(detector), row)
    rows[3, 2] += 60
    scores = detector.amend(rows)
    assert scores is not None
    found = evidence(detector, scores, 0)
    assert found is not None
    assert found.key == 2
    assert found.seen == int(np.sum(rows[: found.bucket - following(detector) + 13, 2][-(found.minutes // 5) :]))
