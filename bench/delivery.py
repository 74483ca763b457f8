"""Kills whoever delivers with SIGKILL, between a platform's answer and our commit and at random, and counts at the platforms."""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from bench.delivery_sinks import Judged, Life, Sinks, Start, found_city, judge, tell
from bench.show import progress, show
from settings import ROOT
from storage.database import open_database

ABOUT = "投递：发送中反复 kill -9，以各平台实收的编号为准，检查通知不丢、至多重复一次且注明送达不明"
PATIENCE = 60.0
"""Seconds within which whoever delivers has to start and send something."""


def main(argv: list[str]) -> int:
    """0 when nothing was lost, nothing arrived more than twice and every repeat is told as one."""
    parser = argparse.ArgumentParser(prog="run.py bench delivery", description=ABOUT)
    parser.add_argument("--kills", type=int, default=40, help="终止采集程序多少次(默认 40)")
    parser.add_argument("--seed", type=int, default=7, help="时刻和级别的种子")
    options = parser.parse_args(argv)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        place = Path(folder)
        sinks = Sinks(random.Random(options.seed)).open(stack)
        environ = environ_of(place, sinks)
        unit = found_city(place / "matrix.db", place / "matrix.key", datetime.now(UTC))
        siege = Siege(place / "matrix.db", unit, sinks, lambda: worker(environ))
        for _ in progress(siege.kill_again(options.kills), options.kills, "强行终止"):
            pass
        siege.finish()
        found = judge(siege.path, sinks.counts(), siege.told)
    report(siege, found, time.monotonic() - began)
    return 1 if found.faults or siege.kills < options.kills else 0


def environ_of(place: Path, sinks: Sinks) -> dict[str, str]:
    """The settings of an installation in a folder of its own whose channels lead to the sinks."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "MATRIX_DATABASE_PATH": str(place / "matrix.db"),
        "MATRIX_DATABASE_KEY_FILE": str(place / "matrix.key"),
        "MATRIX_WORKER_WATCH_FOLDER": str(place / "inbox"),
        "MATRIX_WORKER_TICK_SECONDS": "0.5",
        "MATRIX_NOTIFY_TICK_SECONDS": "0.02",
        "MATRIX_NOTIFY_ANSWER_SECONDS": "5",
        "MATRIX_NOTIFY_REROUTE": sinks.reroute(),
    }


def worker(environ: dict[str, str]) -> "subprocess.Popen[bytes]":
    """The real worker, as a service manager starts it."""
    command = [sys.executable, "-P", "-m", "commands", "worker"]
    return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Siege:
    """Notices are left, whoever delivers is started and killed, again and again; then the rest is let through."""

    def __init__(self, path: Path, unit: int, sinks: Sinks, start: Start, batch: int = 1) -> None:
        self.path, self.unit, self.sinks, self.start, self.batch = path, unit, sinks, start, batch
        self.dice = random.Random(sinks.dice.random())
        self.told = self.kills = 0

    def kill_again(self, wanted: int) -> Iterator[int]:
        """Kill so many times; yields after each."""
        while self.kills < wanted:
            tell(self.path, self.unit, self.told, self.batch, datetime.now(UTC), self.dice)
            self.told += self.batch
            self.live_and_die(self.start())
            self.kills += 1
            yield self.kills

    def live_and_die(self, life: Life) -> None:
        """Two of three die between an answer and their commit, the third at a random moment of its sending."""
        is_armed = self.dice.random() < 2 / 3
        before = sum(self.sinks.counts().values())
        self.sinks.aim(life.pid, is_armed)
        if not is_armed:
            deadline = time.monotonic() + PATIENCE
            while time.monotonic() < deadline and sum(self.sinks.counts().values()) == before:
                time.sleep(0.002)
            time.sleep(self.dice.uniform(0.0, 0.08))
            with suppress(ProcessLookupError):
                os.kill(life.pid, signal.SIGKILL)
        life.wait(PATIENCE)
        self.sinks.aim(0, is_armed=False)

    def finish(self) -> None:
        """Let everything through, and end in peace."""
        life = self.start()
        deadline = time.monotonic() + 5 * PATIENCE  # robots take twenty messages a minute
        while self.waiting() and time.monotonic() < deadline:
            time.sleep(0.05)
        with suppress(ProcessLookupError):
            os.kill(life.pid, signal.SIGTERM)
        life.wait(PATIENCE)

    def waiting(self) -> int:
        with closing(open_database(self.path)) as db:
            return int(db.execute("SELECT count(*) FROM deliveries WHERE state = '待发送'").fetchone()[0])


def report(siege: Siege, found: Judged, seconds: float) -> None:
    """The table, the faults, the figures."""
    rows = [
        ("kill -9 次数", siege.kills, f"其中{siege.sinks.between}次在平台已答复、本方未提交之间"),
        ("通知", siege.told, f"发往5种渠道，{found.deliveries}条投递，{found.messages}条消息"),
        ("平台实收的编号", found.arrived, "按各平台自己的记录"),
        ("丢失", found.lost),
        ("到达两次", found.repeated, "同一编号，均记为送达不明后补发"),
        ("到达两次以上", found.too_often),
        ("重复而没有注明", found.unexplained),
        ("最终送达不明", found.left_unknown, "两次都在答复前后被终止，平台已收到"),
        ("完整性检查问题", found.damaged),
        ("用时(秒)", seconds),
    ]
    for fault in found.faults[:40]:
        print(fault)
    figures = {
        "kills": siege.kills,
        "between_answer_and_commit": siege.sinks.between,
        "notices": siege.told,
        "messages": found.messages,
        "lost": found.lost,
        "repeated_once": found.repeated,
        "too_often": found.too_often,
        "repeats_not_told": found.unexplained,
        "left_unknown": found.left_unknown,
        "seconds": round(seconds, 1),
    }
    show("投递：真实采集程序，五种渠道，随机时刻与答复后提交前 kill -9", rows, figures)
