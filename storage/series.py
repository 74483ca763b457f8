"""The series that are watched: which there should be by ledger, taxonomy and watches, and their rows."""

import sqlite3
from collections import defaultdict
from dataclasses import dataclass

from matrix.account import PLATFORM_NAMES, SIGHTS, Platform, Route, Status

ACCOUNT, UNIT, PLATFORM, WATCH, TOPIC, NEGATIVE, LEAD = "账号", "单位", "平台", "方案", "主题", "负面诉求", "线索"
READ_KINDS = frozenset({WATCH, TOPIC, NEGATIVE})
"""What is counted only once comments were read."""
TALK = "其他"
"""The topic of what is about nothing: no series."""
LEAST_OF_A_SUM = 2


@dataclass(frozen=True, slots=True)
class Spec:
    """One series: what it counts. `accounts` carry it; `mark` changes when what is counted does, so that it is learnt anew."""

    kind: str
    key: str
    name: str
    organization_id: int
    accounts: tuple[int, ...]
    account_id: int | None = None
    platform: int | None = None
    topic: str = ""
    watch_id: int | None = None
    version: str = ""

    @property
    def matter(self) -> str:
        """What alerts that share it have in common: the name with the number that tells it from others of the same name; in a
        list of such the sign between two stands in none."""
        name = self.name.replace("、", "，")
        return f"{name}#{self.organization_id if self.watch_id is None else self.watch_id}"

    @property
    def mark(self) -> tuple[tuple[int, ...], str]:
        return self.accounts, self.version


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the series are made from: accounts that are in view, and the tree."""

    accounts: dict[int, tuple[str, int, int]]
    """Name, platform, unit by account."""
    above: dict[int, list[int]]
    """The units above an account, its own one first."""
    units: dict[int, tuple[str, bool, bool]]
    """Name, whether it has units below it, whether it is a root."""


def specs(db: sqlite3.Connection, topics: tuple[str, ...], read_version: str, *, is_read: bool = True) -> list[Spec]:
    """All series that there should be now, accounts first. `topics` without 其他; without readings only what needs none."""
    ledger = ledger_of(db)
    carried: dict[int, list[int]] = defaultdict(list)
    by_platform: dict[tuple[int, int], list[int]] = defaultdict(list)
    for account, (_, platform, _) in ledger.accounts.items():
        for unit in ledger.above[account]:
            carried[unit].append(account)
            if ledger.units[unit][2]:
                by_platform[(platform, unit)].append(account)
    found = [
        Spec(ACCOUNT, f"{ACCOUNT}:{account}", name, unit, (account,), account_id=account)
        for account, (name, _, unit) in ledger.accounts.items()
    ]
    sums = {unit: tuple(sorted(some)) for unit, some in sorted(carried.items()) if len(some) >= LEAST_OF_A_SUM}
    found += [Spec(UNIT, f"{UNIT}:{unit}", ledger.units[unit][0], unit, some) for unit, some in sums.items()]
    for (platform, root), some in sorted(by_platform.items()):
        if len(some) >= LEAST_OF_A_SUM and len(some) < len(carried[root]):
            name = f"{PLATFORM_NAMES[Platform(platform)]}·{ledger.units[root][0]}"
            found.append(Spec(PLATFORM, f"{PLATFORM}:{platform}:{root}", name, root, tuple(sorted(some)), platform=platform))
    for unit, some in sums.items() if is_read else ():
        name, is_region, _ = ledger.units[unit]
        if is_region:
            found += [
                Spec(TOPIC, f"{TOPIC}:{topic}:{unit}", f"{topic}·{name}", unit, some, topic=topic, version=read_version)
                for topic in topics
            ]
            found.append(Spec(NEGATIVE, f"{NEGATIVE}:{unit}", f"{NEGATIVE}·{name}", unit, some, version=read_version))
    found += [
        Spec(LEAD, f"{LEAD}:{unit}", f"{LEAD}·{name}", unit, ())
        for unit, (name, is_region, is_root) in sorted(ledger.units.items())
        if is_region or is_root
    ]
    return found + (watch_specs(db, carried, read_version) if is_read else [])


def watch_specs(db: sqlite3.Connection, carried: dict[int, list[int]], read_version: str) -> list[Spec]:
    """One series for each watch in use whose hits of the past have been looked up."""
    rows = db.execute(
        "SELECT id, organization_id, name, version FROM watches WHERE is_on = 1 AND deleted_at IS NULL AND filled_to IS NULL "
        "ORDER BY id"
    ).fetchall()
    return [
        Spec(WATCH, f"{WATCH}:{number}", name, unit, tuple(sorted(carried[unit])), watch_id=number, version=f"{read_version}/{v}")
        for number, unit, name, v in rows
        if carried.get(unit)
    ]


def ledger_of(db: sqlite3.Connection) -> Ledger:
    """Accounts that are collected with their comments and have been looked at to the end at least once, and the tree."""
    routes = [str(route) for route in Route if SIGHTS[route].comments]
    names = ", ".join(f":route{i}" for i in range(len(routes)))
    values = {f"route{i}": route for i, route in enumerate(routes)} | {"active": str(Status.ACTIVE)}
    rows = db.execute(
        "SELECT id, name, platform, organization_id FROM accounts WHERE status = :active AND last_ok_at IS NOT NULL "
        f"AND route IN ({names}) ORDER BY id",
        values,
    ).fetchall()
    accounts = {number: (name, platform, unit) for number, name, platform, unit in rows}
    up: dict[int, list[int]] = defaultdict(list)
    for unit, ancestor in db.execute(
        "SELECT organization_id, ancestor_id FROM organization_up ORDER BY organization_id, depth"
    ).fetchall():
        up[unit].append(ancestor)
    units = {
        number: (name, bool(below), parent is None)
        for number, name, parent, below in db.execute(
            "SELECT o.id, o.name, o.parent_id, EXISTS (SELECT 1 FROM organizations b WHERE b.parent_id = o.id) "
            "FROM organizations o ORDER BY o.id"
        ).fetchall()
    }
    return Ledger(accounts, {number: up[unit] for number, (_, _, unit) in accounts.items()}, units)


def put(db: sqlite3.Connection, wanted: list[Spec], now: int) -> dict[str, int]:
    """Rows of these series and of no others are in use, inside `writing()`; gives their ids by key."""
    held: dict[str, tuple[int, str, int, int]] = {
        row[1]: (row[0], row[2], row[3], row[4])
        for row in db.execute("SELECT id, key, name, organization_id, is_on FROM series").fetchall()
    }
    ids: dict[str, int] = {}
    for spec in wanted:
        row = held.get(spec.key)
        if row is not None and row[1:] == (spec.name, spec.organization_id, 1):
            ids[spec.key] = row[0]
            continue
        ids[spec.key] = int(
            db.execute(
                "INSERT INTO series(kind, key, name, organization_id, account_id, platform, topic, watch_id, born_at) "
                "VALUES(:kind, :key, :name, :unit, :account, :platform, :topic, :watch, :at) ON CONFLICT(key) DO UPDATE SET "
                "name = excluded.name, organization_id = excluded.organization_id, is_on = 1 RETURNING id",
                {
                    "kind": spec.kind,
                    "key": spec.key,
                    "name": spec.name,
                    "unit": spec.organization_id,
                    "account": spec.account_id,
                    "platform": spec.platform,
                    "topic": spec.topic,
                    "watch": spec.watch_id,
                    "at": now,
                },
            ).fetchone()[0]
        )
    gone = [{"id": row[0]} for key, row in held.items() if key not in ids and row[3]]
    db.executemany("UPDATE series SET is_on = 0 WHERE id = :id", gone)
    return ids


def set_born(db: sqlite3.Connection, series_id: int, at: int) -> None:
    """Since when there is data of a series, inside `writing()`."""
    db.execute("UPDATE series SET born_at = :at WHERE id = :id AND born_at > :at", {"id": series_id, "at": at})
