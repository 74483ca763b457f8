"""Simulated days with every fault at once: does the database equal what could be seen, and has every miss a name?"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bench.explain import compare
from bench.show import show
from bench.town import Town, make_town
from bench.verdicts import Verdicts
from simulator.answering import LIVELY
from simulator.faults import KINDS
from storage import rollups
from storage.database import check_integrity, open_database

ABOUT = "采集精确性：所有故障同时发生，数据库与虚构城市的真相逐条对照"
START = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
DAY = 86400
LENIENT = {"stall": 0.003, "slow_drip": 0.003}
"""These cost real seconds each; the rest runs at the simulator's own default rates."""
CALM_HOURS = 26
"""The faults end before the end: only then can a miss be told from a delay."""


def main(argv: list[str]) -> int:
    """0 when nothing is unexplained, doubled, invented, falsely gone, wrongly worded or left out of coverage."""
    parser = argparse.ArgumentParser(prog="run.py bench exact", description=ABOUT)
    parser.add_argument("--days", type=float, default=7.0)
    parser.add_argument("--seeds", type=int, nargs="+", default=[7, 11, 23])
    parser.add_argument("--accounts", type=int, default=24)
    parser.add_argument("--lively", action="store_true", help="城市里出现追问、代答、改回复、删回复等全部情形")
    parser.add_argument("--keep", type=Path, help="把数据库留在这个文件夹")
    options = parser.parse_args(argv)
    total, rows, is_right = Verdicts(), [], True
    started = time.monotonic()
    for seed in options.seeds:
        with tempfile.TemporaryDirectory() as folder:
            place = options.keep / str(seed) if options.keep else Path(folder) / "town"
            more = LIVELY if options.lively else None
            town = make_town(place, seed=seed, size=options.accounts, start=START, rates=every_fault(), happenings=more)
            try:
                found, broken = run(town, options.days, seed)
            finally:
                town.close()
        is_right = is_right and found.is_exact and not broken
        add(total, found)
        rows.append((f"种子 {seed}", "一致" if found.is_exact and not broken else "不一致", "；".join(broken)))
    for name in ("unexplained", "invented", "falsely_gone", "wrong_text", "uncounted"):
        for line in getattr(total, name)[:5]:
            print(f"{name}: {line}", file=sys.stderr)
    rows += [("采到的发布", total.posts), ("采到的评论和回复对象", total.comments)]
    rows += [(f"未采到：{name}", count) for name, count in total.missed.most_common()]
    share = total.ideal_held / max(1, total.ideal)
    rows += [("理想采集端(每半小时一次，从不受限)能看到的", total.ideal), ("其中采到的占比", share)]
    rows += [("原因不明", len(total.unexplained)), ("重复", total.doubled), ("凭空多出", len(total.invented))]
    rows += [("误判为已删除", len(total.falsely_gone)), ("正文不符", len(total.wrong_text))]
    rows += [("缺失未计入完整度", len(total.uncounted)), ("用时(秒)", round(time.monotonic() - started))]
    figures = {
        "seeds": options.seeds,
        "days": options.days,
        "posts": total.posts,
        "comments": total.comments,
        "missed": dict(total.missed),
        "ideal": total.ideal,
        "share_of_ideal_held": round(share, 5),
        "unexplained": len(total.unexplained),
        "doubled": total.doubled,
        "invented": len(total.invented),
        "falsely_gone": len(total.falsely_gone),
        "wrong_text": len(total.wrong_text),
        "uncounted": len(total.uncounted),
    }
    show(
        f"采集精确性：{options.accounts} 个账号，{options.days} 天，{len(options.seeds)} 个种子，{len(KINDS)} 种故障",
        rows,
        figures,
    )
    return 0 if is_right else 1


def every_fault() -> dict[str, float]:
    """Every fault of the simulator at once."""
    from simulator.faults import DEFAULT_RATES

    return {kind: LENIENT.get(kind, DEFAULT_RATES[kind]) for kind in KINDS}


def run(town: Town, days: float, seed: int) -> tuple[Verdicts, list[str]]:
    """Live through the days under fire, then a calm day, then compare; the second part says what broke in the file."""
    begin = town.clock.now()
    stormy = begin + days * DAY
    shown = [begin]

    def tick(now: float) -> None:
        if now - shown[0] >= DAY:
            shown[0] = now
            print(f"种子 {seed}：第 {round((now - begin) / DAY)} 天", file=sys.stderr, flush=True)

    town.live_until(stormy, tick)
    for kind in KINDS:
        town.world.faults.clear(kind)
    town.live_until(stormy + CALM_HOURS * 3600, tick)
    town.look_at_everybody()
    with closing(open_database(town.path)) as db:
        found = compare(db, town, begin - (town.settings.worker.history_days - 1) * DAY, town.clock.now() - 60)
        broken = check_integrity(db)
        broken += [f"{name} 相差 {number}" for name, number in rollups.differences(db).items() if number]
    return found, broken


def add(total: Verdicts, found: Verdicts) -> None:
    """Add one seed's verdicts to the sum."""
    total.posts += found.posts
    total.comments += found.comments
    total.doubled += found.doubled
    total.ideal += found.ideal
    total.ideal_held += found.ideal_held
    total.missed += Counter(found.missed)
    for name in ("unexplained", "invented", "falsely_gone", "wrong_text", "uncounted"):
        getattr(total, name).extend(getattr(found, name))
