"""Delivers what is due: takes messages out of the outbox, sends them, and writes down what became of each."""

import logging
import secrets as chance
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime

from matrix.notice import UNGRADED, ChannelKind, Notice, Outcome, Result, key_of
from notifiers import mail, robots, webhook
from notifiers.faults import AGAIN, LATER, SILENT
from notifiers.message import Message, compose
from notifiers.wire import Ready, SendError, Wire
from settings import Notify, Settings
from storage import channels, outbox_send
from storage.channels import Channel, Secrets
from storage.database import open_writer, writing
from storage.keyring import Keyring, KeyringError
from storage.moments import to_seconds
from storage.outbox_send import OvertakenError, Taken

log = logging.getLogger(__name__)
AT_ONCE = 4
"""Channels that are served side by side: one host that hangs does not hold up the others."""
LEASE_SECONDS, SLACK, ADDRESSES = 180.0, 60.0, 4
SETTLES = 5
"""A disk that is full for a moment must not make a delivered message look lost."""


def lease_seconds(knobs: Notify) -> float:
    """Longer than the longest send: a question whether the host reacts and then the message, over several addresses of the host.

    Whoever is slower all the same is fenced: his attempt has ended, and neither sends nor settles (`mark_sent`, `settle`).
    """
    connecting = 2 * (ADDRESSES + 1) * knobs.connect_seconds
    return max(LEASE_SECONDS, SLACK + connecting + 2 * mail.WHOLE * knobs.answer_seconds)


class Deliverer:
    """The one sender of one database; whoever holds the worker's lock may run it."""

    def __init__(self, settings: Settings, keyring: Keyring, now: Callable[[], datetime], stopping: threading.Event) -> None:
        self._settings, self._keyring, self._now, self._stopping = settings, keyring, now, stopping
        self._path, self._wire = settings.database.path, Wire(settings)
        self._speed = max(1.0, settings.clock().speed)
        self._lease, self._seconds_of_lease = chance.token_hex(8), lease_seconds(settings.notify)
        logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its log quotes addresses, and addresses are secrets

    def run(self) -> None:
        """Deliver until told to stop; what is under way gets its answer first. For a thread of its own."""
        self._guard(self.recover)
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="deliver") as pool:
            slots = threading.Semaphore(AT_ONCE)
            while not self._stopping.wait(self._settings.notify.tick_seconds):
                self._guard(lambda: self._send_due(pool, slots))

    def recover(self) -> int:
        """Take over from a sender that was killed; gives how many messages may have arrived and are sent once more."""
        with closing(open_writer(self._path)) as db:
            return outbox_send.recover(db, self._seconds(), self._lease)

    def flush(self) -> int:
        """Deliver everything that is due now, one after the other; gives how many attempts were made."""
        self.recover()
        number = 0
        while not self._stopping.is_set() and (taken := self._take()) is not None:
            self.deliver(taken)
            number += 1
        return number

    def _guard(self, job: Callable[[], object]) -> None:
        try:
            job()
        except Exception:
            log.exception("delivering failed")

    def _send_due(self, pool: ThreadPoolExecutor, slots: threading.Semaphore) -> None:
        while not self._stopping.is_set() and slots.acquire(blocking=False):
            taken = None
            try:
                taken = self._take()
            finally:
                if taken is None:
                    slots.release()
            if taken is None:
                return
            pool.submit(self._deliver_and_free, taken, slots)

    def _deliver_and_free(self, taken: Taken, slots: threading.Semaphore) -> None:
        try:
            self._guard(lambda: self.deliver(taken))
        finally:
            slots.release()

    def _take(self) -> Taken | None:
        with closing(open_writer(self._path)) as db:
            return outbox_send.take(db, self._seconds(), self._lease, round(self._seconds_of_lease * self._speed), self._speed)

    def deliver(self, taken: Taken) -> Outcome:
        """Send one message that was taken and settle it, whatever happens on the way."""
        with closing(open_writer(self._path)) as db:
            outcome = self._attempt(db, taken)
            for turn in range(1, SETTLES + 1):
                try:
                    outbox_send.settle(db, taken, outcome, self._seconds(), self._speed)
                    break
                except sqlite3.OperationalError:
                    if turn == SETTLES:
                        raise
                    self._stopping.wait(turn)
        return outcome

    def _attempt(self, db: sqlite3.Connection, taken: Taken) -> Outcome:
        has_left = threading.Event()

        def ready() -> None:
            outbox_send.mark_sent(db, taken.attempt_id, self._seconds())
            has_left.set()

        try:
            secrets = channels.secrets_of(db, taken.channel.id, self._keyring)
            if taken.is_repeat and not self._reacts(taken.channel.kind, secrets):
                return Outcome(Result.BUSY, "对方仍无应答，恢复应答后再用同一编号补发。", "silent")
            message = self._written(taken, secrets)
            return self._send(taken.channel.kind, secrets, message, ready)
        except SendError as error:
            return error.outcome
        except KeyringError as error:
            return Outcome(Result.BUSY, str(error), "key")
        except OvertakenError as error:
            return Outcome(Result.INTERRUPTED, str(error), "overtaken")
        except Exception as error:  # ours, not the message's: a locked database, a full disk, an address nobody foresaw
            log.exception("message %s to channel %s failed", taken.key, taken.channel.id)
            result, then = (Result.UNKNOWN, SILENT) if has_left.is_set() else (Result.BUSY, LATER)
            return Outcome(result, f"发送时程序出错({type(error).__name__})，请把日志交给维护人员；{then}", "program")

    def _written(self, taken: Taken, secrets: Secrets) -> Message:
        """The message in words. Raises SendError when they cannot be put together: it must not hold up all others for good."""
        try:
            return self.compose(taken, secrets)
        except Exception as error:
            log.exception("message %s cannot be written", taken.key)
            sentence = f"无法生成这条消息({type(error).__name__})。{AGAIN}"
            raise SendError(Outcome(Result.REFUSED, sentence, "program")) from None

    def compose(self, taken: Taken, secrets: Secrets) -> Message:
        """The words of a message as its channel takes them."""
        keyword, home = secrets.get("keyword", ""), self._settings.console.base_url
        return compose(taken.channel.kind, taken.key, taken.notices, taken.duty, keyword, home, taken.is_repeat)

    def _reacts(self, kind: ChannelKind, secrets: Secrets) -> bool:
        return mail.is_alive(secrets, self._wire) if kind is ChannelKind.MAIL else self._wire.is_alive(secrets["url"])

    def _send(self, kind: ChannelKind, secrets: Secrets, message: Message, ready: Ready) -> Outcome:
        if kind is ChannelKind.MAIL:
            return mail.send(secrets, message, self._wire, ready)
        if kind is ChannelKind.WEBHOOK:
            return webhook.send(secrets, message, self._wire, ready)
        return robots.send(kind, secrets, message, self._wire, ready)

    def _seconds(self) -> int:
        return to_seconds(self._now())

    def test(self, db: sqlite3.Connection, channel: Channel, name: str, by: str) -> Outcome:
        """Send a test through a channel now, past its rules; the attempt is noted, and a success ends the channel's waiting."""
        at = self._seconds()
        body = f"这是由{by}在“通知渠道”发起的测试，收到即表示渠道“{channel.name}”可以使用，无需处理。"
        notice = Notice(name, UNGRADED, outbox_send.TEST_TITLE, channel.name, body, channel.organization_id, at, "channels")
        with writing(db):
            attempt = outbox_send.begin(db, channel.id, None, at)
        taken = Taken(None, attempt, channel, key_of(channel.id, [name]), "", (notice,), is_repeat=False)
        return self.deliver(taken)
