"""A drill: a scenario is played to the real chain on a database of its own, an officer acts, and a score card comes out."""

import argparse
import contextlib
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from collectors.collect_ledger import import_credentials, import_ledger
from matrix.drill import Card, Deliveries, lines
from settings import ROOT, load
from simulator import scenario
from simulator.stage import Stage
from storage import accounts, credentials, drill_officer, drill_results, drills, heartbeats, incident_watch, organizations
from storage.database import create_database, open_database, open_writer, writing
from storage.keyring import Keyring
from worker import Worker

ABOUT = "舆情演练：用真实采集、监测和通知程序重演一次突发事件，结束时给出成绩单"
CYCLE, AFTER_CLOSE = 300, 45
"""Seconds of a cycle of collection, and after the end of a bucket at which everybody is looked at."""

HOOK = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=good-key"
PLENTY = "1000000"


def main(argv: list[str]) -> int:
    """0: told within two cycles and nothing lost; 1: not; 2: the drill did not begin."""
    known = scenario.known()
    parser = argparse.ArgumentParser(prog="run.py drill", description=ABOUT)
    parser.add_argument("scenario", help=f"演练方案：{'、'.join(known)}，或自己编写的 TOML 文件")
    parser.add_argument("--speed", type=float, default=None, help="时间流速的上限，0 为尽快(默认；同时打开控制台时默认 60)")
    parser.add_argument("--console", action="store_true", help="同时打开演练数据库的控制台，可由人来处置")
    parser.add_argument("--port", type=int, default=8511, help="演练控制台的端口(默认 8511)")
    parser.add_argument("--accounts", type=int, default=30, help="账号数(默认 30)")
    parser.add_argument("--busy", type=float, default=2.0, help="平时评论热闹程度(默认 2)")
    parser.add_argument("--history-days", type=int, default=21, help="事件之前先采集多少天的历史(默认 21)")
    parser.add_argument("--lead-minutes", type=int, default=120, help="事件之前先平静地演多少分钟(默认 120)")
    parser.add_argument("--seed", type=int, default=7, help="城市的种子")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "drill", help="演练数据放在哪里(默认 var/drill)")
    options = parser.parse_args(argv)
    stopping = threading.Event()
    held = {name: signal.signal(name, lambda *_: stopping.set()) for name in (signal.SIGTERM, signal.SIGINT)}
    try:
        told = scenario.read(known.get(options.scenario, Path(options.scenario)))
        with closing(Drill(told, options, stopping)) as drill:
            return drill.run()
    except (scenario.ScenarioError, drills.RealDataError) as refused:
        print(refused, file=sys.stderr)
        return 2
    finally:
        for name, handler in held.items():
            signal.signal(name, handler)


class Drill:
    """The make-believe platforms, the worker, the sink and the scripted officer around one clock that goes cycle by cycle."""

    def __init__(self, told: scenario.Scenario, options: argparse.Namespace, stopping: threading.Event) -> None:
        self.told, self.options, self.stopping = told, options, stopping
        self.speed = options.speed if options.speed is not None else (60.0 if options.console else 0.0)
        self.folder = options.folder.resolve()
        self.path = self.folder / f"{told.name}.db"
        if self.path == load().database.path.resolve():
            raise drills.RealDataError("这是正式数据库，不能用于演练，请用 --folder 另指定一个文件夹。")
        drills.make_room(self.path)
        self.stage = Stage(
            told,
            (told.occurred - options.lead_minutes * 60) // CYCLE * CYCLE + AFTER_CLOSE,
            accounts=options.accounts,
            history_days=options.history_days,
            busy=options.busy,
            seed=options.seed,
        )
        self.clock = self.stage.clock
        self.settings = load(self.environ())
        self.password, self.roots = "", tuple[int, ...]()
        with closing(create_database(self.path)) as db:
            self.keyring = self.found(db)
        self.worker = Worker(self.settings, self.now, stopping)
        self.officer = drill_officer.Officer(self.told, self.roots, self.keyring)
        self.program: subprocess.Popen[bytes] | None = None

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.now(), UTC)

    def environ(self) -> dict[str, str]:
        """The knobs of a worker that knows nothing but loopback."""
        base = {key: value for key, value in os.environ.items() if not key.startswith("MATRIX_")}
        url = self.stage.url
        quotas = ("TOKEN", "STABLE_TOKEN", "BATCHGET", "GETARTICLE", "COMMENT_LIST", "STATISTICS")
        return base | {
            "MATRIX_DATABASE_PATH": str(self.path),
            "MATRIX_DATABASE_KEY_FILE": str(self.path.with_suffix(".key")),
            "MATRIX_WORKER_WATCH_FOLDER": str(self.folder / "inbox"),
            "MATRIX_WORKER_HISTORY_DAYS": str(self.options.history_days),
            "MATRIX_WATCH_HISTORY_DAYS": str(min(60, max(2, self.options.history_days))),
            "MATRIX_WEB_PACE_SECONDS": "0",
            "MATRIX_NOTIFY_REROUTE": f"qyapi.weixin.qq.com=http://127.0.0.1:{self.stage.sink.port}",
            "MATRIX_WEIBO_FREE_URL": f"{url}/weibo-free",
            "MATRIX_WEIBO_COMMERCIAL_URL": f"{url}/weibo-commercial",
            "MATRIX_WECHAT_URL": f"{url}/wechat",
            "MATRIX_WEIBO_IP_CALLS_PER_HOUR_COMMERCIAL": PLENTY,
            "MATRIX_CONSOLE_IDLE_MINUTES": "240",
            **{f"MATRIX_WECHAT_{name}_PER_DAY": PLENTY for name in quotas},
        }

    def found(self, db: sqlite3.Connection) -> Keyring:
        """Claim the database for the drill, then ledger and credentials, and what the drill itself needs."""
        now = self.now()
        with writing(db):
            drills.claim(db, self.told.title)
            ring = credentials.claim_key(db, self.settings.database.key_file)
        book, keys = self.stage.write_files(self.folder)
        brought = import_ledger(db, book, keyring=ring, now=now, asked_by="演练")
        sealed = import_credentials(db, keys, keyring=ring, now=now, asked_by="演练")
        if (brought.outcome, sealed.outcome) != ("ok", "ok"):
            raise RuntimeError(f"演练台账没有导入成功：{brought.sentence}{sealed.sentence}")
        self.roots = organizations.roots(db)
        with writing(db):
            self.password = drill_officer.furnish(db, self.roots, HOOK, ring, now, datetime.now(UTC))
        return ring

    def run(self) -> int:
        """Collect the past, play the event cycle by cycle, print and keep the card."""
        began = time.monotonic()
        print(f"演练：{self.told.title}。{self.told.about}\n正在采集事件之前{self.options.history_days}天的历史……", flush=True)
        for _ in range(3):
            self.cycle()
        print(
            f"历史已采集，用时{time.monotonic() - began:.0f}秒；事件在{self.options.lead_minutes}分钟后发生(虚拟时间)。",
            flush=True,
        )
        if self.options.console:
            self.open_console()
        anchor, start = time.monotonic(), self.clock.now()
        end = self.told.moment(self.told.lasts)
        while self.clock.now() < end and not self.stopping.is_set():
            self.clock.advance(CYCLE)
            if self.speed and self.stopping.wait(max(0.0, anchor + (self.clock.now() - start) / self.speed - time.monotonic())):
                break
            self.cycle()
            self.say()
        if self.stopping.is_set():
            print("演练提前结束，成绩只到此刻为止。", flush=True)
        else:
            self.cycle()
        card = self.card()
        print("\n".join(lines(card)))
        spent = time.monotonic() - anchor
        print(f"  实际用时{spent:.0f}秒，约为真实时间的{(self.clock.now() - start) / max(spent, 0.001):.0f}倍速")
        self.keep(card)
        return 0 if card.is_passed else 1

    def cycle(self) -> None:
        """Everybody whom a platform lets us ask is looked at, then all the rest of the chain follows, then the officer."""
        self.work()
        with closing(open_writer(self.path)) as db:
            heartbeats.beat(db, self.now(), "演练")  # a pass says that it has ended; the drill has not
            incident_watch.keep_up(db, self.now())
            self.officer.act(db, self.now())

    def work(self) -> None:
        """One pass of the worker over everybody."""
        with closing(open_writer(self.path)) as db, writing(db):
            for account in accounts.collected(db):
                accounts.check_now(db, account.id, self.now())
        with contextlib.redirect_stdout(io.StringIO()):
            self.worker.run_once()

    def say(self) -> None:
        """One line for each thing that the officer did."""
        for at, words in self.officer.take_words():
            print(f"  +{(at - self.told.occurred) / 60:7.0f} 分  {words}", flush=True)

    def card(self) -> Card:
        """What it came to, held against the platforms' own record and the sink's."""
        since, now = int(self.told.occurred), int(self.clock.now())
        with closing(open_database(self.path)) as db:
            told = drill_results.results(db, self.roots, self.officer.incident_id, since, now)
        seen = [key for key, _ in self.stage.arrived]
        lost = told.undelivered + len(set(told.keys) - set(seen))
        heard = [at for _, at in self.stage.arrived if told.alert is not None and at >= told.alert]
        first = min((voice.at for voice in self.told.voices), default=None)
        return Card(
            self.told.name,
            self.told.title,
            first,
            self.minutes(self.stage.material_at()),
            self.minutes(told.alert),
            self.minutes(told.grave_alert),
            self.minutes(min(heard, default=None)),
            self.minutes(told.confirmed),
            self.minutes(told.official),
            told.clocks,
            told.carried,
            told.silent,
            told.unseen,
            told.alerts,
            told.spurious,
            Deliveries(told.notices, len(told.keys), len(seen), len(seen) - len(set(seen)), lost),
        )

    def minutes(self, at: float | None) -> float | None:
        return None if at is None else round((at - self.told.occurred) / 60, 1)

    def keep(self, card: Card) -> None:
        place = self.folder / f"{self.told.name}-成绩单"
        place.with_suffix(".txt").write_text("\n".join(lines(card)) + "\n", encoding="utf-8")
        place.with_suffix(".json").write_text(json.dumps(card.values(), ensure_ascii=False, indent=1), encoding="utf-8")
        print(f"成绩单已保存：{place}.txt、{place.name}.json")

    def open_console(self) -> None:
        """The real console on the drill's database; its clock goes on at the drill's speed from this moment."""
        start = datetime.fromtimestamp(self.clock.now(), UTC).isoformat()
        clock = {"START": start, "ANCHOR": str(time.time()), "SPEED": str(self.speed or 60.0)}
        environ = self.environ() | {f"MATRIX_CLOCK_{name}": value for name, value in clock.items()}
        command = [sys.executable, "-m", "commands", "console", "--port", str(self.options.port)]
        self.program = subprocess.Popen(command, cwd=ROOT, env=environ, start_new_session=True)
        print(f"演练控制台的登录名 {drill_officer.LOGIN}，密码 {self.password}；页面上方有“演练环境”字样。", flush=True)

    def close(self) -> None:
        """End the console, the platforms and the sink."""
        if self.program is not None and self.program.poll() is None:
            self.program.terminate()
            self.program.wait(20)
        self.worker.close()
        self.stage.close()
