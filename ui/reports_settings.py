"""定时和报头: at which hour a unit's reports are drafted by themselves, and what stands at their head and foot."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from matrix.people import Right
from matrix.report import ReportKind
from matrix.report_time import TIMED, read_rhythm
from storage import organizations, report_timetable
from storage.report_timetable import Plan
from ui import filters, notices, signin, tables
from ui.ask import act, ask
from ui.cards import show_nothing_yet
from ui.clock import stamp
from ui.records import records
from ui.reports_words import say
from ui.words import plain


def show() -> None:
    """What was set, and the button to set it."""
    st.caption(
        "到点由采集程序自动起草，截至该时刻，统计时段接上一期；草稿通知本单位的通知渠道(“不分级”)。"
        "采集程序当时没有运行的，恢复后补做，截止时刻不变。"
    )
    if signin.require().may(Right.REPORTS) and st.button("设定", icon=":material/schedule:", type="primary"):
        choose()
    found: pd.DataFrame = ask(report_timetable.plans)
    if found.empty:
        show_nothing_yet("还没有设定。", "设定后，可以每周五15:00自动起草周报；报头的编发单位、报送范围也在这里填写。")
        return
    tables.show([row_of(row) for row in records(found)], "report_plans", alt="定时起草和报头的设定")


def row_of(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "单位": row["organization"],
        "种类": row["kind"],
        "自动起草": when_words(row["kind"], row["rhythm"]) if row["is_on"] else "否",
        "编发单位": row["office"],
        "报": row["report_to"],
        "送": row["send_to"],
        "发": row["copy_to"],
        "纸质期号到": f"第{row['number_before']}期(总第{row['total_before']}期)" if row["total_before"] else "",
        "设定": f"{row['set_by']} {stamp(row['set_at'])}",
    }


def when_words(kind: str, typed: str) -> str:
    """每日08:00, 每周五15:00, 每月1日08:00, however it was typed. Raises ValueError, a Chinese sentence."""
    return read_rhythm(ReportKind(kind), typed).words(ReportKind(kind))


@st.dialog("定时和报头", width="medium")
def choose() -> None:
    """Kind and unit first: what is held of them fills the form."""
    labels = filters.tree_labels(ask(organizations.tree))
    if not labels:
        st.markdown("还没有单位，请先在“账号台账”导入单位。")
        return
    left, right = st.columns(2)
    kind = ReportKind(left.selectbox("种类", [str(one) for one in ReportKind], index=1, key="plan_kind") or ReportKind.WEEKLY)
    label = right.selectbox("单位", list(labels), key="plan_unit", placeholder="选择单位") or next(iter(labels))
    held: Plan = ask(report_timetable.plan_of, organization_id=labels[label], kind=kind) or Plan(labels[label], kind)
    with st.form(f"plan_{kind}_{labels[label]}", border=False):
        is_on, rhythm = held.is_on, held.rhythm
        if kind in TIMED:
            first, second = st.columns(2, vertical_alignment="bottom")
            is_on = first.checkbox("到点自动起草", held.is_on)
            usual = report_timetable.usual_rhythm(kind)
            rhythm = second.text_input("截止时刻", held.rhythm or usual, max_chars=20, help=f"例如 {usual}") or usual
        office = st.text_input("编发单位", held.office, max_chars=report_timetable.LONGEST)
        lines = [
            st.text_input(name, before, max_chars=report_timetable.LONGEST)
            for name, before in (("报", held.report_to), ("送", held.send_to), ("发", held.copy_to))
        ]
        first, second = st.columns(2)
        number = first.number_input("本年已编发到第几期(纸质)", 0, 9999, held.number_before)
        total = second.number_input("总共已编发多少期(纸质)", 0, 99999, held.total_before)
        st.caption("期号在签发时编定，接着这里填写的纸质期号，每年从第1期起；不需要的留0。")
        if st.form_submit_button("保存", type="primary"):
            words = [office, *lines]
            report_to, send_to, copy_to = (text or "" for text in words[1:])
            plan = replace(
                held,
                is_on=bool(is_on),
                rhythm=rhythm,
                office=office or "",
                report_to=report_to,
                send_to=send_to,
                copy_to=copy_to,
                number_before=int(number or 0),
                total_before=int(total or 0),
            )
            save(plan, label.strip("\u3000"))


def save(plan: Plan, unit: str) -> None:
    viewer = signin.require(Right.REPORTS)
    try:
        hour = f"自动起草，{when_words(plan.kind, plan.rhythm)}" if plan.is_on else "不自动起草"
        told = f"{hour}；编发单位：{plan.office or '未填'}"
        act(
            Right.REPORTS,
            "设定报告",
            report_timetable.set_plan,
            viewer.scope,
            plan,
            viewer.person.login,
            signin.exact_now(),
            subject=f"{unit}{plan.kind}",
            detail=told,
        )
    except (ValueError, PermissionError) as error:
        notices.refuse(plain(str(error)))
        return
    say(f"已设定{unit}{plan.kind}：{told}。")
    st.rerun()
