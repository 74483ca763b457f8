"""The ledger as it stood at a past moment, by what was known at a cut-off: whose accounts, in which tree, under which limits."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

FIELDS = ("name", "nature", "status", "route", "exemption")
UNIT_FIELDS = ("name", "level", "parent_id")


@dataclass(frozen=True, slots=True)
class Held:
    """One account as the ledger had it; `entered_at` is from when on it was the ledger's, in Unix seconds."""

    id: int
    platform: int
    name: str
    nature: str
    status: str
    route: str
    exemption: str
    organization_id: int
    entered_at: int
    watched_from: int | None


class LedgerThen:
    """Everything valid before `until` that was known by `known_at` (both Unix seconds), loaded once.

    A value is that of the newest change valid by then; where none was, the one before the first change, for nothing is
    older than what was entered first. An account that came later belongs to its first unit.
    """

    def __init__(self, db: sqlite3.Connection, until: int, known_at: int) -> None:
        self._until, self._known_at = until, known_at
        self._accounts = self._values_then(db, "account", FIELDS)
        changed = self._values_then(db, "organization", UNIT_FIELDS)
        self.units: dict[int, dict[str, Any]] = {}
        rows = db.execute("SELECT id, name, level, parent_id FROM organizations WHERE seen_at <= :known", self._values).fetchall()
        for unit, name, level, parent_id in rows:
            self.units[unit] = {"name": name, "level": level, "parent_id": parent_id} | changed.get(unit, {})
            self.units[unit]["parent_id"] = int(self.units[unit]["parent_id"] or 0)
        self._homes: dict[int, list[tuple[int, int]]] = {}
        sql = "SELECT account_id, valid_from, organization_id FROM affiliations WHERE seen_at <= :known ORDER BY 2, seen_at"
        for account, valid_from, unit in db.execute(sql, self._values).fetchall():
            self._homes.setdefault(account, []).append((valid_from, unit))
        self._limits: dict[int, tuple[int, str]] = {}
        sql = (
            "SELECT organization_id, days, basis FROM update_limits WHERE valid_from < :until AND seen_at <= :known "
            "ORDER BY valid_from, seen_at"
        )
        for unit, days, basis in db.execute(sql, self._values).fetchall():
            self._limits[unit] = (days, basis)
        self._above: dict[int, tuple[int, ...]] = {}
        self._paths: dict[int, str] = {}

    @property
    def _values(self) -> dict[str, int]:
        return {"until": self._until, "known": self._known_at}

    def _values_then(self, db: sqlite3.Connection, subject: str, fields: tuple[str, ...]) -> dict[int, dict[str, str]]:
        """By number the fields that were ever changed, as they stood."""
        said: dict[tuple[int, str], list[tuple[int, int, int, str, str]]] = {}
        rows = db.execute(
            "SELECT subject_id, field, id, valid_from, seen_at, before, after FROM ledger_changes "
            "WHERE subject = :subject ORDER BY valid_from, id",
            {"subject": subject},
        ).fetchall()
        for row in rows:
            if row[1] in fields:
                said.setdefault(row[:2], []).append(row[2:])
        found: dict[int, dict[str, str]] = {}
        for (number, field), changes in said.items():
            known = [change for change in changes if change[2] <= self._known_at]
            by_then = [change for change in known if change[1] < self._until]
            found.setdefault(number, {})[field] = by_then[-1][4] if by_then else min(known or changes)[3]
        return found

    def accounts(self, db: sqlite3.Connection, condition: str, values: dict[str, Any]) -> list[Held]:
        """The accounts `a` that meet a condition, by id, as they stood; those not yet known by the cut-off are left out."""
        sql = (
            f"SELECT a.id, a.platform, a.watched_from, {', '.join(f'a.{field}' for field in FIELDS)}, a.organization_id "
            f"FROM accounts a WHERE a.seen_at <= :known AND {condition} ORDER BY a.id"
        )
        found = []
        for account, platform, watched_from, *row in db.execute(sql, values | {"known": self._known_at}).fetchall():
            fields = dict(zip(FIELDS, row, strict=False)) | self._accounts.get(account, {})
            homes = self._homes.get(account) or [(0, row[-1])]
            home = next((unit for valid_from, unit in reversed(homes) if valid_from < self._until), homes[0][1])
            found.append(
                Held(
                    id=account,
                    platform=platform,
                    organization_id=home,
                    entered_at=homes[0][0],
                    watched_from=watched_from,
                    **fields,
                )
            )
        return found

    def above(self, unit: int) -> tuple[int, ...]:
        """The unit and those above it, the nearest first; a circle in the tree ends at the first unit met twice."""
        if unit not in self._above:
            chain: dict[int, None] = {}
            at = unit
            while at in self.units and at not in chain:
                chain[at] = None
                at = self.units[at]["parent_id"]
            self._above[unit] = tuple(chain)
        return self._above[unit]

    def is_below(self, unit: int, roots: Iterable[int]) -> bool:
        """Whether the unit was one of these or stood anywhere below one of them."""
        return not set(roots).isdisjoint(self.above(unit))

    def path(self, unit: int) -> str:
        """Names from the top down to the unit."""
        if unit not in self._paths:
            self._paths[unit] = "/".join(str(self.units[above]["name"]) for above in reversed(self.above(unit)))
        return self._paths[unit]

    def limit(self, unit: int) -> tuple[int, str, int] | None:
        """(days, basis, unit that set it) of the nearest unit that had a limit; None where nobody above had set one."""
        for above in self.above(unit):
            if above in self._limits:
                return (*self._limits[above], above)
        return None
