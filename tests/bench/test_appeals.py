"""The measurement and the fitting of the recognition of appeals, on rows that we wrote."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from bench import appeals, appeals_fit, appeals_rows
from bench.appeals_rows import Row
from bench.logistic import Sparse, fit
from matrix.appeal import Addressee, Words

GOLD = [
    ("东街路灯坏了三天没人修", "1", "0"),
    ("请问生育津贴怎么申请", "1", "0"),
    ("小区停水一天了，什么时候来水", "1", "0"),
    ("哈哈哈太可爱了", "0", "0"),
    ("姐姐好美", "0", "0"),
    ("堵车半小时了", "0", "1"),
]


def write(folder: Path, name: str, header: list[str], rows: list[tuple[str, ...]]) -> None:
    """A file as the measurement expects it."""
    with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *rows])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "gold_appeal", ["src", "text", "appeal", "borderline"], [("own", *row) for row in GOLD])
    write(tmp_path, "weibo_comments_general", ["text"], [("好好看",), ("抽中我",), ("[心][心]",)])
    write(tmp_path, "fuzhou_hotline", ["text", "title", "kind"], [("河水发黑发臭，请尽快处理", "河水发臭", "投诉")])
    return tmp_path


def test_the_measurement_prints_a_table_and_json_and_meets_its_goals(folder: Path, capsys, monkeypatch) -> None:
    monkeypatch.setitem(appeals.GOALS, "per_second", 1.0)  # how fast a shared machine is at the moment is not tested here
    assert appeals.main(["--data", str(folder)]) == 0
    out = capsys.readouterr().out
    figures = json.loads(out.splitlines()[-1])
    assert figures["clear_f1"] == figures["clear_recall"] == figures["hotline_recall"] == 1.0
    assert figures["general_flagged"] == 0.0
    assert figures["missed"] == []
    assert "95%区间" in out


def test_a_missed_goal_is_named_and_is_a_failure(folder: Path, capsys, monkeypatch) -> None:
    monkeypatch.setitem(appeals.GOALS, "per_second", 1e12)
    assert appeals.main(["--data", str(folder)]) == 1
    assert "未达目标：每秒评论数" in capsys.readouterr().out


def test_a_folder_without_rows_is_said_to_be_one(tmp_path: Path, capsys) -> None:
    assert appeals.main(["--data", str(tmp_path)]) == 1
    assert appeals_fit.main(["--data", str(tmp_path)]) == 1
    assert "gold_appeal.csv" in capsys.readouterr().err


def test_precision_recall_and_f1_are_what_their_formulas_say() -> None:
    truth, taken = np.array([True, True, True, False]), np.array([True, True, False, True])
    assert appeals.scores(truth, taken) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert appeals.scores(truth, ~truth | True) == pytest.approx((3 / 4, 1, 6 / 7))
    assert appeals.scores(~truth & truth, ~truth & truth) == (0, 0, 0)


def test_our_own_sentences_stand_in_their_context() -> None:
    seeds = appeals_rows.seeds()
    assert len({(row.words, row.is_appeal) for row in seeds}) == len(seeds)
    assert {row.words.addressee for row in seeds} == set(Addressee)
    assert {row.words.channel for row in seeds} == {"comment", "message", "mention"}
    assert any(row.words.post and row.is_appeal for row in seeds)
    assert 0.3 < sum(row.is_appeal for row in seeds) / len(seeds) < 0.7


def test_a_fit_learns_what_tells_the_texts_apart_and_gives_the_same_weights_again() -> None:
    rows = [Row(Words(f"{number}号{'甲乙丙' if number % 2 else '丁戊己'}"), number % 2 == 1, 1.0, "gold") for number in range(40)]
    grid = appeals_fit.lay_grid(rows)
    labels, importance = np.array([row.is_appeal for row in rows]), np.ones(len(rows))
    weights, slots = appeals_fit.fit_grid(grid, labels, importance)
    again, _ = appeals_fit.fit_grid(grid, labels, importance)
    assert np.array_equal(weights, again)
    odds = appeals_fit.log_odds(grid, weights, slots)
    assert odds[labels].min() > odds[~labels].max()
    kept_out = appeals_fit.out_of_fold(grid, rows, labels, importance)
    assert kept_out[labels].min() > kept_out[~labels].max()
    taken = kept_out >= appeals_fit.border(rows, labels, kept_out)
    assert taken[labels].mean() >= appeals_fit.GOLD_RECALL
    assert not taken[~labels].any()


def test_the_regression_finds_the_lowest_point() -> None:
    rng = np.random.default_rng(1)
    dense, cells = rng.normal(size=(60, 3)), rng.random((60, 4)) < 0.4
    rows, columns = np.nonzero(cells)
    sparse = Sparse(rows, columns, rng.random(len(rows)), (60, 4))
    labels, importance = (rng.random(60) < 0.5).astype(float), rng.random(60) + 0.5
    prior, stiffness = rng.normal(size=7), rng.random(7) + 0.5
    found = fit(sparse, dense, labels, importance, prior, stiffness)
    wide = np.zeros((60, 4))
    wide[rows, columns] = sparse.values
    full = np.hstack([dense, wide, np.ones((60, 1))])
    error = importance * (1 / (1 + np.exp(-full @ found)) - labels)
    slope = full.T @ error
    slope[:-1] += stiffness * (found[:-1] - prior)
    assert np.abs(slope).max() < 1e-2
