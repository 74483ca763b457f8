"""Collects one account from its first call to its last row: fetch, save, and write down how it ended."""

import logging
import random
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from collectors.task import Source, Task, Thread
from collectors.web import Web
from matrix import rhythm
from matrix.account import ROUTE_NAMES, Account, Route
from matrix.run import Budget, CollectError, ErrorKind, Outcome
from settings import Settings
from storage import accounts, batches, budgets, collection, credentials, organizations, outages, runs, threads
from storage.batches import Saved
from storage.database import open_database, open_writer, writing
from storage.keyring import Keyring, KeyringError
from storage.moments import from_seconds, from_seconds_or_none
from storage.runs import Ending

log = logging.getLogger(__name__)

TRANSIENT = {ErrorKind.NETWORK, ErrorKind.MALFORMED}
FAILURES_UNTIL_BLIND = 3
"""A passing fault is no outage: this many looks in a row must fail before it is one."""
NEEDS_CREDENTIAL = {Route.WEIBO_FREE, Route.WEIBO_COMMERCIAL, Route.WECHAT}
FREE_LIST = 5
"""Posts that the free list of Weibo holds: a full one says nothing about what lies before its oldest post."""


class Collector:
    """Collects accounts over shared, polite web sessions; safe to use from several threads."""

    def __init__(
        self,
        settings: Settings,
        sources: Mapping[Route, Source],
        keyring: Keyring,
        now: Callable[[], datetime],
        wait: Callable[[float], None],
        stopping: threading.Event,
        dice: random.Random | None = None,
    ) -> None:
        self.settings = settings
        self.path: Path = settings.database.path
        self.sources = sources
        self.keyring = keyring
        self.now = now
        self.stopping = stopping
        self.dice = dice or random.Random()
        self.web = Web(settings, now, wait, self._charge)
        self._calls = threading.local()
        self._shut: dict[str, tuple[CollectError, datetime]] = {}
        self._suspects: dict[str, tuple[str, int]] = {}
        self._lock = threading.Lock()
        self.stretches: Mapping[Route, float] = {}
        """By how much a route's intervals must grow so that all its accounts together fit its budget."""

    def collect(self, account: Account) -> Ending:
        """One look at one account. Never raises for what a platform or an answer does: the run's row says how it ended."""
        self._calls.count = 0
        with closing(open_writer(self.path)) as db:
            started_at = self.now()
            with writing(db):
                # Put off first: a look that takes the worker down with it must not be the first thing that it does again.
                accounts.put_off(db, account.id, started_at + timedelta(seconds=rhythm.BOUNDS[account.route][0]))
                run_id = runs.start(db, account.id, account.route, started_at)
            look = Look()
            look.error = self._fetch_and_save(db, account, started_at, look)
            ending = self._ending(look.saved, look.notes, look.error)
            self._close(db, account, run_id, ending, look)
            return ending

    def _fetch_and_save(
        self, db: sqlite3.Connection, account: Account, started_at: datetime, look: "Look"
    ) -> CollectError | None:
        if (error := self._shut_for(account, started_at)) is not None:
            return error
        try:
            source = self.sources[account.route]
            for batch in source.collect(self._task(db, account, started_at), self.web, self.settings, started_at):
                look.saved += batches.save(db, account.id, account.platform, batch, self.keyring, self.now())
                look.shown += [post.published_at for post in batch.posts]
                look.notes += batch.notes
                look.seen_until = batch.seen_until or look.seen_until
                if self.stopping.is_set():
                    look.is_cut = True
                    look.notes.append("采集程序正常停止，未读完的部分下次继续")
                    break
        except CollectError as error:
            self._note_shared_cause(db, account, error)
            return error
        except Exception as error:  # a fault of ours must not stop the loop: the run says so and the log has the trace
            log.exception("collecting account %s failed", account.id)
            kind = type(error).__name__
            sentence = f"处理平台应答时程序出错({kind})，已跳过并将重试；如反复出现请把日志交给维护人员"
            return CollectError(ErrorKind.MALFORMED, sentence, cause=f"account:{account.id}:program")
        with self._lock:
            self._suspects.pop(gate_of(account), None)
        return None

    def _task(self, db: sqlite3.Connection, account: Account, started_at: datetime) -> Task:
        try:
            secret = credentials.find(db, account.id, self.keyring)
        except KeyringError as error:
            raise CollectError(ErrorKind.CREDENTIALS, str(error), cause="installation:key") from None
        if secret is None and account.route in NEEDS_CREDENTIAL:
            sentence = "没有录入该账号的采集凭据：请在“账号台账”录入，或用 python3 run.py import --credentials 导入"
            raise CollectError(ErrorKind.CREDENTIALS, sentence, cause=f"account:{account.id}:credentials")
        # A first collection that was held up must not lose its oldest days: it goes back from when the account was registered.
        begin = accounts.waiting_since(db, account.id) or started_at
        since = begin - timedelta(days=self.settings.worker.history_days)
        open_threads = [
            Thread(ext, from_seconds(published), stated, held, cause, from_seconds_or_none(at))
            for ext, published, stated, held, cause, at in threads.open_threads(db, account.id, since)
        ]
        return Task(account, secret, accounts.cursors(db, account.id), open_threads, since)

    def _ending(self, saved: Saved, notes: Sequence[str], error: CollectError | None) -> Ending:
        calls = self._calls.count
        if error is not None:
            some = saved.posts_seen or saved.comments_seen or error.is_partial
            outcome = Outcome.PARTIAL if some else Outcome.FAILED
            return Ending(outcome, saved, calls, error.kind, error.cause, error.code, error.sentence)
        if notes:
            return Ending(Outcome.PARTIAL, saved, calls, sentence="；".join(dict.fromkeys(notes))[:1000])
        return Ending(Outcome.OK, saved, calls)

    def _close(self, db: sqlite3.Connection, account: Account, run_id: int, ending: Ending, look: "Look") -> None:
        now, error = self.now(), look.error
        with writing(db):
            runs.finish(db, run_id, now, ending)
            items, mean_calls = runs.rhythm_of(db, account.id, now)
            interval = self._interval(account.route, items, mean_calls)
            if error is None or error.is_partial:
                spread = interval * self.dice.uniform(0.9, 1.1)  # so that accounts do not march in step
                next_at = now if self.stopping.is_set() else now + timedelta(seconds=spread)
                reason = () if error is None else (error.sentence, str(error.kind))
                seen = None
                if not look.is_cut:  # half a look says neither that the account is silent nor that it can be seen again
                    outages.close_for(db, account.id, now)
                    accounts.bring_forward(db, f"host:{gate_of(account)}:", rhythm.BOUNDS[account.route][0], now)
                    seen = (self._seen_since(account.route, now, look.shown), look.seen_until or now)
                accounts.record_look(db, account.id, now, next_at, interval, *reason, saw_posts=seen, run_id=run_id)
            else:
                failures = account.error_count + 1
                if error.kind not in TRANSIENT or failures >= FAILURES_UNTIL_BLIND:
                    first = runs.first_failure(db, account.id)
                    outages.open_for(db, account.id, error, from_seconds(first) if first else now, now)
                next_at = rhythm.back_off(error.kind, failures, interval, now, error.retry_at)
                accounts.record_look(db, account.id, now, next_at, interval, error.sentence, str(error.kind), run_id=run_id)
            batches.bump_version(db)

    def _seen_since(self, route: Route, now: datetime, shown: Sequence[datetime]) -> datetime:
        """How far back a complete look would have shown a post: a feed holds what it holds, the platforms' lists go back."""
        if route == Route.WEIBO_FREE and len(shown) >= FREE_LIST:
            return min(shown)
        return now if route == Route.FEED else now - timedelta(days=self.settings.worker.history_days)

    def _interval(self, route: Route, items: int, mean_calls: float | None) -> int:
        calls = mean_calls or rhythm.CALLS_PER_LOOK.get(route, 1.0)
        daily = float(self.settings.weibo.free_calls_per_day) if route == Route.WEIBO_FREE else None
        return round(rhythm.next_interval(route, items, calls, daily) * self.stretches.get(route, 1.0))

    def plan(self) -> list[rhythm.Plan]:
        """What an hour of looks costs on the routes that share one budget; stretches their intervals where it does not fit."""
        allowed = {
            Route.WEIBO_FREE: self.settings.weibo.ip_calls_per_hour_free,
            Route.WEIBO_COMMERCIAL: self.settings.weibo.ip_calls_per_hour_commercial,
        }
        with closing(open_database(self.path)) as db:
            found = collection.looks(db, organizations.roots(db), self.now())
        plans = []
        for route, limit in allowed.items():
            shortest, longest = rhythm.BOUNDS[route]
            # What every account wants by itself: an interval that was stretched before is counted at its own measure.
            factor = self.stretches.get(route, 1.0)
            usual = rhythm.CALLS_PER_LOOK[route]
            looks = [(max(shortest, (seconds or longest) / factor), calls or usual) for seconds, calls in found.get(route, [])]
            plans.append(rhythm.plan_hour(route, ROUTE_NAMES[route], looks, limit))
        self.stretches = {plan.route: rhythm.stretch(plan) for plan in plans}
        return plans

    def _charge(self, lines: Sequence[Budget]) -> None:
        self._calls.count = getattr(self._calls, "count", 0) + 1
        if lines:
            with closing(open_writer(self.path)) as db:
                budgets.charge(db, lines, self.now())

    def _note_shared_cause(self, db: sqlite3.Connection, account: Account, error: CollectError) -> None:
        """A cause that is not this account's own stops everybody else on the route from asking in vain, for a while.

        A host that fails one account may have trouble with that account only: a second one has to meet the same.
        """
        if error.budget is not None:
            budgets.mark_spent(db, error.budget, self.now())
        if not error.cause.startswith(("ip:", "host:")):
            return
        gate, until = gate_of(account), error.retry_at or self.now() + timedelta(minutes=1)
        with self._lock:
            cause, first = self._suspects.setdefault(gate, (error.cause, account.id))
            if error.cause.startswith("ip:") or (cause == error.cause and first != account.id):
                self._shut[gate] = (error, until)
            elif cause != error.cause:
                self._suspects[gate] = (error.cause, account.id)

    def _shut_for(self, account: Account, now: datetime) -> CollectError | None:
        """Why this account need not be asked now. Nobody who is spared a look makes the others wait longer."""
        with self._lock:
            error, until = self._shut.get(gate_of(account), (None, now))
            if error is None or now < until:
                return error
            self._shut.pop(gate_of(account), None)
            return None


@dataclass(slots=True)
class Look:
    """What one look came to so far; `is_cut` when it was told to stop before its end."""

    saved: Saved = field(default_factory=Saved)
    notes: list[str] = field(default_factory=list)
    error: CollectError | None = None
    shown: list[datetime] = field(default_factory=list)
    """When the posts that the list held were published."""
    seen_until: datetime | None = None
    is_cut: bool = False


def gate_of(account: Account) -> str:
    """What accounts share when the way to them is shut: the platform's interface, or the host of their feed."""
    return urlsplit(account.feed_url).netloc.rpartition("@")[2].lower() if account.route == Route.FEED else str(account.route)
