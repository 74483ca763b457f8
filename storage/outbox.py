"""The outbox: a notice becomes one delivery per channel in the transaction that makes it, and what is due becomes a message."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from matrix.notice import (
    GRADES,
    MOST_TOGETHER,
    RED,
    TOGETHER,
    ChannelKind,
    DeliveryState,
    Notice,
    Rules,
    bundles,
    due,
    gravest,
    key_of,
    quiet_end,
)
from matrix.shift import standing
from storage import shifts
from storage.batches import bump_version
from storage.moments import BEIJING, from_seconds, to_seconds

LONGEST_TITLE, LONGEST_BODY = 200, 4000
NOTICE_COLUMNS = "n.key, n.level, n.kind, n.title, n.body, n.organization_id, n.created_at, n.link"


@dataclass(frozen=True, slots=True)
class Put:
    """What became of a notice: its row, whether it is new, and to how many channels it goes (0: nobody is told)."""

    notice_id: int
    is_new: bool
    channels: int


def put(db: sqlite3.Connection, notice: Notice, now: datetime, told_unit: int = 0) -> Put:
    """Leave a notice for every channel in use of its unit and of the units above it that wants its level. Inside `writing()`.

    The channels of `told_unit` and of those above it are passed over: they have heard of the matter by another notice.
    The transaction is the caller's: what is told and that it will be told are written together or not at all. The same key
    again changes nothing. Raises ValueError for what is no level.
    """
    if notice.level not in GRADES:
        raise ValueError(f"no level of a notice: {notice.level!r}")
    at = to_seconds(now)
    row = db.execute(
        "INSERT INTO notices(key, kind, level, title, body, organization_id, link, created_at) "
        "VALUES(:key, :kind, :level, :title, :body, :unit, :link, :at) ON CONFLICT(key) DO NOTHING RETURNING id",
        {
            "key": notice.key,
            "kind": notice.kind,
            "level": notice.level,
            "title": notice.title[:LONGEST_TITLE],
            "body": notice.body[:LONGEST_BODY],
            "unit": notice.organization_id,
            "link": notice.link,
            "at": notice.created_at,
        },
    ).fetchone()
    if row is None:
        known = db.execute("SELECT id FROM notices WHERE key = :key", {"key": notice.key}).fetchone()[0]
        made = db.execute("SELECT count(*) FROM deliveries WHERE notice_id = :id", {"id": known}).fetchone()[0]
        return Put(int(known), False, int(made))
    number = 0
    for channel_id, rules in listening(db, notice, told_unit):
        opened = None if notice.level == RED else open_digest(db, channel_id, at)
        db.execute(
            "INSERT INTO deliveries(notice_id, channel_id, state, due_at) VALUES(:notice, :channel, :state, :due)",
            {
                "notice": row[0],
                "channel": channel_id,
                "state": DeliveryState.WAITING,
                "due": due(rules, notice.level, at, opened),
            },
        )
        number += 1
    bump_version(db)
    return Put(int(row[0]), True, number)


def listening(db: sqlite3.Connection, notice: Notice, told_unit: int = 0) -> list[tuple[int, Rules]]:
    """The channels in use of the notice's unit and of those above it that want its level."""
    rows = db.execute(
        "SELECT c.id, c.levels, c.quiet_from, c.quiet_until, c.digest_minutes FROM channels c "
        "JOIN organization_up u ON u.ancestor_id = c.organization_id AND u.organization_id = :unit "
        "WHERE c.is_on = 1 AND c.organization_id NOT IN "
        "(SELECT t.ancestor_id FROM organization_up t WHERE t.organization_id = :told) ORDER BY c.id",
        {"unit": notice.organization_id, "told": told_unit},
    ).fetchall()
    found = [(int(row[0]), Rules(frozenset(row[1].split(",")), *row[2:])) for row in rows]
    return [(channel_id, rules) for channel_id, rules in found if notice.level in rules.levels]


def open_digest(db: sqlite3.Connection, channel_id: int, at: int) -> int | None:
    """When the digest that is being gathered for a channel is due."""
    return db.execute(
        "SELECT min(d.due_at) FROM deliveries d JOIN notices n ON n.id = d.notice_id "
        "WHERE d.channel_id = :channel AND d.state = :waiting AND d.dispatch_id IS NULL AND d.due_at > :at AND n.level <> :red",
        {"channel": channel_id, "waiting": DeliveryState.WAITING, "at": at, "red": RED},
    ).fetchone()[0]


def gather(db: sqlite3.Connection, channel_id: int, kind: ChannelKind, rules: Rules, names_duty: bool, at: int) -> int:
    """Make messages of what is due for a channel, inside `writing()`; gives how many. In quiet hours only red is due."""
    values = {"channel": channel_id, "waiting": DeliveryState.WAITING, "at": at}
    rows = db.execute(
        "SELECT d.id, d.is_alone, n.level, n.key, n.organization_id FROM deliveries d JOIN notices n ON n.id = d.notice_id "
        "WHERE d.channel_id = :channel AND d.state = :waiting AND d.dispatch_id IS NULL AND d.due_at <= :at "
        "ORDER BY n.created_at, d.id",
        values,
    ).fetchall()
    until = quiet_end(rules, at)
    if until is not None:
        later = [{"until": until, "id": row[0]} for row in rows if row[2] != RED]
        db.executemany("UPDATE deliveries SET due_at = :until WHERE id = :id", later)
        rows = [row for row in rows if row[2] == RED]
        sql = "UPDATE dispatches SET due_at = :until WHERE channel_id = :channel AND settled_at IS NULL AND level <> :red"
        db.execute(f"{sql} AND due_at <= :at", values | {"until": until, "red": RED})
    made = bundles(
        [row[2] for row in rows],
        [bool(row[1]) for row in rows],
        rules.digest_minutes > 0,
        TOGETHER.get(kind, MOST_TOGETHER),
    )
    for places in made:
        mine = [rows[place] for place in places]
        dispatch = db.execute(
            "INSERT INTO dispatches(channel_id, key, level, duty, state, made_at, due_at) "
            "VALUES(:channel, :key, :level, :duty, :state, :at, :at) RETURNING id",
            {
                "channel": channel_id,
                "key": key_of(channel_id, [row[3] for row in mine]),
                "level": gravest([row[2] for row in mine]),
                "duty": duty_words(db, mine[0][4]) if names_duty else "",
                "state": DeliveryState.WAITING,
                "at": at,
            },
        ).fetchone()
        joined = [{"dispatch": dispatch[0], "id": row[0]} for row in mine]
        db.executemany("UPDATE deliveries SET dispatch_id = :dispatch WHERE id = :id", joined)
    return len(made)


def duty_words(db: sqlite3.Connection, organization_id: int) -> str:
    """Who is on duty at the nearest desk at or above a unit, in words; the desk, the name and since when, nothing else."""
    units = db.execute(
        "SELECT u.ancestor_id, o.name FROM organization_up u JOIN organizations o ON o.id = u.ancestor_id "
        "WHERE u.organization_id = :unit ORDER BY u.depth",
        {"unit": organization_id},
    ).fetchall()
    for unit_id, name in units:
        watch = standing(shifts.changes_of(db, unit_id))
        if watch.on_duty and watch.since is not None:
            return f"{name}当班：{watch.name}({from_seconds(watch.since).astimezone(BEIJING):%m-%d %H:%M}接班)"
    return "目前没有人接班"


def notices_of(db: sqlite3.Connection, dispatch_id: int) -> tuple[Notice, ...]:
    """What a message tells, in the order in which it happened."""
    rows = db.execute(
        f"SELECT {NOTICE_COLUMNS} FROM deliveries d JOIN notices n ON n.id = d.notice_id WHERE d.dispatch_id = :id "
        "ORDER BY n.created_at, d.id",
        {"id": dispatch_id},
    ).fetchall()
    return tuple(Notice(*row) for row in rows)
