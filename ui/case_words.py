"""How a case is told: its age by both clocks, its due time by the name of its rule, why it was read as an appeal."""

from datetime import datetime
from typing import Any

import pandas as pd

from matrix.rule import OTHER, terms_from_text
from storage.cases_view import Case
from ui.clock import ago, clock, due, span

NO_RULE = "尚未选定时限规则"
NO_CALENDAR = "工作日历未载入，时限无法计算"
NO_TERM = "所用规则未规定此类诉求的时限"
UNKNOWN = "回复情况不明"

STATE_ICONS = {
    "待办": ":material/radio_button_unchecked:",
    "转办": ":material/forward:",
    "办理中": ":material/pending:",
    "已回复待核实": ":material/rule:",
    "办结": ":material/check_circle:",
    "无需回复": ":material/do_not_disturb_on:",
    "已另行回应": ":material/campaign:",
}
"""A sign for each state beside its word; colours of warning levels are not used here."""


def age_words(case: Case, now: datetime) -> str:
    """2天3小时(工作时间9小时): how long the citizen has waited, or waited until the answer."""
    until = now if case.answer_at is None else case.answer_at
    seconds = (until.timestamp() if isinstance(until, datetime) else until) - case.asked_at
    working = "工作日历未载入" if case.working is None else f"工作时间{span(case.working)}"
    return f"{span(seconds)}({working})"


def due_words(case: Case, now: datetime) -> str:
    """今日17:30前, 已超时3小时, or why there is no due time."""
    moment = int(now.timestamp())
    if case.due_at is None:
        return reason_of_none(case)
    if case.is_late is not None:
        return f"{due(case.due_at, now)}，{'已超时才回复' if case.is_late else '已按时回复'}"
    if case.is_overdue(moment):
        return f"已超时{ago(case.due_at, now)}(应于{due(case.due_at, now)})"
    if case.is_past(moment):
        return f"{due(case.due_at, now)}，时限已过，{UNKNOWN}"
    return due(case.due_at, now)


def reason_of_none(case: Case) -> str:
    """Why a case has no due time; never a guess."""
    if case.rule_id is None:
        return NO_RULE
    terms = terms_from_text(case.terms or "")
    return NO_CALENDAR if case.kind in terms or OTHER in terms else NO_TERM


def rule_words(case: Case) -> str:
    return f"{case.rule}(到{case.clock}为止)" if case.rule else NO_RULE


def mark_of(row: Any, now: datetime) -> str:
    """The short word about the due time of one row of the queue."""
    moment = now.timestamp()
    if pd.isna(row["due_at"]):
        return NO_RULE if pd.isna(row["rule_id"]) else "无时限"
    if not pd.isna(row["is_late"]):
        return "已响应"
    if row["due_at"] < moment:
        is_known = not pd.isna(row["known_until"]) and row["known_until"] >= row["due_at"]
        return f"■ 超时{ago(row['due_at'], now)}" if is_known else "▢ 情况不明"
    return due(row["due_at"], now)


def known_words(case: Case, now: datetime) -> str:
    """Up to when an answer would have been seen; said only where it matters."""
    if case.answer_at is not None:
        return ""
    if case.known_until is None:
        return f"这条诉求所在的讨论尚未采全，{UNKNOWN}：请打开原文核对后再办。"
    if case.is_unknown(int(now.timestamp())):
        return f"采集只到{clock(case.known_until, now)}，此后{UNKNOWN}：请打开原文核对后再办。"
    return ""


def reading_words(case: Case) -> str:
    """Why the words were read as an appeal, and by which version."""
    if not case.is_appeal:
        return "已认定为不是诉求，不计入任何统计。"
    markers = "、".join(filter(None, case.markers.split(","))) or "无"
    by_hand = "，已经人工认定" if case.is_corrected else ""
    return f"判读依据：{markers}(把握{case.score:.0%}{by_hand})；版本：{case.read_by or '无'}"
