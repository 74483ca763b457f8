"""Measures the watch end to end: made-up months in a real database, surges that are known, what was told of them and when."""

import argparse
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.show import progress, show
from bench.watching_city import BUCKET, DAY, FIRST, TOPICS, City, counted, live, make_city, rates_of, tick, world
from bench.watching_groups import groups
from bench.watching_kill import kill
from storage.database import create_database
from storage.surge_watch import Watch

ABOUT = "预警：造数三个月，经真实的库和判断，查发现率、误报、延迟(以采集周期计)和每次判断的耗时"
LEAST_EXCESS, LEAST_RATIO, SOON = 20, 3.0, 6
"""Material: thirty minutes hold so many comments more than expected and so many times as many. Buckets to find it in."""
NOTHING = 2.0
QUIET = 36
"""Buckets after a surge in which an alert of its account still belongs to it."""


@dataclass(slots=True)
class Surge:
    """One that was put in: its account, when it began and ended, and when it became material (bucket)."""

    place: int
    start: int
    end: int
    material: int | None = None
    found: int | None = None


def main(argv: list[str]) -> int:
    """0 when nine of ten surges are found in time and there are at most two spurious alerts a week per 100 accounts."""
    parser = argparse.ArgumentParser(prog="run.py bench watching", description=ABOUT)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--days", type=int, default=90, help="监测多少天(默认 90)，之前另有 28 天历史")
    parser.add_argument("--accounts", type=int, default=100)
    parser.add_argument("--surges", type=int, default=40, help="放入多少次异动(默认 40)")
    parser.add_argument("--kills", type=int, default=0, help="只做强行终止：在一天的判断中 kill -9 这么多次，看预警是否一致")
    parser.add_argument("--groups", type=int, default=0, help="只做成组：这么多天里每天一次，50 个账号中 20 个各高一点")
    options = parser.parse_args(argv)
    if options.kills:
        return killed(options.kills, options.seed)
    if options.groups:
        with tempfile.TemporaryDirectory() as folder, closing(create_database(Path(folder) / "watching.db")) as db:
            return groups(db, options.groups, options.seed)
    with tempfile.TemporaryDirectory() as folder, closing(create_database(Path(folder) / "watching.db")) as db:
        city = make_city(db, options.accounts, options.seed)
        return measure(city, options.days, options.surges)


def killed(kills: int, seed: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        done, number, apart = kill(Path(folder), kills, seed)
    lines = [
        ("强行终止次数", done, ""),
        ("预警", number, ""),
        ("与不中断时不同的", len(apart), "、".join(apart) or "无，逐行一致"),
    ]
    show("监测程序强行终止", lines, {"kills": done, "alerts": number, "apart": apart})
    return 0 if number and not apart else 1


def measure(city: City, days: int, number: int, past: int = 28) -> int:
    began, size = time.monotonic(), len(city.ids)
    rates = rates_of(city.dice, size, 0.005, 1.0)
    rate, posts, normal = world(city.dice, rates, FIRST, (past + days) * DAY)
    extra, surges = put_in(city.dice, rate, number, past * DAY)
    counts, more = counted(city.dice, rate), city.dice.poisson(extra)
    for surge in surges:
        surge.material = material(counts[:, surge.place] + more[:, surge.place], rate[:, surge.place], surge)
    counts += more
    end = (FIRST + past * DAY) * BUCKET
    for day in range(past):
        live(city, counts, posts, range(day * DAY, (day + 1) * DAY), end)
    city.look(end)
    watch, costs = Watch(TOPICS[:-1]), []
    led = tick(watch, city, end + 1)
    print(f"历史已学习：{db_count(city)}条评论，{led:.0f}秒", flush=True)
    for row in progress(range(past * DAY, (past + days) * DAY), days * DAY, "监测"):
        close = (FIRST + row + 1) * BUCKET
        live(city, counts, posts, range(row, row + 1), close + 120)
        city.look(close + 120, is_first=False)
        costs.append(tick(watch, city, close + 240))
        if row % DAY == 0:  # nobody needs the looks of yesterday
            city.db.execute("DELETE FROM runs WHERE started_at < ?", (close - 86400,))
    return report(city, surges, days, np.array(costs), (led, time.monotonic() - began), (rate + extra) / normal, normal)


def put_in(
    dice: np.random.Generator, rate: NDArray[np.float64], number: int, start: int
) -> tuple[NDArray[np.float64], list[Surge]]:
    """Surges of two sorts: an hour or two at once, or doubling every ten to forty minutes; an account has one in three days."""
    extra, surges = np.zeros_like(rate), []
    taken = np.zeros((len(rate) // DAY + 3, rate.shape[1]), bool)
    while len(surges) < number:
        place, begin = int(dice.integers(rate.shape[1])), int(dice.integers(start, len(rate) - DAY))
        day = begin // DAY
        if taken[day - 1 : day + 2, place].any():
            continue
        taken[day, place] = True
        usual = float(rate[begin : begin + 24, place].mean())
        peak = max(usual * dice.uniform(3, 12), dice.uniform(5, 15))
        strong = int(dice.integers(12, 25))
        rise = np.zeros(0)
        if len(surges) % 2:
            doubling = dice.uniform(2, 8)
            rise = 2 ** (np.arange(-5 * doubling, 0) / doubling)
        curve = peak * np.concatenate([rise, np.ones(strong), np.exp(-np.arange(1, 25) / 9)])
        extra[begin : begin + len(curve), place] += curve
        surges.append(Surge(place, begin, begin + len(curve)))
    return extra, surges


def material(counts: NDArray[np.int64], rate: NDArray[np.float64], surge: Surge) -> int | None:
    """The first bucket at whose end thirty minutes are material; None when the surge never is."""
    for row in range(surge.start, surge.end):
        seen, expected = counts[row - 5 : row + 1].sum(), rate[row - 5 : row + 1].sum()
        if seen - expected >= LEAST_EXCESS and seen >= LEAST_RATIO * expected:
            return row
    return None


def db_count(city: City) -> int:
    return city.db.execute("SELECT count(*) FROM comments").fetchone()[0]


def report(
    city: City,
    surges: list[Surge],
    days: int,
    costs: NDArray[np.float64],
    seconds: tuple[float, float],
    ratio: NDArray[np.float64],
    normal: NDArray[np.float64],
) -> int:
    """Which alert tells of which surge by account and time. Of the others those are spurious that tell of nothing.

    Nothing: comments came at less than twice the normal rate (`ratio` of `normal`) in the window. The rest is real and harmless:
    a post that drew more than posts usually do. `seconds`: for the first learning, and for all.
    """
    place_of = {account: place for place, account in enumerate(city.ids)}
    told = city.db.execute(
        "SELECT a.id, a.raised_at, a.seen_at, a.title, a.peak, a.sentence FROM alerts a ORDER BY a.seen_at"
    ).fetchall()
    rows = city.db.execute(
        "SELECT m.alert_id, s.account_id, m.joined_at, a.seen_at FROM alert_members m JOIN series s ON s.id = m.series_id "
        "JOIN alerts a ON a.id = m.alert_id WHERE s.account_id IS NOT NULL"
    ).fetchall()
    owned: set[int] = set()
    for alert, account, _, _ in rows:
        raised = next(one[1] for one in told if one[0] == alert)
        for surge in surges:
            begins, ends = (FIRST + surge.start) * BUCKET, (FIRST + surge.end + QUIET) * BUCKET
            if surge.place == place_of[account] and begins <= raised <= ends:
                owned.add(alert)
                seen = next(one[2] for one in told if one[0] == alert)
                surge.found = min(surge.found or 10**12, seen)
    counted_ones = [surge for surge in surges if surge.material is not None]
    delays = [
        (surge.found - (FIRST + surge.material + 1) * BUCKET) / BUCKET
        for surge in counted_ones
        if surge.found is not None and surge.material is not None
    ]
    good = sum(delay <= SOON for delay in delays)
    others = [one for one in told if one[0] not in owned]
    spurious = [one for one in others if truth(city, one[0], ratio, normal) < NOTHING]
    weekly = len(spurious) / (days / 7) / (len(city.ids) / 100)
    recall = good / max(1, len(counted_ones))
    at_once = sum(delay <= 2 for delay in delays) / max(1, len(counted_ones))
    kept = city.db.execute("SELECT max(length(content)) FROM surge_snapshots").fetchone()[0]
    late = np.array(delays) if delays else np.zeros(1)
    lines = [
        ("放入的异动", len(surges), f"其中达到实质规模 {len(counted_ones)}"),
        ("三十分钟内发现", recall, "目标 ≥ 0.90"),
        ("两个采集周期内发现", at_once, ""),
        ("发现距达到实质规模(采集周期)", float(np.median(late)), f"九成在 {np.quantile(late, 0.9):.1f} 以内，负数为更早"),
        ("凭空的误报(每周每百账号)", weekly, f"共 {len(spurious)} 条，目标 ≤ 2"),
        (
            "真实但无害的(每周每百账号)",
            (len(others) - len(spurious)) / (days / 7) / (len(city.ids) / 100),
            "自己的内容引来更多评论",
        ),
        ("预警共", len(told), f"评论 {db_count(city)} 条"),
        ("每次判断(毫秒)", float(costs.mean() * 1000), f"最长 {costs.max() * 1000:.0f}，目标 < 1000"),
        ("首次学习(秒)", seconds[0], f"28 天，快照 {kept / 1e6:.1f} MB"),
        ("用时(秒)", seconds[1], ""),
    ]
    for one in others:
        print(
            "凭空：" if one in spurious else "无害：",
            f"真实为平时的 {truth(city, one[0], ratio, normal):.1f} 倍",
            f"{datetime.fromtimestamp(one[1], UTC):%m-%d %H:%M}",
            one[3],
            f"{one[4]:.1f}",
            one[5],
        )
    for surge in counted_ones:
        if surge.found is None or (surge.material is not None and surge.found > (FIRST + surge.material + 1 + SOON) * BUCKET):
            print("未及时发现：", surge)
    figures = {"recall": recall, "two_cycles": at_once, "spurious_per_week": weekly, "tick_ms": float(costs.mean() * 1000)}
    show("预警端到端", lines, figures)
    return 0 if recall >= 0.9 and weekly <= 2 else 1


def truth(city: City, alert_id: int, ratio: NDArray[np.float64], normal: NDArray[np.float64]) -> float:
    """How many times the normal rate comments came at in the window that raised an alert, over the accounts that it counts."""
    unit, account, platform, b5, minutes = city.db.execute(
        "SELECT s.organization_id, s.account_id, s.platform, m.b5, m.minutes FROM alerts a JOIN series s ON s.id = a.series_id "
        "JOIN alert_members m ON m.alert_id = a.id AND m.series_id = a.series_id WHERE a.id = ?",
        (alert_id,),
    ).fetchone()
    below = {row[0] for row in city.db.execute("SELECT account_id FROM account_up WHERE ancestor_id = ?", (unit,)).fetchall()}
    mine = [
        place
        for place, number in enumerate(city.ids)
        if number == account or (account is None and number in below and platform in (None, city.platforms[place]))
    ]
    rows = slice(b5 - FIRST - minutes // 5 + 1, b5 - FIRST + 1)
    return float((ratio[rows, mine] * normal[rows, mine]).sum() / normal[rows, mine].sum())


if __name__ == "__main__":
    raise SystemExit(main([]))
