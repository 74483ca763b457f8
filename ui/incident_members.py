"""What belongs to an incident: the list, a post or comment that is looked for and let in, and what is taken out again."""

from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from matrix.incident import MemberKind
from storage import incident_find, incident_members, incidents
from storage.incident_rows import Standing
from ui import tables
from ui.ask import fresh
from ui.clock import clock, stamp
from ui.incident_acts import do
from ui.masks import mask_name, mask_text
from ui.notices import attempt
from ui.records import records
from ui.signin import Viewer
from ui.words import plain, platform_name, short, told

SHOWN = 80
EARLIER = timedelta(days=1)
"""So long before the incident began a post may be about it."""


def show(viewer: Viewer, one: Standing, now: datetime, *, may: bool) -> None:
    """Alerts, leads, posts, and comments that a person let in; a chosen one can be taken out."""
    st.subheader("并入的信号", anchor=False)
    if may and st.button("并入发布或评论…", icon=":material/playlist_add:", key="add_member"):
        add(one.id, int(one.matter.starts_at - EARLIER.total_seconds()), now)
    found = fresh(incident_members.members, viewer, incident_id=one.id, as_of=int(now.timestamp()))
    if found.empty:
        st.caption("还没有并入的预警、线索或发布内容。")
        return
    rows: list[dict[str, Any]] = [
        {
            "种类": str(row["kind"]),
            "内容": mask_text(short(row["words"], SHOWN)),
            "时间": stamp(row["happened_at"]),
            "并入": stamp(row["at"]),
            "并入人": row["by_name"],
        }
        for row in records(found)
    ]
    alt = "并入事件的预警、线索、发布内容和评论"
    if not may:
        tables.show(rows, "incident_members", alt=alt)
        return
    place = tables.pick(rows, "incident_members", alt=alt)
    st.caption("选一行可以移出。")
    if place is not None:
        row = records(found)[place]
        offer_out(one.id, MemberKind(row["kind"]), int(row["member_id"]), rows[place]["内容"])


def offer_out(incident_id: int, kind: MemberKind, member_id: int, words: str) -> None:
    """The button below a chosen row."""
    if st.button(f"移出“{plain(short(words, 20))}”…", icon=":material/playlist_remove:", key=f"out_{kind.name}_{member_id}"):
        take_out(incident_id, kind, member_id, words)


@st.dialog("并入发布内容或评论", width="large", on_dismiss="rerun")
def add(incident_id: int, since: int, now: datetime) -> None:
    """Looked for first, then let in one by one."""
    kinds = [MemberKind.POST.value, MemberKind.COMMENT.value]
    kind = st.segmented_control("种类", kinds, default=kinds[0], required=True, key="member_kind") or kinds[0]
    words = st.text_input(
        "链接、编号或其中的文字", key="member_words", max_chars=500, autocomplete="off", placeholder="粘贴链接，或输入两个字以上"
    )
    st.caption("链接可查到该条发布及其下的评论；按文字查找的，只列事件发生前一日以来的，最多10条。")
    if not words.strip():
        return
    found = fresh(incident_find.found, kind=kind, words=words, since=since)
    if found.empty:
        st.markdown("没有找到，或不在您的权限范围内。可换一段文字，或改查另一种类。")
    for row in records(found):
        with st.container(border=True, gap="xsmall"):
            who = "" if kind == MemberKind.POST else f"{mask_name(row['author_name'])}，"
            st.caption(plain(f"{clock(row['at'], now)} · {who}{row['account']}({platform_name(int(row['platform']))})"))
            st.markdown(told(short(row["text"], 120)))
            if st.button("并入", key=f"let_in_{row['member_id']}", icon=":material/add:"):
                args = (incident_id, MemberKind(kind), int(row["member_id"]))
                attempt(do, "并入事件", incidents.join, *args, detail=f"{kind}：{short(row['text'], 60)}")


@st.dialog("移出事件", on_dismiss="rerun")
def take_out(incident_id: int, kind: MemberKind, member_id: int, words: str) -> None:
    st.markdown(f"{kind}：**{told(words)}**")
    with st.form("take_out", border=False):
        why = st.text_input("原因(可不填)", max_chars=200, autocomplete="off", placeholder="例如：说的不是这件事")
        st.caption("移出后不再计入声量和情绪；此前曾经并入的记录保留在时间线。移出发布内容的，其下评论一并不计。")
        is_sent = st.form_submit_button("移出", type="primary")
    if is_sent:
        attempt(do, "移出事件", incidents.leave, incident_id, kind, member_id, why, detail=f"{kind}：{words} {why}".strip())
