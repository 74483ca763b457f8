"""The matrix at a glance: what every account published and heard in a period and in the one before, and the sums by unit."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matrix.account import Route
from matrix.mover import is_whole_before
from storage.columns import integers
from storage.moments import beijing_day
from storage.scope import Scope, accounts_in, organizations_in

SUMS = ("posts", "comments", "appeals", "replies", "reads", "likes", "shares")
COMPARED = ("posts", "comments", "appeals", "replies", "reads")
ACCOUNT = [
    "account_id",
    "account",
    "platform",
    "organization_id",
    "organization",
    "level",
    "line",
    "region",
    "nature",
    "status",
    "route",
    "followers",
    "last_post_at",
]
ACCOUNTS = [*ACCOUNT, *SUMS, *(f"before_{name}" for name in COMPARED), "has_before", "trend"]
DAILY = ["day", *COMPARED[:4], "active"]
UNITS = [
    "organization_id",
    "organization",
    "parent_id",
    "level",
    "accounts",
    *SUMS,
    *(f"{when}_{name}" for name in COMPARED for when in ("before", "now")),
    "has_before",
]
TREND_DAYS = 14
FEW = 200
"""So many accounts are asked for one by one; for more, everybody's sums are read in one sweep and the others dropped."""


class Filters(TypedDict, total=False):
    """What narrows the matrix to some accounts: `organization_id` with its subtree, the rest by name; empty and 0 mean all."""

    organization_id: int
    line: str
    region: str
    level: str
    platform: int
    account_id: int


@dataclass(frozen=True, slots=True)
class Board:
    """`accounts` has a row for each account that the filters leave, `daily` one for each day of the period with the sums of all
    of them and how many published (`active`)."""

    accounts: pd.DataFrame
    daily: pd.DataFrame


def narrowed(scope: Scope, given: Mapping[str, Any]) -> tuple[str, dict[str, int | str]]:
    """A condition on accounts `a` and their units `o`, and its parameters; `given` as in Filters, other names are passed over."""
    mine, found = accounts_in(scope, "a.id")
    values: dict[str, int | str] = dict(found)
    parts = [mine]
    if given.get("organization_id"):
        parts.append("a.id IN (SELECT w.account_id FROM account_up w WHERE w.ancestor_id = :root)")
        values["root"] = given["organization_id"]
    columns = {"line": "o.line", "region": "o.region", "level": "o.level", "platform": "a.platform", "account_id": "a.id"}
    for name, column in columns.items():
        if given.get(name):
            parts.append(f"{column} = :{name}")
            values[name] = given[name]
    return " AND ".join(parts), values


def chosen(scope: Scope, given: Mapping[str, Any]) -> tuple[str, dict[str, int | str]]:
    """The accounts that the filters leave, as a subquery of their ids, and its parameters."""
    condition, values = narrowed(scope, given)
    return f"SELECT a.id FROM accounts a JOIN organizations o ON o.id = a.organization_id WHERE {condition}", values


def members(db: sqlite3.Connection, scope: Scope, **given: Any) -> pd.DataFrame:
    """The accounts that the filters leave, only their ids."""
    whose, values = chosen(scope, given)
    return pd.DataFrame(db.execute(whose, values).fetchall(), columns=["account_id"])


def board(db: sqlite3.Connection, scope: Scope, *, first_day: int, last_day: int, **given: Any) -> Board:
    """Every account that the filters leave, also those that were silent, with its sums of the period and of the one before.

    `first_day`, `last_day` are Beijing days since the epoch, both included; the period before has as many days and ends the day
    before.

    `has_before` says whether the period before was seen from its first day on, so that a comparison means something; `trend`
    are the posts of the TREND_DAYS days that end with the period. A count that no platform tells adds nothing to its sum.
    """
    condition, values = narrowed(scope, given)
    first, last = first_day, last_day
    before = first - (last - first + 1)
    rows = db.execute(
        "SELECT a.id, a.name, a.platform, a.organization_id, o.name, o.level, o.line, o.region, a.nature, a.status, a.route, "
        "a.followers, a.last_post_at, a.watched_from, (SELECT min(e.day) FROM account_day e WHERE e.account_id = a.id) "
        f"FROM accounts a JOIN organizations o ON o.id = a.organization_id WHERE {condition} ORDER BY a.id",
        values,
    ).fetchall()
    if not rows:
        return Board(pd.DataFrame(columns=ACCOUNTS), pd.DataFrame(columns=DAILY))
    ids = [row[0] for row in rows]
    place, day, counts = sums_by_day(db, ids, min(first, last - TREND_DAYS + 1), last)
    frame = pd.DataFrame([row[: len(ACCOUNT)] for row in rows], columns=ACCOUNT)
    is_now = day >= first
    for name in SUMS:
        frame[name] = np.bincount(place[is_now], counts[name][is_now], len(rows)).astype(np.int64)
    earlier = sums_before(db, ids, before, first - 1)
    for number, name in enumerate(COMPARED):
        frame[f"before_{name}"] = earlier[:, number]
    frame["has_before"] = [is_whole_before(Route(row[10]), day_of(row[13]), row[14], before) for row in rows]
    grid = np.zeros((len(rows), TREND_DAYS), np.int64)
    is_recent = day > last - TREND_DAYS
    grid[place[is_recent], day[is_recent] - (last - TREND_DAYS + 1)] = counts["posts"][is_recent]
    frame["trend"] = list(grid.tolist())
    return Board(frame[ACCOUNTS], by_day(day[is_now] - first, {name: of[is_now] for name, of in counts.items()}, first, last))


def day_of(seconds: int | None) -> int | None:
    return None if seconds is None else beijing_day(seconds)


def by_day(place: NDArray[np.int64], counts: dict[str, NDArray[np.int64]], first: int, last: int) -> pd.DataFrame:
    size = last - first + 1
    summed = {name: np.bincount(place, counts[name], size).astype(np.int64) for name in COMPARED[:4]}
    active = np.bincount(place, counts["posts"] > 0, size).astype(np.int64)
    return pd.DataFrame({"day": range(first, last + 1), **summed, "active": active}, columns=DAILY)


def named(ids: list[int]) -> tuple[str, dict[str, int]]:
    """A condition on rows `d` of the roll-up that leaves these accounts where they are few, and its parameters."""
    names = {f"k{number}": key for number, key in enumerate(ids)} if len(ids) <= FEW else {}
    return f" AND d.account_id IN ({', '.join(f':{name}' for name in names)})" if names else "", names


def sums_before(db: sqlite3.Connection, ids: list[int], first: int, last: int) -> NDArray[np.int64]:
    """COMPARED of each of the accounts `ids` in these days, one row each."""
    only, names = named(ids)
    sums = ", ".join(f"sum(d.{name})" for name in COMPARED)
    rows = db.execute(
        f"SELECT d.account_id, {sums} FROM account_day d WHERE d.day >= :first AND d.day <= :last{only} GROUP BY d.account_id",
        names | {"first": first, "last": last},
    ).fetchall()
    place = {key: number for number, key in enumerate(ids)}
    found = np.zeros((len(ids), len(COMPARED)), np.int64)
    for key, *numbers in rows:
        if key in place:
            found[place[key]] = numbers
    return found


def sums_by_day(
    db: sqlite3.Connection, ids: list[int], first: int, last: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], dict[str, NDArray[np.int64]]]:
    """Of the accounts `ids` (ascending): place among them, Beijing day and sums of every row of the roll-up in these days."""
    only, names = named(ids)
    account, day, *columns = integers(
        db,
        ("d.account_id", "d.day", *(f"d.{name}" for name in SUMS)),
        f"FROM account_day d WHERE d.day >= :first AND d.day <= :last{only}",
        names | {"first": first, "last": last},
    )
    known = np.asarray(ids)
    place = np.minimum(np.searchsorted(known, account), len(known) - 1)
    is_mine = known[place] == account
    return place[is_mine], day[is_mine], {name: of[is_mine] for name, of in zip(SUMS, columns, strict=True)}


def units(db: sqlite3.Connection, scope: Scope, **given: Any) -> pd.DataFrame:
    """The same sums for every unit of the scope that has an account below it, its whole subtree included, by id.

    Comparisons (`before_…`) add up only the accounts whose period before was seen; `now_…` are the sums of the same accounts.
    """
    held = board(db, scope, **given).accounts
    mine, values = organizations_in(scope, "g.id")
    root = given.get("organization_id")
    if root:
        mine += " AND g.id IN (SELECT w.organization_id FROM organization_up w WHERE w.ancestor_id = :root)"
        values["root"] = int(root)
    known = db.execute(f"SELECT g.id, g.name, g.parent_id, g.level FROM organizations g WHERE {mine} ORDER BY g.id", values)
    frame = pd.DataFrame(known.fetchall(), columns=["organization_id", "organization", "parent_id", "level"])
    if held.empty or frame.empty:
        return pd.DataFrame(columns=UNITS)
    ancestor, account = integers(db, ("u.ancestor_id", "u.account_id"), "FROM account_up u", {})
    row = {int(key): place for place, key in enumerate(held["account_id"])}
    unit = {int(key): place for place, key in enumerate(frame["organization_id"])}
    pairs = [(unit[a], row[b]) for a, b in zip(ancestor.tolist(), account.tolist(), strict=True) if a in unit and b in row]
    above, below = np.asarray(pairs, np.int64).reshape(-1, 2).T
    frame["accounts"] = np.bincount(above, minlength=len(frame))
    seen = held["has_before"].to_numpy(bool)[below]
    for name in SUMS:
        frame[name] = np.bincount(above, held[name].to_numpy()[below], len(frame)).astype(np.int64)
    for name in COMPARED:
        for label, column in ((f"before_{name}", f"before_{name}"), (f"now_{name}", name)):
            weights = held[column].to_numpy()[below] * seen
            frame[label] = np.bincount(above, weights, len(frame)).astype(np.int64)
    frame["has_before"] = np.bincount(above, seen, len(frame)).astype(np.int64)
    return frame.loc[frame["accounts"] > 0, UNITS].reset_index(drop=True)
