"""When units are open and by which rule they are judged: the office hours and rules of the nearest unit above."""

import sqlite3
from datetime import datetime
from typing import TypeVar

import pandas as pd

from matrix.rule import Rule, terms_to_text
from matrix.worktime import DEFAULT_HOURS, OfficeClock, hours_text, parse_hours
from storage import rules
from storage.batches import bump_version
from storage.moments import to_seconds
from storage.scope import Scope, organizations_in
from storage.workdays import calendar, calendar_years, save_calendar

__all__ = ["Offices", "calendar", "calendar_years", "hours", "in_force", "save_calendar", "set_hours"]
HOURS = ["organization_id", "code", "organization", "hours", "valid_from", "seen_at", "author"]
IN_FORCE = [
    "organization_id",
    "code",
    "organization",
    "hours",
    "hours_from",
    "rule_id",
    "rule",
    "clock",
    "terms",
    "source",
    "rule_from",
    "valid_from",
]
T = TypeVar("T")
Dated = list[tuple[int, T]]
"""(valid from, word) in the order in which the words count: of two for the same moment the last was said last."""


def newest(words: Dated[T], at: int) -> tuple[int, T] | None:
    """The word that holds at a moment, with the moment from which it holds."""
    return next((word for word in reversed(words) if word[0] <= at), None)


class Offices:
    """Whose account it was, when that unit was open and by which rule it is judged; loaded once for a batch.

    An account belongs to a unit by its dated affiliations: before the first of them to the first unit, without any to the
    unit in the ledger. Hours and rules are those of the nearest unit above that has a row valid by then; the tree is today's.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self.calendar = calendar(db)
        self._parents: dict[int, int | None] = dict(db.execute("SELECT id, parent_id FROM organizations").fetchall())
        self._now_of: dict[int, int] = dict(db.execute("SELECT id, organization_id FROM accounts").fetchall())
        self._units: dict[int, Dated[int]] = {}
        sql = "SELECT account_id, valid_from, organization_id FROM affiliations ORDER BY valid_from, seen_at"
        for account_id, valid_from, organization_id in db.execute(sql).fetchall():
            self._units.setdefault(account_id, []).append((valid_from, organization_id))
        self._hours: dict[int, Dated[str]] = {}
        sql = "SELECT organization_id, valid_from, hours FROM office_hours ORDER BY valid_from, seen_at"
        for organization_id, valid_from, hours in db.execute(sql).fetchall():
            self._hours.setdefault(organization_id, []).append((valid_from, hours))
        self._rules: dict[int, Dated[Rule]] = {}
        for organization_id, valid_from, rule in rules.every(db):
            self._rules.setdefault(organization_id, []).append((valid_from, rule))
        self._clocks: dict[str, OfficeClock] = {}
        self._above: dict[int, tuple[int, ...]] = {}

    @classmethod
    def load(cls, db: sqlite3.Connection) -> "Offices":
        """Everything in six queries, whatever the size of the batch."""
        return cls(db)

    def organization(self, account_id: int, at: int) -> int:
        """The unit that ran the account at a moment (Unix seconds). Raises LookupError for an account that is not there."""
        words = self._units.get(account_id)
        if not words:
            if account_id not in self._now_of:
                raise LookupError(f"台账中没有编号为 {account_id} 的账号")
            return self._now_of[account_id]
        return (newest(words, at) or words[0])[1]

    def clock(self, account_id: int, at: int) -> OfficeClock:
        """The office clock of the unit that ran the account; one object for all that keep the same hours."""
        found = self.hours_of_unit(self.organization(account_id, at), at)
        return self._clock(found[1] if found else DEFAULT_HOURS)

    def rule(self, account_id: int, at: int) -> Rule | None:
        """The rule that judges an appeal received at `at`; None while nobody above has chosen one."""
        found = self.rule_of_unit(self.organization(account_id, at), at)
        return found[2] if found and found[2].terms else None

    def hours_of_unit(self, organization_id: int, at: int) -> tuple[int, str] | None:
        """(unit that set them, hours); None where the default holds."""
        for unit in self.above(organization_id):
            if word := newest(self._hours.get(unit, []), at):
                return unit, word[1]
        return None

    def rule_of_unit(self, organization_id: int, at: int) -> tuple[int, int, Rule] | None:
        """(unit that adopted it, valid from, rule), which may be one without terms; None while nobody has chosen."""
        for unit in self.above(organization_id):
            if word := newest(self._rules.get(unit, []), at):
                return (unit, *word)
        return None

    def above(self, organization_id: int) -> tuple[int, ...]:
        """The unit and those above it, the nearest first; a circle in the tree ends at the first unit met twice."""
        if organization_id not in self._above:
            chain: dict[int, None] = {}
            unit: int | None = organization_id
            while unit is not None and unit not in chain:
                chain[unit] = None
                unit = self._parents.get(unit)
            self._above[organization_id] = tuple(chain)
        return self._above[organization_id]

    def _clock(self, hours: str) -> OfficeClock:
        if hours not in self._clocks:
            self._clocks[hours] = OfficeClock(self.calendar, parse_hours(hours))
        return self._clocks[hours]


def set_hours(
    db: sqlite3.Connection, scope: Scope, organization_id: int, hours: str, valid_from: datetime, author: str, now: datetime
) -> str:
    """Give a unit and everything below it office hours from `valid_from` on; gives them as written down. Inside `writing()`.

    Raises PermissionError when the unit is outside the scope, ValueError for hours that cannot be meant: Chinese sentences.
    """
    rules.require_organization(db, scope, organization_id)
    words = hours_text(parse_hours(hours))
    db.execute(
        "INSERT INTO office_hours(organization_id, hours, valid_from, seen_at, author) "
        "VALUES(:organization, :hours, :valid, :seen, :author) ON CONFLICT(organization_id, valid_from, seen_at) "
        "DO UPDATE SET hours = excluded.hours, author = excluded.author",
        {
            "organization": organization_id,
            "hours": words,
            "valid": to_seconds(valid_from),
            "seen": to_seconds(now),
            "author": author,
        },
    )
    bump_version(db)
    return words


def hours(db: sqlite3.Connection, scope: Scope) -> pd.DataFrame:
    """All office hours that units of the scope set, newest first. Times are Unix seconds."""
    condition, values = organizations_in(scope, "o.id")
    rows = db.execute(
        "SELECT o.id, o.code, o.name, h.hours, h.valid_from, h.seen_at, h.author FROM office_hours h "
        f"JOIN organizations o ON o.id = h.organization_id WHERE {condition} ORDER BY h.valid_from DESC, h.seen_at DESC, o.id",
        values,
    ).fetchall()
    return pd.DataFrame(rows, columns=HOURS)


def in_force(db: sqlite3.Connection, scope: Scope, at: datetime) -> pd.DataFrame:
    """What holds at a moment for each unit of the scope, with the unit that set it (which may stand above the scope).

    `rule` is '' and `rule_id` missing where no rule was chosen; `hours_from` is '' where the default hours hold.
    """
    condition, values = organizations_in(scope, "o.id")
    units = db.execute(f"SELECT o.id, o.code, o.name FROM organizations o WHERE {condition} ORDER BY o.id", values).fetchall()
    if not units:
        return pd.DataFrame([], columns=IN_FORCE)
    offices = Offices.load(db)
    names = {None: "", **dict(db.execute("SELECT id, name FROM organizations").fetchall())}
    rows = []
    for unit in units:
        opener, opened = offices.hours_of_unit(unit[0], to_seconds(at)) or (None, DEFAULT_HOURS)
        chooser, valid_from, rule = offices.rule_of_unit(unit[0], to_seconds(at)) or (None, None, None)
        words = (rule.id, rule.name, str(rule.clock), terms_to_text(rule.terms), rule.source) if rule else (None, *[""] * 4)
        rows.append((*unit, opened, names[opener], *words, names[chooser], valid_from))
    return pd.DataFrame(rows, columns=IN_FORCE).astype({"rule_id": "Int64", "valid_from": "Int64"})
