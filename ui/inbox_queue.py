"""The left pane: the queue as it was fixed, the rows around the present case, and what came since."""

from datetime import datetime
from typing import Any

import streamlit as st

from storage import cases_queue
from ui import signin
from ui.ask import fresh
from ui.case_words import mark_of
from ui.inbox_acts import BACK, NEXT
from ui.inbox_desk import Desk, jump, move, reload
from ui.masks import mask_text
from ui.signin import Viewer
from ui.words import plain, short


def show(desk: Desk, viewer: Viewer, now: datetime) -> None:
    """The rows in their order; a row can be chosen, J and K go on and back."""
    show_newer(desk, viewer)
    place = desk.place
    total = len(desk.ids)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        where = f"第{place + 1}条" if place is not None else "不在队列中"
        st.markdown(f"**{where}** / 共{total}条" + ("(先列前500条)" if total >= cases_queue.LIMIT else ""), width="stretch")
        for name, by, letter, icon, words in (
            (BACK, -1, "K", ":material/keyboard_arrow_up:", "上一条"),
            (NEXT, 1, "J", ":material/keyboard_arrow_down:", "下一条"),
        ):
            st.button("", key=name, icon=icon, on_click=move, args=(by,), help=words, shortcut=desk.key(letter))
    rows = fresh(cases_queue.listing, viewer, ids=tuple(desk.window())).to_dict("records")
    with st.expander("队列", key="inbox_rows") if signin.is_phone() else st.container(gap="xxsmall"):
        for row in rows:
            show_row(desk, viewer, row, now)


def show_newer(desk: Desk, viewer: Viewer) -> None:
    """新到6条，点此载入: the queue itself does not move under one's hands."""
    wanted = desk.wanted
    count = fresh(
        cases_queue.newer,
        viewer,
        than=desk.newest,
        state=wanted.state,
        kind=wanted.kind,
        platform=wanted.platform,
        organization_id=wanted.organization_id,
    )
    if count:
        st.button(f"新到{count}条，点此载入", key="inbox_newer", icon=":material/refresh:", on_click=reload, width="stretch")


def show_row(desk: Desk, viewer: Viewer, row: dict[str, Any], now: datetime) -> None:
    """One case in two lines; the present one is framed and marked."""
    comment_id = int(row["comment_id"])
    is_here = comment_id == desk.at
    facts = [row["account"], mark_of(row, now)]
    if row["bound"]:
        facts.append(f"同一事项{int(row['bound']) + 1}条")
    if row["is_typical"]:
        facts.append("典型")
    if comment_id in desk.done:
        facts = [f"✓ {desk.done[comment_id]}"]
    elif row["state"] != desk.wanted.state:
        facts = [f"✓ {row['state']}"]
    elif row["claimed_by"] not in ("", viewer.person.login) and (row["claimed_until"] or 0) > now.timestamp():
        facts.append(f"{row['claimer']}正在处理")
    words = plain(short(mask_text(row["text"]), 40)) or "(无文字)"
    with st.container(border=is_here, gap=None):
        st.button(
            f"**{row['kind'] or '诉求'}** {words}",
            key=f"row_{comment_id}",
            on_click=jump,
            args=(comment_id,),
            type="tertiary",
            wrap=False,
        )
        st.caption(f"{'▶ ' if is_here else ''}{plain(' · '.join(facts))}")
