"""Whether anything watches at all, and how often alerts were worth it: what stands beside the list of alerts."""

import sqlite3
from dataclasses import dataclass

import pandas as pd

from matrix.alert_step import REAL, Judgement
from matrix.surge_rules import Parameters
from matrix.waiting import FLOOR, wilson
from storage.alert_rows import CLOSED, history
from storage.scope import Scope, organizations_in

PRECISION = ["kind", "closed", "judged", "real", "dismissed", "campaign", "share", "low", "high"]
ALL = "合计"
BLIND_SECONDS = 900
"""After so long without a step of the detector nothing is known about surges, and the page must say so."""


@dataclass(frozen=True, slots=True)
class Watched:
    """When the detector last ran (None: never), how many series of the scope it watches and how many are still learning."""

    at: int | None = None
    series: int = 0
    learning: int = 0

    def is_blind(self, now: int) -> bool:
        return self.at is None or now - self.at > BLIND_SECONDS


def watched(db: sqlite3.Connection, scope: Scope, *, now: int) -> Watched:
    """How the watch stands at a moment (Unix seconds); an empty scope is told nothing."""
    mine, values = organizations_in(scope, "s.organization_id")
    if not values:
        return Watched()
    young = now - round(Parameters().ready_hours * 3600)
    row = db.execute(
        "SELECT count(*), coalesce(sum(CASE WHEN s.born_at > :young THEN 1 ELSE 0 END), 0) FROM series s "
        f"WHERE s.is_on = 1 AND {mine}",
        values | {"young": young},
    ).fetchone()
    last = db.execute("SELECT t.at FROM surge_steps t ORDER BY t.id DESC LIMIT 1").fetchone()
    return Watched(last[0] if last else None, int(row[0]), int(row[1]))


def precision(db: sqlite3.Connection, scope: Scope, *, since: int, until: int) -> pd.DataFrame:
    """Of the alerts that have ended and that people judged, how many were worth it, by the kind of what was watched.

    `share` with its 95 % interval (Wilson) is empty below FLOOR judged alerts. The last row is all of them; drills count nowhere.
    """
    found = history(db, scope, since=since, until=until)
    found = found[(found["state"] == CLOSED) & (found["is_drill"] == 0)]
    if found.empty:
        return pd.DataFrame(columns=PRECISION)
    parts = [(str(kind), part) for kind, part in found.groupby("kind", sort=True)]
    rows = [_row(kind, part) for kind, part in (*parts, (ALL, found))]
    return pd.DataFrame(rows, columns=PRECISION)


def _row(kind: str, part: pd.DataFrame) -> tuple[object, ...]:
    real = int(part["judgement"].isin([str(one) for one in REAL]).sum())
    dismissed = int((part["judgement"] == Judgement.DISMISSED).sum())
    campaign = int((part["judgement"] == Judgement.CAMPAIGN).sum())
    judged = real + dismissed + campaign
    numbers = (kind, len(part), judged, real, dismissed, campaign)
    if judged < FLOOR:
        return (*numbers, None, None, None)
    share, low, high = wilson([real], [judged])
    return (*numbers, float(share[0]), float(low[0]), float(high[0]))
