"""Alerts as the system writes them: raised, risen, joined, falling, closed, each with its evidence, and told to people."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from matrix.alert import Alert, AlertLevel, Book, Event, Move, Signal, Thresholds
from matrix.surge import Detector
from storage import alert_notices, drills
from storage.alert_notices import key_of
from storage.moments import to_seconds
from storage.surge_facts import BUCKET
from storage.surge_signals import Heard

RAISED, FALLING, CLOSED = "发生", "回落", "结束"
INSERT = """
INSERT INTO alerts(key, series_id, organization_id, title, sentence, level, state, score, peak, raised_at, last_high_at, seen_at,
  is_drill)
SELECT :key, s.id, s.organization_id, :title, :sentence, :level, :state, :score, :peak, :raised, :high, :seen, :drill
FROM series s WHERE s.id = :series ON CONFLICT(key) DO NOTHING
"""
MEMBER = """
INSERT INTO alert_members(alert_id, series_id, joined_at, most_excess, minutes, b5, seen, citizens, expected, usual, usual_most,
  ratio, highest_days, minutes_since_post, post_id, score, novelty, negative, feelings, sentence, dispersion, factor)
VALUES(:alert, :series, :joined, :excess, :minutes, :b5, :seen, :citizens, :expected, :usual, :most, :ratio, :days, :since, :post,
  :score, :novelty, :negative, :feelings, :sentence, :dispersion, :factor) ON CONFLICT(alert_id, series_id) DO NOTHING
"""
MOVE = """
INSERT INTO alert_moves(alert_id, move, level, score, series_id, at, seen_at, sentence)
VALUES(:alert, :move, :level, :score, :series, :at, :seen, :sentence) ON CONFLICT(alert_id, move, at, series_id) DO NOTHING
"""


def thresholds(db: sqlite3.Connection, now: int) -> Thresholds:
    """The thresholds that hold at a moment."""
    names = Thresholds.__slots__
    row = db.execute(
        f"SELECT {', '.join(names)} FROM alert_thresholds WHERE set_at <= :now ORDER BY set_at DESC, id DESC LIMIT 1",
        {"now": now},
    ).fetchone()
    return Thresholds(**dict(zip(names, row, strict=True))) if row else Thresholds()


def open_book(db: sqlite3.Connection, now: int) -> Book:
    """The alerts that are open as the rules know them; in the database of a drill all are those of the drill."""
    drill = {"drill": int(drills.is_drill(db))}
    rows = db.execute(
        "SELECT id, series_id, level, state, score, peak, raised_at, last_high_at, topics, groups FROM alerts "
        "WHERE closed_at IS NULL AND is_drill = :drill ORDER BY raised_at, id",
        drill,
    ).fetchall()
    members: dict[int, dict[int, float]] = {row[0]: {} for row in rows}
    for alert, series, excess in db.execute(
        "SELECT m.alert_id, m.series_id, m.most_excess FROM alert_members m JOIN alerts a ON a.id = m.alert_id "
        "WHERE a.closed_at IS NULL AND a.is_drill = :drill ORDER BY m.alert_id, m.series_id",
        drill,
    ).fetchall():
        members[alert][series] = excess
    alerts = [
        Alert(
            first=Signal(series, raised, score),
            level=AlertLevel(level),
            raised_at=raised,
            last_high_at=high,
            peak=peak,
            members=members[number],
            topics=frozenset(topics.split("、")) - {""},
            groups=frozenset(int(one) for one in groups.split(",") if one),
            is_falling=state == FALLING,
        )
        for number, series, level, state, score, peak, raised, high, topics, groups in rows
    ]
    return Book(thresholds(db, now), alerts)


def write(db: sqlite3.Connection, told: Iterable[tuple[Event, Heard | None]], detector: Detector, now: datetime) -> int:
    """Write what happened, in order, inside `writing()`; gives how many notices were left for people."""
    seen, notices = to_seconds(now), 0
    for event, heard in told:
        alert, level = event.alert, event.alert.level
        if event.move is Move.RAISED and heard is not None:
            db.execute(
                INSERT,
                {
                    "key": key_of(alert),
                    "series": alert.first.series,
                    "title": heard.title,
                    "sentence": heard.sentence,
                    "level": int(level),
                    "state": RAISED,
                    "score": alert.first.score,
                    "peak": alert.peak,
                    "raised": alert.raised_at,
                    "high": alert.last_high_at,
                    "seen": seen,
                    "drill": int(drills.is_drill(db)),
                },
            )
        number = db.execute("SELECT id FROM alerts WHERE key = :key", {"key": key_of(alert)}).fetchone()[0]
        at = heard.signal.at if heard is not None else detector_end(detector)
        if heard is not None:
            for one in (heard, *heard.group) if event.move is Move.RAISED else (heard,):
                add_member(db, number, one, one.signal.at)
        db.execute(
            MOVE,
            {
                "alert": number,
                "move": str(event.move),
                "level": int(level),
                "score": heard.signal.score if heard is not None else alert.peak,
                "series": heard.signal.series if heard is not None else None,
                "at": at,
                "seen": seen,
                "sentence": heard.sentence if heard is not None else "",
            },
        )
        save_standing(db, number, alert, at if event.move is Move.CLOSED else None)
        if heard is not None and event.move in (Move.RAISED, Move.RISEN):
            notices += alert_notices.tell(db, number, event, heard.sentence, now)
        elif heard is not None and event.move is Move.JOINED:
            notices += alert_notices.tell_joined(db, number, event, heard.title, heard.sentence, now)
    return notices


def detector_end(detector: Detector) -> int:
    """Unix seconds at which the last bucket ended."""
    return ((detector.bucket or 0) + 1) * BUCKET


def add_member(db: sqlite3.Connection, alert_id: int, heard: Heard, at: int) -> None:
    found, signal = heard.found, heard.signal
    values: dict[str, Any] = {
        "alert": alert_id,
        "series": signal.series,
        "joined": at,
        "excess": signal.excess,
        "minutes": found.minutes,
        "b5": found.bucket,
        "seen": found.seen,
        "citizens": min(found.citizens, found.seen),
        "expected": found.expected,
        "usual": found.usual,
        "most": found.usual_most,
        "ratio": found.ratio,
        "days": found.highest_days,
        "since": found.minutes_since_post,
        "post": heard.post_id,
        "score": signal.score,
        "novelty": signal.novelty,
        "negative": signal.negative,
        "feelings": signal.read,
        "sentence": heard.sentence,
        "dispersion": found.dispersion,
        "factor": heard.factor,
    }
    db.execute(MEMBER, values)


def save_standing(db: sqlite3.Connection, alert_id: int, alert: Alert, closed_at: int | None = None) -> None:
    """Bring the row of an alert up to where it stands, inside `writing()`."""
    state = CLOSED if closed_at is not None else FALLING if alert.is_falling else RAISED
    values = {
        "id": alert_id,
        "level": int(alert.level),
        "state": state,
        "peak": alert.peak,
        "high": alert.last_high_at,
        "closed": closed_at,
        "topics": "、".join(sorted(alert.topics)),
        "groups": ",".join(str(one) for one in sorted(alert.groups)),
    }
    db.execute(
        "UPDATE alerts SET level = :level, state = :state, peak = :peak, last_high_at = :high, closed_at = :closed, "
        "topics = :topics, groups = :groups WHERE id = :id",
        values,
    )
    db.executemany(
        "UPDATE alert_members SET most_excess = :excess WHERE alert_id = :id AND series_id = :series AND most_excess < :excess",
        [{"id": alert_id, "series": series, "excess": excess} for series, excess in sorted(alert.members.items())],
    )


def save_book(db: sqlite3.Connection, before: Sequence[Alert], book: Book) -> bool:
    """Bring the rows of all open alerts up to where they stand, inside `writing()`; whether any of them has moved."""
    known = {key_of(alert): alert for alert in before}
    moved = [alert for alert in book.alerts if known.get(key_of(alert)) != alert]
    for alert in moved:
        number = db.execute("SELECT id FROM alerts WHERE key = :key", {"key": key_of(alert)}).fetchone()[0]
        save_standing(db, number, alert)
    return bool(moved)
