"""A kept inspection asked again: the same answer by what was known then, and what it would be by what is known now."""

import sqlite3
from dataclasses import dataclass, replace

import pandas as pd

from matrix.inspection_then import VERSION
from storage.inspection_facts import EVER
from storage.inspections import asked_of, digest_of
from storage.judging_then import Asked, Finding, canonical, find
from storage.scope import Scope, accounts_in

COLUMNS = ["account_id", "account", "platform", "organization", "verdict", "reason", "verdict_now", "reason_now"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`is_equal`: asked again by what was known then, every byte is the same; else `judged_by` may name another version.

    `learned` counts the facts about that time that became known since, by kind; `changes` are the accounts of the scope whose
    verdict would be another one by what is known now. What was kept stays as it is.
    """

    is_equal: bool
    judged_by: str
    judges_now: str
    learned: dict[str, int]
    changes: pd.DataFrame


def compare(db: sqlite3.Connection, scope: Scope, inspection_id: int) -> Comparison | None:
    """Ask a kept inspection again; None where nothing of it lies in the scope."""
    row = db.execute(
        "SELECT as_of, known_at, roots, rule, judged_by, digest, last_post_id FROM inspections WHERE id = :id",
        {"id": inspection_id},
    ).fetchone()
    mine, values = accounts_in(scope, "f.account_id")
    sql = f"SELECT f.account_id FROM findings f WHERE f.inspection_id = :id AND {mine}"
    seen = {account for (account,) in db.execute(sql, values | {"id": inspection_id}).fetchall()}
    if row is None or not seen:
        return None
    as_of, known, roots, rule, version, digest, last_post = row
    asked = asked_of(as_of, known, roots, rule)
    then = find(db, asked)
    now = {found["account_id"]: found for found in find(db, replace(asked, known=EVER))}
    return Comparison(
        is_equal=digest_of(asked, version, [canonical(found) for found in then]) == digest,
        judged_by=version,
        judges_now=VERSION,
        learned=learned_since(db, scope, inspection_id, asked, last_post),
        changes=changed([found for found in then if found["account_id"] in seen], now),
    )


def changed(then: list[Finding], now: dict[int, Finding]) -> pd.DataFrame:
    """Accounts whose verdict differs; one that no longer belongs to the units by what is known now says so."""
    rows = []
    for found in then:
        other = now.get(found["account_id"])
        if other is not None and other["verdict"] == found["verdict"]:
            continue
        verdict, reason = (other["verdict"], other["reason"]) if other else ("", "按现在所知，检查时点不属于所查单位")
        rows.append([*(found[key] for key in COLUMNS[:6]), verdict, reason])
    return pd.DataFrame(rows, columns=COLUMNS)


def learned_since(db: sqlite3.Connection, scope: Scope, inspection_id: int, asked: Asked, last_post: int) -> dict[str, int]:
    """How many facts about the scope's accounts up to the inspection became known after its cut-off, by kind in words."""
    mine, values = accounts_in(scope, "f.account_id")
    values |= {"id": inspection_id, "known": asked.known, "until": asked.until, "last": last_post}
    ours = f"IN (SELECT f.account_id FROM findings f WHERE f.inspection_id = :id AND {mine})"
    questions = {
        "补采或导入的发布": "posts p WHERE p.id > :last AND p.seen_at > :known AND p.published_at < :until "
        f"AND p.account_id {ours}",
        "确认撤下的发布": "withdrawals w JOIN posts p ON p.id = w.post_id WHERE w.seen_at > :known AND w.confirmed_at < :until "
        f"AND w.kind <> 'back' AND p.account_id {ours}",
        "台账变更": "ledger_changes c WHERE c.seen_at > :known AND c.valid_from < :until AND c.subject = 'account' "
        f"AND c.subject_id {ours}",
        "更新期限的设定": "update_limits l WHERE l.seen_at > :known AND l.valid_from < :until "
        f"AND l.organization_id IN (SELECT u.ancestor_id FROM account_up u WHERE u.account_id {ours})",
    }
    counts = {
        words: db.execute(f"SELECT count(*) FROM {question}", values).fetchone()[0] for words, question in questions.items()
    }
    return {words: count for words, count in counts.items() if count}
