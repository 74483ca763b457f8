"""The parts of the page of one alert: its members, the posts and words that carry it, how it came and was told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from matrix.alert import AlertLevel
from matrix.notice import ChannelKind, DeliveryState
from storage import alert_clear, alert_said, alert_told, alert_words
from ui import tables
from ui.alert_words import show_rows
from ui.ask import ask, fresh
from ui.channel_words import STATE_SIGNS
from ui.clock import clock, span, stamp
from ui.drill_lists import cut
from ui.live import original
from ui.masks import mask_name, mask_text
from ui.records import records
from ui.signin import Viewer
from ui.words import plain, platform_name, told

BARE = {"displayModeBar": False}
FEW = 4
"""So many members have their sentence beside the chart."""


def show_members(members: pd.DataFrame) -> None:
    """The loudest members with their sentences, each a way to the comments of its window; all of them in a list where many."""
    st.subheader("涉及的对象", anchor=False)
    for row in records(members.head(FEW)):
        with st.container(border=True, gap="xsmall"):
            series, words = int(row["series_id"]), f"{row['name']}({row['kind']})：多出{row['most_excess']:.0f}条"
            st.button(plain(words), key=f"member_said_{series}", type="tertiary", icon=":material/chevron_right:",
                      icon_position="right", on_click=show_rows, args=("said", series))  # fmt: skip
            st.caption(told(row["sentence"]))
    if len(members) <= FEW:
        return

    def opened(place: int, _heading: str) -> None:
        show_rows("said", int(members.iloc[place]["series_id"]))

    rows = member_rows(members)
    st.caption(f"全部{len(rows)}个对象，按超出预期的条数排列。点一行查看其窗口内的评论。")
    numbers = tables.counts(rows) | {"预期": st.column_config.NumberColumn(width=70, format="%.1f")}
    tables.press(rows, "alert_members", "single-row", opened, numbers, alt="涉及的对象", pinned="对象")


def member_rows(members: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            "对象": row["name"],
            "实际": int(row["seen"]),
            "预期": round(row["expected"], 1),
            "通常不超过": int(row["usual_most"]),
            "网民": int(row["citizens"]),
            "窗口": span(row["minutes"] * 60),
            "负面": f"{int(row['negative'])}/{int(row['feelings'])}" if row["feelings"] else "—",
            "种类": row["kind"],
            "单位": row["organization"],
            "加入时间": stamp(row["joined_at"]),
            "说明": mask_text(row["sentence"]),
        }
        for row in records(members)
    ]


def show_posts(alert_id: int, now: datetime) -> None:
    """The posts below which most of it was said, and the first comment of all."""
    found = ask(alert_said.posts, alert_id=alert_id)
    if len(found):
        st.subheader("集中在哪些发布之下", anchor=False)
    for row in records(found):
        with st.container(border=True, gap="xsmall"):
            facts = f"{clock(row['published_at'], now)} · {row['account']}({platform_name(int(row['platform']))})"
            st.caption(f"{plain(facts)} {original(row['url'])}".strip())
            st.markdown(plain(cut(row["title"], 80)) or "(无文字)")
            words = f"评论{int(row['comments']):,}条，网民{int(row['citizens']):,}人"
            post = int(row["post_id"])
            st.button(words, key=f"post_{post}", type="tertiary", icon=":material/chevron_right:", icon_position="right",
                      on_click=show_rows, args=("said", 0, 0, post))  # fmt: skip
    first = ask(alert_said.comments, alert_id=alert_id, is_first=True, limit=1)
    for row in records(first):
        st.subheader("第一条", anchor=False)
        with st.container(border=True, gap="xsmall"):
            st.caption(plain(f"{clock(row['at'], now)} · {row['account']} · 于《{cut(row['post_title'], 24)}》之下"))
            st.markdown(plain(cut(row["text"], 140)) or "(无文字)")


def show_words(alert_id: int) -> None:
    """The hot words of its comments, each a way to them."""
    found = ask(alert_words.words, alert_id=alert_id)
    if found.empty:
        return
    st.subheader("热词", anchor=False)
    with st.container(horizontal=True, gap="xsmall"):
        for row in records(found):
            word = str(row["word"])
            label = f"{plain(mask_text(word))} {int(row['comments'])}条"
            st.button(label, key=f"word_{word}", on_click=show_rows, args=("said", 0, 0, 0, word))


def show_removals(alert_id: int) -> None:
    """Without which part there would have been no alert: the largest post, repeated wording and citizen, and all that decide."""
    found = records(ask(alert_clear.would_clear, alert_id=alert_id))
    if not found:
        return
    st.subheader("去掉哪一部分，就不再构成异动", anchor=False)
    firsts = {row["what"]: place for place, row in reversed(list(enumerate(found)))}
    for place, row in enumerate(found):
        if row["is_cleared"] or firsts[row["what"]] == place:
            st.caption(removal_words(row))
    whole = f"“{plain(str(found[0]['series']))}”发生预警时的窗口，发生预警的得分为{found[0]['threshold']:g}"
    st.caption(f"按{whole}推算。由一位网民或同一文字撑起来的，多半是刷屏，可以“排除”。")


def removal_words(row: Mapping[str, Any]) -> str:
    """去掉同一文字“…”的30条，剩18条，得分3.2：不再构成异动."""
    label = str(row["label"])
    named = mask_name(label.strip("\u200b")) if row["what"] == alert_clear.CITIZEN else f"“{cut(label, 30)}”"
    part = f"去掉{row['what']}{plain(named)}的{int(row['comments'])}条，剩{int(row['left'])}条，得分{row['score']:.1f}"
    return f"✓ {part}：**不再构成异动**" if row["is_cleared"] else f"✕ {part}：仍构成异动"


def show_timeline(moves: pd.DataFrame, steps: pd.DataFrame, viewer: Viewer, now: datetime) -> None:
    """What the system saw and what people did, in one line of time, the newest first."""
    st.subheader("过程", anchor=False)
    lines = [(int(row["at"]), 0, move_line(row)) for row in records(moves)]
    lines += [(int(row["at"]), int(row["step_id"]), step_line(row, viewer)) for row in records(steps)]
    for at, _, words in sorted(lines, reverse=True):
        st.caption(f"{plain(clock(at, now))} {words}")


def move_line(row: Mapping[str, Any]) -> str:
    """系统：升级为橙色, 青山县并入 …"""
    move = str(row["move"])
    if move in ("发生", "升级"):
        move += f"({AlertLevel(int(row['level'])).label})"
    name = f" {told(row['name'])}" if row["name"] else ""
    words = f"：{told(row['sentence'])}" if row["sentence"] else ""
    return f"系统 **{move}**{name}{words}"


def step_line(row: Mapping[str, Any], viewer: Viewer) -> str:
    """张某 指派给城关镇：请核实; what was taken back is struck out."""
    who = "您" if row["by_login"] == viewer.person.login else row["by_name"]
    unit = f"给{row['unit']}" if row["unit"] else ""
    words = f"{plain(str(who))} **{row['act']}**{plain(unit)}"
    note = f"：{told(row['note'])}" if row["note"] else ""
    return f"~~{words}{note}~~(已撤销)" if row["is_undone"] else f"{words}{note}"


def timeline_rows(moves: pd.DataFrame, steps: pd.DataFrame) -> list[dict[str, Any]]:
    """The same for a file, the oldest first."""
    lines = [
        (
            int(row["at"]),
            0,
            {
                "时间": stamp(row["at"]),
                "由": "系统",
                "事项": row["move"],
                "对象": row["name"],
                "说明": mask_text(row["sentence"]),
            },
        )
        for row in records(moves)
    ]
    lines += [
        (
            int(row["at"]),
            int(row["step_id"]),
            {
                "时间": stamp(row["at"]),
                "由": row["by_name"],
                "事项": row["act"] + ("(已撤销)" if row["is_undone"] else ""),
                "对象": row["unit"],
                "说明": mask_text(row["note"]),
            },
        )
        for row in records(steps)
    ]
    return [line for _, _, line in sorted(lines, key=lambda one: one[:2])]


def show_delivery(viewer: Viewer, row: Mapping[str, Any], now: datetime) -> None:
    """To which channels it was told, and how that stands."""
    st.subheader("通知", anchor=False)
    found = fresh(alert_told.told, viewer, alert_id=int(row["alert_id"]))
    if found.empty:
        st.caption("没有发往任何通知渠道：所涉单位没有启用的渠道，或渠道不接收这一级别。")
        return
    for one in records(found):
        settled = one["settled_at"]
        is_settled = settled is not None and settled == settled
        at = f"{clock(settled, now)}" if is_settled else f"预定{clock(one['due_at'], now)}"
        sign = STATE_SIGNS[DeliveryState(one["state"])]
        kind = ChannelKind(one["kind"]).value
        st.caption(f"{sign} {plain(str(one['channel']))}({kind}) {plain(at)} · {plain(str(one['title']))}")
