"""Puts the units of a ledger into one tree with those we hold: finds parents, refuses cycles and unknown parents by line."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matrix.ledger import LedgerUnit
from storage.scope import Scope

Fault = tuple[int, str, str]
DEEPEST = 60
OUTSIDE = "该单位不在您的权限范围内"
FIELDS = ("name", "parent_id", "level", "line", "region")


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """What is to become of one unit: `held` is its row id, None for a new one; `changes` are field to (before, after).

    `parent_code` names the parent among plans or held units, "" at the top. `aliases` are other words by which accounts of
    the same table mean this unit; `shown` are the changes in words.
    """

    unit: LedgerUnit
    held: int | None
    parent_code: str
    parent_name: str
    changes: Mapping[str, tuple[str, str]]
    shown: Mapping[str, tuple[str, str]]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Held:
    id: int
    code: str
    name: str
    parent_id: int | None
    values: Mapping[str, str]


def plan_units(db: sqlite3.Connection, units: Sequence[LedgerUnit], within: Scope | None) -> tuple[list[UnitPlan], list[Fault]]:
    """Plans with parents before children, and what is wrong by line. A unit under a faulty one is faulty too."""
    rows = db.execute("SELECT id, code, name, parent_id, level, line, region FROM organizations").fetchall()
    held = {row[1]: _Held(row[0], row[1], row[2], row[3], dict(zip(FIELDS[2:], row[4:], strict=True))) for row in rows}
    by_id = {unit.id: unit for unit in held.values()}
    named: dict[str, list[_Held]] = {}
    for known in held.values():
        named.setdefault(known.name, []).append(known)
    faults: list[Fault] = []
    stated = {unit.code: unit for unit in units}
    codes = {unit.code: _settle(unit, held, named, by_id) for unit in units}
    twins = {settled: code for code, settled in codes.items()}
    names: dict[str, set[str]] = {}
    for unit in units:
        names.setdefault(unit.name, set()).add(codes[unit.code])
    parents: dict[str, str] = {}
    for unit in units:
        parent = _parent_of(unit, codes, names, held, named, by_id)
        if parent is None:
            faults.append((unit.line, f"找不到上级单位“{unit.parent}”：表里没有，台账里也没有", unit.name))
        elif isinstance(parent, int):
            faults.append(
                (unit.line, f"叫“{unit.parent}”的上级单位有{parent}个，请填写上级单位编码或完整路径(用/分隔)", unit.name)
            )
        else:
            parents[unit.code] = parent
    allowed = allowed_units(db, within)
    plans: dict[str, UnitPlan] = {}
    visiting: set[str] = set()

    def place(code: str) -> bool:
        """Plan a unit after its parent; False when it cannot stand."""
        if code in plans:
            return True
        unit = stated[code]
        if code not in parents:
            return False
        if code in visiting:
            return False
        visiting.add(code)
        parent = parents[code]
        twin = twins.get(parent)
        if twin is not None and not place(twin):
            return False
        plan = _plan(unit, codes[code], parent, held, by_id, plans.get(twin or ""))
        if not _is_allowed(plan, held.get(parent), twin is not None, allowed):
            faults.append((unit.line, OUTSIDE, unit.name))
            return False
        plans[code] = plan
        return True

    rings = _rings(stated, parents, codes, held, by_id)
    for unit in units:
        if unit.code in rings:
            faults.append((unit.line, f"上级关系成环或超过{DEEPEST}层：{' → '.join(rings[unit.code])}", unit.name))
            parents.pop(unit.code, None)
    for unit in units:
        if not place(unit.code) and not any(line == unit.line for line, _, _ in faults):
            faults.append((unit.line, "上级单位那一行有误，本单位没有导入", unit.name))
    return list(plans.values()), faults


def _settle(unit: LedgerUnit, held: Mapping[str, _Held], named: Mapping[str, list[_Held]], by_id: Mapping[int, _Held]) -> str:
    """The code that a unit keeps: its own, or that of the held unit with the same path of names."""
    if unit.has_code or unit.code in held:
        return unit.code
    path = unit.code.split("/")
    for other in named.get(path[-1], ()):
        if _path(other, by_id)[-len(path) :] == path:
            return other.code
    return unit.code


def _path(unit: _Held, by_id: Mapping[int, _Held]) -> list[str]:
    names = [unit.name]
    for _ in range(64):
        if unit.parent_id is None:
            break
        unit = by_id[unit.parent_id]
        names.append(unit.name)
    return names[::-1]


def _parent_of(
    unit: LedgerUnit,
    codes: Mapping[str, str],
    names: Mapping[str, set[str]],
    held: Mapping[str, _Held],
    named: Mapping[str, list[_Held]],
    by_id: Mapping[int, _Held],
) -> str | int | None:
    """Code of the parent ("" at the top), the number of candidates when there are several, None when there is none."""
    wanted = unit.parent
    if not wanted:
        known = held.get(codes[unit.code])  # an empty cell leaves a known parent alone
        return by_id[known.parent_id].code if known and known.parent_id is not None else ""
    if wanted in codes:
        return codes[wanted]
    if wanted in held:
        return wanted
    path = wanted.split("/")
    found = names.get(wanted, set()) | {o.code for o in named.get(path[-1], ()) if _path(o, by_id)[-len(path) :] == path}
    found.discard(codes[unit.code])
    return len(found) if len(found) > 1 else next(iter(found), None)


def _rings(
    stated: Mapping[str, LedgerUnit],
    parents: Mapping[str, str],
    codes: Mapping[str, str],
    held: Mapping[str, _Held],
    by_id: Mapping[int, _Held],
) -> dict[str, list[str]]:
    """Units whose chain of parents comes back to themselves, as names around the ring."""
    up = {codes[code]: parent for code, parent in parents.items()}
    names = {codes[code]: unit.name for code, unit in stated.items()}
    rings = {}
    for code in stated:
        start = at = codes[code]
        chain = [names[start]]
        for _ in range(DEEPEST + 1):
            known = held.get(at)
            at = up[at] if at in up else (by_id[known.parent_id].code if known and known.parent_id is not None else "")
            if not at:
                break
            chain.append(names.get(at) or held[at].name)
            if at == start or len(chain) > DEEPEST:
                rings[code] = chain[:8]
                break
    return rings


def _is_allowed(plan: UnitPlan, above: _Held | None, is_planned_above: bool, allowed: set[int] | None) -> bool:
    """Whether who brings the table may change this unit: it and its new parent lie in his subtrees, or come with the table."""
    if allowed is None:
        return True
    if plan.held is not None and plan.held not in allowed:
        return False
    is_moved = plan.held is None or "parent_id" in plan.changes
    return not is_moved or (above.id in allowed if above else is_planned_above)


def allowed_units(db: sqlite3.Connection, within: Scope | None) -> set[int] | None:
    """The units within these subtrees; None when nothing is out of bounds."""
    if within is None:
        return None
    rows = db.execute("SELECT ancestor_id, organization_id FROM organization_up").fetchall()
    return {organization for ancestor, organization in rows if ancestor in within}


def _plan(
    unit: LedgerUnit,
    code: str,
    parent: str,
    held: Mapping[str, _Held],
    by_id: Mapping[int, _Held],
    parent_plan: UnitPlan | None,
) -> UnitPlan:
    known = held.get(code)
    above = held.get(parent)
    parent_name = parent_plan.unit.name if parent_plan else (above.name if above else "")
    changes: dict[str, tuple[str, str]] = {}
    shown: dict[str, tuple[str, str]] = {}
    if known:
        stated = {"name": unit.name, **unit.values}
        before = {"name": known.name, **known.values}
        changes = {column: (before[column], after) for column, after in stated.items() if before[column] != after}
        shown = dict(changes)
        old = by_id[known.parent_id] if known.parent_id is not None else None
        if (old.code if old else "") != parent:
            changes["parent_id"] = (str(old.id) if old else "", str(above.id) if above else "")
            shown["parent_id"] = (old.name if old else "无", parent_name or "无")
    settled = LedgerUnit(unit.line, code, unit.name, unit.parent, unit.values, unit.has_code)
    return UnitPlan(settled, known.id if known else None, parent, parent_name, changes, shown, (unit.code,))
