"""How incidents stand: each with its clocks as of a moment, the open ones and the closed ones."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from matrix.incident import Act, Change, IncidentState, Matter, Verdict, Word, matter_at
from matrix.incident_clock import Clock, clocks, next_due, start_words
from storage.moments import to_seconds
from storage.scope import Scope, organizations_in

OPEN = ["id", "title", "organization_id", "organization", "kind", "event_level", "warning_level", "response_level", "state",
        "occurred_at", "detected_at", "starts_at", "start_words", "opened_at", "closed_at", "summary", "clock", "clock_state",
        "due_at", "left", "is_late", "clocks", "is_drill"]  # fmt: skip
MATTER = "i.title, i.detected_at, i.kind, i.event_level, i.warning_level, i.response_level, i.occurred_at, i.state"


@dataclass(frozen=True, slots=True)
class Standing:
    """One incident as of a moment; `clocks` are those that apply or may apply."""

    id: int
    organization_id: int
    organization: str
    opened_at: int
    summary: str
    is_drill: bool
    matter: Matter
    clocks: tuple[Clock, ...]


def marks_of(numbers: Iterable[int]) -> tuple[str, dict[str, int]]:
    """The named places of a list of ids and their values; an empty list matches nothing."""
    values = {f"n{place}": number for place, number in enumerate(numbers)}
    return ", ".join(f":{name}" for name in values) or "NULL", values


def words_of(db: sqlite3.Connection, incident_ids: Iterable[int], as_of: int) -> Mapping[int, list[Word]]:
    """Official words that stood confirmed at `as_of`, by incident: the newest decision up to then counts."""
    marks, values = marks_of(incident_ids)
    rows = db.execute(
        "SELECT w.incident_id, d.kind, w.said_at, (SELECT min(f.at) FROM incident_decisions f WHERE f.word_id = w.id "
        "AND f.verdict = :confirmed), CASE WHEN w.post_id IS NOT NULL OR w.link <> '' THEN 1 ELSE 0 END, d.verdict "
        "FROM incident_words w JOIN incident_decisions d ON d.word_id = w.id AND d.id = (SELECT max(x.id) "
        "FROM incident_decisions x WHERE x.word_id = w.id AND x.at <= :as_of) "
        f"WHERE w.incident_id IN ({marks}) ORDER BY w.said_at, w.id",
        values | {"as_of": as_of, "confirmed": Verdict.CONFIRMED.value},
    ).fetchall()
    found: dict[int, list[Word]] = defaultdict(list)
    for incident, kind, said_at, seen_at, has_evidence, verdict in rows:
        if verdict == Verdict.CONFIRMED:
            found[incident].append(Word(kind, said_at, seen_at, bool(has_evidence)))
    return found


def changes_of(db: sqlite3.Connection, incident_ids: Iterable[int], as_of: int) -> Mapping[int, list[Change]]:
    """What was changed after `as_of`, by incident, in the order in which it happened."""
    marks, values = marks_of(incident_ids)
    rows = db.execute(
        f"SELECT incident_id, field, before, after, at FROM incident_changes WHERE incident_id IN ({marks}) AND at > :as_of "
        "ORDER BY at, id",
        values | {"as_of": as_of},
    ).fetchall()
    found: dict[int, list[Change]] = defaultdict(list)
    for incident, *rest in rows:
        found[incident].append(Change(*rest))
    return found


def closings_of(db: sqlite3.Connection, incident_ids: Iterable[int], as_of: int) -> Mapping[int, tuple[int, str]]:
    """When each incident was closed last up to `as_of` and with which summary, also where it was opened again since."""
    marks, values = marks_of(incident_ids)
    rows = db.execute(
        "SELECT s.incident_id, s.at, s.note FROM incident_steps s WHERE s.id IN (SELECT max(x.id) FROM incident_steps x "
        f"WHERE x.incident_id IN ({marks}) AND x.act = :close AND x.at <= :as_of GROUP BY x.incident_id)",
        values | {"as_of": as_of, "close": Act.CLOSE.value},
    ).fetchall()
    return {incident: (at, note) for incident, at, note in rows}


def standings(
    db: sqlite3.Connection, scope: Scope, now: datetime | int, incident_id: int | None = None, state: str = ""
) -> list[Standing]:
    """Every incident of the scope that was known at `now`, as it stood then; those of one state only when it is given."""
    as_of = now if isinstance(now, int) else to_seconds(now)
    mine, values = organizations_in(scope, "i.organization_id")
    rows = db.execute(
        f"SELECT i.id, i.organization_id, o.name, i.opened_at, i.is_drill, {MATTER} FROM incidents i "
        f"JOIN organizations o ON o.id = i.organization_id WHERE i.opened_at <= :as_of AND {mine} "
        "AND (:id = 0 OR i.id = :id) AND (:state = '' OR i.state = :state OR EXISTS (SELECT 1 FROM incident_changes s "
        "WHERE s.incident_id = i.id AND s.field = 'state' AND s.at > :as_of)) ORDER BY i.opened_at, i.id",
        values | {"as_of": as_of, "id": incident_id or 0, "state": state},
    ).fetchall()
    numbers = [row[0] for row in rows]
    words, changes, closings = words_of(db, numbers, as_of), changes_of(db, numbers, as_of), closings_of(db, numbers, as_of)
    found = []
    for number, unit, name, opened_at, is_drill, *matter in rows:
        closed_at, summary = closings.get(number, (None, ""))
        then = matter_at(Matter(*matter, closed_at=closed_at), changes.get(number, ()), as_of)
        running = tuple(clocks(then, words.get(number, ()), as_of))
        found.append(Standing(number, unit, name, opened_at, summary, bool(is_drill), then, running))
    return [one for one in found if not state or one.matter.state == state]


def to_frame(found: Iterable[Standing]) -> pd.DataFrame:
    """The standings as rows; `clocks` holds all clocks of each, the columns beside it the one that asks for something first."""
    rows = []
    for one in found:
        first, matter = next_due(one.clocks), one.matter
        asked = (first.rule.name, first.state.value, first.due_at, first.left) if first else ("", "", None, None)
        levels = (matter.kind, matter.event_level, matter.warning_level, matter.response_level)
        times = (matter.occurred_at, matter.detected_at, matter.starts_at, start_words(matter), one.opened_at, matter.closed_at)
        is_late = any(clock.is_late for clock in one.clocks)
        what = (one.id, matter.title, one.organization_id, one.organization)
        rows.append((*what, *levels, matter.state, *times, one.summary, *asked, is_late, one.clocks, one.is_drill))
    return pd.DataFrame(rows, columns=pd.Index(OPEN), dtype=object)


def open_now(db: sqlite3.Connection, scope: Scope, now: datetime | int) -> pd.DataFrame:
    """The incidents that are open at `now`, those whose clock asks for something first on top, then the oldest.

    `clock`, `due_at` and `left` (seconds, below zero: late) are those of that clock, empty where none runs (all are kept, or
    待定级); `is_late` whether any clock was missed; `clocks` all of them (`matrix.incident_clock.Clock`).
    """
    found = standings(db, scope, now, state=IncidentState.OPEN)
    far = 1 << 60
    dues = [(clock.due_at if (clock := next_due(one.clocks)) else far, one.opened_at, one.id) for one in found]
    return to_frame([one for _, one in sorted(zip(dues, found, strict=True), key=lambda pair: pair[0])])
