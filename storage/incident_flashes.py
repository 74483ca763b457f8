"""快报 of an incident: the facts that fill it, the text that would be issued now, and every one as it was issued."""

import sqlite3
from datetime import datetime

import pandas as pd

from matrix.case import RefusedError
from matrix.flash_report import Facts, FlashKind, Stated, compose, next_kind
from matrix.incident import EventLevel, IncidentState, Verdict
from matrix.incident_clock import Clock, ClockState
from matrix.incident_grid import Voice
from matrix.percent import whole_percent
from storage.batches import bump_version
from storage.incident_acts import checked
from storage.incident_facts import Told, told
from storage.incident_figures import figures
from storage.incident_grid import grid
from storage.incident_rows import standings
from storage.incident_tasks import tasks
from storage.incident_words import words
from storage.incident_write import Author, find
from storage.moments import BEIJING, from_seconds, to_seconds
from storage.scope import Scope, organizations_in

FLOOR = 10
"""A share of fewer certain feelings is not told."""
FLASHES = ["flash_id", "number", "kind", "text", "as_of", "at", "by_name"]


def draft(db: sqlite3.Connection, scope: Scope, incident_id: int, as_of: int) -> tuple[FlashKind, int, str] | None:
    """Kind, number and text of the report that could be issued at `as_of`; None outside the scope."""
    found = standings(db, scope, as_of, incident_id)
    if not found:
        return None
    number = len(flashes(db, scope, incident_id)) + 1
    kind = next_kind(number - 1, is_closed=found[0].matter.state == IncidentState.CLOSED)
    return kind, number, compose(facts(db, scope, incident_id, as_of), kind, number)


def facts(db: sqlite3.Connection, scope: Scope, incident_id: int, as_of: int) -> Facts:
    """What is known of an incident of the scope at `as_of`, as its report says it. Raises PermissionError outside the scope."""
    found = standings(db, scope, as_of, incident_id)
    if not found:
        raise PermissionError("这个事件不在您的权限范围内。")
    one, matter = found[0], found[0].matter
    said = told(db, scope, incident_id, as_of)
    official = words(db, scope, incident_id, as_of)
    confirmed = official[official["verdict"] == Verdict.CONFIRMED].iloc[::-1]
    counts = figures(db, scope, incident_id, as_of)
    given = tasks(db, scope, incident_id)
    given = given[given["at"] <= as_of]
    done = int(sum(at is not None and at <= as_of for at in given["done_at"]))
    level = f"{matter.event_level}" if matter.event_level in list(EventLevel) else ""
    return Facts(
        title=matter.title,
        kind=matter.kind,
        level=level,
        organization=one.organization,
        occurred=moment(matter.occurred_at) if matter.occurred_at is not None else "",
        detected=moment(matter.detected_at),
        as_of=moment(as_of),
        figures=[
            Stated(
                row["name"], row["value"], row["unit"], row["source"], row["stated_at"], moment(row["stated_at"]), row["bound"]
            )
            for row in counts[counts["void_at"].isna()].to_dict("records")
        ],
        words=[(row["kind"], row["speaker"], moment(row["said_at"]), row["title"][:30]) for row in confirmed.to_dict("records")],
        clocks=[clock_words(clock) for clock in one.clocks if clock.state is not ClockState.PENDING],
        comments=said.comments,
        citizens=said.citizens,
        leads=said.leads,
        negative=negative_words(said),
        carried=carried(db, scope, incident_id, official, as_of),
        open_tasks=len(given) - done,
        done_tasks=done,
        summary=one.summary if matter.state == IncidentState.CLOSED else "",
        is_drill=one.is_drill,
    )


def negative_words(said: Told) -> str:
    """The negative share with its numbers; nothing below the sample floor."""
    if said.certain < FLOOR:
        return ""
    return f"负面占比{whole_percent(said.negative, said.certain)}%({said.negative}/{said.certain})"


def carried(db: sqlite3.Connection, scope: Scope, incident_id: int, official: pd.DataFrame, as_of: int) -> str:
    """How many of the accounts carry the newest bulletin, and how many are silent, in words; empty without a bulletin."""
    chosen = official[(official["is_bulletin"] == 1) & (official["verdict"] == Verdict.CONFIRMED)]
    if chosen.empty:
        return ""
    voices = grid(db, scope, incident_id, int(chosen.iloc[-1]["word_id"]), as_of)["voice"].value_counts()
    others = int(voices.sum()) - int(voices.get(Voice.ISSUER.value, 0))
    parts = [f"{others}个账号中{int(voices.get(Voice.CARRIED.value, 0))}个已转载通报"]
    for voice in (Voice.SILENT, Voice.DIFFERENT, Voice.BLIND):
        if voices.get(voice.value, 0):
            parts.append(f"{int(voices[voice.value])}个{voice}")
    return "，".join(parts)


def moment(seconds: int) -> str:
    """7月24日22:42, in Beijing time."""
    local = from_seconds(seconds).astimezone(BEIJING)
    return f"{local.month}月{local.day}日{local:%H:%M}"


def clock_words(clock: Clock) -> str:
    """「24小时新闻发布会超时，用时26小时11分」."""
    name = f"{clock.rule.hours}小时{clock.rule.name}"
    if clock.stopped_at is not None:
        return f"{name}{clock.state}，用时{lasting(clock.used)}"
    if clock.state is ClockState.LATE:
        return f"{name}已超时{lasting(-clock.left)}"
    return f"{name}{clock.state}" if clock.state is ClockState.LEFT else f"{name}还剩{lasting(clock.left)}"


def lasting(seconds: int) -> str:
    """26小时11分; minutes are never rounded up."""
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours}小时{minutes}分" if hours else f"{minutes}分"


def issue(
    db: sqlite3.Connection,
    scope: Scope,
    incident_id: int,
    kind: FlashKind,
    number: int,
    text: str,
    as_of: int,
    login: str,
    name: str,
    now: datetime,
) -> int:
    """Keep a report as it was issued, inside `writing()`; gives its id. Raises RefusedError when its number was taken."""
    by = Author(login, name, to_seconds(now))
    find(db, scope, incident_id, is_open=False)
    row = db.execute(
        "INSERT INTO incident_flashes(incident_id, kind, number, text, as_of, at, by_login, by_name) "
        "VALUES(:incident, :kind, :number, :text, :as_of, :at, :login, :name) "
        "ON CONFLICT(incident_id, number) DO NOTHING RETURNING id",
        by.values
        | {
            "incident": incident_id,
            "kind": FlashKind(kind).value,
            "number": number,
            "text": checked(text, "快报"),
            "as_of": as_of,
        },
    ).fetchone()
    if row is None:
        raise RefusedError(f"第{number}报已经有人发出，请重新打开后再发。")
    bump_version(db)
    return int(row[0])


def flashes(db: sqlite3.Connection, scope: Scope, incident_id: int) -> pd.DataFrame:
    """Every report of an incident as it was issued, the newest first."""
    mine, values = organizations_in(scope, "i.organization_id")
    rows = db.execute(
        "SELECT f.id, f.number, f.kind, f.text, f.as_of, f.at, f.by_name FROM incident_flashes f "
        f"JOIN incidents i ON i.id = f.incident_id WHERE f.incident_id = :id AND {mine} ORDER BY f.number DESC",
        values | {"id": incident_id},
    ).fetchall()
    return pd.DataFrame(rows, columns=pd.Index(FLASHES), dtype=object)
