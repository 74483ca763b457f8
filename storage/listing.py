"""The ledger as people read and correct it: accounts of a scope with their contacts, and what was changed when."""

import sqlite3
from datetime import datetime
from typing import Any

import pandas as pd

from matrix.account import Filing, Nature, Route, Status
from matrix.ledger import ACCOUNT_FIELDS
from storage import accounts, cutoffs, organizations
from storage.batches import bump_version
from storage.moments import to_seconds
from storage.rollups import rebuild_nodes
from storage.scope import Scope, accounts_in, organizations_in

COLUMNS = [
    "account_id",
    "platform",
    "ext_id",
    "account",
    "organization_id",
    "organization",
    "nature",
    "filing",
    "status",
    "route",
    "feed_url",
    "person",
    "phone",
    "exemption",
    "followers",
    "last_post_at",
    "credential_at",
]
CHANGE_COLUMNS = ["at", "field", "before", "after", "valid_from", "author"]
FIELDS = {field: words for field, words in ACCOUNT_FIELDS.items() if field != "ext_id"}
"""What may be edited on the page; platform and platform id are the account's identity and come from the import only."""

CHOICES = {"nature": Nature, "filing": Filing, "status": Status, "route": Route}


def ledger(db: sqlite3.Connection, scope: Scope) -> pd.DataFrame:
    """Every account of the scope, in the order of the tree. `credential_at` says when a credential was entered, if ever."""
    mine, values = accounts_in(scope, "a.id")
    rows = db.execute(
        "SELECT a.id, a.platform, a.ext_id, a.name, a.organization_id, o.name, a.nature, a.filing, a.status, a.route,"
        " a.feed_url, a.person, a.phone, a.exemption, a.followers, a.last_post_at, c.saved_at FROM accounts a"
        " JOIN organizations o ON o.id = a.organization_id LEFT JOIN credentials c ON c.account_id = a.id"
        f" WHERE {mine} ORDER BY o.id, a.platform, a.id",
        values,
    ).fetchall()
    return pd.DataFrame(rows, columns=COLUMNS)


def changes(db: sqlite3.Connection, scope: Scope, account_id: int, limit: int = 50) -> pd.DataFrame:
    """What was changed in one account of the scope, newest first. Times are Unix seconds."""
    mine, values = accounts_in(scope, "l.subject_id")
    rows = db.execute(
        "SELECT l.seen_at, l.field, l.before, l.after, l.valid_from, l.author FROM ledger_changes l"
        f" WHERE l.subject = 'account' AND l.subject_id = :account AND {mine} ORDER BY l.id DESC LIMIT :limit",
        values | {"account": account_id, "limit": limit},
    ).fetchall()
    return pd.DataFrame(rows, columns=CHANGE_COLUMNS)


def counts_below(db: sqlite3.Connection, scope: Scope) -> pd.DataFrame:
    """How many accounts each unit of the scope has with all units below it; a unit without any has no row."""
    mine, values = organizations_in(scope, "u.ancestor_id")
    rows = db.execute(f"SELECT u.ancestor_id, count(*) FROM account_up u WHERE {mine} GROUP BY u.ancestor_id", values).fetchall()
    return pd.DataFrame(rows, columns=["organization_id", "accounts"])


def below(db: sqlite3.Connection, scope: Scope, root: int) -> frozenset[int]:
    """The ids of the units in the subtree of `root`, as far as the scope reaches."""
    mine, values = organizations_in(scope, "d.organization_id")
    rows = db.execute(
        f"SELECT d.organization_id FROM organization_up d WHERE d.ancestor_id = :root AND {mine}", values | {"root": root}
    ).fetchall()
    return frozenset(row[0] for row in rows)


def edit(
    db: sqlite3.Connection, scope: Scope, account_id: int, wanted: dict[str, Any], author: str, now: datetime
) -> dict[str, tuple[str, str]]:
    """Change fields of one account inside `writing()`; answers with what changed: {field: (before, after)}.

    Raises PermissionError when the account or the new unit lies outside the scope, ValueError for a value that cannot be.
    """
    mine, values = accounts_in(scope, "id")
    columns = ", ".join(FIELDS)
    row = db.execute(f"SELECT {columns} FROM accounts WHERE id = :id AND {mine}", values | {"id": account_id}).fetchone()
    if row is None:
        raise PermissionError("这个账号不在您的权限范围内。")
    held = dict(zip(FIELDS, row, strict=True))
    changed = {key: value for key, value in wanted.items() if key in FIELDS and value != held[key]}
    check(db, scope, changed)
    moment = cutoffs.after(db, to_seconds(now))
    for field, value in changed.items():
        db.execute(
            "INSERT INTO ledger_changes(subject, subject_id, field, before, after, valid_from, seen_at, author)"
            " VALUES('account', :id, :field, :before, :after, :now, :now, :author)",
            {
                "id": account_id,
                "field": field,
                "before": str(held[field]),
                "after": str(value),
                "now": moment,
                "author": author,
            },
        )
        if field != "organization_id":
            db.execute(f"UPDATE accounts SET {field} = :value WHERE id = :id", {"value": value, "id": account_id})
    if {"route", "status", "feed_url"} & set(changed):
        accounts.check_now(db, account_id, now)
    if "organization_id" in changed:
        accounts.affiliate(db, account_id, changed["organization_id"], moment, moment)
        organizations.rebuild_tree(db)
        rebuild_nodes(db)
    if changed:
        bump_version(db)
    return {field: (str(held[field]), str(value)) for field, value in changed.items()}


def check(db: sqlite3.Connection, scope: Scope, changed: dict[str, Any]) -> None:
    """Refuse values that the columns do not know, an empty name, and a unit out of reach."""
    for field, kind in CHOICES.items():
        if field in changed and changed[field] not in {choice.value for choice in kind}:
            raise ValueError(f"{FIELDS[field]}没有“{changed[field]}”这个选项。")
    if "name" in changed and not str(changed["name"]).strip():
        raise ValueError("账号名称不能为空。")
    if "organization_id" in changed:
        reach, values = organizations_in(scope, "o.id")
        inside = db.execute(
            f"SELECT 1 FROM organizations o WHERE o.id = :id AND {reach}", values | {"id": changed["organization_id"]}
        ).fetchone()
        if inside is None:
            raise PermissionError("这个单位不在您的权限范围内。")
