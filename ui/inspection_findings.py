"""Findings as a page shows them, worked out once for all who look at the same inspection, fresh or kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import pandas as pd

from matrix.account import LEVELS, PLATFORM_NAMES
from matrix.inspection import Verdict
from matrix.inspection_rule import UpdateRule
from matrix.inspection_tally import Tally, tally
from storage import inspections, inspections_kept
from ui import inspection_frames as frames
from ui import tables
from ui.ask import ask
from ui.inspection_window import Window
from ui.records import values
from ui.words import VERDICT_ORDER, platform_name


@dataclass(frozen=True, slots=True)
class Findings:
    """An inspection, narrowed to a platform or level, as it is told."""

    found: pd.DataFrame
    counts: Tally
    soon: int
    twins: list[str]
    groups: dict[str, list[dict[str, Any]]]
    """By the label of a column: one row for each platform, one for each level."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Its accounts, failures first, all or those of one verdict."""

    chosen: pd.DataFrame
    sheet: tables.Sheet


class Source(Protocol):
    """Where findings come from: an inspection of now or a kept one."""

    def read(self) -> pd.DataFrame: ...


@dataclass(frozen=True, slots=True)
class Judged:
    """Every account of some units, judged; platform and level are narrowed afterwards."""

    rule: UpdateRule
    at: datetime
    root: int
    is_live: bool

    def read(self) -> pd.DataFrame:
        return ask(inspections.judged, rule=self.rule, at=self.at, root=self.root, is_live=self.is_live)


@dataclass(frozen=True, slots=True)
class Held:
    """A kept inspection, as it was written down."""

    inspection_id: int

    def read(self) -> pd.DataFrame:
        return ask(inspections_kept.opened, inspection_id=self.inspection_id).findings


def judged(window: Window) -> Judged:
    return Judged(window.rule, window.at, window.root, window.day is None)


def narrow(found: pd.DataFrame, platform: int, level: str) -> pd.DataFrame:
    if platform:
        found = found[found["platform"] == platform]
    return found[found["level"] == level] if level else found


def findings_of(source: Source, platform: int, level: str) -> Findings:
    found = narrow(source.read(), platform, level)
    levels = [*LEVELS, *sorted(set(found["level"]) - set(LEVELS))]
    groups = {
        "平台": frames.by_group(found, "平台", "platform", [(int(key), name) for key, name in PLATFORM_NAMES.items()]),
        "层级": frames.by_group(found, "层级", "level", [(level, level) for level in levels]),
    }
    soon = int((found["verdict"] == Verdict.SOON).sum())
    return Findings(found, tally(values(found["verdict"])), soon, twins_of(found), groups)


def listed_of(source: Source, platform: int, level: str, verdict: str) -> Listed:
    found = narrow(source.read(), platform, level)
    chosen = found[found["verdict"] == verdict] if verdict else found
    order = {verdict.value: place for place, verdict in enumerate(VERDICT_ORDER)}
    chosen = chosen.sort_values("verdict", key=lambda column: column.map(order), kind="stable").reset_index(drop=True)
    return Listed(chosen, tables.sheet(frames.shown(chosen)))


def twins_of(found: pd.DataFrame) -> list[str]:
    """Units with more than one account on a platform, each with its accounts in words."""
    active = found[found["verdict"] != Verdict.EXEMPT]
    held: dict[tuple[int, int], list[tuple[str, str]]] = {}
    names = ("organization_id", "platform", "organization", "account")
    for unit, platform, organization, account in zip(*(values(active[name]) for name in names), strict=True):
        held.setdefault((unit, platform), []).append((organization, account))
    return [
        f"{rows[0][0]}({platform_name(platform)}：{'、'.join(account for _, account in rows)})"
        for (_, platform), rows in sorted(held.items())
        if len(rows) > 1
    ]
