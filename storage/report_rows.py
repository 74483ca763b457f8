"""Reports as they are listed and opened: their versions, steps and checks, and whether what was kept is still untouched."""

import hashlib
import json
import sqlite3
import zlib
from dataclasses import dataclass

import pandas as pd

from matrix.report import Brief, Figure
from matrix.report_body import Composed, from_json
from matrix.report_life import Act, State, Step
from storage.report_content import brief_from_text, digest_of, unpack
from storage.report_steps import Found
from storage.scope import Scope, organizations_in

LISTED = 100
LIST = ["id", "kind", "organization_id", "organization", "since", "until", "cutoff", "title", "state", "year", "number", "total"]
LIST += ["made_at", "made_name", "is_timed", "issues", "last_act", "last_name", "last_at", "version_id"]
VERSIONS = ["id", "number", "why", "figures", "sha256", "made_at", "made_name", "issued_at", "issued_name", "issued_sha256"]
STEPS = ["id", "act", "note", "by_login", "by_name", "at", "version"]


@dataclass(frozen=True, slots=True)
class Check:
    """What the newest verification of a version found; `findings` are those that are not simply equal."""

    at: int
    by_login: str
    agreed: int
    later: int
    broken: int
    findings: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A report with one of its versions as it was kept; `composed` is None where its form is one that is no longer read.

    `is_whole`: the version still has the digest under which it was kept.
    """

    id: int
    organization: str
    brief: Brief
    title: str
    state: State
    number: int | None
    total: int | None
    version_id: int
    version: int
    last_step: int
    lived: tuple[Step, ...]
    composed: Composed | None
    sha256: str
    is_whole: bool
    check: Check | None
    steps: pd.DataFrame
    versions: pd.DataFrame

    @property
    def place(self) -> str:
        return "" if self.number is None else f"第{self.number}期(总第{self.total}期)"


@dataclass(frozen=True, slots=True)
class Word:
    """A Word file as it was kept, and whether it still has its digest."""

    content: bytes
    sha256: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure of a report, and where it is printed."""

    figure: Figure
    report_id: int
    title: str
    organization_id: int
    organization: str
    is_issued: bool


def listed(
    db: sqlite3.Connection, scope: Scope, *, kind: str = "", root: int = 0, only_issued: bool = False, before: int = 0
) -> pd.DataFrame:
    """Reports of units of the scope (`root`: below one unit), newest first. Times are Unix seconds; `issues` counts 签发.

    `before` gives those with smaller ids (0: the newest).
    """
    mine, values = organizations_in(scope, "r.organization_id")
    below = "r.organization_id IN (SELECT b.organization_id FROM organization_up b WHERE b.ancestor_id = :root)"
    issues = "(SELECT count(*) FROM report_signings i WHERE i.report_id = r.id)"
    rows = db.execute(
        "SELECT r.id, r.kind, r.organization_id, o.name, r.since, r.until, r.cutoff, r.title, r.state, r.year, r.number, "
        f"r.total, r.made_at, r.made_name, CASE WHEN r.slot IS NULL THEN 0 ELSE 1 END, {issues}, s.act, s.by_name, s.at, "
        "s.version_id FROM reports r JOIN organizations o ON o.id = r.organization_id "
        "JOIN report_steps s ON s.id = (SELECT max(t.id) FROM report_steps t WHERE t.report_id = r.id) "
        f"WHERE {mine} AND (:kind = '' OR r.kind = :kind) AND (:root = 0 OR {below}) AND (:issued = 0 OR {issues} > 0) "
        "AND (:before = 0 OR r.id < :before) ORDER BY r.id DESC LIMIT :limit",
        values | {"kind": kind, "root": root, "issued": int(only_issued), "before": before, "limit": LISTED},
    ).fetchall()
    return pd.DataFrame(rows, columns=LIST)


def last_end(db: sqlite3.Connection, scope: Scope, *, kind: str, organization_id: int) -> int | None:
    """Where the newest period of a report of this kind and unit ended; None where there is none that was not made void.

    Not its cut-off: of a week that is reported days later, the next one begins with its end.
    """
    mine, values = organizations_in(scope, "r.organization_id")
    return db.execute(
        f"SELECT max(r.until) FROM reports r WHERE {mine} AND r.kind = :kind AND r.organization_id = :unit AND r.state <> :void",
        values | {"kind": kind, "unit": organization_id, "void": State.VOID},
    ).fetchone()[0]


def opened(db: sqlite3.Connection, scope: Scope, *, report_id: int, version: int = 0, only_issued: bool = False) -> Opened | None:
    """A report of the scope with one version (0: the current one, or with `only_issued` the one issued last).

    None where there is none that may be seen.
    """
    mine, values = organizations_in(scope, "r.organization_id")
    row = db.execute(
        "SELECT r.id, o.name, r.title, r.state, r.number, r.total FROM reports r "
        f"JOIN organizations o ON o.id = r.organization_id WHERE r.id = :id AND {mine}",
        values | {"id": report_id},
    ).fetchone()
    if row is None:
        return None
    versions = versions_of(db, report_id)
    steps = db.execute(
        "SELECT s.id, s.act, s.note, s.by_login, s.by_name, s.at, v.number, s.version_id FROM report_steps s "
        "JOIN report_versions v ON v.id = s.version_id WHERE s.report_id = :id ORDER BY s.id",
        {"id": report_id},
    ).fetchall()
    if only_issued:
        versions = versions[versions["issued_at"].notna()]
    numbers = dict(zip(versions["number"].tolist(), versions["id"].tolist(), strict=True))
    current = steps[-1][6] if steps[-1][6] in numbers and not only_issued else max(numbers, default=0)
    wanted = version or current
    if wanted not in numbers:
        return None
    brief, facts, content, sha256 = db.execute(
        "SELECT brief, facts, content, sha256 FROM report_versions WHERE id = :id", {"id": numbers[wanted]}
    ).fetchone()
    composed, is_whole = read(facts, content, sha256)
    return Opened(
        id=row[0],
        organization=row[1],
        brief=brief_from_text(brief),
        title=row[2],
        state=State(row[3]),
        number=row[4],
        total=row[5],
        version_id=numbers[wanted],
        version=wanted,
        last_step=steps[-1][0],
        lived=tuple(Step(Act(step[1]), step[3]) for step in steps),
        composed=composed,
        sha256=sha256,
        is_whole=is_whole,
        check=check_of(db, numbers[wanted]),
        steps=pd.DataFrame([step[:7] for step in steps], columns=STEPS),
        versions=versions,
    )


def read(facts: bytes, content: bytes, sha256: str) -> tuple[Composed | None, bool]:
    """The content of a version, and whether it is untouched."""
    try:
        text, word = unpack(facts), zlib.decompress(content)
        return from_json(text), digest_of(text, word) == sha256
    except (ValueError, zlib.error):
        return None, False


def versions_of(db: sqlite3.Connection, report_id: int) -> pd.DataFrame:
    rows = db.execute(
        "SELECT v.id, v.number, v.why, v.figures, v.sha256, v.made_at, v.made_name, i.issued_at, i.issued_name, i.sha256 "
        "FROM report_versions v LEFT JOIN report_signings i ON i.version_id = v.id WHERE v.report_id = :id ORDER BY v.number",
        {"id": report_id},
    ).fetchall()
    return pd.DataFrame(rows, columns=VERSIONS).astype({"issued_at": "Int64"})


def check_of(db: sqlite3.Connection, version_id: int) -> Check | None:
    row = db.execute(
        "SELECT at, by_login, agreed, later, broken, findings FROM report_checks WHERE version_id = :id ORDER BY id DESC LIMIT 1",
        {"id": version_id},
    ).fetchone()
    return None if row is None else Check(*row[:5], findings=tuple(Found(*one) for one in json.loads(row[5])))


def word_of(db: sqlite3.Connection, scope: Scope, *, version_id: int, is_issued: bool) -> Word | None:
    """The Word file of a version of the scope: the copy that went out, or the one that is checked."""
    mine, values = organizations_in(scope, "r.organization_id")
    row = db.execute(
        "SELECT v.facts, v.content, v.sha256, i.content, i.sha256 FROM report_versions v JOIN reports r ON r.id = v.report_id "
        f"LEFT JOIN report_signings i ON i.version_id = v.id WHERE v.id = :id AND {mine}",
        values | {"id": version_id},
    ).fetchone()
    if row is None or (is_issued and row[3] is None):
        return None
    facts, content, sha256, issued, issued_sha256 = row
    try:
        word = zlib.decompress(issued if is_issued else content)
        kept = hashlib.sha256(word).hexdigest() if is_issued else digest_of(unpack(facts), word)
    except (zlib.error, UnicodeError):
        word, kept = b"", ""
    return Word(word, issued_sha256 if is_issued else sha256, kept == (issued_sha256 if is_issued else sha256))


def printed(db: sqlite3.Connection, scope: Scope, *, mark: str, only_issued: bool = False) -> Printed | None:
    """The figure with this mark in the newest report of the scope that prints it; None where nobody may know of one."""
    mine, values = organizations_in(scope, "r.organization_id")
    row = db.execute(
        "SELECT f.key, f.question, f.params, f.cutoff, f.row_count, f.value, f.text, f.meaning, r.id, r.title, o.id, "
        "o.name, CASE WHEN i.version_id IS NULL THEN 0 ELSE 1 END FROM report_figures f "
        "JOIN report_versions v ON v.id = f.version_id JOIN reports r ON r.id = v.report_id "
        "JOIN organizations o ON o.id = r.organization_id LEFT JOIN report_signings i ON i.version_id = v.id "
        f"WHERE f.mark = :mark AND {mine} AND (:issued = 0 OR i.version_id IS NOT NULL) ORDER BY f.version_id DESC LIMIT 1",
        values | {"mark": mark, "issued": int(only_issued)},
    ).fetchone()
    if row is None:
        return None
    key, question, params, cutoff, count, value, text, meaning, *place, is_issued = row
    figure = Figure(key, question, json.loads(params), cutoff, count, json.loads(value), text, meaning)
    return Printed(figure, *place, is_issued=bool(is_issued))
