"""The words and signs for incidents: levels, clocks, moments that are typed; and the address under which one is opened."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from matrix.incident import IncidentKind, Matter, WarningLevel
from matrix.incident_clock import Clock, ClockState, start_words
from storage.incident_flashes import lasting
from ui.clock import BEIJING, beijing, clock, due
from ui.drill import whole
from ui.menu import ROOT

PAGE, EVENT, VIEW, PART = "pages/duty/incidents.py", "event", "incidents_view", "incident_part"
VIEWS = ("处置中", "已办结", "线索")
PARTS = ("转载和发声", "声量和评论", "时间线", "登记")
COLOURS = {WarningLevel.RED: "red", WarningLevel.ORANGE: "orange", WarningLevel.YELLOW: "yellow", WarningLevel.BLUE: "blue"}
SIGNS = {
    ClockState.PENDING: "○",
    ClockState.RUNNING: "◔",
    ClockState.SOON: "◕",
    ClockState.MET: "✓",
    ClockState.LATE: "■",
    ClockState.LEFT: "✕",
}
"""Signs of how a clock stands; colours belong to the levels of warnings alone."""
TYPED = re.compile(r"(?:(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?\s*)?(\d{1,2})[:时](\d{1,2})(?::\d{1,2})?分?")


def badges(matter: Matter, *, is_drill: bool = False) -> str:
    """Kind and the three levels, each with its word; only a warning level has a colour."""
    parts = [f":violet-badge[{'演练'}]"] if is_drill else []
    parts.append(f":gray-badge[{matter.kind or '性质未定'}]")
    if matter.event_level or matter.kind != IncidentKind.OTHER:
        parts.append(f":gray-badge[事件等级：{matter.event_level or '待定级'}]")
    if matter.warning_level:
        parts.append(f":{COLOURS[WarningLevel(matter.warning_level)]}-badge[{matter.warning_level}色预警]")
    if matter.response_level:
        parts.append(f":gray-badge[{matter.response_level}响应]")
    return " ".join(parts)


def name_of(one: Clock) -> str:
    return f"{one.rule.hours}小时 {one.rule.name}"


def clock_words(one: Clock, now: datetime) -> str:
    """How a clock stands in one sentence: what is left or by how much it was missed, and until when."""
    if one.state is ClockState.PENDING:
        return f"定级后如适用，应在{due(one.due_at, now)}"
    if one.stopped_at is not None:
        done = f"{clock(one.stopped_at, now)}发布，用时{lasting(one.used)}"
        return f"{done}，超时{lasting(-one.left)}" if one.is_late else done
    if one.state is ClockState.LEFT:
        return f"办结时尚未发布，还剩{lasting(one.left)}"
    if one.is_late:
        return f"已超时{lasting(-one.left)}，应在{due(one.due_at, now)}"
    return f"还剩{lasting(one.left)}，应在{due(one.due_at, now)}"


def basis_words(matter: Matter, now: datetime) -> str:
    """起算依据 with both times."""
    known = clock(matter.occurred_at, now) if matter.occurred_at is not None else "未知"
    times = f"事件发生 {known}，系统发现 {clock(matter.detected_at, now)}"
    return f"起算依据：{start_words(matter)}。{times}。小时连续计算，不扣除夜间和节假日。"


def typed(moment: datetime | float | None) -> str:
    """2026-03-05 10:20, as it may be typed."""
    return "" if moment is None or moment != moment else f"{beijing(moment):%Y-%m-%d %H:%M}"


def read_moment(text: str, now: datetime, what: str) -> int | None:
    """Unix seconds of 2026-03-05 10:20, 3月5日10:20 or 10:20 (today), Beijing time; None for nothing. Raises ValueError."""
    words = (text or "").strip().replace("：", ":")
    if not words:
        return None
    match, today = TYPED.fullmatch(words), beijing(now)
    try:
        if match is None:
            raise ValueError
        year, month, day, hour, minute = (int(part) if part else None for part in match.groups())
        moment = datetime(year or today.year, month or today.month, day or today.day, hour or 0, minute or 0, tzinfo=BEIJING)
    except ValueError:
        raise ValueError(f"{what}“{words[:30]}”不是时间，请写成 2026-03-05 10:20 或 10:20。") from None
    return int(moment.timestamp())


def needed(moment: int | None, what: str) -> int:
    """The moment, or the sentence that it is missing."""
    if moment is None:
        raise ValueError(f"请填写{what}。")
    return moment


def opened() -> int:
    """The incident that the address asks for; 0 for none."""
    return whole(st.query_params.get(EVENT, ""))


def enter(incident_id: int) -> None:
    """Show one incident; runs before the page is drawn anew."""
    st.query_params.pop(PART, None)
    st.query_params[EVENT] = str(incident_id)


def leave() -> None:
    for name in (EVENT, PART):
        st.query_params.pop(name, None)


def link(words: str, incident_id: int, width: Any = "content") -> None:
    """A way to one incident from any other page."""
    query: Mapping[str, str] = {EVENT: str(incident_id)}
    st.page_link(ROOT / PAGE, label=words, icon=":material/arrow_forward:", query_params=dict(query), width=width)
