"""Files of a report: the Word file of the check, the one that went out as it was frozen, and an Excel file of all tables."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from matrix.people import Right
from settings import Settings
from storage import journal, report_rows, sessions
from storage.database import open_writer, writing
from storage.idle import reading
from storage.report_rows import Opened
from ui import exports, notices, signin
from ui.clock import beijing, stamp
from ui.exports import GONE
from ui.records import records
from ui.reports_body import tables_of
from ui.reports_words import Tools, only_issued, period
from ui.signin import Viewer

ACT = "下载报告"
TOUCHED = "保存的文件与存证不一致，没有下载。请联系系统管理员，从备份核对。"
HIDDEN = "这份报告不在您的权限范围内，没有下载。"


@dataclass(frozen=True, slots=True)
class Order:
    """What a click will ask for, on another thread and maybe minutes after the page was drawn."""

    version_id: int
    is_issued: bool
    subject: str
    settings: Settings
    token: str
    viewer: Viewer
    address: str

    def word(self) -> bytes:
        """The file, after asking once more whether this person may have it and whether it is untouched.

        The line of the journal is written first. Raises PermissionError with a sentence: the download fails, and the journal
        has the reason.
        """
        viewer = signin.viewer_of(self.token, self.settings)
        form = "签发稿" if self.is_issued else "审核稿"
        refusal, content = self.judge(viewer)
        self.note(f"Word{form}" + (f"：{refusal}" if refusal else ""), journal.REFUSED if refusal else journal.DONE)
        if refusal:
            raise PermissionError(refusal)
        return content

    def judge(self, viewer: Viewer | None) -> tuple[str, bytes]:
        if viewer is None or viewer.person.id != self.viewer.person.id:
            return GONE, b""
        rights = {Right.REPORTS, Right.REPORTS_CHECK} | ({Right.REPORTS_VIEW} if self.is_issued else set())
        if not viewer.rights & rights:
            return HIDDEN, b""
        with reading(self.settings.database.path) as db:
            word = report_rows.word_of(db, viewer.scope, version_id=self.version_id, is_issued=self.is_issued)
        if word is None:
            return HIDDEN, b""
        return ("", word.content) if word.is_whole else (TOUCHED, b"")

    def note(self, detail: str, outcome: str) -> None:
        moment, person = signin.wall_now(), self.viewer.person.login
        with closing(open_writer(self.settings.database.path)) as db, writing(db):
            journal.note(
                db, at=moment, actor=person, act=ACT, subject=self.subject, detail=detail, outcome=outcome, address=self.address
            )
            if outcome == journal.DONE:
                sessions.touch(db, self.viewer.digest, moment)


def offer(opened: Opened, tools: Tools) -> None:
    """Buttons for what there is: drafts for those who write or check, what went out for everybody who may see it."""
    viewer = signin.require()
    held = records(opened.versions[opened.versions["id"] == opened.version_id])[0]
    is_issued = not pd.isna(held["issued_at"])
    if not opened.is_whole:
        notices.refuse("这一稿保存的内容与存证不一致，有人改动过数据库。请联系系统管理员，从备份核对。")
    with st.container(horizontal=True, gap="small"):
        if is_issued:
            button(opened, viewer, True, tools)
        if not only_issued(viewer):
            button(opened, viewer, False, tools)
    if is_issued:
        st.caption(f"签发稿SHA-256 {held['issued_sha256']}，每次下载时核对。")


def button(opened: Opened, viewer: Viewer, is_issued: bool, tools: Tools) -> None:
    subject = f"{opened.organization}{opened.brief.kind}{opened.place}第{opened.version}稿"
    order = Order(opened.version_id, is_issued, subject, signin.settings(), signin.token(), viewer, viewer.address)
    form = "签发稿" if is_issued else "审核稿"
    day = f"{beijing(opened.brief.cutoff):%Y%m%d}"
    place = opened.place.partition("(")[0]
    st.download_button(
        f"下载Word{form}",
        order.word,
        f"{opened.title}{place}_{opened.organization}_{day}_{form}.docx",
        tools.maker.DOCX_TYPE,
        key=f"word_{opened.version_id}_{is_issued}",
        on_click="ignore",
        icon=":material/description:",
    )


def offer_tables(opened: Opened, tools: Tools) -> None:
    """Every figure with its source, and every table as a sheet of its own."""
    if opened.composed is None:
        return
    sheets: Mapping[str, pd.DataFrame] = tables_of(opened.composed, tools)
    about = {
        "报告": f"{opened.organization}{opened.title}{opened.place}第{opened.version}稿",
        "统计时段": period(opened.brief.since, opened.brief.until),
        "获知截止": stamp(opened.brief.cutoff),
        "口径": "与Word文件相同；每个数字的来源见“数字出处”",
    }
    exports.offer("数字出处", sources(opened), about, tools.writers, f"figures_{opened.version_id}", more=sheets)


def sources(opened: Opened) -> pd.DataFrame:
    """One row for each figure: what it says, by which question, known until when, resting on how many rows."""
    figures = opened.composed.figures if opened.composed else ()
    rows = [
        {
            "出处": figure.key,
            "指标": figure.meaning,
            "印出的数": figure.text,
            "获知截止": stamp(figure.cutoff),
            "依据行数": figure.rows,
            "指纹": figure.mark,
        }
        for figure in figures
    ]
    return pd.DataFrame(rows, dtype=object)
