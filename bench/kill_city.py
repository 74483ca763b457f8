"""A city whose history is collected by the real worker: platforms in a process of their own, time stands still, no limits."""

import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from contextlib import closing, contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bench.kill_checks import facts
from bench.kill_platforms import NOW, Size, pretend
from collectors.collect_ledger import import_credentials, import_ledger
from settings import ROOT, Settings, load
from storage import accounts, batches, credentials
from storage.database import create_database, open_database, writing
from storage.keyring import load_keyring
from worker import Worker

PAUSE, ROUNDS = timedelta(minutes=125), 7
PLENTY = "1000000"


@dataclass
class City:
    """The platforms' address and the folder with the files of this city; any number of databases may be filled from it."""

    url: str
    folder: Path
    days: int
    anchor: float = field(default_factory=time.time)

    def environ(self, name: str) -> dict[str, str]:
        """The settings of a worker on the database of this name: time as good as stands still, one key for all databases."""
        (self.folder / "settings.toml").touch()
        base = {key: value for key, value in os.environ.items() if not key.startswith("MATRIX_")}
        quotas = ("TOKEN", "STABLE_TOKEN", "BATCHGET", "GETARTICLE", "COMMENT_LIST", "STATISTICS")
        return base | {
            "PYTHONPATH": str(ROOT),
            "MATRIX_SETTINGS": str(self.folder / "settings.toml"),
            "MATRIX_DATABASE_PATH": str(self.folder / f"{name}.db"),
            "MATRIX_DATABASE_KEY_FILE": str(self.folder / "city.key"),
            "MATRIX_CLOCK_START": NOW.isoformat(),
            "MATRIX_CLOCK_ANCHOR": str(self.anchor),
            "MATRIX_CLOCK_SPEED": "0.001",
            "MATRIX_WORKER_TICK_SECONDS": "0.1",
            "MATRIX_WORKER_HISTORY_DAYS": str(self.days + 30),
            "MATRIX_WORKER_WATCH_FOLDER": str(self.folder / "inbox"),
            "MATRIX_WEB_PACE_SECONDS": "0",
            "MATRIX_WEIBO_FREE_URL": f"{self.url}/weibo-free",
            "MATRIX_WEIBO_COMMERCIAL_URL": f"{self.url}/weibo-commercial",
            "MATRIX_WECHAT_URL": f"{self.url}/wechat",
            "MATRIX_WEIBO_FREE_CALLS_PER_DAY": PLENTY,
            "MATRIX_WEIBO_IP_CALLS_PER_HOUR_FREE": PLENTY,
            "MATRIX_WEIBO_IP_CALLS_PER_HOUR_COMMERCIAL": PLENTY,
            **{f"MATRIX_WECHAT_{name}_PER_DAY": PLENTY for name in quotas},
        }

    def settings(self, name: str) -> Settings:
        return load(self.environ(name))

    def found(self, name: str) -> Path:
        """An empty database with this city's ledger and credentials in it, brought in as an office would; gives its path."""
        settings = self.settings(name)
        path = settings.database.path
        for tail in ("", "-wal", "-shm"):
            Path(f"{path}{tail}").unlink(missing_ok=True)
        ring = load_keyring(settings.database.key_file, make=True)
        with closing(create_database(path)) as db:
            with writing(db):
                credentials.remember_key(db, ring)
            ledger = import_ledger(db, self.folder / "ledger.csv", keyring=ring, now=NOW, asked_by="测量")
            secrets = import_credentials(db, self.folder / "credentials.csv", keyring=ring, now=NOW, asked_by="测量")
        if (ledger.outcome, secrets.outcome) != ("ok", "ok"):
            raise RuntimeError(f"台账或凭据没有完整导入：{ledger.sentence};{secrets.sentence}")
        return path

    def truth(self) -> set[str]:
        """The keys of everything that was ever published or said in this city."""
        return set((self.folder / "truth.txt").read_text(encoding="utf-8").splitlines())

    @contextmanager
    def worker(self, name: str) -> Generator["subprocess.Popen[bytes]"]:
        """The real program, never left behind; what it says goes to a file."""
        command = [sys.executable, "-P", "-m", "commands", "worker"]
        with (self.folder / f"{name}.log").open("ab") as log:
            program = subprocess.Popen(command, cwd=ROOT, env=self.environ(name), stdout=log, stderr=log)
        try:
            yield program
        finally:
            program.kill()
            program.wait()

    def _pass(self, name: str, now: datetime) -> list[str]:
        """One pass of a worker within this process, which nobody kills; gives what failed."""
        with (
            closing(Worker(self.settings(name), lambda: now, threading.Event())) as worker,
            (self.folder / f"{name}.log").open("a", encoding="utf-8") as log,
            redirect_stdout(log),
        ):
            return [f"{account.name}:{ending.sentence}" for account, ending in worker.run_once()]

    def settle(self, name: str) -> list[str]:
        """Later passes over everybody until one changes no fact: what one look leaves to the next must have come in by then.

        The worker's clock goes on, because much is done every two hours only; the platforms stay as they are.
        """
        path = self.settings(name).database.path
        before = facts(path)
        for turn in range(ROUNDS):
            later = NOW + turn * PAUSE
            with closing(create_database(path)) as db, writing(db):
                for account in accounts.collected(db):
                    accounts.check_now(db, account.id, later)
            faults = self._pass(name, later)
            if faults:
                return faults
            after = facts(path)
            if turn and after == before:
                return []
            before = after
        return [f"重复采集 {ROUNDS} 遍后仍有变化"]


@contextmanager
def city_of(seed: int, size: Size, folder: Path) -> Generator[City]:
    """A city from a seed, its platforms running until the end of the block."""
    folder.mkdir(parents=True, exist_ok=True)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=pretend, args=(seed, size, str(folder), theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        try:
            url = ours.recv()
        except EOFError:
            raise RuntimeError("模拟平台没有启动") from None
        yield City(url, folder, size.days)
    finally:
        ours.close()
        process.join(10)
        if process.is_alive():
            process.terminate()
            process.join()


def data_version(path: Path) -> str:
    """Changes with everything that is saved."""
    with closing(open_database(path)) as db:
        return batches.data_version(db)


def left_to_do(path: Path) -> int:
    """How many accounts wait for their look or are being looked at."""
    with closing(open_database(path)) as db:
        waiting = len(accounts.due(db, NOW, limit=1_000_000))
        return waiting + int(db.execute("SELECT count(*) FROM runs WHERE finished_at IS NULL").fetchone()[0])
