"""我的导出: files that the worker makes for this person, how far they are, and taking them away."""

from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from matrix.export import CSV, FORMS, KEPT_DAYS, KINDS, ExportState
from matrix.people import Right
from settings import Settings
from storage import exports, journal
from storage.database import open_writer, writing
from ui import signin
from ui.ask import act, fresh
from ui.clock import stamp
from ui.exports import ACT, GONE, MOVED, NO_RIGHT, Writers, stem_of
from ui.records import records
from ui.signin import Viewer
from ui.words import plain

OPEN = (ExportState.WAITING, ExportState.MAKING)
MIMES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
LISTED = 10
LOST = "文件已不在服务器上，请重新导出。"


@dataclass(frozen=True, slots=True)
class Take:
    """A press on 下载: asked anew whether this person may have it, noted, and then read. Runs without the page."""

    number: int
    settings: Settings
    token: str
    login: str
    form: str
    writers: Writers

    def content(self) -> bytes:
        """The file; one of the same form with the reason when it may not be had."""
        viewer = signin.viewer_of(self.token, self.settings)
        with closing(open_writer(self.settings.database.path)) as db:
            export = exports.find(db, self.number)
            content, refusal = b"", ""
            if viewer is None or export is None or not viewer.person.login == self.login == export.by_login:
                refusal = GONE
            elif not {Right.EXPORT, KINDS[export.kind].right} | (set() if export.is_masked else {Right.UNMASK}) <= viewer.rights:
                refusal = NO_RIGHT
            elif viewer.scope != export.scope:
                refusal = MOVED
            else:
                path = exports.file_of(self.settings.database.path, export.id, export.form)
                if export.state == ExportState.DONE and path.is_file():
                    content = path.read_bytes()
                else:
                    refusal = LOST
            with writing(db):
                if not refusal:
                    exports.note_taken(db, self.number)
                journal.note(
                    db,
                    at=signin.wall_now(),
                    actor=self.login,
                    act=ACT,
                    subject=f"{export.kind if export else ''}(导出{self.number})",
                    detail=refusal or f"下载文件，{len(content)}字节",
                    outcome=journal.REFUSED if refusal else journal.DONE,
                    address=viewer.address if viewer else "",
                )
        if not refusal:
            return content
        told = pd.DataFrame({"未能导出": [refusal]})
        return self.writers.to_csv(told) if self.form == CSV else self.writers.to_xlsx({"未能导出": told}, {"未能导出": refusal})


def show(viewer: Viewer, writers: Writers) -> None:
    """The person's long exports; looks again by itself while one is being made."""
    found = fresh(exports.mine, viewer, login=viewer.person.login)
    if found.empty:
        return
    st.subheader("我的导出", anchor=False)
    is_open = bool(found["state"].isin(OPEN).any())
    every = timedelta(seconds=2) if is_open else None
    st.fragment(lambda: listed(viewer, is_open, writers), run_every=every)()


def listed(viewer: Viewer, was_open: bool, writers: Writers) -> None:
    found: pd.DataFrame = fresh(exports.mine, login=viewer.person.login)
    if was_open and not found["state"].isin(OPEN).any():
        st.rerun()
    for row in records(found.head(LISTED)):
        with st.container(border=True, gap="xsmall"):
            show_one(viewer, row, writers)


def show_one(viewer: Viewer, row: dict[str, Any], writers: Writers) -> None:
    number, state = int(row["export_id"]), str(row["state"])
    masked = "" if row["is_masked"] else " · **未脱敏**"
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        head = f"**{row['kind']}** · {FORMS[row['form']]} · {stamp(row['asked_at'])}"
        st.markdown(f"{head} · {state_words(row)}{masked}", width="stretch")
        if state == ExportState.DONE:
            take = Take(number, signin.settings(), signin.token(), viewer.person.login, row["form"], writers)
            name = f"{stem_of(row['kind'], viewer)}.{row['form']}"
            st.download_button("下载", take.content, name, MIMES[row["form"]], key=f"take_{number}", on_click="ignore",
                               icon=":material/download:", type="tertiary")  # fmt: skip
        elif state in OPEN and st.button("取消", key=f"take_stop_{number}", type="tertiary", icon=":material/close:"):
            now = int(signin.exact_now().timestamp())
            act(Right.EXPORT, "取消导出", exports.cancel, viewer.scope, number, viewer.person.login, now, subject=f"导出{number}")
            st.rerun()
    if state in OPEN:
        st.progress(min(1.0, int(row["written"]) / max(1, int(row["wanted"]))))


def state_words(row: dict[str, Any]) -> str:
    state, written = str(row["state"]), int(row["written"])
    if state == ExportState.DONE:
        taken = f"，已下载{int(row['taken'])}次" if row["taken"] else ""
        kilobytes = int(row["bytes"] or 0) / 1024
        size = f"{kilobytes / 1024:.1f}MB" if kilobytes > 1000 else f"{kilobytes:.0f}KB"
        return f"{written:,}行，{size}，保留{KEPT_DAYS}天{taken}"
    if state == ExportState.MAKING:
        return f"正在生成，{written:,}/{int(row['wanted']):,}行"
    if state == ExportState.WAITING:
        return "排队，等待采集程序生成"
    return plain(str(row["sentence"])) if row["sentence"] else state
