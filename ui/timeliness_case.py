"""One case opened: the citizen's words, both answers by both clocks, what is known and what is not, the way to the original."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from matrix.people import Right
from matrix.waiting import ANSWER, FIRST
from ui import signin
from ui.clock import beijing, clock, due
from ui.inbox_desk import CASE
from ui.live import original
from ui.masks import mask_name, mask_text
from ui.menu import ROOT
from ui.timeliness_window import Window
from ui.timeliness_words import both
from ui.words import CHANNEL_WORDS, plain, platform_name

FIELDS = {FIRST: "first", ANSWER: "answer"}


def has(value: Any) -> bool:
    return value is not None and value == value


def show_case(row: Mapping[str, Any], window: Window) -> None:
    """Everything that a person needs in order to check a figure by hand."""
    now = beijing(window.now)
    with st.container(border=True):
        st.subheader(f"{row['kind']} · {row['account']}", anchor=False)
        who = " · ".join(
            filter(None, (mask_name(row["author_name"]), row.get("region", ""), CHANNEL_WORDS.get(row.get("channel", ""), "")))
        )
        facts = f"{clock(row['asked_at'], now)} · {who} · {row['organization']} · {platform_name(int(row['platform']))}"
        st.caption(plain(facts))
        st.markdown(plain(mask_text(row["text"])) or "(无文字)")
        under = f"所在发布：{plain(mask_text(row['post_title']))} " if row["post_title"] else ""
        link = original(row["url"])
        if under or link:
            st.caption(f"{under}{link}".strip())
        for column, name in zip(st.columns(2), (FIRST, ANSWER), strict=True):
            with column:
                show_answer(row, name, window)
        show_rest(row, window)
        if signin.require().may(Right.CASES_VIEW):
            st.page_link(
                ROOT / "pages/duty/inbox.py",
                label="在“诉求待办”中打开",
                icon=":material/arrow_forward:",
                query_params={CASE: str(int(row["comment_id"]))},
            )


def show_answer(row: Mapping[str, Any], name: str, window: Window) -> None:
    """When one clock stopped and by which words; while it runs, how long it is known to have run."""
    field, now = FIELDS[name], beijing(window.now)
    state, age = str(row[f"{field}_state"]), both(row[f"{field}_wait"], row[f"{field}_working"])
    st.markdown(f"**{name}**")
    if state == "已回复":
        st.markdown(age)
        by = "，由同单位其他账号回复" if int(row["is_sister"]) and name == FIRST else ""
        st.caption(f"{clock(row[f'{field}_at'], now)}回复{by}")
        if row[f"{field}_reply"]:
            st.caption(f"“{plain(mask_text(row[f'{field}_reply']))}”")
    elif state == "尚未回复":
        st.markdown(f"尚未回复，已等待{age}")
        st.caption(f"对话采到{clock(min(float(row['known_until']), float(window.now)), now)}为止，其间没有回复。")
    else:
        st.markdown("情况不明")
        st.caption("对话没有采全，无法知道是否已回复；不计入任何比率。")


def show_rest(row: Mapping[str, Any], window: Window) -> None:
    """Due time, the answer elsewhere, what the citizen said afterwards."""
    now, parts = beijing(window.now), []
    if has(row["due_at"]):
        late = "，已超时" if has(row["is_late"]) and int(row["is_late"]) else ""
        parts.append(f"时限：{due(row['due_at'], now)}{late}")
    else:
        parts.append("没有时限(当时没有选定规则，或规则不含这一类别)")
    if has(row["elsewhere_at"]):
        parts.append(f"他处回应：{clock(row['elsewhere_at'], now)}，不计作回复")
    if row["mood"]:
        parts.append(f"公众评价：{row['mood']}")
    if int(row.get("is_corrected") or 0):
        parts.append("识别结果经人工更正")
    st.caption(plain(" · ".join(parts)))
