"""The words for channels: how one fares in a word and a sentence, what it hears, and how a message stands."""

from datetime import datetime

import pandas as pd

from matrix.notice import LEVELS, DeliveryState, Result, minute_words
from ui.clock import ago, clock
from ui.words import plain

STATE_SIGNS = {
    DeliveryState.WAITING: "… 待发送",
    DeliveryState.DELIVERED: "✓ 已送达",
    DeliveryState.UNKNOWN: "? 送达不明",
    DeliveryState.GIVEN_UP: "✕ 已放弃",
    DeliveryState.WITHDRAWN: "－ 未发送",
}
STATE_HINTS = (
    "已送达：平台已答复接收。送达不明：已发出但没有等到答复，已用同一编号补发一次仍不明，请到群里核对。"
    "已放弃：平台多次拒绝这条消息。未发送：渠道停用时尚未发出。"
)


def is_failing(row: pd.Series) -> bool:
    """Whether somebody has to look at a channel: the last attempt failed, and nothing was delivered since."""
    failed, good = row["last_failed_at"], row["last_ok_at"]
    if not row["is_on"] or failed != failed or failed is None:
        return False
    return bool(row["last_failure"]) and (good != good or good is None or failed >= good)


def state_words(row: pd.Series) -> str:
    """One word for the list."""
    if not row["is_on"]:
        return "－ 已停用"
    if is_failing(row):
        return "✕ 发送失败"
    good = row["last_ok_at"]
    return "✓ 正常" if good == good and good is not None else "○ 尚未验证"


def failure_sentence(row: pd.Series, now: datetime) -> str:
    """What is wrong with a channel, since when, what waits and when it is tried again; safe for Markdown."""
    wait = f"，{int(row['waiting'])}条通知在等待" if row["waiting"] else ""
    again = f"，下次重试{clock(row['waits_until'], now)}" if row["waits_until"] > now.timestamp() and row["waiting"] else ""
    named = f"**{plain(row['name'])}**({plain(row['organization'])})"
    return f"{named}发送失败，最近一次{clock(row['last_failed_at'], now)}{wait}{again}。{plain(row['last_failure'])}"


def level_words(levels: str) -> str:
    """红色、橙色 … in words."""
    return "、".join(f"{level}色" if level in LEVELS else level for level in levels.split(","))


def rule_words(row: pd.Series) -> str:
    """When a channel is told something."""
    quiet = ""
    if minute_words(row["quiet_from"]) and row["quiet_from"] != row["quiet_until"]:
        quiet = f"{minute_words(row['quiet_from'])}至{minute_words(row['quiet_until'])}只发红色"
    digest = f"红色之外每{int(row['digest_minutes'])}分钟合并一次" if row["digest_minutes"] else ""
    duty = "写明当班人员" if row["names_duty"] else ""
    return "，".join(filter(None, (quiet, digest, duty))) or "随时逐条发送"


def outcome_words(outcome: str) -> str:
    """How an attempt ended; nothing yet while it is under way."""
    signs = {Result.DELIVERED: "✓", Result.UNKNOWN: "?", Result.INTERRUPTED: "－"}
    return f"{signs.get(Result(outcome), '✕')} {outcome}" if outcome in set(Result) else "… 发送中"


def waiting_words(row: pd.Series, now: datetime) -> str:
    """How many wait, and for how long the oldest has been due."""
    if not row["waiting"]:
        return "0"
    late = ago(row["oldest_due"], now) if row["oldest_due"] < now.timestamp() - 60 else ""
    return f"{int(row['waiting'])}" + (f"(最久已等{late})" if late else "")
