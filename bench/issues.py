"""How well messages are grouped into hot issues, how steady their ids are as messages arrive, and how fast it goes."""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from bench import issues_rows
from bench.appeals_rows import table as read_table
from bench.issues_rows import COLUMNS, GOLD, MESSAGES
from bench.issues_truth import b_cubed, planted
from bench.show import show
from bench.topics_rows import TALK, missing
from matrix.issue import Told
from reading import issue
from reading.words import hot

ABOUT = "热点归并：在人工整理的事件上量 B-cubed、编号稳定、近似重复和速度（参数：--data 文件夹…）"
GOAL = 0.86
PORTIONS = 12
PLANTED, AMONG = 1000, 6000


def main(argv: list[str]) -> int:
    """0 when every goal that the folder can test was met."""
    parser = argparse.ArgumentParser(prog="run.py bench issues", description=ABOUT)
    parser.add_argument(
        "--data",
        type=Path,
        nargs="+",
        required=True,
        help=f"存放 {GOLD}.csv 和 {MESSAGES}.csv 的文件夹，可以是几个；旁边的 unlabelled 文件夹也会看",
    )
    options = parser.parse_args(argv)
    folders = issues_rows.with_neighbours(options.data)
    wrong = missing(folders, COLUMNS)
    try:
        told, gold = ([], {}) if wrong else (issues_rows.messages(folders), issues_rows.gold(folders))
    except ValueError as error:
        told, gold, wrong = [], {}, [str(error)]
    lacking = [
        f"文件夹里没有 {name}.csv（或 .csv.gz），列：{'、'.join(COLUMNS[name])}。"
        for name, rows in ((MESSAGES, told), (GOLD, gold))
        if not rows
    ]
    if wrong or lacking:
        print("\n".join(wrong or lacking), file=sys.stderr)
        return 1
    everybody = [one.key for one in told]
    started = time.process_time()
    grouping = issue.group(told)
    spent = time.process_time() - started
    figures = b_cubed(gold, grouping.issue_of, everybody)
    table: list[tuple[str, float | str, str]] = [
        ("B-cubed 精确率", figures["precision"], ""),
        ("B-cubed 召回率", figures["recall"], ""),
        ("B-cubed F", figures["f"], f"{len(gold)} 条有标注，共 {len(told)} 条，目标 {GOAL}"),
        ("找回的事件", figures["recovered"], "八成以上在一组、一组八成以上是它"),
    ]
    figures["per_second"] = len(told) / spent
    table.append(("每秒(一个核)", round(figures["per_second"]), ""))
    moved, later = _arriving(told)
    figures["f_arriving"], figures["moved"] = b_cubed(gold, later, everybody)["f"], moved
    table.append(("分批到达 B-cubed F", figures["f_arriving"], f"分 {PORTIONS} 批，只归并新到的"))
    table.append(("分批到达时换了编号的", moved, "合并到更早热点的不算"))
    table += [(f"第{rank}位", one.citizens, f"人，{len(one.members)} 条") for rank, one in enumerate(grouping.issues[:5], 1)]
    short = [row["text"] for row in read_table(folders, TALK)] or [one.title or one.text[:40] for one in told]
    table += _near(short, figures)
    missed = [] if figures["f"] >= GOAL else ["B-cubed F"]
    show(
        f"热点归并({issue.VERSION})：{'目标都已达到' if not missed else '未达目标：' + '、'.join(missed)}",
        table,
        {"version": issue.VERSION, **{name: round(value, 4) for name, value in figures.items()}, "missed": missed},
    )
    return 1 if missed else 0


def _arriving(told: Sequence[Told]) -> tuple[int, dict[str, str]]:
    """How many messages changed their issue without a merger, and the last issue of each, when they arrive in portions."""
    ordered = sorted(told, key=lambda one: (one.at, one.key))
    step = -(-len(ordered) // PORTIONS)
    held: dict[str, str] = {}
    moved = 0
    for end in range(step, len(ordered) + step, step):
        grouping = issue.group([replace(one, issue=held.get(one.key, "")) for one in ordered[:end]])
        moved += sum(grouping.issue_of[key] != grouping.merged.get(before, before) for key, before in held.items())
        held = dict(grouping.issue_of)
    return moved, held


def _near(texts: Sequence[str], figures: dict[str, float]) -> list[tuple[str, float | str, str]]:
    """Recall of planted copies and speed among short comments, and how fast ten thousand of them are grouped."""
    rng = Random(7)
    some = [texts[place % len(texts)] for place in range(AMONG - PLANTED)]
    copies = planted(some, PLANTED, rng)
    mixed = [*some, *(text for _, text in copies)]
    started = time.process_time()
    leaders = issue.near_duplicates(mixed)
    spent = time.process_time() - started
    found = sum(leaders[place] == leaders[len(some) + number] for number, (place, _) in enumerate(copies))
    figures["near_recall"], figures["near_per_second"] = found / max(1, len(copies)), len(mixed) / spent
    many = [Told(str(number), texts[number % len(texts)], str(number % 4000), number) for number in range(10_000)]
    started = time.process_time()
    issue.group(many)
    figures["ten_thousand_seconds"] = time.process_time() - started
    started = time.process_time()
    hot([one.text for one in many[:5000]], [one.text for one in many[5000:]])
    figures["hot_words_seconds"] = time.process_time() - started
    return [
        ("近似重复召回率", figures["near_recall"], f"在 {len(mixed)} 条短评论里改动 {len(copies)} 条"),
        ("近似重复每秒", round(figures["near_per_second"]), ""),
        ("归并一万条短评论(秒)", figures["ten_thousand_seconds"], ""),
        ("一万条短评论的热词(秒)", figures["hot_words_seconds"], "五千条对五千条"),
    ]
