"""The words and signs for alerts: level, state, who has it, how old; and the addresses under which alerts are opened."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from matrix.alert import AlertLevel
from matrix.alert_step import Judgement
from ui.clock import ago, clock
from ui.drill import OPEN, whole
from ui.menu import ROOT
from ui.words import plain

PAGE, ALERT, OF, WORD = "pages/duty/alerts.py", "alert", "of", "word"
COLOURS = {AlertLevel.RED: "red", AlertLevel.ORANGE: "orange", AlertLevel.YELLOW: "yellow"}
SIGNS = {AlertLevel.RED: "▲▲▲", AlertLevel.ORANGE: "▲▲", AlertLevel.YELLOW: "▲"}
JUDGED = {
    Judgement.OPEN: "○",
    Judgement.CONFIRMED: "✓",
    Judgement.ASSIGNED: "→",
    Judgement.CAMPAIGN: "◎",
    Judgement.DISMISSED: "✕",
    Judgement.INCIDENT: "◆",
}
"""Signs of what people hold of an alert; colours belong to the levels alone."""
DRILL = "演练"


def level_badge(level: int) -> str:
    """红色预警 as a badge in its colour; the word and the number of signs say the same without it."""
    one = AlertLevel(int(level))
    return f":{COLOURS[one]}-badge[{SIGNS[one]} {one.label}预警]"


def level_name(level: int) -> str:
    return f"{SIGNS[AlertLevel(int(level))]} {AlertLevel(int(level)).label}"


def badges(row: Mapping[str, Any]) -> str:
    """Level, state and judgement of an alert in one line."""
    judged = str(row["judgement"])
    who = f"{judged}：{row['unit']}" if row["unit"] else judged
    drill = f" :violet-badge[{DRILL}]" if row["is_drill"] else ""
    return f"{level_badge(row['level'])} :gray-badge[{row['state']}] :gray-badge[{JUDGED[Judgement(judged)]} {plain(who)}]{drill}"


def age_words(row: Mapping[str, Any], now: datetime) -> str:
    """今日10:12发生，已25分钟; an ended one says how long it lasted."""
    begun = f"{clock(row['raised_at'], now)}发生"
    ended = row["closed_at"]
    if ended is None or ended != ended:
        return f"{begun}，已{ago(row['raised_at'], now)}"
    return f"{begun}，{clock(ended, now)}结束"


def desk_words(row: Mapping[str, Any], now: datetime) -> str:
    """Who has it, since when."""
    if not row["by_name"]:
        return "尚无人确认"
    at = clock(float(row["judged_at"]), now)
    unit = f"给{row['unit']}" if row["unit"] else ""
    return f"{row['by_name']}{at}{str(row['judgement']).removeprefix('已')}{unit}"


def member_words(row: Mapping[str, Any]) -> str:
    """3个对象; those outside the viewer's scope are counted, not named."""
    hidden = int(row["members"]) - int(row["mine"])
    return f"{int(row['members'])}个对象" + (f"(其中{hidden}个不在您的权限范围内)" if hidden else "")


def opened() -> int:
    """The alert that the address asks for; 0 for none."""
    return whole(st.query_params.get(ALERT, ""))


def link(words: str, alert_id: int, width: Any = "content") -> None:
    """A way to one alert from any other page; on its own page the browser would not note where one went."""
    query = {ALERT: str(alert_id)}
    st.page_link(ROOT / PAGE, label=words, icon=":material/arrow_forward:", query_params=query, width=width)


def enter(alert_id: int) -> None:
    """Show one alert; runs before the page is drawn anew."""
    leave()
    st.query_params[ALERT] = str(alert_id)


def leave() -> None:
    """Back to the list."""
    for name in (ALERT, OF, WORD, OPEN):
        st.query_params.pop(name, None)


def show_rows(kind: str, series_id: int = 0, b5: int = 0, post_id: int = 0, word: str = "") -> None:
    """Open the rows behind a number of the alert: `said`, `people` or `leads`; runs before the page is drawn anew."""
    st.query_params[OF] = f"{kind}-{series_id}-{b5}-{post_id}"
    st.query_params.pop(WORD, None)
    if word:
        st.query_params[WORD] = word


def hide_rows() -> None:
    for name in (OF, WORD, OPEN):
        st.query_params.pop(name, None)
