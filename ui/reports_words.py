"""Words of the page on reports: how a report stands, its period, a figure as a link to its rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd
import streamlit as st

from matrix.people import Right
from matrix.report import Brief, Figure, Note, ReportKind
from matrix.report_body import Composed
from matrix.report_life import State
from storage.report_content import Author
from storage.report_rows import Opened
from storage.report_steps import Found, Place
from ui import signin
from ui.clock import stamp
from ui.exports import Writers
from ui.signin import Viewer
from ui.words import plain

REPORT, VERSION, FIGURE = "report", "version", "key"
DONE = "report_done"
FREE = {ReportKind.INCIDENT: ("风险研判", "处置建议")}
"""Headings of the paragraphs that a person writes; 研判 and 建议 where a kind has no others."""
LONGEST_FREE = 4000
NEXT = {
    State.DRAFT: "补充研判和建议，核对数字后提交审核。",
    State.RETURNED: "按退回意见修改后重新提交。",
    State.CHECKING: "等待另一人审核；提交人可以撤回。",
    State.READY: "已审核，等待签发。签发前系统重新核对全部数字。",
    State.ISSUED: "已冻结并留存指纹，不能改动；有误的，请用“更正”。",
    State.VOID: "已作废，仅供查阅。",
}


class Made(Protocol):
    """A report as it was made: its content and the Word file of the copy that is checked."""

    @property
    def composed(self) -> Composed: ...

    @property
    def word(self) -> bytes: ...


class Maker(Protocol):
    """What the page hands in: `reports.report_making`, which this room may not import."""

    @property
    def DOCX_TYPE(self) -> str: ...  # noqa: N802

    def make(self, db: Any, brief: Brief, place: Place, address: str, writer: str) -> Made: ...

    def rewrite(self, db: Any, composed: Composed, notes: Sequence[Note], place: Place, address: str, writer: str) -> Made: ...

    def check(self, db: Any, scope: tuple[int, ...], word: bytes, now: Any) -> Sequence[Found]: ...

    def issue(self, db: Any, opened: Opened, place: Place, address: str, issuer: str, now: Any) -> bytes: ...

    def tables(self, composed: Composed) -> Mapping[str, pd.DataFrame]: ...

    def holds(self, db: Any, scope: tuple[int, ...], figure: Figure) -> str: ...

    def behind(self, db: Any, scope: tuple[int, ...], figure: Figure) -> pd.DataFrame: ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What makes, writes and draws reports, as the page hands it in."""

    maker: Maker
    writers: Writers
    draw: Callable[..., Any]


def author(viewer: Viewer) -> Author:
    return Author(viewer.person.login, viewer.person.name)


def address() -> str:
    """Where the console stands; papers bear it only where readers can reach it."""
    return signin.settings().console.base_url


def only_issued(viewer: Viewer) -> bool:
    """Whoever neither writes nor checks sees what went out and no drafts."""
    return not (viewer.may(Right.REPORTS) or viewer.may(Right.REPORTS_CHECK))


def period(since: int, until: int) -> str:
    return f"{stamp(since)} 至 {stamp(until)}"


def place_words(number: float | None, total: float | None) -> str:
    """第3期(总第40期); nothing before the first issue."""
    return "" if number is None or number != number else f"第{number:.0f}期(总第{total:.0f}期)"


def state_words(state: str, issues: int) -> str:
    """已签发, 更正起草中, 已签发(含更正1次)."""
    if issues and state not in (State.ISSUED, State.VOID):
        return f"更正{state}"
    return f"{state}(含更正{issues - 1}次)" if issues > 1 else state


def link(figure: Figure, words: str = "") -> str:
    """A figure as Markdown that opens the rows behind it."""
    return f"[{plain(words or figure.text)}](/figure?key={figure.key}-{figure.mark})"


def say(words: str, is_good: bool = True) -> None:
    """Keep a sentence for the next drawing of the page."""
    st.session_state[DONE] = (is_good, words)
