"""What a person does about an alert: one press for what needs no words, a dialog for what does."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from matrix.alert_step import POSSIBLE, AlertAct, Judgement
from matrix.people import Right
from storage import alert_incidents, alert_steps, incident_rows, organizations
from storage.alert_steps import LONGEST_NOTE
from ui import filters, signin
from ui.ask import act, ask, fresh
from ui.clock import beijing
from ui.masks import mask_text
from ui.notices import attempt
from ui.records import records
from ui.signin import Viewer
from ui.words import told

DRAWN = "alert_drawn"
HOURS = {"到今日24时": 0, "今后24小时": 24, "今后3天": 72, "今后7天": 168}
ICONS = {
    AlertAct.CONFIRM: ":material/check:",
    AlertAct.ASSIGN: ":material/assignment_ind:",
    AlertAct.OPEN_INCIDENT: ":material/crisis_alert:",
    AlertAct.JOIN_INCIDENT: ":material/merge:",
    AlertAct.CAMPAIGN: ":material/event:",
    AlertAct.DISMISS: ":material/block:",
    AlertAct.NOTE: ":material/edit_note:",
}


def show(viewer: Viewer, row: Mapping[str, Any], now: datetime) -> None:
    """The acts that this alert takes now, the first of them as the main one."""
    judgement, alert_id = Judgement(row["judgement"]), int(row["alert_id"])
    step = step_on_screen(alert_id, int(row["step_id"]))
    possible = POSSIBLE[judgement] | {AlertAct.NOTE}
    if not viewer.may(Right.INCIDENTS):
        possible -= {AlertAct.OPEN_INCIDENT, AlertAct.JOIN_INCIDENT}
    with st.container(horizontal=True, gap="small"):
        for wanted, icon in ICONS.items():
            if wanted not in possible:
                continue
            is_main = wanted is AlertAct.CONFIRM and judgement is Judgement.OPEN
            words = str(wanted) if wanted is AlertAct.CONFIRM else f"{wanted}…"
            if st.button(words, key=f"act_{wanted.name}", icon=icon, type="primary" if is_main else "secondary"):
                press(wanted, row, step, now)
        if (
            row["can_undo"]
            and judgement is not Judgement.INCIDENT
            and st.button("撤销我的上一步", key="act_UNDO", icon=":material/undo:", type="tertiary")
        ):
            at_once(AlertAct.UNDO, alert_id, step, str(row["title"]))


def step_on_screen(alert_id: int, step: int) -> int:
    """The newest step that the person saw when he pressed: the drawing that a press starts knows more than he did."""
    before, at = st.session_state.get(DRAWN, (alert_id, step))
    st.session_state[DRAWN] = (alert_id, step)
    return int(at) if before == alert_id else step


def press(wanted: AlertAct, row: Mapping[str, Any], step: int, now: datetime) -> None:
    alert_id, title = int(row["alert_id"]), str(row["title"])
    if wanted is AlertAct.CONFIRM:
        at_once(wanted, alert_id, step, title)
    elif wanted is AlertAct.ASSIGN:
        assign(alert_id, step, title)
    elif wanted is AlertAct.CAMPAIGN:
        mark_campaign(alert_id, step, title, now)
    elif wanted is AlertAct.OPEN_INCIDENT:
        open_incident(alert_id, step, title, int(row["organization_id"]))
    elif wanted is AlertAct.JOIN_INCIDENT:
        join_incident(alert_id, step, title)
    else:
        say_why(wanted, alert_id, step, title)


def at_once(wanted: AlertAct, alert_id: int, step: int, title: str) -> None:
    """An act without words; a refusal stands above the alert as it is now."""
    try:
        do(wanted, alert_id, step, title)
    except (ValueError, PermissionError) as error:
        st.session_state["answer"] = (False, str(error))
    st.rerun()


def do(wanted: AlertAct, alert_id: int, step: int | None, title: str, **rest: Any) -> None:
    """One act with its line in the journal."""
    viewer, now = signin.require(Right.ALERTS), int(signin.exact_now().timestamp())
    person = viewer.person
    args = (viewer.scope, alert_id, wanted, person.login, person.name, now, step)
    detail = mask_text("：".join(filter(None, (title, str(rest.get("note", ""))))))
    act(Right.ALERTS, f"预警{wanted}", alert_steps.act, *args, subject=f"预警{alert_id}", detail=detail, **rest)


@st.dialog("指派预警", on_dismiss="rerun")
def assign(alert_id: int, step: int, title: str) -> None:
    """To a unit, never to a person by name: those whose objects surge come first."""
    st.markdown(f"**{told(title)}**")
    labels = filters.tree_labels(ask(organizations.tree))
    concerned = fresh(alert_steps.units_concerned, alert_id=alert_id)
    first = next((place for place, unit in enumerate(labels.values()) if unit in concerned[:1]), 0)
    with st.form(f"assign_{alert_id}", border=False):
        chosen = st.selectbox("承办单位", list(labels), index=first if labels else None, placeholder="选择或输入单位名称")
        note = st.text_area("要求(可不填)", max_chars=LONGEST_NOTE, height=90)
        is_sent = st.form_submit_button("指派", type="primary")
    if is_sent:
        attempt(do, AlertAct.ASSIGN, alert_id, step, title, note=note or "", unit_id=labels.get(chosen or ""))


@st.dialog("填写说明", on_dismiss="rerun")
def say_why(wanted: AlertAct, alert_id: int, step: int, title: str) -> None:
    """An act that wants words; a note cannot be in anybody's way."""
    st.markdown(f"**{told(title)}**")
    hint = "备注内容" if wanted is AlertAct.NOTE else "排除的原因，例如：转发抽奖、与本地无关、重复采集"
    with st.form(f"why_{wanted.name}_{alert_id}", border=False):
        note = st.text_area(hint, max_chars=LONGEST_NOTE, height=110)
        is_sent = st.form_submit_button(str(wanted), type="primary")
    if is_sent:
        attempt(do, wanted, alert_id, None if wanted is AlertAct.NOTE else step, title, note=note)


@st.dialog("已报备活动", on_dismiss="rerun")
def mark_campaign(alert_id: int, step: int, title: str, now: datetime) -> None:
    """The surge was known to come; until then the unit raises no further alert."""
    st.markdown(f"**{told(title)}**")
    with st.form(f"campaign_{alert_id}", border=False):
        name = st.text_input("活动名称", max_chars=80, autocomplete="off")
        lasting = st.selectbox("持续到", list(HOURS), placeholder="选择")
        note = st.text_input("依据(可不填)", max_chars=LONGEST_NOTE, autocomplete="off")
        st.caption("活动期间，该单位及下级不再因此发出新的预警；可以在“活动报备”中提前取消。")
        is_sent = st.form_submit_button("确定", type="primary")
    if is_sent:
        attempt(save_campaign, alert_id, step, name, until_of(HOURS[lasting or next(iter(HOURS))], now), note)


def until_of(hours: int, now: datetime) -> int:
    """Unix seconds; 0 hours are until the coming midnight of Beijing."""
    if hours:
        return int(now.timestamp()) + hours * 3600
    midnight = beijing(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return int(midnight.timestamp()) + 86400


def save_campaign(alert_id: int, step: int, name: str, until: int, note: str) -> None:
    viewer, now = signin.require(Right.ALERTS), int(signin.exact_now().timestamp())
    person = viewer.person
    args = (viewer.scope, alert_id, person.login, person.name, now, step, name, until, note)
    act(Right.ALERTS, "预警已报备活动", alert_steps.mark_campaign, *args, subject=f"预警{alert_id}", detail=mask_text(name))


@st.dialog("转为事件", on_dismiss="rerun")
def open_incident(alert_id: int, step: int, title: str, unit_id: int) -> None:
    """A matter of its own from now on, with its clocks."""
    labels = filters.tree_labels(ask(organizations.tree))
    first = next((place for place, unit in enumerate(labels.values()) if unit == unit_id), 0)
    with st.form(f"incident_{alert_id}", border=False):
        name = st.text_input("事件标题", mask_text(title), max_chars=80, autocomplete="off")
        chosen = st.selectbox("牵头单位", list(labels), index=first if labels else None, placeholder="选择或输入单位名称")
        st.caption("转为事件后开始计时，后续在“舆情事件”中办理。")
        is_sent = st.form_submit_button("转为事件", type="primary")
    if is_sent:
        attempt(save_incident, alert_id, step, name, labels.get(chosen or "", unit_id))


def save_incident(alert_id: int, step: int, title: str, unit_id: int) -> None:
    viewer = signin.require(Right.INCIDENTS)
    args = (viewer.scope, alert_id, viewer.person.login, viewer.person.name, signin.exact_now(), step, title, unit_id)
    act(Right.INCIDENTS, "预警转为事件", alert_incidents.open_incident, *args, subject=f"预警{alert_id}", detail=mask_text(title))


@st.dialog("并入事件", on_dismiss="rerun")
def join_incident(alert_id: int, step: int, title: str) -> None:
    """One of the incidents that are open."""
    found = fresh(incident_rows.open_now, now=signin.exact_now())
    if found.empty:
        st.markdown("没有处置中的事件，请用“转为事件”。")
        return
    labels = {f"{row['title']}(编号{row['id']}，{row['organization']})": int(row["id"]) for row in records(found)}
    st.markdown(f"**{told(title)}**")
    chosen = st.selectbox("并入哪个事件", list(labels), index=None, placeholder="选择或输入事件标题", key=f"join_{alert_id}")
    if st.button("并入事件", type="primary", key=f"join_sent_{alert_id}", disabled=chosen is None) and chosen:
        attempt(save_joining, alert_id, step, labels[chosen], title)


def save_joining(alert_id: int, step: int, incident_id: int, title: str) -> None:
    viewer = signin.require(Right.INCIDENTS)
    args = (viewer.scope, alert_id, viewer.person.login, viewer.person.name, signin.exact_now(), step, incident_id)
    detail = f"事件{incident_id}：{mask_text(title)}"
    act(Right.INCIDENTS, "预警并入事件", alert_incidents.join_incident, *args, subject=f"预警{alert_id}", detail=detail)
