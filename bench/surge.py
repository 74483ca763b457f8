"""How many incidents the surge detector finds, how often it cries for nothing, how late it is, and what it costs."""

import argparse
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.show import progress, show
from bench.surge_csv import score_file
from bench.surge_incidents import DAY
from bench.surge_judge import Found, Verdict, judge, judge_groups
from bench.surge_rivals import ears_c2, seven_day_average
from bench.surge_world import World, make_world
from matrix.surge import Detector
from matrix.surge_group import Groups
from matrix.surge_rules import DayKind, minute_of_week

ABOUT = "声量异动：标准与困难两种虚构世界里的召回、误报、延迟、成组发现和耗时，与两种常见规则对照；--csv 可为任何计数打分"
THRESHOLD, GROUP_THRESHOLD = 5.0, 3.6
RECALL, FALSE, SPURIOUS, HARD_RECALL, GROUP_RECALL, GROUP_FALSE, COST = 0.92, 5.0, 3.0, 0.77, 0.90, 1.0, 50.0
COST_SERIES = 20_000
MONDAY = next(bucket for bucket in range(5_900_000, 5_900_000 + 7 * DAY) if minute_of_week(bucket, 5) == 0)
RIVALS = {"EARS C2（发帖后静默 2 小时）": ears_c2, "最近一小时与 7 日均值之比": seven_day_average}
KINDS = {"step": "突增", "viral": "扩散", "ramp": "缓升", "pile-on": "帖下聚集"}


@dataclass(slots=True)
class Tally:
    """Sums over the seeds of one kind of world."""

    verdict: Verdict = field(default_factory=Verdict)
    rivals: dict[str, tuple[Verdict, Verdict]] = field(default_factory=dict)
    """At 5 false alarms per 1,000 series and day, and at the detector's own number of spurious ones."""
    groups: Found = field(default_factory=Found)
    group_false: int = 0
    group_days: float = 0.0


def main(argv: list[str]) -> int:
    """0 when every goal is met, or when a file was scored."""
    parser = argparse.ArgumentParser(prog="run.py bench surge", description=ABOUT)
    parser.add_argument("--seeds", type=int, nargs="+", default=[401])
    parser.add_argument("--accounts", type=int, default=1000)
    parser.add_argument("--threshold", type=float, default=THRESHOLD)
    parser.add_argument("--group-threshold", type=float, default=GROUP_THRESHOLD)
    parser.add_argument("--csv", type=Path, help="给该文件的计数打分：列 time、series、count，可有 post")
    parser.add_argument("--out", type=Path, help="打分结果写到该文件")
    options = parser.parse_args(argv)
    if options.csv or options.out:
        if not (options.csv and options.out):
            parser.error("--csv 和 --out 须一起给出。")
        return score_file(options.csv, options.out)
    tallies = {is_hard: Tally() for is_hard in (False, True)}
    for seed in options.seeds:
        for is_hard, tally in tallies.items():
            world = make_world(seed, options.accounts, is_hard)
            label = f"种子 {seed} {'困难' if is_hard else '标准'}"
            watch(world, tally, label, options.threshold, options.group_threshold)
    return report(tallies, measure_cost(), options)


def watch(world: World, tally: Tally, label: str, threshold: float, group_threshold: float) -> None:
    """Live through a world and add what was found to the tally."""
    score, group_score = live(world, label)
    verdict = judge(world, score, threshold)
    tally.verdict += verdict
    for name, rule in RIVALS.items():
        rival = rule(world)
        found = at_budget(world, rival, FALSE, "false"), at_budget(world, rival, verdict.per_day(verdict.spurious), "spurious")
        before = tally.rivals.get(name, (Verdict(), Verdict()))
        tally.rivals[name] = before[0] + found[0], before[1] + found[1]
    found_groups, false, days = judge_groups(world, group_score, group_threshold)
    tally.groups.delays += found_groups.delays
    tally.groups.comments += found_groups.comments
    tally.group_false += false
    tally.group_days += days


def live(world: World, label: str = "") -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Scores of the scored half: (buckets, series) and (buckets, groups, the last one being all series)."""
    total, size = world.counts.shape
    whole = int(world.groups.max()) + 1
    members = {group: np.flatnonzero(world.groups == group).tolist() for group in range(whole)} | {whole: list(range(size))}
    detector, groups = Detector(range(size)), Groups(members)
    score = np.zeros((total - world.scored_from, size), np.float32)
    group_score = np.zeros((len(score), len(members)), np.float32)
    for bucket in progress(range(total), total, label) if label else range(total):
        day = DayKind.REST if world.is_holiday[bucket] else DayKind.USUAL
        scores = detector.step(MONDAY + bucket, world.counts[bucket], world.posts[bucket], day)
        together = groups.step(scores)
        if bucket >= world.scored_from:
            score[bucket - world.scored_from] = scores.score
            group_score[bucket - world.scored_from] = together.score
    return score, group_score


def at_budget(world: World, score: NDArray[np.float32], budget: float, what: str) -> Verdict:
    """The verdict at the lowest threshold that keeps to so many false (or spurious) alarms per 1,000 series and day."""
    low, high = 0.0, float(score.max()) + 1
    for _ in range(14):
        middle = (low + high) / 2
        verdict = judge(world, score, middle)
        if verdict.per_day(getattr(verdict, what)) > budget:
            low = middle
        else:
            high = middle
    return judge(world, score, high)


def measure_cost(size: int = COST_SERIES, learn: int = DAY + 36, buckets: int = DAY // 2) -> dict[str, float]:
    """CPU milliseconds of one core per bucket, groups included, and what is kept per series in kB."""
    random = np.random.default_rng(5)
    rates = np.exp(random.uniform(np.log(0.01), np.log(200), size))
    members = {group: list(range(group, size, 40)) for group in range(40)} | {40: list(range(size))}
    detector, groups, spent = Detector(range(size)), Groups(members), []
    for bucket in range(learn + buckets):
        counts = random.poisson(rates * random.standard_gamma(6, size) / 6)
        posts = random.random(size) < 1 / DAY
        began = time.process_time()
        groups.step(detector.step(MONDAY + bucket, counts, posts))
        spent.append(1000 * (time.process_time() - began))
    kept = sum(array.nbytes for array in detector.state().values()) / size / 1000
    return {"mean_ms": float(np.mean(spent[learn:])), "worst_ms": float(np.max(spent[learn:])), "kb_per_series": kept}


def report(tallies: dict[bool, Tally], cost: dict[str, float], options: argparse.Namespace) -> int:
    """Print the figures and goals; the last line is JSON."""
    rows: list[tuple[Any, ...]] = []
    figures: dict[str, Any] = {"seeds": options.seeds, "accounts": options.accounts, "threshold": options.threshold}
    for is_hard, tally in tallies.items():
        name, verdict = "困难世界" if is_hard else "标准世界", tally.verdict
        rows += [
            (f"{name}：召回", verdict.recall, f"{len(verdict.kinds['all'].delays)} 起"),
            ("  每千序列每日误报", verdict.per_day(verdict.false), "其余为无害但真实的异动"),
            ("  其中无中生有", verdict.per_day(verdict.spurious), f"全部开启 {verdict.per_day(verdict.openings):.1f}"),
        ]
        for kind, words in KINDS.items():
            found = verdict.kinds.get(kind, Found())
            delay = f"延迟中位 {found.minutes():.0f} 分钟，九成 {found.minutes(0.9):.0f} 分钟"
            rows.append((f"  {words}", found.recall, f"{delay}，此前 {found.median_comments():.0f} 条"))
        daily = tally.group_false / max(tally.group_days, 1e-9)
        rows.append(("  成组（50 个账号中 20 个）", tally.groups.recall, f"延迟中位 {tally.groups.minutes():.0f} 分钟"))
        rows.append(("  成组每日误报", daily))
        for rival, (by_false, by_spurious) in tally.rivals.items():
            equal = f"召回 {by_spurious.recall:.3f}，误报 {by_spurious.per_day(by_spurious.false):.1f}"
            note = f"误报 {FALSE:.0f} 时；无中生有相同时{equal}"
            rows.append((f"  对照 {rival}", by_false.recall, note))
        figures["hard" if is_hard else "standard"] = {
            "recall": verdict.recall,
            "false": verdict.per_day(verdict.false),
            "spurious": verdict.per_day(verdict.spurious),
            "kinds": {kind: {"recall": found.recall, "delay": found.minutes()} for kind, found in verdict.kinds.items()},
            "group_recall": tally.groups.recall,
            "group_false": daily,
            "rivals": {rival: [one.recall for one in found] for rival, found in tally.rivals.items()},
        }
    rows += [
        (f"{COST_SERIES:,} 个序列每桶毫秒（单核）", cost["mean_ms"], f"最长 {cost['worst_ms']:.0f}"),
        ("每序列状态(kB)", cost["kb_per_series"]),
    ]
    goals = goals_of(tallies, cost)
    rows += [(goal, "达到" if is_met else "未达到") for goal, is_met in goals.items()]
    title = f"声量异动：{options.accounts} 个序列，{len(options.seeds)} 个种子，阈值 {options.threshold:g}"
    show(title, rows, figures | cost | {"goals_met": all(goals.values())})
    return 0 if all(goals.values()) else 1


def goals_of(tallies: dict[bool, Tally], cost: dict[str, float]) -> dict[str, bool]:
    """What must hold, in words; groups are judged over both worlds, where there are any."""
    easy, hard = tallies[False], tallies[True]
    goals = {
        f"标准世界召回不低于 {RECALL}": easy.verdict.recall >= RECALL,
        f"标准世界误报不高于 {FALSE:g}": easy.verdict.per_day(easy.verdict.false) <= FALSE,
        f"困难世界召回不低于 {HARD_RECALL}": hard.verdict.recall >= HARD_RECALL,
        f"无中生有不高于 {SPURIOUS:g}": all(one.verdict.per_day(one.verdict.spurious) <= SPURIOUS for one in tallies.values()),
        f"每桶不超过 {COST:g} 毫秒": cost["mean_ms"] <= COST,
    }
    delays = easy.groups.delays + hard.groups.delays
    if delays:
        goals[f"成组召回不低于 {GROUP_RECALL}"] = Found(delays).recall >= GROUP_RECALL
        goals[f"成组误报每日不高于 {GROUP_FALSE:g}"] = all(
            one.group_false <= GROUP_FALSE * one.group_days for one in tallies.values()
        )
    return goals
