"""Makes a report from end to end: composed as of a cut-off, written for the check, verified, written as it goes out."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from matrix.report import Brief, Copy, Note
from matrix.report_body import Composed
from matrix.report_life import Act
from matrix.report_words import day_words
from reports.report import DOCX_TYPE, compose, tables, to_docx
from reports.report_behind import behind, holds
from reports.verify import verify
from storage import report_timetable
from storage.moments import to_seconds
from storage.report_rows import Opened
from storage.report_steps import Found, Place
from storage.report_timetable import Plan
from storage.scope import Scope

__all__ = ["DOCX_TYPE", "Made", "behind", "check", "holds", "issue", "make", "rewrite", "tables"]

LOCAL = ("localhost", "127.0.0.1", "[::1]", "0.0.0.0")  # noqa: S104
CORRECTED = "（更正）"
"""Behind the title of an issue that takes the place of an earlier one."""


@dataclass(frozen=True, slots=True)
class Made:
    """A composed report and the Word file of the copy that is checked."""

    composed: Composed
    word: bytes


def outside(address: str) -> str:
    """The address of the console as readers reach it; none where it is only that of this machine, which no paper may bear."""
    host = address.partition("://")[2].partition("/")[0]
    return "" if host.startswith(LOCAL) else address


def head(plan: Plan, place: Place, address: str) -> dict[str, str]:
    """What stands around the content: the numbers of the issue, who publishes it, who receives it."""
    return {
        "期号": str(place.number),
        "总期号": str(place.total),
        "编发单位": plan.office,
        "报": plan.report_to,
        "送": plan.send_to,
        "发": plan.copy_to,
        "地址": outside(address),
    }


def make(db: sqlite3.Connection, brief: Brief, place: Place, address: str, writer: str) -> Made:
    """Ask everything within the brief's own unit, so that no figure depends on who makes it; the caller has looked at rights.

    `place` is the number under which it would be issued now; `writer` the name of who drafts.
    """
    composed = compose(db, (brief.organization_id,), brief)
    return Made(composed, to_docx(composed, Copy.REVIEW, about(db, composed, place, address, {"编制": writer})))


def rewrite(db: sqlite3.Connection, composed: Composed, notes: Sequence[Note], place: Place, address: str, writer: str) -> Made:
    """The same facts with other paragraphs of a person's hand."""
    told = composed.with_notes(notes)
    return Made(told, to_docx(told, Copy.REVIEW, about(db, told, place, address, {"编制": writer})))


def about(db: sqlite3.Connection, composed: Composed, place: Place, address: str, people: Mapping[str, str]) -> dict[str, str]:
    unit = composed.brief.organization_id
    plan = report_timetable.plan_of(db, (unit,), organization_id=unit, kind=composed.brief.kind)
    return {**head(plan or Plan(unit, composed.brief.kind), place, address), **people}


def check(db: sqlite3.Connection, scope: Scope, word: bytes, now: datetime) -> list[Found]:
    """Every figure of a Word file asked again; what has come since its cut-off is told too. Raises ValueError for a file that
    is no report."""
    return [Found(one.key, one.what, one.said, one.now, str(one.kind)) for one in verify(db, scope, word, to_seconds(now))]


def issue(db: sqlite3.Connection, opened: Opened, place: Place, address: str, issuer: str, now: datetime) -> bytes:
    """The copy that goes out, from the content that was checked and nothing else; a correction says in its title that it is one.

    Raises ValueError, a Chinese sentence, where the kept content cannot be read.
    """
    if opened.composed is None or not opened.is_whole:
        raise ValueError("保存的内容与存证不一致，不能签发。请联系系统管理员，从备份核对。")
    composed = opened.composed
    if opened.number is not None:
        composed = replace(composed, title=composed.title + CORRECTED)
    people = {**signed(opened), "签发": issuer, "日期": day_words(to_seconds(now))}
    return to_docx(composed, Copy.ISSUED, about(db, composed, place, address, people))


def signed(opened: Opened) -> dict[str, str]:
    """Who wrote and who checked, as it is printed at the foot."""
    acts = list(zip(opened.steps["act"], opened.steps["by_name"], opened.steps["by_login"], strict=True))
    wrote = [name for act, name, login in acts if login and act in (Act.DRAFT, Act.RENEW, Act.WRITE, Act.SUBMIT)]
    checked = next(
        (f"{name}{'（一人岗位自行审核）' * (act == Act.WAIVE)}" for act, name, _ in reversed(acts) if act in CHECKS), ""
    )
    return {"编制": "、".join(dict.fromkeys(wrote)), "审核": checked}


CHECKS = (Act.APPROVE, Act.WAIVE)
