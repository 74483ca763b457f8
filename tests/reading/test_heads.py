"""The weights of the linear heads that ship: small, numbers only, and what they hold survives being written."""

import re

import numpy as np
import pytest

from reading import feeling, heads, issue_rows, topic
from reading.appeal_model import SLOTS
from reading.appeal_text import lay_out

MOST_BYTES = 1_000_000


@pytest.mark.parametrize("path", [topic.WEIGHTS, feeling.WEIGHTS, issue_rows.WEIGHTS], ids=lambda path: path.stem)
def test_the_weights_are_small_and_hold_no_text(path) -> None:
    assert path.stat().st_size < MOST_BYTES
    with np.load(path, allow_pickle=False) as held:
        assert {name for name in held.files if held[name].dtype.kind not in "iuf"} <= {"answers"}
        assert np.cumsum(held["steps"], dtype=np.int64)[-1] < SLOTS


def test_the_topic_head_knows_our_topics_and_the_feeling_head_three_answers() -> None:
    assert len(topic.model().answers) >= 15
    assert all(re.fullmatch(r"[\u4e00-\u9fff]+", answer) for answer in topic.model().answers)
    assert len(feeling.model().answers) == len(feeling.ORDER)


def test_weights_survive_being_written(tmp_path) -> None:
    sheet = lay_out(["停水"])
    _, slots, _ = heads.counted(sheet, 2)
    weights = np.array([[1.0, -1.0], [0.5, 0.25], [0.0, 0.1]])
    path = tmp_path / "new.npz"
    heads.save(path, ("甲", "乙"), slots, np.array([1.0, 2.0, 3.0]), weights, np.array([0.1, -0.1]), 2.0, 2, np.array([7, 3]))
    held = heads.load(path)
    assert held.answers == ("甲", "乙")
    assert np.allclose(held.weights[1:] * held.grain, weights, atol=0.01)
    assert held.known.tolist() == [3, 7]
    (score,) = heads.scores(heads.cells(heads.counted(sheet, 2), 1, held), held)
    values = np.array([1.0, 2.0, 3.0])
    assert np.allclose(score, values @ weights / np.linalg.norm(values) + [0.1, -0.1], atol=0.01)


def test_a_text_is_known_again_by_its_first_letters_whatever_stands_between() -> None:
    assert heads.mark_of("停水，三天！") == heads.mark_of("停水三天") != heads.mark_of("停水三日")
    assert isinstance(heads.mark_of("\ud83d"), int)
