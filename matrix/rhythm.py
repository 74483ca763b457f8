"""How often an account is looked at: its own rhythm, its budget, and how its last looks went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from matrix.account import Route
from matrix.run import ErrorKind

BEIJING = ZoneInfo("Asia/Shanghai")
MINUTE = 60
HOUR = 3600
ITEMS_PER_LOOK = 5
"""A look should bring about this many new posts and comments: fewer wastes calls, more lets citizens wait."""

BOUNDS: Mapping[Route, tuple[int, int]] = {
    # (shortest, longest) seconds between looks. The free Weibo route has 100 calls a day for an account and sees only the
    # newest 5 posts: half an hour is what the budget carries. WeChat's comment list is the only thing that moves by day.
    Route.WEIBO_COMMERCIAL: (5 * MINUTE, 2 * HOUR),
    Route.WEIBO_FREE: (30 * MINUTE, 2 * HOUR),
    Route.WECHAT: (30 * MINUTE, 4 * HOUR),
    Route.FEED: (HOUR, 6 * HOUR),
    Route.FILES: (HOUR, 24 * HOUR),
    Route.NONE: (24 * HOUR, 24 * HOUR),
}
CALLS_PER_LOOK: Mapping[Route, float] = {
    Route.WEIBO_COMMERCIAL: 6.0,
    Route.WEIBO_FREE: 2.0,
    Route.WECHAT: 6.0,
    Route.FEED: 1.0,
}
"""What a look costs before an account's own history says better."""

LONGEST_BACK_OFF = 6 * HOUR
HOPELESS = {ErrorKind.CREDENTIALS, ErrorKind.PERMISSION, ErrorKind.GONE}
"""Kinds that a person must mend: asking often is of no use, asking sometimes finds the mending."""


def next_interval(route: Route, items_last_day: int, calls_per_look: float, budget_per_day: float | None = None) -> int:
    """Seconds until the next look at an account that answers.

    From its rhythm (items of the last 24 hours over ITEMS_PER_LOOK), within the bounds of its route, and never faster than
    `budget_per_day` calls (None: no budget of its own) carry over a whole day.
    """
    shortest, longest = BOUNDS[route]
    wanted = 86400 * ITEMS_PER_LOOK / items_last_day if items_last_day > 0 else longest
    interval = min(max(wanted, shortest), longest)
    if budget_per_day:
        interval = max(interval, 86400 * calls_per_look / budget_per_day)
    return round(interval)


def back_off(kind: ErrorKind, failures: int, interval: int, now: datetime, retry_at: datetime | None) -> datetime:
    """When to look again after a failure; `failures` counts this one.

    The platform's own word (`retry_at`) goes first. What a person must mend is asked every hour, so that the mending shows
    soon; everything else waits twice as long each time, from a fifth of the interval up to six hours.
    """
    if retry_at is not None:
        return max(retry_at, now + timedelta(minutes=1))
    if kind in HOPELESS:
        return now + timedelta(hours=1)
    # A refusal may be one stray page or a wall that a person must take down: soon at first, then every hour.
    longest = HOUR if kind == ErrorKind.REFUSED else LONGEST_BACK_OFF
    wait = min(longest, max(MINUTE, interval / 5) * 2 ** min(failures - 1, 10))
    return now + timedelta(seconds=wait)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an hour of polling costs on a route, against what its budget allows; `sentence` says so in Chinese."""

    route: Route
    accounts: int
    calls_per_hour: float
    allowed_per_hour: float
    fits: bool
    sentence: str


def plan_hour(route: Route, name: str, looks: Sequence[tuple[float, float]], allowed_per_hour: float) -> Plan:
    """Add up (interval seconds, calls per look) of a route's accounts; `allowed_per_hour` is what its budget gives."""
    cost = sum(HOUR / interval * calls for interval, calls in looks)
    share = cost / allowed_per_hour if allowed_per_hour else 0.0
    fits = cost <= allowed_per_hour
    sentence = f"{name}：{len(looks)}个账号每小时约需调用{cost:.0f}次，额度{allowed_per_hour:.0f}次(占{share:.0%})"
    if not fits:
        sentence += f"，额度不够，各账号的采集间隔须放宽到约{share:.1f}倍，否则会有账号采不到"
    return Plan(route, len(looks), cost, allowed_per_hour, fits, sentence)


def stretch(plan: Plan) -> float:
    """By how much every interval of a route must grow so that its polling fits the budget (1.0: it fits)."""
    return 1.0 if plan.fits or not plan.allowed_per_hour else plan.calls_per_hour / plan.allowed_per_hour
