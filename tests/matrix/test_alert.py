"""One surge is one alert: raised, risen, falling, closed; who joins it, how grave it is, and how many there are a day."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrix.alert import Alert, AlertLevel, Book, Move, Signal, Thresholds, level_of, openings, thresholds_for

NOON = 1_900_000_000
BUCKET = 300


def signal(series: int = 1, minutes: int = 0, score: float = 6, **more: Any) -> Signal:
    return replace(Signal(series, NOON + 60 * minutes, score, excess=12.0, novelty=1.5), **more)


def moves(book: Book, *signals: Signal) -> list[Move]:
    return [event.move for one in signals for event in book.hear(one)]


def test_a_surge_is_raised_once_falls_after_an_hour_of_quiet_and_closes_after_six() -> None:
    book = Book()
    assert moves(book, *(signal(minutes=5 * step) for step in range(12))) == [Move.RAISED]
    assert book.pass_time(NOON + 60 * 100) == []
    assert [event.move for event in book.pass_time(NOON + 60 * 116)] == [Move.FALLING]
    assert book.pass_time(NOON + 60 * 120) == []
    assert [event.move for event in book.pass_time(NOON + 60 * 415)] == [Move.CLOSED]
    assert book.alerts == []


def test_a_second_wave_within_six_hours_is_the_same_alert() -> None:
    book = Book()
    book.hear(signal())
    book.pass_time(NOON + 60 * 200)
    assert book.alerts[0].is_falling
    assert moves(book, signal(minutes=300, score=7)) == []
    assert not book.alerts[0].is_falling
    assert book.alerts[0].raised_at == NOON


def test_what_stays_between_the_two_thresholds_is_held_but_never_raised() -> None:
    book = Book()
    assert moves(book, signal(score=4.9)) == []
    book.hear(signal(score=5))
    for step in range(200):
        book.hear(signal(minutes=5 * step, score=2.5))
        book.pass_time(NOON + 300 * step)
    assert len(book.alerts) == 1


def test_a_surge_that_grows_rises_once_for_each_level() -> None:
    book = Book()
    said = moves(
        book,
        signal(score=6),
        signal(score=12, excess=25.0, minutes=5),
        signal(score=13, excess=30.0, minutes=10),
        signal(score=25, excess=80.0, minutes=15),
        signal(score=6, excess=10.0, minutes=20),
    )
    assert said == [Move.RAISED, Move.RISEN, Move.RISEN]
    assert book.alerts[0].level is AlertLevel.RED
    assert AlertLevel.RED.label == "红色"


@pytest.mark.parametrize(
    ("more", "level"),
    [
        ({}, AlertLevel.YELLOW),
        ({"score": 30.0}, AlertLevel.YELLOW),
        ({"score": 30.0, "excess": 60.0}, AlertLevel.RED),
        ({"score": 30.0, "excess": 60.0, "novelty": 0.8}, AlertLevel.ORANGE),
        ({"weight": 2.0}, AlertLevel.ORANGE),
        ({"negative": 9, "read": 9}, AlertLevel.YELLOW),
        ({"negative": 6, "read": 12}, AlertLevel.ORANGE),
        ({"negative": 60, "read": 90, "score": 30.0, "excess": 60.0}, AlertLevel.RED),
    ],
)
def test_the_level_comes_from_strength_excess_record_weight_and_feeling(more: dict[str, Any], level: AlertLevel) -> None:
    assert level_of(signal(**more), Thresholds()) is level


def test_accounts_that_share_a_topic_or_an_alarmed_group_join_one_alert() -> None:
    book = Book()
    said = moves(
        book,
        signal(1, topics=frozenset({"停水"})),
        signal(2, minutes=5, topics=frozenset({"停水", "西城"}), excess=40.0),
        signal(3, minutes=10, topics=frozenset({"西城"}), groups=frozenset({7})),
        signal(4, minutes=15, groups=frozenset({7})),
        signal(5, minutes=20, topics=frozenset({"学位"})),
    )
    assert said == [Move.RAISED, Move.JOINED, Move.JOINED, Move.JOINED, Move.RAISED]
    assert book.alerts[0].by_excess() == [2, 1, 3, 4]


def test_an_activity_reported_in_advance_raises_nothing() -> None:
    book = Book()
    assert moves(book, signal(score=50, is_planned=True)) == []
    assert moves(book, signal(score=50, minutes=5)) == [Move.RAISED]


def test_a_book_that_was_put_away_goes_on() -> None:
    book = Book()
    book.hear(signal())
    again = Book(alerts=book.alerts)
    assert moves(again, signal(minutes=5)) == []
    assert isinstance(again.alerts[0], Alert)


SCORES = st.lists(st.tuples(st.integers(0, 14 * 288 - 1), st.integers(0, 9), st.floats(0.1, 60)), min_size=1, max_size=60)


@settings(max_examples=40, deadline=None)
@given(SCORES, st.floats(0.2, 4))
def test_the_slider_keeps_to_its_number_of_alerts_a_day(rows: list[tuple[int, int, float]], per_day: float) -> None:
    buckets, series, scores = (np.array(column) for column in zip(*rows, strict=True))
    found = thresholds_for(per_day, (buckets, series, scores), days=14)
    assert openings(buckets, series, scores, found.raised, 72) <= per_day * 14
    assert found.held / found.raised == pytest.approx(0.4)
    assert found.red_score / found.orange_score == pytest.approx(2)


@settings(max_examples=40, deadline=None)
@given(SCORES)
def test_openings_are_what_the_book_would_raise(rows: list[tuple[int, int, float]]) -> None:
    """One series at a time, nothing shared, held by nothing less than the threshold."""
    unique = sorted({(bucket, one): score for bucket, one, score in rows}.items())
    book, raised = Book(Thresholds(held=5)), 0
    for (bucket, one), score in unique:
        book.pass_time(bucket * BUCKET - 1)
        raised += moves(book, Signal(one, bucket * BUCKET, score)).count(Move.RAISED)
    columns = np.array([bucket for (bucket, _), _ in unique]), np.array([one for (_, one), _ in unique])
    assert openings(*columns, np.array([score for _, score in unique]), 5, 72) == raised


def test_a_past_without_scores_leaves_the_thresholds_as_they_were() -> None:
    nothing = np.zeros(0, np.int64)
    assert thresholds_for(3, (nothing, nothing, np.zeros(0)), days=14) == Thresholds()
