"""Fits the weights of the reading of topics to a folder of labelled texts, and says how well it does on texts kept out."""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np

from bench.agreement import calibration_error, macro_f1
from bench.heads_fit import SEED, Grid, best_cooling, fold_numbers, lay_grid, out_of_fold, ridge, some_rows
from bench.show import show
from bench.topics_rows import COLUMNS, Row, everything, missing
from reading import heads, topic_names
from reading.appeal_text import lay_out
from reading.topic import WEIGHTS
from reading.topic_names import Names

ABOUT = "重新拟合主题识别的系数：折外指标、写出系数文件（参数：--data 文件夹…）"
LONGEST = 2
STIFFNESS = 1.0
"""Both chosen by cross-validation on the labelled letters."""


def main(argv: list[str]) -> int:
    """0 when the weights were written."""
    parser = argparse.ArgumentParser(prog="run.py bench topics_fit", description=ABOUT)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="存放 topic7_labelled.csv 等文件的文件夹，可以是几个")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="系数文件写到哪里，默认替换现用的一份")
    options = parser.parse_args(argv)
    wrong = missing(options.data, COLUMNS)
    names = topic_names.shipped()
    rows = [] if wrong else everything(options.data, names, Random(SEED))
    if wrong or not any(row.source == "gold" for row in rows):
        print(
            "\n".join(wrong) or "文件夹里没有 topic7_labelled.csv（列：title、text、label），没有人工标注就不能拟合。",
            file=sys.stderr,
        )
        return 1
    answers = [topic.name for topic in names.topics]
    truth = np.array([answers.index(row.topic) for row in rows])
    grid = lay_grid([row.text for row in rows], lay_out, LONGEST)
    scored = out_of_fold(
        lambda seen: scores(grid, fit(grid, truth, importance(rows, seen), len(answers))), folds_of(rows), len(answers)
    )
    gold = np.array([row.source in ("gold", "title") for row in rows])
    cooling = best_cooling(scored[gold], truth[gold])
    weights = fit(grid, truth, importance(rows, np.ones(len(rows), dtype=bool)), len(answers))
    write(options.out, grid, weights, cooling, names, rows)
    figures = told(rows, truth, scored, cooling)
    table: list[tuple[str, float]] = [(f"文本：{name}", number) for name, number in Counter(row.source for row in rows).items()]
    table += [(f"折外：{name}", value) for name, value in figures.items()]
    table += [("冷却", cooling), ("系数文件(字节)", options.out.stat().st_size)]
    show("主题识别：重新拟合", table, {**figures, "texts": len(rows), "bytes": options.out.stat().st_size})
    return 0


def importance(rows: Sequence[Row], seen: np.ndarray) -> np.ndarray:
    """What an error on each row costs; nothing on rows that may not be seen."""
    return np.where(seen, [row.weight for row in rows], 0.0)


def folds_of(rows: Sequence[Row]) -> np.ndarray:
    """A letter and its title, and texts with the same beginning, are in one fold."""
    return fold_numbers([row.origin or row.text for row in rows])


def write(path: Path, grid: Grid, weights: np.ndarray, cooling: float, names: Names, rows: Sequence[Row]) -> None:
    """Save the weights with the marks of the labelled texts among the rows."""
    answers = [topic.name for topic in names.topics]
    marks = np.array([heads.mark_of(row.text) for row in rows if row.source in ("gold", "title", "weak")])
    heads.save(path, answers, grid.slots, grid.rarity, weights[:-1], weights[-1], cooling, LONGEST, marks)


def fit(grid: Grid, truth: np.ndarray, importance: np.ndarray, answers: int) -> np.ndarray:
    """One column per answer, the bias in the last line; one against the rest. Rows of no importance are left out."""
    used = importance > 0
    sparse = some_rows(grid.sparse, used)
    columns = [
        ridge(sparse, np.where(truth[used] == answer, 1.0, -1.0), importance[used], STIFFNESS) for answer in range(answers)
    ]
    return np.stack(columns, axis=1)


def scores(grid: Grid, weights: np.ndarray) -> np.ndarray:
    """What a fit says of every row of the grid."""
    return np.stack([grid.sparse.times(column[:-1]) + column[-1] for column in weights.T], axis=1)


def told(rows: Sequence[Row], truth: np.ndarray, scored: np.ndarray, cooling: float) -> dict[str, float]:
    """Figures per kind of text: with all topics open, and among those only that the labels of the letters know."""
    found: dict[str, float] = {}
    gold = np.array([row.source == "gold" for row in rows])
    known = np.unique(truth[gold])
    closed = np.full(scored.shape, -np.inf)
    closed[:, known] = scored[:, known]
    for source, name in (("gold", "来信"), ("title", "标题"), ("seed", "自写句"), ("talk", "闲聊")):
        some = np.array([row.source == source for row in rows])
        if not some.any():
            continue
        best = scored[some].argmax(axis=1)
        found[f"{name}·宏F1(全部主题)"] = macro_f1(truth[some], best, scored.shape[1])
        found[f"{name}·正确率(全部主题)"] = float((best == truth[some]).mean())
        if source in ("gold", "title"):
            order = np.argsort(-closed[some], axis=1, kind="stable")
            found[f"{name}·宏F1"] = macro_f1(truth[some], order[:, 0], scored.shape[1])
            found[f"{name}·前二正确率"] = float((order[:, :2] == truth[some][:, None]).any(axis=1).mean())
            share = heads.shares(scored[some], cooling)
            found[f"{name}·校准误差"] = calibration_error(best == truth[some], share.max(axis=1))
    return {name: round(value, 4) for name, value in found.items()}
