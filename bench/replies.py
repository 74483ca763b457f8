"""Measures how well official replies without an answer are told from answers, on files that people have labelled."""

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench.show import show
from matrix.reply import ReplyNature, Said
from reading import reply

ABOUT = "程式化回复识别：与人工标注比较(--data 指定数据目录)"
PAIRS, GRADES = "replies_tipdm.csv.gz", "gold_reply_quality.csv"
"""Columns: title, text, reply, explains_A (0: nothing answered); title, text, reply, quality (0, 1, 2)."""
GOAL = 0.83


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py bench replies", description=ABOUT)
    parser.add_argument("--data", type=Path, required=True, help=f"含 {PAIRS} 或 {GRADES} 的目录")
    folder = parser.parse_args(argv).data
    rows: list[tuple[Any, ...]] = []
    figures: dict[str, Any] = {"version": reply.VERSION}
    if (folder / PAIRS).exists():
        measure_pairs(read(folder / PAIRS), rows, figures)
    if (folder / GRADES).exists():
        measure_grades(read(folder / GRADES), rows, figures)
    if not rows:
        print(f"{folder} 里没有 {PAIRS} 或 {GRADES}，请检查 --data 给出的目录。")
        return 1
    show(f"回复质量的识别({reply.VERSION})", rows, figures)
    return 0 if figures.get("f", 1.0) >= GOAL else 1


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def said_in(frame: pd.DataFrame) -> list[Said]:
    return [
        Said(answer, f"{title}。{text}")
        for answer, title, text in zip(frame["reply"], frame["title"], frame["text"], strict=True)
    ]


def measure_pairs(frame: pd.DataFrame, rows: list[tuple[Any, ...]], figures: dict[str, Any]) -> None:
    """Precision, recall and F of "no answer", area under the curve of the score, speed; 95 % interval of F by resampling."""
    said = said_in(frame)
    start = time.perf_counter()
    judged = reply.judge(said)
    rate = len(said) / (time.perf_counter() - start)
    truth = (frame["explains_A"] == "0").to_numpy()
    found = np.array([one.nature is ReplyNature.RECEIPT for one in judged])
    score = np.array([one.score for one in judged])
    precision, recall, f = agreement(truth, found)
    low, high = interval(truth, found)
    area = area_under(truth, -score)
    figures |= {"n": len(said), "empty": int(truth.sum()), "precision": precision, "recall": recall, "f": f}
    figures |= {"f_low": low, "f_high": high, "auc": area, "replies_per_second": round(rate)}
    rows += [
        ("回复条数", len(said), f"其中人工认定没有答复的 {int(truth.sum())} 条"),
        ("程式化回复 准确率", precision),
        ("程式化回复 召回率", recall),
        ("程式化回复 F", f, f"目标 ≥ {GOAL}，95%区间 {low:.3f} 至 {high:.3f}"),
        ("得分 AUC", area),
        ("每秒条数", round(rate), f"平均每条 {frame['reply'].str.len().mean():.0f} 字，单核"),
    ]


def measure_grades(frame: pd.DataFrame, rows: list[tuple[Any, ...]], figures: dict[str, Any]) -> None:
    """Rank correlation of the score with the grades 0, 1, 2, and which reasons fall on which grade."""
    judged = reply.judge(said_in(frame))
    grade = frame["quality"].astype(int)
    correlation = float(pd.Series([one.score for one in judged]).rank().corr(grade.rank()))
    figures |= {"graded": len(frame), "spearman": correlation}
    rows.append(("与人工分级(0/1/2)的等级相关", correlation, f"{len(frame)} 条"))
    for value in sorted(grade.unique()):
        own = [one for one, mark in zip(judged, grade, strict=True) if mark == value]
        share = sum(1 for one in own if one.reasons) / len(own)
        figures[f"with_reason_{value}"] = share
        rows.append((f"分级{value}中被指出问题的", share, f"{len(own)} 条"))


def agreement(truth: np.ndarray, found: np.ndarray) -> tuple[float, float, float]:
    """Precision, recall, F1."""
    both = int((truth & found).sum())
    return both / max(1, found.sum()), both / max(1, truth.sum()), 2 * both / max(1, truth.sum() + found.sum())


def interval(truth: np.ndarray, found: np.ndarray, rounds: int = 1000) -> tuple[float, float]:
    """95 % interval of F1 by bootstrap with a fixed seed."""
    random = np.random.default_rng(7)
    picks = random.integers(0, len(truth), (rounds, len(truth)))
    values = [agreement(truth[pick], found[pick])[2] for pick in picks]
    return float(np.quantile(values, 0.025)), float(np.quantile(values, 0.975))


def area_under(truth: np.ndarray, score: np.ndarray) -> float:
    """Mann-Whitney: how often a true one ranks above a false one; ties count half."""
    ranks = pd.Series(score).rank().to_numpy()
    ones = int(truth.sum())
    return float((ranks[truth].sum() - ones * (ones + 1) / 2) / max(1, ones * (len(truth) - ones)))
