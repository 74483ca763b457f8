"""Exports: long files that the worker makes for somebody, from the asking to the dropping of the file."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from matrix.export import FORMS, KEPT_DAYS, KINDS, MOST, ExportState, judge_why, kept_columns
from storage.batches import bump_version
from storage.scope import Scope, organizations_in

ATTEMPTS = 3
FOLDER = "exports"
LISTED = 50
COLUMNS = ["export_id", "kind", "form", "about", "is_masked", "asked_at", "state", "wanted", "written", "done_at", "bytes"]
COLUMNS += ["sentence", "taken"]


@dataclass(frozen=True, slots=True)
class Export:
    """One long export. `filters` as `storage.export_rows.condition_of` takes them, `about` what its 说明 says of it."""

    id: int
    kind: str
    form: str
    filters: dict[str, Any]
    columns: tuple[str, ...]
    about: dict[str, str]
    is_masked: bool
    why: str
    scope: Scope
    by_login: str
    by_name: str
    asked_at: int
    state: str
    attempts: int
    wanted: int


def order(
    db: sqlite3.Connection,
    scope: Scope,
    kind: str,
    form: str,
    filters: Mapping[str, Any],
    columns: Sequence[str],
    about: Mapping[str, str],
    wanted: int,
    login: str,
    name: str,
    now: int,
    why: str = "",
) -> int:
    """Ask for a file, inside `writing()`; gives its number. A reason in `why` asks for texts that are not masked.

    Raises ValueError with a Chinese sentence for an unknown kind or form, too many rows, or a reason too short.
    """
    if kind not in KINDS or form not in FORMS or not scope:
        raise ValueError("没有这一类数据，或您还没有权限范围。请刷新页面后再试。")
    if wanted > MOST:
        raise ValueError(f"共{wanted:,}行，超出一次导出的上限{MOST:,}行。请缩短时段或缩小单位，分次导出。")
    if why and judge_why(why):
        raise ValueError(judge_why(why))
    values = {
        "unit": scope[0],
        "kind": kind,
        "form": form,
        "filters": json.dumps(dict(filters), ensure_ascii=False),
        "columns": json.dumps(list(kept_columns(kind, columns)), ensure_ascii=False),
        "about": json.dumps(dict(about), ensure_ascii=False),
        "masked": 0 if why else 1,
        "why": why.strip(),
        "scope": ",".join(map(str, scope)),
        "login": login,
        "name": name,
        "at": now,
        "state": ExportState.WAITING,
        "wanted": wanted,
    }
    found = db.execute(
        "INSERT INTO exports(organization_id, kind, form, filters, columns, about, is_masked, why, scope, by_login, by_name,"
        " asked_at, state, wanted) VALUES(:unit, :kind, :form, :filters, :columns, :about, :masked, :why, :scope, :login, :name,"
        " :at, :state, :wanted) RETURNING id",
        values,
    ).fetchone()
    bump_version(db)
    return int(found[0])


def mine(db: sqlite3.Connection, scope: Scope, login: str) -> pd.DataFrame:
    """The newest exports of one person, within his scope, the newest first. Times in Unix seconds."""
    inside, values = organizations_in(scope, "e.organization_id")
    rows = db.execute(
        "SELECT e.id, e.kind, e.form, e.about, e.is_masked, e.asked_at, e.state, e.wanted, e.written, e.done_at, e.bytes,"
        f" e.sentence, e.taken FROM exports e WHERE e.by_login = :login AND {inside} ORDER BY e.id DESC LIMIT :limit",
        values | {"login": login, "limit": LISTED},
    ).fetchall()
    return pd.DataFrame(rows, columns=COLUMNS)


def find(db: sqlite3.Connection, export_id: int) -> Export | None:
    row = db.execute(
        "SELECT id, kind, form, filters, columns, about, is_masked, why, scope, by_login, by_name, asked_at, state, attempts,"
        " wanted FROM exports WHERE id = :id",
        {"id": export_id},
    ).fetchone()
    if row is None:
        return None
    number, kind, form, filters, columns, about, is_masked, why, scope, *rest = row
    return Export(
        number,
        kind,
        form,
        json.loads(filters),
        tuple(json.loads(columns)),
        json.loads(about),
        bool(is_masked),
        why,
        tuple(int(one) for one in scope.split(",") if one),
        *rest,
    )


def take(db: sqlite3.Connection) -> Export | None:
    """The oldest export that waits, now in hand; one that a killed worker had in hand counts as waiting. Inside `writing()`.

    One that was in hand at the end of ATTEMPTS workers is given up: it may be what kills them.
    """
    db.execute(
        "UPDATE exports SET state = :failed, sentence = :sentence WHERE state = :making AND attempts >= :most",
        {
            "failed": ExportState.FAILED,
            "sentence": f"采集程序生成这个文件时{ATTEMPTS}次中途退出，已不再重试；请缩小范围，或告知维护人员。",
            "making": ExportState.MAKING,
            "most": ATTEMPTS,
        },
    )
    row = db.execute(
        "SELECT id FROM exports WHERE state IN (:waiting, :making) ORDER BY id LIMIT 1",
        {"waiting": ExportState.WAITING, "making": ExportState.MAKING},
    ).fetchone()
    if row is None:
        return None
    db.execute(
        "UPDATE exports SET state = :making, attempts = attempts + 1, written = 0 WHERE id = :id",
        {"making": ExportState.MAKING, "id": row[0]},
    )
    bump_version(db)
    return find(db, row[0])


def progress(db: sqlite3.Connection, export_id: int, written: int) -> bool:
    """Note how far it is, inside `writing()`; False when its asker has cancelled it."""
    values = {"id": export_id, "written": written, "making": ExportState.MAKING}
    return db.execute("UPDATE exports SET written = :written WHERE id = :id AND state = :making", values).rowcount == 1


def finish(
    db: sqlite3.Connection, export_id: int, state: ExportState, now: int, written: int = 0, size: int = 0, sentence: str = ""
) -> bool:
    """How it ended, inside `writing()`; False when it was cancelled meanwhile, and then nothing is changed."""
    changed = db.execute(
        "UPDATE exports SET state = :state, done_at = :now, written = :written, bytes = :size, sentence = :sentence"
        " WHERE id = :id AND state = :making",
        {"state": state, "now": now, "written": written, "size": size, "sentence": sentence, "id": export_id}
        | {"making": ExportState.MAKING},
    ).rowcount
    bump_version(db)
    return changed == 1


def cancel(db: sqlite3.Connection, scope: Scope, export_id: int, login: str, now: int) -> None:
    """Give up one's own export that is not done; inside `writing()`. Raises ValueError when there is nothing to cancel."""
    inside, values = organizations_in(scope, "organization_id")
    changed = db.execute(
        f"UPDATE exports SET state = :cancelled, done_at = :now WHERE id = :id AND by_login = :login AND {inside}"
        " AND state IN (:waiting, :making)",
        values
        | {"cancelled": ExportState.CANCELLED, "now": now, "id": export_id, "login": login}
        | {"waiting": ExportState.WAITING, "making": ExportState.MAKING},
    ).rowcount
    if not changed:
        raise ValueError("这个导出已经结束，或不是您的，没有可取消的。请刷新页面。")
    bump_version(db)


def look(_db: sqlite3.Connection) -> None:
    """Nothing changes: that somebody looked at what is masked for others is the line in the journal."""


def note_taken(db: sqlite3.Connection, export_id: int) -> None:
    """Count a download, inside `writing()`; who and when is a line of the journal."""
    db.execute("UPDATE exports SET taken = taken + 1 WHERE id = :id", {"id": export_id})
    bump_version(db)


def file_of(database: Path, export_id: int, form: str) -> Path:
    """Where the file of an export lies: beside the database, in a folder that only this program's user may open."""
    return database.parent / FOLDER / f"{export_id}.{form}"


def forget(db: sqlite3.Connection, now: int) -> list[tuple[int, str]]:
    """Exports whose files are to be dropped because they are old, with their forms; inside `writing()`."""
    rows = db.execute(
        "UPDATE exports SET state = :dropped WHERE state = :done AND done_at < :before RETURNING id, form",
        {"dropped": ExportState.DROPPED, "done": ExportState.DONE, "before": now - KEPT_DAYS * 86400},
    ).fetchall()
    if rows:
        bump_version(db)
    return [(row[0], row[1]) for row in rows]
