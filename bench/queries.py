"""What every question of the matrix and duty pages costs on a year of a province, beside the plain question on raw rows."""

import argparse
import sqlite3
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

import numpy as np

from bench.queries_check import TWINS
from bench.queries_pages import Chosen, pages
from bench.responses_base import NOW, base_of, take_base
from bench.show import show
from storage.database import open_database

ABOUT = "页面查询：矩阵和值班各页的每一项查询，换不同单位、平台、时段的用时，与直接查原始行对照并核对结果"
GOAL_QUERY, GOAL_PAGE = 60.0, 100.0
"""Milliseconds at the default period: p95 of a question, and of all the questions of a page together."""

PERIODS = (7, 30, 90)
DEFAULT = 30
DEFAULTS = {"日清日结台账": 7, "台账": 7}
"""Days that a page, and a question that only it asks, opens with, where they are not DEFAULT."""

Times = dict[int, list[float]]


def main(argv: list[str]) -> int:
    """0 when every goal is met and every answer equals that of its plain twin."""
    parser = argparse.ArgumentParser(prog="run.py bench queries", description=ABOUT)
    take_base(parser)
    parser.add_argument("--days", type=int, nargs="+", default=list(PERIODS), help="时段的天数(默认 7、30、90)")
    parser.add_argument("--rounds", type=int, default=4, help="每种单位、平台、时段各量几次")
    parser.add_argument("--no-plain", action="store_true", help="不与直接查原始行对照(省一多半时间)")
    options = parser.parse_args(argv)
    with base_of(options) as path, closing(open_database(path)) as db:
        wall, busy, whole = measure(db, sorted({DEFAULT, *options.days}), options.rounds)
        beside = {name: compare(db, name) for name in wall if name in TWINS and not options.no_plain}
    return tell(wall, busy, whole, beside, options)


def choices(db: sqlite3.Connection, days: int) -> list[Chosen]:
    """The whole province, a city, a county and a bureau, both platforms."""
    units = db.execute(
        "SELECT min(o.id) FROM organizations o WHERE o.parent_id IS NOT NULL AND EXISTS "
        "(SELECT 1 FROM accounts a WHERE a.organization_id = o.id) GROUP BY o.level ORDER BY o.level"
    ).fetchall()
    whole = Chosen(NOW, days)
    return [whole, *(replace(whole, root=row[0]) for row in units), *(replace(whole, platform=number) for number in (1, 2))]


def measure(
    db: sqlite3.Connection, periods: Sequence[int], rounds: int
) -> tuple[dict[str, Times], dict[str, Times], dict[str, Times]]:
    """Milliseconds of wall and of CPU by question, and of wall by page, each by the days of the period."""
    wall: dict[str, Times] = defaultdict(lambda: defaultdict(list))
    busy: dict[str, Times] = defaultdict(lambda: defaultdict(list))
    whole: dict[str, Times] = defaultdict(lambda: defaultdict(list))
    for days in periods:
        for chosen in choices(db, days):
            for page, questions in pages(chosen, db):
                for number in range(rounds + 1):
                    total = 0.0
                    for name, ask in questions.items():
                        begin, spent = time.perf_counter(), time.process_time()
                        ask(db)
                        took = (time.perf_counter() - begin) * 1000
                        total += took
                        if number:  # the first turn only warms
                            wall[name][days].append(took)
                            busy[name][days].append((time.process_time() - spent) * 1000)
                    if number:
                        whole[page][days].append(total)
    return wall, busy, whole


def compare(db: sqlite3.Connection, name: str) -> tuple[float, float, list[str]]:
    """(milliseconds of the plain question for the whole province, of ours, where their answers differ)."""
    wrong, times = [], (0.0, 0.0)
    for place, chosen in enumerate(choices(db, DEFAULT)[:3]):
        for page, questions in pages(replace(chosen, days=DEFAULTS.get(name, DEFAULT)), db):
            if name in questions:
                begin = time.perf_counter()
                found = questions[name](db)
                ours = time.perf_counter() - begin
                twin, begin = TWINS[name], time.perf_counter()
                expected = twin.ask(db, replace(chosen, days=DEFAULTS.get(name, DEFAULT)))
                if not place:
                    times = ((time.perf_counter() - begin) * 1000, ours * 1000)
                if twin.view is not None and twin.view(found) != expected:
                    wrong.append(f"{page} {name} 单位{chosen.root}")
                break
    return *times, wrong


def middle(numbers: list[float]) -> float:
    return float(np.median(numbers))


def late(numbers: list[float]) -> float:
    return float(np.quantile(numbers, 0.95))


def tell(
    wall: dict[str, Times],
    busy: dict[str, Times],
    whole: dict[str, Times],
    beside: dict[str, tuple[float, float, list[str]]],
    options: argparse.Namespace,
) -> int:
    """Print the figures; the exit code."""
    lines: list[tuple[Any, ...]] = []
    missed = []
    for kind, held, goal in (("查询", wall, GOAL_QUERY), ("页面合计", whole, GOAL_PAGE)):
        for name, times in held.items():
            days = DEFAULTS.get(name, DEFAULT)
            days = days if days in times else DEFAULT
            note = f"毫秒，p95 {late(times[days]):,.1f}"
            if kind == "查询":
                note += f"，CPU {middle(busy[name][days]):,.1f}/{late(busy[name][days]):,.1f}"
            note += f"({days}天)；" + "，".join(
                f"{other}天 {middle(times[other]):,.1f}/{late(times[other]):,.1f}" for other in times if other != days
            )
            if kind == "查询" and name in beside:
                plain, ours, wrong = beside[name]
                note += f"；直接查 {plain:,.0f}，{plain / max(ours, 1e-6):,.0f} 倍，{'结果不同' if wrong else '结果相同'}"
            if late(times[days]) > goal:
                missed.append(f"{kind} {name}")
                note += f"；未达目标 {goal:g}"
            lines.append((f"{kind} {name}", middle(times[days]), note))
    wrong = [one for _, _, found in beside.values() for one in found]
    lines += [("结果不同", one) for one in wrong]
    lines.append(("未达目标", len(missed), "、".join(missed)))
    figures = {
        "accounts": options.accounts,
        "comments": options.comments,
        "missed": missed,
        "wrong": wrong,
        "compared": len(beside),
        **{
            kind: {
                name: {days: [round(middle(times), 1), round(late(times), 1)] for days, times in by_days.items()}
                for name, by_days in held.items()
            }
            for kind, held in (("queries", wall), ("cpu", busy), ("pages", whole))
        },
    }
    size = f"{options.accounts:,} 个账号、{options.comments:,} 条评论"
    show(f"页面查询：{size}；目标：每项 p95 ≤ {GOAL_QUERY:g}，每页合计 p95 ≤ {GOAL_PAGE:g}", lines, figures)
    return 1 if missed or wrong else 0
