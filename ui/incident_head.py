"""The head of an incident that stays in sight: the clocks that apply, by what they run, the report to copy, the acts."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from matrix.incident import IncidentState
from matrix.people import Right
from storage.incident_rows import Standing
from ui import incident_acts, incident_dialogs
from ui.incident_words import SIGNS, badges, basis_words, clock_words, name_of
from ui.signin import Viewer
from ui.words import plain, told

HEAD, BODY, CALLS = "incident_head", "incident_body", "incident_calls"
STYLE = """
div[data-testid="stLayoutWrapper"]:has(> .st-key-incident_head),
div[data-testid="stVerticalBlock"] > .st-key-incident_head{position:sticky;top:3.4rem;z-index:90}
@media(min-width:641px){
div[data-testid="stLayoutWrapper"]:has(> .st-key-incident_head),
div[data-testid="stVerticalBlock"] > .st-key-incident_head{top:0}
}
.st-key-incident_head{background:light-dark(#ffffff,#12181f)}
.st-key-incident_calls{display:none}
@media(max-width:640px){.st-key-incident_body,.st-key-incident_acts{display:none}.st-key-incident_calls{display:flex}}
"""
"""On a narrow screen the clocks and the call buttons remain, nothing else."""


def show(viewer: Viewer, one: Standing, open_tasks: int, now: datetime) -> None:
    """Title, levels, clocks with 起算依据 and [复制快报]; below them what can be done."""
    st.html(f"<style>{STYLE}</style>")
    may = viewer.may(Right.INCIDENTS)
    with st.container(border=True, gap="xsmall", key=HEAD):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            state = "" if one.matter.state == IncidentState.OPEN else " :gray-badge[✓ 已办结]"
            st.markdown(f"**{told(one.matter.title)}** {badges(one.matter, is_drill=one.is_drill)}{state}", width="content")
            if st.button("复制快报", icon=":material/content_copy:", type="primary", key="flash"):
                incident_dialogs.show_flash(one.id, may, now)
        show_clocks(one, now)
        st.caption(plain(basis_words(one.matter, now)))
    if may:
        show_acts(one, open_tasks)


def show_clocks(one: Standing, now: datetime) -> None:
    """Only the clocks that apply; until the level is set all candidates stand as pending."""
    columns: Sequence = st.columns(len(one.clocks), gap="small")
    for column, clock in zip(columns, one.clocks, strict=True):
        with column:
            st.caption(plain(f"{SIGNS[clock.state]} {name_of(clock)} · {clock.state}"))
            words = plain(clock_words(clock, now))
            st.markdown(f"**{words}**" if clock.is_running else words)


def show_acts(one: Standing, open_tasks: int) -> None:
    """One row of buttons, each a dialog."""
    number = one.id
    with st.container(horizontal=True, gap="small", key="incident_acts"):
        if one.matter.state != IncidentState.OPEN:
            if st.button("重新开启…", icon=":material/replay:", key="reopen"):
                incident_acts.reopen(number)
            return
        if st.button("信息和级别…", icon=":material/tune:", key="levels"):
            incident_acts.set_levels(number, one.matter)
        if st.button("官方发声…", icon=":material/campaign:", key="word"):
            incident_dialogs.enter_word(number)
        if st.button("数字…", icon=":material/123:", key="figure"):
            incident_dialogs.enter_figure(number, ("死亡", "受伤", "失联", "被困", "转移"))
        if st.button("备注…", icon=":material/edit_note:", key="note"):
            incident_acts.add_note(number)
        if st.button("交办…", icon=":material/assignment_ind:", key="task"):
            incident_acts.add_task(number, one.organization_id)
        if st.button("交接…", icon=":material/sync_alt:", key="hand_over"):
            incident_acts.hand_over(number)
        if st.button("预警登记…", icon=":material/warning:", key="warning"):
            incident_dialogs.enter_warning(number)
        if st.button("办结…", icon=":material/task_alt:", key="close"):
            incident_acts.close(number, one.matter.title, open_tasks)
