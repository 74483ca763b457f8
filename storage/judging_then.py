"""Judges the updates of all accounts of some units as of a moment, by one rule, from nothing but dated rows."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from matrix.account import Nature, Route, Status
from matrix.inspection import BEIJING
from matrix.inspection_rule import UpdateRule
from matrix.inspection_then import Known, judge_then, needed_look, needs_later_look
from storage.inspection_facts import (
    EVER,
    NEVER,
    LastPost,
    file_looks,
    last_posts,
    later_looks,
    sightings,
    sightings_now,
)
from storage.ledger_then import Held, LedgerThen
from storage.moments import OFFSET, from_seconds, from_seconds_or_none, to_seconds

EXCERPT = 120
"""Characters of a post that stand in a finding; the whole text is found again by its fingerprint."""

Finding = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an inspection is asked: units (with all below them), moment, rule, and up to when facts had to be known.

    `at` is when everything is judged. At midnight that is 24:00 of the day before, and what carries the new day's date is not
    seen; at any other moment what happened in that very second is. With `is_live` everything counts that is known, and the
    sentences speak of now. Unix seconds.
    """

    roots: tuple[int, ...]
    at: int
    rule: UpdateRule
    known: int = EVER
    is_live: bool = False

    @property
    def until(self) -> int:
        """What is dated from here on is not seen."""
        if self.is_live:
            return EVER
        return self.at if (self.at + OFFSET) % 86400 == 0 else self.at + 1


def find(db: sqlite3.Connection, asked: Asked, condition: str = "1 = 1", values: dict[str, Any] | None = None) -> list[Finding]:
    """One finding for each account that stood below the units then and meets a condition on `a`, by number of account.

    Raises ValueError when the rule names no days.
    """
    if asked.rule.days is None:
        raise ValueError("检查规则没有写明天数。")
    ledger = LedgerThen(db, asked.until, asked.known)
    held = [one for one in ledger.accounts(db, condition, values or {}) if ledger.is_below(one.organization_id, asked.roots)]
    posts = last_posts(db, [one.id for one in held], asked.until, asked.known, asked.rule.reposts_count)
    known = _known(db, held, posts, asked)
    limits = {one.id: _limit(ledger, one, asked.rule) for one in held}
    if not asked.is_live:
        known = _with_later_looks(db, known, {account: limit[0] for account, limit in limits.items()}, asked)
    return [_finding(ledger, one, known[one.id], posts.get(one.id), limits[one.id], asked) for one in held]


def _known(db: sqlite3.Connection, held: Sequence[Held], posts: Mapping[int, LastPost], asked: Asked) -> dict[int, Known]:
    ids = [one.id for one in held]
    seen = sightings_now(db, ids) if asked.is_live else sightings(db, ids, asked.until, asked.known)
    only_files = [one.id for one in held if one.route == Route.FILES and one.id in posts]
    if asked.is_live:
        files = {account: (look,) for account in only_files if (look := seen[account].before)}
    else:
        files = file_looks(db, {account: posts[account].published_at for account in only_files}, asked.known)
    found = {}
    for one in held:
        post, sighting = posts.get(one.id), seen.get(one.id, NEVER)
        found[one.id] = Known(
            route=Route(one.route),
            status=Status(one.status),
            nature=Nature(one.nature),
            exemption=one.exemption,
            last_post_at=from_seconds(post.published_at) if post else None,
            watched_from=from_seconds_or_none(one.watched_from),
            is_registered=one.entered_at < asked.until,
            before=sighting.before,
            files=files.get(one.id, ()),
            blind_since=from_seconds_or_none(sighting.blind_since),
            blind_reason=sighting.blind_reason,
        )
    return found


def _with_later_looks(
    db: sqlite3.Connection, known: dict[int, Known], limits: Mapping[int, int], asked: Asked
) -> dict[int, Known]:
    """Where it can matter, the look after the moment that shows what was public then."""
    at = from_seconds(asked.at)
    needed = {
        account: to_seconds(needed_look(one.route, at))
        for account, one in known.items()
        if needs_later_look(one, limits[account], at)
    }
    for account, look in later_looks(db, needed, asked.until, asked.known).items():
        known[account] = replace(known[account], after=look)
    return known


def _limit(ledger: LedgerThen, one: Held, rule: UpdateRule) -> tuple[int, str, int]:
    """Days, basis and the unit that set them; no unit where the rule's own days hold."""
    own = ledger.limit(one.organization_id) if rule.follows_units else None
    return own or (rule.days or 0, "", 0)


def _finding(
    ledger: LedgerThen, one: Held, known: Known, post: LastPost | None, limit: tuple[int, str, int], asked: Asked
) -> Finding:
    days, basis, setter = limit
    judged = judge_then(known, days, from_seconds(asked.at), is_live=asked.is_live)
    unit = ledger.units.get(one.organization_id, {})
    return {
        "account_id": one.id,
        "account": one.name,
        "platform": one.platform,
        "organization_id": one.organization_id,
        "organization": str(unit.get("name", "")),
        "path": ledger.path(one.organization_id),
        "level": str(unit.get("level", "")),
        "route": one.route,
        "limit_days": days,
        "limit_basis": basis,
        "limit_unit": str(ledger.units[setter]["name"]) if setter else "",
        "verdict": judged.verdict.value,
        "reason": judged.reason,
        "days": judged.days,
        "due_at": to_seconds(judged.due_at) if judged.due_at else None,
        "post": _evidence(post) if post else None,
    }


def _evidence(post: LastPost) -> dict[str, Any]:
    return {
        "post_id": post.post_id,
        "ext_id": post.ext_id,
        "kind": post.kind,
        "published_at": post.published_at,
        "seen_at": post.seen_at,
        "title": post.title,
        "excerpt": " ".join(post.text.split())[:EXCERPT],
        "url": post.url,
        "sha256": post.sha256,
    }


def canonical(value: Any) -> str:
    """The one way in which a value is written down: JSON with sorted keys, without spaces, in its own script."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def end_of_day(moment: datetime) -> int:
    """24:00 of a moment's Beijing day, Unix seconds."""
    local = moment.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    return to_seconds(local) + 86400
