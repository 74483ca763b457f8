"""舆情事件: the open ones with their clocks, what is asked for first on top; the closed ones with a search."""

from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from matrix.incident import IncidentState
from matrix.incident_clock import next_due
from matrix.people import Right
from storage import incident_rows, incident_tasks
from ui import dialogs, exports, incident_acts, incident_given, signin, tables
from ui.ask import ask, fresh
from ui.cards import Card, Way, show_nothing_yet
from ui.clock import ago, beijing, clock, stamp
from ui.exports import Writers
from ui.incident_words import EVENT, PAGE, SIGNS, badges, clock_words, enter, link, name_of
from ui.masks import mask_text
from ui.records import records
from ui.signin import Viewer
from ui.words import plain, short, told

EVERY = timedelta(seconds=20)


def show_open(viewer: Viewer) -> None:
    """Every open incident of the scope, by itself kept up to date."""
    dialogs.show_answer()
    if viewer.may(Right.INCIDENTS) and st.button("开启事件…", icon=":material/add_alert:", type="primary", key="open_incident"):
        incident_acts.open_one(0, "")
    show_list()
    incident_given.show()


@st.fragment(run_every=EVERY)
def show_list() -> None:
    viewer, now = signin.require(), signin.exact_now()
    found = fresh(incident_rows.standings, viewer, now=now, state=IncidentState.OPEN.value)
    if not found:
        show_nothing_yet(f"处置中的事件 0 · {beijing(now):%H:%M}已核对。", "事件可以从一条预警或线索转来，也可以只填标题开启。")
        return
    found.sort(key=lambda one: (first.due_at if (first := next_due(one.clocks)) else 1 << 60, one.opened_at))
    late = sum(any(clock_.is_late and clock_.stopped_at is None for clock_ in one.clocks) for one in found)
    st.markdown(f"**处置中{len(found)}件**" + (f"，其中**{late}件有时限已超过仍未发布**" if late else "，没有超过时限的"))
    for one in found:
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"{badges(one.matter, is_drill=one.is_drill)} **{told(one.matter.title)}**")
            for each in one.clocks:
                words = f"{SIGNS[each.state]} {name_of(each)} · {each.state} · {clock_words(each, now)}"
                st.markdown(f"**{plain(words)}**" if each.is_running else plain(words))
            begun = f"{one.organization} · {clock(one.matter.starts_at, now)}起，已{ago(one.matter.starts_at, now)}"
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.caption(plain(begun), width="content")
                link("查看和处置", one.id)


def show_closed(writers: Writers) -> None:
    """Closed incidents, the newest first, found by a word of title or summary."""
    now = signin.now()
    words = st.text_input("查找", key="incident_words", placeholder="标题、单位或小结中的字", max_chars=40, autocomplete="off")
    frame = incident_rows.to_frame(
        ask(incident_rows.standings, now=now + timedelta(seconds=59), state=IncidentState.CLOSED.value)
    )
    rows = [row for row in records(frame) if words in f"{row['title']}{row['organization']}{row['summary']}"]
    rows.sort(key=lambda row: -(row["closed_at"] or 0))
    if not rows:
        show_nothing_yet("没有已办结的事件。" if not words else f"没有找到含“{short(words, 20)}”的已办结事件。")
        return
    table = [closed_row(row) for row in rows]

    def open_it(place: int, _heading: str) -> None:
        enter(int(rows[place]["id"]))

    st.caption(f"已办结{len(rows)}件，点一行查看全过程。")
    tables.press(table, "closed_incidents", "single-row", open_it, alt="已办结的事件")
    exports.offer("已办结事件", pd.DataFrame(table), {"截至": stamp(now), "查找": words or "全部"}, writers)


def closed_row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "事件": mask_text(row["title"]),
        "单位": row["organization"],
        "性质": row["kind"] or "未定",
        "等级": row["event_level"] or "未定级",
        "发生": stamp(row["occurred_at"], "未知"),
        "发现": stamp(row["detected_at"]),
        "办结": stamp(row["closed_at"]),
        "时限": "；".join(f"{name_of(one)}{one.state}" for one in row["clocks"]),
        "演练": "是" if row["is_drill"] else "",
        "小结": mask_text(row["summary"]),
    }


def card(viewer: Viewer, moment: datetime) -> Card:
    """处置中事件 of the first page: how many, the oldest, the clock that asks for something first."""
    title = "处置中事件"
    if not viewer.may(Right.INCIDENTS_VIEW):
        return Card(title, None, "件", "您的角色不能查看事件")
    found = records(ask(incident_rows.open_now, now=moment + timedelta(seconds=59)))
    given = len(ask(incident_tasks.given, now=moment + timedelta(seconds=59)))
    asked = f"；其他单位的事件交办{given}项，未办结" if given else ""
    if not found:
        return Card(title, 0, "件", f"{beijing(moment):%H:%M}已核对{asked}", (Way("查看事件", PAGE),))
    oldest = min(found, key=lambda row: row["starts_at"])
    first = next((row for row in found if row["due_at"] is not None), None)
    told_next = f"；{first['clock']}{clock(first['due_at'], moment)}{'已超时' if first['left'] < 0 else '到期'}" if first else ""
    words = f"最早：{short(mask_text(oldest['title']), 14)}，已{ago(oldest['starts_at'], moment)}{told_next}{asked}"
    ways = (Way("去处置", PAGE, {EVENT: str(first["id"])} if first else {}),)
    return Card(title, len(found), "件", words, ways)
