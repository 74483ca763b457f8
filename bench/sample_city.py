"""A small make-believe city for reports: collected by the real collectors, read by the real readers, in a folder of its own."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from bench.town import make_town
from matrix.incident import IncidentKind, MemberKind
from reading import issue, words
from storage import cutoffs, hot_words, incidents, issues, organizations, rules
from storage.database import open_writer, writing
from storage.incident_acts import note
from storage.moments import to_seconds
from storage.understanding import understand
from worker import READERS

ACCOUNTS, DAYS, SEED = 24, 15, 7
RULE = "guangdong-12345"
LOGIN, NAME = "zhiban", "值班员(虚构)"
INCIDENT, JOINED = "多名网民集中反映同一问题", 40


def build(folder: Path, now: datetime, accounts: int = ACCOUNTS) -> Path:
    """Make the city up to a moment and give the path of its database; some seconds of work, nothing outside of loopback."""
    town = make_town(folder, seed=SEED, size=accounts, start=now, history_days=DAYS)
    try:
        with closing(open_writer(town.path)) as db, writing(db):
            scope = organizations.roots(db)
            rule = next(rule for rule in rules.presets() if rule.key == RULE)
            for root in scope:
                rules.adopt(db, scope, root, rule, now - timedelta(days=2 * DAYS), NAME, now)
        town.look_at_everybody()
    finally:
        town.close()
    with closing(open_writer(town.path)) as db:
        while understand(db, READERS, now):
            pass
        issues.regroup(db, issue.group, now)
        hot_words.keep_up(db, words.hot, now)
        open_one(db, now)
        with writing(db):
            cutoffs.close(db, to_seconds(now))
    return town.path


def open_one(db: sqlite3.Connection, now: datetime) -> None:
    """One incident over what citizens lately complained of most, as a person on duty would have opened it."""
    scope = organizations.roots(db)
    begun = now - timedelta(hours=20)
    rows = db.execute(
        "SELECT c.id, a.organization_id FROM comments c JOIN readings d ON d.comment_id = c.id "
        "JOIN accounts a ON a.id = c.account_id "
        "WHERE c.published_at >= :since AND d.topic = (SELECT r.topic FROM readings r JOIN comments k ON k.id = r.comment_id "
        "WHERE k.published_at >= :since AND r.topic <> '其他' GROUP BY r.topic ORDER BY count(*) DESC, r.topic LIMIT 1) "
        "ORDER BY c.published_at LIMIT :most",
        {"since": to_seconds(begun), "most": JOINED},
    ).fetchall()
    if not rows:
        return
    with writing(db):
        number = incidents.open_incident(
            db, scope, INCIDENT, LOGIN, NAME, begun, rows[0][1], occurred_at=to_seconds(begun - timedelta(hours=1))
        )
        incidents.set_fields(db, scope, number, {"kind": IncidentKind.OTHER.value}, "按网民反映情况研判", LOGIN, NAME, begun)
        for comment, _ in rows:
            incidents.join(db, scope, number, MemberKind.COMMENT, comment, LOGIN, NAME, begun + timedelta(hours=1))
        note(db, scope, number, "已转相关单位核实，正在起草回应。", LOGIN, NAME, begun + timedelta(hours=2))
