"""Kept inspections as they are listed and opened again, each only as far as the viewer's scope reaches."""

import json
import sqlite3
from dataclasses import dataclass

import pandas as pd

from matrix.inspection_tally import tally
from storage.inspection_facts import fingerprint, portions
from storage.inspections import asked_of, digest_of, frame_of
from storage.judging_then import Asked
from storage.scope import Scope, accounts_in

LISTED = 50
"""Kept inspections of one list; counting their findings is what it costs."""

KEPT = ["id", "as_of", "known_at", "rule", "units", "digest", "made_at", "made_by", "note", "tally"]


@dataclass(frozen=True, slots=True)
class Kept:
    """One kept inspection as somebody may see it. `findings` are those of his scope, `hidden` counts the others.

    `is_whole`: what is kept still has the digest under which it was kept.
    """

    id: int
    asked: Asked
    units: str
    judged_by: str
    made_at: int
    made_by: str
    note: str
    digest: str
    is_whole: bool
    findings: pd.DataFrame
    hidden: int


def kept(db: sqlite3.Connection, scope: Scope, *, before: int = 0, limit: int = LISTED) -> pd.DataFrame:
    """Kept inspections that judged an account of the scope, newest first; each `tally` is of those accounts alone.

    `before` gives those numbered below it (0: the newest). `rule` and `units` are names; times are Unix seconds.
    """
    mine, values = accounts_in(scope, "f.account_id")
    rows = db.execute(
        "SELECT i.id, i.as_of, i.known_at, i.rule, i.roots, i.digest, i.made_at, i.made_by, i.note FROM inspections i "
        f"WHERE (:before = 0 OR i.id < :before) AND EXISTS (SELECT 1 FROM findings f WHERE f.inspection_id = i.id AND {mine}) "
        "ORDER BY i.id DESC LIMIT :limit",
        values | {"before": before, "limit": limit},
    ).fetchall()
    verdicts: dict[int, list[str]] = {row[0]: [] for row in rows}
    for marks, ids in portions(list(verdicts)):
        sql = (
            "SELECT f.inspection_id, f.verdict, count(*) FROM findings f "
            f"WHERE f.inspection_id IN ({marks}) AND {mine} GROUP BY f.inspection_id, f.verdict"
        )
        for inspection, verdict, count in db.execute(sql, ids | values).fetchall():
            verdicts[inspection] += [verdict] * count
    shown = [
        (number, as_of, known, json.loads(rule)["name"], names_of(db, roots), *others, tally(verdicts[number]))
        for number, as_of, known, rule, roots, *others in rows
    ]
    return pd.DataFrame(shown, columns=KEPT)


def names_of(db: sqlite3.Connection, roots: str) -> str:
    """The names of the units of an inspection, as they are called today."""
    named = [
        db.execute("SELECT name FROM organizations WHERE id = :id", {"id": int(unit)}).fetchone() for unit in roots.split(",")
    ]
    return "、".join(str(row[0]) for row in named if row)


def opened(db: sqlite3.Connection, scope: Scope, inspection_id: int) -> Kept | None:
    """A kept inspection with its findings exactly as they were written down; None where nothing of it lies in the scope."""
    row = db.execute(
        "SELECT as_of, known_at, roots, rule, judged_by, made_at, made_by, note, digest FROM inspections WHERE id = :id",
        {"id": inspection_id},
    ).fetchone()
    mine, values = accounts_in(scope, "f.account_id")
    lines = db.execute(
        f"SELECT f.line, CASE WHEN {mine} THEN 1 ELSE 0 END FROM findings f WHERE f.inspection_id = :id ORDER BY f.account_id",
        values | {"id": inspection_id},
    ).fetchall()
    seen = [line for line, is_mine in lines if is_mine]
    if row is None or not seen:
        return None
    as_of, known, roots, rule, version, made_at, made_by, note, digest = row
    asked = asked_of(as_of, known, roots, rule)
    return Kept(
        id=inspection_id,
        asked=asked,
        units=names_of(db, roots),
        judged_by=version,
        made_at=made_at,
        made_by=made_by,
        note=note,
        digest=digest,
        is_whole=digest_of(asked, version, [line for line, _ in lines]) == digest,
        findings=frame_of(json.loads(line) for line in seen),
        hidden=len(lines) - len(seen),
    )


def wording(db: sqlite3.Connection, scope: Scope, post_id: int, sha256: str) -> tuple[str, str] | None:
    """Title and text of a post of the scope in the wording that has this fingerprint; None where no such wording is held."""
    mine, values = accounts_in(scope, "p.account_id")
    found = db.execute(
        "SELECT w.title, w.text FROM (SELECT id, title, text FROM posts WHERE id = :id "
        "UNION ALL SELECT post_id, title, text FROM post_versions WHERE post_id = :id "
        "UNION ALL SELECT post_id, title, text FROM post_states WHERE post_id = :id) w "
        f"JOIN posts p ON p.id = w.id WHERE {mine}",
        values | {"id": post_id},
    ).fetchall()
    return next(((title, text) for title, text in found if fingerprint(title, text) == sha256), None)
