"""What a watch would have done: its hits of the last weeks and the alerts they would have raised, before anybody saves it."""

import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import numpy as np

from matrix.alert import Thresholds
from matrix.watch import Matcher, Plan, Typed, excluded, lay_out
from matrix.watch_trial import SECONDS, trial
from storage import alert_thresholds, requests
from storage.database import writing
from storage.moments import OFFSET, beijing_day, to_seconds
from storage.office import calendar
from storage.requests import AnswerError
from storage.scope import Scope, organizations_in
from storage.surge_lead import day_kind
from storage.watch_hits import BELOW, portion
from storage.watches import plan_of

VERB = "preview_watch"
WARM_DAYS, JUDGED_DAYS = 30, 30
PORTION = 20_000
SAMPLES, LATEST = 3, 5
READING = 0.5
"""The part of the work that looking through the texts is taken for."""

Tell = Callable[[float], None]


@dataclass(slots=True)
class Found:
    """The hits of a plan, and what its exclusions kept away."""

    looked: int = 0
    hits: list[tuple[int, int, str]] = field(default_factory=list)
    """(time, comment, text)"""
    without: Counter[str] = field(default_factory=Counter)
    kept_away: int = 0


def look(db: sqlite3.Connection, plan: Plan, unit: int, since: int, until: int, tell: Tell) -> Found:
    """Look through every comment of citizens in a subtree in [since, until), the newest first."""
    found, at = Found(), until
    while at > since:
        said, begin = portion(db, {"unit": unit, "since": since, "until": at}, PORTION)
        sheet = lay_out([one.text for one in said])
        places = Matcher({0: plan}).hits(sheet).get(0, [])
        found.looked += len(said)
        found.hits += [(said[place].at, said[place].comment_id, said[place].text) for place in places]
        by_word = excluded(plan, sheet)
        found.without.update({word: len(some) for word, some in by_word.items()})
        found.kept_away += len({place for some in by_word.values() for place in some})
        at = begin
        tell((until - at) / (until - since))
    found.hits.sort()
    return found


def preview(
    db: sqlite3.Connection, scope: Scope, unit: int, typed: Typed, now: datetime, tell: Tell = lambda _: None
) -> dict[str, Any]:
    """The hits of the last 60 days and the alerts that those of the last 30 would have raised under today's thresholds.

    `openings` name up to SAMPLES comments each, `latest` the newest hits, by id: whoever may see them asks for them. Raises
    PermissionError for a unit outside the scope and ValueError for terms that cannot be; Chinese sentences.
    """
    mine, values = organizations_in(scope, "o.id")
    if db.execute(f"SELECT 1 FROM organizations o WHERE o.id = :unit AND {mine}", values | {"unit": unit}).fetchone() is None:
        raise PermissionError("这个单位不在您的权限范围内。")
    plan, moment = plan_of(typed), to_seconds(now)
    last = moment // SECONDS
    judged = last - JUDGED_DAYS * 86400 // SECONDS
    first = judged - WARM_DAYS * 86400 // SECONDS
    found = look(db, plan, unit, first * SECONDS, moment, lambda share: tell(READING * share))
    earliest = db.execute(f"SELECT min(c.published_at) {BELOW}", {"unit": unit}).fetchone()[0]
    known_from = last if earliest is None else max(first, earliest // SECONDS)
    openings = openings_of(db, found, (first, judged, last), known_from, lambda share: tell(READING + (1 - READING) * share))
    day = beijing_day(moment) * 86400 - OFFSET
    return {
        "sentence": f"过去{JUDGED_DAYS}天会预警{len(openings)}次。",
        "openings": openings,
        "looked": found.looked,
        "hits": sum(at >= judged * SECONDS for at, _, _ in found.hits),
        "today": sum(at >= day for at, _, _ in found.hits),
        "week": sum(at >= moment - 7 * 86400 for at, _, _ in found.hits),
        "all": len(found.hits),
        "kept_away": found.kept_away,
        "excluded": found.without.most_common(),
        "latest": [number for _, number, _ in reversed(found.hits[-LATEST:])],
        "known_days": round((last - known_from) * SECONDS / 86400, 1),
    }


def openings_of(
    db: sqlite3.Connection, found: Found, span: tuple[int, int, int], known_from: int, tell: Tell
) -> list[dict[str, Any]]:
    """The alerts that the hits would have raised, each with the ids of comments of its first window."""
    if not found.hits:
        return []
    authors = authors_of(db, [number for _, number, _ in found.hits])
    times = np.array([at for at, _, _ in found.hits], np.int64)
    limits: Thresholds = alert_thresholds.newest(db)
    held = calendar(db)
    raised = trial(times, authors, span, limits, known_from=known_from, day_kind=lambda bucket: day_kind(held, bucket), tell=tell)
    return [asdict(one) | {"ids": samples(found, one.at - one.minutes * 60, one.at)} for one in raised]


def samples(found: Found, since: int, until: int) -> list[int]:
    """The first comments of a window that do not say the same."""
    texts = {text: number for at, number, text in reversed(found.hits) if since <= at < until}
    return sorted(texts.values())[:SAMPLES]


def authors_of(db: sqlite3.Connection, comment_ids: list[int]) -> np.ndarray:
    """Numbers of the authors of these comments, in their order; whoever has no name is another one each time."""
    keys: dict[int, str] = {}
    for start in range(0, len(comment_ids), 400):
        values = {f"k{place}": number for place, number in enumerate(comment_ids[start : start + 400])}
        names = ", ".join(f":{name}" for name in values)
        keys |= dict(db.execute(f"SELECT id, author_key FROM comments WHERE id IN ({names})", values).fetchall())
    number: dict[str, int] = {}
    return np.array([number.setdefault(keys.get(one) or f"#{one}", len(number)) for one in comment_ids], np.int64)


def answer(
    db: sqlite3.Connection, _settings: object, _keyring: object, now: datetime, request: requests.Request
) -> dict[str, Any]:
    """The worker's side of a request for a preview; says in the request how far it is."""
    told = request.payload
    typed = Typed(*(str(told.get(name, "")) for name in ("words", "groups", "exclusions", "pattern")))
    steps: set[int] = set()

    def tell(share: float) -> None:
        percent = int(share * 20) * 5
        if percent not in steps:
            steps.add(percent)
            with writing(db):
                requests.note_progress(db, request.id, percent)

    try:
        return preview(db, tuple(told.get("scope", ())), int(told.get("unit", 0)), typed, now, tell)
    except (ValueError, PermissionError) as error:
        raise AnswerError(str(error)) from error


VERBS = {VERB: answer}
