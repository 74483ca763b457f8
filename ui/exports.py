"""Downloads of what is on the screen: made on click, masked before they come here, and each one a line in the journal."""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

import pandas as pd
import streamlit as st

from matrix.people import Right
from settings import Settings
from storage import journal, people, portions, sessions
from storage.database import open_writer, writing
from storage.idle import reading
from storage.scope import Scope
from ui import signin
from ui.clock import beijing
from ui.records import records
from ui.signin import Viewer

Rows = pd.DataFrame | Callable[[Any, Scope], pd.DataFrame]
"""Rows that are there, or a question `(db, scope)` that is asked when somebody clicks."""

ACT = "导出数据"
GONE = "登录已结束，没有导出。请重新登录后再下载。"
NO_RIGHT = "您已没有导出这些数据的权限，没有导出。确有需要，请联系安全管理员。"
MOVED = "您的权限范围已经变更，没有导出。请刷新页面后再下载。"
DEFINED = ("口径", "定义")
"""How headings of definitions begin: they stand in the file and not in the journal."""

MASKED = "姓名、电话、证件号等已遮蔽"


class Writers(Protocol):
    """What the page hands in: `reports.tables`, which this room may not import."""

    @property
    def CSV_TYPE(self) -> str: ...  # noqa: N802

    @property
    def XLSX_TYPE(self) -> str: ...  # noqa: N802

    def to_csv(self, frame: pd.DataFrame) -> bytes: ...

    def to_xlsx(self, sheets: Mapping[str, pd.DataFrame], about: Mapping[str, str]) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Order:
    """What a click will ask for. It runs on another thread, without the page, maybe minutes after the page was drawn."""

    name: str
    rows: Rows
    about: Mapping[str, str]
    writers: Writers
    settings: Settings
    token: str
    viewer: Viewer
    more: Mapping[str, Rows] = field(default_factory=dict)
    """Further sheets of the Excel file, by name."""

    rights: frozenset[Right] = frozenset({Right.EXPORT})

    def csv(self) -> bytes:
        return self.make("CSV", lambda rows, _about: self.writers.to_csv(rows[self.name]), {self.name: self.rows})

    def xlsx(self) -> bytes:
        return self.make("Excel", self.writers.to_xlsx, {self.name: self.rows, **self.more})

    def make(
        self,
        form: str,
        write: Callable[[Mapping[str, pd.DataFrame], Mapping[str, str]], bytes],
        wanted: Mapping[str, Rows],
    ) -> bytes:
        """The file, after asking once more whether this person may have it; a file with the reason when not.

        The line of the journal is written first: what cannot be noted is not handed out.
        """
        viewer = signin.viewer_of(self.token, self.settings)
        refusal = self.refusal(viewer)
        if refusal or viewer is None:
            self.note(f"{form}：{refusal}", journal.REFUSED)
            return write({self.name: pd.DataFrame({"未能导出": [refusal]})}, {"未能导出": refusal})
        with reading(self.settings.database.path) as db:
            rows = {title: rows_now(one, db, viewer.scope) for title, one in wanted.items()}
            scope = "、".join(people.scope_names(db, viewer.person)) or "无"
            read_by = portions.versions(db) or "尚未判读"
        about = {
            "遮蔽": MASKED,
            **self.about,
            "判读版本": read_by,
            "权限范围": scope,
            "导出人": f"{viewer.person.name}({viewer.person.login})",
            "导出时间": f"{beijing(signin.wall_now()):%Y-%m-%d %H:%M:%S}",
        }
        content = write(rows, about)
        counts = "，".join(f"{title}{len(frame)}行" for title, frame in rows.items())
        filters = "；".join(f"{label}：{words}" for label, words in self.about.items() if not label.startswith(DEFINED))
        self.note(f"{form}：{counts}。{filters}", journal.DONE)
        return content

    def refusal(self, viewer: Viewer | None) -> str:
        """Why nothing is handed out, as a sentence; empty when all is in order."""
        if viewer is None or viewer.person.id != self.viewer.person.id:
            return GONE
        if not self.rights <= viewer.rights:
            return NO_RIGHT
        return "" if viewer.scope == self.viewer.scope else MOVED

    def note(self, detail: str, outcome: str) -> None:
        moment = signin.wall_now()
        with closing(open_writer(self.settings.database.path)) as db, writing(db):
            journal.note(
                db,
                at=moment,
                actor=self.viewer.person.login,
                act=ACT,
                subject=self.name,
                detail=detail,
                outcome=outcome,
                address=self.viewer.address,
            )
            if outcome == journal.DONE:
                sessions.touch(db, self.viewer.digest, moment)


def stem_of(name: str, viewer: Viewer) -> str:
    """The name of a file: what it holds, when and by whom it was made, because a CSV file can say that nowhere else."""
    return f"{name}_{beijing(signin.now()):%Y%m%d_%H%M}_{viewer.person.login}"


def rows_now(rows: Rows, db: Any, scope: Scope) -> pd.DataFrame:
    return rows if isinstance(rows, pd.DataFrame) else rows(db, scope)


def offer(
    name: str,
    frame: Rows,
    about: Mapping[str, str],
    writers: Writers,
    key: str = "",
    more: Mapping[str, Rows] | None = None,
    rights: frozenset[Right] = frozenset(),
) -> None:
    """Two buttons below a table or figure, for those who may export; nothing for others, and nothing where nothing is.

    `name` names the file and its first sheet; `about` says what the rows are: filters, definitions, cut-off, versions.
    `more` are further sheets of the Excel file. Texts of citizens must be masked in whatever is handed in, unless `rights`
    asks for that of seeing them.
    """
    viewer = signin.require()
    if not viewer.may(Right.EXPORT) or (isinstance(frame, pd.DataFrame) and frame.empty):
        return
    needed = rights | {Right.EXPORT}
    order = Order(name, frame, about, writers, signin.settings(), signin.token(), viewer, more or {}, needed)
    stem = stem_of(name, viewer)
    with st.container(horizontal=True, gap="small"):
        for form, make, ending, mime in (
            ("CSV", order.csv, "csv", writers.CSV_TYPE),
            ("Excel", order.xlsx, "xlsx", writers.XLSX_TYPE),
        ):
            st.download_button(
                f"下载 {form}",
                make,
                f"{stem}.{ending}",
                mime,
                key=f"{ending}_{key or name}",
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )


def offer_paper(
    label: str,
    name: str,
    lists: Mapping[str, pd.DataFrame],
    head: Mapping[str, str],
    write: Callable[[Mapping[str, str], Mapping[str, Any]], bytes],
) -> None:
    """A button for a page that prints: the same rules and the same line in the journal as for a file of rows.

    `head` stands above the lists, `write` makes HTML of both. Everything that is handed in must be masked.
    """
    viewer = signin.require()
    if not viewer.may(Right.EXPORT):
        return
    # The page has a writer of its own; those of rows are not asked for.
    order = Order(name, pd.DataFrame(), head, cast("Writers", None), signin.settings(), signin.token(), viewer)

    def page(rows: Mapping[str, pd.DataFrame], about: Mapping[str, str]) -> bytes:
        is_refused = set(about) == {"未能导出"}
        return write(about if is_refused else head, {title: records(frame) for title, frame in rows.items()})

    st.download_button(
        label,
        lambda: order.make("打印页", page, lists),
        f"{name}_{beijing(signin.now()):%Y%m%d_%H%M}.html",
        "text/html",
        key=f"paper_{name}",
        on_click="ignore",
        icon=":material/print:",
    )
