"""活动报备: activities that are known to come, so that the comments they bring raise no alert."""

from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from matrix.people import Right
from storage import campaigns, organizations
from ui import dialogs, exports, filters, notices, periods, signin, tables
from ui.ask import act, ask
from ui.cards import show_nothing_yet
from ui.clock import beijing, stamp
from ui.exports import Writers
from ui.masks import mask_text
from ui.records import records
from ui.signin import Viewer
from ui.words import plain

PAST_DAYS = 90
LONGEST = 80


def show(viewer: Viewer, writers: Writers) -> None:
    """What is reported, and what was lately; whoever may act on alerts reports and cancels here."""
    dialogs.show_answer()
    now = signin.now()
    st.caption("已报备的活动期间，该单位及其下级评论增多不发预警；采集和统计照常进行。活动另有异常时，请直接查看评论或新建事件。")
    if viewer.may(Right.ALERTS) and st.button("报备活动", icon=":material/event:", type="primary"):
        enter_campaign(now)
    found = ask(campaigns.campaigns, since=int(now.timestamp()) - PAST_DAYS * 86400)
    if found.empty:
        show_nothing_yet("没有报备的活动。", f"近{PAST_DAYS}天内结束的也列在这里。")
        return
    rows = campaign_rows(found, now)
    place = tables.pick(rows, "campaign_rows", alt="报备的活动")
    if place is not None and viewer.may(Right.ALERTS):
        offer_cancel(records(found)[place], now)
    exports.offer("活动报备", pd.DataFrame(rows), {"截至": stamp(now)}, writers)


def state_of(row: dict[str, Any], now: datetime) -> str:
    moment = now.timestamp()
    if row["cancelled_at"] is not None and row["cancelled_at"] == row["cancelled_at"]:
        return "已取消"
    if row["until"] <= moment:
        return "已结束"
    return "进行中" if row["since"] <= moment else "未开始"


def campaign_rows(found: pd.DataFrame, now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "活动": mask_text(row["name"]),
            "状态": state_of(row, now),
            "单位(含下级)": row["organization"],
            "自": stamp(row["since"]),
            "至": stamp(row["until"]),
            "来由": "由预警标为" if row["alert_id"] == row["alert_id"] and row["alert_id"] is not None else "提前报备",
            "报备人": row["created_by"],
            "报备时间": stamp(row["created_at"]),
            "取消": f"{row['cancelled_by']} {stamp(row['cancelled_at'])}".strip(),
            "依据": mask_text(row["reason"]),
        }
        for row in records(found)
    ]


def offer_cancel(row: dict[str, Any], now: datetime) -> None:
    if state_of(row, now) in ("进行中", "未开始") and st.button(
        f"取消“{plain(mask_text(row['name']))}”的报备", key=f"cancel_{row['campaign_id']}", icon=":material/event_busy:"
    ):
        viewer = signin.require(Right.ALERTS)
        args = (viewer.scope, int(row["campaign_id"]), viewer.person.login, int(signin.exact_now().timestamp()))
        try:
            act(
                Right.ALERTS,
                "取消活动报备",
                campaigns.cancel,
                *args,
                subject=str(row["organization"]),
                detail=mask_text(row["name"]),
            )
        except (ValueError, PermissionError) as error:
            st.session_state["answer"] = (False, str(error))
        else:
            st.session_state["answer"] = (True, f"已取消“{mask_text(row['name'])}”的报备，此后恢复预警。")
        st.rerun()


@st.dialog("报备活动", on_dismiss="rerun")
def enter_campaign(now: datetime) -> None:
    """Who, what, from when to when, and by what one knows."""
    labels = filters.tree_labels(ask(organizations.tree))
    with st.form("campaign_new", border=False):
        unit = st.selectbox("单位(含全部下级)", list(labels), placeholder="选择或输入单位名称")
        name = st.text_input("活动名称", max_chars=LONGEST, autocomplete="off")
        first, second = st.columns(2)
        begin = first.text_input("开始", f"{beijing(now):%Y-%m-%d %H:%M}", max_chars=20, autocomplete="off")
        end = second.text_input("结束", f"{beijing(now):%Y-%m-%d} 24:00", max_chars=20, autocomplete="off")
        reason = st.text_input("依据(可不填)", max_chars=200, autocomplete="off")
        st.caption("时间按“2026-03-01 09:00”填写；只写日期的，开始为当日0时，结束为当日24时。")
        is_sent = st.form_submit_button("报备", type="primary")
    if is_sent:
        save(labels[unit or next(iter(labels))], (unit or "").strip("\u3000"), name, begin, end, reason)


def moment_of(typed: str, today: datetime, is_end: bool) -> int:
    """Unix seconds of 2026-03-01 09:00 in Beijing; a day alone is its begin, or its end. Raises ValueError with a sentence."""
    day, _, clock = typed.strip().replace("：", ":").replace("T", " ").partition(" ")
    midnight = _day(day, today)
    hour, _, minute = (clock.strip() or ("24:00" if is_end else "00:00")).partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and int(minute) < 60 and int(hour) * 60 + int(minute) <= 1440):
        raise ValueError(f"“{clock.strip()[:10]}”不是时刻，请按“09:00”填写，最晚到24:00。")
    return midnight + int(hour) * 3600 + int(minute) * 60


def _day(typed: str, today: datetime) -> int:
    """A day that may lie ahead: without a year it is one of this year."""
    words = typed if typed[:4].isdecimal() else f"{beijing(today).year}-{typed}"
    return periods.midnight(periods.read_day(words, beijing(today).date()))


def save(unit_id: int, unit: str, name: str, begin: str, end: str, reason: str) -> None:
    viewer, now = signin.require(Right.ALERTS), signin.exact_now()
    try:
        since, until = moment_of(begin, now, False), moment_of(end, now, True)
        args = (viewer.scope, unit_id, name, since, until, reason, viewer.person.login, int(now.timestamp()))
        told = f"{mask_text(name)}，{stamp(since)}至{stamp(until)}"
        act(Right.ALERTS, "报备活动", campaigns.report, *args, subject=unit, detail=told)
    except (ValueError, PermissionError) as error:
        notices.refuse(plain(str(error)))
        return
    st.session_state["answer"] = (True, f"已为{unit}报备：{told}。")
    st.rerun()
