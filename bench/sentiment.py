"""How well feelings are recognised on labelled posts of any folder, and how fast."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench import sentiment_fit
from bench.agreement import calibration_error, coverage_at, f1_per_answer, interval, macro_f1
from bench.heads_fit import fold_numbers, known_rows, out_of_fold
from bench.heads_speed import per_second
from bench.sentiment_rows import COLUMNS, POLARITIES, THREE, Row, three
from bench.show import show
from bench.topics_rows import missing
from matrix.appeal import Words
from reading import feeling, heads

ABOUT = "情绪识别：在一个文件夹的标注数据上量正、中、负三类的宏F1和有把握的占比（参数：--data 文件夹…）"
GOAL = 0.75
ANSWERS = len(POLARITIES)


def main(argv: list[str]) -> int:
    """0 when every goal that the folder can test was met."""
    parser = argparse.ArgumentParser(prog="run.py bench sentiment", description=ABOUT)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help=f"存放 {THREE}.csv 的文件夹，可以是几个")
    options = parser.parse_args(argv)
    wrong = missing(options.data, COLUMNS)
    rows = [] if wrong else three(options.data)
    if not rows:
        lacking = f"文件夹里没有 {THREE}.csv（或 .csv.gz），列：{'、'.join(COLUMNS[THREE])}。请检查 --data 给出的文件夹。"
        print("\n".join(wrong) or lacking, file=sys.stderr)
        return 1
    honest, seen = known_rows([row.text for row in rows], feeling.model().known)
    rows, seen, left_out = [row for row, kept in zip(rows, honest, strict=True) if kept], seen[honest], int((~honest).sum())
    shares = read(options.data, rows, seen)
    figures: dict[str, float] = {}
    table: list[tuple[str, float | str, str]] = [
        ("拟合时见过的", int(seen.sum()), "由没有见过它们的重新拟合来读(折外)"),
        ("没有见过的", int((~seen).sum()), f"由现用的系数来读；另有见过的 {left_out} 条不计"),
    ]
    sources = sorted({row.source for row in rows})
    everything = np.ones(len(rows), dtype=bool)
    for name, some in (("全部", everything), *((one, np.array([row.source == one for row in rows])) for one in sources)):
        table += _quality(name, [row for row, wanted in zip(rows, some, strict=True) if wanted], shares[some], figures)
    rate = per_second([Words(row.text) for row in rows])["情绪"]
    figures["per_second"] = rate
    table.append(("每秒(一个核)", round(rate), ""))
    missed = [] if figures["macro_f1"] >= GOAL else ["宏F1"]
    show(
        f"情绪识别({feeling.VERSION})：{'目标都已达到' if not missed else '未达目标：' + '、'.join(missed)}",
        table,
        {"version": feeling.VERSION, **{name: round(value, 4) for name, value in figures.items()}, "missed": missed},
    )
    return 1 if missed else 0


def read(folders: Sequence[Path], rows: list[Row], seen: np.ndarray) -> np.ndarray:
    """The shares of the three feelings in every row; those that the shipped weights were fitted on are read by fresh fits."""
    head = feeling.model()
    shares = np.zeros((len(rows), ANSWERS))
    if (~seen).any():
        shares[~seen] = feeling.shares([row.text for row, known in zip(rows, seen, strict=True) if not known], head)
    if seen.any():
        held = sentiment_fit.read(folders, rows)
        folds = fold_numbers([row.text for row in held.rows])
        scored = out_of_fold(lambda part: sentiment_fit.scores(held, sentiment_fit.fit_rows(held, part)), folds, ANSWERS)
        shares[seen] = heads.shares(scored[: len(rows)], head.cooling)[seen]
    return shares


def _quality(name: str, rows: list[Row], shares: np.ndarray, figures: dict[str, float]) -> list[tuple[str, float | str, str]]:
    truth = np.array([row.answer for row in rows])
    best, share = shares.argmax(axis=1), shares.max(axis=1)
    right, sure = best == truth, share >= feeling.CERTAIN
    ending = "" if name == "全部" else f"_{name}"
    found = {
        "macro_f1": macro_f1(truth, best, ANSWERS),
        "accuracy": float(right.mean()),
        "ece": calibration_error(right, share),
        "certain": float(sure.mean()),
        "accuracy_certain": float(right[sure].mean()) if sure.any() else 0.0,
        "coverage_at_90": coverage_at(right, share, 0.9)[0],
        "negative_told": float((best[sure] == ANSWERS - 1).mean()) if sure.any() else 0.0,
        "negative_true": float((truth == ANSWERS - 1).mean()),
    }
    figures |= {f"{key}{ending}": value for key, value in found.items()}
    span = interval(lambda some: macro_f1(truth[some], best[some], ANSWERS), len(rows))
    each = f1_per_answer(truth, best, ANSWERS)
    return [
        (f"{name} 宏F1", found["macro_f1"], f"{span}，{len(rows)} 条" + (f"，目标 {GOAL}" if name == "全部" else "")),
        (f"{name} 正确率", found["accuracy"], f"正 {each[0]:.3f}，中 {each[1]:.3f}，负 {each[2]:.3f}（F1）"),
        (f"{name} 有把握的占比", found["certain"], f"其中正确 {found['accuracy_certain']:.3f}；其余显示为不确定"),
        (f"{name} 负面占比(有把握的)", found["negative_told"], f"标注 {found['negative_true']:.3f}"),
    ]
