"""Dialogs about channels: set one up, change what it hears, replace its address, test it, put it out of use, send again."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from matrix.channel_address import read_address
from matrix.notice import ChannelKind, DeliveryState
from matrix.people import Right
from storage import channels, organizations, outbox_rows
from storage.keyring import Keyring, KeyringError, load_keyring
from storage.moments import to_seconds
from ui import channel_forms, notices, signin
from ui.ask import act, ask, request
from ui.words import plain

TEST = "test_channel"
REFUSALS = (ValueError, PermissionError, KeyringError)


def offer_add() -> None:
    """The button for a new channel; without units there is nothing to set one up for."""
    if ask(organizations.tree).empty:
        st.caption("还没有单位，请先在“账号台账”导入单位，再设置通知渠道。")
    elif st.button("新建渠道", icon=":material/add_alert:", type="primary"):
        add()


@st.dialog("新建通知渠道", width="medium")
def add() -> None:
    """Kind first: the fields of the address depend on it."""
    kind = ChannelKind(st.selectbox("类型", [str(one) for one in ChannelKind]) or ChannelKind.WECOM)
    with st.form("channel", border=False):
        fields = channel_forms.rule_fields()
        given = channel_forms.address_fields(kind)
        if st.form_submit_button("保存", type="primary"):
            attempt(lambda: create(kind, fields, given))


def create(kind: ChannelKind, fields: dict[str, Any], given: dict[str, str]) -> None:
    wish = channel_forms.wish_of(fields)
    host, secrets = read_address(kind, given)
    viewer = signin.require(Right.CHANNELS)
    act(
        Right.CHANNELS,
        "新建通知渠道",
        channels.add,
        viewer.scope,
        kind,
        wish,
        host,
        secrets,
        ring(),
        viewer.person.login,
        signin.exact_now(),
        subject=wish.name,
        detail=f"{kind}，{host}",
    )
    st.session_state["answer"] = (True, f"渠道“{wish.name}”已保存，地址和密钥已加密。请选中它并“发送测试”，确认能收到。")


def ring() -> Keyring:
    return load_keyring(signin.settings().database.key_file, make=True)


def attempt(verb: Callable[[], None]) -> None:
    """Do it and draw the page anew, or say why not and leave the form as it is."""
    try:
        verb()
    except REFUSALS as error:
        notices.refuse(plain(str(error)))
        return
    st.rerun()


def offer(row: pd.Series) -> None:
    """What may be done with one channel."""
    name, channel_id = str(row["name"]), int(row["channel_id"])
    with st.container(horizontal=True):
        if st.button("发送测试", key=f"test_{channel_id}", icon=":material/send:", disabled=not row["is_on"]):
            number = request(Right.CHANNELS, "测试通知渠道", TEST, {"channel_id": channel_id}, subject=name)
            st.session_state["asked"] = number
            st.rerun()
        if st.button("修改规则", key=f"rules_{channel_id}", icon=":material/tune:"):
            change(row)
        if st.button("更换地址和密钥", key=f"address_{channel_id}", icon=":material/key:"):
            readdress(row)
        words = "停用" if row["is_on"] else "启用"
        if st.button(words, key=f"switch_{channel_id}", icon=":material/power_settings_new:"):
            switch(row)


@st.dialog("修改规则", width="medium")
def change(row: pd.Series) -> None:
    """What the channel hears and when; what waits is timed anew."""
    with st.form("rules", border=False):
        fields = channel_forms.rule_fields(channel_forms.row_of(row))
        if st.form_submit_button("保存", type="primary"):
            attempt(lambda: save_rules(int(row["channel_id"]), fields))


def save_rules(channel_id: int, fields: dict[str, Any]) -> None:
    wish = channel_forms.wish_of(fields)
    viewer = signin.require(Right.CHANNELS)
    levels = "、".join(sorted(wish.rules.levels))
    act(
        Right.CHANNELS,
        "修改通知渠道",
        channels.change,
        viewer.scope,
        channel_id,
        wish,
        subject=wish.name,
        detail=f"级别：{levels}",
    )
    st.session_state["answer"] = (True, f"渠道“{wish.name}”的规则已保存，等待中的通知按新规则发送。")


@st.dialog("更换地址和密钥", width="medium")
def readdress(row: pd.Series) -> None:
    """The new address and all its secrets; the old ones are not shown and not kept."""
    kind = ChannelKind(row["kind"])
    st.markdown(f"渠道 **{plain(row['name'])}**({kind})，现用地址在 {plain(row['host'])}，密钥不再显示。")
    with st.form("address", border=False):
        given = channel_forms.address_fields(kind)
        if st.form_submit_button("更换", type="primary"):
            attempt(lambda: save_address(row, kind, given))


def save_address(row: pd.Series, kind: ChannelKind, given: dict[str, str]) -> None:
    host, secrets = read_address(kind, given)
    viewer, number = signin.require(Right.CHANNELS), int(row["channel_id"])
    words, named = "更换通知渠道地址", str(row["name"])
    act(Right.CHANNELS, words, channels.readdress, viewer.scope, number, host, secrets, ring(), subject=named, detail=host)
    st.session_state["answer"] = (True, f"渠道“{named}”的地址和密钥已更换并加密，等待中的通知会马上发往新地址。")


@st.dialog("停用或启用")
def switch(row: pd.Series) -> None:
    """Out of use: what waits is not sent any more, and says so."""
    is_on, name = bool(row["is_on"]), plain(str(row["name"]))
    if is_on:
        number = int(row["waiting"])
        lost = f"等待中的{number}条通知将不再发送，记为“未发送”，可能已送达的记为“送达不明”。" if number else ""
        st.markdown(f"停用 **{name}**？{lost}停用期间的通知不发往这个渠道。")
    else:
        st.markdown(f"启用 **{name}**？此后的通知会发往这个渠道，停用期间的不补发。")
    if st.button("停用" if is_on else "启用", type="primary", key="switch_channel_confirmed"):
        attempt(lambda: turn(row, not is_on))


def turn(row: pd.Series, is_on: bool) -> None:
    viewer, words = signin.require(Right.CHANNELS), "启用通知渠道" if is_on else "停用通知渠道"
    now, named = signin.exact_now(), str(row["name"])
    act(Right.CHANNELS, words, channels.switch, viewer.scope, int(row["channel_id"]), is_on, now, subject=named)


def offer_resend(row: pd.Series, now: datetime) -> None:
    """Send a message again that did not arrive for certain; the key stays, so that a double is known as one."""
    ways = (DeliveryState.UNKNOWN, DeliveryState.GIVEN_UP, DeliveryState.WITHDRAWN)
    if row["state"] not in ways or not row["notices"] or not signin.require().may(Right.CHANNELS):
        return
    st.caption("重新发送使用同一编号；送达不明的请先到群里或邮箱核对，以免重复。")
    if st.button("重新发送", key=f"resend_{row['dispatch_id']}", icon=":material/replay:"):
        attempt(lambda: resend(row, now))


def resend(row: pd.Series, now: datetime) -> None:
    viewer, subject = signin.require(Right.CHANNELS), f"{row['channel']} 编号{row['key']}"
    number = int(row["dispatch_id"])
    act(Right.CHANNELS, "重新发送通知", outbox_rows.resend, viewer.scope, number, to_seconds(now), subject=subject)
    st.session_state["answer"] = (True, f"编号 {row['key']} 已重新排入发送。")
