"""What the surge detector says, and that neither order, nor week, nor a restart, nor a neighbour changes it."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from matrix.surge import Detector
from matrix.surge_rules import Baseline, DayKind, Parameters, minute_of_week
from matrix.surge_score import Scores
from tests.matrix.surge_series import DAY, MONDAY, calm, following, taught

RATES = [0.05, 0.5, 3.0, 40.0]
ALARM = 5


@cache
def school() -> dict[str, NDArray[np.generic]]:
    """Four calm days, learnt once; each test continues from a copy."""
    return taught(RATES).state()


def pupil() -> Detector:
    return Detector.from_state(school())


def same(one: Scores, other: Scores) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True) for name in ("score", "raw", "novelty"))


def test_a_bucket_of_forty_eight_where_three_are_usual_is_a_surge_and_its_neighbours_are_not() -> None:
    detector = pupil()
    scores = detector.step(following(detector), [0, 0, 48, 40])
    assert scores.score[2] > ALARM
    assert scores.score[[0, 1, 3]].max() < ALARM
    assert scores.novelty[2] > 1


def test_calm_days_raise_nothing() -> None:
    detector = pupil()
    highest = [detector.step(following(detector), row).score.max() for row in calm(RATES, DAY, seed=8)]
    assert max(highest) < ALARM


def test_a_few_comments_are_not_material_however_rare() -> None:
    detector = pupil()
    assert detector.step(following(detector), [3, 1, 3, 40]).score[0] == 0


def test_a_young_series_is_learning_and_judged_by_nobody() -> None:
    detector = Detector([7])
    for place, counts in enumerate(calm([2.0], DAY // 2)):
        scores = detector.step(MONDAY + place, counts)
    assert scores.baseline[0] == Baseline.LEARNING
    assert Baseline(int(scores.baseline[0])).label == "基线积累中"
    assert detector.step(following(detector), [400.0]).score[0] == 0


def test_an_own_post_lets_the_detector_expect_its_bump() -> None:
    posted, silent = pupil(), pupil()
    bump = [0, 0, 10.0, 40]
    with_post = posted.step(following(posted), bump, posts=[0, 0, 1, 0])
    without = silent.step(following(silent), bump)
    assert with_post.expected[0, 2] > 2 * without.expected[0, 2]
    assert with_post.score[2] < without.score[2]


def test_a_second_wave_under_a_post_is_heard() -> None:
    """Nothing is deaf after a post: the bump that came is expected to fade, and does not."""
    detector = pupil()
    detector.step(following(detector), [0, 0, 9, 40], posts=[0, 0, 1, 0])
    for counts in (8, 7, 6, 5, 5, 4):
        detector.step(following(detector), [0, 0, counts, 40])
    assert detector.step(following(detector), [0, 0, 70, 40]).score[2] > ALARM


def test_what_alarms_is_hardly_learnt() -> None:
    detector = pupil()
    before = detector.level.level[2]
    for _ in range(60):
        detector.step(following(detector), [0, 0, 60, 40])
    for row in calm(RATES, 48, seed=3):
        detector.step(following(detector), row)
    assert detector.level.level[2] < 1.3 * before


def test_a_holiday_on_a_weekday_is_like_a_sunday_and_a_worked_sunday_like_a_monday() -> None:
    noon = MONDAY + 2 * DAY + 144
    assert minute_of_week(noon, 5) == 2 * 1440 + 720
    assert minute_of_week(noon, 5, DayKind.REST) == 6 * 1440 + 720
    assert minute_of_week(noon + 4 * DAY, 5, DayKind.WORK) == 720
    assert minute_of_week(noon + 3 * DAY, 5, DayKind.WORK) == 4 * 1440 + 720


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(4)), st.integers(0, 3), st.floats(0, 300))
def test_the_order_of_the_series_changes_nothing(order: list[int], loud: int, count: float) -> None:
    plain, mixed = pupil(), pupil()
    for part in mixed._parts().values():
        part.keep(np.array(order))
    mixed.keys = mixed.keys[order]
    counts = np.array([0.0, 1, 3, 40])
    counts[loud] = count
    for _ in range(3):
        one, other = plain.step(following(plain), counts), mixed.step(following(mixed), counts[order])
        assert np.array_equal(one.score[order], other.score)
        assert np.array_equal(other.keys, order)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.lists(st.floats(0, 80) | st.just(float("nan")), min_size=4, max_size=4), min_size=1, max_size=8))
def test_a_detector_that_was_put_away_and_taken_out_goes_on_to_the_bit(rows: list[list[float]]) -> None:
    one = pupil()
    for counts in rows:
        one.step(following(one), counts, posts=[0, 1, 0, 0])
    other = Detector.from_state(one.state())
    for row in calm(RATES, 40, seed=9):
        assert same(one.step(following(one), row), other.step(following(other), row))
    late = np.full((3, 4), 30.0)
    first, second = one.amend(late), other.amend(late)
    assert first is not None
    assert second is not None
    assert same(first, second)
    assert all(np.array_equal(array, other.state()[name], equal_nan=True) for name, array in one.state().items())


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 3), st.floats(0, 200), st.floats(0, 200))
def test_more_comments_never_lower_the_score_of_their_window(series: int, count: float, more: float) -> None:
    fewer, many = pupil(), pupil()
    counts = np.array([0.0, 1, 3, 40])
    counts[series] = count
    low = fewer.step(following(fewer), counts)
    counts[series] += more
    high = many.step(following(many), counts)
    assert high.score[series] >= low.score[series] - 1e-9
    assert (high.raw[:, series] >= low.raw[:, series] - 1e-9).all()


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 40), st.integers(0, 3))
def test_what_was_not_collected_raises_nothing_and_is_no_zero(length: int, series: int) -> None:
    detector = pupil()
    level = detector.level.level.copy()
    for row in calm(RATES, length, seed=4):
        row[series] = np.nan
        scores = detector.step(following(detector), row)
        assert scores.score[series] == 0
        assert scores.baseline[series] == Baseline.GAP
        assert not scores.is_fallen[series]
    row = calm(RATES, 1, seed=5)[0]
    assert detector.step(following(detector), row).score[series] < ALARM
    assert detector.level.level[series] == pytest.approx(level[series], rel=0.2)


@pytest.mark.parametrize("weeks", [1, 333])
def test_the_same_week_later_gives_the_same_scores(weeks: int) -> None:
    one, other = Detector([1, 2]), Detector([1, 2])
    for place, row in enumerate(calm([1.0, 9.0], 340)):
        row[1] += 200 * (place > 335)
        now, then = one.step(MONDAY + place, row), other.step(MONDAY + place + weeks * 7 * DAY, row)
    assert same(now, then)
    assert now.score[1] > ALARM


def test_series_come_and_go_without_disturbing_the_others() -> None:
    plain, changing = pupil(), pupil()
    changing.add([100, 50])
    for row in calm(RATES, 20, seed=6):
        one = plain.step(following(plain), row)
        other = changing.step(following(changing), [*row, 5, 5])
        assert np.allclose(one.score, other.score[:4], rtol=1e-12)
    changing.drop([100, 1])
    assert changing.keys.tolist() == [0, 2, 3, 50]
    assert len(changing.step(following(changing), [0, 3, 40, 5]).score) == 4
    with pytest.raises(ValueError, match="重复"):
        changing.add([50])


def test_a_series_that_learnt_from_its_history_joins_with_what_it_learnt() -> None:
    detector, other = pupil(), Detector.from_state(school())
    other.keys = other.keys + 10
    detector.join(other)
    row = np.array([0, 1, 48, 40])
    scores = detector.step(following(detector), [*row, *row])
    assert np.allclose(scores.score[:4], scores.score[4:], rtol=1e-12)
    assert scores.score[6] > ALARM
    with pytest.raises(ValueError, match="同一时间桶"):
        detector.join(Detector([99]))


def test_a_bucket_is_stepped_over_once_and_those_left_out_are_gaps() -> None:
    detector = pupil()
    last = following(detector)
    detector.step(last + 5, [0, 1, 3, 40])
    with pytest.raises(ValueError, match="已经处理过"):
        detector.step(last + 5, [0, 1, 3, 40])
    rows = detector.windows.order(last + 5)[-6:]
    assert detector.windows.is_seen[rows].all(1).tolist() == [False] * 5 + [True]


def test_a_state_of_another_length_of_bucket_is_refused() -> None:
    with pytest.raises(ValueError, match="重新积累"):
        Detector.from_state(school(), Parameters(minutes=15))


def test_buckets_of_a_day_are_judged_too() -> None:
    detector = Detector([1], Parameters(minutes=1440))
    for place, counts in enumerate(calm([50.0], 60)):
        assert detector.step(19_000 + place, counts).score[0] < ALARM
    assert detector.step(19_060, [900.0]).score[0] > ALARM
    with pytest.raises(ValueError, match="时间桶"):
        Parameters(minutes=7)
