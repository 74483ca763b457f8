"""Thresholds of alerts: the newest row or the defaults, each change a row with a reason, and what the past says of a new one."""

import sqlite3
from dataclasses import astuple, dataclass, field, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matrix.alert import Thresholds, openings
from storage.batches import bump_version
from storage.columns import integers
from storage.scope import Scope, organizations_in

NAMES = tuple(one.name for one in fields(Thresholds))
HISTORY = ["set_at", "set_by", "reason", "per_day", *NAMES]
PAST_DAYS = 14
LEAST_SCORE = 1
"""Below this no threshold may lie, so that lower scores of the past need not be read."""
FINE = 1000
"""Scores of the past are read as whole thousandths."""
BUCKET, BUCKET_MINUTES = 300, 5


@dataclass(frozen=True, slots=True)
class Past:
    """What the detector said in the last days: `buckets`, `series` and `scores` of every score from LEAST_SCORE on."""

    days: float = 0.0
    """How long the detector has been running within the last PAST_DAYS days; the past is no longer than that."""
    buckets: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    series: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    scores: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    def would_open(self, thresholds: Thresholds) -> int:
        """How many alerts single series would have opened under these thresholds; those that join each other count each."""
        quiet = thresholds.closed_after // BUCKET_MINUTES
        return openings(self.buckets, self.series, self.scores, thresholds.raised, quiet)


def newest(db: sqlite3.Connection) -> Thresholds:
    """What holds now; the defaults while nobody has set anything."""
    row = db.execute(f"SELECT {', '.join(NAMES)} FROM alert_thresholds ORDER BY set_at DESC, id DESC LIMIT 1").fetchone()
    return Thresholds(*row) if row else Thresholds()


def history(db: sqlite3.Connection, scope: Scope) -> pd.DataFrame:
    """Every setting, newest first; they hold for the installation, so everybody who sees a unit sees them."""
    if not scope:
        return pd.DataFrame(columns=HISTORY)
    names = ", ".join(f"t.{name}" for name in NAMES)
    rows = db.execute(
        f"SELECT t.set_at, coalesce(p.name, t.set_by), t.reason, t.per_day, {names} FROM alert_thresholds t "
        "LEFT JOIN people p ON p.login = t.set_by ORDER BY t.set_at DESC, t.id DESC"
    ).fetchall()
    return pd.DataFrame(rows, columns=HISTORY)


def sees_all(db: sqlite3.Connection, scope: Scope) -> bool:
    """Whether the whole tree lies in the scope: thresholds hold for all units and only such a person may set them."""
    mine, values = organizations_in(scope, "o.id")
    row = db.execute(f"SELECT count(*) FROM organizations o WHERE o.parent_id IS NULL AND NOT ({mine})", values).fetchone()
    return bool(scope) and row[0] == 0


def past(db: sqlite3.Connection, scope: Scope, *, now: int) -> Past:
    """The scores of the scope's series in the PAST_DAYS days before `now` (Unix seconds)."""
    mine, values = organizations_in(scope, "s.organization_id")
    if not values:
        return Past()
    since = now - PAST_DAYS * 86400
    # Old steps may have been cleared away: what was scored was watched as well.
    firsts = db.execute("SELECT min(t.b5), (SELECT min(c.b5) FROM surge_scores c) FROM surge_steps t").fetchone()
    first = min((one for one in firsts if one is not None), default=None)
    if first is None:
        return Past()
    buckets, series, scores = integers(
        db,
        ("c.b5", "c.series_id", f"CAST(c.score * {FINE} AS INTEGER)"),
        f"FROM surge_scores c JOIN series s ON s.id = c.series_id WHERE c.b5 >= :since AND c.score >= {LEAST_SCORE} AND {mine}",
        values | {"since": since // BUCKET},
    )
    return Past(min(PAST_DAYS, max(0.0, (now - first * BUCKET) / 86400)), buckets, series, scores / FINE)


def check(wanted: Thresholds) -> None:
    """Raise ValueError, a Chinese sentence, for thresholds that contradict themselves or let everything or nothing pass."""
    if not 1 <= wanted.raised <= 1000:
        raise ValueError("发生阈值应在1到1000之间。")
    if not 0 < wanted.held <= wanted.raised:
        raise ValueError("维持阈值应大于0，且不高于发生阈值。")
    if not 5 <= wanted.falling_after < wanted.closed_after <= 10080:
        raise ValueError("转为回落的时间应不少于5分钟，且短于转为结束的时间；结束的时间最长7天。")
    if not wanted.raised <= wanted.orange_score <= wanted.red_score:
        raise ValueError("级别的得分应依次升高：发生、橙色、红色。")
    if not 0 <= wanted.orange_excess <= wanted.red_excess:
        raise ValueError("红色的超出条数不应少于橙色。")
    if not 0 < wanted.negative_share <= 1 or wanted.negative_least < 1:
        raise ValueError("负面占比应在0%到100%之间，至少已读1条。")
    if wanted.heavy <= 1:
        raise ValueError("重点账号的权重应大于1：1是普通账号，取1会使所有预警升一级。")


def set_thresholds(
    db: sqlite3.Connection, scope: Scope, wanted: Thresholds, reason: str, author: str, now: int, per_day: float | None = None
) -> int:
    """Let these hold from now on, inside `writing()`; gives the row's id. `per_day` is what the slider stood at.

    Raises PermissionError for whoever does not see the whole tree, ValueError without a reason or for thresholds that cannot be
    meant: Chinese sentences.
    """
    if not sees_all(db, scope):
        raise PermissionError("阈值对全部单位生效，只有权限范围包含全部单位的人可以调整。")
    if not reason.strip():
        raise ValueError("请填写调整的原因。")
    check(wanted)
    if wanted == newest(db):
        raise ValueError("与现行阈值相同，没有改动。")
    marks = ", ".join(f":{name}" for name in NAMES)
    row = db.execute(
        f"INSERT INTO alert_thresholds(set_at, set_by, reason, per_day, {', '.join(NAMES)}) "
        f"VALUES(:set_at, :set_by, :reason, :per_day, {marks}) RETURNING id",
        {"set_at": now, "set_by": author, "reason": reason.strip(), "per_day": per_day}
        | dict(zip(NAMES, astuple(wanted), strict=True)),
    ).fetchone()
    bump_version(db)
    return int(row[0])
