"""A surge during which the worker is killed again and again, against the same surge undisturbed: same alerts, nothing lost."""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from bench.show import show
from commands.drill import Drill
from settings import ROOT
from simulator import scenario
from storage import accounts
from storage.database import check_integrity, open_database, open_writer, writing

ABOUT = "演练：声量突增中反复 kill -9 采集程序，预警、通知与不被打断时逐条相同，接收端不丢、重复只在注明送达不明时"
MINUTES = 120


def main(argv: list[str]) -> int:
    """0 when both courses tell the same, everything arrived, and the worker was killed as often as asked."""
    parser = argparse.ArgumentParser(prog="run.py bench drill", description=ABOUT)
    parser.add_argument("--scenario", default="baoyu", choices=sorted(scenario.known()), help="演练方案(默认 baoyu)")
    parser.add_argument("--minutes", type=int, default=MINUTES, help=f"事件之后演多少分钟(默认 {MINUTES})")
    parser.add_argument("--history-days", type=int, default=7, help="事件之前采集多少天(默认 7)")
    parser.add_argument("--accounts", type=int, default=20, help="账号数(默认 20)")
    parser.add_argument("--seed", type=int, default=7, help="城市和终止时刻的种子")
    options = parser.parse_args(argv)
    options.busy, options.speed, options.console, options.lead_minutes = 2.0, 0.0, False, 20
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        told = scenario.read(scenario.known()[options.scenario])
        courses = []
        for kind, name in ((Drill, "undisturbed"), (Besieged, "killed")):
            options.folder = Path(folder) / name
            with closing(kind(told, options, threading.Event())) as drill:
                play(drill, options.minutes)
                courses.append((Course(drill), drill))
        (calm, _), (killed, besieged) = courses
    assert isinstance(besieged, Besieged)
    return report(calm, killed, besieged, time.monotonic() - began)


def play(drill: Drill, minutes: int) -> None:
    """The past, then every cycle until so many minutes after the event."""
    for _ in range(3):
        drill.cycle()
    if isinstance(drill, Besieged):
        drill.besiege()
    while drill.clock.now() < drill.told.moment(minutes):
        drill.clock.advance(300)
        drill.cycle()


class Besieged(Drill):
    """Every pass is a process of its own that dies at a random moment; then another one does the whole pass."""

    kills = in_hand = 0
    lasts = 4.0
    """Seconds of a whole pass, as the last one took."""

    def besiege(self) -> None:
        """From now on nobody in this process works."""
        self.worker.close()
        self.dice = random.Random(self.options.seed)
        self.log = (self.folder / "worker.log").open("ab")

    def work(self) -> None:
        if not hasattr(self, "dice"):
            super().work()
            return
        if self.clock.now() >= self.told.occurred:
            began = self.trace()
            program = self.start()
            time.sleep(self.dice.uniform(0.55, 1.0) * self.lasts)
            program.kill()
            self.kills += program.wait() != 0
            self.in_hand += self.trace() != began
        began_at = time.monotonic()
        if self.start().wait(120) != 0:
            raise RuntimeError(f"采集程序没有完成一遍采集，见 {self.folder}/worker.log")
        self.lasts = time.monotonic() - began_at

    def start(self) -> "subprocess.Popen[bytes]":
        """The real program for one pass over everybody, at the moment at which the drill's clock stands."""
        with closing(open_writer(self.path)) as db, writing(db):
            for account in accounts.collected(db):
                accounts.check_now(db, account.id, self.now())
        clock = {"START": self.now().isoformat(), "ANCHOR": str(time.time()), "SPEED": "0.001"}
        environ = self.environ() | {f"MATRIX_CLOCK_{name}": value for name, value in clock.items()}
        command = [sys.executable, "-P", "-m", "commands", "worker", "--once"]
        return subprocess.Popen(
            command, cwd=ROOT, env={**environ, "PYTHONPATH": str(ROOT)}, stdout=self.log, stderr=self.log, start_new_session=True
        )

    def trace(self) -> tuple[int, ...]:
        """Changes with everything that a pass writes."""
        tables = ("runs", "comments", "readings", "surge_steps", "attempts")
        with closing(open_database(self.path)) as db:
            return tuple(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)


class Course:
    """What came out of one course: alerts with their moves, the notices, and what the sink has."""

    def __init__(self, drill: Drill) -> None:
        with closing(open_database(drill.path)) as db:
            self.alerts = set(db.execute("SELECT key, title, level, state, raised_at, sentence FROM alerts").fetchall())
            moves = "SELECT a.key, v.move, v.level, v.at FROM alert_moves v JOIN alerts a ON a.id = v.alert_id"
            self.moves = set(db.execute(moves).fetchall())
            self.notices = {row[0] for row in db.execute("SELECT key FROM notices").fetchall()}
            self.waiting = db.execute("SELECT count(*) FROM deliveries WHERE state <> '已送达'").fetchone()[0]
            unknown = "SELECT p.key FROM attempts a JOIN dispatches p ON p.id = a.dispatch_id WHERE a.outcome = '送达不明'"
            self.unknown = {row[0] for row in db.execute(unknown).fetchall()}
            self.keys = {row[0] for row in db.execute("SELECT key FROM dispatches").fetchall()}
            self.damaged = check_integrity(db)
        self.arrived = Counter(key for key, _ in drill.stage.arrived)

    @property
    def repeats(self) -> dict[str, int]:
        return {key: times for key, times in self.arrived.items() if times > 1}


def report(calm: Course, killed: Course, besieged: Besieged, seconds: float) -> int:
    """The table, the faults, the figures; gives the exit code."""
    lost = len(killed.keys - set(killed.arrived)) + killed.waiting
    too_often = sum(times > 2 for times in killed.repeats.values())
    unexplained = len(set(killed.repeats) - killed.unknown)
    differing = {name: len(getattr(calm, name) ^ getattr(killed, name)) for name in ("alerts", "moves", "notices")}
    for name in differing:
        for one in sorted(getattr(calm, name) ^ getattr(killed, name), key=repr)[:6]:
            print(f"{name} {'缺少' if one in getattr(calm, name) else '多出'} {one}")
    rows = [
        ("kill -9 次数", besieged.kills, f"其中{besieged.in_hand}次时已写入这一遍的部分结果"),
        ("预警", len(calm.alerts), "不被打断时"),
        ("预警不同", differing["alerts"], "键、级别、状态、时刻、说明逐字比较"),
        ("预警变化不同", differing["moves"], f"共{len(calm.moves)}次"),
        ("通知不同", differing["notices"], f"共{len(calm.notices)}条"),
        ("接收端丢失", lost, f"收到{sum(killed.arrived.values())}次"),
        ("到达两次以上", too_often),
        ("重复而没有注明", unexplained, f"重复{len(killed.repeats)}次"),
        ("完整性检查问题", len(killed.damaged)),
        ("用时(秒)", seconds),
    ]
    wrong = sum(differing.values()) + lost + too_often + unexplained + len(killed.damaged)
    figures = {"kills": besieged.kills, "in_hand": besieged.in_hand, "alerts": len(calm.alerts), "wrong": wrong}
    show("演练：声量突增中反复 kill -9", rows, figures | {"cores": os.cpu_count(), "seconds": round(seconds, 1)})
    return 1 if wrong or not calm.alerts or not besieged.kills else 0
