"""One post or one comment opened: its words, how its counts grew, what was changed, and what was said below it."""

from collections.abc import Mapping
from typing import Any, Protocol

import pandas as pd
import streamlit as st

from storage import publishing, publishing_changes, threads_seen
from storage.publishing import ORDERS
from ui import drill, tables, wording
from ui.ask import ask
from ui.cards import show_nothing_yet
from ui.clock import span, stamp
from ui.drill_lists import GONE, author_of, cut, whole_or_none
from ui.live import original
from ui.masks import mask_text
from ui.records import records
from ui.words import CHANNEL_WORDS, plain, platform_name, short

STILL = {"displayModeBar": False}
CHANGES = {"edited": "修改", "deleted": "删除", "hidden": "不再公开"}
OUTSIDE = "没有这条内容，或不在您的权限范围内。"


class Charts(Protocol):
    """What the page hands in: `charts.publishing`, which this room may not import."""

    def growth(self, frame: pd.DataFrame) -> Any: ...


def show_post(view: str, post_id: int, charts: Charts) -> None:
    """One post in full."""
    found = ask(publishing.post, post_id=post_id)
    if found.empty:
        show_nothing_yet(OUTSIDE)
        return
    row = found.iloc[0].to_dict()
    with st.container(border=True):
        state = f" · {GONE[row['gone_kind']]}" if row["gone_kind"] in GONE else ""
        facts = f"{row['account']} · {platform_name(int(row['platform']))} · {drill.KINDS.get(row['kind'], '')} · "
        st.caption(f"{plain(facts + stamp(row['published_at']) + state)} {original(row['url'])}".strip())
        if row["title"]:
            st.subheader(plain(mask_text(row["title"])), anchor=False)
        st.markdown(plain(short(mask_text(row["text"]), 2000)) or "(无正文)")
        st.caption(" · ".join(count_words(row)) or "平台没有给出传播数据。")
    show_growth(post_id, charts)
    show_changes(ask(publishing_changes.changes, post_id=post_id))
    show_comments(view, post_id)


def count_words(row: Mapping[str, Any]) -> list[str]:
    """阅读12,345, 点赞100,000以上: only what the platform tells."""
    floors = str(row["floors"]).split(",")
    told = {name: whole_or_none(row[name]) for name in ORDERS}
    return [f"{ORDERS[name]}{number:,}{'以上' if name in floors else ''}" for name, number in told.items() if number is not None]


def show_growth(post_id: int, charts: Charts) -> None:
    grown = ask(publishing.trend, post_id=post_id)
    if len(grown) > 1:
        st.subheader("传播数据的变化", anchor=False)
        st.plotly_chart(charts.growth(grown), key="growth", config=STILL, alt=f"{len(grown)}次采到的传播数据")


def show_changes(found: pd.DataFrame) -> None:
    """Every edit and withdrawal of one post, newest first, both wordings beside each other with what differs marked."""
    if found.empty:
        return
    st.subheader("修改和撤下", anchor=False)
    for row in records(found):
        st.caption(plain(f"{stamp(row['at'])} 发现{CHANGES[row['what']]}，{public_words(row)}。"))
        if row["what"] == "edited":
            before, after = wording.marked(mask_text(row["before"]), mask_text(row["after"]))
            for column, words, text in zip(st.columns(2, gap="small"), ("改前", "改后"), (before, after), strict=True):
                with column, st.container(border=True, height="stretch"):
                    st.caption(words)
                    st.markdown(text or "(无正文)")


def public_words(row: Mapping[str, Any]) -> str:
    """公开不超过40分钟: an upper bound, except for a wording that was itself an edit."""
    return f"公开{'不超过' if row['is_first'] else '约'}{span(row['minutes_public'] * 60)}"


def show_comments(view: str, post_id: int) -> None:
    found = ask(threads_seen.under_post, post_id=post_id)
    st.subheader("评论", anchor=False)
    if found.empty:
        show_nothing_yet("没有采到评论。")
        return
    rows = [
        {"时间": stamp(row["at"]), "作者": author_of(row), "识别": row["kind"], "评论": cut(row["text"], 80)}
        for row in records(found)
    ]
    more = f"，此处为最近{len(rows)}条" if len(rows) == threads_seen.MOST else ""
    st.caption(f"已采到{len(rows)}条{more}。点一行查看这条评论和它的上下文。")

    def opened(place: int, _heading: str) -> None:
        drill.enter(view, "comment", str(int(found.iloc[place]["comment_id"])))

    tables.press(rows, "post_comments", "single-row", opened, alt="评论")


def show_comment(view: str, comment_id: int) -> None:
    """One comment among those that it answers and that answer it, and the post above it."""
    found = ask(threads_seen.around, comment_id=comment_id)
    if found.empty:
        show_nothing_yet(OUTSIDE)
        return
    mine = found[found["comment_id"] == comment_id].iloc[0]
    if mine["post_id"] == mine["post_id"] and mine["post_id"] is not None:
        words = f"所在发布：{plain(cut(mine['post_title'], 60))} {original(mine['url'])}"
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(words, width="content")
            args = (view, "post", str(int(mine["post_id"])))
            st.button(
                "查看这条发布", key="to_post", type="tertiary", icon=":material/arrow_forward:", on_click=drill.enter, args=args
            )
    for row in records(found):
        is_this = row["comment_id"] == comment_id
        with st.container(border=True, gap="xsmall"):
            who = " · ".join(filter(None, (author_of(row), row["region"], CHANNEL_WORDS.get(row["channel"], ""), row["kind"])))
            here = "　◀ 正在查看" if is_this else ""
            st.caption(plain(f"{stamp(row['at'])} · {who}{here}"))
            words = plain(mask_text(row["text"])) or "(无文字)"
            st.markdown(words)
