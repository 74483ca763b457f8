"""Questions of a report about alerts and incidents: what was raised, what became of it, and whether the clocks were kept."""

from typing import Any

import pandas as pd

from matrix.alert import AlertLevel
from matrix.incident import IncidentState
from matrix.incident_clock import ClockState
from matrix.report_words import cells_of, count_words, short_moment
from reports.report_facts_publishing import is_compared, span, title
from reports.report_question import Answer, Desk, Params, Question, records, table_answer
from storage import report_alerts
from storage.incident_rows import Standing, standings
from storage.organizations import tree

LEVELS = {str(int(level)): level for level in AlertLevel}
TITLE = 26


def raised(desk: Desk, params: Params, which: str = "") -> pd.DataFrame:
    return desk.once("alerts", report_alerts.raised, cut=desk.cutoff, **span(params, which))


def alert_count(desk: Desk, params: Params) -> Answer:
    """Alerts of the period, or with `level` those whose gravest level was that one."""
    frame = raised(desk, params)
    if params.get("level"):
        mine = frame[frame["highest"] == int(LEVELS[str(params["level"])])]
        return Answer(f"{len(mine)}起", len(mine), len(mine), mine)
    earlier = len(raised(desk, params, "before_")) if is_compared(desk, params) else None
    return Answer(count_words(len(frame), "起", earlier), [len(frame), earlier], len(frame), frame)


def alert_open(desk: Desk, params: Params) -> Answer:
    frame = raised(desk, params)
    mine = frame[frame["judgement"] == "待确认"]
    return Answer(f"{len(mine)}起", len(mine), len(mine), mine)


def alert_list(desk: Desk, params: Params) -> Answer:
    frame = raised(desk, params)
    rows = [
        [
            place,
            short_moment(int(one.raised_at)),
            one.organization,
            title(one.title, TITLE),
            AlertLevel(one.highest).label,
            one.state,
            one.judgement,
        ]
        for place, one in enumerate(records(frame), 1)
    ]
    return table_answer(["序号", "时间", "单位", "预警", "最高级别", "状态", "处置"], cells_of(rows), frame)


def incidents(desk: Desk, params: Params) -> list[Standing]:
    """Those that were opened or closed in the period or still ran at the cut-off; drills are not."""
    found: list[Standing] = desk.once("standings", _standings, cut=desk.cutoff, root=int(params["organization_id"]))
    return [
        one
        for one in found
        if one.opened_at < params["until"]
        and (
            one.opened_at >= params["since"]
            or one.matter.state == IncidentState.OPEN
            or (one.matter.closed_at or 0) >= params["since"]
        )
    ]


def _standings(db: Any, scope: Any, *, cut: int, root: int) -> list[Standing]:
    below = set(tree(db, (root,))["id"]) if root else None
    found = standings(db, scope, cut)
    return [one for one in found if not one.is_drill and (below is None or one.organization_id in below)]


def incident_count(desk: Desk, params: Params) -> Answer:
    """All of them, those opened in the period, closed or still open at the cut-off, or of which a clock was missed."""
    measure, found = params["measure"], incidents(desk, params)
    chosen = {
        "all": found,
        "opened": [one for one in found if one.opened_at >= params["since"]],
        "closed": [one for one in found if one.matter.state == IncidentState.CLOSED],
        "open": [one for one in found if one.matter.state == IncidentState.OPEN],
        "late": [one for one in found if any(clock.is_late for clock in one.clocks)],
    }[measure]
    return Answer(f"{len(chosen)}起", len(chosen), len(chosen), frame_of(chosen))


def incident_list(desk: Desk, params: Params) -> Answer:
    found = incidents(desk, params)
    rows = [
        [
            place,
            short_moment(one.matter.starts_at),
            one.organization,
            title(one.matter.title, TITLE),
            one.matter.event_level or "未定",
            one.matter.state,
            clock_words(one),
        ]
        for place, one in enumerate(found, 1)
    ]
    heads = ["序号", "起始", "单位", "事件", "事件等级", "状态", "时限"]
    return table_answer(heads, cells_of(rows), frame_of(found))


def clock_words(one: Standing) -> str:
    """How each clock stands: 48小时回应 已按时."""
    certain = [clock for clock in one.clocks if clock.state is not ClockState.PENDING]
    return "；".join(f"{clock.rule.hours}小时{clock.rule.name} {clock.state}" for clock in certain) or "待定级"


def frame_of(found: list[Standing]) -> pd.DataFrame:
    rows = [[one.id, one.matter.title, one.organization, one.matter.state, one.opened_at] for one in found]
    return pd.DataFrame(rows, columns=["incident_id", "title", "organization", "state", "opened_at"])


QUESTIONS = {
    "alert.count": Question("预警起数", alert_count),
    "alert.open": Question("尚待确认的预警", alert_open),
    "alert.list": Question("预警清单", alert_list),
    "incident.count": Question("舆情事件起数", incident_count),
    "incident.list": Question("舆情事件清单", incident_list),
}
