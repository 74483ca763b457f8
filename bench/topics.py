"""How well topics are recognised on labelled letters of any folder, and how fast all heads read together."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np

from bench import topics_fit, topics_rows
from bench.agreement import calibration_error, coverage_at, f1_per_answer, interval, macro_f1
from bench.heads_fit import SEED, known_rows, lay_grid
from bench.heads_speed import per_second
from bench.show import show
from bench.topics_rows import COLUMNS, LABELLED, TALK, Row, missing
from matrix.appeal import Words
from matrix.topic import OTHER
from reading import heads, topic, topic_names
from reading.appeal_text import lay_out
from reading.topic_names import Names

ABOUT = "主题识别：在一个文件夹的标注数据上量宏F1、前二正确率和全部识别的速度（参数：--data 文件夹…）"
GOAL_F1, GOAL_SPEED = 0.85, 5000.0


def main(argv: list[str]) -> int:
    """0 when every goal that the folder can test was met."""
    parser = argparse.ArgumentParser(prog="run.py bench topics", description=ABOUT)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help=f"存放 {LABELLED}.csv 的文件夹，可以是几个")
    options = parser.parse_args(argv)
    names = topic_names.shipped()
    wrong = missing(options.data, COLUMNS)
    rows = [] if wrong else topics_rows.labelled(options.data, names)
    if not rows:
        lacking = f"文件夹里没有 {LABELLED}.csv（或 .csv.gz），列：{'、'.join(COLUMNS[LABELLED])}。请检查 --data 给出的文件夹。"
        print("\n".join(wrong) or lacking, file=sys.stderr)
        return 1
    honest, seen = known_rows([row.text for row in rows], topic.model().known)
    rows, seen, left_out = [row for row, kept in zip(rows, honest, strict=True) if kept], seen[honest], int((~honest).sum())
    shares = read(options.data, rows, seen, names)
    figures: dict[str, float] = {}
    table: list[tuple[str, float | str, str]] = [
        ("拟合时见过的来信", int(seen.sum()), "由没有见过它们的重新拟合来读(折外)"),
        ("没有见过的来信", int((~seen).sum()), f"由现用的系数来读；另有见过的 {left_out} 封不计"),
    ]
    table += _quality(rows, shares, names, figures)
    short = [Words(row["text"]) for row in topics_rows.table(options.data, TALK)] or [Words(row.text[:40]) for row in rows]
    talk = topic.judge(short[:3000])
    figures["talk_other"] = sum(one.topic == OTHER for one in talk) / len(talk)
    table.append(("闲聊归入“其他”的占比", figures["talk_other"], f"{len(talk)} 条，拟合时见过一部分"))
    for name, rate in per_second(short).items():
        unit = "毫秒" if name == "单独一条" else "每秒"
        figures["alone_ms" if name == "单独一条" else f"per_second_{name}"] = rate
        table.append((f"速度：{name}({unit})", round(rate, 1), ""))
    missed = [
        name
        for name, met in (("宏F1", figures["macro_f1"] >= GOAL_F1), ("速度", figures["per_second_合计"] >= GOAL_SPEED))
        if not met
    ]
    show(
        f"主题识别({topic.VERSION})：{'目标都已达到' if not missed else '未达目标：' + '、'.join(missed)}",
        table,
        {"version": topic.VERSION, **{name: round(value, 4) for name, value in figures.items()}, "missed": missed},
    )
    return 1 if missed else 0


def read(folders: Sequence[Path], rows: Sequence[Row], seen: np.ndarray, names: Names) -> np.ndarray:
    """The shares of topics in every row; those that the shipped weights were fitted on are read by fresh fits."""
    head = topic.model()
    shares = np.zeros((len(rows), len(names.topics)))
    if (~seen).any():
        shares[~seen] = topic.shares([row.text for row, known in zip(rows, seen, strict=True) if not known], head, names)
    if seen.any():
        shares[seen] = _out_of_fold(folders, rows, names, head.cooling)[seen]
    return shares


def _out_of_fold(folders: Sequence[Path], rows: Sequence[Row], names: Names, cooling: float) -> np.ndarray:
    everything = topics_rows.everything(folders, names, Random(SEED))
    answers = [one.name for one in names.topics]
    truth = np.array([answers.index(row.topic) for row in everything])
    grid = lay_grid([row.text for row in everything], lay_out, topics_fit.LONGEST)
    folds = topics_fit.folds_of(everything)
    fold_of = {row.text: fold for row, fold in zip(everything, folds.tolist(), strict=True) if row.source == "gold"}
    shares = np.zeros((len(rows), len(answers)))
    with TemporaryDirectory() as folder:
        for fold in range(folds.max() + 1):
            path = Path(folder) / f"{fold}.npz"
            weights = topics_fit.fit(grid, truth, topics_fit.importance(everything, folds != fold), len(answers))
            topics_fit.write(path, grid, weights, cooling, names, everything)
            out = [place for place, row in enumerate(rows) if fold_of[row.text] == fold]
            shares[out] = topic.shares([rows[place].text for place in out], heads.load(path), names)
            print(f"折外 {fold + 1}/{folds.max() + 1}", file=sys.stderr, flush=True)
    return shares


def _quality(
    rows: Sequence[Row], shares: np.ndarray, names: Names, figures: dict[str, float]
) -> list[tuple[str, float | str, str]]:
    truth = np.array([names.number(row.topic) for row in rows])
    many, known = len(names.topics), np.unique(truth)
    closed = np.where(np.isin(np.arange(many), known), shares, -1.0)
    order = np.argsort(-closed, axis=1, kind="stable")
    best, open_best = order[:, 0], shares.argmax(axis=1)
    share = closed.max(axis=1) / np.maximum(np.where(closed > 0, closed, 0).sum(axis=1), 1e-9)
    right = best == truth
    figures["macro_f1"] = macro_f1(truth, best, many)
    figures["macro_f1_open"] = macro_f1(truth, open_best, many)
    figures["accuracy"] = float(right.mean())
    figures["top2"] = float((order[:, :2] == truth[:, None]).any(axis=1).mean())
    figures["ece"] = calibration_error(right, share)
    figures["coverage_at_95"], _ = coverage_at(right, share, 0.95)
    span = interval(lambda some: macro_f1(truth[some], best[some], many), len(rows))
    table: list[tuple[str, float | str, str]] = [
        ("宏F1(只在标注用到的主题里选)", figures["macro_f1"], f"{span}，{len(rows)} 封，目标 {GOAL_F1}"),
        ("宏F1(在全部主题里选)", figures["macro_f1_open"], ""),
        ("正确率", figures["accuracy"], ""),
        ("前二正确率", figures["top2"], ""),
        ("校准误差", figures["ece"], ""),
        ("准确率九成五时的占比", figures["coverage_at_95"], "界线在同一批来信上定，偏乐观"),
    ]
    each = f1_per_answer(truth, best, many)
    return table + [
        (f"F1：{names.topics[number].name}", float(each[number]), f"{int((truth == number).sum())} 封") for number in known
    ]
