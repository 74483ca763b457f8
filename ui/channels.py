"""The parts of the page on channels: how each fares, what was sent and what became of it, what waits."""

from datetime import datetime, timedelta

import pandas as pd
import streamlit as st

from matrix.notice import DeliveryState
from matrix.people import Right
from storage import outbox_rows
from storage.moments import to_seconds
from ui import channel_dialogs, filters, notices, tables
from ui.ask import ask
from ui.cards import show_nothing_yet
from ui.channel_words import (
    STATE_HINTS,
    STATE_SIGNS,
    failure_sentence,
    is_failing,
    level_words,
    outcome_words,
    rule_words,
    state_words,
    waiting_words,
)
from ui.clock import clock, stamp
from ui.masks import mask_text
from ui.menu import ROOT
from ui.records import records
from ui.signin import Viewer
from ui.words import plain

UNTOLD_DAYS = 7
KEYS = {"编号": st.column_config.TextColumn(width=120)}
"""Capitals are wider than letters are taken to be."""


def failing(fares: pd.DataFrame) -> pd.DataFrame:
    """The channels that somebody has to look at."""
    return fares[[is_failing(row) for _, row in fares.iterrows()]] if len(fares) else fares


def warn_when_failing(viewer: Viewer) -> None:
    """On other pages: the channels that do not get through, for those who may look at them."""
    if not viewer.may(Right.CHANNELS_VIEW):
        return
    found = failing(ask(outbox_rows.health))
    if found.empty:
        return
    names = "、".join(plain(name) for name in found["name"].head(3)) + ("等" if len(found) > 3 else "")
    wait = int(found["waiting"].sum())
    notices.show(
        f"通知渠道{names}发送失败" + (f"，{wait}条通知没有发出去" if wait else "") + "，请尽快处理。", "notifications_off"
    )
    st.page_link(ROOT / "pages/admin/channels.py", label="查看原因", icon=":material/arrow_forward:")


def show_summary(fares: pd.DataFrame, viewer: Viewer, now: datetime) -> None:
    """What is wrong first: channels that fail, and notices that nobody was told of."""
    wrong = failing(fares)
    if len(wrong):
        with st.container(border=True):
            for _, row in wrong.iterrows():
                st.markdown(f":material/notifications_off: {failure_sentence(row, now)}")
    untold = ask(outbox_rows.untold, since=to_seconds(now - timedelta(days=UNTOLD_DAYS)))
    if untold:
        what = "请新建渠道，或放宽渠道的接收级别" if viewer.may(Right.CHANNELS) else "请联系主管设置通知渠道"
        notices.show(f"近{UNTOLD_DAYS}天有{untold}条通知没有任何渠道接收，只显示在本系统内；{what}。", "notification_important")
    if fares.empty:
        return
    on = fares[fares["is_on"] == 1]
    parts = [f"在用渠道 **{len(on)}** 个"] + ([f"停用{len(fares) - len(on)}个"] if len(on) < len(fares) else [])
    unknown, dropped = int(fares["unknown"].sum()), int(fares["given_up"].sum())
    parts += [f"已送达{int(fares['delivered'].sum())}条", f"等待{int(fares['waiting'].sum())}条"]
    parts += [f"送达不明{unknown}条"] * bool(unknown) + [f"已放弃{dropped}条"] * bool(dropped)
    st.markdown(" · ".join(parts))


def show_channels(fares: pd.DataFrame, viewer: Viewer, now: datetime) -> None:
    """The list; a chosen row opens what is known of the channel and what may be done with it."""
    if viewer.may(Right.CHANNELS):
        channel_dialogs.offer_add()
    if fares.empty:
        hint = "请“新建渠道”：企业微信、钉钉、飞书的群机器人，邮件，或本单位系统的接口。"
        other = "请联系主管或系统管理员设置。"
        show_nothing_yet("还没有通知渠道，预警只显示在本系统内。", hint if viewer.may(Right.CHANNELS) else other)
        return
    rows = [
        {
            "渠道": row["name"],
            "状态": state_words(row),
            "类型": row["kind"],
            "单位": row["organization"],
            "等待": waiting_words(row, now),
            "最近成功": clock(row["last_ok_at"], now, "尚无"),
            "最近失败": clock(row["last_failed_at"], now, "无"),
            "接收级别": level_words(row["levels"]),
            "规则": rule_words(row),
        }
        for _, row in fares.iterrows()
    ]
    st.caption("点选一行可看发送情况。")
    place = tables.pick(rows, "channel_rows", alt="通知渠道及其状态")
    if place is None and len(fares) == 1:
        place = 0
    if place is not None:
        show_channel(fares.iloc[place], viewer, now)


def show_channel(row: pd.Series, viewer: Viewer, now: datetime) -> None:
    """One channel in full, with its last attempts."""
    with st.container(border=True):
        st.subheader(str(row["name"]), anchor=False)
        st.markdown(f"**{state_words(row)}** · {plain(row['organization'])}及下级单位 · {plain(level_words(row['levels']))}")
        st.caption(plain(f"{row['kind']}，发往{row['host']}，地址和密钥已加密。{rule_words(row)}。"))
        good, bad = clock(row["last_ok_at"], now, "尚无"), clock(row["last_failed_at"], now, "无")
        st.caption(plain(f"最近成功 {good} · 最近失败 {bad} · 等待 {waiting_words(row, now)}"))
        if is_failing(row):
            st.markdown(plain(row["last_failure"]))
        if viewer.may(Right.CHANNELS):
            channel_dialogs.offer(row)
        show_attempts(int(row["channel_id"]), limit=10)


def show_attempts(channel_id: int = 0, dispatch_id: int = 0, limit: int = 100) -> None:
    """Every try to send, newest first."""
    found = ask(outbox_rows.attempts, channel_id=channel_id, dispatch_id=dispatch_id, limit=limit)
    if found.empty:
        st.caption("还没有发送过。")
        return
    rows = [
        {
            "开始": stamp(row["started_at"]),
            "结果": outcome_words(row["outcome"]),
            "编号": row["key"] or "测试",
            "说明": row["sentence"],
        }
        for row in records(found)
    ]
    tables.show(rows, f"attempts_{channel_id}_{dispatch_id}", KEYS, alt="发送尝试，最新的在前")


def show_dispatches(viewer: Viewer, now: datetime) -> None:
    """What was sent; a chosen row opens its attempts."""
    words = {"全部": "", **{str(state): str(state) for state in DeliveryState}}
    chosen = st.segmented_control(
        "结果", list(words), default="全部", required=True, key="sending", bind="query-params", wrap=True
    )
    found = ask(outbox_rows.dispatches, state=words[chosen or "全部"], limit=200)
    if found.empty:
        show_nothing_yet("没有符合条件的发送记录。", "预警产生后，发往各渠道的消息都会记在这里。")
        return
    rows = [
        {
            "时间": stamp(row["made_at"]),
            "渠道": row["channel"],
            "级别": level_words(row["level"]),
            "结果": STATE_SIGNS[DeliveryState(row["state"])],
            "内容": title_of(row, viewer),
            "尝试": row["attempts"],
            "编号": row["key"],
            "说明": repeat_words(row) + row["sentence"],
        }
        for row in records(found)
    ]
    st.caption(STATE_HINTS)
    place = tables.pick(rows, "dispatch_rows", KEYS, alt=f"最近{len(rows)}条消息")
    if place is not None:
        row = found.iloc[place]
        with st.container(border=True):
            st.markdown(f"编号 **{row['key']}** · {plain(str(row['channel']))} · {STATE_SIGNS[DeliveryState(row['state'])]}")
            channel_dialogs.offer_resend(row, now)
            show_attempts(dispatch_id=int(row["dispatch_id"]))


def title_of(row: dict[str, object], viewer: Viewer) -> str:
    """What a message told; whoever may not open what citizens wrote sees how much it was only."""
    if not row["notices"]:
        return "已拆开，逐条发送"
    words = mask_text(str(row["title"])) if viewer.may(Right.DUTY) else "(内容不显示)"
    number = int(str(row["notices"]))
    return words if number == 1 else f"{words} 等{number}条"


def repeat_words(row: dict[str, object]) -> str:
    """That a message may have arrived twice."""
    if row["unknowns"] and row["state"] == DeliveryState.DELIVERED:
        return "首次送达不明，已用同一编号补发，可能收到两次。"
    return ""


def show_waiting(viewer: Viewer, now: datetime) -> None:
    """What waits, and until when."""
    found = ask(outbox_rows.waiting)
    if found.empty:
        show_nothing_yet("没有等待发送的通知。")
        return
    rows = [
        {
            "产生": stamp(row["at"]),
            "渠道": row["channel"],
            "级别": level_words(row["level"]),
            "内容": mask_text(row["title"]) if viewer.may(Right.DUTY) else "(内容不显示)",
            "预定发送": clock(row["due_at"], now) if row["due_at"] > now.timestamp() else "渠道可用时立即发送",
        }
        for row in records(found)
    ]
    tables.show(rows, "waiting_rows", alt="等待发送的通知")


def show_part(fares: pd.DataFrame, viewer: Viewer, now: datetime) -> None:
    """The part of the page that was chosen."""
    part = filters.pick_view(("渠道", "发送记录", "等待发送"), key="channels_part")
    if part == "渠道":
        show_channels(fares, viewer, now)
    elif part == "发送记录":
        show_dispatches(viewer, now)
    else:
        show_waiting(viewer, now)
