"""Fits the weights of the reading of feelings to a folder of labelled texts, and says how well it does on texts kept out."""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from bench.agreement import calibration_error, coverage_at, macro_f1
from bench.heads_fit import SEED, Grid, best_cooling, fold_numbers, lay_grid, out_of_fold, some_rows
from bench.logistic import fit
from bench.sentiment_rows import COLUMNS, POLARITIES, Row, helpers_of, seeds, three
from bench.show import show
from bench.topics_rows import missing
from reading import heads
from reading.feeling import CERTAIN, WEIGHTS
from reading.feeling_text import lay_out

ABOUT = "重新拟合情绪识别的系数：折外指标、写出系数文件（参数：--data 文件夹…）"
LONGEST = 3
STIFFNESS = 1 / 3
HELP = 0.1
"""How far the two-sided files are listened to: their log-odds enter as features of this size."""
SEED_WEIGHT = 2.0
ANSWERS = len(POLARITIES)


@dataclass(frozen=True)
class Held:
    """Everything read once: the rows of three answers first, in `grid` too; `helped` what the two-sided fits say of all rows."""

    rows: list[Row]
    grid: Grid
    truth: np.ndarray
    helpers: np.ndarray


def main(argv: list[str]) -> int:
    """0 when the weights were written."""
    parser = argparse.ArgumentParser(prog="run.py bench sentiment_fit", description=ABOUT)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="存放 smp2020_ewect.csv 等文件的文件夹，可以是几个")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="系数文件写到哪里，默认替换现用的一份")
    options = parser.parse_args(argv)
    wrong = missing(options.data, COLUMNS)
    rows = [] if wrong else three(options.data)
    if not rows:
        print(
            "\n".join(wrong) or "文件夹里没有 smp2020_ewect.csv（列：polarity、text、domain），没有三类标注就不能拟合。",
            file=sys.stderr,
        )
        return 1
    held = read(options.data, rows)
    folds = fold_numbers([row.text for row in held.rows])
    scored = out_of_fold(lambda seen: scores(held, fit_rows(held, seen)), folds, ANSWERS)
    real = np.array([row.source != "seed" for row in held.rows])
    cooling = best_cooling(scored[real], held.truth[real])
    weights = fit_rows(held, np.ones(len(held.rows), dtype=bool))
    marks = np.array([heads.mark_of(row.text) for row in rows])
    answers = [str(number) for number in range(ANSWERS)]
    heads.save(options.out, answers, held.grid.slots, held.grid.rarity, weights[:-1], weights[-1], cooling, LONGEST, marks)
    figures = told(held.rows, held.truth, scored, cooling)
    figures |= by_own_split(held)
    table: list[tuple[str, float]] = [(f"文本：{name}", many) for name, many in Counter(row.source for row in held.rows).items()]
    table += [(f"折外：{name}", value) for name, value in figures.items()]
    table += [("冷却", cooling), ("系数文件(字节)", options.out.stat().st_size)]
    show("情绪识别：重新拟合", table, {**figures, "texts": len(held.rows), "bytes": options.out.stat().st_size})
    return 0


def read(folders: Sequence[Path], rows: list[Row]) -> Held:
    """Lay out all texts once, and fit what the two-sided files say of each n-gram."""
    whole = [*rows, *seeds()]
    helping = helpers_of(folders, Random(SEED))
    texts = [row.text for row in whole] + [row.text for some in helping.values() for row in some]
    grid = lay_grid(texts, lay_out, LONGEST)
    at, told_by = len(whole), []
    for some in helping.values():
        used = np.zeros(len(texts), dtype=bool)
        used[at : at + len(some)] = True
        at += len(some)
        labels = np.array([row.answer == 0 for row in some], dtype=float)
        told_by.append(_logistic(grid, used, np.zeros((len(some), 0)), labels, np.ones(len(some))))
        print("两类文件拟合完成", file=sys.stderr, flush=True)
    helpers = np.stack(told_by, axis=1) if told_by else np.zeros((len(grid.slots) + 1, 0))
    return Held(whole, grid, np.array([row.answer for row in whole]), helpers)


def fit_rows(held: Held, seen: np.ndarray) -> np.ndarray:
    """One column per answer, the bias in the last line; classes weigh the same, what the helpers say is folded in."""
    used = np.zeros(held.grid.sparse.shape[0], dtype=bool)
    used[: len(seen)] = seen
    truth = held.truth[seen]
    importance = np.array([SEED_WEIGHT if row.source == "seed" else 1.0 for row in held.rows])[seen]
    balance = importance.sum() / ANSWERS / np.bincount(truth, weights=importance, minlength=ANSWERS)
    importance = importance * balance[truth]
    dense = HELP * _said(held, held.helpers)[: len(seen)][seen]
    columns = []
    for answer in range(ANSWERS):
        weights = _logistic(held.grid, used, dense, (truth == answer).astype(float), importance)
        many = dense.shape[1]
        columns.append(weights[many:] + HELP * held.helpers @ weights[:many])
    return np.stack(columns, axis=1)


def scores(held: Held, weights: np.ndarray) -> np.ndarray:
    """What a fit says of every row of three answers."""
    return _said(held, weights)[: len(held.rows)]


def _said(held: Held, weights: np.ndarray) -> np.ndarray:
    many = held.grid.sparse.shape[0]
    columns = [held.grid.sparse.times(column[:-1]) + column[-1] for column in weights.T]
    return np.stack(columns, axis=1) if columns else np.zeros((many, 0))


def _logistic(grid: Grid, used: np.ndarray, dense: np.ndarray, labels: np.ndarray, importance: np.ndarray) -> np.ndarray:
    wide, many = dense.shape[1], len(grid.slots)
    stiffness = np.concatenate([np.ones(wide), np.full(many, STIFFNESS)])
    return fit(some_rows(grid.sparse, used), dense, labels, importance, np.zeros(wide + many), stiffness)


def by_own_split(held: Held) -> dict[str, float]:
    """Fitted on the rows that the file calls train, judged on the others."""
    train = np.array([row.part == "train" or row.source == "seed" for row in held.rows])
    if train.all() or not any(row.part == "train" for row in held.rows):
        return {}
    found = scores(held, fit_rows(held, train)).argmax(axis=1)
    domains = sorted({row.source for row, seen in zip(held.rows, train, strict=True) if not seen})
    figures = {}
    for domain in domains:
        some = ~train & np.array([row.source == domain for row in held.rows])
        figures[f"只用train部分拟合·{domain}·宏F1"] = round(macro_f1(held.truth[some], found[some], ANSWERS), 4)
    return figures


def told(rows: Sequence[Row], truth: np.ndarray, scored: np.ndarray, cooling: float) -> dict[str, float]:
    """Figures in all and per kind of text."""
    found: dict[str, float] = {}
    best, share = scored.argmax(axis=1), heads.shares(scored, cooling).max(axis=1)
    sources = sorted({row.source for row in rows})
    everything = np.array([row.source != "seed" for row in rows])
    for name, some in (("全部", everything), *((one, np.array([row.source == one for row in rows])) for one in sources)):
        right, sure = best[some] == truth[some], share[some] >= CERTAIN
        found |= {
            f"{name}·宏F1": macro_f1(truth[some], best[some], ANSWERS),
            f"{name}·正确率": float(right.mean()),
            f"{name}·校准误差": calibration_error(right, share[some]),
            f"{name}·有把握的占比": float(sure.mean()),
            f"{name}·有把握时正确率": float(right[sure].mean()) if sure.any() else 0.0,
            f"{name}·正确率九成时的占比": coverage_at(right, share[some], 0.9)[0],
        }
    return {name: round(value, 4) for name, value in found.items()}
