"""Compares a ledger that somebody brought with the one we hold; nothing is changed here."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field

from matrix.account import PLATFORM_NAMES, ROUTE_NAMES, Platform, Route
from matrix.ledger import (
    ABSENT,
    ACCOUNT_FIELDS,
    ADDED,
    CHANGED,
    FAULTY,
    NAMELESS,
    UNIT_FIELDS,
    Difference,
    Ledger,
    LedgerAccount,
    LedgerUnit,
)
from storage.ledger_tree import UnitPlan, allowed_units, plan_units
from storage.scope import Scope


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """What is to become of one account: `held` is its row id, None for a new one; `changes` are field to (before, after)."""

    stated: LedgerAccount
    unit_code: str
    held: int | None
    ext_id: str
    changes: Mapping[str, tuple[str, str]]


@dataclass(slots=True)
class Comparison:
    """What an import would do: units parents first, then accounts, and the list that people read."""

    units: list[UnitPlan] = field(default_factory=list)
    accounts: list[AccountPlan] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)


def differences(db: sqlite3.Connection, ledger: Ledger, within: Scope | None = None) -> list[Difference]:
    """What importing this ledger would add and change, what it does not mention, and which rows are wrong.

    `within` limits it to the subtrees that its author may see; None is for the operator of the machine.
    """
    return compare(db, ledger, within).differences


def compare(db: sqlite3.Connection, ledger: Ledger, within: Scope | None = None) -> Comparison:
    """The same with the plan that `ledger_apply` carries out."""
    found = Comparison()
    found.units, faults = plan_units(db, ledger.units, within)
    faulty = [(fault.line, fault.reason, fault.excerpt) for fault in ledger.faults] + faults
    for plan in found.units:
        found.differences += _unit_differences(plan)
    known = {plan.unit.code: plan for plan in found.units} | {alias: plan for plan in found.units for alias in plan.aliases}
    _compare_accounts(db, ledger.accounts, known, found, faulty, allowed_units(db, within))
    found.differences += _absent(db, found)
    found.differences += [Difference(FAULTY, "", text, reason, line=line) for line, reason, text in sorted(faulty)]
    order = {FAULTY: 0, CHANGED: 1, ADDED: 2, ABSENT: 3}
    found.differences.sort(key=lambda difference: order[difference.kind])
    return found


def _unit_differences(plan: UnitPlan) -> list[Difference]:
    name, line = plan.unit.name, plan.unit.line
    if plan.held is None:
        return [Difference(ADDED, "单位", name, f"上级：{plan.parent_name or '无'}", after=plan.unit.code, line=line)]
    return [
        Difference(CHANGED, "单位", name, UNIT_FIELDS[column], before, after, line)
        for column, (before, after) in plan.shown.items()
    ]


def _compare_accounts(
    db: sqlite3.Connection,
    stated: tuple[LedgerAccount, ...],
    known: Mapping[str, UnitPlan],
    found: Comparison,
    faulty: list[tuple[int, str, str]],
    allowed: set[int] | None,
) -> None:
    columns = ("id", "platform", "organization_id", *(name for name in ACCOUNT_FIELDS if name != "organization_id"))
    held = [dict(zip(columns, row, strict=True)) for row in db.execute(f"SELECT {', '.join(columns)} FROM accounts").fetchall()]
    by_key = {(row["platform"], row["ext_id"]): row for row in held}
    by_name: dict[tuple[int, str], list[dict[str, str | int]]] = {}
    for row in held:
        by_name.setdefault((row["platform"], row["name"]), []).append(row)
    names = dict(db.execute("SELECT id, name FROM organizations").fetchall())
    taken: dict[tuple[int, str], int] = {}
    for account in stated:
        plan = known.get(account.unit)
        if plan is None:
            faulty.append((account.line, f"账号“{account.name}”的单位没有导入(单位那一行有误)", account.name))
            continue
        row = _find_held(account, by_key, by_name.get((account.platform, account.name), []))
        if isinstance(row, str):
            faulty.append((account.line, row, account.name))
            continue
        if row and allowed is not None and row["organization_id"] not in allowed:
            faulty.append((account.line, f"账号“{account.name}”属于您权限范围以外的单位", account.name))
            continue
        ext_id = account.ext_id or str(row["ext_id"] if row else NAMELESS + account.name)
        if (account.platform, ext_id) in taken:
            faulty.append((account.line, f"与第{taken[account.platform, ext_id]}行是同一个账号", account.name))
            continue
        taken[account.platform, ext_id] = account.line
        changes = _changes(account, ext_id, row, plan)
        found.accounts.append(AccountPlan(account, plan.unit.code, int(row["id"]) if row else None, ext_id, changes))
        shown = f"{PLATFORM_NAMES[account.platform]} {account.name}"
        if row is None:
            route = ROUTE_NAMES[Route(account.values.get("route", Route.NONE))]
            found.differences.append(
                Difference(ADDED, "账号", shown, f"单位：{plan.unit.name}；采集方式：{route}", after=ext_id, line=account.line)
            )
        for column, (before, after) in changes.items() if row else ():
            if column == "organization_id":
                before, after = names.get(int(before), before), plan.unit.name
            elif column == "route":
                before, after = ROUTE_NAMES[Route(before)], ROUTE_NAMES[Route(after)]
            found.differences.append(Difference(CHANGED, "账号", shown, ACCOUNT_FIELDS[column], before, after, account.line))


def _find_held(account: LedgerAccount, by_key: Mapping[tuple[int, str], dict], namesakes: list[dict]) -> dict | str | None:
    """The held row of an account, None when it is new, a sentence when it cannot be told."""
    if account.ext_id:
        row = by_key.get((account.platform, account.ext_id))
        return row or next((twin for twin in namesakes if str(twin["ext_id"]).startswith(NAMELESS)), None)
    if len(namesakes) > 1:
        return f"台账里有{len(namesakes)}个{PLATFORM_NAMES[Platform(account.platform)]}账号叫“{account.name}”，请填写平台账号ID"
    return namesakes[0] if namesakes else None


def _changes(account: LedgerAccount, ext_id: str, row: dict | None, plan: UnitPlan) -> dict[str, tuple[str, str]]:
    """Field to (before, after) in the form in which the columns hold them; a new unit has no number yet and counts as moved."""
    if row is None:
        return {}
    stated = {"ext_id": ext_id, "name": account.name or str(row["name"]), **account.values}
    changes = {column: (str(row[column]), after) for column, after in stated.items() if str(row[column]) != after}
    if plan.held != row["organization_id"]:
        changes["organization_id"] = (str(row["organization_id"]), "" if plan.held is None else str(plan.held))
    return changes


def _absent(db: sqlite3.Connection, found: Comparison) -> list[Difference]:
    """Accounts below the units of this table that it does not mention; they stay as they are."""
    heads = [plan.held for plan in found.units if plan.held is not None]
    if not heads:
        return []
    mentioned = {plan.held for plan in found.accounts if plan.held is not None}
    rows: dict[int, Difference] = {}
    for head in heads:
        for account_id, platform, name, ext_id in db.execute(
            "SELECT a.id, a.platform, a.name, a.ext_id FROM accounts a JOIN account_up u ON u.account_id = a.id "
            "WHERE u.ancestor_id = :head",
            {"head": head},
        ).fetchall():
            if account_id not in mentioned:
                shown = f"{PLATFORM_NAMES[Platform(platform)]} {name}"
                rows[account_id] = Difference(
                    ABSENT, "账号", shown, "保留不动；如已关停，请把运行状态改为“已关停”", before=ext_id
                )
    return [rows[account_id] for account_id in sorted(rows)]


__all__ = ["AccountPlan", "Comparison", "LedgerUnit", "compare", "differences"]
