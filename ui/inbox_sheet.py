"""The 转办单 of a case: what it says, masked, and the button that makes it as a page to print."""

from collections.abc import Callable
from datetime import datetime

import pandas as pd
import streamlit as st

from matrix.people import Right
from storage import cases_view, organizations
from storage.cases_view import Case
from ui import signin
from ui.ask import act, ask, fresh
from ui.case_words import reason_of_none, rule_words
from ui.clock import beijing
from ui.masks import mask_name, mask_text
from ui.words import CHANNEL_WORDS, platform_name

SheetWriter = Callable[[dict[str, str]], bytes]


def offer(case: Case, now: datetime, write: SheetWriter) -> None:
    """A download that is made of what stands on the screen; each one is a line of the journal."""
    st.download_button(
        "转办单",
        data=write(sheet_of(case, now)),
        file_name=f"转办单{number_of(case)}.html",
        mime="text/html",
        key=f"sheet_{case.comment_id}_{case.step_id}",
        icon=":material/print:",
        type="tertiary",
        on_click=note,
        args=(case.comment_id, number_of(case)),
    )


def number_of(case: Case) -> str:
    """〔2026〕第123号: the year of the appeal and its number in this installation."""
    return f"〔{beijing(case.asked_at).year}〕第{case.comment_id}号"


def note(comment_id: int, number: str) -> None:
    act(Right.CASES_VIEW, "下载转办单", said, subject=f"诉求{comment_id}", detail=number)


def said(_db: object) -> None:
    """Nothing changes but the journal."""


def on_paper(at: float) -> str:
    """2026年3月5日10:32: a paper is read on other days too."""
    when = beijing(at)
    return f"{when.year}年{when.month}月{when.day}日{when:%H:%M}"


def due_on_paper(case: Case) -> str:
    """2026年3月5日24:00前, or why there is no due time; midnight belongs to the day that it ends."""
    if case.due_at is None:
        return reason_of_none(case)
    local = beijing(case.due_at)
    if (local.hour, local.minute) != (0, 0):
        return f"{on_paper(case.due_at)}前"
    return f"{on_paper(case.due_at - 60).replace('23:59', '24:00')}前"


def sender(case: Case) -> str:
    """The unit that hands over: the one at whose desk the viewer sits, else the account's own."""
    names = ask(organizations.tree).set_index("id")["name"].to_dict()
    roots = signin.require().scope
    return str(names.get(roots[0], case.organization)) if roots else case.organization


def sheet_of(case: Case, now: datetime) -> dict[str, str]:
    """The fields of the sheet in their order; names and numbers of citizens are masked."""
    steps = fresh(cases_view.steps, comment_id=case.comment_id)
    forwards = steps[(steps["act"] == "转办") & (steps["is_undone"] == 0)]
    last = forwards.iloc[-1] if len(forwards) else pd.Series({"at": now.timestamp(), "why": "", "name": ""})
    when = beijing(float(last["at"]))
    where = f"《{mask_text(case.post_title or case.post_text or '')[:40]}》" if case.post_id is not None else ""
    return {
        "编号": number_of(case),
        "转办日期": on_paper(when.timestamp()),
        "转出单位": sender(case),
        "承办单位": case.unit or "",
        "诉求类别": case.kind or "诉求",
        "来源": f"{platform_name(case.platform)}“{case.account}”{CHANNEL_WORDS.get(case.channel, '')}{where}",
        "网民": mask_name(case.author_name) + (f"({case.region})" if case.region else ""),
        "提出时间": on_paper(case.asked_at),
        "诉求内容": mask_text(case.text),
        "原文链接": case.url or "无",
        "办理时限": due_on_paper(case),
        "依据": rule_words(case),
        "转办意见": str(last["why"]) or "请按职责核实办理，并在时限内通过原账号公开回复网民。",
        "经办人": str(last["name"]),
    }
