"""What goes wrong on request, decided by its own dice so that a run can be repeated.

Three families. *Wire* faults hit a share of the requests. *Condition* faults (credentials, quota, permission, feeds,
statistics) hold during windows of virtual time for some accounts or for a whole platform, and end. *Content* faults are rates
of what happens to posts and comments; the city is built with them. RATE is a share between 0 and 1, for `clock_skew` the seconds
by which the Date header is wrong. Account means the platform id, path the whole path of the request with the platform's prefix.
"""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b

WIRE = ("truncated_json", "html_login", "wrong_content_type", "http_5xx", "stall", "reset", "slow_drip")
LISTS = ("short_pages", "insert_between_pages", "delete_between_pages", "count_strings")
CONTENT = ("filtered_comments", "deleted_posts", "hidden_posts", "edited_posts", "lone_surrogates")
HOUR, DAY = 3600, 86_400
# kind -> (length of a cycle, shortest and longest time that the fault holds inside it, whether it hits a whole platform)
CONDITIONS: dict[str, tuple[int, int, int, bool]] = {
    "token_expired": (DAY, 2 * HOUR, 6 * HOUR, False),
    "two_issuers": (DAY, 2 * HOUR, 6 * HOUR, False),
    "user_quota": (DAY, 3 * HOUR, 12 * HOUR, False),
    "ip_quota": (6 * HOUR, HOUR // 2, HOUR, True),
    "endpoint_quota": (6 * HOUR, HOUR // 2, 2 * HOUR, False),
    "permission_withdrawn": (2 * DAY, 3 * HOUR, 12 * HOUR, False),
    "ip_not_whitelisted": (2 * DAY, HOUR, 6 * HOUR, True),
    "late_statistics": (DAY, 12 * HOUR, 18 * HOUR, False),
    "revised_statistics": (DAY, DAY, DAY, False),
    "feed_stalled": (4 * DAY, DAY, 3 * DAY, False),
    "malformed_feed": (DAY, 2 * HOUR, 12 * HOUR, False),
    "clock_skew": (DAY, DAY, DAY, True),
}
DEFAULT_RATES = dict.fromkeys(WIRE, 0.02) | dict.fromkeys(LISTS, 0.1) | dict.fromkeys(CONTENT, 0.05)
DEFAULT_RATES |= dict.fromkeys(CONDITIONS, 0.2) | {"clock_skew": 900.0, "revised_statistics": 1.0}
KINDS = (*WIRE, *LISTS, *CONTENT, *CONDITIONS)


@dataclass(frozen=True, slots=True)
class Rule:
    """A fault that somebody switched on by hand; empty account or path means every one, `rate` is as on the command line."""

    kind: str
    rate: float
    account: str = ""
    path: str = ""
    since: float = float("-inf")
    until: float = float("inf")

    def covers(self, kind: str, account: str, path: str) -> bool:
        return kind == self.kind and self.account in ("", account) and (not self.path or self.path in path)


class Faults:
    """The dice. `rates` are the run's faults by kind; `set` and `clear` steer one kind, account or path by hand."""

    def __init__(self, rates: dict[str, float] | None = None, seed: int = 0, stall_s: float = 30.0, drip_s: float = 20.0) -> None:
        for kind in rates or {}:
            if kind not in KINDS:
                raise ValueError(f"没有这种故障：{kind}。可用：{' '.join(KINDS)}")
        self.rates = dict(rates or {})
        self.seed, self.stall_s, self.drip_s = seed, stall_s, drip_s
        self.rules: list[Rule] = []
        self.seen: Counter[str] = Counter()
        self.report: Callable[[str, str, str], None] | None = None
        self._turns: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    def set(
        self, kind: str, rate: float = 1.0, *, account: str = "", path: str = "",
        since: float = float("-inf"), until: float = float("inf"),
    ) -> None:  # fmt: skip
        """Switch a fault on: for everybody, one account or paths that contain `path`; a condition from `since` to `until`."""
        if kind not in KINDS:
            raise ValueError(f"没有这种故障：{kind}")
        self.rules.append(Rule(kind, rate, account, path, since, until))

    def clear(self, kind: str = "", *, account: str = "", path: str = "") -> None:
        """Take back what was set by hand (all of it, or of one kind, account, path) and, with a kind only, the run's rate too."""
        self.rules = [r for r in self.rules if not (kind in ("", r.kind) and account in ("", r.account) and path in ("", r.path))]
        if not account and not path:
            self.rates = {k: v for k, v in self.rates.items() if kind and k != kind}

    def dice(self, *what: object) -> float:
        """A number in [0, 1) that depends on the seed and on `what` only."""
        mark = "/".join(map(str, (self.seed, *what))).encode()
        return int.from_bytes(blake2b(mark, digest_size=7).digest(), "big") / (1 << 56)

    def strikes(self, kind: str, account: str = "", path: str = "") -> bool:
        """Whether a fault hits this request; every question is a new throw. Told to the ground truth when it does."""
        rate = max((r.rate for r in self.rules if r.covers(kind, account, path)), default=self.rates.get(kind, 0.0))
        if rate <= 0:
            return False
        with self._lock:
            self._turns[kind, account] += 1
            turn = self._turns[kind, account]
        hit = self.dice(kind, account, turn) < rate
        if hit:
            self.told(kind, account, path)
        return hit

    def is_on(self, kind: str, now: float, account: str = "", path: str = "") -> bool:
        """Whether a condition holds now for this account; the caller tells the truth (`told`) when it acts on it."""
        for rule in self.rules:
            if rule.since <= now < rule.until and rule.covers(kind, account, path):
                return True
        window = self.window(kind, now, account, path)
        return window is not None and window[0] <= now < window[1]

    def window(self, kind: str, now: float, account: str = "", path: str = "") -> tuple[float, float] | None:
        """From when to when the condition holds in the cycle around `now`; None when the cycle is spared."""
        rate = self.rates.get(kind, 0.0)
        if rate <= 0:
            return None
        cycle, shortest, longest, everybody = CONDITIONS[kind]
        who = path.split("/")[1] if everybody and path else "" if everybody else account
        where = path if kind == "endpoint_quota" else ""
        number = int(now // cycle)
        if kind != "clock_skew" and self.dice(kind, who, where, number) >= rate:
            return None
        length = shortest + self.dice(kind, who, where, number, "length") * (longest - shortest)
        begin = number * cycle + self.dice(kind, who, where, number, "begin") * (cycle - length)
        return begin, begin + length

    def told(self, kind: str, account: str = "", path: str = "") -> None:
        """Count an injected fault and pass it to the ground truth."""
        self.seen[kind] += 1
        if self.report:
            self.report(kind, account, path)

    def skew_s(self, now: float) -> float:
        """Seconds to add to the Date header."""
        for rule in self.rules:
            if rule.kind == "clock_skew" and rule.since <= now < rule.until:
                return rule.rate if rule.rate > 1 else DEFAULT_RATES["clock_skew"]
        return self.rates.get("clock_skew", 0.0)


def parse_fault(word: str) -> tuple[str, float]:
    """`KIND[:RATE]` of the command line; raises ValueError with a Chinese sentence."""
    kind, _, rate = word.partition(":")
    if kind not in KINDS:
        raise ValueError(f"没有这种故障：{kind}。可用：{' '.join(KINDS)}")
    return kind, float(rate) if rate else DEFAULT_RATES[kind]
