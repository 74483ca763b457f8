"""Whether the right official word is taken for the answer to an appeal, against the make-believe city's own truth."""

import argparse
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from bench.answers_held import Held, held_in
from bench.answers_judged import CLOCKS, Claims, Judged, claims, judge
from bench.answers_town import HOUR, Tape, knowing_readers, live, play_shuffled, read_all, real_readers
from bench.answers_truth import threads_of
from bench.exact import every_fault
from bench.explain import IDEAL_EVERY
from bench.show import show
from bench.town import Town, make_town
from simulator.answering import LIVELY
from simulator.faults import KINDS
from simulator.ideal import ideal
from storage.database import open_database

ABOUT = "回复匹配：追问、楼中楼、同单位账号、改动、乱序、部分采到等情形下，首次响应和实质答复与虚构城市的真相对照"
START = datetime(2026, 4, 2, 0, 0, tzinfo=UTC)
"""A Thursday in Beijing; two days later a holiday of three days begins."""
MIX = ("weibo_free", "weibo_commercial", "wechat", "weibo_commercial", "weibo_free", "weibo_free", "weibo_commercial")
DAY, CALM_HOURS, READ_EVERY, CHECK_EVERY = 86400, 26, 2 * HOUR, 3 * HOUR
HARD = {**LIVELY, "crowded_threads": 0.04, "edited_replies": 0.12}
BLIND = ("filtered_comments", "/cgi-bin/comment/list")
PRECISION, RECALL = 0.98, 0.95


@dataclass
class Results:
    """Figures of one or several towns: as it was lived, under fire, played again shuffled, and with the product's own readers."""

    lived: Judged = field(default_factory=Judged)
    stormy: Judged = field(default_factory=Judged)
    """The same matters judged again and again while faults leave threads half read."""
    shuffled: Judged = field(default_factory=Judged)
    real: Judged = field(default_factory=Judged)
    told: Claims = field(default_factory=Claims)
    differing: list[str] = field(default_factory=list)

    def __add__(self, other: "Results") -> "Results":
        return Results(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    def goals(self) -> dict[str, bool]:
        """What must hold, in words."""
        both = (self.lived, self.stormy, self.shuffled)
        return {
            f"准确率不低于 {PRECISION}": all(one.precision(clock) >= PRECISION for one in both for clock in CLOCKS.values()),
            f"召回率不低于 {RECALL}": all(one.recall(clock) >= RECALL for one in both for clock in CLOCKS.values()),
            "没有把已答复的说成未答复": not self.told.wrong,
            "自动回复不停钟": not any(one.robot_stops for one in both),
            "乱序与顺序结果一致": not self.differing,
        }


def main(argv: list[str]) -> int:
    """0 when precision and recall reach their goals, in order and shuffled, and nobody is wrongly called unanswered."""
    parser = argparse.ArgumentParser(prog="run.py bench matching", description=ABOUT)
    parser.add_argument("--seeds", type=int, nargs="+", default=[7, 11, 23])
    parser.add_argument("--accounts", type=int, default=14)
    parser.add_argument("--days", type=float, default=3.0)
    parser.add_argument("--busy", type=float, default=1.5, help="评论热闹程度")
    parser.add_argument("--examples", type=int, default=8, help="每类差错列出几条")
    options = parser.parse_args(argv)
    total, started = Results(), time.monotonic()
    for seed in options.seeds:
        with tempfile.TemporaryDirectory() as folder:
            town = hard_town(Path(folder) / "town", seed, options.accounts, options.busy)
            try:
                found = run(town, options.days, seed)
            finally:
                town.close()
        print(f"种子 {seed}：{found.lived.matters} 件诉求", file=sys.stderr, flush=True)
        total += found
    return report(total, options, time.monotonic() - started)


def hard_town(folder: Path, seed: int, size: int, busy: float, history_days: int = 4) -> Town:
    """A town in which everything hard about answers happens, under every fault that costs no real time."""
    rates = {kind: rate for kind, rate in every_fault().items() if kind not in ("stall", "slow_drip")}
    more: dict[str, Any] = {"history_days": history_days, "busy": busy, "mix": MIX, "happenings": HARD}
    return make_town(folder, seed=seed, size=size, start=START, rates=rates, **more)


def run(town: Town, days: float, seed: int, calm_hours: float = CALM_HOURS, is_read: bool = True) -> Results:
    """Live through the days under fire and a calm day; judge; then the same batches in another order.

    With `is_read` once more as the product's own readers understand the town.
    """
    found, city = Results(), town.world.city
    begin = town.clock.now()
    stormy = begin + days * DAY
    readers = knowing_readers(city, stormy + (calm_hours + 24) * HOUR)
    tape = Tape(town)
    tape.record()
    checked, turns = [begin], count(1)

    def check(now: float) -> None:
        hour = int(now - begin) // HOUR % 24
        town.world.faults.clear(BLIND[0], path=BLIND[1])
        if 9 <= hour < 13:  # for some hours a day WeChat counts comments and shows none
            town.world.faults.set(BLIND[0], path=BLIND[1])
        if now - checked[0] >= CHECK_EVERY:
            checked[0] = now
            threads, held = threads_of(city, now), held_at(town.path)
            found.told += claims(threads, held)
            if next(turns) % 4 == 0:
                found.stormy += judge(threads, held, seen_until(town, now))

    live(town, stormy, readers, READ_EVERY, check)
    for kind in KINDS:
        town.world.faults.clear(kind)
    live(town, stormy + calm_hours * HOUR, readers, READ_EVERY, lambda _: None)
    town.look_at_everybody()
    read_all(town.path, readers, town.now())
    end = town.clock.now()
    threads = threads_of(city, end)
    seen = seen_until(town, end)
    lived = held_at(town.path)
    found.lived = judge(threads, lived, seen)
    found.told += claims(threads, lived)
    again = town.path.with_name("shuffled.db")
    play_shuffled(tape, again, readers, seed)
    shuffled = held_at(again)
    found.shuffled = judge(threads, shuffled, seen)
    found.differing = [
        f"{key}：顺序 {one}，乱序 {other}"
        for key in sorted(lived.facts.keys() | shuffled.facts.keys())
        if (one := told_of(lived, key)) != (other := told_of(shuffled, key))
    ]
    if is_read:
        read_all(town.path, real_readers(), town.now())
        found.real = judge(threads, held_at(town.path), seen)
    return found


def seen_until(town: Town, end: float) -> set[str]:
    """The keys of all words that a client which looks every half hour could have seen."""
    city = town.world.city
    return {key for account in city.accounts for key in ideal(city, account, IDEAL_EVERY, town.start, end).comments}


def held_at(path: Path) -> Held:
    with closing(open_database(path)) as db:
        return held_in(db)


def told_of(held: Held, key: str) -> tuple[object, ...]:
    """What a database says about an appeal, apart from when it learned it."""
    row = held.facts.get(key, {})
    names = ("first", "first_at", "answer", "answer_at", "is_sister", "elsewhere", "followup", "mood")
    return *(row.get(name) for name in names), *held.links.get(key, ())


def report(total: Results, options: argparse.Namespace, seconds: float) -> int:
    """Print figures, the confusion by shape, examples of what went wrong; the last line is JSON."""
    rows, figures = [], {"seeds": options.seeds, "accounts": options.accounts, "days": options.days}
    for name, words in (
        ("lived", "按时间顺序"),
        ("stormy", "故障期间各检查点"),
        ("shuffled", "乱序并重放"),
        ("real", "用产品自己的判读"),
    ):
        one = getattr(total, name)
        rows.append((f"{words}：诉求", one.matters))
        for clock in CLOCKS.values():
            note = f"对 {one.right[clock]}，产品给出 {one.matched[clock]}，真相中有 {one.wanted[clock]}"
            rows += [(f"  {clock}准确率", one.precision(clock), note), (f"  {clock}召回率", one.recall(clock))]
        figures[name] = {"matters": one.matters} | {
            clock: {"precision": round(one.precision(words), 5), "recall": round(one.recall(words), 5)}
            for clock, words in CLOCKS.items()
        }
    lived = total.lived
    for aside in sorted({what for what, _ in lived.asides}):
        rows.append((aside, f"{lived.asides[aside, True]} 对", f"{lived.asides[aside, False]} 错"))
    rows += [("情况不明", lived.unknown.total(), "；".join(f"{cause} {n}" for cause, n in lived.unknown.most_common()))]
    rows += [("其中该看到的却不明", len(lived.wrongly_unknown))]
    rows += [("称未答复的次数（各检查点）", total.told.made), ("其中其实已答复", len(total.told.wrong))]
    rows += [("两次采集之间出现又消失的答复", len(total.told.vanished)), ("只因在楼中更深处而算数的首次响应", lived.by_depth)]
    rows += [
        ("自动回复停了钟", len(lived.robot_stops)),
        ("采到不足而未判的诉求", lived.thin),
        ("不在已采帖文下的诉求", lived.loose),
    ]
    rows += [("乱序后不同的诉求", len(total.differing)), ("用时(秒)", round(seconds))]
    confusion(rows, lived)
    for name, wrong in (
        ("匹配", lived.wrong),
        ("说成未答复", total.told.wrong),
        ("不该不明", lived.wrongly_unknown),
        ("乱序", total.differing),
        ("旁及", lived.beside),
        ("自动", lived.robot_stops),
    ):
        for line in wrong[: options.examples]:
            print(f"{name}：{line}", file=sys.stderr)
    goals = total.goals()
    rows += [(goal, "达到" if is_met else "未达到") for goal, is_met in goals.items()]
    figures |= {"wrongly_unanswered": len(total.told.wrong), "claims": total.told.made, "robot_stops": len(lived.robot_stops)}
    figures |= {"wrongly_unknown": len(lived.wrongly_unknown), "unknown": dict(lived.unknown), "differing": len(total.differing)}
    figures |= {"asides": {what: [lived.asides[what, True], lived.asides[what, False]] for what, _ in lived.asides}}
    title = f"回复匹配：{options.accounts} 个账号，{options.days} 天，{len(options.seeds)} 个种子"
    show(title, rows, figures | {"goals_met": all(goals.values())})
    return 0 if all(goals.values()) else 1


def confusion(rows: list[tuple[object, ...]], judged: Judged) -> None:
    """For each shape how often each clock was right, wrong, missed, or stood still as it should."""
    for shape in sorted({shape for shape, _, _ in judged.shapes}):
        told = []
        for clock in CLOCKS.values():
            count = {verdict: judged.shapes[shape, clock, verdict] for verdict in ("对", "错", "漏", "未答")}
            told.append(f"{clock} " + " ".join(f"{verdict}{number}" for verdict, number in count.items()))
        number = sum(n for (one, clock, _), n in judged.shapes.items() if one == shape and clock == CLOCKS["first"])
        rows.append((f"情形 {shape}", number, "  ".join(told)))
