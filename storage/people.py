"""People with a login: role, password, lock-out, and the subtrees they may see."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from matrix.people import WHOLE_TREE, Person, Right, Role, rights_of
from storage.moments import from_seconds, from_seconds_or_none, to_seconds
from storage.passwords import hash_password
from storage.scope import Scope

PERSON_COLUMNS = "p.id, p.login, p.name, p.role, p.must_change, p.password_at, p.created_at, p.locked_until, p.disabled_at"


def read_person(row: Sequence[Any]) -> Person:
    """A row of PERSON_COLUMNS as a person."""
    return Person(
        row[0],
        row[1],
        row[2],
        Role(row[3]),
        bool(row[4]),
        from_seconds(row[5]),
        from_seconds(row[6]),
        from_seconds_or_none(row[7]),
        from_seconds_or_none(row[8]),
    )


def count(db: sqlite3.Connection) -> int:
    return db.execute("SELECT count(*) FROM people").fetchone()[0]


def find(db: sqlite3.Connection, login: str) -> Person | None:
    row = db.execute(f"SELECT {PERSON_COLUMNS} FROM people p WHERE p.login = :login", {"login": login}).fetchone()
    return read_person(row) if row else None


def everybody(db: sqlite3.Connection) -> list[Person]:
    """All people, active ones first, in the order in which they came."""
    rows = db.execute(
        f"SELECT {PERSON_COLUMNS} FROM people p ORDER BY CASE WHEN p.disabled_at IS NULL THEN 0 ELSE 1 END, p.id"
    ).fetchall()
    return [read_person(row) for row in rows]


def hash_of(db: sqlite3.Connection, person_id: int) -> str:
    return db.execute("SELECT password_hash FROM people WHERE id = :id", {"id": person_id}).fetchone()[0]


def add(
    db: sqlite3.Connection,
    *,
    login: str,
    name: str,
    role: Role,
    password: str,
    by: str,
    now: datetime,
    must_change: bool = True,
    scope: Scope = (),
) -> int:
    """Add a person inside the caller's transaction; raises ValueError with a sentence when the login is taken."""
    if find(db, login) is not None:
        raise ValueError(f"登录名“{login}”已经有人使用(停用的用户也保留登录名)，请换一个。")
    person_id = db.execute(
        "INSERT INTO people(login, name, role, password_hash, must_change, password_at, created_at, created_by)"
        " VALUES(:login, :name, :role, :hash, :must, :now, :now, :by) RETURNING id",
        {
            "login": login,
            "name": name,
            "role": role.value,
            "hash": hash_password(password),
            "must": int(must_change),
            "now": to_seconds(now),
            "by": by,
        },
    ).fetchone()[0]
    set_scope(db, person_id, scope)
    return person_id


def set_password(db: sqlite3.Connection, person_id: int, password: str, now: datetime, must_change: bool) -> None:
    """Give a new password; failures and a lock are forgotten with the old one."""
    db.execute(
        "UPDATE people SET password_hash = :hash, must_change = :must, password_at = :now, failures = 0, locked_until = NULL"
        " WHERE id = :id",
        {"hash": hash_password(password), "must": int(must_change), "now": to_seconds(now), "id": person_id},
    )


def set_role(db: sqlite3.Connection, person_id: int, role: Role) -> None:
    db.execute("UPDATE people SET role = :role WHERE id = :id", {"role": role.value, "id": person_id})


def set_disabled(db: sqlite3.Connection, person_id: int, at: datetime | None) -> None:
    """Disable a person from a moment, or enable again with None."""
    db.execute("UPDATE people SET disabled_at = :at WHERE id = :id", {"at": to_seconds(at) if at else None, "id": person_id})


def set_scope(db: sqlite3.Connection, person_id: int, scope: Scope) -> None:
    """The roots of the subtrees that the person may see, in place of those before."""
    db.execute("DELETE FROM person_scopes WHERE person_id = :id", {"id": person_id})
    for organization in sorted(set(scope)):
        db.execute(
            "INSERT INTO person_scopes(person_id, organization_id) VALUES(:id, :organization)",
            {"id": person_id, "organization": organization},
        )


def note_failure(db: sqlite3.Connection, person_id: int, now: datetime, lock_after: int, lock_minutes: int) -> bool:
    """Count a wrong password; True when it was the one that locks, and the count starts anew after the lock."""
    failures = db.execute("SELECT failures FROM people WHERE id = :id", {"id": person_id}).fetchone()[0] + 1
    locks = failures >= lock_after
    until = to_seconds(now + timedelta(minutes=lock_minutes)) if locks else None
    db.execute(
        "UPDATE people SET failures = :failures, locked_until = :until WHERE id = :id",
        {"failures": 0 if locks else failures, "until": until, "id": person_id},
    )
    return locks


def unlock(db: sqlite3.Connection, person_id: int) -> None:
    db.execute("UPDATE people SET failures = 0, locked_until = NULL WHERE id = :id", {"id": person_id})


def is_locked(person: Person, now: datetime) -> bool:
    return person.locked_until is not None and person.locked_until > now


def filled_roles(db: sqlite3.Connection) -> frozenset[Role]:
    """The roles that somebody active holds."""
    rows = db.execute("SELECT DISTINCT role FROM people WHERE disabled_at IS NULL").fetchall()
    return frozenset(Role(row[0]) for row in rows)


def rights(db: sqlite3.Connection, person: Person) -> frozenset[Right]:
    return rights_of(person.role, filled_roles(db))


def holders(db: sqlite3.Connection, role: Role) -> int:
    """How many active people hold a role."""
    return db.execute("SELECT count(*) FROM people WHERE role = :role AND disabled_at IS NULL", {"role": role.value}).fetchone()[
        0
    ]


def granted_scope(db: sqlite3.Connection, person_id: int) -> Scope:
    """The roots that were given to a person by name."""
    rows = db.execute(
        "SELECT organization_id FROM person_scopes WHERE person_id = :id ORDER BY organization_id", {"id": person_id}
    ).fetchall()
    return tuple(row[0] for row in rows)


def scope_of(db: sqlite3.Connection, person: Person) -> Scope:
    """The roots of what a person sees: everything for those who look after the installation, else what was granted."""
    if person.role in WHOLE_TREE:
        rows = db.execute("SELECT id FROM organizations WHERE parent_id IS NULL ORDER BY id").fetchall()
        return tuple(row[0] for row in rows)
    return () if person.role is Role.AUDIT else granted_scope(db, person.id)


def scope_names(db: sqlite3.Connection, person: Person) -> list[str]:
    """What a person sees, in words."""
    if person.role in WHOLE_TREE:
        return ["全部单位(不含公众留言)"]
    rows = db.execute(
        "SELECT o.name FROM person_scopes s JOIN organizations o ON o.id = s.organization_id"
        " WHERE s.person_id = :id ORDER BY o.id",
        {"id": person.id},
    ).fetchall()
    return [row[0] for row in rows]
