"""诉求待办: three panes around one case, worked by keyboard; the queue stands still while one works."""

from datetime import datetime

import streamlit as st

from matrix.case import UNFINISHED, State
from matrix.people import Right
from storage import cases_queue
from ui import inbox_case, inbox_dialogs, inbox_filters, inbox_queue, inbox_thread, notices, periods, signin
from ui.ask import fresh
from ui.cards import show_nothing_yet
from ui.clock import beijing, clock
from ui.inbox_acts import UNDO, take_back
from ui.inbox_desk import Desk, keep_address, may_undo, reload, take
from ui.inbox_landing import land
from ui.inbox_sheet import SheetWriter
from ui.signin import Viewer
from ui.words import plain

PANES = [28, 47, 25]
HINT = (
    "J/K 下一条、上一条；1 确认诉求，2 转办，3 无需回复，0 不是诉求，4 已另行回应，5 已在平台回复，O 打开原文，N 备注，"
    "T 更正主题、情绪，Z 撤销。输入文字时按键无效。"
)


@st.fragment
def show(write: SheetWriter) -> None:
    """Filters above, the desk below; a key draws only this anew and not the page around it."""
    viewer, began = signin.require(Right.CASES_VIEW), signin.wall_now().timestamp()
    desk, now = take(inbox_filters.pick()), signin.exact_now()
    case = land(desk, viewer, int(now.timestamp()))
    show_head(desk, viewer, now)
    if desk.at is None:
        show_empty(desk)
        return
    keep_address(desk)
    left, middle, right = st.columns(PANES, gap="medium")
    with left:
        inbox_queue.show(desk, viewer, now)
    if case is None:
        with middle:
            show_nothing_yet("这条诉求不在您的权限范围内，或已不按诉求处理。", "请从左侧队列选择另一条。")
        return
    # The buttons are drawn before the words: whoever sees the words of a case has its keys and no other's.
    with right:
        inbox_case.show(desk, viewer, case, now, write)
    with middle:
        inbox_thread.show(desk, viewer, case, now)
    st.caption(HINT)
    desk.drawn_at = signin.wall_now().timestamp()
    desk.took = desk.drawn_at - began
    inbox_dialogs.show(desk, now)


def show_head(desk: Desk, viewer: Viewer, now: datetime) -> None:
    """今日37/212 and what the last key did, with the way back."""
    today = periods.midnight(beijing(now).date())
    done = fresh(cases_queue.progress, viewer, since=today, author=viewer.person.login) if viewer.may(Right.CASES) else 0
    left, right = st.columns([1, 2.6], vertical_alignment="center", gap="medium")
    with left:
        if viewer.may(Right.CASES) and State(desk.wanted.state) in UNFINISHED:
            total = done + desk.left()
            st.progress(done / total if total else 1.0, text=f"**今日{done}/{total}** · 队列定于{clock(desk.fixed_at, now)}")
        else:
            st.markdown(f"队列中{len(desk.ids)}条 · 定于{clock(desk.fixed_at, now)}")
    with right, st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if desk.ids and not desk.left():
            st.markdown(":material/done_all: **这一队列已全部办完**", width="content")
            st.button("再看一次", key="inbox_again", icon=":material/refresh:", type="tertiary", on_click=reload)
        if not desk.message:
            st.caption("队列已固定，办理中不会跳动；新到的诉求由您决定何时载入。", width="content")
        elif desk.is_refusal:
            st.markdown(f":material/block: **{plain(desk.message)}**", width="content")
        elif may_undo(desk):
            st.markdown(f":material/check: **{plain(desk.message)}**，10 秒内可撤销", width="content")
        else:
            st.markdown(f":material/check: **{plain(desk.message)}**", width="content")
        if may_undo(desk):
            st.button("撤销", key=UNDO, icon=":material/undo:", type="tertiary", on_click=take_back, shortcut=desk.key("Z"))


def show_empty(desk: Desk) -> None:
    """Nothing waits: that is said, with the moment at which it was checked."""
    notices.show(f"**0 · {clock(desk.fixed_at, signin.now())}已核对**，没有“{desk.wanted.state}”的诉求。", "inbox")
    st.button("再看一次", key="inbox_again", icon=":material/refresh:", on_click=reload)
