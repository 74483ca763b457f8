"""The virtual clock that the simulated platforms, and whoever is tested against them, live by."""

import threading
import time


class Clock:
    """Runs `speed` times as fast as real time from `start` (Unix seconds; None: from now).

    `anchor` is the real moment at which it shows `start` (None: this one), so that several programs can share one clock.
    """

    def __init__(self, start: float | None = None, speed: float = 1.0, anchor: float | None = None) -> None:
        real = time.time()
        self._real = time.monotonic() - (0.0 if anchor is None else real - anchor)
        self.start = (real if anchor is None else anchor) if start is None else float(start)
        self.speed = float(speed)

    def now(self) -> float:
        """Virtual Unix seconds."""
        return self.start + (time.monotonic() - self._real) * self.speed


class ManualClock(Clock):
    """Stands still until it is set or advanced: time for tests."""

    def __init__(self, start: float) -> None:
        super().__init__(start, 0.0)
        self._at = float(start)
        self._lock = threading.Lock()

    def now(self) -> float:
        return self._at

    def set(self, at: float) -> None:
        """Jump to `at`, Unix seconds."""
        with self._lock:
            self._at = float(at)

    def advance(self, seconds: float) -> float:
        """Go on by `seconds`; returns the new moment."""
        with self._lock:
            self._at += seconds
            return self._at
