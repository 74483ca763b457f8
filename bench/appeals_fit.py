"""Fits the weights of the recognition of appeals to a folder of labelled texts, and says how well it does on texts kept out."""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from bench.appeals_rows import Row, everything
from bench.logistic import Sparse, fit
from bench.show import show
from reading.appeal_model import SLOTS, WEIGHTS, hashed, save
from reading.appeal_signs import NAMES, PRIOR, read_signs

ABOUT = "重新拟合诉求识别的系数：折外指标、写出系数文件（参数：--data 文件夹…）"
SEED = 20
FOLDS = 5
FEWEST_TEXTS = 3
"""An n-gram of fewer texts is not kept: it would tell of one text."""
RULE_STIFFNESS, WORDING_STIFFNESS = 100.0, 2.0
"""How firmly weights stay near what was written for the rules, and near nothing for n-grams; chosen by cross-validation."""
GOLD_RECALL, HOTLINE_RECALL = 0.945, 0.994
"""What the line between talk and appeal must still find of clear gold rows and of hotline messages kept out of fitting."""


@dataclass(frozen=True)
class Grid:
    """Texts as numbers: fired rules, and n-grams as (row, slot, value) with the value by the root of the text's length."""

    fired: np.ndarray
    rows: np.ndarray
    slots: np.ndarray
    values: np.ndarray


def main(argv: list[str]) -> int:
    """0 when the weights were written."""
    parser = argparse.ArgumentParser(prog="run.py bench appeals_fit", description=ABOUT)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="存放 gold_appeal.csv 等文件的文件夹，可以是几个")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="系数文件写到哪里，默认替换现用的一份")
    options = parser.parse_args(argv)
    rows = everything(options.data, Random(SEED))
    if not any(row.source == "gold" for row in rows):
        print("文件夹里没有 gold_appeal.csv(列：src,text,appeal,borderline)，没有人工标注就定不出界线。", file=sys.stderr)
        return 1
    grid = lay_grid(rows)
    labels, importance = np.array([row.is_appeal for row in rows]), np.array([row.weight for row in rows])
    scores = out_of_fold(grid, rows, labels, importance)
    line = border(rows, labels, scores)
    found = figures(rows, labels, scores >= line)
    weights, slots = fit_grid(grid, labels, importance)
    many = len(NAMES)
    save(options.out, weights[:many], float(weights[-1]) - line, slots, weights[many:-1])
    counts = Counter(row.source for row in rows)
    table: list[tuple[str, float]] = [(f"文本：{name}", number) for name, number in counts.items()]
    table += [(f"折外：{name}", value) for name, value in found.items()]
    table += [("界线（对数几率）", float(line)), ("系数文件(字节)", options.out.stat().st_size)]
    show("诉求识别：重新拟合", table, {**found, "texts": len(rows), "bytes": options.out.stat().st_size})
    return 0


def lay_grid(rows: Sequence[Row], step: int = 2000) -> Grid:
    """Read all rows into numbers."""
    fired, lines, slots = [], [], []
    for begin in range(0, len(rows), step):
        signs = read_signs([row.words for row in rows[begin : begin + step]])
        some_slots, some_lines = hashed(signs.sheet)
        fired.append(signs.fired)
        slots.append(some_slots.astype(np.int64))
        lines.append(some_lines.astype(np.int64) + begin)
    line, slot = np.concatenate(lines), np.concatenate(slots)
    cells, count = np.unique(line * SLOTS + slot, return_counts=True)
    length = np.bincount(line, minlength=len(rows))
    return Grid(np.concatenate(fired), cells // SLOTS, cells % SLOTS, count / np.sqrt(length[cells // SLOTS]))


def fit_grid(grid: Grid, labels: np.ndarray, importance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights of rules, of the kept n-grams and the bias, and the slots of those n-grams; rows of no importance are left out."""
    used = importance > 0
    cell = used[grid.rows]
    slots = np.flatnonzero(np.bincount(grid.slots[cell], minlength=SLOTS) >= FEWEST_TEXTS)
    place, number = np.full(SLOTS, -1), np.cumsum(used) - 1
    place[slots] = np.arange(len(slots))
    cell &= place[grid.slots] >= 0
    sparse = Sparse(number[grid.rows[cell]], place[grid.slots[cell]], grid.values[cell], (int(used.sum()), len(slots)))
    prior = np.concatenate([PRIOR, np.zeros(len(slots))])
    stiffness = np.concatenate([np.full(len(PRIOR), RULE_STIFFNESS), np.full(len(slots), WORDING_STIFFNESS)])
    dense, told = grid.fired[used].astype(float), labels[used].astype(float)
    return fit(sparse, dense, told, importance[used], prior, stiffness), slots


def log_odds(grid: Grid, weights: np.ndarray, slots: np.ndarray) -> np.ndarray:
    """What a fit says of every row of the grid."""
    many = grid.fired.shape[1]
    by_slot = np.zeros(SLOTS)
    by_slot[slots] = weights[many:-1]
    wording = np.bincount(grid.rows, weights=grid.values * by_slot[grid.slots], minlength=len(grid.fired))
    return grid.fired @ weights[:many] + wording + weights[-1]


def out_of_fold(grid: Grid, rows: Sequence[Row], labels: np.ndarray, importance: np.ndarray) -> np.ndarray:
    """Each row as it is read by a fit that never saw it, nor another text with the same beginning."""
    rng, fold_of = Random(SEED), {}
    folds = np.array([fold_of.setdefault(row.words.text[:30], rng.randrange(FOLDS)) for row in rows])
    scores = np.zeros(len(rows))
    for fold in range(FOLDS):
        out = folds == fold
        weights, slots = fit_grid(grid, labels, np.where(out, 0.0, importance))
        scores[out] = log_odds(grid, weights, slots)[out]
        print(f"折外拟合 {fold + 1}/{FOLDS}", file=sys.stderr, flush=True)
    return scores


def border(rows: Sequence[Row], labels: np.ndarray, scores: np.ndarray) -> float:
    """The highest line that still finds enough clear gold appeals and enough hotline messages."""
    lines = []
    for source, recall in (("gold", GOLD_RECALL), ("hotline", HOTLINE_RECALL)):
        known = np.array([row.source == source and row.is_appeal and not row.is_borderline for row in rows])
        if known.any():
            ordered = np.sort(scores[known & labels])[::-1]
            lines.append(float(ordered[min(len(ordered), int(np.ceil(recall * len(ordered)))) - 1]) - 1e-6)
    return min(lines)


def figures(rows: Sequence[Row], labels: np.ndarray, taken: np.ndarray) -> dict[str, float]:
    """Precision, recall and F1 on gold rows, and the share taken for appeals of every other source."""
    found: dict[str, float] = {}
    is_gold = np.array([row.source == "gold" for row in rows])
    is_clear = is_gold & ~np.array([row.is_borderline for row in rows])
    for name, some in (("明确的金标", is_clear), ("全部金标", is_gold)):
        right = int((taken & labels & some).sum())
        precision, recall = right / max(1, int((taken & some).sum())), right / max(1, int((labels & some).sum()))
        found |= {
            f"{name}·准确率": precision,
            f"{name}·召回率": recall,
            f"{name}·F1": 2 * right / max(1, int((taken & some).sum() + (labels & some).sum())),
        }
    for source in sorted({row.source for row in rows} - {"gold"}):
        for label, word in ((True, "诉求判为诉求"), (False, "闲聊判为诉求")):
            some = np.array([row.source == source and row.is_appeal == label for row in rows])
            if some.any():
                found[f"{source}·{word}"] = float(taken[some].mean())
    return {name: round(value, 4) for name, value in found.items()}
