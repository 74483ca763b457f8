"""The course of an incident: everything in one list to read and take away; and what was entered, row by row, to act on."""

from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from matrix.flash_report import Stated, figure_words, newest
from matrix.incident import IncidentState
from matrix.people import Right
from storage import incident_figures, incident_flashes, incident_tasks, incident_timeline, incident_words
from storage.incident_rows import Standing
from ui import exports, incident_acts, incident_dialogs, incident_members, tables
from ui.ask import fresh
from ui.cards import show_nothing_yet
from ui.clock import clock, due, stamp
from ui.drill_lists import LINK
from ui.exports import Writers
from ui.masks import mask_text
from ui.records import records
from ui.signin import Viewer
from ui.words import plain, short, told

LEAD, LEAD_SHOWN = "线索", 120


def said(row: dict[str, Any]) -> str:
    """What happened, in words; of a lead the beginning, cut behind the mask, which half a number would escape."""
    words = mask_text(row["words"])
    return short(words, LEAD_SHOWN) if row["kind"] == LEAD else words


def show_timeline(viewer: Viewer, one: Standing, now: datetime, writers: Writers) -> None:
    """Newest on top; the file has the order in which it happened."""
    found = fresh(incident_timeline.timeline, viewer, incident_id=one.id, as_of=int(now.timestamp()))
    rows = [
        {
            "时间": stamp(row["at"]),
            "类别": row["kind"],
            "来源": mask_text(row["who"]),
            "内容": said(row),
            "获知时间": stamp(row["seen_at"]),
            "链接": row["link"] or None,
        }
        for row in records(found)
    ]
    kinds = list(dict.fromkeys(row["类别"] for row in rows))
    chosen = st.pills("类别", kinds, selection_mode="multi", key="timeline_kinds", label_visibility="collapsed", wrap=True)
    shown = [row for row in reversed(rows) if not chosen or row["类别"] in chosen]
    tables.show(shown, "incident_timeline", {"链接": LINK}, alt="事件全过程")
    st.caption(f"共{len(rows)}条，最新的在上面；导出的文件按发生的先后排列。“获知时间”是本系统知道它的时间。")
    exports.offer("事件时间线", pd.DataFrame(rows), {"事件": mask_text(one.matter.title), "截至": stamp(now)}, writers)


def show_register(viewer: Viewer, one: Standing, now: datetime) -> None:
    """Official words, figures, tasks, members and reports, each with its acts."""
    may = viewer.may(Right.INCIDENTS) and one.matter.state == IncidentState.OPEN
    left, right = st.columns(2, gap="medium")
    with left:
        show_words(viewer, one, now, may=may)
        show_figures(viewer, one, now, may=may)
    with right:
        show_tasks(viewer, one, now, may=may)
        incident_members.show(viewer, one, now, may=may)
        show_flashes(viewer, one, now)


def line(words: str, label: str, key: str, *, may: bool) -> bool:
    """One row with its button; True when it was pressed."""
    left, right = st.columns([5, 1], vertical_alignment="center", gap="small")
    left.markdown(words)
    return may and right.button(label, key=key, type="tertiary")


def show_words(viewer: Viewer, one: Standing, now: datetime, *, may: bool) -> None:
    st.subheader("官方发声", anchor=False)
    found = fresh(incident_words.words, viewer, incident_id=one.id, as_of=int(now.timestamp()))
    if found.empty:
        st.caption("还没有。采集到的发布提到事件时，系统会列在这里等待核对。")
    for row in records(found):
        marks = f":gray-badge[{row['verdict']}]" + (" :gray-badge[通报]" if row["is_bulletin"] else "")
        words = f"{clock(row['said_at'], now)} {row['speaker']}({row['kind']})：{short(mask_text(row['title']), 40)}"
        if line(f"{plain(words)} {marks}", "核对…", f"word_{row['word_id']}", may=may):
            incident_dialogs.decide(one.id, row)


def show_figures(viewer: Viewer, one: Standing, now: datetime, *, may: bool) -> None:
    """What is said now of each figure in one sentence, then every value that was ever entered."""
    st.subheader("数字", anchor=False)
    found = fresh(incident_figures.figures, viewer, incident_id=one.id, as_of=int(now.timestamp()))
    if found.empty:
        st.caption("还没有登记。伤亡等数字请注明来源和时间，前后不一的都会保留。")
        return
    rows = records(found)
    held = [
        Stated(
            row["name"], row["value"], row["unit"], row["source"], row["stated_at"], clock(row["stated_at"], now), row["bound"]
        )
        for row in rows
        if row["void_at"] is None or row["void_at"] != row["void_at"]
    ]
    for name, values in newest(held).items():
        st.markdown(f"**{told(figure_words(name, values))}**")
    for row in rows:
        is_void = row["void_at"] is not None and row["void_at"] == row["void_at"]
        words = f"{row['name']}{row['bound']}{row['value']:,}{row['unit']} · {row['source']} · {clock(row['stated_at'], now)}"
        shown = f"~~{told(words)}~~ 已作废：{told(row['void_why'])}" if is_void else told(words)
        if line(shown, "作废…", f"figure_{row['figure_id']}", may=may and not is_void):
            incident_dialogs.void_figure(one.id, int(row["figure_id"]), words)


def show_tasks(viewer: Viewer, one: Standing, now: datetime, *, may: bool) -> None:
    st.subheader("交办", anchor=False)
    found = fresh(incident_tasks.tasks, viewer, incident_id=one.id)
    if found.empty:
        st.caption("还没有交办。")
    for row in records(found):
        is_done = row["done_at"] is not None
        is_late = not is_done and row["due_at"] is not None and row["due_at"] < now.timestamp()
        state = f"✓ {clock(row['done_at'], now)}办结：{row['result']}" if is_done else "■ 已超过时限" if is_late else "办理中"
        limit = f"，{due(row['due_at'], now)}" if row["due_at"] is not None else ""
        words = f"{row['unit']}：{row['note']}{limit} · {state}"
        if line(told(words), "办结…", f"task_{row['task_id']}", may=may and not is_done):
            incident_acts.finish_task(one.id, int(row["task_id"]), row["note"])


def show_flashes(viewer: Viewer, one: Standing, now: datetime) -> None:
    st.subheader("快报", anchor=False)
    found = fresh(incident_flashes.flashes, viewer, incident_id=one.id)
    if found.empty:
        show_nothing_yet("还没有存档的快报。", "点“复制快报”查看按现有事实生成的内容。")
    for row in records(found):
        with st.expander(plain(f"第{row['number']}报 {row['kind']} · {clock(row['at'], now)} · {row['by_name']}")):
            st.code(row["text"], language=None, wrap_lines=True)
