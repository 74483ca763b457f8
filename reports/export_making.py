"""Makes the files of long exports, one after another, for the rights and the scope that their askers have at that moment."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pandas as pd

from matrix.export import CSV, KINDS, ExportState
from matrix.people import Right
from reports import tables
from reports.export_table import table
from storage import exports, journal, people
from storage.database import open_database, open_writer, writing
from storage.export_rows import ids, portions
from storage.exports import Export
from storage.moments import BEIJING, from_seconds, to_seconds
from storage.portions import versions

ACT = "导出数据"
EVERY = 2
"""Portions between two notes of how far it is."""


class StoppedError(Exception):
    """The asker cancelled, or the worker is told to stop."""


class Maker:
    """The worker's side of exports, for a thread of its own: a long file must not hold up collecting."""

    def __init__(self, path: Path, now: Callable[[], datetime], is_stopping: Callable[[], bool]) -> None:
        self.path, self.now, self.is_stopping = path, now, is_stopping

    def tick(self) -> None:
        make_waiting(self.path, self.now, self.is_stopping)


def make_waiting(path: Path, now: Callable[[], datetime], is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Drop old files and make what waits in the database at `path`; gives how many were made.

    A killed worker leaves at most a part file, which the next one drops; its export is made anew.
    """
    folder = exports.file_of(path, 0, "").parent
    made = 0
    with closing(open_writer(path)) as db:
        with writing(db):
            old = exports.forget(db, to_seconds(now()))
        for number, form in old:
            exports.file_of(path, number, form).unlink(missing_ok=True)
        while not is_stopping():
            with writing(db):
                export = exports.take(db)
            if export is None:
                return made
            folder.mkdir(mode=0o700, exist_ok=True)
            for left in folder.glob(f"*{tables.PART}"):
                left.unlink(missing_ok=True)
            made += make(db, path, export, now, is_stopping)
    return made


def make(
    db: sqlite3.Connection, path: Path, export: Export, now: Callable[[], datetime], is_stopping: Callable[[], bool]
) -> bool:
    """Make one file; whatever goes wrong is the answer that its asker reads, and no half file stays."""
    target = exports.file_of(path, export.id, export.form)
    refusal = refusal_of(db, export)
    if refusal:
        end(db, export, ExportState.FAILED, now(), sentence=refusal)
        return False
    try:
        with closing(open_database(path)) as reader:
            rows = write(reader, db, target, export, is_stopping)
    except StoppedError:
        return False  # cancelled already, or taken up again by the next worker
    except OSError as error:
        end(db, export, ExportState.FAILED, now(), sentence=f"文件没有写成({type(error).__name__})，请检查磁盘空间后重新导出。")
        return False
    except BaseException as error:
        end(db, export, ExportState.FAILED, now(), sentence=f"生成文件时程序出错({type(error).__name__})，请把日志交给维护人员。")
        raise
    if not end(db, export, ExportState.DONE, now(), rows, target.stat().st_size):
        target.unlink(missing_ok=True)
        return False
    return True


def refusal_of(db: sqlite3.Connection, export: Export) -> str:
    """Why the asker may not have it now, as a sentence; empty when he may."""
    person = people.find(db, export.by_login)
    if person is None or person.disabled_at is not None:
        return "导出人的账号已停用，没有导出。"
    needed = {Right.EXPORT, KINDS[export.kind].right} | (set() if export.is_masked else {Right.UNMASK})
    missing = needed - people.rights(db, person)
    if missing:
        return f"您已没有“{min(missing)}”权限，没有导出。确有需要，请联系安全管理员。"
    return "" if people.scope_of(db, person) == export.scope else "您的权限范围已经变更，没有导出。请重新导出。"


def write(
    reader: sqlite3.Connection, db: sqlite3.Connection, target: Path, export: Export, is_stopping: Callable[[], bool]
) -> int:
    """The rows into the file; gives their number. Which rows there are is fixed at the beginning."""
    wanted = ids(reader, export.scope, export.kind, **export.filters)

    def frames() -> Iterator[pd.DataFrame]:
        written = 0
        for number, raw in enumerate(portions(reader, export.kind, wanted)):
            if number % EVERY == 0:
                with writing(db):
                    is_wanted = exports.progress(db, export.id, written)
                if is_stopping() or not is_wanted:
                    raise StoppedError
            yield table(raw, export.kind, export.columns, export.is_masked)
            written += len(raw)

    if export.form == CSV:
        return tables.csv_file(target, frames())
    return tables.xlsx_file(target, export.kind, frames(), lambda rows: about_of(reader, export, rows))


def about_of(db: sqlite3.Connection, export: Export, rows: int) -> dict[str, str]:
    """What 说明 says: filters, columns, scope, who asked when, and how many rows there are."""
    person = people.find(db, export.by_login)
    scope = "、".join(people.scope_names(db, person)) if person else ""
    asked = from_seconds(export.asked_at).astimezone(BEIJING)
    return {
        **export.about,
        "判读版本": versions(db) or "尚未判读",
        "行数": f"{rows:,}",
        "权限范围": scope or "无",
        tables.MADE_BY: f"{export.by_name}({export.by_login})",
        "导出时间": f"{asked:%Y-%m-%d %H:%M:%S}",
    }


def end(
    db: sqlite3.Connection,
    export: Export,
    state: ExportState,
    now: datetime,
    rows: int = 0,
    size: int = 0,
    sentence: str = "",
) -> bool:
    with writing(db):
        is_changed = exports.finish(db, export.id, state, to_seconds(now), rows, size, sentence)
        if is_changed:
            outcome = journal.DONE if state is ExportState.DONE else journal.REFUSED
            filters = "；".join(f"{label}：{words}" for label, words in export.about.items())
            detail = f"生成文件：{export.form}，{rows}行。{sentence}{filters}{'；事由：' + export.why if export.why else ''}"
            subject = f"{export.kind}(导出{export.id})"
            journal.note(db, at=now, actor=export.by_login, act=ACT, subject=subject, detail=detail, outcome=outcome)
    return is_changed
