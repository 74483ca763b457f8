"""One incident from its first signal to its close: the head stays in sight, below it one part at a time."""

from datetime import timedelta

import streamlit as st

from storage import incident_rows, incident_tasks
from ui import dialogs, incident_course, incident_head, incident_said, incident_voice, signin
from ui.ask import fresh
from ui.cards import show_nothing_yet
from ui.drill import pick_one
from ui.exports import Writers
from ui.incident_voice import Charts
from ui.incident_words import PART, PARTS, leave, opened
from ui.signin import Viewer

LOOK = timedelta(seconds=30)


def show(viewer: Viewer, charts: Charts, writers: Writers) -> None:
    """The incident of the address."""
    now, number = signin.exact_now(), opened()
    st.button("返回事件列表", icon=":material/arrow_back:", key="incident_back", on_click=leave, type="tertiary")
    dialogs.show_answer()
    found = fresh(incident_rows.standings, viewer, now=now, incident_id=number)
    if not found:
        show_nothing_yet("没有这个事件，或不在您的权限范围内。")
        return
    one = found[0]
    tasks = fresh(incident_tasks.tasks, viewer, incident_id=number)
    incident_head.show(viewer, one, int(tasks["done_at"].isna().sum()), now)
    keep_time(number, tuple(clock.state for clock in one.clocks))
    grid, bulletin = incident_voice.grid_of(viewer, number, now)
    with st.container(key=incident_head.CALLS):
        incident_voice.show_calls(grid)
    with st.container(key=incident_head.BODY):
        incident_voice.show_waiting(viewer, number, now)
        part = pick_one("内容", PARTS, PARTS[0], PART)
        if part == PARTS[1]:
            incident_said.show(viewer, one, now, charts, writers)
        elif part == PARTS[2]:
            incident_course.show_timeline(viewer, one, now, writers)
        elif part == PARTS[3]:
            incident_course.show_register(viewer, one, now)
        else:
            incident_voice.show(viewer, grid, bulletin, now, charts, writers)


@st.fragment(run_every=LOOK)
def keep_time(incident_id: int, drawn: tuple[str, ...]) -> None:
    """Draws the page anew when a clock has come to another state since."""
    found = fresh(incident_rows.standings, signin.require(), now=signin.exact_now(), incident_id=incident_id)
    if found and tuple(clock.state for clock in found[0].clocks) != drawn:
        st.rerun()
