"""Judges the updates of all accounts of some units as of a moment, by one rule, from nothing but dated rows."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matrix.account import Nature, Route, Status
from matrix.inspection import BEIJING
from matrix.inspection_rule import UpdateRule
from matrix.inspection_then import Known, judge_then, needed_look
from storage.inspection_facts import EVER, LastPost, file_looks, last_posts, sightings
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
    known = _known(db, held, asked)
    return [_finding(ledger, one, known[one.id], asked) for one in held]


def _known(db: sqlite3.Connection, held: Sequence[Held], asked: Asked) -> dict[int, tuple[Known, LastPost | None]]:
    ids, at = [one.id for one in held], from_seconds(asked.at)
    morning = to_seconds(needed_look(Route.WECHAT, at))
    seen = sightings(db, ids, asked.at, morning, asked.until, asked.known)
    files = file_looks(db, [one.id for one in held if one.route == Route.FILES], asked.known)
    posts = last_posts(db, ids, asked.until, asked.known, asked.rule.reposts_count)
    found = {}
    for one in held:
        post, sighting = posts.get(one.id), seen[one.id]
        after = (sighting.after_morning or sighting.after) if one.route == Route.WECHAT else sighting.after
        has_look = bool(sighting.before or after)
        known = Known(
            route=Route(one.route),
            status=Status(one.status),
            nature=Nature(one.nature),
            exemption=one.exemption,
            last_post_at=from_seconds(post.published_at) if post else None,
            watched_from=from_seconds_or_none(one.watched_from) if has_look else None,
            is_registered=one.entered_at < asked.until,
            before=sighting.before,
            after=after,
            files=tuple(files.get(one.id, ())),
            blind_since=from_seconds_or_none(sighting.blind_since),
            blind_reason=sighting.blind_reason,
        )
        found[one.id] = (known, post)
    return found


def _finding(ledger: LedgerThen, one: Held, facts: tuple[Known, LastPost | None], asked: Asked) -> Finding:
    known, post = facts
    own = ledger.limit(one.organization_id) if asked.rule.follows_units else None
    days, basis, setter = own or (asked.rule.days or 0, "", 0)
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
