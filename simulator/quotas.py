"""Call counters of the platforms: so many per minute, hour or Beijing day for one user, address or endpoint."""

import threading

from simulator.mids import BEIJING

SPANS = {"minute": 60, "hour": 3600, "day": 86_400}
LIMITS = {
    "weibo_free_user_day": 100,
    "weibo_free_ip_hour": 15_000,
    "weibo_commercial_ip_hour": 50_000,
}


class Quotas:
    """Counts calls. `limits` maps a limit's name to its size; other modules `setdefault` theirs, tests and the CLI override."""

    def __init__(self, limits: dict[str, int] | None = None) -> None:
        self.limits = {**LIMITS, **(limits or {})}
        self._counts: dict[tuple[str, str], tuple[int, int]] = {}
        self._lock = threading.Lock()

    def take(self, limit: str, who: str, span: str, now: float) -> bool:
        """Count one call of `who` against `limit`; False when the span (minute, hour, day in Beijing) is used up."""
        size = self.limits.get(limit)
        window = int(now + BEIJING) // SPANS[span]
        with self._lock:
            seen, count = self._counts.get((limit, who), (window, 0))
            if seen != window:
                count = 0
            if size is not None and count >= size:
                return False
            self._counts[limit, who] = (window, count + 1)
            return True

    def used(self, limit: str, who: str, span: str, now: float) -> int:
        """How many calls of the current span are counted."""
        seen, count = self._counts.get((limit, who), (0, 0))
        return count if seen == int(now + BEIJING) // SPANS[span] else 0

    def clear(self, limit: str = "", who: str = "") -> None:
        """Forget counts: all of them, of one limit, or of one user."""
        with self._lock:
            for key in [k for k in self._counts if limit in ("", k[0]) and who in ("", k[1])]:
                del self._counts[key]


def seconds_left(span: str, now: float) -> int:
    """Seconds until the current span ends."""
    size = SPANS[span]
    return size - int(now + BEIJING) % size
