"""Kills the real worker with SIGKILL at random moments of its back-fill and looks at what it leaves behind."""

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.kill_checks import Found, Held, committed, examine, invented, is_being_written, unlike
from bench.kill_city import City, city_of, data_version, left_to_do
from bench.kill_platforms import Size
from bench.show import progress, show

ABOUT = "强行终止：采集中随机 kill -9 采集程序，检查无损坏、汇总精确、已提交的不丢、不重复"
START_SECONDS = 120
"""A worker that has not saved anything by then never will."""


@dataclass(slots=True)
class Tally:
    """What all kills came to."""

    kills: int = 0
    frozen: int = 0
    writing: int = 0
    interrupted: int = 0
    damaged: int = 0
    sums_apart: int = 0
    lost: int = 0
    doubled: int = 0
    cities: int = 0
    most_in_a_city: int = 0
    rows: int = 0
    unlike_clean: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, found: Found, moment: str) -> None:
        self.kills += 1
        self.interrupted += found.interrupted
        self.damaged += found.damaged
        self.sums_apart += found.sums_apart
        self.lost += found.lost
        self.doubled += found.doubled
        self.faults += [f"第 {self.kills} 次({moment}):{sentence}" for sentence in found.sentences]

    def is_good(self) -> bool:
        return not self.faults


def main(argv: list[str]) -> int:
    """0 when nothing was damaged, lost or doubled, and each city ended like one that was never killed."""
    parser = argparse.ArgumentParser(prog="run.py bench kill", description=ABOUT)
    parser.add_argument("--kills", type=int, default=100, help="终止多少次(默认 100)")
    parser.add_argument("--seed", type=int, default=7, help="城市和时刻的种子")
    parser.add_argument("--accounts", type=int, default=24, help="城市的账号数")
    parser.add_argument("--days", type=int, default=12, help="要回补的天数")
    parser.add_argument("--busy", type=float, default=6.0, help="评论热闹程度")
    parser.add_argument("--folder", type=Path, help="把数据库和日志留在这个文件夹，便于查找原因")
    options = parser.parse_args(argv)
    size = Size(options.accounts, options.days, options.busy)
    tally = Tally()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        kills = run(tally, options.kills, options.seed, size, options.folder or Path(folder))
        for _ in progress(kills, options.kills, "强行终止"):
            pass
    report(tally, time.monotonic() - began)
    return 0 if tally.is_good() and tally.kills == options.kills else 1


def run(tally: Tally, wanted: int, seed: int, size: Size, folder: Path) -> Iterator[int]:
    """Kill until there were as many as wanted, one city after the other; yields after each kill."""
    dice = random.Random(seed)
    while tally.kills < wanted:
        place = folder / f"city{tally.cities}"
        before = tally.kills
        with city_of(seed + tally.cities, size, place) as city:
            yield from siege(city, tally, wanted, dice)
            finish(city, tally)
        tally.cities += 1
        tally.most_in_a_city = max(tally.most_in_a_city, tally.kills - before)
        if tally.kills == before:
            tally.faults.append("回补在第一次终止之前就完成了，城市太小")
            return


def siege(city: City, tally: Tally, wanted: int, dice: random.Random, longest: float = 1.5) -> Iterator[int]:
    """Start the worker, let it save for `longest` seconds at most, kill it, look; until enough kills or nothing is left."""
    path, truth = city.found("siege"), city.truth()
    while tally.kills < wanted:
        delay = dice.uniform(0.0, 0.05) if dice.random() < 0.2 else dice.uniform(0.05, longest)
        is_frozen = dice.random() < 0.5
        with city.worker("siege") as worker:
            if not is_saving(worker, path):
                stop(worker, tally)
                return
            time.sleep(delay)
            if not left_to_do(path):
                stop(worker, tally)
                return
            held = kill(worker, path, tally, is_frozen)
        found = examine(path, path.with_name("copy.db"), held, truth)
        tally.add(found, f"保存开始后 {delay:.2f} 秒")
        yield tally.kills


def is_saving(worker: "subprocess.Popen[bytes]", path: Path) -> bool:
    """Wait until the worker saves something; False when there is nothing left for it to do, or when it has ended."""
    mark, deadline = data_version(path), time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and worker.poll() is None:
        if data_version(path) != mark:
            return True
        if not left_to_do(path):
            return False
        time.sleep(0.005)
    return False


def kill(worker: "subprocess.Popen[bytes]", path: Path, tally: Tally, is_frozen: bool) -> Held:
    """SIGKILL; gives what was committed before it.

    Half of them are frozen first: then what is read is what was committed at the very moment of death, and it can be seen
    whether a transaction was open.
    """
    held = committed(path)
    if is_frozen:
        worker.send_signal(signal.SIGSTOP)
        os.waitpid(worker.pid, os.WUNTRACED)
        tally.frozen += 1
        with suppress(sqlite3.OperationalError):  # frozen while it changes the log's index, it lets nobody read
            held = committed(path)
    if is_frozen and is_being_written(path):
        tally.writing += 1
    worker.kill()
    worker.wait()
    return held


def stop(worker: "subprocess.Popen[bytes]", tally: Tally) -> None:
    """End a worker that has nothing left to do the way a service manager does."""
    worker.terminate()
    if code := worker.wait(60):
        tally.faults.append(f"采集程序没有正常结束(代码 {code})")


def finish(city: City, tally: Tally) -> None:
    """Let the rest come in and compare with a database of the same city whose worker was never killed."""
    for name in ("siege", "clean"):
        if name == "clean":
            city.found(name)
        tally.faults += city.settle(name)
    siege_path, clean = (city.settings(name).database.path for name in ("siege", "clean"))
    different = unlike(siege_path, clean) + invented(siege_path, city.truth())
    tally.unlike_clean += len(different)
    tally.faults += [f"第 {tally.cities + 1} 座城市：{sentence}" for sentence in different]
    last = examine(siege_path, siege_path.with_name("copy.db"), {}, city.truth())
    tally.faults += last.sentences
    tally.rows += last.rows


def report(tally: Tally, seconds: float) -> None:
    """The table, the faults, the figures."""
    rows = [
        ("kill -9 次数", tally.kills, f"其中 {tally.frozen} 次先冻结再读取，{tally.writing} 次正在写事务中"),
        ("被打断的采集", tally.interrupted, "重启后自动重采"),
        ("完整性检查问题", tally.damaged),
        ("汇总与明细不一致", tally.sums_apart, "合计与逐行"),
        ("已提交而丢失的行", tally.lost),
        ("重复的行", tally.doubled, "按编号与按内容"),
        ("城市", tally.cities, f"每座最多被终止 {tally.most_in_a_city} 次，最后共 {tally.rows:,} 条"),
        ("与从未终止的采集结果之差", tally.unlike_clean),
        ("用时(秒)", seconds),
    ]
    figures = {
        "kills": tally.kills,
        "frozen": tally.frozen,
        "inside_transaction": tally.writing,
        "interrupted_runs": tally.interrupted,
        "integrity_problems": tally.damaged,
        "rollup_differences": tally.sums_apart,
        "lost_rows": tally.lost,
        "doubled_rows": tally.doubled,
        "cities": tally.cities,
        "rows": tally.rows,
        "unlike_clean_pass": tally.unlike_clean,
        "faults": len(tally.faults),
        "seconds": round(seconds, 1),
    }
    for fault in tally.faults[:40]:
        print(fault)
    show("强行终止：真实采集程序，真实接口，随机时刻 kill -9", rows, figures)
