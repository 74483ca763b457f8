"""What people do about an alert, and what it counts as after that: acts follow each other, and one may take back one's last."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class AlertAct(StrEnum):
    """One act of a person; each is a row that is never changed."""

    CONFIRM = "确认"
    ASSIGN = "指派"
    CAMPAIGN = "已报备活动"
    DISMISS = "排除"
    NOTE = "备注"
    OPEN_INCIDENT = "转为事件"
    JOIN_INCIDENT = "并入事件"
    UNDO = "撤销"


class Judgement(StrEnum):
    """What people hold of an alert, beside what the system says of it (发生, 回落, 结束)."""

    OPEN = "待确认"
    CONFIRMED = "已确认"
    ASSIGNED = "已指派"
    CAMPAIGN = "已报备活动"
    DISMISSED = "已排除"
    INCIDENT = "已转事件"


REAL = frozenset({Judgement.CONFIRMED, Judgement.ASSIGNED, Judgement.INCIDENT})
"""Judgements by which an alert was worth it."""

LEADS_TO = {
    AlertAct.CONFIRM: Judgement.CONFIRMED,
    AlertAct.ASSIGN: Judgement.ASSIGNED,
    AlertAct.CAMPAIGN: Judgement.CAMPAIGN,
    AlertAct.DISMISS: Judgement.DISMISSED,
    AlertAct.OPEN_INCIDENT: Judgement.INCIDENT,
    AlertAct.JOIN_INCIDENT: Judgement.INCIDENT,
}
POSSIBLE = {
    Judgement.OPEN: frozenset(LEADS_TO),
    Judgement.CONFIRMED: frozenset(LEADS_TO) - {AlertAct.CONFIRM},
    Judgement.ASSIGNED: frozenset(LEADS_TO) - {AlertAct.CONFIRM},
    Judgement.CAMPAIGN: frozenset({AlertAct.CONFIRM, AlertAct.DISMISS}),
    Judgement.DISMISSED: frozenset({AlertAct.CONFIRM, AlertAct.CAMPAIGN}),
    Judgement.INCIDENT: frozenset(),
}
"""Acts that an alert of this judgement takes; notes and taking back are always possible."""


class AlertRefusedError(ValueError):
    """An act that is not possible; the text is a sentence for the person."""


@dataclass(frozen=True, slots=True)
class AlertStep:
    """One row of `alert_steps`; `at` is Unix seconds."""

    id: int
    act: AlertAct
    by_login: str
    by_name: str
    at: int
    unit_id: int | None = None
    campaign_id: int | None = None
    incident_id: int | None = None


@dataclass(frozen=True, slots=True)
class AlertStanding:
    """Where an alert stands with people. `last_id` is the newest row (0: none), whatever it was; `top` what can be taken back."""

    judgement: Judgement = Judgement.OPEN
    last_id: int = 0
    unit_id: int | None = None
    by_name: str = ""
    at: int | None = None
    incident_id: int | None = None
    top: AlertStep | None = None
    undone: frozenset[int] = frozenset()


def standing(steps: Sequence[AlertStep]) -> AlertStanding:
    """Replay the steps in their order: a 撤销 takes away the newest act that still counts."""
    held: list[AlertStep] = []
    undone: list[int] = []
    for step in steps:
        if step.act is AlertAct.UNDO:
            undone += [held.pop().id] if held else []
        else:
            held.append(step)
    found = AlertStanding(last_id=steps[-1].id if steps else 0, top=held[-1] if held else None, undone=frozenset(undone))
    judging = [step for step in held if step.act in LEADS_TO]
    if not judging:
        return found
    last = judging[-1]
    assigned = last if last.act is AlertAct.ASSIGN else None
    return AlertStanding(
        LEADS_TO[last.act],
        found.last_id,
        assigned.unit_id if assigned else None,
        last.by_name,
        last.at,
        last.incident_id,
        found.top,
        found.undone,
    )


def check(now: AlertStanding, act: AlertAct, login: str) -> None:
    """Raise AlertRefusedError with a Chinese sentence where this person cannot do this act now."""
    if act is AlertAct.NOTE:
        return
    if act is AlertAct.UNDO:
        check_undo(now, login)
        return
    if act not in POSSIBLE[now.judgement]:
        if now.judgement is Judgement.INCIDENT:
            raise AlertRefusedError("这条预警已转入事件，请在“舆情事件”中继续办理。")
        if LEADS_TO[act] is now.judgement or act is AlertAct.CONFIRM:
            raise AlertRefusedError(f"这条预警{now.judgement}，无需重复办理。")
        raise AlertRefusedError(f"这条预警{now.judgement}，请先“确认”，再办理“{act}”。")


def check_undo(now: AlertStanding, login: str) -> None:
    if now.top is None:
        raise AlertRefusedError("没有可以撤销的办理。")
    if now.top.by_login != login:
        raise AlertRefusedError(f"最近一步“{now.top.act}”由{now.top.by_name}办理，只能由本人撤销。")
    if now.top.act in (AlertAct.OPEN_INCIDENT, AlertAct.JOIN_INCIDENT):
        raise AlertRefusedError("已转入事件的预警不能在这里撤销，请在“舆情事件”中办理。")
