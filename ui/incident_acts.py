"""What a person does about an incident: opening, levels, notes, tasks, hand-over, closing; each a dialog and a journal line."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from matrix.incident import CHOICES, LONGEST_TEXT, LONGEST_TITLE, Field, Matter
from matrix.people import Right
from storage import incident_acts, incident_tasks, incidents, organizations
from ui import filters, signin
from ui.ask import act, ask
from ui.incident_words import EVENT, read_moment, typed
from ui.masks import mask_text
from ui.notices import attempt
from ui.words import told


def do(words: str, verb: Callable[..., Any], incident_id: int, *args: Any, detail: str = "", **named: Any) -> Any:
    """One act on an incident by the viewer now; the journal keeps its words, masked."""
    viewer = signin.require(Right.INCIDENTS)
    who = (viewer.person.login, viewer.person.name, signin.exact_now())
    subject = f"事件{incident_id}"
    return act(Right.INCIDENTS, words, verb, viewer.scope, incident_id, *args, *who, subject=subject, detail=mask_text(detail),
               **named)  # fmt: skip


def pick_unit(label: str, first: int = 0) -> int:
    """A unit of the viewer's tree; the given one, or the first, is chosen before."""
    labels = filters.tree_labels(ask(organizations.tree))
    place = next((number for number, unit in enumerate(labels.values()) if unit == first), 0)
    chosen = st.selectbox(label, list(labels), index=place if labels else None, placeholder="选择或输入单位名称")
    return labels.get(chosen or "", 0)


@st.dialog("开启事件", on_dismiss="rerun")
def open_one(lead_id: int, title: str, unit_id: int = 0) -> None:
    """A title alone is enough; everything else can be added while one works."""
    with st.form("open_incident_form", border=False):
        name = st.text_input(
            "事件标题", title, max_chars=LONGEST_TITLE, autocomplete="off", placeholder="地点加事情，例如：滨河路桥面塌陷"
        )
        unit = pick_unit("牵头单位", unit_id)
        occurred = st.text_input(
            "事件发生时间(不清楚可不填)", placeholder="2026-03-05 10:20 或 10:20", max_chars=20, autocomplete="off"
        )
        st.caption("只填标题即可开启。时限自发生时间起算；不清楚时自发现时间起算，以后补填会重新计算。")
        is_sent = st.form_submit_button("开启", type="primary")
    if is_sent:
        attempt(save_new, name, unit, occurred, lead_id)


def save_new(title: str, unit: int, occurred: str, lead_id: int) -> None:
    viewer, now = signin.require(Right.INCIDENTS), signin.exact_now()
    moment = read_moment(occurred, now, "发生时间")
    made = act(
        Right.INCIDENTS, "开启事件", incidents.open_incident, viewer.scope, title, viewer.person.login, viewer.person.name, now,
        unit, lead_id=lead_id or None, occurred_at=moment, subject=f"单位{unit}", detail=mask_text(title),
    )  # fmt: skip
    st.query_params[EVENT] = str(made)


@st.dialog("事件信息和级别", on_dismiss="rerun")
def set_levels(incident_id: int, matter: Matter) -> None:
    """Three levels, three fields; each change is kept with its reason."""
    with st.form("levels", border=False):
        name = st.text_input("事件标题", matter.title, max_chars=LONGEST_TITLE, autocomplete="off")
        occurred = st.text_input("事件发生时间(不清楚可不填)", typed(matter.occurred_at), max_chars=20, autocomplete="off")
        values: dict[str, str] = {}
        for field, label, nothing in (
            (Field.KIND, "性质", "未定"),
            (Field.EVENT_LEVEL, "事件等级", "未定级"),
            (Field.WARNING_LEVEL, "预警级别", "无"),
            (Field.RESPONSE_LEVEL, "响应级别", "未启动"),
        ):
            options = list(CHOICES[field])
            held = str(getattr(matter, field.value))
            chosen = st.segmented_control(
                label, options, default=held, format_func=lambda one, nothing=nothing: str(one) or nothing, required=True
            )
            values[field.value] = str(chosen or "")
        why = st.text_input("依据或原因(可不填)", max_chars=200, autocomplete="off")
        st.caption("特别重大、重大突发事件适用5小时和24小时时限，其余适用48小时时限；性质和等级确定前为待定级。")
        is_sent = st.form_submit_button("保存", type="primary")
    if is_sent:
        attempt(save_levels, incident_id, matter, values | {Field.TITLE.value: name}, occurred, why)


def save_levels(incident_id: int, matter: Matter, values: dict[str, str], occurred: str, why: str) -> None:
    moment = read_moment(occurred, signin.exact_now(), "发生时间")
    if occurred == typed(matter.occurred_at):  # the box has no seconds; what was not touched keeps them
        moment = matter.occurred_at
    values = values | {Field.OCCURRED_AT.value: "" if moment is None else str(moment)}
    do("修改事件信息", incidents.set_fields, incident_id, values, why, detail=f"{'，'.join(filter(None, values.values()))} {why}")


@st.dialog("添加备注", on_dismiss="rerun")
def add_note(incident_id: int) -> None:
    with st.form("note", border=False):
        words = st.text_area("备注", max_chars=LONGEST_TEXT, height=120)
        is_sent = st.form_submit_button("保存", type="primary")
    if is_sent:
        attempt(do, "事件备注", incident_acts.note, incident_id, words, detail=words)


@st.dialog("交办", on_dismiss="rerun")
def add_task(incident_id: int, unit_id: int) -> None:
    """To a unit, never to a person by name."""
    with st.form("task", border=False):
        unit = pick_unit("承办单位", unit_id)
        words = st.text_area("交办内容", max_chars=LONGEST_TEXT, height=100)
        due = st.text_input("办理时限(可不填)", placeholder="2026-03-05 18:00 或 18:00", max_chars=20, autocomplete="off")
        is_sent = st.form_submit_button("交办", type="primary")
    if is_sent:
        attempt(save_task, incident_id, words, unit, due)


def save_task(incident_id: int, words: str, unit: int, due: str) -> None:
    moment = read_moment(due, signin.exact_now(), "办理时限")
    do("事件交办", incident_acts.task, incident_id, words, unit, moment, detail=words)


@st.dialog("办结交办", on_dismiss="rerun")
def finish_task(incident_id: int, task_id: int, what: str) -> None:
    st.markdown(f"**{told(what)}**")
    with st.form("finish_task", border=False):
        words = st.text_area("办理结果", max_chars=LONGEST_TEXT, height=100)
        is_sent = st.form_submit_button("办结", type="primary")
    if is_sent:
        attempt(do, "办结事件交办", incident_tasks.finish_task, incident_id, task_id, words, detail=words)


@st.dialog("交接", on_dismiss="rerun")
def hand_over(incident_id: int) -> None:
    with st.form("hand_over", border=False):
        to_name = st.text_input("接手人", max_chars=40, autocomplete="off")
        words = st.text_area("已做的、未了的、要注意的", max_chars=LONGEST_TEXT, height=140)
        is_sent = st.form_submit_button("交接", type="primary")
    if is_sent:
        attempt(do, "事件交接", incident_acts.hand_over, incident_id, to_name, words, detail=f"{to_name}：{words}")


@st.dialog("办结事件", on_dismiss="rerun")
def close(incident_id: int, title: str, open_tasks: int) -> None:
    """The summary stands in the last report, word for word."""
    st.markdown(f"**{told(title)}**")
    if open_tasks:
        st.markdown(f"还有{open_tasks}项交办没有办结。")
    with st.form("close", border=False):
        words = st.text_area("办结小结(原文写入终报)", max_chars=LONGEST_TEXT, height=140)
        is_sent = st.form_submit_button("办结", type="primary")
    if is_sent:
        attempt(do, "办结事件", incident_acts.close, incident_id, words, detail=words)


@st.dialog("重新开启", on_dismiss="rerun")
def reopen(incident_id: int) -> None:
    with st.form("reopen", border=False):
        words = st.text_input("原因", max_chars=200, autocomplete="off")
        is_sent = st.form_submit_button("重新开启", type="primary")
    if is_sent:
        attempt(do, "重新开启事件", incident_acts.reopen, incident_id, words, detail=words)
