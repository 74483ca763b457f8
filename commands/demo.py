"""A make-believe city on loopback, collected by the real collectors and shown by the real console, on its own database."""

import argparse
import contextlib
import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from commands import import_
from matrix.people import Role
from settings import ROOT, Settings, load
from storage import organizations, people, rules
from storage.database import count_rows, create_database, open_database, writing
from storage.passwords import draw_password
from storage.worker_lock import AnotherWorkerError, hold_lock

ABOUT = "演示：在本机模拟一座城市的平台接口，用真实采集程序采集并打开控制台"
RULE = "guangdong-12345"
"""The rule of time limits that the make-believe city has chosen, so that the demo shows what is late and what falls due."""

LOGINS = (("yanshi", "演示主管", Role.LEAD), ("admin", "演示管理员", Role.SYSTEM))


def main(argv: list[str]) -> int:
    """Run simulator, worker and console until Ctrl-C or SIGTERM; exit code 1 when one of them cannot start or dies."""
    parser = argparse.ArgumentParser(prog="run.py demo", description=ABOUT)
    parser.add_argument("--headless", action="store_true", help="不打开浏览器")
    parser.add_argument("--speed", type=float, default=1.0, help="时间流速，1 为真实速度(默认)")
    parser.add_argument("--accounts", type=int, default=60, help="账号数(默认 60)")
    parser.add_argument("--busy", type=float, default=4.0, help="评论热闹程度，1 为普通城市(默认 4)")
    parser.add_argument("--seed", type=int, default=7, help="城市的种子")
    parser.add_argument("--folder", type=Path, default=ROOT / "var", help="数据放在哪个文件夹(默认 var)")
    parser.add_argument("--port", type=int, default=8501, help="控制台端口(默认 8501，被占用时顺延)")
    options = parser.parse_args(argv)
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    try:
        demo = Demo(options, options.folder.resolve(), stopping)
    except AnotherWorkerError:
        print(f"{options.folder} 中已有一个演示在运行：请先停止它，或用 --folder 换一个文件夹", file=sys.stderr)
        return 1
    try:
        return demo.run()
    finally:
        demo.stop()


class Demo:
    """The three programs of the demo and the files they share under `var/`."""

    def __init__(self, options: argparse.Namespace, folder: Path, stopping: threading.Event) -> None:
        self.options, self.folder, self.stopping = options, folder, stopping
        self.programs: dict[str, subprocess.Popen[str]] = {}
        self.started = time.time()
        folder.mkdir(parents=True, exist_ok=True)
        self.work = folder / "demo"
        self.work.mkdir(exist_ok=True)
        hold_lock(folder / "demo.db").close()  # another demo at work there keeps its files
        for tail in ("", "-wal", "-shm"):  # every demo starts a new history that ends now
            (folder / f"demo.db{tail}").unlink(missing_ok=True)
        (folder / "demo.key").unlink(missing_ok=True)
        self.environ = dict(os.environ)

    def run(self) -> int:
        url = self._start_simulator()
        if not url:
            return 1
        self.environ |= self._knobs(url)
        settings = load(self.environ)
        self._spoil_one_credential()
        passwords = self._prepare(settings)
        print("账号台账和凭据已导入，开始回补最近 30 天。", flush=True)
        self._start("采集程序", "-m", "commands", "worker")
        console = self._start("控制台", "-m", "commands", "console", "--port", str(self.options.port), pipe=True)
        link = self._wait_for_link(console)
        if not link:
            return 1
        print(f"\n演示已启动：{link}")
        for login, password in passwords:
            print(f"  登录名 {login}  密码 {password}")
        print("数据全部为虚构，只在本机；按 Ctrl-C 停止。\n", flush=True)
        if not self.options.headless:
            webbrowser.open(link)
        return self._watch(settings)

    def stop(self) -> None:
        """End what is left, console first, simulator last, and wait for each; what does not end is killed."""
        for name in ("控制台", "采集程序", "模拟平台"):
            program = self.programs.pop(name, None)
            if program is None:
                continue
            if program.poll() is None:
                program.terminate()
            try:
                program.wait(20)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()

    def _knobs(self, url: str) -> dict[str, str]:
        knobs = {
            "MATRIX_DATABASE_PATH": str(self.folder / "demo.db"),
            "MATRIX_DATABASE_KEY_FILE": str(self.folder / "demo.key"),
            "MATRIX_WEIBO_FREE_URL": f"{url}/weibo-free",
            "MATRIX_WEIBO_COMMERCIAL_URL": f"{url}/weibo-commercial",
            "MATRIX_WECHAT_URL": f"{url}/wechat",
            "MATRIX_WORKER_WATCH_FOLDER": str(self.work / "inbox"),
            "MATRIX_WEB_PACE_SECONDS": "0",  # loopback needs no manners
            "MATRIX_CONSOLE_IDLE_MINUTES": "240",
        }
        if self.options.speed != 1.0:
            start = datetime.fromtimestamp(self.started, UTC).isoformat()
            knobs["MATRIX_CLOCK_START"], knobs["MATRIX_CLOCK_ANCHOR"] = start, str(self.started)
            knobs["MATRIX_CLOCK_SPEED"] = str(self.options.speed)
        return knobs

    def _start_simulator(self) -> str:
        print(f"正在生成一座有 {self.options.accounts} 个账号的虚构城市……", flush=True)
        start = datetime.fromtimestamp(self.started, UTC).isoformat()
        words = ["-m", "simulator", "--port", str(_free_port()), "--seed", str(self.options.seed), "--start", start]
        words += ["--accounts", str(self.options.accounts), "--speed", str(self.options.speed)]
        words += ["--ledger", str(self.work / "ledger.csv"), "--credentials", str(self.work / "credentials.csv")]
        words += ["--anchor", str(self.started), "--busy", str(self.options.busy), "--lively"]
        words += ["--fault", "token_expired:0.05", "--fault", "filtered_comments:0.02"]
        program = self._start("模拟平台", *words, pipe=True)
        for line in program.stdout or ():
            if "http://" in line:
                threading.Thread(target=_drain, args=(program,), daemon=True).start()
                return "http://" + line.split("http://", 1)[1].strip()
        return ""

    def _spoil_one_credential(self) -> None:
        """One account's authorization is no longer valid, so that the demo shows what an outage looks like."""
        place = self.work / "credentials.csv"
        lines = place.read_text(encoding="utf-8-sig").splitlines()
        platform, account, _ = lines[len(lines) // 2].split(",", 2)
        lines[len(lines) // 2] = f"{platform},{account},{'expired' if platform == '微博' else account + ':expired'}"
        place.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def _prepare(self, settings: Settings) -> list[tuple[str, str]]:
        """The ledger and the credentials as an office would bring them, and two people who may sign in."""
        before = dict(os.environ)
        os.environ.update(self.environ)
        try:
            for words in (["--ledger", str(self.work / "ledger.csv")], ["--credentials", str(self.work / "credentials.csv")]):
                told = io.StringIO()
                with contextlib.redirect_stdout(told):
                    failed = import_.main([*words, "--yes"])
                if failed:
                    raise RuntimeError(f"演示台账没有导入成功：{told.getvalue()}")
        finally:
            os.environ.clear()
            os.environ.update(before)
        passwords = []
        now = settings.clock().now()
        with closing(create_database(settings.database.path)) as db, writing(db):
            for login, name, role in LOGINS:
                password = draw_password()
                scope = organizations.roots(db)
                people.add(
                    db, login=login, name=name, role=role, password=password, by="演示", now=now, must_change=False, scope=scope
                )
                passwords.append((login, password))
            rule = next(rule for rule in rules.presets() if rule.key == RULE)
            for root in organizations.roots(db):
                rules.adopt(db, organizations.roots(db), root, rule, now - timedelta(days=40), "演示", now)
        return passwords

    def _wait_for_link(self, console: "subprocess.Popen[str]") -> str:
        for line in console.stdout or ():
            print(line, end="", flush=True)
            if "http://" in line:
                link = "http://" + line.split("http://", 1)[1].strip()
                threading.Thread(target=_drain, args=(console,), daemon=True).start()
                return link
        return ""

    def _watch(self, settings: Settings) -> int:
        """Tell how the back-fill goes until it is done; then wait. A program that dies ends the demo."""
        last = (0, 0)
        while not self.stopping.wait(2.0):
            for name, program in self.programs.items():
                if program.poll() is not None:
                    print(f"{name}意外退出(代码 {program.returncode})，演示结束", file=sys.stderr)
                    return 1
            with closing(open_database(settings.database.path)) as db:
                held = tuple(count_rows(db, ("posts", "comments")).values())
            if held != last and time.time() - self.started < 600:
                print(f"已采集发布 {held[0]} 条、评论 {held[1]} 条", flush=True)
            last = held
        print("正在停止……", flush=True)
        return 0

    def _start(self, name: str, *words: str, pipe: bool = False) -> "subprocess.Popen[str]":
        output = subprocess.PIPE if pipe else None
        program = subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env=self.environ, stdout=output, text=True, start_new_session=True
        )
        self.programs[name] = program
        return program


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _drain(program: "subprocess.Popen[str]") -> None:
    for line in program.stdout or ():
        print(line, end="", flush=True)
