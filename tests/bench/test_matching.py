"""A short life in which everything hard about answers happens: the right word is taken for the answer, in any order."""

from pathlib import Path

from bench.answers_judged import CLOCKS
from bench.matching import PRECISION, RECALL, hard_town, run


def test_the_right_word_is_taken_for_the_answer_whatever_happens_and_in_whatever_order(tmp_path: Path) -> None:
    town = hard_town(tmp_path / "town", seed=11, size=2, busy=0.4, history_days=2)
    try:
        found = run(town, days=0.25, seed=11, calm_hours=1, is_read=False)
    finally:
        town.close()
    assert found.lived.matters > 100
    assert found.told.made > 20
    for judged in (found.lived, found.shuffled):
        for clock in CLOCKS.values():
            assert judged.wanted[clock] > 20, clock
            assert judged.precision(clock) >= PRECISION, judged.wrong
            assert judged.recall(clock) >= RECALL, judged.wrong
        assert not judged.robot_stops
    assert not found.told.wrong
    assert not found.differing
