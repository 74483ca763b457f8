"""What the watch tells people: an alert that was raised or has risen, and a busy account that fell silent."""

import sqlite3
from datetime import datetime

from matrix.alert import Alert, AlertLevel, Event, Move
from matrix.alert_words import notice_body
from matrix.masking import mask_text
from matrix.notice import UNGRADED, Notice
from storage import drills
from storage.moments import BEIJING, to_seconds
from storage.outbox import put
from storage.series import ACCOUNT
from storage.surge_facts import BUCKET
from storage.surge_kept import State

GRADES = {AlertLevel.YELLOW: "黄", AlertLevel.ORANGE: "橙", AlertLevel.RED: "红"}
NOTICE, FALLEN = "舆情预警", "采集提示"


def key_of(alert: Alert) -> str:
    """Names an alert for good: its first series and the bucket in which it was raised."""
    return f"{alert.first.series}:{alert.raised_at // BUCKET - 1}"


def tell(db: sqlite3.Connection, alert_id: int, event: Event, sentence: str, now: datetime) -> bool:
    """Leave a notice of an alert that was raised or has risen, inside `writing()`; whether it is new.

    It holds counts and titles of official posts, masked, no citizen's words, and names nothing outside the alert's unit, as
    whoever reads the unit's channels may see no more.
    """
    alert = event.alert
    title, unit, first = db.execute(
        "SELECT title, organization_id, sentence FROM alerts WHERE id = :id", {"id": alert_id}
    ).fetchone()
    rows = db.execute(
        "SELECT s.id, s.name FROM alert_members m JOIN series s ON s.id = m.series_id "
        "JOIN organization_up u ON u.organization_id = s.organization_id AND u.ancestor_id = :unit WHERE m.alert_id = :id "
        "ORDER BY m.most_excess DESC, m.series_id",
        {"id": alert_id, "unit": unit},
    ).fetchall()
    is_inside = event.signal is None or event.signal.series in {row[0] for row in rows}
    rise = "" if event.move is Move.RAISED else "，升级"
    told = Notice(
        key=f"alert:{key_of(alert)}:{int(alert.level)}",
        level=GRADES[alert.level],
        kind=NOTICE,
        title=f"{drills.prefix(db)}{mask_text(title)}（{alert.level.label}预警{rise}）",
        body=mask_text(notice_body(sentence if is_inside else first, [row[1] for row in rows], alert.level.label)),
        organization_id=unit,
        created_at=to_seconds(now),
        link=f"/alerts?alert={alert_id}",
    )
    return put(db, told, now).is_new


def tell_joined(db: sqlite3.Connection, alert_id: int, event: Event, title: str, sentence: str, now: datetime) -> bool:
    """Leave a notice for the unit of a series that joined the alert of another unit, inside `writing()`; whether it is new.

    By itself the series would have been told. Once for each unit, and not to channels that have heard of the alert.
    """
    alert, signal = event.alert, event.signal
    if signal is None:
        return False
    row = db.execute(
        "SELECT s.organization_id, a.organization_id, EXISTS (SELECT 1 FROM organization_up u WHERE "
        "u.organization_id = a.organization_id AND u.ancestor_id = s.organization_id) FROM alerts a "
        "JOIN series s ON s.id = :series WHERE a.id = :id",
        {"id": alert_id, "series": signal.series},
    ).fetchone()
    unit, told_unit, is_told = row
    if is_told:
        return False
    joined = Notice(
        key=f"alert:{key_of(alert)}:unit{unit}",
        level=GRADES[alert.level],
        kind=NOTICE,
        title=f"{drills.prefix(db)}{mask_text(title)}（{alert.level.label}预警，并入）",
        body=mask_text(f"{alert.level.label}预警：{sentence}。已并入一条正在进行的预警。"),
        organization_id=unit,
        created_at=to_seconds(now),
        link=f"/alerts?alert={alert_id}",
    )
    return put(db, joined, now, told_unit).is_new


def tell_fallen(db: sqlite3.Connection, state: State, fallen: set[int], now: datetime) -> None:
    """A busy account without a comment: a matter of collection, told once a day, never an alert. Inside `writing()`."""
    for spec, key in zip(state.plan.specs, state.plan.keys.tolist(), strict=True):
        if key in fallen and spec.kind == ACCOUNT:
            day = now.astimezone(BEIJING)
            notice = Notice(
                key=f"fallen:{key}:{day:%Y%m%d}",
                level=UNGRADED,
                kind=FALLEN,
                title=f"{drills.prefix(db)}{spec.name}的评论突然归零",
                body="采集一直正常，但平时评论较多的这个账号已连续半小时以上没有任何评论。请检查平台接口、评论设置是否有变化。",
                organization_id=spec.organization_id,
                created_at=to_seconds(now),
                link="/collection",
            )
            put(db, notice, now)
