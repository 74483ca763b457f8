"""The buttons of a case with their keys: what can be done now, the likeliest first."""

from datetime import datetime
from typing import Any

import streamlit as st

from matrix.case import Act, State, is_possible
from matrix.people import Right
from storage.cases_view import Case
from ui import inbox_sheet
from ui.inbox_acts import open_dialog, press
from ui.inbox_desk import Desk
from ui.inbox_sheet import SheetWriter
from ui.signin import Viewer

KEYS: dict[Act, tuple[str, str, str]] = {
    Act.CONFIRM: ("1", "确认诉求", ":material/task_alt:"),
    Act.FORWARD: ("2", "转办…", ":material/forward:"),
    Act.DISMISS: ("3", "无需回复", ":material/do_not_disturb_on:"),
    Act.POINT_ELSEWHERE: ("4", "已另行回应…", ":material/campaign:"),
    Act.REPLY: ("5", "已在平台回复", ":material/reply:"),
    Act.RECEIVE: ("6", "签收", ":material/move_to_inbox:"),
    Act.VERIFY: ("7", "核实办结", ":material/verified:"),
    Act.RETURN: ("8", "退回重办…", ":material/undo:"),
}
"""Each key means one act wherever it is possible, never another one."""

FIRST = {
    State.WAITING: Act.CONFIRM,
    State.FORWARDED: Act.RECEIVE,
    State.WORKING: Act.REPLY,
    State.REPLIED: Act.VERIFY,
}
ASKS_FIRST = {
    Act.FORWARD: "forward",
    Act.POINT_ELSEWHERE: "elsewhere",
    Act.RETURN: "words",
    Act.REOPEN: "words",
    Act.URGE: "words",
    Act.SUPERVISE: "words",
    Act.NOTE: "words",
}
"""Acts that want more words, and the dialog that asks for them."""


def show(desk: Desk, viewer: Viewer, case: Case, now: datetime, write: SheetWriter) -> None:
    """The buttons for those who may act; others look."""
    if not viewer.may(Right.CASES):
        st.caption("您的角色只能查看，不能办理。")
        return
    state, moment = State(case.state), int(now.timestamp())
    is_bound = case.bound_to is not None
    acts = [] if is_bound else [act for act in KEYS if is_possible(state, act)]
    acts.sort(key=lambda act: act is not FIRST.get(state))
    with st.container(gap="xsmall"):
        for act in acts:
            key, label, icon = KEYS[act]
            show_button(desk, case, act, label, icon, key, "primary" if act is FIRST.get(state) else "secondary")
        if state is State.WAITING and not is_bound:
            show_none(desk, case)
        if not is_bound and is_possible(state, Act.REOPEN):
            show_button(desk, case, Act.REOPEN, "重新打开…", ":material/lock_open:", "")
    with st.container(horizontal=True, gap="xsmall"):
        more: list[tuple[Act, str, str, str]] = [(Act.NOTE, "备注…", ":material/edit_note:", "N")]
        if not is_bound and is_possible(state, Act.URGE):
            more.append((Act.URGE, "催办…", ":material/notifications_active:", ""))
        if not is_bound and is_possible(state, Act.SUPERVISE, urged=case.urged, is_overdue=case.is_overdue(moment)):
            more.append((Act.SUPERVISE, "督办…", ":material/gavel:", ""))
        typical = (Act.UNMARK_TYPICAL, "取消典型") if case.is_typical else (Act.MARK_TYPICAL, "标为典型")
        more.append((*typical, ":material/star:", ""))
        for act, label, icon, key in more:
            show_button(desk, case, act, label, icon, key, "tertiary", width="content")
        show_binding(desk, case)
        if case.unit:
            inbox_sheet.offer(case, now, write)


def show_button(
    desk: Desk, case: Case, act: Act, label: str, icon: str, key: str, kind: Any = "secondary", width: Any = "stretch"
) -> None:
    """One act. The button belongs to this case and its last step: whatever comes later, it can do nothing to another."""
    name = key or str(act)
    asks = ASKS_FIRST.get(act)
    args = (f"{asks}:{act}", name, case.comment_id, case.step_id) if asks else (act, name, case.comment_id, case.step_id)
    st.button(
        label,
        key=f"do_{act.name}_{case.comment_id}_{case.step_id}",
        icon=icon,
        type=kind,
        width=width,
        on_click=open_dialog if asks else press,
        args=args,
        shortcut=desk.key(key),
    )


def show_none(desk: Desk, case: Case) -> None:
    """What was read as an appeal and is none: corrected by hand, which outlives every later reading."""
    st.button(
        "不是诉求",
        key=f"do_NONE_{case.comment_id}_{case.step_id}",
        icon=":material/block:",
        width="stretch",
        on_click=press,
        args=(Act.DISMISS, "0", case.comment_id, case.step_id),
        kwargs={"is_none": True},
        shortcut=desk.key("0"),
    )


def show_binding(desk: Desk, case: Case) -> None:
    """Bind others to this case, or let this one go."""
    name, label = ("unbind", "解除绑定") if case.bound_to is not None else ("bind", "同一事项…")
    st.button(
        label,
        key=f"do_BIND_{case.comment_id}_{case.step_id}",
        icon=":material/link_off:" if case.bound_to is not None else ":material/link:",
        type="tertiary",
        on_click=open_dialog,
        args=(name, "B", case.comment_id, case.step_id),
        shortcut=desk.key("B"),
    )
