"""Sending out of the outbox: a message is leased, marked before it leaves, and settled by what the platform answered."""

import sqlite3
from dataclasses import dataclass

from matrix.notice import PER_MINUTE, REFUSALS, UNKNOWNS, DeliveryState, Notice, Outcome, Result, backoff, rank
from storage import channels, outbox
from storage.batches import bump_version
from storage.channels import Channel
from storage.database import writing

CUT_OFF = "发送途中程序中断，平台可能已经收到"
NOT_BEGUN = "发送之前程序中断，平台没有收到"
OVERTAKEN = "准备发送的时间过长，这次没有发送，已由下一次发送接手"
TEST_TITLE = "测试消息"


class OvertakenError(Exception):
    """The lease ran out before the message left: it is in other hands, and this attempt must not send it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One message in hand; `is_repeat` when it may have arrived already. `dispatch_id` None is a test."""

    dispatch_id: int | None
    attempt_id: int
    channel: Channel
    key: str
    duty: str
    notices: tuple[Notice, ...]
    is_repeat: bool
    refusals: int = 0
    failures: int = 0


def take(db: sqlite3.Connection, now: int, lease: str, lease_seconds: int, speed: float = 1.0) -> Taken | None:
    """The next message to send, leased to the caller and with its attempt noted; None when nothing is due.

    `now` is Unix seconds, `speed` how many of them pass in a real one: the pace that platforms allow is told in real ones.
    One message of a channel is in hand at a time. Its own transaction.
    """
    if not ready(db, now) and not stale(db, now):
        return None  # nobody else is kept waiting for the writer's lock
    with writing(db):
        release(db, now, "p.leased_until <= :now", {})
        for row in ready(db, now):
            channel = channels.read(row[:-2])
            if is_too_fast(db, channel, row[-2], now, speed):
                continue
            outbox.gather(db, channel.id, channel.kind, channel.rules, channel.names_duty, now)
            found = open_dispatches(db, channel.id, now)
            if not found:
                continue
            dispatch_id, key, _, duty, refusals, unknowns = min(found, key=lambda one: (rank(one[2]), one[0]))
            db.execute(
                "UPDATE dispatches SET lease = :lease, leased_until = :until WHERE id = :id",
                {"lease": lease, "until": now + lease_seconds, "id": dispatch_id},
            )
            attempt = begin(db, channel.id, dispatch_id, now)
            told = outbox.notices_of(db, dispatch_id)
            return Taken(dispatch_id, attempt, channel, key, duty, told, unknowns > 0, refusals, row[-1])
    return None


def ready(db: sqlite3.Connection, now: int) -> list[tuple]:
    """Channels in use that do not wait, have nothing in hand and have something due; those that fare well first."""
    columns = ", ".join(f"c.{name}" for name in channels.COLUMNS.split(", "))
    return db.execute(
        f"SELECT {columns}, c.robot, c.failures FROM channels c WHERE c.is_on = 1 AND c.waits_until <= :now "
        "AND NOT EXISTS (SELECT 1 FROM dispatches p WHERE p.channel_id = c.id AND p.settled_at IS NULL AND p.lease <> '') "
        "AND (EXISTS (SELECT 1 FROM dispatches p WHERE p.channel_id = c.id AND p.settled_at IS NULL AND p.due_at <= :now) "
        "OR EXISTS (SELECT 1 FROM deliveries d WHERE d.channel_id = c.id AND d.state = :waiting AND d.dispatch_id IS NULL "
        "AND d.due_at <= :now)) ORDER BY c.failures, c.id",
        {"now": now, "waiting": DeliveryState.WAITING},
    ).fetchall()


def stale(db: sqlite3.Connection, now: int) -> bool:
    """Whether a lease has run out."""
    sql = "SELECT 1 FROM dispatches p WHERE p.settled_at IS NULL AND p.lease <> '' AND p.leased_until <= :now LIMIT 1"
    return db.execute(sql, {"now": now}).fetchone() is not None


def is_too_fast(db: sqlite3.Connection, channel: Channel, robot: str, now: int, speed: float) -> bool:
    """Whether the robot has had as many messages in the last minute as its platform allows, with those that are in hand."""
    sent = db.execute(
        "SELECT count(*) FROM attempts a JOIN channels c ON c.id = a.channel_id "
        "WHERE c.robot = :robot AND a.started_at > :since AND (a.sent_at IS NOT NULL OR a.ended_at IS NULL)",
        {"robot": robot, "since": now - int(60 * speed) - 1},
    ).fetchone()[0]
    return sent >= PER_MINUTE[channel.kind]


def open_dispatches(db: sqlite3.Connection, channel_id: int, now: int) -> list[tuple]:
    return db.execute(
        "SELECT id, key, level, duty, refusals, unknowns FROM dispatches "
        "WHERE channel_id = :channel AND settled_at IS NULL AND due_at <= :now",
        {"channel": channel_id, "now": now},
    ).fetchall()


def begin(db: sqlite3.Connection, channel_id: int, dispatch_id: int | None, now: int) -> int:
    """Note an attempt, inside `writing()`; without a dispatch it is a test."""
    sql = "INSERT INTO attempts(channel_id, dispatch_id, started_at) VALUES(:channel, :dispatch, :now) RETURNING id"
    row = db.execute(sql, {"channel": channel_id, "dispatch": dispatch_id, "now": now}).fetchone()
    return int(row[0])


def mark_sent(db: sqlite3.Connection, attempt_id: int, now: int) -> None:
    """Note that the message is about to leave, its own transaction: killed from here on, nobody knows whether it arrived.

    Raises OvertakenError when the attempt was ended in the meantime: then nothing may leave.
    """
    with writing(db):
        sql = "UPDATE attempts SET sent_at = :now WHERE id = :id AND ended_at IS NULL"
        if not db.execute(sql, {"now": now, "id": attempt_id}).rowcount:
            raise OvertakenError(OVERTAKEN)


def settle(db: sqlite3.Connection, taken: Taken, outcome: Outcome, now: int, speed: float = 1.0) -> None:
    """Write down how an attempt ended and what follows from it. Its own transaction.

    Delivered is done. A channel at fault waits, with everything for it, and nothing is lost however long it takes. A refused
    message is tried REFUSALS times and then given up, a digest in its single notices first. An unknown one is sent once more.
    An attempt whose lease ran out has been settled already, and its message is in other hands: nothing is changed then.
    """
    with writing(db):
        if not end(db, taken.attempt_id, outcome, now):
            return
        note_health(db, taken, outcome, now, speed)
        if taken.dispatch_id is not None:
            follow(db, taken.dispatch_id, taken.key, outcome.result, now, speed)
        bump_version(db)


def end(db: sqlite3.Connection, attempt_id: int, outcome: Outcome, now: int) -> bool:
    """Write down how an attempt ended, inside `writing()`; False when it has ended already."""
    values = {"id": attempt_id, "now": now, "outcome": outcome.result, "code": outcome.code, "sentence": outcome.sentence}
    sql = "UPDATE attempts SET ended_at = :now, outcome = :outcome, code = :code, sentence = :sentence"
    return db.execute(f"{sql} WHERE id = :id AND ended_at IS NULL", values).rowcount > 0


def note_health(db: sqlite3.Connection, taken: Taken, outcome: Outcome, now: int, speed: float) -> None:
    """How the channel fares by this attempt, and until when it waits."""
    channel = taken.channel.id
    if outcome.result is Result.DELIVERED:
        sql = "UPDATE channels SET last_ok_at = :now, failures = 0, waits_until = 0, last_failure = '' WHERE id = :id"
        db.execute(sql, {"now": now, "id": channel})
        return
    failures = taken.failures + 1
    wait = max(backoff(f"channel{channel}", failures), outcome.wait or 0.0)
    is_idle = outcome.result is Result.REFUSED or (taken.dispatch_id is None and not outcome.wait)
    db.execute(
        "UPDATE channels SET last_failed_at = :now, last_failure = :sentence, failures = failures + :more, "
        "waits_until = CASE WHEN :until > waits_until THEN :until ELSE waits_until END WHERE id = :id",
        {
            "now": now,
            "sentence": outcome.sentence,
            "more": 0 if is_idle else 1,
            "until": 0 if is_idle else now + round(wait * speed),
            "id": channel,
        },
    )


def follow(db: sqlite3.Connection, dispatch_id: int, key: str, result: Result, now: int, speed: float) -> None:
    """What becomes of a message after an attempt, inside `writing()`."""
    values: dict[str, int | str] = {"id": dispatch_id, "now": now}
    db.execute("UPDATE dispatches SET lease = '', leased_until = 0 WHERE id = :id", values)
    if result is Result.DELIVERED:
        close(db, dispatch_id, DeliveryState.DELIVERED, now)
    elif result is Result.UNKNOWN:
        db.execute("UPDATE dispatches SET unknowns = unknowns + 1 WHERE id = :id", values)
        if db.execute("SELECT unknowns FROM dispatches WHERE id = :id", values).fetchone()[0] >= UNKNOWNS:
            close(db, dispatch_id, DeliveryState.UNKNOWN, now)
    elif result is Result.REFUSED:
        db.execute("UPDATE dispatches SET refusals = refusals + 1 WHERE id = :id", values)
        refusals = db.execute("SELECT refusals FROM dispatches WHERE id = :id", values).fetchone()[0]
        if refusals >= REFUSALS:
            give_up(db, dispatch_id, now)
        else:
            later = {"id": dispatch_id, "due": now + round(backoff(key, refusals) * speed)}
            db.execute("UPDATE dispatches SET due_at = :due WHERE id = :id", later)
    withdraw(db, dispatch_id, now)


def withdraw(db: sqlite3.Connection, dispatch_id: int, now: int) -> None:
    """What was in hand while its channel was put out of use does not wait for the day on which that is used again."""
    values: dict[str, int | str] = {"id": dispatch_id}
    sql = "SELECT p.channel_id, p.settled_at, p.unknowns FROM dispatches p JOIN channels c ON c.id = p.channel_id"
    row = db.execute(f"{sql} WHERE p.id = :id AND c.is_on = 0", values).fetchone()
    if row is None:
        return
    if row[1] is None:
        close(db, dispatch_id, DeliveryState.UNKNOWN if row[2] else DeliveryState.WITHDRAWN, now)
    values |= {"channel": row[0], "waiting": DeliveryState.WAITING, "never": DeliveryState.WITHDRAWN}
    db.execute(  # a digest that was refused has fallen into its single notices
        "UPDATE deliveries SET state = :never WHERE channel_id = :channel AND state = :waiting AND dispatch_id IS NULL", values
    )


def give_up(db: sqlite3.Connection, dispatch_id: int, now: int) -> None:
    """A refused message is given up; of several notices in it only one may be to blame, so each goes by itself first."""
    held = db.execute("SELECT count(*) FROM deliveries WHERE dispatch_id = :id", {"id": dispatch_id}).fetchone()[0]
    if held == 1:
        close(db, dispatch_id, DeliveryState.GIVEN_UP, now)
        return
    values = {"id": dispatch_id, "now": now, "state": DeliveryState.GIVEN_UP}
    db.execute("UPDATE dispatches SET state = :state, settled_at = :now WHERE id = :id", values)
    db.execute("UPDATE deliveries SET dispatch_id = NULL, is_alone = 1, due_at = :now WHERE dispatch_id = :id", values)


def close(db: sqlite3.Connection, dispatch_id: int, state: DeliveryState, now: int) -> None:
    values = {"id": dispatch_id, "now": now, "state": state}
    db.execute("UPDATE dispatches SET state = :state, settled_at = :now WHERE id = :id", values)
    db.execute("UPDATE deliveries SET state = :state WHERE dispatch_id = :id", values)


def release(db: sqlite3.Connection, now: int, which: str, values: dict[str, int | str]) -> int:
    """Take back messages whose sender is gone, inside `writing()`; gives how many may have arrived."""
    rows = db.execute(
        "SELECT p.id, p.key, a.id, a.sent_at FROM dispatches p JOIN attempts a ON a.dispatch_id = p.id AND a.ended_at IS NULL "
        f"WHERE p.settled_at IS NULL AND p.lease <> '' AND {which}",
        values | {"now": now},
    ).fetchall()
    for dispatch_id, key, attempt_id, sent_at in rows:
        result, words = (Result.UNKNOWN, CUT_OFF) if sent_at is not None else (Result.INTERRUPTED, NOT_BEGUN)
        end(db, attempt_id, Outcome(result, words), now)
        follow(db, dispatch_id, key, result, now, 1.0)
    return sum(row[3] is not None for row in rows)


def recover(db: sqlite3.Connection, now: int, lease: str) -> int:
    """At the start of the only sender: whatever others had in hand was cut off. Its own transaction."""
    with writing(db):
        found = release(db, now, "p.lease <> :lease", {"lease": lease})
        sql = "UPDATE attempts SET ended_at = :now, outcome = :outcome, sentence = :words"
        db.execute(
            f"{sql} WHERE ended_at IS NULL AND dispatch_id IS NULL", {"now": now, "outcome": Result.INTERRUPTED, "words": CUT_OFF}
        )
        bump_version(db)
    return found
