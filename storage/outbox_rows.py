"""What the console shows of telling people: how channels fare, what was sent, every attempt, and what reached nobody."""

import sqlite3

import pandas as pd

from matrix.notice import DeliveryState
from storage.batches import bump_version
from storage.scope import Scope, organizations_in

HEALTH = ["channel_id", "name", "kind", "host", "organization_id", "organization", "levels", "quiet_from", "quiet_until"]
HEALTH += ["digest_minutes", "names_duty", "is_on", "waits_until", "failures", "last_ok_at", "last_failed_at", "last_failure"]
HEALTH += ["waiting", "oldest_due", "unknown", "given_up", "delivered"]
DISPATCHES = ["dispatch_id", "channel_id", "channel", "key", "level", "state", "made_at", "settled_at", "unknowns", "attempts"]
DISPATCHES += ["notices", "title", "sentence"]
ATTEMPTS = ["started_at", "sent_at", "ended_at", "channel", "key", "outcome", "code", "sentence"]
TOLD = ["channel", "kind", "state", "due_at", "settled_at", "key"]
WAITING = ["at", "due_at", "channel", "level", "kind", "title"]


def whole(scope: Scope) -> str:
    """The condition that a message `p` tells of units of the scope only, with the values of `organizations_in`: a channel may
    hold what it was told before units were moved in the tree."""
    mine, _ = organizations_in(scope, "n.organization_id")
    return (
        "NOT EXISTS (SELECT 1 FROM deliveries d JOIN notices n ON n.id = d.notice_id "
        f"WHERE d.dispatch_id = p.id AND NOT ({mine}))"
    )


def health(db: sqlite3.Connection, scope: Scope) -> pd.DataFrame:
    """The channels of the scope with their rules and how they fare; times are Unix seconds."""
    mine, values = organizations_in(scope, "c.organization_id")
    states = {"s_waiting": DeliveryState.WAITING, "s_unknown": DeliveryState.UNKNOWN, "s_given": DeliveryState.GIVEN_UP}
    rows = db.execute(
        "SELECT c.id, c.name, c.kind, c.host, c.organization_id, o.name, c.levels, c.quiet_from, c.quiet_until, "
        "c.digest_minutes, c.names_duty, c.is_on, c.waits_until, c.failures, c.last_ok_at, c.last_failed_at, c.last_failure, "
        "coalesce(w.waiting, 0), w.oldest, coalesce(w.unknown, 0), coalesce(w.given_up, 0), coalesce(w.delivered, 0) "
        "FROM channels c JOIN organizations o ON o.id = c.organization_id LEFT JOIN ("
        "  SELECT d.channel_id, sum(CASE WHEN d.state = :s_waiting THEN 1 ELSE 0 END) AS waiting, "
        "  min(CASE WHEN d.state = :s_waiting THEN d.due_at END) AS oldest, "
        "  sum(CASE WHEN d.state = :s_unknown THEN 1 ELSE 0 END) AS unknown, "
        "  sum(CASE WHEN d.state = :s_given THEN 1 ELSE 0 END) AS given_up, "
        "  sum(CASE WHEN d.state = :s_delivered THEN 1 ELSE 0 END) AS delivered "
        "  FROM deliveries d GROUP BY d.channel_id) w ON w.channel_id = c.id "
        f"WHERE {mine} ORDER BY c.is_on DESC, c.id",
        values | states | {"s_delivered": DeliveryState.DELIVERED},
    ).fetchall()
    return pd.DataFrame(rows, columns=HEALTH)


def dispatches(db: sqlite3.Connection, scope: Scope, channel_id: int = 0, state: str = "", limit: int = 200) -> pd.DataFrame:
    """Messages of the scope's channels about its units, newest first, with their attempts and what the last one met."""
    mine, values = organizations_in(scope, "c.organization_id")
    rows = db.execute(
        "SELECT p.id, c.id, c.name, p.key, p.level, p.state, p.made_at, p.settled_at, p.unknowns, "
        "(SELECT count(*) FROM attempts a WHERE a.dispatch_id = p.id), "
        "(SELECT count(*) FROM deliveries d WHERE d.dispatch_id = p.id), "
        "coalesce((SELECT min(n.title) FROM deliveries d JOIN notices n ON n.id = d.notice_id WHERE d.dispatch_id = p.id), ''), "
        "coalesce((SELECT a.sentence FROM attempts a WHERE a.dispatch_id = p.id ORDER BY a.id DESC LIMIT 1), '') "
        f"FROM dispatches p JOIN channels c ON c.id = p.channel_id WHERE {mine} AND {whole(scope)} "
        "AND (:channel = 0 OR c.id = :channel) AND (:state = '' OR p.state = :state) "
        "ORDER BY p.made_at DESC, p.id DESC LIMIT :limit",
        values | {"channel": channel_id, "state": state, "limit": limit},
    ).fetchall()
    return pd.DataFrame(rows, columns=DISPATCHES)


def attempts(db: sqlite3.Connection, scope: Scope, channel_id: int = 0, dispatch_id: int = 0, limit: int = 200) -> pd.DataFrame:
    """Every try to send, newest first; a test has no key."""
    mine, values = organizations_in(scope, "c.organization_id")
    rows = db.execute(
        "SELECT a.started_at, a.sent_at, a.ended_at, c.name, coalesce(p.key, ''), a.outcome, a.code, a.sentence FROM attempts a "
        f"JOIN channels c ON c.id = a.channel_id LEFT JOIN dispatches p ON p.id = a.dispatch_id WHERE {mine} AND {whole(scope)} "
        "AND (:channel = 0 OR c.id = :channel) AND (:dispatch = 0 OR a.dispatch_id = :dispatch) ORDER BY a.id DESC LIMIT :limit",
        values | {"channel": channel_id, "dispatch": dispatch_id, "limit": limit},
    ).fetchall()
    return pd.DataFrame(rows, columns=ATTEMPTS)


def waiting(db: sqlite3.Connection, scope: Scope, channel_id: int = 0, limit: int = 200) -> pd.DataFrame:
    """What still waits for the scope's channels, in the order in which it is due."""
    mine, values = organizations_in(scope, "c.organization_id")
    told, _ = organizations_in(scope, "n.organization_id")
    rows = db.execute(
        "SELECT n.created_at, coalesce(p.due_at, d.due_at), c.name, n.level, n.kind, n.title FROM deliveries d "
        "JOIN notices n ON n.id = d.notice_id JOIN channels c ON c.id = d.channel_id "
        f"LEFT JOIN dispatches p ON p.id = d.dispatch_id WHERE d.state = :state AND {mine} AND {told} "
        "AND (:channel = 0 OR c.id = :channel) ORDER BY 2, d.id LIMIT :limit",
        values | {"state": DeliveryState.WAITING, "channel": channel_id, "limit": limit},
    ).fetchall()
    return pd.DataFrame(rows, columns=WAITING)


def told(db: sqlite3.Connection, scope: Scope, notice_key: str) -> pd.DataFrame:
    """To which channels of the scope a notice goes and how it stands there; for the page of what it tells."""
    mine, values = organizations_in(scope, "c.organization_id")
    about, _ = organizations_in(scope, "n.organization_id")
    rows = db.execute(
        "SELECT c.name, c.kind, d.state, coalesce(p.due_at, d.due_at), p.settled_at, coalesce(p.key, '') FROM notices n "
        "JOIN deliveries d ON d.notice_id = n.id JOIN channels c ON c.id = d.channel_id "
        f"LEFT JOIN dispatches p ON p.id = d.dispatch_id WHERE n.key = :key AND {mine} AND {about} ORDER BY c.id",
        values | {"key": notice_key},
    ).fetchall()
    return pd.DataFrame(rows, columns=TOLD)


def untold(db: sqlite3.Connection, scope: Scope, since: int) -> int:
    """How many notices of the scope's units since then (Unix seconds) went to no channel at all."""
    mine, values = organizations_in(scope, "n.organization_id")
    row = db.execute(
        f"SELECT count(*) FROM notices n WHERE n.created_at >= :since AND {mine} "
        "AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.notice_id = n.id)",
        values | {"since": since},
    ).fetchone()
    return int(row[0])


def resend(db: sqlite3.Connection, scope: Scope, dispatch_id: int, now: int) -> None:
    """A person has a message sent again that was given up or whose arrival is unknown, under the same key. Inside `writing()`.

    Raises PermissionError outside the scope, ValueError where there is nothing to send again: Chinese sentences.
    """
    mine, values = organizations_in(scope, "c.organization_id")
    row = db.execute(
        "SELECT p.state, c.is_on, (SELECT count(*) FROM deliveries d WHERE d.dispatch_id = p.id) FROM dispatches p "
        f"JOIN channels c ON c.id = p.channel_id WHERE p.id = :id AND {mine} AND {whole(scope)}",
        values | {"id": dispatch_id},
    ).fetchone()
    if row is None:
        raise PermissionError("这条消息不在您的权限范围内。")
    if row[0] not in (DeliveryState.UNKNOWN, DeliveryState.GIVEN_UP, DeliveryState.WITHDRAWN) or not row[2]:
        raise ValueError("这条消息已经送达、正在等待发送或已拆开逐条发送，无需重新发送。")
    if not row[1]:
        raise ValueError("这个渠道已停用，请先启用再重新发送。")
    sent = {"id": dispatch_id, "now": now, "state": DeliveryState.WAITING}
    db.execute(
        "UPDATE dispatches SET state = :state, settled_at = NULL, due_at = :now, refusals = 0, unknowns = 0 WHERE id = :id", sent
    )
    db.execute("UPDATE deliveries SET state = :state, due_at = :now WHERE dispatch_id = :id", sent)
    bump_version(db)
