"""Imports: one row per file that was brought, its faults, the column mappings that were used, and whether it came before."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from matrix.account import Platform
from storage.database import writing
from storage.moments import from_seconds, to_seconds
from storage.posts import rows_by_key
from storage.scope import Scope

FAULTS_KEPT = 1000
"""Faults of one import that are kept word by word; the rest is counted."""

RECENT = ["id", "file_name", "recipe", "started_at", "finished_at", "rows_good", "rows_new", "rows_bad", "outcome", "sentence"]


def start(db: sqlite3.Connection, file_name: str, sha256: str, recipe: str, asked_by: str, now: datetime) -> int:
    """Open the row of an import; one that is never finished shows that the program was stopped in it. Gives its id."""
    values = {"file": file_name, "sha": sha256, "recipe": recipe, "at": to_seconds(now), "by": asked_by}
    sql = (
        "INSERT INTO imports(file_name, sha256, recipe, started_at, asked_by) VALUES(:file, :sha, :recipe, :at, :by) RETURNING id"
    )
    with writing(db):
        return int(db.execute(sql, values).fetchone()[0])


def note_faults(db: sqlite3.Connection, import_id: int, faults: Iterable[tuple[int, str, str]]) -> None:
    """Keep faults as (line, reason, excerpt), as long as there is room for this import."""
    rows = list(faults)
    if not rows:
        return
    with writing(db):
        sql = "SELECT count(*) FROM import_faults WHERE import_id = :id"
        room = max(0, FAULTS_KEPT - db.execute(sql, {"id": import_id}).fetchone()[0])
        db.executemany(
            "INSERT INTO import_faults(import_id, line, reason, excerpt) VALUES(:id, :line, :reason, :excerpt)",
            [{"id": import_id, "line": line, "reason": reason, "excerpt": text} for line, reason, text in rows[:room]],
        )


def finish(
    db: sqlite3.Connection, import_id: int, outcome: str, sentence: str, good: int, new: int, bad: int, now: datetime
) -> None:
    """Close an import with `ok`, `partial` or `failed` and a Chinese sentence."""
    values = {"id": import_id, "outcome": outcome, "sentence": sentence, "good": good, "new": new, "bad": bad}
    with writing(db):
        db.execute(
            "UPDATE imports SET finished_at = :at, outcome = :outcome, sentence = :sentence, rows_good = :good, "
            "rows_new = :new, rows_bad = :bad WHERE id = :id",
            values | {"at": to_seconds(now)},
        )


def seen_before(db: sqlite3.Connection, sha256: str) -> tuple[str, datetime] | None:
    """Name and time of an earlier import of the same bytes that went in whole; a partial one may be tried again."""
    row = db.execute(
        "SELECT file_name, finished_at FROM imports WHERE sha256 = :sha AND outcome = 'ok' ORDER BY id LIMIT 1", {"sha": sha256}
    ).fetchone()
    return (row[0], from_seconds(row[1])) if row else None


def remembered_mapping(db: sqlite3.Connection, headers: str) -> dict[str, Any] | None:
    """The mapping that was last used for a table with these headers (a signature of them)."""
    row = db.execute("SELECT mapping FROM column_mappings WHERE headers = :headers", {"headers": headers}).fetchone()
    return json.loads(row[0]) if row else None


def remember_mapping(db: sqlite3.Connection, headers: str, name: str, mapping: Mapping[str, Any], by: str, now: datetime) -> None:
    """Keep a mapping for the next file with the same headers."""
    values = {
        "headers": headers,
        "name": name,
        "mapping": json.dumps(mapping, ensure_ascii=False, sort_keys=True),
        "at": to_seconds(now),
        "by": by,
    }
    with writing(db):
        db.execute(
            "INSERT INTO column_mappings(headers, name, mapping, saved_at, saved_by) "
            "VALUES(:headers, :name, :mapping, :at, :by) ON CONFLICT(headers) DO UPDATE SET name = excluded.name, "
            "mapping = excluded.mapping, saved_at = excluded.saved_at, saved_by = excluded.saved_by "
            "WHERE column_mappings.mapping IS DISTINCT FROM excluded.mapping",
            values,
        )


def owners_of(db: sqlite3.Connection, platform: Platform, post_exts: Iterable[str]) -> dict[str, int]:
    """Whose posts these are: platform id of the post to row id of the account, for the posts that we hold."""
    return {row[0]: row[1] for row in rows_by_key(db, "posts", "ext_id, account_id", platform, post_exts)}


def stated_comments(db: sqlite3.Connection, platform: Platform, post_exts: Sequence[str]) -> dict[str, int | None]:
    """How many comments the platform last stated for these posts."""
    return {row[0]: row[1] for row in rows_by_key(db, "posts", "ext_id, comments", platform, post_exts)}


def record_look(db: sqlite3.Connection, account_id: int, observed_at: datetime) -> None:
    """A file showed an account as it was at `observed_at`: for accounts that only files tell of, that is our last look.

    Inside `writing()`.
    """
    db.execute(
        "UPDATE accounts SET last_check_at = :at, last_ok_at = :at, last_error = '', last_error_kind = '', error_count = 0, "
        "watched_from = coalesce(watched_from, :at) "
        "WHERE id = :id AND route = 'files' AND (last_ok_at IS NULL OR last_ok_at < :at)",
        {"id": account_id, "at": to_seconds(observed_at)},
    )


def recent(db: sqlite3.Connection, scope: Scope, limit: int = 50) -> pd.DataFrame:
    """The newest imports; files hold rows of any unit, so only who sees a whole tree sees them."""
    marks = {f"scope{i}": organization for i, organization in enumerate(scope)}
    names = ", ".join(f":{name}" for name in marks) or "NULL"
    rows = db.execute(
        f"SELECT {', '.join(RECENT)} FROM imports WHERE EXISTS (SELECT 1 FROM organizations o WHERE o.parent_id IS NULL "
        f"AND o.id IN ({names})) ORDER BY id DESC LIMIT :limit",
        marks | {"limit": limit},
    ).fetchall()
    return pd.DataFrame(rows, columns=RECENT)


def faults_of(db: sqlite3.Connection, scope: Scope, import_id: int) -> pd.DataFrame:
    """The faults of one import, in the order of the file."""
    columns = ["line", "reason", "excerpt"]
    if recent(db, scope, 1).empty:
        return pd.DataFrame([], columns=columns)
    rows = db.execute(
        "SELECT line, reason, excerpt FROM import_faults WHERE import_id = :id ORDER BY line", {"id": import_id}
    ).fetchall()
    return pd.DataFrame(rows, columns=columns)
