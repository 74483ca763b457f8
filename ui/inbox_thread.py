"""The middle pane: the post, the sub-thread around the appeal, and who has said what in it."""

from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from storage import cases_thread
from storage.cases_view import Case
from ui import inbox_reading
from ui.ask import fresh
from ui.case_words import known_words, reading_words
from ui.clock import ago, clock
from ui.inbox_desk import Desk
from ui.masks import mask_name, mask_text
from ui.records import records
from ui.signin import Viewer
from ui.words import CHANNEL_WORDS, plain, platform_name, short

AROUND = 12
"""So many comments of a sub-thread are shown at once; the others are one click away."""

CITIZEN, OFFICE = ":material/person:", ":material/account_balance:"


def show(desk: Desk, viewer: Viewer, case: Case, now: datetime) -> None:
    """Where the words stand, what was said around them, and why they were read as an appeal."""
    show_post(desk, case, now)
    frame = fresh(cases_thread.thread, viewer, comment_id=case.comment_id)
    rows = records(frame)
    chosen = near(rows, case.comment_id)
    hidden = len(rows) - len(chosen)
    for row in rows:
        if row["comment_id"] in chosen:
            show_said(row, case, now)
    if hidden:
        with st.expander(f"其余{hidden}条讨论"):
            for row in rows:
                if row["comment_id"] not in chosen:
                    show_said(row, case, now)
    unknown = known_words(case, now)
    if unknown:
        st.markdown(f":material/visibility_off: **{plain(unknown)}**")
    st.caption(plain(reading_words(case)))
    inbox_reading.show(desk, viewer, case)


def near(rows: list[dict[str, Any]], comment_id: int) -> set[int]:
    """The top, the appeal, everything official or by the same citizen, and what stands closest to it."""
    here = next((place for place, row in enumerate(rows) if row["comment_id"] == comment_id), 0)
    weight = {
        row["comment_id"]: (
            0 if row["comment_id"] == comment_id or not row["depth"] else 1 if row["is_official"] or row["is_same_author"] else 2,
            abs(place - here),
        )
        for place, row in enumerate(rows)
    }
    return set(sorted(weight, key=lambda number: weight[number])[:AROUND])


def show_post(desk: Desk, case: Case, now: datetime) -> None:
    with st.container(border=True, gap="xsmall"):
        kind = CHANNEL_WORDS.get(case.channel, case.channel)
        head = f"{platform_name(case.platform)} · {case.account}({case.organization})"
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(plain(head), width="stretch")
            show_link(case.url, desk.key("O"))
        if case.post_id is None:
            st.markdown(f"*{kind}，不在某条发布之下*")
            return
        gone = "(已删除或不可见)" if case.gone_kind in ("deleted", "hidden") else ""
        title = plain(short(mask_text(case.post_title or ""), 40))
        text = plain(short(mask_text(case.post_text or ""), 120))
        st.markdown(f"**{title}** {text}" if title else text or "(无文字)")
        st.caption(plain(f"发布于{clock(case.posted_at, now)}{gone}"))


def show_link(url: str | None, key: str | None) -> None:
    """O opens the original; only an address that a browser may open."""
    address = str(url or "")
    if not address.startswith(("https://", "http://")) or set(address) & set(' "<>\\'):
        st.caption("无原文链接", width="content")
        return
    st.link_button("打开原文", address, icon=":material/open_in_new:", type="tertiary", shortcut=key)


def show_said(row: dict[str, Any], case: Case, now: datetime) -> None:
    """One comment: the appeal in a frame with its mark, official words with theirs, others plainly."""
    is_appeal = row["comment_id"] == case.comment_id
    when = f"{clock(row['published_at'], now)}(已过{ago(row['published_at'], now)})"
    if row["is_official"]:
        who, icon = f"{row['author_name']}(官方)", OFFICE
        nature = f" · {row['nature']}" if row["nature"] else ""
    else:
        who, icon = mask_name(row["author_name"]), CITIZEN
        nature = " · 同一网民" if row["is_same_author"] and not is_appeal else ""
    likes = f" · 赞{row['likes']:.0f}" if not pd.isna(row["likes"]) and row["likes"] else ""
    with (
        st.container(border=is_appeal, gap=None),
        st.chat_message("assistant", avatar=icon),
    ):
        mark = f":material/flag: **待办诉求 · {case.kind or '诉求'}** · " if is_appeal else ""
        st.caption(f"{mark}{plain(who + nature + ' · ' + when + likes)}")
        st.markdown(plain(mask_text(row["text"])) or "(无文字)")
        if row["before"]:
            since = "" if pd.isna(row["since_at"]) else f"；自{clock(row['since_at'], now)}起算实质答复"
            st.caption(plain(f"发布后改过，原文：{short(mask_text(row['before']), 60)}{since}"))
