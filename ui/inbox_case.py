"""The right pane: where the case stands, until when it is due by which rule, what was done, and what can be done."""

from datetime import datetime

import streamlit as st

from storage import cases_binding, cases_view
from storage.cases_view import Case
from ui import inbox_buttons
from ui.ask import fresh
from ui.case_words import STATE_ICONS, age_words, due_words, rule_words
from ui.clock import clock
from ui.inbox_acts import take_over
from ui.inbox_desk import Desk, jump
from ui.inbox_landing import is_in_other_hands
from ui.inbox_sheet import SheetWriter
from ui.masks import mask_name, mask_text
from ui.signin import Viewer
from ui.words import plain, short


def show(desk: Desk, viewer: Viewer, case: Case, now: datetime, write: SheetWriter) -> None:
    """State and time first, then the acts, then how it came here."""
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"{STATE_ICONS.get(case.state, '')} **{case.state}**" + (f" · 承办：{plain(case.unit)}" if case.unit else ""))
        st.markdown(f"时限：**{plain(due_words(case, now))}**")
        st.caption(plain(rule_words(case)))
        waited = "已等待" if case.answer_at is None else "答复用时"
        st.markdown(f"{waited}：{plain(age_words(case, now))}")
        extras = extras_of(case)
        if extras:
            st.caption(plain("；".join(extras)))
    show_followup(viewer, case, now)
    if desk.claim is not None and is_in_other_hands(desk, viewer):
        st.markdown(f":material/lock_person: **{plain(desk.claim.name)}正在处理这一条**，请先沟通，以免重复办理。")
        st.button("接手办理", key=f"over_{case.comment_id}", on_click=take_over, args=(case.comment_id,), width="stretch")
    else:
        inbox_buttons.show(desk, viewer, case, now, write)
    show_bound(viewer, case)
    show_steps(viewer, case, now)


def extras_of(case: Case) -> list[str]:
    """Short facts that change how one handles a case."""
    found = []
    if case.presses:
        found.append(f"网民已追问{case.presses}次")
    if case.reopens is not None:
        found.append("答复之后再次提出")
    if case.is_typical:
        found.append("典型留言")
    if case.urged:
        found.append(f"已催办{case.urged}次")
    if case.first_at is not None and case.answer_at is None:
        found.append("已有首次响应，尚无实质答复")
    if case.is_sister:
        found.append("由本单位其他账号回复")
    return found


def show_followup(viewer: Viewer, case: Case, now: datetime) -> None:
    """What the citizen says to the answer, and where the unit has spoken in general."""
    ids = tuple(number for number in (case.followup_id, case.elsewhere_id) if number is not None)
    if not ids:
        return
    said = fresh(cases_view.words_of, viewer, ids=ids)
    for number, name in ((case.followup_id, "网民回应"), (case.elsewhere_id, "他处回应(不计为答复)")):
        if number in said:
            text, at = said[number]
            mood = f"({case.mood})" if number == case.followup_id and case.mood else ""
            st.caption(f"**{name}{mood}** {plain(clock(at, now))}：{plain(short(mask_text(text), 60))}")


def show_bound(viewer: Viewer, case: Case) -> None:
    """Appeals of the same matter, or the main one that this is bound to."""
    if case.bound_to is not None:
        st.button("打开主件(同一事项)", key=f"main_{case.comment_id}", on_click=jump, args=(case.bound_to,), width="stretch")
    if not case.bound:
        return
    with st.expander(f"同一事项共{case.bound + 1}条"):
        for row in fresh(cases_binding.bound, viewer, comment_id=case.comment_id).to_dict("records"):
            words = f"{mask_name(row['author_name'])}：{short(mask_text(row['text']), 40)}"
            st.button(
                plain(words), key=f"bound_{row['comment_id']}", on_click=jump, args=(int(row["comment_id"]),), type="tertiary"
            )


def show_steps(viewer: Viewer, case: Case, now: datetime) -> None:
    """Who did what, when and why, the newest first; what was taken back is struck out."""
    st.markdown("**办理过程**")
    mine = viewer.person.login
    rows = fresh(cases_view.steps, viewer, comment_id=case.comment_id).to_dict("records")
    for row in reversed(rows):
        who = "您" if row["author"] == mine else row["name"]
        unit = f"给{row['unit']}" if row["unit"] and row["act"] == "转办" else ""
        words = plain(f"{who} {row['act']}{unit}")
        words = f"~~{words}~~(已撤销)" if row["is_undone"] else words
        why = f"：{plain(mask_text(row['why']))}" if row["why"] else ""
        link = f" [链接]({row['link']})" if row["link"] and not set(row["link"]) & set("() <>[]\\") else ""
        led = "(随主件)" if row["led_by"] is not None and row["led_by"] == row["led_by"] else ""
        st.caption(f"{plain(clock(row['at'], now))} {words}{led}{why}{link}")
    st.caption(plain(f"{clock(case.asked_at, now)} 网民提出；{clock(case.seen_at, now)} 采集获知"))
