"""Killed at any point between two steps, the watch tells the same; what failed while it was written is told all the same."""

import sqlite3
from typing import Any

import pytest

from tests.storage.watched_city import Watched, a_watched_city

STORM = [{}, {2: 14}, {2: 20, 5: 9}, {}, {2: 3}, {8: 30}, {8: 30, 2: 30}, {}]
TOLD = (
    "SELECT key, title, sentence, level, state, score, peak, raised_at, last_high_at, topics, groups FROM alerts ORDER BY key",
    "SELECT a.key, m.series_id, m.joined_at, m.most_excess, m.sentence, m.score FROM alert_members m "
    "JOIN alerts a ON a.id = m.alert_id ORDER BY 1, 2",
    "SELECT a.key, m.move, m.level, m.score, m.series_id, m.at FROM alert_moves m JOIN alerts a ON a.id = m.alert_id "
    "ORDER BY m.id",
    "SELECT key, level, body FROM notices ORDER BY id",
    "SELECT b5, series_id, score, excess FROM surge_scores ORDER BY 1, 2",
    "SELECT a.key, c.series_id, c.b5, c.seen, c.expected FROM alert_counts c JOIN alerts a ON a.id = c.alert_id ORDER BY 1, 2, 3",
)


def told(here: Watched) -> list[list[tuple[Any, ...]]]:
    return [here.rows(sql) for sql in TOLD]


def storm(cuts: frozenset[int], late: int = 4) -> list[list[tuple[Any, ...]]]:
    """A storm of two accounts, one of them looked at late, with the program started anew before these buckets."""
    here = a_watched_city()
    for number, extra in enumerate([{}] * 3 + STORM + [{}] * 3):
        if number in cuts:
            here = here.started_anew()
        here.live(1, extra, looked=number != late)
    return told(here)


@pytest.fixture(scope="module")
def uninterrupted() -> list[list[tuple[Any, ...]]]:
    found = storm(frozenset())
    assert len(found[0]) >= 2 and len(found[2]) > len(found[0]), "the storm is worth comparing"
    return found


@pytest.mark.parametrize("cuts", [{4}, {5, 9}, {3, 8, 12}, set(range(14))])
def test_started_anew_at_any_point_it_tells_the_same(uninterrupted: list[list[tuple[Any, ...]]], cuts: set[int]) -> None:
    assert storm(frozenset(cuts)) == uninterrupted


def test_what_could_not_be_written_is_told_by_the_next_call() -> None:
    here = a_watched_city()
    here.live(2)
    here.db.execute("CREATE TRIGGER full BEFORE INSERT ON alert_moves BEGIN SELECT raise(ABORT, 'disk full'); END")
    with pytest.raises(sqlite3.IntegrityError, match="disk full"):
        here.live(1, {2: 25})
    assert here.alerts() == [] and here.rows("SELECT * FROM notices") == [], "nothing is half told"
    here.db.execute("DROP TRIGGER full")
    here.tick(95)
    assert [row[1] for row in here.alerts()] == ["账号2评论突增"]
    assert len(here.rows("SELECT * FROM notices")) == 1
