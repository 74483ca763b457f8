"""Carries out what a ledger import would change, in one transaction; a second time it changes nothing."""

import sqlite3
from collections import Counter
from datetime import datetime

from matrix.account import Filing, Nature, Platform, Route, Status
from matrix.ledger import Ledger
from storage import accounts, comments, cutoffs, organizations, rollups
from storage.batches import bump_version
from storage.database import writing
from storage.keyring import Keyring
from storage.ledger import AccountPlan, compare
from storage.ledger_tree import UnitPlan
from storage.moments import to_seconds
from storage.scope import Scope


def apply(
    db: sqlite3.Connection, ledger: Ledger, author: str, keyring: Keyring, now: datetime, within: Scope | None = None
) -> dict[str, int]:
    """Bring the ledger to what the table states, except its faulty rows; gives how many differences of each kind there were.

    Nothing is deleted. Every change is a dated row that names its author, so that any figure can be asked as of a moment.
    """
    with writing(db):
        seen = cutoffs.after(db, to_seconds(now))
        found = compare(db, ledger, within)
        ids = dict(db.execute("SELECT code, id FROM organizations").fetchall())
        for plan in found.units:
            _apply_unit(db, plan, ids, author, seen)
        new = [_apply_account(db, plan, ids, author, seen) for plan in found.accounts]
        is_moved = any(plan.held is None or "parent_id" in plan.changes for plan in found.units)
        is_moved = is_moved or any(plan.held is None or "organization_id" in plan.changes for plan in found.accounts)
        if is_moved:
            organizations.rebuild_tree(db)
            rollups.rebuild_nodes(db)
        comments.recognise_accounts(db, keyring, [account_id for account_id in new if account_id is not None])
        counts = Counter(difference.kind for difference in found.differences)
        if set(counts) & {"新增", "修改"}:
            bump_version(db)
    return dict(counts)


def register(
    db: sqlite3.Connection,
    organization_code: str,
    platform: Platform,
    ext_id: str,
    name: str,
    author: str,
    keyring: Keyring,
    now: datetime,
) -> int:
    """Enter an account that a file names and the ledger lacks, under the unit with this code, fed by files; gives its id.

    Raises LookupError with a Chinese sentence when there is no such unit.
    """
    with writing(db):
        seen = cutoffs.after(db, to_seconds(now))
        row = db.execute("SELECT id FROM organizations WHERE code = :code", {"code": organization_code}).fetchone()
        if row is None:
            raise LookupError(f"台账里没有编码为“{organization_code}”的单位")
        account_id = accounts.add(
            db, platform=platform, ext_id=ext_id, name=name, organization_id=row[0], route=Route.FILES, seen_at=seen
        )
        _note(db, "account", account_id, "created", "", f"{platform}:{ext_id} {name}", seen, author)
        db.execute(
            "INSERT INTO account_up(ancestor_id, account_id) SELECT ancestor_id, :account FROM organization_up "
            "WHERE organization_id = :organization",
            {"account": account_id, "organization": row[0]},
        )
        comments.recognise_accounts(db, keyring, [account_id])
        bump_version(db)
    return account_id


def _note(
    db: sqlite3.Connection, subject: str, subject_id: int, field: str, before: str, after: str, seen: int, author: str
) -> None:
    db.execute(
        "INSERT INTO ledger_changes(subject, subject_id, field, before, after, valid_from, seen_at, author) "
        "VALUES(:subject, :id, :field, :before, :after, :seen, :seen, :author)",
        {
            "subject": subject,
            "id": subject_id,
            "field": field,
            "before": before,
            "after": after,
            "seen": seen,
            "author": author,
        },
    )


def _apply_unit(db: sqlite3.Connection, plan: UnitPlan, ids: dict[str, int], author: str, seen: int) -> None:
    unit = plan.unit
    parent_id = ids.get(plan.parent_code)
    if plan.held is None:
        ids[unit.code] = organizations.add(
            db,
            code=unit.code,
            name=unit.name,
            parent_id=parent_id,
            level=unit.values.get("level", ""),
            line=unit.values.get("line", ""),
            region=unit.values.get("region", ""),
            seen_at=seen,
        )
        _note(db, "organization", ids[unit.code], "created", "", unit.name, seen, author)
        return
    for column, (before, after) in plan.changes.items():
        value = parent_id if column == "parent_id" else after
        # The column's name comes from the fields of the ledger, never from the file.
        db.execute(f"UPDATE organizations SET {column} = :value WHERE id = :id", {"value": value, "id": plan.held})
        shown = str(parent_id or "") if column == "parent_id" else after
        _note(db, "organization", plan.held, column, before, shown, seen, author)


def _apply_account(db: sqlite3.Connection, plan: AccountPlan, ids: dict[str, int], author: str, seen: int) -> int | None:
    """Gives the row id of an account whose words are to be recognised as official from now on, else None."""
    stated, unit_id = plan.stated, ids[plan.unit_code]
    if plan.held is None:
        values = stated.values
        account_id = accounts.add(
            db,
            platform=stated.platform,
            ext_id=plan.ext_id,
            name=stated.name,
            organization_id=unit_id,
            route=Route(values.get("route", Route.NONE)),
            nature=Nature(values.get("nature", Nature.INSTITUTION)),
            filing=Filing(values.get("filing", Filing.UNFILED)),
            status=Status(values.get("status", Status.ACTIVE)),
            feed_url=values.get("feed_url", ""),
            person=values.get("person", ""),
            phone=values.get("phone", ""),
            exemption=values.get("exemption", ""),
            seen_at=seen,
        )
        _note(db, "account", account_id, "created", "", f"{int(stated.platform)}:{plan.ext_id} {stated.name}", seen, author)
        return account_id
    for column, (before, after) in plan.changes.items():
        if column == "organization_id":
            accounts.affiliate(db, plan.held, unit_id, seen, seen)
            _note(db, "account", plan.held, column, before, str(unit_id), seen, author)
            continue
        db.execute(f"UPDATE accounts SET {column} = :value WHERE id = :id", {"value": after, "id": plan.held})
        _note(db, "account", plan.held, column, before, after, seen, author)
    if {"route", "status", "feed_url", "ext_id"} & set(plan.changes):
        db.execute("UPDATE accounts SET next_check_at = :at WHERE id = :id", {"at": seen, "id": plan.held})
    return plan.held if "ext_id" in plan.changes else None
