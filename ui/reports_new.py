"""起草: the kind, the unit and the period of a new report, with the period that follows the last report and why."""

import re
from dataclasses import replace
from datetime import date

import pandas as pd
import streamlit as st

from matrix.people import Right
from matrix.report import Brief, ReportKind
from matrix.report_life import Act
from matrix.report_time import Span
from storage import organizations, report_cutoff, report_matters, report_rows, report_steps, report_timetable, reports, rules
from storage.idle import reading
from storage.moments import from_seconds, to_seconds
from storage.report_rows import Opened
from ui import filters, notices, periods, signin
from ui.ask import act, ask, fresh, touch
from ui.clock import beijing, stamp
from ui.records import records
from ui.reports_words import REPORT, Made, Tools, address, author, period, say
from ui.words import plain


def read_moment(typed: str, today: date) -> int:
    """2026-03-06 15:00, 3月6日15时, 2026-03-06 (its beginning), in Unix seconds. Raises ValueError with a sentence."""
    found = re.fullmatch(r"(.*?\S)(?:[\sT]+|(?<=日))(\d{1,2})[:：时点](\d{0,2})分?", typed.strip())
    if found is None:
        return periods.midnight(periods.read_day(typed, today))
    hour, minute = int(found[2]), int(found[3] or 0)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise ValueError(f"“{typed.strip()[:20]}”不是时刻，请按“2026-03-06 15:00”填写。")
    return periods.midnight(periods.read_day(found[1], today)) + hour * 3600 + minute * 60


def minute_now() -> int:
    """Where a period ends that goes up to now: whole minutes, as it is printed."""
    return to_seconds(signin.exact_now()) // 60 * 60


LATE = 300
"""Seconds by which a cut-off may lie back without a word on it."""


def offer(tools: Tools) -> None:
    if st.button("起草报告", icon=":material/edit_document:", type="primary"):
        make_new(tools)


@st.dialog("起草报告", width="medium")
def make_new(tools: Tools) -> None:
    """What it covers; the period is filled in and may be changed."""
    labels = filters.tree_labels(ask(organizations.tree))
    if not labels:
        st.markdown("还没有单位，请先在“账号台账”导入单位。")
        return
    left, right = st.columns(2)
    kind = ReportKind(left.selectbox("种类", [str(one) for one in ReportKind], index=1, key="new_kind") or ReportKind.WEEKLY)
    incident = None
    with right:
        if kind is ReportKind.INCIDENT:
            picked = pick_incident()
            if picked is None:
                return
            incident, unit, name = picked
        else:
            label = st.selectbox("单位(含全部下级)", list(labels), key="new_unit", placeholder="选择单位") or next(iter(labels))
            unit, name = labels[label], label.strip("\u3000")
    span = suggested(kind, unit, incident)
    with st.form(f"new_{kind}_{unit}_{incident}", border=False):
        first, second = st.columns(2)
        since = first.text_input("自", stamp(span.since), max_chars=30)
        until = second.text_input("至", stamp(span.until), max_chars=30)
        st.caption(plain(f"{span.why}。统计此刻之前已获知的事实；以后补采、导入的内容不改变报告中的数字。"))
        if st.form_submit_button("生成草稿", type="primary", icon=":material/play_arrow:"):
            attempt(tools, kind, unit, name, incident, (since, until))


def pick_incident() -> tuple[int, int, str] | None:
    """One of the incidents: its id, its unit's id and name."""
    held: pd.DataFrame = ask(report_matters.matters)
    if held.empty:
        st.markdown("还没有舆情事件。事件专报须先在“舆情事件”中立项。")
        return None
    names = {f"{row['title']}({row['organization']}，{row['state']})": row for row in records(held)}
    row = names[st.selectbox("事件", list(names), key="new_incident", placeholder="选择事件") or next(iter(names))]
    return int(row["id"]), int(row["organization_id"]), str(row["organization"])


def suggested(kind: ReportKind, unit: int, incident: int | None) -> Span:
    """The period that follows the last report of this kind and unit."""
    return ask(report_timetable.usual_span, kind=str(kind), organization_id=unit, now=minute_now(), incident_id=incident)


def attempt(tools: Tools, kind: ReportKind, unit: int, name: str, incident: int | None, typed: tuple[str, str]) -> None:
    """Make the draft and open it, or say why not and leave the form as it is."""
    try:
        today = beijing(signin.now()).date()
        since, until = (read_moment(one, today) for one in typed)
        now = minute_now()
        if until > now:
            raise ValueError("统计时段的结束还没有到，请改为现在或更早。")
        number = draft(tools, Brief(kind, unit, since, until, now, incident_id=incident), name)
    except (ValueError, PermissionError) as error:
        notices.refuse(plain(str(error)))
        return
    st.query_params[REPORT] = str(number)
    st.rerun()


def compose(tools: Tools, brief: Brief) -> Made:
    """The content and the Word file as of a cut-off that is drawn at the brief's or as late before it as everything was read,
    with words on how far it is; nothing is kept yet."""
    viewer = signin.require(Right.REPORTS)
    with st.status("正在固定统计截止时刻……") as status:
        cutoff = int(touch(Right.REPORTS, report_cutoff.draw, from_seconds(brief.cutoff), signin.exact_now()))
        brief = replace(brief, until=report_cutoff.end_of(brief.since, brief.until, cutoff), cutoff=cutoff)
        with reading(signin.settings().database.path) as db:
            rules.require_organization(db, viewer.scope, brief.organization_id)
            status.update(label="正在统计、成文……")
            place = report_steps.place_of(db, brief)
            made = tools.maker.make(db, brief, place, address(), viewer.person.name)
        figures = len(made.composed.figures)
        status.update(label=f"已统计{figures}个数字，并生成Word审核稿", state="complete")
    return made


def draft(tools: Tools, brief: Brief, name: str) -> int:
    made = compose(tools, brief)
    brief, viewer = made.composed.brief, signin.require(Right.REPORTS)
    number = act(
        Right.REPORTS,
        "起草报告",
        reports.draft,
        viewer.scope,
        made.composed,
        made.word,
        author(viewer),
        signin.exact_now(),
        subject=f"{name}{brief.kind}",
        detail=f"{period(brief.since, brief.until)}，截至{stamp(brief.cutoff)}，{len(made.composed.figures)}个数字",
    )
    say(f"草稿已生成。{late_words(brief)}请核对正文，补充研判和建议，再提交审核。")
    return int(number)


def late_words(brief: Brief) -> str:
    """That the cut-off lies back, and why; nothing where it hardly does."""
    if minute_now() - brief.cutoff <= LATE:
        return ""
    return f"此后的评论还没有判读完，统计截止为{stamp(brief.cutoff)}；需要更晚的，稍后点“更新数据”。"


@st.dialog("更新数据", width="medium")
def renew(tools: Tools, opened: Opened) -> None:
    """The same report with what is known by now; its paragraphs stay."""
    brief = opened.brief
    st.markdown("按现在所知重新统计，原来的研判和建议保留。旧的一稿仍可在“经过和版本”中查看。")
    with st.form("renew", border=False):
        first, second = st.columns(2)
        since = first.text_input("自", stamp(brief.since), max_chars=30)
        until = second.text_input("至", stamp(brief.until), max_chars=30)
        now = minute_now()
        st.caption(plain(f"原截止{stamp(brief.cutoff)}，将改为{stamp(now)}。需要延长到现在的，把“至”改为{stamp(now)}。"))
        if st.form_submit_button("重新统计", type="primary"):
            again(tools, opened, (since, until))


def again(tools: Tools, opened: Opened, typed: tuple[str, str]) -> None:
    try:
        today = beijing(signin.now()).date()
        since, until = (read_moment(one, today) for one in typed)
        brief = Brief(
            opened.brief.kind,
            opened.brief.organization_id,
            since,
            min(until, minute_now()),
            minute_now(),
            opened.brief.title,
            opened.brief.incident_id,
            opened.brief.notes,
        )
        made = compose(tools, brief)
        brief = made.composed.brief
        revise(opened, Act.RENEW, made, f"{period(brief.since, brief.until)}，截至{stamp(brief.cutoff)}")
    except (ValueError, PermissionError) as error:
        notices.refuse(plain(str(error)))
        return
    say(f"数据已更新。{late_words(brief)}请在“经过和版本”中查看变化了的数字。")
    st.rerun()


def revise(opened: Opened, wanted: Act, made: Made, detail: str) -> None:
    """Keep a further version. Raises as the verb does."""
    viewer = signin.require(Right.REPORTS)
    act(
        Right.REPORTS,
        f"报告{wanted}",
        reports.revise,
        viewer.scope,
        opened.id,
        wanted,
        made.composed,
        made.word,
        author(viewer),
        signin.exact_now(),
        opened.last_step,
        subject=f"{opened.organization}{opened.brief.kind}{opened.place}",
        detail=detail,
    )


def reopened(opened: Opened) -> Opened:
    """The same report as it stands this very moment. Raises ValueError where it is gone."""
    held = fresh(report_rows.opened, report_id=opened.id)
    if held is None:
        raise ValueError(reports.ABSENT)
    return held
