"""The matters behind every figure of response times, as arrays: who was asked when, and how long until an answer."""

import sqlite3
from dataclasses import dataclass, field, replace
from typing import Any, TypedDict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matrix.rule import RuleClock
from matrix.waiting import ANSWER, FIRST, FLOOR, OPEN, UNKNOWN, Waits
from storage.columns import integers
from storage.scope import Scope, accounts_in
from storage.timeliness_working import in_working_time

ACCOUNT = ["account_id", "account", "platform", "organization_id", "organization", "level", "nature"]
FREE, RULED, LATE, OVERDUE = 0, 1, 2, 3
"""No due time; in time, or not yet due, or unknown; answered after it; not answered although it has passed."""

NARROW = 6
"""Up to one sixth of all accounts is found account by account; more, by reading the whole period and leaving out the rest."""


class Filters(TypedDict, total=False):
    """What every question of this subject takes; see `Asked`."""

    since: int
    until: int
    now: int
    as_of: int | None
    account_id: int
    organization_id: int
    platform: int
    level: str
    clock: str
    working: bool
    floor: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Which matters, and by which clock.

    `since` and `until`: asked from then on and before then, Unix seconds. `now` is the cut-off: what comes after it does not
    exist. With `as_of` only what this installation knew at that moment counts, and it is the cut-off. The tree and the natures
    are today's. `organization_id` takes its subtree; 0 and "" stand for all. `working` measures all waits in working seconds.
    """

    since: int
    until: int
    now: int
    as_of: int | None = None
    account_id: int = 0
    organization_id: int = 0
    platform: int = 0
    level: str = ""
    clock: str = FIRST
    working: bool = False
    floor: int = FLOOR

    def __post_init__(self) -> None:
        if self.clock not in (FIRST, ANSWER):
            raise ValueError(f"计时口径“{self.clock}”应为：{FIRST}、{ANSWER}")

    @property
    def bits(self) -> int:
        """So many hold every wait of the period, and an answer that bears an earlier minute than its question, below nothing."""
        return max(self.cutoff - self.since, 1 << 12).bit_length() + 1

    @property
    def cutoff(self) -> int:
        return self.now if self.as_of is None else self.as_of

    @property
    def values(self) -> dict[str, int | str]:
        return {
            "since": self.since,
            "until": min(self.until, self.cutoff + 1),
            "cut": self.cutoff,
            "account": self.account_id,
            "organization": self.organization_id,
            "platform": self.platform,
            "level": self.level,
        }


@dataclass(frozen=True, slots=True)
class Rows:
    """One entry per matter: `place` is the row of `accounts` whose account was asked, `asked` Unix seconds, `lateness` FREE to
    OVERDUE, `is_undated` that only the calendar is missing. `ids` is empty and `other`, the waits by the other time (natural for
    working), is None unless they were wanted."""

    accounts: pd.DataFrame
    place: NDArray[np.intp]
    asked: NDArray[np.int64]
    waits: Waits
    lateness: NDArray[np.int64]
    is_undated: NDArray[np.bool_]
    ids: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    other: Waits | None = None

    def take(self, chosen: NDArray) -> "Rows":
        """The entries of a mask or of places."""
        ids = self.ids[chosen] if len(self.ids) else self.ids
        return replace(
            self,
            place=self.place[chosen],
            asked=self.asked[chosen],
            waits=self.waits.take(chosen),
            lateness=self.lateness[chosen],
            is_undated=self.is_undated[chosen],
            ids=ids,
            other=None if self.other is None else self.other.take(chosen),
        )


def accounts_of(scope: Scope, asked: Asked) -> tuple[str, dict[str, int | str]]:
    """FROM and WHERE that give the accounts of the scope that pass the filters (aliases a and o), and the values."""
    mine, values = accounts_in(scope, "a.id")
    below, inside = "", ""
    if asked.organization_id:
        below = " AND a.id IN (SELECT b.account_id FROM account_up b WHERE b.ancestor_id = :organization)"
    for name, column in (("account", "a.id"), ("platform", "a.platform"), ("level", "o.level")):
        if asked.values[name]:
            inside += f" AND {column} = :{name}"
    return f"FROM accounts a JOIN organizations o ON o.id = a.organization_id WHERE {mine}{below}{inside}", values | asked.values


def accounts(db: sqlite3.Connection, scope: Scope, asked: Asked) -> pd.DataFrame:
    """The accounts that the figures are about, by their number."""
    where, values = accounts_of(scope, asked)
    rows = db.execute(
        f"SELECT a.id, a.name, a.platform, o.id, o.name, o.level, a.nature {where} ORDER BY a.id", values
    ).fetchall()
    return pd.DataFrame(rows, columns=ACCOUNT)


def stop(asked: Asked, clock: str) -> str:
    """SQL for the moment at which a clock stopped, as far as it was known; NULL while it runs."""
    name = "first" if clock == FIRST else "answer"
    return f"r.{name}_at" if asked.as_of is None else f"CASE WHEN r.{name}_seen_at <= :cut THEN r.{name}_at END"


def known(asked: Asked) -> str:
    """SQL for up to when a matter is known to be held; as of a cut-off, what was known of that when it was drawn."""
    if asked.as_of is None:
        return "r.known_until"
    then = "SELECT t.known_until FROM sights_then t WHERE t.comment_id = r.comment_id AND t.closed_at >= :cut"
    return f"coalesce(({then} ORDER BY t.closed_at LIMIT 1), r.known_until)"


def packed(asked: Asked) -> str:
    """SQL for the account, the wait and how it ended in one number, as `unpack` reads it: the state above the wait's bits.

    Whatever can be left to the arrays is: each step here is done by the engine row by row, and each number is a text on its way,
    so it is kept short. A thread that is held only up to before the question tells nothing.
    """
    stopped, is_open, until = stop(asked, asked.clock), OPEN << asked.bits, known(asked)
    return (
        f"r.account_id * {4 << asked.bits} + CASE WHEN {stopped} <= :cut THEN {stopped} "
        f"WHEN {until} >= :cut THEN :cut + {is_open} WHEN {until} >= r.asked_at THEN {until} + {is_open} "
        f"ELSE r.asked_at + {UNKNOWN << asked.bits} END - r.asked_at"
    )


def unpack(numbers: NDArray[np.int64], bits: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8]]:
    """Account, seconds and state of each matter in natural time, by the definitions of `matrix.waiting.at_cutoff`.

    Uses `numbers` up: fresh memory for a quarter of a million numbers costs more than reckoning with them.
    """
    half = 1 << (bits - 1)
    numbers += half  # so that a negative code stays with its own account
    codes = numbers & ((4 << bits) - 1)
    codes -= half
    np.maximum(codes, 0, out=codes)
    state = (codes >> bits).astype(np.int8)
    codes &= (1 << bits) - 1
    numbers >>= bits + 2
    return numbers, codes, state


def lateness(db: sqlite3.Connection, asked: Asked) -> str:
    """SQL for FREE to OVERDUE. Each matter is judged by the clock of its own rule; that second of the due time is in time.

    Overdue takes that the sub-thread is known to have been without an answer when the due time passed.
    """
    clocks = dict(db.execute("SELECT id, clock FROM reply_rules").fetchall())
    if not clocks:
        return str(FREE)
    firsts = ", ".join(str(number) for number, clock in sorted(clocks.items()) if clock == RuleClock.FIRST)
    stopped = stop(asked, FIRST if set(clocks.values()) == {RuleClock.FIRST} else ANSWER)
    if len(set(clocks.values())) > 1:
        stopped = f"CASE WHEN r.rule_id IN ({firsts}) THEN {stop(asked, FIRST)} ELSE {stopped} END"
    return (
        f"CASE WHEN {stopped} <= r.due_at THEN {RULED} WHEN r.due_at IS NULL THEN {FREE} WHEN {stopped} <= :cut THEN {LATE} "
        f"WHEN r.due_at < :cut AND {known(asked)} >= r.due_at THEN {OVERDUE} ELSE {RULED} END"
    )


def source(db: sqlite3.Connection, scope: Scope, asked: Asked, chosen: pd.DataFrame) -> tuple[str, dict[str, Any]]:
    """FROM and WHERE (alias r) that hold at least the matters of the chosen accounts, and the values."""
    where, values = "FROM responses r WHERE r.asked_at >= :since AND r.asked_at < :until", dict(asked.values)
    if asked.as_of is not None:
        where += " AND r.seen_at <= :cut"
    everybody = db.execute("SELECT count(*) FROM accounts").fetchone()[0]
    if len(chosen) * NARROW <= everybody:
        inside, values = accounts_of(scope, asked)
        where += f" AND r.account_id IN (SELECT a.id {inside})"
    return where, values


def fetch(db: sqlite3.Connection, scope: Scope, asked: Asked, *, with_ids: bool = False, with_other: bool = False) -> Rows:
    """The matters of the scope that pass the filters; the order means nothing."""
    chosen = accounts(db, scope, asked)
    if chosen.empty:
        nothing = np.zeros(0, np.int64)
        waits = Waits(nothing, nothing.astype(np.int8), nothing)
        return Rows(chosen, nothing, nothing, waits, nothing, nothing.astype(bool), other=waits if with_other else None)
    where, values = source(db, scope, asked, chosen)
    wanted = {"packed": packed(asked), "asked": f"(r.asked_at - :since) * 4 + {lateness(db, asked)}"}
    if with_ids:
        wanted["ids"] = "r.comment_id"
    if asked.working or with_other:
        wanted["working"] = f"coalesce(r.{'first' if asked.clock == FIRST else 'answer'}_working, -1)"
    columns = dict(zip(wanted, integers(db, list(wanted.values()), where, values), strict=True))
    account, seconds, state = unpack(columns["packed"], asked.bits)
    place, is_mine = places(chosen, account)
    at, late, is_undated = (columns["asked"] >> 2) + asked.since, columns["asked"] & 3, np.zeros(len(place), dtype=bool)
    waits = Waits(seconds, state, asked.cutoff - at)
    rows = Rows(chosen, place, at, waits, late, is_undated, columns.get("ids", np.zeros(0, np.int64)))
    if "working" in columns:
        on_clock, is_undated = in_working_time(db, account, at, waits, columns["working"], asked.cutoff)
        rows = replace(rows, waits=on_clock, is_undated=is_undated) if asked.working else rows
        rows = replace(rows, other=waits if asked.working else on_clock) if with_other else rows
    return rows if is_mine.all() else rows.take(is_mine)


def places(chosen: pd.DataFrame, account_ids: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """The row of each account among the chosen ones, and whether it is one of them at all: this is where the scope is kept."""
    known = chosen["account_id"].to_numpy(np.int64)
    table = np.full(int(max(known[-1], account_ids.max(initial=0))) + 1, -1, dtype=np.intp)
    table[known] = np.arange(len(known))
    place = table[account_ids]
    return place, place >= 0
