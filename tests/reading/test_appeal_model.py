"""The weights that ship: small, without any text, and bound to the rules they were fitted for."""

import re

import numpy as np
import pytest

from reading import appeal
from reading.appeal_model import SLOTS, UNIT, WEIGHTS, save, shipped
from reading.appeal_signs import NAMES, PRIOR, RULES

MOST_BYTES = 300_000


def test_the_weights_are_small() -> None:
    assert WEIGHTS.stat().st_size < MOST_BYTES


def test_the_weights_hold_numbers_and_the_names_of_our_rules_and_no_text() -> None:
    with np.load(WEIGHTS, allow_pickle=False) as held:
        words = {name for name in held.files if held[name].dtype.kind not in "iuf"}
        assert words == {"names"}
        assert tuple(held["names"].tolist()) == NAMES
        assert np.cumsum(held["steps"], dtype=np.int64)[-1] < SLOTS


def test_every_rule_has_its_own_chinese_name() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert all(re.search(r"[\u4e00-\u9fff]", name) for name in NAMES)


def test_no_rule_was_fitted_far_from_what_was_written_for_it() -> None:
    assert np.abs(shipped().rules / UNIT - PRIOR).max() < 1.5


def test_the_version_names_the_weights_and_the_rules() -> None:
    assert shipped().version == appeal.VERSION
    assert re.fullmatch("诉求判读-[0-9a-f]{8}", appeal.VERSION)


def test_weights_survive_being_written(tmp_path) -> None:
    slots = np.array([900, 5, 77, 4_000_000])
    save(tmp_path / "new.npz", PRIOR, -0.25, slots, np.array([0.5, -1.0, 0.0001, 0.25]))
    held = shipped(tmp_path / "new.npz")
    assert held.bias == -250
    assert np.allclose(held.table[slots] * held.grain, [0.5, -1.0, 0, 0.25], atol=0.01)
    assert held.table.astype(bool).sum() == 3
    assert held.version != shipped().version


def test_weights_of_other_rules_are_refused_with_a_sentence(tmp_path) -> None:
    with np.load(WEIGHTS) as held:
        parts = dict(held)
    parts["names"] = parts["names"][:-1]
    np.savez(tmp_path / "old.npz", **parts)
    with pytest.raises(ValueError, match="请重新拟合"):
        shipped(tmp_path / "old.npz")


@pytest.mark.parametrize("letter", ["吵", "啊", "@", "[", "1", " ", "说", "？", "【"])
def test_no_rule_grows_slow_on_one_letter_said_again_and_again(letter: str) -> None:
    from time import process_time

    line = letter * 1600
    for rule in RULES:
        started = process_time()
        rule.pattern.findall(line)
        assert process_time() - started < 0.1, rule.name
