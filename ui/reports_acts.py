"""The steps of a report as buttons: only those that this person may take now, each with its line in the journal."""

from typing import Any

import streamlit as st

from matrix.people import Right
from matrix.report import REFUSED
from matrix.report_life import REASONED, Act, possible, right_for
from storage import report_rows, report_steps, reports
from storage.idle import reading
from storage.report_rows import Check, Opened
from ui import notices, signin
from ui.ask import act, fresh
from ui.clock import stamp
from ui.reports_new import renew, reopened
from ui.reports_words import Tools, address, author, say
from ui.words import plain

ICONS = {
    Act.SUBMIT: "send",
    Act.WITHDRAW: "undo",
    Act.RETURN: "assignment_return",
    Act.APPROVE: "task_alt",
    Act.WAIVE: "person_check",
    Act.ISSUE: "verified",
    Act.CORRECT: "edit_note",
    Act.DROP: "close",
    Act.VOID: "block",
    Act.RENEW: "sync",
}
FORWARD = frozenset({Act.SUBMIT, Act.APPROVE, Act.ISSUE})
EXPLAINED = {
    Act.RETURN: "报告退回起草人修改。",
    Act.WAIVE: "本单位没有另一位审核人时才能使用，理由记入操作日志，并在签发稿中注明。",
    Act.CORRECT: "另起一稿，改正后重新审核、签发。已签发的一稿保持不变，仍可下载。",
    Act.DROP: "更正稿作废，报告回到已签发的一稿。",
    Act.VOID: "报告作废后不能恢复，仍可查阅；已使用的期号不再使用。",
}
DONE = {
    Act.SUBMIT: "已提交审核。审核人不能是起草人。",
    Act.WITHDRAW: "已撤回，可以继续修改。",
    Act.RETURN: "已退回起草人。",
    Act.APPROVE: "已审核通过，等待签发。",
    Act.WAIVE: "已自行审核，理由已记入操作日志。",
    Act.CORRECT: "已另起更正稿，请修改后重新提交审核。",
    Act.DROP: "已放弃更正。",
    Act.VOID: "已作废。",
}


def show(opened: Opened, tools: Tools) -> None:
    """A row of buttons; nothing for those who only read."""
    viewer = signin.require()
    acts = [one for one in possible(opened.state, opened.lived, viewer.person.login, viewer.rights) if one is not Act.WRITE]
    others = () if Act.WAIVE not in acts else fresh(report_steps.others_to_check, login=viewer.person.login, report_id=opened.id)
    if others:
        acts.remove(Act.WAIVE)
        st.caption(plain(f"您参与了起草，须由另一人审核。本单位可以审核的：{'、'.join(others)}。"))
    with st.container(horizontal=True, gap="small"):
        for one in acts:
            kind = "primary" if one in FORWARD else "secondary"
            if st.button(str(one), key=f"act_{one.name}", icon=f":material/{ICONS[one]}:", type=kind):
                begin(opened, one, tools)


def begin(opened: Opened, wanted: Act, tools: Tools) -> None:
    """At once, or after a dialog that asks for a reason."""
    if wanted is Act.RENEW:
        renew(tools, opened)
    elif wanted is Act.ISSUE:
        run_check(opened, tools)
        issue(opened, tools)
    elif wanted in REASONED:
        explain(opened, wanted)
    else:
        take(opened, wanted, "")


@st.dialog("办理报告")
def explain(opened: Opened, wanted: Act) -> None:
    st.markdown(f"**{wanted}** {EXPLAINED[wanted]}")
    with st.form("reason", border=False):
        reason = st.text_area("原因", max_chars=reports.LONGEST_NOTE, key="report_reason")
        if st.form_submit_button(f"确认{wanted}", type="primary"):
            take(opened, wanted, reason or "")


def take(opened: Opened, wanted: Act, reason: str) -> None:
    """One step; a refusal is a sentence, and nothing changes."""
    right = right_for(wanted, opened.state)
    viewer = signin.require(right)
    try:
        act(
            right,
            f"报告{wanted}",
            report_steps.take,
            viewer.scope,
            opened.id,
            wanted,
            author(viewer),
            signin.exact_now(),
            opened.last_step,
            reason,
            subject=subject(opened),
            detail=reason,
        )
    except (ValueError, PermissionError) as error:
        notices.refuse(plain(str(error)))
        return
    say(DONE[wanted])
    st.rerun()


def subject(opened: Opened) -> str:
    return f"{opened.organization}{opened.brief.kind}{opened.place}"


def run_check(opened: Opened, tools: Tools) -> None:
    """Ask every figure again and keep what was found, with words on how far it is."""
    viewer = signin.require(Right.REPORTS, Right.REPORTS_CHECK)
    right = Right.REPORTS_CHECK if viewer.may(Right.REPORTS_CHECK) else Right.REPORTS
    try:
        with st.status("正在重新核对全部数字……") as status, reading(signin.settings().database.path) as db:
            word = report_rows.word_of(db, viewer.scope, version_id=opened.version_id, is_issued=False)
            if word is None or not word.is_whole:
                raise ValueError("保存的文件与存证不一致，无法核对。请联系系统管理员，从备份核对。")
            unit = (opened.brief.organization_id,)
            found = tools.maker.check(db, unit, word.content, signin.exact_now())
            status.update(label=f"已核对{len(found)}项", state="complete")
        act(
            right,
            "核对报告",
            report_steps.note_check,
            viewer.scope,
            opened.id,
            opened.version_id,
            found,
            viewer.person.login,
            signin.exact_now(),
            subject=subject(opened),
            detail_of=lambda broken: f"核对{len(found)}项，不一致{broken}项",
        )
    except (ValueError, PermissionError) as error:
        notices.refuse(plain(str(error)))


@st.dialog("签发报告", width="medium")
def issue(opened: Opened, tools: Tools) -> None:
    """What the verification found, the number, and the last press."""
    held = fresh(report_rows.opened, report_id=opened.id)
    if held is None or held.check is None:
        return
    show_check(held.check)
    if held.check.broken:
        return
    place = fresh(report_steps.next_place, report_id=opened.id)
    if place is None:
        return
    st.markdown(f"签发后为**{plain(place.words)}**，内容冻结并留存指纹，不能再改。")
    if st.button("确认签发", type="primary", icon=":material/verified:", key="issue_confirmed"):
        confirm(held, tools, place)


def confirm(opened: Opened, tools: Tools, place: report_steps.Place) -> None:
    viewer = signin.require(Right.REPORTS_CHECK)
    now = signin.exact_now()
    try:
        with reading(signin.settings().database.path) as db:
            word = tools.maker.issue(db, reopened(opened), place, address(), viewer.person.name, now)
        act(
            Right.REPORTS_CHECK,
            "签发报告",
            report_steps.issue,
            viewer.scope,
            opened.id,
            word,
            place,
            author(viewer),
            now,
            opened.last_step,
            subject=f"{opened.organization}{opened.brief.kind}",
            detail_of=issued_words,
        )
    except (ValueError, PermissionError) as error:
        notices.refuse(plain(str(error)))
        return
    say(f"已签发，{place.words}。可以下载签发稿。")
    st.rerun()


def issued_words(issued: Any) -> str:
    """The line of the journal holds the digest: the file can be told from any other one for good."""
    again = f"，更正第{issued.correction}次" if issued.correction else ""
    return f"{issued.place.words}{again}，SHA-256 {issued.sha256}"


def show_check(check: Check) -> None:
    """What a verification found, in words."""
    words = f"{stamp(check.at)}由{check.by_login}核对：{check.agreed}项一致"
    if check.broken:
        notices.refuse(plain(f"{words}，{check.broken}项核对不上，不能签发。请更新数据或改正后重新审核。"))
    else:
        notices.show(plain(f"{words}，没有核对不上的数字。"), "task_alt")
    for one in check.findings:
        if one.kind in REFUSED:
            st.markdown(f"**{plain(one.kind)}** {plain(one.what)}")
    later = [one for one in check.findings if one.kind not in REFUSED]
    if later:
        with st.expander(f"另有{len(later)}项仅供知悉(截止后又有新数据，或人工撰写的数字)"):
            for one in later:
                st.markdown(f"{plain(one.kind)}：{plain(one.what)}")
