"""What can be said of an account's silence as of a past moment, by what was known at a cut-off."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from matrix.account import Nature, Route, Status
from matrix.inspection import (
    BEIJING,
    LOOK_LIFE,
    STATISTICS_HOUR,
    Judgement,
    Verdict,
    Watch,
    judge_silence,
    known_to,
    update_due,
)

VERSION = "1"
"""Kept with every inspection: another version may word or judge differently, and a comparison says so."""

NOT_REGISTERED = "检查时点台账尚未登记该账号，也没有采到此前的发布"
NEVER_LOOKED = "检查时点之前没有完整采集过，此后的采集也看不到当时，不能判定是否更新"


@dataclass(frozen=True, slots=True)
class Look:
    """A complete look: from when until when it would have shown a post; from None when nobody knows."""

    seen_from: datetime | None
    seen_until: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an account as of a moment.

    `before` is the newest complete look that had ended by then, `after` the first later one that shows the whole of that
    moment (or, failing that, any later one); `files` are what imported files show, for accounts that only files tell of.
    The blindness is the one noted by the newest look by then. `watched_from` counts once a look is known, for the first one
    fixes it. `is_registered`: the ledger had the account by then.
    """

    route: Route
    status: Status
    nature: Nature
    exemption: str
    last_post_at: datetime | None
    watched_from: datetime | None
    is_registered: bool = True
    before: Look | None = None
    after: Look | None = None
    files: tuple[Look, ...] = ()
    blind_since: datetime | None = None
    blind_reason: str = ""


def judge_then(known: Known, limit_days: int, at: datetime, *, is_live: bool = False) -> Judgement:
    """Judge one account as of `at`, by the same rule as now; `is_live` speaks of today.

    What we could not see at that moment may have been shown by a later look, which lifts the blindness of that day: one that
    goes back behind the moment, or follows the look before it within a day. A later look that does not go back proves
    nothing about silence; but a post that keeps within the limit is an update, whoever was blind when it appeared.
    """
    if not known.is_registered and known.last_post_at is None:
        return Judgement(Verdict.EXEMPT, NOT_REGISTERED)
    last_ok_at = known.before.seen_until if known.before else None
    blind_since = known.blind_since
    if known.route == Route.FILES:
        last_ok_at = _files_show_to(known, at)
    elif known.after is not None and (_goes_back(known, at) or _is_within(known, limit_days, at)):
        last_ok_at, blind_since = known.after.seen_until, None
    elif known.after is not None and known.before is None and blind_since is None and _is_judged(known):
        return Judgement(Verdict.BLIND, NEVER_LOOKED)
    has_begun = known.watched_from is not None and known.watched_from < at and (known.before or known.after)
    watch = Watch(
        known.route,
        known.status,
        known.exemption,
        known.last_post_at,
        last_ok_at,
        known.watched_from if has_begun else None,
        blind_since,
        known.blind_reason,
        known.nature,
    )
    return judge_silence(watch, limit_days, at, is_past=not is_live)


def needs_later_look(known: Known, limit_days: int, at: datetime) -> bool:
    """Whether a look after `at` can change anything; where it cannot, nobody needs to search for one."""
    if not _is_judged(known):
        return False
    if known.before is None or known.blind_since is not None or at - known.before.seen_until > LOOK_LIFE:
        return True
    if known.last_post_at is None:
        return True
    return known_to(known.route, known.before.seen_until) < update_due(known.last_post_at, limit_days) <= at


def _is_judged(known: Known) -> bool:
    """Whether silence is a question at all for this account; those that are not judged say so in their own words."""
    is_seen = known.route not in (Route.NONE, Route.FILES)
    return is_seen and known.status == Status.ACTIVE and known.nature == Nature.INSTITUTION and not known.exemption


def _goes_back(known: Known, at: datetime) -> bool:
    """Whether the later look shows what was public at `at`, and so lets the silence before it be judged."""
    if known.after is None or known_to(known.route, known.after.seen_until) < at:
        return False
    if known.after.seen_from is not None and known.after.seen_from <= at:
        return True
    return known.before is not None and known.after.seen_until - known.before.seen_until <= LOOK_LIFE


def _is_within(known: Known, limit_days: int, at: datetime) -> bool:
    return known.last_post_at is not None and update_due(known.last_post_at, limit_days) > at


def _files_show_to(known: Known, at: datetime) -> datetime | None:
    """Up to when files show an account without a gap: each next one must begin before the one in hand ends."""
    if not known.files:
        return None
    reached = known.last_post_at or min(look.seen_until for look in known.files)
    for look in sorted(known.files, key=lambda file: file.seen_until):
        if (look.seen_from is None or look.seen_from <= reached) and look.seen_until > reached:
            reached = look.seen_until
    return min(reached, at)


def needed_look(route: Route, at: datetime) -> datetime:
    """When a look must end so that it shows everything up to `at`: WeChat tells of a day on the next morning only."""
    if route != Route.WECHAT:
        return at
    morning = at.astimezone(BEIJING).replace(hour=STATISTICS_HOUR, minute=0, second=0, microsecond=0)
    return morning if known_to(route, morning) >= at else morning + timedelta(days=1)
