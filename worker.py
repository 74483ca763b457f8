"""What runs by itself: collects who is due, answers what pages asked, takes in files, and says that it lives."""

import logging
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import astuple
from datetime import datetime
from functools import partial

from schedule import Scheduler
from tqdm import tqdm

from collectors.collect import Collector
from collectors.collect_bar import BackfillBar
from collectors.collect_inbox import scan_inbox
from collectors.collect_requests import answer_waiting
from collectors.collect_words import outcome_words
from collectors.sources import make_sources
from matrix.account import Account
from matrix.run import ErrorKind, Outcome
from notifiers import trial
from notifiers.deliver import Deliverer
from reading import appeal, feeling, issue, reply, topic, topic_names, words
from reports.export_making import Maker
from reports.report_due import Timetable
from settings import Settings
from storage import accounts, credentials, heartbeats, nightly, requests, runs, watch_preview
from storage.batches import Saved
from storage.database import create_database, keep_log_small, open_writer, writing
from storage.digest import Diggers, digest
from storage.incident_pass import attend
from storage.keyring import Keyring, KeyringError
from storage.moments import BEIJING
from storage.runs import Ending
from storage.search_index import keep_up
from storage.surge_watchman import Watchman
from storage.understanding import Readers, understand
from storage.worker_lock import AnotherWorkerError, hold_lock

log = logging.getLogger(__name__)
READERS = Readers(
    appeal.judge, appeal.VERSION, reply.judge, reply.VERSION, reply.wording, reply.mood,
    topic.judge_bare, topic.VERSION, feeling.judge_bare, feeling.VERSION,
)  # fmt: skip
VERBS = {**trial.VERBS, **watch_preview.VERBS}


class Worker:
    """One worker for one database. `stopping` ends it after the batch in hand."""

    def __init__(self, settings: Settings, now: Callable[[], datetime], stopping: threading.Event) -> None:
        self.settings, self.path = settings, settings.database.path
        self.now, self.stopping = now, stopping
        self._lock, self._night = hold_lock(self.path), now().astimezone(BEIJING).date()
        self._flying: dict[int, Future[tuple[Account, Ending] | None]] = {}
        self._bar = BackfillBar()
        self.keyring = self._prepare()
        sleep = lambda seconds: void(stopping.wait(seconds))  # noqa: E731
        self.collector = Collector(settings, make_sources(), self.keyring, now, sleep, stopping)
        self.deliverer = Deliverer(settings, self.keyring, now, stopping)
        names = lambda: [one.name for one in topic_names.shipped().topics]  # noqa: E731
        self.watchman = Watchman(self.path, names, now, stopping, *astuple(settings.watch))
        self.timetable = Timetable(self.path, settings.console.base_url, now, stopping)
        self.maker = Maker(self.path, now, stopping.is_set)
        self.answer = partial(answer_waiting, settings, self.keyring, now, stopping.is_set, VERBS)

    def _prepare(self) -> Keyring:
        with closing(create_database(self.path)) as db, writing(db):
            runs.close_unfinished(db, self.now())
            requests.reopen_taken(db, self.now())
            return credentials.claim_key(db, self.settings.database.key_file)

    def close(self) -> None:
        """Let go of the database, so that another worker may have it."""
        self._lock.close()

    def run(self) -> None:
        """Work until told to stop; what is in hand is finished and saved first."""
        self._beat("启动", is_start=True)
        scheduler = Scheduler()  # the library's own default one is shared by the whole process
        knobs = self.settings.worker
        threading.Thread(target=self._keep_beating, name="heartbeat", daemon=True).start()
        index = lambda: void(keep_up(self.path, self.stopping.is_set, portions=4))  # noqa: E731
        slow, quick = partial(self.answer, only=watch_preview.VERBS), partial(self.answer, without=watch_preview.VERBS)
        ticks = (slow, self._digest, self.watchman.tick, self.timetable.tick, self.maker.tick)
        kept = ((self._understand, index), *((tick,) for tick in ticks))
        sides = [threading.Thread(target=self.deliverer.run), *(threading.Thread(target=self._keep, args=jobs) for jobs in kept)]
        for side in sides:
            side.start()
        for job in (quick, self._take_in_files):
            scheduler.every(max(1, round(knobs.tick_seconds))).seconds.do(guarded(job))
        scheduler.every(60).seconds.do(guarded(self._nightly))
        scheduler.every(60).seconds.do(guarded(lambda: void(self.collector.plan())))
        with ThreadPoolExecutor(knobs.threads, thread_name_prefix="collect") as pool:
            guarded(self._take_in_files)()
            while not self.stopping.is_set():
                guarded(lambda: self._send_out(pool))()
                scheduler.run_pending()
                self.stopping.wait(min(1.0, knobs.tick_seconds))
        self._bar.close()
        for side in sides:
            side.join()
        with closing(open_writer(self.path)) as db:
            heartbeats.stop(db, self.now())

    def run_once(self) -> list[tuple[Account, Ending]]:
        """Answer what is asked, take in files, look once at everybody who is due; gives what did not end well."""
        self._beat("单次采集", is_start=True)
        self.answer()
        self._take_in_files()
        with closing(open_writer(self.path)) as db:
            waiting = accounts.due(db, self.now(), limit=1_000_000)
        failed = []
        with (
            ThreadPoolExecutor(self.settings.worker.threads, thread_name_prefix="collect") as pool,
            tqdm(total=len(waiting), desc="采集", unit="账号", disable=not sys.stderr.isatty()) as bar,
        ):
            for number, found in enumerate(pool.map(self._look, waiting), 1):
                bar.update()
                if found is None:
                    continue
                account, ending = found
                if bar.disable:
                    print(f"[{number}/{len(waiting)}] {account.name}：{outcome_words(ending)}", flush=True)
                if ending.kind is not None:
                    failed.append((account, ending))
        self._understand()
        for job in (self._digest, self.watchman.tick, self.timetable.tick, self.maker.tick):
            guarded(job)()
        guarded(lambda: void(keep_up(self.path, self.stopping.is_set)))()
        guarded(lambda: void(self.deliverer.flush()))()
        with closing(open_writer(self.path)) as db:
            heartbeats.stop(db, self.now())
        return failed

    def _look(self, account: Account) -> tuple[Account, Ending] | None:
        """One look, none any more once told to stop. What fails outside of it (a full disk) is an ending too."""
        if self.stopping.is_set():
            return None
        try:
            return account, self.collector.collect(account)
        except Exception as error:
            log.exception("looking at account %s failed", account.id)
            sentence = f"采集结果没有保存({type(error).__name__})，请检查磁盘空间和日志"
            return account, Ending(Outcome.FAILED, Saved(), 0, ErrorKind.MALFORMED, sentence=sentence)

    def _send_out(self, pool: ThreadPoolExecutor) -> None:
        """Hand accounts that are due to the pool, a few at a time so that whoever becomes urgent is not behind everybody."""
        for account_id in [key for key, future in self._flying.items() if future.done()]:
            self._flying.pop(account_id)
            self._bar.advance()
        room = self.settings.worker.threads * 2 - len(self._flying)
        if room <= 0 or self.stopping.is_set():
            return
        with closing(open_writer(self.path)) as db:
            everybody = accounts.due(db, self.now(), limit=1_000_000)
            keep_log_small(db, self.path)
        waiting = [account for account in everybody if account.id not in self._flying]
        self._bar.show(len(waiting), len(self._flying))
        for account in waiting[:room]:
            self._flying[account.id] = pool.submit(self._look, account)

    def _doing(self) -> str:
        collecting = f"正在采集{len(self._flying)}个账号" if self._flying else "等待下一次采集"
        return "；".join(filter(None, (collecting, self.watchman.doing)))

    def _keep_beating(self) -> None:
        """In a thread of its own: a long import must not look like a dead worker."""
        while not self.stopping.wait(self.settings.worker.heartbeat_seconds):
            guarded(lambda: self._beat(self._doing()))()

    def _keep(self, *jobs: Callable[[], None]) -> None:
        """In a thread of its own: a long back-log to read must not hold up collecting."""
        while not self.stopping.wait(self.settings.worker.tick_seconds):
            for job in jobs:
                guarded(job)()

    def _understand(self) -> None:
        """Read what came since; a portion in hand is finished and saved."""
        with closing(open_writer(self.path)) as db:
            while not self.stopping.is_set() and understand(db, READERS, self.now()):
                keep_log_small(db, self.path)
            attend(db, READERS, self.now())

    def _digest(self) -> None:
        with closing(open_writer(self.path)) as db:
            digest(db, Diggers(issue.group, words.hot), self.now(), self.stopping.is_set)

    def _beat(self, doing: str, *, is_start: bool = False) -> None:
        with closing(open_writer(self.path)) as db:
            heartbeats.beat(db, self.now(), doing, is_start=is_start)

    def _take_in_files(self) -> None:
        scan_inbox(self.settings, self.keyring, self.now)

    def _nightly(self) -> None:
        """Once after each Beijing midnight: drop what is only kept for a while, refresh statistics, empty the log."""
        today = self.now().astimezone(BEIJING).date()
        if today == self._night:
            return
        self._night = today
        with closing(open_writer(self.path)) as db:
            nightly.clean_up(db, self.now())


def guarded(job: Callable[[], None]) -> Callable[[], None]:
    """A job that raises must not become a hot loop or take the others with it: note it and go on."""

    def run() -> None:
        try:
            job()
        except Exception:
            log.exception("a job of the worker failed")

    return run


def void(_: object) -> None:
    """Swallow a result where a callback may not give one."""


def main(settings: Settings, *, once: bool = False) -> int:
    """Run the worker; gives the exit code.

    0; 1 when a single pass had failures or was told to stop, or when the key is wrong; 3 when another worker is at work.
    """
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    try:
        worker = Worker(settings, settings.clock().now, stopping)
    except (AnotherWorkerError, KeyringError) as error:
        print(error, file=sys.stderr)
        return 3 if isinstance(error, AnotherWorkerError) else 1
    if not once:
        worker.run()
        return 0
    failed = worker.run_once()
    for account, ending in failed:
        print(f"{account.name}：{outcome_words(ending)}", file=sys.stderr)
    if stopping.is_set():
        print("单次采集中途停止，没有采集的账号下次继续")
        return 1
    print(f"单次采集结束，失败{len(failed)}个账号" if failed else "单次采集结束，全部完成")
    return 1 if failed else 0
