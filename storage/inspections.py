"""Inspections: whether accounts were updated as of a moment, kept with what was known, and asked again at any time."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from operator import itemgetter

import pandas as pd

from matrix.inspection_rule import UpdateRule, rule_from_dict, rule_to_dict
from matrix.inspection_tally import tally
from matrix.inspection_then import VERSION
from storage import cutoffs
from storage.batches import bump_version
from storage.judging_then import Asked, Finding, canonical, find
from storage.moments import to_seconds
from storage.rules import require_organization
from storage.scope import Scope, accounts_in
from storage.workdays import calendar

EPOCH = date(1970, 1, 1)
POST = ("post_id", "ext_id", "kind", "published_at", "seen_at", "title", "excerpt", "url", "sha256")
ACCOUNT = (
    "account_id",
    "account",
    "platform",
    "organization_id",
    "organization",
    "path",
    "level",
    "route",
    "limit_days",
    "limit_basis",
    "limit_unit",
    "verdict",
    "reason",
    "days",
    "due_at",
)
COLUMNS = [*ACCOUNT, *POST]
WHOLE = {"account_id": "int64", "platform": "int64", "organization_id": "int64", "limit_days": "int64"}
WHOLE |= dict.fromkeys(("days", "due_at", "post_id", "published_at", "seen_at"), "Int64")


def judged(
    db: sqlite3.Connection, scope: Scope, *, rule: UpdateRule, at: datetime, root: int = 0, is_live: bool = False
) -> pd.DataFrame:
    """Every account of the scope that stood below `root` then (0: below the scope), judged as of `at` by all that is known.

    Times are Unix seconds; the columns of the post are missing where none is known.
    """
    mine, values = accounts_in(scope, "a.id")
    asked = Asked((root,) if root else scope, to_seconds(at), rule, is_live=is_live)
    return frame_of(find(db, asked, mine, values))


def frame_of(findings: Iterable[Finding]) -> pd.DataFrame:
    """Findings as rows, the post's fields beside the account's."""
    account, post, nothing = itemgetter(*ACCOUNT), itemgetter(*POST), (None,) * len(POST)
    rows = [account(found) + (post(found["post"]) if found["post"] else nothing) for found in findings]
    return pd.DataFrame(rows, columns=COLUMNS).astype(WHOLE)


def keep(
    db: sqlite3.Connection,
    scope: Scope,
    *,
    rule: UpdateRule,
    at: datetime | None,
    root: int,
    author: str,
    now: datetime,
    note: str = "",
) -> int:
    """Run an inspection as of `at` (None: as of now) and keep it with its cut-off; gives its number. Inside `writing()`.

    Every account below the units is judged, whoever may see it today. Raises PermissionError for a unit outside the scope and
    ValueError for a moment that has not come, Chinese sentences.
    """
    roots = (root,) if root else scope
    for unit in roots:
        require_organization(db, scope, unit)
    known = cutoffs.close(db, to_seconds(now))
    moment = known if at is None else to_seconds(at)
    if not roots or moment > known:
        raise ValueError("检查时点还没有到，请改为今天或更早。" if roots else "您还没有权限范围，不能保存检查。")
    asked = Asked(roots, moment, rule, known)
    findings = find(db, asked)
    lines = [canonical(found) for found in findings]
    counts = tally(found["verdict"] for found in findings)
    row = db.execute(
        "INSERT INTO inspections(as_of, known_at, roots, rule, last_post_id, judged_by, accounts, checked, failed, digest, "
        "made_at, made_by, note) VALUES(:as_of, :known, :roots, :rule, (SELECT coalesce(max(id), 0) FROM posts), :version, "
        ":accounts, :checked, :failed, :digest, :made, :author, :note) RETURNING id",
        {
            "as_of": moment,
            "known": known,
            "roots": ",".join(str(unit) for unit in roots),
            "rule": canonical(rule_to_dict(rule)),
            "version": VERSION,
            "accounts": len(findings),
            "checked": counts.checked,
            "failed": counts.failed,
            "digest": digest_of(asked, VERSION, lines),
            "made": to_seconds(now),
            "author": author,
            "note": note.strip()[:500],
        },
    ).fetchone()
    db.executemany(
        "INSERT INTO findings(inspection_id, account_id, verdict, line) VALUES(:inspection, :account, :verdict, :line)",
        [
            {"inspection": row[0], "account": found["account_id"], "verdict": found["verdict"], "line": line}
            for found, line in zip(findings, lines, strict=True)
        ],
    )
    bump_version(db)
    return int(row[0])


def digest_of(asked: Asked, version: str, lines: Sequence[str]) -> str:
    """SHA-256 over what was asked and every finding, one to a line, in hexadecimal digits."""
    head = {
        "as_of": asked.at,
        "known_at": asked.known,
        "roots": list(asked.roots),
        "rule": rule_to_dict(asked.rule),
        "judged_by": version,
    }
    return hashlib.sha256("\n".join([canonical(head), *lines]).encode("utf-8", "surrogatepass")).hexdigest()


def asked_of(as_of: int, known: int, roots: str, rule: str) -> Asked:
    """What an inspection was asked, out of its columns."""
    return Asked(tuple(int(unit) for unit in roots.split(",")), as_of, rule_from_dict(json.loads(rule)), known)


def deadline(db: sqlite3.Connection, scope: Scope, *, day: date, working_days: int) -> date | None:
    """So many working days after a day, by the calendar of the installation; None where a year is not loaded."""
    found = calendar(db).working_day((day - EPOCH).days, working_days) if scope else None
    return None if found is None else EPOCH + timedelta(days=found)
