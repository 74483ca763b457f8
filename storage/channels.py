"""Channels: the ways to people that units have set up, their rules, and their sealed addresses."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from matrix.notice import GRADES, ChannelKind, DeliveryState, Rules, due
from storage.batches import bump_version
from storage.keyring import Keyring, KeyringError
from storage.moments import to_seconds
from storage.scope import Scope, organizations_in

Secrets = Mapping[str, str]
"""What is sealed: url, secret, keyword of robots and interfaces; host, port, security, user, password, sender, to of mail."""

COLUMNS = "id, organization_id, kind, name, host, levels, quiet_from, quiet_until, digest_minutes, names_duty, is_on"
LONGEST_NAME = 40
UNREADABLE = "渠道的地址和密钥无法用现有密钥文件解开，请放回原密钥，或在“通知渠道”重新录入地址和密钥"

MOVED = "这个渠道已有原单位的通知，不能改到其他单位。请停用它，再为新单位新建渠道，地址可以相同。"


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel as it is set up; its address stays sealed."""

    id: int
    organization_id: int
    kind: ChannelKind
    name: str
    host: str
    rules: Rules
    names_duty: bool
    is_on: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody sets of a channel besides its address."""

    organization_id: int
    name: str
    rules: Rules
    names_duty: bool


def read(row: tuple) -> Channel:
    """A row of COLUMNS."""
    rules = Rules(frozenset(row[5].split(",")), row[6], row[7], row[8])
    return Channel(row[0], row[1], ChannelKind(row[2]), row[3], row[4], rules, bool(row[9]), bool(row[10]))


def find(db: sqlite3.Connection, scope: Scope, channel_id: int) -> Channel:
    """One channel of the scope. Raises PermissionError, a Chinese sentence."""
    mine, values = organizations_in(scope)
    row = db.execute(f"SELECT {COLUMNS} FROM channels WHERE id = :id AND {mine}", values | {"id": channel_id}).fetchone()
    if row is None:
        raise PermissionError("这个通知渠道不在您的权限范围内。")
    return read(row)


def anywhere(db: sqlite3.Connection, channel_id: int) -> Channel | None:
    """The same for the worker, which knows no scope."""
    row = db.execute(f"SELECT {COLUMNS} FROM channels WHERE id = :id", {"id": channel_id}).fetchone()
    return None if row is None else read(row)


def secrets_of(db: sqlite3.Connection, channel_id: int, keyring: Keyring) -> Secrets:
    """Address and secrets in clear, for whoever sends. Raises KeyringError with what to do."""
    row = db.execute("SELECT sealed FROM channels WHERE id = :id", {"id": channel_id}).fetchone()
    try:
        return json.loads(keyring.unseal(row[0]))
    except (KeyringError, ValueError, TypeError):
        raise KeyringError(UNREADABLE) from None


def check(db: sqlite3.Connection, scope: Scope, wish: Wish, but: int = 0) -> None:
    """Refuse what no channel can be, with a Chinese sentence: ValueError, or PermissionError for a unit outside the scope."""
    mine, values = organizations_in(scope, "o.id")
    unit = {"unit": wish.organization_id, "name": wish.name, "but": but}
    if db.execute(f"SELECT 1 FROM organizations o WHERE o.id = :unit AND {mine}", values | unit).fetchone() is None:
        raise PermissionError("这个单位不在您的权限范围内。")
    if not wish.name or len(wish.name) > LONGEST_NAME:
        raise ValueError(f"请填写渠道名称，最长{LONGEST_NAME}字。")
    if not wish.rules.levels or not wish.rules.levels <= set(GRADES):
        raise ValueError("请至少选择一个要接收的级别，否则这个渠道收不到任何通知。")
    if (wish.rules.quiet_from is None) is not (wish.rules.quiet_until is None):
        raise ValueError("免打扰时段的开始和结束须同时填写，或同时留空。")
    sql = "SELECT 1 FROM channels WHERE organization_id = :unit AND name = :name AND id <> :but"
    if db.execute(sql, unit).fetchone():
        raise ValueError(f"本单位已有名为“{wish.name}”的渠道，请换一个名称。")


def add(
    db: sqlite3.Connection,
    scope: Scope,
    kind: ChannelKind,
    wish: Wish,
    host: str,
    secrets: Secrets,
    keyring: Keyring,
    by: str,
    now: datetime,
) -> int:
    """Set up a channel inside `writing()`; gives its id. `host` is what may be shown of the address. Raises as `check`."""
    check(db, scope, wish)
    row = db.execute(
        "INSERT INTO channels(organization_id, kind, name, host, robot, sealed, levels, quiet_from, quiet_until, digest_minutes, "
        "names_duty, is_on, created_at, created_by) VALUES(:unit, :kind, :name, :host, :robot, :sealed, :levels, :quiet_from, "
        ":quiet_until, :digest, :duty, 1, :now, :by) RETURNING id",
        rules_of(wish)
        | {"kind": str(kind), "host": host, "robot": robot_of(secrets, keyring), "sealed": seal(secrets, keyring)}
        | {"now": to_seconds(now), "by": by},
    ).fetchone()
    bump_version(db)
    return int(row[0])


def change(db: sqlite3.Connection, scope: Scope, channel_id: int, wish: Wish) -> None:
    """Change what a channel hears and when, inside `writing()`; what waits for it is timed anew. Raises as `check`.

    A channel that has been told something stays with its unit: another one would see it, and get what waits.
    """
    channel = find(db, scope, channel_id)
    check(db, scope, wish, but=channel_id)
    told = "SELECT 1 FROM deliveries WHERE channel_id = :id LIMIT 1"
    if channel.organization_id != wish.organization_id and db.execute(told, {"id": channel_id}).fetchone():
        raise ValueError(MOVED)
    db.execute(
        "UPDATE channels SET organization_id = :unit, name = :name, levels = :levels, quiet_from = :quiet_from, "
        "quiet_until = :quiet_until, digest_minutes = :digest, names_duty = :duty WHERE id = :id",
        rules_of(wish) | {"id": channel_id},
    )
    waiting = db.execute(
        "SELECT d.id, n.level, n.created_at FROM deliveries d JOIN notices n ON n.id = d.notice_id "
        "WHERE d.channel_id = :id AND d.state = :waiting AND d.dispatch_id IS NULL",
        {"id": channel_id, "waiting": DeliveryState.WAITING},
    ).fetchall()
    for delivery_id, level, at in waiting:
        db.execute("UPDATE deliveries SET due_at = :due WHERE id = :id", {"due": due(wish.rules, level, at), "id": delivery_id})
    bump_version(db)


def readdress(db: sqlite3.Connection, scope: Scope, channel_id: int, host: str, secrets: Secrets, keyring: Keyring) -> None:
    """Give a channel another address and other secrets, inside `writing()`; what waited for the old one goes to the new one at
    once."""
    find(db, scope, channel_id)
    db.execute(
        "UPDATE channels SET host = :host, robot = :robot, sealed = :sealed, waits_until = 0, failures = 0 WHERE id = :id",
        {"host": host, "robot": robot_of(secrets, keyring), "sealed": seal(secrets, keyring), "id": channel_id},
    )
    bump_version(db)


def switch(db: sqlite3.Connection, scope: Scope, channel_id: int, is_on: bool, now: datetime) -> int:
    """Put a channel out of use or back into it, inside `writing()`; gives how many waiting notices will not be sent.

    What waits when a channel is put out of use is 未发送 from then on: days later it would only mislead. What may have arrived
    is 送达不明.
    """
    find(db, scope, channel_id)
    values = {"id": channel_id, "on": int(is_on), "now": to_seconds(now)}
    db.execute("UPDATE channels SET is_on = :on, waits_until = 0, failures = 0 WHERE id = :id", values)
    dropped = 0
    if not is_on:
        states = {"waiting": DeliveryState.WAITING, "never": DeliveryState.WITHDRAWN, "unknown": DeliveryState.UNKNOWN}
        idle = "SELECT p.id FROM dispatches p WHERE p.channel_id = :id AND p.settled_at IS NULL AND p.lease = ''"
        waits = "channel_id = :id AND state = :waiting AND dispatch_id"
        sql = f"UPDATE deliveries SET state = :unknown WHERE {waits} IN ({idle} AND p.unknowns > 0)"
        dropped = db.execute(sql, values | states).rowcount
        sql = f"UPDATE deliveries SET state = :never WHERE {waits} IS NULL OR {waits} IN ({idle})"
        dropped += db.execute(sql, values | states).rowcount
        ended = "state = CASE WHEN unknowns > 0 THEN :unknown ELSE :never END, settled_at = :now"
        db.execute(f"UPDATE dispatches SET {ended} WHERE id IN ({idle})", values | states)
    bump_version(db)
    return dropped


def reseal(db: sqlite3.Connection, after: Keyring) -> int:
    """Put every channel under the new key of the installation, inside `writing()`; gives the rows changed."""
    rows = db.execute("SELECT id, sealed FROM channels").fetchall()
    for channel_id, sealed in rows:
        secrets = json.loads(after.unseal(sealed))
        values = {"id": channel_id, "sealed": after.reseal(sealed), "robot": robot_of(secrets, after)}
        db.execute("UPDATE channels SET sealed = :sealed, robot = :robot WHERE id = :id", values)
    return len(rows)


def unreadable(db: sqlite3.Connection, keyring: Keyring) -> list[str]:
    """Names of the channels in use whose address this key file cannot open."""
    lost = []
    for channel_id, name in db.execute("SELECT id, name FROM channels WHERE is_on = 1 ORDER BY id").fetchall():
        try:
            secrets_of(db, channel_id, keyring)
        except KeyringError:
            lost.append(name)
    return lost


def failing(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """Names of the channels in use whose last attempt failed, and why."""
    return db.execute(
        "SELECT name, last_failure FROM channels WHERE is_on = 1 AND last_failure <> '' AND last_failed_at IS NOT NULL "
        "AND (last_ok_at IS NULL OR last_failed_at >= last_ok_at) ORDER BY id"
    ).fetchall()


def rules_of(wish: Wish) -> dict[str, object]:
    """The columns of a wish."""
    return {
        "unit": wish.organization_id,
        "name": wish.name,
        "levels": ",".join(level for level in GRADES if level in wish.rules.levels),
        "quiet_from": wish.rules.quiet_from,
        "quiet_until": wish.rules.quiet_until,
        "digest": wish.rules.digest_minutes,
        "duty": int(wish.names_duty),
    }


def seal(secrets: Secrets, keyring: Keyring) -> str:
    return keyring.seal(json.dumps(dict(secrets), ensure_ascii=False))


def robot_of(secrets: Secrets, keyring: Keyring) -> str:
    """Which robot or mailbox an address names, as a keyed hash: two channels to one of them share its pace."""
    return keyring.pseudonym(0, secrets.get("url") or f"{secrets.get('host')}:{secrets.get('user')}")
