"""Leads: citizens' posts outside the matrix, entered or imported once each, and what they are read as."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from matrix.case import RefusedError
from matrix.lead import LONGEST_LINK, LONGEST_NAME, LONGEST_TEXT, identity, wrong_with
from matrix.signs import whole
from storage import drills
from storage.batches import bump_version
from storage.keyring import Keyring
from storage.moments import to_seconds
from storage.scope import Scope, organizations_in

COLUMNS = ["lead_id", "organization_id", "organization", "platform", "link", "author_name", "author_key", "text", "published_at",
           "seen_at", "topic", "part", "feeling", "is_sure", "by_name", "incident_id", "incident"]  # fmt: skip
JOINED = (
    "(SELECT m.incident_id FROM incident_members m WHERE m.kind = '线索' AND m.member_id = l.id AND m.id = "
    "(SELECT max(x.id) FROM incident_members x WHERE x.kind = '线索' AND x.member_id = l.id AND x.incident_id = m.incident_id) "
    "AND m.is_in = 1 ORDER BY m.id DESC LIMIT 1)"
)


@dataclass(frozen=True, slots=True)
class Lead:
    """One lead as it was brought; `author` is the citizen's id where it is known, else the name."""

    platform: str
    text: str
    published_at: int | None
    link: str = ""
    ext_id: str = ""
    author: str = ""
    author_name: str = ""


def add(
    db: sqlite3.Connection,
    scope: Scope,
    organization_id: int,
    lead: Lead,
    author_key: str,
    login: str,
    name: str,
    now: datetime,
    import_id: int | None = None,
    is_drill: bool = False,
) -> tuple[int, bool]:
    """Keep a lead of a unit, inside `writing()`; gives its id and whether it is new.

    The same one again, by link or by number and words, is the one that is held. Raises PermissionError outside the scope,
    RefusedError for what a lead must say.
    """
    at = to_seconds(now)
    wrong = wrong_with(lead.platform, lead.link, lead.text, lead.published_at, at)
    if wrong:
        raise RefusedError(wrong)
    mine, values = organizations_in(scope, "o.id")
    known = db.execute(f"SELECT 1 FROM organizations o WHERE o.id = :unit AND {mine}", values | {"unit": organization_id})
    if known.fetchone() is None:
        raise PermissionError("这个单位不在您的权限范围内。")
    key = {"unit": organization_id, "identity": identity(lead.platform, lead.link, lead.ext_id, lead.text)}
    row = db.execute(
        "INSERT INTO leads(organization_id, platform, ext_id, link, identity, author_key, author_name, text, published_at, "
        "seen_at, import_id, by_login, by_name, is_drill) VALUES(:unit, :platform, :ext, :link, :identity, :key, :author, :text, "
        ":published, :at, :import, :login, :name, :drill) ON CONFLICT(organization_id, identity) DO NOTHING RETURNING id",
        key
        | {
            "platform": lead.platform.strip()[:LONGEST_NAME],
            "ext": lead.ext_id.strip()[:LONGEST_NAME],
            "link": lead.link.strip()[:LONGEST_LINK],
            "key": author_key,
            "author": whole(lead.author_name).strip()[:LONGEST_NAME],
            "text": whole(lead.text).strip()[:LONGEST_TEXT],
            "published": lead.published_at,
            "at": at,
            "import": import_id,
            "login": login,
            "name": name,
            "drill": int(is_drill or drills.is_drill(db)),
        },
    ).fetchone()
    if row is None:
        held = db.execute("SELECT id FROM leads WHERE organization_id = :unit AND identity = :identity", key).fetchone()
        return int(held[0]), False
    bump_version(db)
    return int(row[0]), True


def author_key(keyring: Keyring, lead: Lead) -> str:
    """The keyed hash that stands for who wrote it; by the name where the platform's own id is not known."""
    who = lead.author.strip() or lead.author_name.strip()
    return keyring.pseudonym(0, f"{lead.platform.strip()}:{who}") if who else ""


def enter(
    db: sqlite3.Connection, scope: Scope, organization_id: int, lead: Lead, keyring: Keyring, login: str, name: str, now: datetime
) -> tuple[int, bool]:
    """Keep a lead that a person typed in, inside `writing()`; gives its id and whether it is new."""
    return add(db, scope, organization_id, lead, author_key(keyring, lead), login, name, now)


def units_named(db: sqlite3.Connection, scope: Scope) -> dict[str, int]:
    """The units of the scope by name and by code; a name that two of them have names neither."""
    mine, values = organizations_in(scope, "o.id")
    rows = db.execute(f"SELECT o.id, o.code, o.name FROM organizations o WHERE {mine} ORDER BY o.id", values).fetchall()
    names = [row[2] for row in rows]
    by_name = {name: number for number, _, name in rows if names.count(name) == 1}
    return by_name | {code: number for number, code, _ in rows if code not in by_name}


def listed(db: sqlite3.Connection, scope: Scope, since: int = 0, words: str = "", limit: int = 500) -> pd.DataFrame:
    """The leads of the scope that were published since then, newest first, with the incident that each belongs to.

    `words`: only those whose text, platform or link holds it. Names and texts are as they came: mask them before showing.
    """
    mine, values = organizations_in(scope, "l.organization_id")
    seen, _ = organizations_in(scope, "i.organization_id")
    rows = db.execute(
        "SELECT l.id, l.organization_id, o.name, l.platform, l.link, l.author_name, l.author_key, l.text, l.published_at, "
        "l.seen_at, coalesce(l.topic, ''), l.part, l.feeling, l.is_sure, l.by_name, i.id, coalesce(i.title, '') FROM leads l "
        f"JOIN organizations o ON o.id = l.organization_id LEFT JOIN incidents i ON i.id = {JOINED} AND {seen} "
        f"WHERE l.published_at >= :since AND {mine} AND (:words = '' OR l.text LIKE :like OR l.platform LIKE :like OR "
        "l.link LIKE :like) ORDER BY l.published_at DESC, l.id DESC LIMIT :limit",
        values | {"since": since, "words": words, "like": f"%{words}%", "limit": limit},
    ).fetchall()
    return pd.DataFrame(rows, columns=pd.Index(COLUMNS), dtype=object)


def unread(db: sqlite3.Connection, version: str, limit: int = 500) -> list[tuple[int, str]]:
    """Leads that nobody read yet, or that an older reader did: id and text."""
    sql = "SELECT id, text FROM leads WHERE read_by <> :version ORDER BY id LIMIT :limit"
    return db.execute(sql, {"version": version, "limit": limit}).fetchall()


def note_readings(db: sqlite3.Connection, version: str, found: Iterable[tuple[int, str, str, int | None, bool]]) -> None:
    """Keep what leads were read as: (id, topic, part, feeling -1/0/1, whether it is sure). Inside `writing()`."""
    db.executemany(
        "UPDATE leads SET topic = :topic, part = :part, feeling = :feeling, is_sure = :sure, read_by = :version WHERE id = :id",
        [
            {"id": number, "topic": topic, "part": part, "feeling": feeling, "sure": int(is_sure), "version": version}
            for number, topic, part, feeling, is_sure in found
        ],
    )
    bump_version(db)
