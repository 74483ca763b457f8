"""The fields of a channel: what it hears and when, and its address; one set for a new channel and for a changed one."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from matrix.channel_address import EXAMPLES, PORTS, SECURITIES
from matrix.notice import GRADES, LEVELS, ChannelKind, Rules, minute_words, read_minute
from storage import organizations
from storage.channels import LONGEST_NAME, Wish
from ui import filters
from ui.ask import ask

DIGESTS = {"逐条发送": 0, "每5分钟合并": 5, "每15分钟合并": 15, "每30分钟合并": 30, "每小时合并": 60}
HINTS = {
    ChannelKind.WECOM: "在企业微信群里添加群机器人，复制它的 Webhook 地址。私有化部署的地址同样可用。",
    ChannelKind.DINGTALK: "在钉钉群里添加自定义机器人，安全设置选“加签”，复制 Webhook 地址和密钥。",
    ChannelKind.FEISHU: "在飞书群里添加自定义机器人，建议启用签名校验；私有化部署(自有域名)的地址同样可用。",
    ChannelKind.WEBHOOK: "接收方须提供能收 JSON 的地址；每次发送都带签名和编号，核对方法见操作手册“通知渠道”一章。",
    ChannelKind.MAIL: "填写发信服务器和收件人；多数邮箱须用“授权码”代替登录密码。",
}


def level_label(level: str) -> str:
    return f"{level}色" if level in LEVELS else f"{level}(采集中断等)"


def rule_fields(row: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The fields of the rules, filled with what holds; read them with `wish_of` once the form is sent."""
    labels = filters.tree_labels(ask(organizations.tree))
    units = list(labels)
    held = row or {}
    here = next((place for place, unit in enumerate(units) if labels[unit] == held.get("organization_id")), 0)
    name = st.text_input("渠道名称", value=str(held.get("name", "")), max_chars=LONGEST_NAME, placeholder="例如：市网信办值班群")
    unit = st.selectbox("所属单位", units, index=here, help="接收这个单位及其下级单位的通知。")
    levels = st.pills(
        "接收级别",
        GRADES,
        default=str(held.get("levels", ",".join(LEVELS))).split(","),
        selection_mode="multi",
        format_func=level_label,
        wrap=True,
    )
    left, right = st.columns(2)
    begin = left.text_input("免打扰开始", value=minute_words(held.get("quiet_from")), placeholder="22:00", max_chars=5)
    end = right.text_input("免打扰结束", value=minute_words(held.get("quiet_until")), placeholder="07:00", max_chars=5)
    st.caption("免打扰时段只发红色，其余到结束时发送；不需要就留空。")
    minutes = int(held.get("digest_minutes", 0))
    words = list(DIGESTS)
    digest = st.selectbox("合并发送", words, index=list(DIGESTS.values()).index(minutes), help="红色总是立即单独发送。")
    duty = st.toggle(
        "写明当班人员", value=bool(held.get("names_duty", False)), help="按值班首页的接班记录，只写岗位、姓名和接班时间。"
    )
    return {
        "name": name.strip(),
        "unit": labels.get(unit or "", 0),
        "levels": levels or [],
        "from": begin,
        "until": end,
        "digest": DIGESTS[digest or words[0]],
        "duty": duty,
    }


def wish_of(fields: Mapping[str, Any]) -> Wish:
    """What was entered. Raises ValueError, a Chinese sentence."""
    rules = Rules(frozenset(fields["levels"]), read_minute(fields["from"]), read_minute(fields["until"]), fields["digest"])
    return Wish(fields["unit"], fields["name"], rules, fields["duty"])


def address_fields(kind: ChannelKind) -> dict[str, str]:
    """The fields of the address; never filled with what is held, which nobody gets to see again."""
    st.caption(HINTS[kind])
    if kind is ChannelKind.MAIL:
        return mail_fields()
    given = {"url": st.text_input("地址", type="password", autocomplete="off", max_chars=1000, placeholder=EXAMPLES[kind])}
    if kind is not ChannelKind.WECOM:
        words = "签名密钥(至少16位)" if kind is ChannelKind.WEBHOOK else "签名密钥(机器人未启用签名的留空)"
        given["secret"] = st.text_input(words, type="password", autocomplete="off", max_chars=200)
    if kind in (ChannelKind.DINGTALK, ChannelKind.FEISHU):
        words = "机器人安全设置用“自定义关键词”时填写，系统会写进每条消息。"
        given["keyword"] = st.text_input("关键词(可不填)", max_chars=20, help=words)
    return given


def mail_fields() -> dict[str, str]:
    left, middle, right = st.columns([3, 1, 2])
    host = left.text_input("发信服务器", placeholder="smtp.example.gov.cn", max_chars=200)
    port = middle.text_input("端口", placeholder=str(PORTS[SECURITIES[0]]), max_chars=5)
    security = right.selectbox("加密方式", SECURITIES)
    left, right = st.columns(2)
    user = left.text_input("登录用户名", autocomplete="off", max_chars=200)
    password = right.text_input("密码或授权码", type="password", autocomplete="off", max_chars=200)
    sender = st.text_input("发件人邮箱", max_chars=200)
    to = st.text_area("收件人邮箱", placeholder="多个收件人用逗号或换行分开", max_chars=4000, height=80)
    named = {"host": host, "port": port, "security": security or SECURITIES[0], "user": user}
    return {**named, "password": password, "sender": sender, "to": to}


def row_of(row: pd.Series) -> dict[str, Any]:
    """A row of the list as the fields take it."""
    return {str(name): value for name, value in row.items()}
