"""Dialogs that ask for what an act must say: to which unit, where it was answered, why, and with which others it belongs."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import streamlit as st

from matrix.case import Act
from matrix.people import Right
from storage import cases_binding, cases_queue, cases_thread, organizations
from ui import filters, inbox_reading, notices, signin
from ui.ask import act, ask, fresh
from ui.clock import clock
from ui.inbox_acts import close_dialog, do, remember
from ui.inbox_desk import Desk
from ui.masks import mask_name, mask_text
from ui.words import plain, short

LONGEST = 500
RECENT = 5
HINTS = {
    Act.NOTE: "备注内容",
    Act.RETURN: "退回的原因",
    Act.REOPEN: "重新打开的原因",
    Act.URGE: "催办内容(可不填)",
    Act.SUPERVISE: "督办内容(可不填)",
}


def show(desk: Desk, now: datetime) -> None:
    """The dialog that was asked for, if it still fits the case on the desk."""
    if desk.dialog is None or desk.dialog[1] != desk.at:
        desk.dialog = None
        return
    name, comment_id, step = desk.dialog
    kind, _, wanted = name.partition(":")
    if kind == "forward":
        forward(desk, comment_id, step)
    elif kind == "elsewhere":
        elsewhere(desk, comment_id, step, now)
    elif kind == "words":
        say_why(desk, Act(wanted), comment_id, step)
    elif kind == inbox_reading.CORRECT:
        inbox_reading.correct(comment_id)
    elif kind == "bind":
        bind(desk, comment_id, now)
    else:
        unbind(desk, comment_id)


def finish(desk: Desk, is_done: bool) -> None:
    """Close after an act; after a refusal the sentence stands in the dialog and the words stay."""
    if is_done:
        desk.dialog = None
        st.rerun()
    notices.refuse(plain(desk.message))


@st.dialog("转办", on_dismiss=close_dialog)
def forward(desk: Desk, comment_id: int, step: int) -> None:
    """Units that one has handed to lately are one key away; any unit of one's subtree can be chosen."""
    labels = filters.tree_labels(ask(organizations.tree))
    names = {identity: label.strip("\u3000") for label, identity in labels.items()}
    note = st.text_input("转办意见(可不填)", max_chars=LONGEST, key=f"note_{comment_id}", autocomplete="off")
    recent = fresh(cases_queue.recent_units, author=signin.require().person.login, limit=RECENT)
    chosen = None
    if len(recent):
        st.caption("最近转办的单位，按数字键直接转办：")
        with st.container(horizontal=True, gap="xsmall"):
            for place, unit in enumerate(recent["organization_id"].tolist(), 1):
                if unit in names and st.button(plain(names[unit]), key=f"to_{unit}_{comment_id}", shortcut=str(place)):
                    chosen = unit
    picked = st.selectbox("承办单位", list(labels), index=None, placeholder="选择或输入单位名称", key=f"unit_{comment_id}")
    if st.button("转办", type="primary", key=f"forward_{comment_id}"):
        chosen = labels[picked] if picked else None
        if chosen is None:
            notices.refuse("请选择承办单位。")
            return
    if chosen is not None:
        finish(desk, do(desk, Act.FORWARD, comment_id, step, why=note or "", unit_id=chosen))


@st.dialog("已另行回应", width="medium", on_dismiss=close_dialog)
def elsewhere(desk: Desk, comment_id: int, step: int, now: datetime) -> None:
    """Where the unit has answered in general: one of its later posts, or an address, with the reason."""
    found = fresh(cases_thread.elsewhere_candidates, comment_id=comment_id).to_dict("records")
    labels = {
        f"{clock(row['published_at'], now)} {row['account']}：{short(row['title'] or row['text'], 46)}": row["url"]
        for row in found
    }
    picked = None
    if labels:
        picked = st.radio("本单位此后发布、用词相近的内容", [plain(label) for label in labels], index=None)
    else:
        st.caption("没有找到本单位此后发布的相近内容，请填写回应所在的链接或说明。")
    links = {plain(label): link for label, link in labels.items()}
    link = st.text_input("其他链接", max_chars=LONGEST, placeholder="https://", autocomplete="off")
    why = st.text_input("说明", max_chars=LONGEST, placeholder="如：已在新闻发布会答复", autocomplete="off")
    st.caption("另行回应不计为答复，回复时效的统计不受影响。")
    if st.button("确定", type="primary", key=f"elsewhere_{comment_id}"):
        address = (link or "").strip() or (links.get(picked or "", "") if picked else "")
        words = (why or "").strip() or (picked and "见本单位发布内容") or ""
        finish(desk, do(desk, Act.POINT_ELSEWHERE, comment_id, step, why=words, link=address))


@st.dialog("填写说明", on_dismiss=close_dialog)
def say_why(desk: Desk, wanted: Act, comment_id: int, step: int) -> None:
    """An act that wants words."""
    with st.form(f"why_{wanted.name}_{comment_id}", border=False):
        why = st.text_area(HINTS[wanted], max_chars=LONGEST, height=110)
        is_sent = st.form_submit_button(str(wanted), type="primary")
    if is_sent:
        finish(desk, do(desk, wanted, comment_id, None if wanted is Act.NOTE else step, why=why))


@st.dialog("绑定为同一事项", width="medium", on_dismiss=close_dialog)
def bind(desk: Desk, comment_id: int, now: datetime) -> None:
    """Open appeals to the same unit that speak of the same matter; the present one leads."""
    found = fresh(cases_binding.likely_same, comment_id=comment_id).to_dict("records")
    if not found:
        st.markdown("没有找到同一单位用词相近的待办诉求。")
        return
    st.caption("选中的诉求并入当前这一条，此后在这一条上办理，对全部生效。")
    chosen = []
    for row in found:
        words = f"{clock(row['asked_at'], now)} {mask_name(row['author_name'])}：{short(mask_text(row['text']), 48)}"
        if st.checkbox(f"{plain(words)} · {row['state']}", key=f"same_{row['comment_id']}"):
            chosen.append(int(row["comment_id"]))
    if st.button(f"绑定{len(chosen)}条" if chosen else "绑定", type="primary", disabled=not chosen, key=f"bind_{comment_id}"):
        finish(desk, change_binding(desk, "绑定同一事项", cases_binding.bind, comment_id, chosen))


@st.dialog("解除绑定", on_dismiss=close_dialog)
def unbind(desk: Desk, comment_id: int) -> None:
    st.markdown("解除后，这条诉求单独办理，状态保持不变。")
    if st.button("解除绑定", type="primary", key=f"unbind_{comment_id}"):
        finish(desk, change_binding(desk, "解除绑定", cases_binding.unbind, comment_id, None))


def change_binding(desk: Desk, name: str, verb: Callable[..., int], comment_id: int, others: list[int] | None) -> bool:
    """Bind or let go, with its line in the journal; the present case stays on the desk."""
    viewer = signin.require(Right.CASES)
    args: list[Any] = [
        viewer.scope,
        comment_id,
        *([others] if others is not None else []),
        viewer.person.login,
        signin.exact_now(),
    ]
    detail = f"并入{'、'.join(map(str, others))}" if others else ""
    try:
        step = act(Right.CASES, name, verb, *args, subject=f"诉求{comment_id}", detail=detail)
    except (ValueError, PermissionError) as error:
        desk.say(str(error), is_refusal=True)
        return False
    desk.done |= dict.fromkeys(others or (), "已并入同一事项")
    remember(desk, step, comment_id, f"已{name.removesuffix('同一事项')}", stays=True)
    return True
