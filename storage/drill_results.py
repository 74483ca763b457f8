"""What a drill left in its database: when alerts, confirmations and official words came, clocks, silent accounts, notices."""

import sqlite3
from dataclasses import dataclass

from matrix.drill import ClockCard
from matrix.incident_grid import Voice
from storage import incident_grid, incident_rows, incident_words
from storage.scope import Scope

SPOKE = (Voice.ISSUER, Voice.CARRIED, Voice.OWN, Voice.DIFFERENT)
RANK = (*SPOKE, Voice.SILENT, Voice.BLIND, Voice.LIMITED)
"""A unit counts as its most telling account does."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a drill left in its database; moments are Unix seconds, None: it never happened."""

    alert: int | None
    grave_alert: int | None
    confirmed: int | None
    official: int | None
    alerts: int
    spurious: int
    clocks: tuple[ClockCard, ...]
    carried: int
    silent: tuple[str, ...]
    unseen: tuple[str, ...]
    notices: int
    undelivered: int
    keys: tuple[str, ...]
    """Of the messages that were sent, as the receiving side counts them."""


def results(db: sqlite3.Connection, scope: Scope, incident_id: int | None, since: int, now: int) -> Told:
    """What happened from the event on (`since`), as it stands at `now`; alerts raised before it are spurious.

    An alert counts from when the system knew it (`seen_at`), not from the bucket in which it began.
    """
    first, grave, alerts, spurious = db.execute(
        "SELECT min(CASE WHEN a.raised_at >= :since THEN a.seen_at END), "
        "(SELECT min(v.seen_at) FROM alert_moves v WHERE v.level >= 2 AND v.at >= :since), count(*), "
        "coalesce(sum(CASE WHEN a.raised_at < :since THEN 1 ELSE 0 END), 0) FROM alerts a",
        {"since": since},
    ).fetchone()
    confirmed = db.execute(
        "SELECT min(t.at) FROM alert_steps t WHERE t.at >= :since AND t.act IN ('确认', '指派', '转为事件', '并入事件')",
        {"since": since},
    ).fetchone()[0]
    notices = db.execute("SELECT count(*) FROM notices").fetchone()[0]
    waiting = db.execute("SELECT count(*) FROM deliveries WHERE state <> '已送达'").fetchone()[0]
    keys = tuple(
        row[0]
        for row in db.execute(
            "SELECT DISTINCT p.key FROM dispatches p JOIN deliveries d ON d.dispatch_id = p.id WHERE d.state = '已送达'"
        ).fetchall()
    )
    clocks: tuple[ClockCard, ...] = ()
    official, voices = None, dict[str, tuple[str, ...]]()
    if incident_id is not None:
        clocks = clocks_of(db, scope, incident_id, now)
        words = incident_words.words(db, scope, incident_id, now)
        said = words[words["verdict"] == "已确认"]
        official = None if said.empty else int(said["said_at"].min())
        bulletins = said[said["is_bulletin"] == 1]
        if not bulletins.empty:
            voices = voices_of(db, scope, incident_id, int(bulletins.iloc[0]["word_id"]), now)
    carried = sum(len(voices.get(voice, ())) for voice in SPOKE)
    unseen = (*voices.get(Voice.BLIND, ()), *voices.get(Voice.LIMITED, ()))
    silent = voices.get(Voice.SILENT, ())
    return Told(first, grave, confirmed, official, alerts, spurious, clocks, carried, silent, unseen, notices, waiting, keys)


def clocks_of(db: sqlite3.Connection, scope: Scope, incident_id: int, now: int) -> tuple[ClockCard, ...]:
    found = incident_rows.standings(db, scope, now, incident_id)
    return tuple(
        ClockCard(
            one.rule.name,
            one.rule.hours,
            one.state.value,
            None if one.stopped_at is None else (one.stopped_at - one.starts_at) / 60,
        )
        for one in (found[0].clocks if found else ())
    )


def voices_of(db: sqlite3.Connection, scope: Scope, incident_id: int, word_id: int, now: int) -> dict[str, tuple[str, ...]]:
    """The units of the matrix by the best that any of their accounts did with the bulletin; a unit stands once."""
    grid = incident_grid.grid(db, scope, incident_id, word_id, now)
    best: dict[str, str] = {}
    for unit, voice in zip(grid["organization"], grid["voice"], strict=True):
        held = best.get(str(unit))
        if held is None or RANK.index(Voice(voice)) < RANK.index(Voice(held)):
            best[str(unit)] = str(voice)
    return {voice: tuple(unit for unit, one in best.items() if one == voice) for voice in set(best.values())}
