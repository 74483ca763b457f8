"""One report: how it stands, what may be done now, and its content, words, verification and past."""

import streamlit as st

from matrix.report_life import OPEN, State
from storage import report_rows
from storage.report_rows import Opened
from ui import filters, notices, reports_acts, reports_body, reports_files, reports_past, signin
from ui.ask import ask
from ui.clock import stamp
from ui.records import records
from ui.reports_words import NEXT, REPORT, VERSION, Tools, only_issued, period, state_words
from ui.words import plain

BODY, FREE, CHECK, PAST = "正文", "研判和建议", "核对结果", "经过和版本"
SEE = "see_report"


def show(number: int, tools: Tools) -> None:
    """The report that the address names; one that may not be seen is as if it were not there."""
    if st.button("返回列表", type="tertiary", icon=":material/arrow_back:"):
        for name in (REPORT, VERSION):
            st.query_params.pop(name, None)
        st.rerun()
    viewer = signin.require()
    is_reader = only_issued(viewer)
    wanted = st.query_params.get(VERSION, "")
    version = int(wanted) if wanted.isdecimal() and len(wanted) < 6 else 0
    opened: Opened | None = ask(report_rows.opened, report_id=number, version=version, only_issued=is_reader)
    if opened is None:
        notices.show("没有这份报告，或它不在您的权限范围内。", "lock")
        return
    show_head(opened)
    is_current = not version or version == current(opened)
    if is_current:
        reports_acts.show(opened, tools)
    else:
        notices.show(f"这是第{opened.version}稿，不是最新的一稿，只供查阅。", "history")
    reports_files.offer(opened, tools)
    parts = (BODY, PAST) if is_reader else (BODY, FREE, CHECK, PAST)
    part = filters.pick_view(parts, key=SEE)
    if part == FREE:
        reports_body.edit(opened, tools, is_current)
    elif part == CHECK:
        show_check(opened, tools, is_current)
    elif part == PAST:
        pick_version(opened)
        reports_past.show(opened, tools, is_reader)
    else:
        reports_body.show(opened, tools)
        reports_files.offer_tables(opened, tools)


def current(opened: Opened) -> int:
    """The version that the last step was about."""
    return int(opened.steps["version"].iloc[-1])


def show_head(opened: Opened) -> None:
    issues = int(opened.versions["issued_at"].notna().sum())
    brief = opened.brief
    with st.container(border=True, gap="xsmall"):
        st.subheader(f"{opened.title} {opened.place}".strip(), anchor=False)
        st.markdown(f"**{state_words(opened.state, issues)}** · {NEXT[opened.state]}")
        facts = f"{opened.organization} · {brief.kind} · {period(brief.since, brief.until)} · 截至{stamp(brief.cutoff)}"
        st.caption(plain(f"{facts} · 第{opened.version}稿"))
        if last := returned(opened):
            st.markdown(f"**退回意见** {plain(last)}")


def returned(opened: Opened) -> str:
    """Why it was sent back, while it is being put right."""
    notes = [str(row["note"]) for row in records(opened.steps) if row["act"] == "退回"]
    return notes[-1] if notes and opened.state is State.RETURNED else ""


def show_check(opened: Opened, tools: Tools, is_current: bool) -> None:
    """What the newest verification found, and the way to another one."""
    st.caption("核对：逐个数字按当时的查询、范围和截止时刻重新计算，并与Word文件中印出的比对。签发时会自动再核对一次。")
    if is_current and opened.state is not State.VOID and st.button("核对数字", icon=":material/rule:"):
        reports_acts.run_check(opened, tools)
        opened = reports_acts.reopened(opened)
    if opened.check is None:
        st.markdown("这一稿还没有核对过。")
    else:
        reports_acts.show_check(opened.check)
        if opened.check.broken and opened.state in OPEN:
            st.markdown("请点“更新数据”按现在所知重新统计；人工改过Word文件的，请以系统中的一稿为准。")


def pick_version(opened: Opened) -> None:
    """Another version to look at; which one it is stands in the address."""
    numbers = [int(number) for number in opened.versions["number"]]
    if len(numbers) < 2:
        return
    place = numbers.index(opened.version)
    chosen = st.selectbox("查看", numbers, index=place, format_func="第{}稿".format, key=f"version_of_{opened.id}")
    if chosen and int(chosen) != opened.version:
        st.query_params[VERSION] = str(chosen)
        st.rerun()
