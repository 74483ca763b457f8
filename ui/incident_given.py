"""Tasks that units of the viewer have from incidents of others: title, task and clocks, and the button that ends the task."""

from datetime import timedelta

import streamlit as st

from matrix.people import Right
from storage import incident_tasks
from ui import incident_acts, signin
from ui.ask import fresh
from ui.clock import clock, due
from ui.incident_words import SIGNS, clock_words, name_of
from ui.records import records
from ui.words import plain, told

EVERY = timedelta(seconds=20)


@st.fragment(run_every=EVERY)
def show() -> None:
    """Nothing at all while there is no such task."""
    viewer, now = signin.require(), signin.exact_now()
    found = fresh(incident_tasks.given, viewer, now=now)
    if found.empty:
        return
    st.subheader("交办给本单位", anchor=False)
    st.caption("这些事件由其他单位牵头，此处只列出标题、交办内容和时限。")
    for row in records(found):
        with st.container(border=True, gap="xsmall"):
            is_late = row["due_at"] is not None and row["due_at"] < now.timestamp()
            limit = f"，{'■ 已超过时限，应在' if is_late else ''}{due(row['due_at'], now)}" if row["due_at"] is not None else ""
            drill = ":violet-badge[演练] " if row["is_drill"] else ""
            st.markdown(f"{drill}**{told(row['title'])}**")
            st.markdown(f"{plain(row['unit'])}：{told(row['note'])}{plain(limit)}")
            for each in row["clocks"]:
                st.caption(plain(f"{SIGNS[each.state]} {name_of(each)} · {each.state} · {clock_words(each, now)}"))
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.caption(plain(f"{clock(row['at'], now)}交办"), width="content")
                if viewer.may(Right.INCIDENTS) and st.button("办结…", key=f"given_{row['task_id']}"):
                    incident_acts.finish_task(int(row["incident_id"]), int(row["task_id"]), row["note"])
