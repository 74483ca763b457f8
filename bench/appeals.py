"""How well appeals are recognised on labelled rows of any folder, and how fast: the weights that ship, never a new fit."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from bench import appeals_rows
from bench.appeals_rows import Row
from bench.show import show
from matrix.appeal import Words
from reading.appeal import VERSION, judge

ABOUT = "诉求识别：在一个文件夹的标注数据上量准确率、召回率、误报和速度（参数：--data 文件夹…）"
GOALS = {"clear_f1": 0.84, "clear_recall": 0.88, "general_flagged": 0.12, "hotline_recall": 0.99, "per_second": 14_000.0}
AT_MOST = {"general_flagged"}
NAMES = {
    "clear_f1": "明确的金标 F1",
    "clear_recall": "明确的金标召回率",
    "general_flagged": "闲聊评论误判为诉求的占比",
    "hotline_recall": "热线来信召回率",
    "per_second": "每秒评论数",
}
RESAMPLES = 2000
SEED = 7


def main(argv: list[str]) -> int:
    """0 when every goal that the folder can test was met."""
    parser = argparse.ArgumentParser(prog="run.py bench appeals", description=ABOUT)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="存放 gold_appeal.csv 等文件的文件夹，可以是几个")
    options = parser.parse_args(argv)
    gold, hard = appeals_rows.gold(options.data), appeals_rows.gold(options.data, "gold_appeal_hardneg")
    general, hotline = appeals_rows.general(options.data), appeals_rows.hotline(options.data)
    if not gold and not general and not hotline:
        print("文件夹里没有可用的文件：需要 gold_appeal.csv、weibo_comments_general.csv 或 fuzhou_hotline.csv。", file=sys.stderr)
        return 1
    figures: dict[str, float] = {}
    table: list[tuple[str, float | str, str]] = []
    for name, title, rows in (("clear", "明确的金标", [row for row in gold if not row.is_borderline]), ("all", "全部金标", gold)):
        if rows:
            table += _quality(name, title, rows, figures)
    for name, title, rows in (
        ("hard_flagged", "难例误判为诉求的占比", [row for row in hard if not row.is_appeal and not row.is_borderline]),
        ("general_flagged", NAMES["general_flagged"], general),
        ("hotline_recall", NAMES["hotline_recall"], hotline),
    ):
        if rows:
            taken = _taken(rows)
            figures[name] = float(taken.mean())
            table.append(
                (
                    title,
                    figures[name],
                    f"{_between(lambda some, taken=taken: float(taken[some].mean()), len(rows))}，{len(rows)} 条",
                )
            )
    figures["per_second"], figures["alone_ms"] = _speed([row.words for row in general or gold or hotline])
    table += [("每秒评论数(一个核)", round(figures["per_second"]), ""), ("单独一条(毫秒)", figures["alone_ms"], "")]
    missed = [NAMES[name] for name, goal in GOALS.items() if name in figures and not _is_met(name, figures[name], goal)]
    show(
        f"诉求识别({VERSION})：{'目标都已达到' if not missed else '未达目标：' + '、'.join(missed)}",
        table,
        {"version": VERSION, **{name: round(value, 4) for name, value in figures.items()}, "missed": missed},
    )
    return 1 if missed else 0


def _is_met(name: str, value: float, goal: float) -> bool:
    return value <= goal if name in AT_MOST else value >= goal


def _taken(rows: Sequence[Row]) -> np.ndarray:
    return np.array([one.is_appeal for one in judge([row.words for row in rows])])


def _quality(name: str, title: str, rows: Sequence[Row], figures: dict[str, float]) -> list[tuple[str, float | str, str]]:
    """Precision, recall and F1 of appeals, each with the middle 95 % of resampled rows."""
    truth, taken = np.array([row.is_appeal for row in rows]), _taken(rows)
    table: list[tuple[str, float | str, str]] = []
    for part, (key, word) in enumerate((("precision", "准确率"), ("recall", "召回率"), ("f1", "F1"))):
        figures[f"{name}_{key}"] = scores(truth, taken)[part]
        span = _between(lambda some, part=part: scores(truth[some], taken[some])[part], len(rows))
        table.append((f"{title} {word}", figures[f"{name}_{key}"], f"{span}，{len(rows)} 条，其中诉求 {int(truth.sum())} 条"))
    return table


def scores(truth: np.ndarray, taken: np.ndarray) -> tuple[float, float, float]:
    """Precision, recall and their harmonic mean; 0 where nothing was taken or nothing is true."""
    right, claimed, real = int((truth & taken).sum()), int(taken.sum()), int(truth.sum())
    return right / max(1, claimed), right / max(1, real), 2 * right / max(1, claimed + real)


def _between(measure: Callable[[np.ndarray], float], many: int) -> str:
    rng = np.random.default_rng(SEED)
    found = [measure(rng.integers(0, many, many)) for _ in range(RESAMPLES)]
    low, high = np.percentile(found, [2.5, 97.5])
    return f"95%区间 {low:.3f} 至 {high:.3f}"


def _speed(words: Sequence[Words], least: int = 7000) -> tuple[float, float]:
    """Comments in a second of one core, and milliseconds for one comment alone; the best of three rounds."""
    many = [words[place % len(words)] for place in range(least)]
    rounds = []
    for _ in range(3):
        started = time.process_time()
        judge(many)
        rounds.append(len(many) / max(1e-9, time.process_time() - started))
    started = time.process_time()
    for one in many[:300]:
        judge([one])
    return max(rounds), (time.process_time() - started) / 300 * 1000
