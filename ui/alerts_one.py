"""One alert: the sentence first, then what can be done, the course against what was expected, and what carries it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

import pandas as pd
import streamlit as st

from matrix.alert import Move
from matrix.people import Right
from storage import alert_rows, alert_said
from storage.alert_said import Carried
from ui import alerts_acts, alerts_parts, alerts_said, dialogs, exports, signin
from ui.alert_words import age_words, badges, desk_words, leave, member_words, opened, show_rows
from ui.alerts_parts import BARE
from ui.ask import ask, fresh
from ui.cards import show_nothing_yet
from ui.clock import clock, stamp
from ui.exports import Writers
from ui.masks import mask_text
from ui.records import records
from ui.signin import Viewer
from ui.words import plain, told

LOOK = timedelta(seconds=5)
STRIPES = (
    "柱为实际条数，虚线为预期，点线以下为通常范围；斜纹为未采集，不作零计。▲发生 ▲▲升级 ＋并入 ▼回落 ■结束。"
    "点柱查看该5分钟的评论。"
)


HEAD = "alert_head"
STYLE = """
@media(min-width:641px){
div[data-testid="stLayoutWrapper"]:has(> .st-key-alert_head),
div[data-testid="stVerticalBlock"] > .st-key-alert_head{position:sticky;top:0;z-index:90}
.st-key-alert_head{background:light-dark(#ffffff,#12181f)}
}
"""
"""The sentence and the numbers stay in sight while one reads on; on a narrow screen they would leave no room."""


class Charts(Protocol):
    """What the page hands in: `charts.surge`, which this room may not import."""

    def seen_and_expected(self, counts: pd.DataFrame, moves: pd.DataFrame, name: str) -> Any: ...


def show(viewer: Viewer, charts: Charts, growth: Any, writers: Writers) -> None:
    """The alert of the address, or the rows behind one of its numbers."""
    alert_id, now = opened(), signin.exact_now()
    found = fresh(alert_rows.alert, viewer, alert_id=alert_id, login=viewer.person.login)
    st.button("返回预警列表", icon=":material/arrow_back:", key="alert_back", on_click=leave)
    dialogs.show_answer()
    if found.empty:
        show_nothing_yet("没有这条预警，或不在您的权限范围内。")
        return
    row = records(found)[0]
    if alerts_said.is_open():
        alerts_said.show(alert_id, told(row["title"]), growth, writers)
        return
    moves, steps = fresh(alert_rows.moves, viewer, alert_id=alert_id), fresh(alert_rows.steps, viewer, alert_id=alert_id)
    members = fresh(alert_rows.members, viewer, alert_id=alert_id)
    show_head(row, ask(alert_said.carried, alert_id=alert_id), now)
    watch_for_news(alert_id, mark_of(row, moves))
    if viewer.may(Right.ALERTS):
        alerts_acts.show(viewer, row, now)
    left, right = st.columns([5, 3], gap="medium")
    with left:
        show_course(viewer, alert_id, members, moves, charts)
        alerts_parts.show_posts(alert_id, now)
        alerts_parts.show_words(alert_id)
        alerts_parts.show_removals(alert_id)
    with right:
        alerts_parts.show_timeline(moves, steps, viewer, now)
        alerts_parts.show_delivery(viewer, row, now)
    offer(alert_id, row, members, moves, steps, writers)


def show_head(row: Mapping[str, Any], carried: Carried, now: datetime) -> None:
    """Level, state, the sentence; below it the numbers, each a way to its rows."""
    st.html(f"<style>{STYLE}</style>")
    with st.container(border=True, gap="xsmall", key=HEAD):
        st.markdown(badges(row))
        st.subheader(told(row["title"]), anchor=False)
        st.markdown(f"**{told(row['sentence'])}**")
        facts = (row["organization"], age_words(row, now), member_words(row), desk_words(row, now))
        st.caption(plain(" · ".join(facts)))
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            number("said", f"评论{carried.comments:,}条", carried.comments)
            number("people", f"网民{carried.citizens:,}人(去重)", carried.citizens)
            number("leads", f"线索{carried.leads:,}条", carried.leads)
            if carried.first_at is not None:
                st.caption(f"首条 {clock(carried.first_at, now)}，统计到 {clock(carried.until, now)}", width="content")


def number(kind: str, words: str, count: int) -> None:
    """One number of the head; nothing where there is nothing to open."""
    if count > 0:
        st.button(words, key=f"open_{kind}", type="tertiary", icon=":material/chevron_right:", icon_position="right",
                  on_click=show_rows, args=(kind,))  # fmt: skip


def mark_of(row: Mapping[str, Any], moves: pd.DataFrame) -> tuple[Any, ...]:
    """By what one sees that something has happened since the page was drawn."""
    return (row["state"], int(row["level"]), int(row["members"]), int(row["step_id"]), len(moves))


@st.fragment(run_every=LOOK)
def watch_for_news(alert_id: int, drawn: tuple[Any, ...]) -> None:
    """Says that the alert has moved; what one reads stays as it is until one asks for the new."""
    viewer = signin.require()
    found = fresh(alert_rows.alert, viewer, alert_id=alert_id)
    if found.empty:
        return
    moves = fresh(alert_rows.moves, viewer, alert_id=alert_id)
    if mark_of(records(found)[0], moves) != drawn and st.button(
        "这条预警有新的进展，点此载入", key="alert_news", icon=":material/refresh:", type="primary"
    ):
        st.rerun()


def show_course(viewer: Viewer, alert_id: int, members: pd.DataFrame, moves: pd.DataFrame, charts: Charts) -> None:
    """The course of one member, the loudest unless another one is chosen, and all members with their sentences."""
    st.subheader("实际与预期", anchor=False)
    if members.empty:
        show_nothing_yet("涉及的对象都不在您的权限范围内。")
        return
    names = {f"{row['name']}": int(row["series_id"]) for row in records(members)}
    labels = list(names)
    chosen = labels[0]
    if len(labels) > 1:
        wanted = st.pills("对象", labels, default=labels[0], required=True, key=f"member_{alert_id}", wrap=True)
        chosen = str(wanted or labels[0])
    series = names[chosen]
    held = fresh(alert_rows.counts, viewer, alert_id=alert_id, series_id=series)
    if held.empty:
        show_nothing_yet("这个对象的逐5分钟条数还没有算出。")
    else:
        own = moves[(moves["move"] != Move.JOINED) | (moves["series_id"] == series)]
        figure = charts.seen_and_expected(held, own, chosen)
        gaps = int(held["seen"].isna().sum())
        alt = f"{chosen}每5分钟的评论条数和预期，最高{held['seen'].max():.0f}条" + (f"，{gaps}段未采集" if gaps else "")
        key = f"course_{series}"
        st.plotly_chart(figure, key=key, on_select=lambda: on_bar(key, series), selection_mode="points", config=BARE, alt=alt)
        st.caption(STRIPES)
    alerts_parts.show_members(members)


def on_bar(key: str, series_id: int) -> None:
    """A bar opens its comments."""
    points = (st.session_state.get(key) or {}).get("selection", {}).get("points") or []
    mark = points[0].get("customdata") if points else None
    while isinstance(mark, list | tuple) and len(mark) == 1:
        mark = mark[0]
    if isinstance(mark, int | float):
        show_rows("said", series_id, int(mark))


def offer(
    alert_id: int, row: Mapping[str, Any], members: pd.DataFrame, moves: pd.DataFrame, steps: pd.DataFrame, writers: Writers
) -> None:
    """Everything that is shown, as a file: members, then the timeline and the comments on sheets of their own."""
    about = {
        "预警": mask_text(row["title"]),
        "说明": mask_text(row["sentence"]),
        "级别和状态": f"{int(row['level'])}级，{row['state']}，{row['judgement']}",
        "发生时间": stamp(row["raised_at"]),
        "截至": stamp(signin.exact_now()),
    }
    more = {
        "过程": pd.DataFrame(alerts_parts.timeline_rows(moves, steps)),
        "评论": alerts_said.later("said", {"alert_id": alert_id}),
    }
    exports.offer("预警", pd.DataFrame(alerts_parts.member_rows(members)), about, writers, key="alert", more=more)
