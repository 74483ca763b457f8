"""Guards against ourselves: back-fill, recovered credentials, another interval, repeated texts, silence; and what comes late."""

import numpy as np
import pytest

from matrix.surge import Detector
from tests.matrix.surge_series import DAY, calm, following
from tests.matrix.test_surge import ALARM, RATES, pupil


def highest(detector: Detector, rows: np.ndarray) -> float:
    return max(float(detector.step(following(detector), row).score.max()) for row in rows)


def test_late_comments_are_judged_in_the_bucket_of_their_publishing() -> None:
    detector = pupil()
    rows = calm(RATES, 12, seed=2)
    assert highest(detector, rows) < ALARM
    rows[4, 2] += 60
    found = detector.amend(rows)
    assert found is not None
    assert found.keys.tolist() == [2]
    assert found.score[0] > ALARM
    assert detector.bucket is not None
    assert detector.bucket - 7 <= found.bucket[0] < detector.bucket
    assert detector.amend(rows) is None


def test_what_is_older_than_three_hours_is_never_judged_again() -> None:
    detector = pupil()
    rows = calm(RATES, 40, seed=2)
    highest(detector, rows)
    with pytest.raises(ValueError, match="最近 36 个"):
        detector.amend(rows)


def test_a_back_fill_of_ten_thousand_old_comments_raises_nothing() -> None:
    """They were published in months past: none of their buckets is in the last three hours, and those go on as they were."""
    plain, filled = pupil(), pupil()
    rows = calm(RATES, 36, seed=2)
    highest(plain, rows)
    highest(filled, rows)
    assert filled.amend(rows) is None
    row = calm(RATES, 1, seed=3)[0]
    assert np.array_equal(plain.step(following(plain), row).score, filled.step(following(filled), row).score)


def test_a_recovered_credential_fills_its_gap_without_an_alarm() -> None:
    detector = pupil()
    rows = calm(RATES, 36, seed=2)
    gap = rows.copy()
    gap[:, 2:] = np.nan
    assert highest(detector, gap) < ALARM
    found = detector.amend(rows)
    assert found is not None
    assert found.score.max() < ALARM
    assert highest(detector, calm(RATES, 40, seed=3)) < ALARM


@pytest.mark.parametrize("interval", [3, 6, 24])
def test_another_interval_of_collection_raises_nothing(interval: int) -> None:
    """The account is looked at every 15, 30 or 120 minutes from now on: its comments come in heaps, in their own buckets."""
    detector = pupil()
    rows = calm(RATES, DAY // 2, seed=4)
    worst = 0.0
    for place in range(len(rows)):
        row = rows[place].copy()
        row[1:] = np.nan
        worst = max(worst, float(detector.step(following(detector), row).score.max()))
        if place % interval == interval - 1:
            found = detector.amend(rows[place - interval + 1 : place + 1])
            worst = max(worst, 0.0 if found is None else float(found.score.max()))
    assert worst < ALARM


def test_a_surge_is_found_by_late_looks_as_it_is_by_prompt_ones() -> None:
    prompt, late = pupil(), pupil()
    rows = calm(RATES, 6, seed=4)
    rows[2:, 2] += 20
    at_once = highest(prompt, rows)
    highest(late, np.full_like(rows, np.nan))
    found = late.amend(rows)
    assert found is not None
    assert found.score.max() == pytest.approx(at_once, rel=0.1)


def test_a_post_that_is_learnt_of_late_is_expected_after_all() -> None:
    told, deaf = pupil(), pupil()
    rows = calm(RATES, 6, seed=4)
    rows[1:, 2] += [10, 9, 8, 7, 6]
    posts = np.zeros_like(rows)
    posts[1, 2] = 1
    for detector in (told, deaf):
        highest(detector, np.full_like(rows, np.nan))
    with_post, without = told.amend(rows, posts), deaf.amend(rows)
    assert with_post is not None
    assert without is not None
    assert with_post.score[2] < without.score[2]
    assert told.bump.age[2] == 4


def test_one_citizen_who_repeats_himself_raises_nothing_and_many_citizens_do() -> None:
    for citizens, is_alarm in ((1, False), (2, False), (30, True)):
        detector = pupil()
        scores = detector.step(following(detector), [0, 1, 60, 40], citizens=[0, 1, citizens, 36])
        assert (scores.score[2] > ALARM) == is_alarm, citizens


def test_a_citizen_who_floods_a_busy_account_is_not_a_storm() -> None:
    detector = pupil()
    for counts in calm(RATES, DAY, seed=5):
        detector.step(following(detector), counts, citizens=np.floor(counts * 0.8))
    scores = detector.step(following(detector), [0, 1, 3, 400], citizens=[0, 1, 3, 33])
    assert scores.score[3] < ALARM
    assert scores.seen[0, 3] == 400


def test_a_busy_series_at_zero_has_fallen_and_a_quiet_one_has_not() -> None:
    detector = pupil()
    row = np.zeros(4)
    for _ in range(6):
        scores = detector.step(following(detector), row)
        assert scores.score.max() == 0
    assert scores.is_fallen[3]
    assert not scores.is_fallen[:2].any()
    row[3] = np.nan
    assert not detector.step(following(detector), row).is_fallen[3]
