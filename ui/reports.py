"""The page on reports: the list, one report with its steps, and the timetable with the mastheads."""

from typing import Any

import pandas as pd
import streamlit as st

from matrix.people import Right
from matrix.report import ReportKind
from storage import report_rows
from ui import exports, filters, notices, reports_new, reports_one, reports_settings, signin, tables
from ui.ask import ask
from ui.cards import show_nothing_yet
from ui.clock import stamp
from ui.records import records
from ui.reports_words import DONE, REPORT, Tools, only_issued, period, place_words, state_words
from ui.words import plain

PARTS = ("报告", "定时和报头")
BEFORE = "before"


def show(tools: Tools) -> None:
    """One report where the address names one; else the list or the settings."""
    if DONE in st.session_state:
        is_good, words = st.session_state.pop(DONE)
        notices.show(plain(words), "check_circle") if is_good else notices.refuse(plain(words))
    viewer = signin.require()
    if number := number_of(st.query_params.get(REPORT, "")):
        reports_one.show(number, tools)
        return
    parts = PARTS if viewer.may(Right.REPORTS) or viewer.may(Right.REPORTS_CHECK) else PARTS[:1]
    if filters.pick_view(parts, key="reports_part") == PARTS[1]:
        reports_settings.show()
    else:
        show_list(tools)


def number_of(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 16 else 0


def show_list(tools: Tools) -> None:
    """Every report that the viewer may see, newest first; a chosen one opens."""
    viewer = signin.require()
    if viewer.may(Right.REPORTS):
        reports_new.offer(tools)
    left, right = st.columns(2)
    with left:
        root = filters.pick_root()
    kind = right.selectbox("种类", [filters.EVERYTHING, *map(str, ReportKind)], key="kind", bind="query-params")
    wanted = "" if kind in (None, filters.EVERYTHING) else str(kind)
    before = number_of(st.query_params.get(BEFORE, ""))
    found: pd.DataFrame = ask(report_rows.listed, kind=wanted, root=root, only_issued=only_issued(viewer), before=before)
    if found.empty:
        hint = "点“起草报告”生成第一份；也可以在“定时和报头”中设定每周五自动起草。" if viewer.may(Right.REPORTS) else ""
        show_nothing_yet("没有更早的报告了。" if before else "还没有报告。", hint)
        return
    held = records(found)
    rows = [listed(row) for row in held]
    tables.press(rows, "report_list", "single-row", lambda place, _: open_one(int(held[place]["id"])), alt="报告列表")
    st.caption("选一行打开报告。")
    exports.offer("报告清单", pd.DataFrame(rows, dtype=object), {"范围": "权限范围内的报告"}, tools.writers)
    turn(before, int(found["id"].min()), len(found) == report_rows.LISTED)


def listed(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "报告": row["title"],
        "状态": state_words(row["state"], int(row["issues"])),
        "单位": row["organization"],
        "期号": place_words(row["number"], row["total"]),
        "统计时段": period(row["since"], row["until"]),
        "截至": stamp(row["cutoff"]),
        "最近办理": f"{stamp(row['last_at'])} {row['last_name']} {row['last_act']}",
        "起草": f"{row['made_name']} {stamp(row['made_at'])}",
    }


def open_one(number: int) -> None:
    st.query_params[REPORT] = str(number)


def turn(before: int, oldest: int, has_more: bool) -> None:
    """The way to older reports, and back to the newest."""
    with st.container(horizontal=True, gap="small"):
        if before and st.button("最新的报告", type="tertiary", icon=":material/first_page:"):
            st.query_params.pop(BEFORE, None)
            st.rerun()
        if has_more and st.button("更早的报告", type="tertiary", icon=":material/chevron_right:"):
            st.query_params[BEFORE] = str(oldest)
            st.rerun()
