"""The figures of the make-believe month counted a second time, in plain Python and from the published words alone."""

import math
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from storage.office import Offices
from tests.storage.waiting_city import HOUR, NOW, SINCE, Row, rows_of

PERIOD: dict[str, Any] = {"since": SINCE, "until": NOW, "now": NOW}
SUBTREES = {1: set(range(1, 11)), 2: {3, 9}, 3: {4, 5, 6, 10}, 4: {6, 10}, 5: {7, 8}}
"""Accounts below each unit."""

WAYS = [{"clock": clock, "working": working} for clock in ("首次响应", "实质答复") for working in (False, True)]


def period(**changes: Any) -> dict[str, Any]:
    """The month, with other filters."""
    return PERIOD | changes


@dataclass(frozen=True)
class Stand:
    """How one matter stands at a cut-off, worked out from its row alone."""

    row: Row
    state: str
    seconds: int
    age: int
    is_undated: bool
    lateness: str


def stand(row: Row, offices: Offices, cutoff: int = NOW, clock: str = "首次响应", working: bool = False) -> Stand:
    name = "first" if clock == "首次响应" else "answer"
    asked, stopped, known = row["asked_at"], row[f"{name}_at"], row["known_until"]
    count = offices.clock(row["account_id"], asked).between if working else lambda begin, end: end - begin
    age, is_undated = count(asked, cutoff), False
    seconds: int | None = 0
    if stopped is not None and stopped <= cutoff:
        state, seconds = "已回复", row[f"{name}_working"] if working else stopped - asked
    elif known is not None and min(known, cutoff) >= asked:
        state, seconds = "尚未回复", count(asked, min(known, cutoff))
    else:
        state = "情况不明"
    if seconds is None:
        state, seconds, is_undated = "情况不明", 0, True
    return Stand(row, state, seconds, -1 if age is None else age, is_undated, lateness(row, cutoff))


def lateness(row: Row, cutoff: int) -> str:
    due, stopped = row["due_at"], row["first_at" if row["rule_id"] == 1 else "answer_at"]
    if due is None:
        return ""
    if stopped is not None and stopped <= cutoff:
        return "超时已复" if stopped > due else "有时限"
    return "超时未复" if due < cutoff and row["known_until"] is not None and row["known_until"] >= due else "有时限"


def parts_of(stands: list[Stand], hours: int) -> dict[str, list[Stand]]:
    """Who met a horizon, missed it, or is unknown at it."""
    bound, parts = hours * HOUR, {"达标": [], "未达标": [], "情况不明": []}
    for one in stands:
        if one.age < bound:
            continue
        if one.state == "已回复":
            parts["达标" if one.seconds <= bound else "未达标"].append(one)
        else:
            parts["未达标" if one.state == "尚未回复" and one.seconds >= bound else "情况不明"].append(one)
    return parts


def figures_of(stands: list[Stand], floor: int = 10) -> dict[str, float]:
    """The figures that do not need a formula of statistics, and the exact quantiles."""
    found: dict[str, float] = {"n": len(stands), "no_calendar": sum(one.is_undated for one in stands)}
    for name, state in (("answered", "已回复"), ("open", "尚未回复"), ("unknown", "情况不明")):
        found[name] = sum(one.state == state for one in stands)
    for hours in (1, 4, 24, 48):
        parts = {name: len(some) for name, some in parts_of(stands, hours).items()}
        of = parts["达标"] + parts["未达标"]
        found |= {f"met_{hours}": parts["达标"], f"of_{hours}": of, f"out_{hours}": parts["情况不明"]}
        found[f"share_{hours}"] = parts["达标"] / of if of else float("nan")
    for name, part in (("p50", Fraction(1, 2)), ("p90", Fraction(9, 10))):
        found[name] = quantile_of([one for one in stands if one.state != "情况不明"], part)
    found |= {"late": sum(one.lateness == "超时已复" for one in stands), "ruled": sum(one.lateness != "" for one in stands)}
    found["overdue"] = sum(one.lateness == "超时未复" for one in stands)
    found["is_enough"] = found["answered"] + found["open"] >= floor
    return found


def quantile_of(known: list[Stand], part: Fraction) -> float:
    left = Fraction(1)
    for wait in sorted({one.seconds for one in known if one.state == "已回复"}):
        at_risk = sum(one.seconds >= wait for one in known)
        left *= 1 - Fraction(sum(one.seconds == wait and one.state == "已回复" for one in known), at_risk)
        if left <= 1 - part:
            return float(wait)
    return float("nan")


def bucket_of(one: Stand) -> str:
    if one.state != "已回复":
        return one.state
    names = ("1小时内", "1至4小时", "4至24小时", "24至48小时", "48小时以上")
    return names[sum(one.seconds > hours * HOUR for hours in (1, 4, 24, 48))]


def as_known(row: Row, moment: int) -> Row | None:
    """The row as this installation had it at a moment; None where it did not know the appeal."""
    if row["seen_at"] > moment:
        return None
    then = dict(row)
    for name in ("first", "answer"):
        if then[f"{name}_seen_at"] is not None and then[f"{name}_seen_at"] > moment:
            then |= dict.fromkeys((f"{name}_id", f"{name}_at", f"{name}_seen_at", f"{name}_working"))
    return then


def stands(
    db: sqlite3.Connection,
    accounts: Iterable[int] = range(1, 11),
    cutoff: int = NOW,
    edit: Callable[[Row], Row | None] = lambda row: row,
    **way: Any,
) -> list[Stand]:
    """The matters of the period that these accounts were asked, each worked out from its row."""
    offices, mine = Offices.load(db), set(accounts)
    rows = [kept for row in rows_of(db) if (kept := edit(row))]
    inside = [row for row in rows if SINCE <= row["asked_at"] < NOW and row["asked_at"] <= cutoff and row["account_id"] in mine]
    return [stand(row, offices, cutoff, **way) for row in inside]


def agree(found: dict[str, Any], expected: dict[str, float]) -> None:
    for name, value in expected.items():
        same = found[name] == value or (math.isnan(found[name]) and math.isnan(value))
        assert same, f"{name}: {found[name]} instead of {value}"
