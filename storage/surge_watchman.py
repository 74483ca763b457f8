"""Keeps the watch going beside the collector: when to look again, what it is doing, and nothing after it was told to stop."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

from storage.database import keep_log_small, open_writer
from storage.moments import to_seconds
from storage.series import TALK
from storage.surge_facts import BUCKET
from storage.surge_watch import Watch


class StoppedError(Exception):
    """Told to stop in the middle of a long leading; nothing of it was written."""


class Watchman:
    """One watch over the database of one worker. `topics` are asked when first needed; `doing` is for the heartbeat."""

    def __init__(
        self,
        path: Path,
        topics: Callable[[], Sequence[str]],
        now: Callable[[], datetime],
        stopping: threading.Event,
        is_on: int = 1,
        pause: float = 20.0,
        days: int = 28,
    ) -> None:
        """`pause`: real seconds between two calls within a bucket; `days` of the past that series learn when taken up."""
        self.path, self.topics, self.now, self.stopping = path, topics, now, stopping
        self.is_on, self.pause, self.days = is_on, pause, days
        self.doing = ""
        self._watch: Watch | None = None
        self._called = 0.0
        self._bucket = 0

    def tick(self) -> None:
        """Judge what closed, and within a bucket now and then what came; cheap when there is nothing."""
        bucket = to_seconds(self.now()) // BUCKET
        if not self.is_on or self.stopping.is_set() or (bucket == self._bucket and time.monotonic() - self._called < self.pause):
            return
        if self._watch is None:
            self._watch = Watch(tuple(name for name in self.topics() if name != TALK), self._tell, self.days)
        self._bucket, self._called = bucket, time.monotonic()
        try:
            with closing(open_writer(self.path)) as db:
                self._watch.tick(db, self.now())
                keep_log_small(db, self.path)
        except StoppedError:
            pass
        finally:
            self.doing = ""

    def _tell(self, part: float) -> None:
        if self.stopping.is_set():
            raise StoppedError
        self.doing = f"正在从历史数据积累评论基线（{part:.0%}）"
