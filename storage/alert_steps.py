"""What people do about an alert: each act a row with who, when and why; whoever acts on what has moved is told by whom."""

import sqlite3

from matrix.alert_step import AlertAct, AlertRefusedError, AlertStanding, check
from storage import campaigns
from storage.alert_rows import standing_of, visible
from storage.batches import bump_version
from storage.moments import BEIJING, from_seconds
from storage.rules import require_organization
from storage.scope import Scope, organizations_in

LONGEST_NOTE = 500
NEEDS_NOTE = {AlertAct.DISMISS: "请填写排除的原因。", AlertAct.NOTE: "请填写备注的内容。"}
OUTSIDE = "这条预警不在您的权限范围内。"


class AlertMovedError(AlertRefusedError):
    """Somebody else has acted since the person looked."""


def act(
    db: sqlite3.Connection,
    scope: Scope,
    alert_id: int,
    act: AlertAct,
    login: str,
    name: str,
    now: int,
    expected_step: int | None,
    note: str = "",
    unit_id: int | None = None,
    incident_id: int | None = None,
) -> int:
    """Do one act to an alert inside `writing()`; gives the id of the step.

    `expected_step` is the newest step that the person saw (0: none); None lets what cannot conflict pass. `now` is Unix
    seconds. Raises PermissionError outside the scope, AlertMovedError when somebody was faster, AlertRefusedError when the act
    is not possible or lacks its words: Chinese sentences.
    """
    if act is AlertAct.CAMPAIGN:
        raise AlertRefusedError("请填写活动的名称和时间。")
    held = look(db, scope, alert_id, expected_step, login)
    check(held, act, login)
    if act in NEEDS_NOTE and not note.strip():
        raise AlertRefusedError(NEEDS_NOTE[act])
    if act is AlertAct.ASSIGN:
        if unit_id is None:
            raise AlertRefusedError("请选择承办单位。")
        require_organization(db, scope, unit_id)
        if held.unit_id == unit_id:
            raise AlertRefusedError("这条预警已经指派给该单位，无需再指派；需要提醒请用“备注”。")
    unit = unit_id if act is AlertAct.ASSIGN else None
    if act is AlertAct.UNDO and held.top is not None and held.top.campaign_id is not None:
        take_campaign_back(db, held.top.campaign_id, login, now)
    return write(db, alert_id, act, login, name, now, note, unit, None, incident_id)


def mark_campaign(
    db: sqlite3.Connection,
    scope: Scope,
    alert_id: int,
    login: str,
    name: str,
    now: int,
    expected_step: int | None,
    activity: str,
    until: int,
    note: str = "",
    unit_id: int | None = None,
) -> int:
    """The alert is an activity that was known to come: it is reported for a unit (else for the alert's own) from when the alert
    was raised to `until`, and the alert is judged so. Inside `writing()`; raises as `act` and `campaigns.report` do."""
    held = look(db, scope, alert_id, expected_step, login)
    check(held, AlertAct.CAMPAIGN, login)
    row = db.execute("SELECT a.organization_id, a.raised_at FROM alerts a WHERE a.id = :id", {"id": alert_id}).fetchone()
    unit = unit_id or int(row[0])
    made = campaigns.report(db, scope, unit, activity, int(row[1]), until, note, login, now, alert_id)
    return write(db, alert_id, AlertAct.CAMPAIGN, login, name, now, activity, None, made, None)


def look(db: sqlite3.Connection, scope: Scope, alert_id: int, expected_step: int | None, login: str) -> AlertStanding:
    """Where the alert stands; raises when it is out of sight or has moved since the person looked."""
    mine, values = visible(scope)
    if db.execute(f"SELECT 1 FROM alerts a WHERE a.id = :id AND {mine}", values | {"id": alert_id}).fetchone() is None:
        raise PermissionError(OUTSIDE)
    held = standing_of(db, alert_id)
    if expected_step is not None and expected_step != held.last_id:
        raise AlertMovedError(moved_words(db, alert_id, login))
    return held


def moved_words(db: sqlite3.Connection, alert_id: int, login: str) -> str:
    """Who did what when, as a sentence."""
    row = db.execute(
        "SELECT t.act, t.by_login, t.by_name, t.at FROM alert_steps t WHERE t.alert_id = :id ORDER BY t.id DESC LIMIT 1",
        {"id": alert_id},
    ).fetchone()
    if row is None:
        return "这条预警的办理情况已有变化，您的操作没有执行，请看清后再办。"
    who = "您" if row[1] == login else row[2]
    at = from_seconds(row[3]).astimezone(BEIJING)
    return f"{who}已于{at:%H:%M}对这条预警办理“{row[0]}”，您的操作没有执行，请看清后再办。"


def take_campaign_back(db: sqlite3.Connection, campaign_id: int, login: str, now: int) -> None:
    """The activity that a judgement made goes with it."""
    db.execute(
        "UPDATE campaigns SET cancelled_by = :login, cancelled_at = :now WHERE id = :id AND cancelled_at IS NULL",
        {"login": login, "now": now, "id": campaign_id},
    )


def write(
    db: sqlite3.Connection,
    alert_id: int,
    act: AlertAct,
    login: str,
    name: str,
    now: int,
    note: str,
    unit_id: int | None,
    campaign_id: int | None,
    incident_id: int | None,
) -> int:
    """Write one step; gives its id. Inside `writing()`."""
    row = db.execute(
        "INSERT INTO alert_steps(alert_id, act, note, unit_id, campaign_id, incident_id, by_login, by_name, at) "
        "VALUES(:alert, :act, :note, :unit, :campaign, :incident, :login, :name, :now) RETURNING id",
        {
            "alert": alert_id,
            "act": str(act),
            "note": note.strip()[:LONGEST_NOTE],
            "unit": unit_id,
            "campaign": campaign_id,
            "incident": incident_id,
            "login": login,
            "name": name,
            "now": now,
        },
    ).fetchone()
    bump_version(db)
    return int(row[0])


def units_concerned(db: sqlite3.Connection, scope: Scope, *, alert_id: int) -> list[int]:
    """The units of the scope whose series belong to the alert, the loudest first: whom one will most likely assign it to."""
    mine, values = organizations_in(scope, "s.organization_id")
    rows = db.execute(
        "SELECT s.organization_id, max(m.most_excess) FROM alert_members m JOIN series s ON s.id = m.series_id "
        f"WHERE m.alert_id = :alert AND {mine} GROUP BY s.organization_id ORDER BY 2 DESC, 1",
        values | {"alert": alert_id},
    ).fetchall()
    return [int(row[0]) for row in rows]
