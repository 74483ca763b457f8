"""Shifts: who took over and handed over at a desk, what came in and was done in between."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from matrix.case import COLLECTOR
from matrix.shift import Change, ShiftAct, Watch, refuse, standing
from storage.batches import bump_version
from storage.moments import to_seconds
from storage.scope import Scope, accounts_in, organizations_in

LONGEST_NOTE = 2000
CHANGES = ["shift_id", "organization_id", "desk", "act", "login", "name", "at", "note"]
STEPS = ["step_id", "at", "act", "name", "state", "why", "comment_id", "account", "text"]
OUTAGES = ["outage_id", "since", "until", "kind", "sentence", "accounts"]
LOOKED_BACK = 200
"""As many changes of a desk are read to know how it stands; a desk changes a few times a day."""


@dataclass(frozen=True, slots=True)
class Came:
    """What one watch learned of: posts, citizens' comments, official words, appeals, and the steps that people took."""

    posts: int
    comments: int
    replies: int
    appeals: int
    steps: int


def change(
    db: sqlite3.Connection,
    scope: Scope,
    organization_id: int,
    act: ShiftAct,
    note: str,
    login: str,
    name: str,
    now: datetime,
) -> int:
    """Take over or hand over a desk, inside `writing()`; gives the row's id.

    Raises PermissionError for a desk outside the scope, ValueError where the act is not possible now: Chinese sentences.
    """
    mine, values = organizations_in(scope, "o.id")
    found = db.execute(f"SELECT 1 FROM organizations o WHERE o.id = :desk AND {mine}", values | {"desk": organization_id})
    if found.fetchone() is None:
        raise PermissionError("这个单位不在您的权限范围内。")
    why = refuse(standing(changes_of(db, organization_id)), act, login)
    if why:
        raise ValueError(why)
    if len(note) > LONGEST_NOTE:
        raise ValueError(f"交接说明最长{LONGEST_NOTE}字，现有{len(note)}字，请精简。")
    row = db.execute(
        "INSERT INTO shifts(organization_id, act, login, name, at, note, posts_upto, comments_upto) "
        "VALUES(:desk, :act, :login, :name, :at, :note, (SELECT coalesce(max(id), 0) FROM posts), "
        "(SELECT coalesce(max(id), 0) FROM comments)) RETURNING id",
        {"desk": organization_id, "act": str(act), "login": login, "name": name, "at": to_seconds(now), "note": note.strip()},
    ).fetchone()
    bump_version(db)
    return int(row[0])


def changes_of(db: sqlite3.Connection, organization_id: int) -> list[Change]:
    """The newest changes of a desk, oldest first."""
    rows = db.execute(
        "SELECT act, login, name, at, note, posts_upto, comments_upto FROM shifts WHERE organization_id = :desk "
        "ORDER BY at DESC, id DESC LIMIT :limit",
        {"desk": organization_id, "limit": LOOKED_BACK},
    ).fetchall()
    return [Change(ShiftAct(row[0]), *row[1:]) for row in reversed(rows)]


def watch(db: sqlite3.Connection, scope: Scope, organization_id: int) -> Watch:
    """How a desk of the scope stands; nobody on duty where it lies outside."""
    mine, values = organizations_in(scope, "o.id")
    found = db.execute(f"SELECT 1 FROM organizations o WHERE o.id = :desk AND {mine}", values | {"desk": organization_id})
    return standing(changes_of(db, organization_id)) if found.fetchone() else Watch()


def changes(db: sqlite3.Connection, scope: Scope, since: int, until: int) -> pd.DataFrame:
    """Every taking over and handing over at the desks of the scope in [since, until) (Unix seconds), newest first."""
    mine, values = organizations_in(scope, "s.organization_id")
    rows = db.execute(
        "SELECT s.id, s.organization_id, o.name, s.act, s.login, s.name, s.at, s.note FROM shifts s "
        "JOIN organizations o ON o.id = s.organization_id "
        f"WHERE s.at >= :since AND s.at < :until AND {mine} ORDER BY s.at DESC, s.id DESC",
        values | {"since": since, "until": until},
    ).fetchall()
    return pd.DataFrame(rows, columns=CHANGES)


def watched(scope: Scope, desk: int, column: str) -> tuple[str, dict[str, int]]:
    """A condition on accounts of the scope below one desk (0: all of the scope), and its parameters."""
    mine, values = accounts_in(scope, column)
    if not desk:
        return mine, values
    below = f"{column} IN (SELECT d.account_id FROM account_up d WHERE d.ancestor_id = :desk)"
    return f"{mine} AND {below}", values | {"desk": desk}


def came(db: sqlite3.Connection, scope: Scope, after: Change, until: Change | None, now: int, desk: int = 0) -> Came:
    """What came in and was done at a desk between two of its changes, or since one (`now`: the current minute, Unix seconds).

    Counted by what was held at the changes themselves, so that nothing late slips between two watches or is told twice.
    """
    mine, values = watched(scope, desk, "+x.account_id")  # the plus keeps the engine on the few newest rows
    ends = {
        "posts": (after.posts_upto, until.posts_upto if until else newest(db, "posts")),
        "comments": (after.comments_upto, until.comments_upto if until else newest(db, "comments")),
    }
    counts = []
    for table, key, more in (
        ("posts", "id", ""),
        ("comments", "id", " AND x.author_is_official = 0"),
        ("comments", "id", " AND x.author_is_official = 1"),
        ("responses", "comment_id", ""),
    ):
        first, last = ends["posts" if table == "posts" else "comments"]
        sql = f"SELECT count(*) FROM {table} x WHERE x.{key} > :first AND x.{key} <= :last AND {mine}{more}"
        counts.append(db.execute(sql, values | {"first": first, "last": last}).fetchone()[0])
    return Came(*counts, len(steps(db, scope, after.at, until.at if until else now + 60, desk)))


def newest(db: sqlite3.Connection, table: str) -> int:
    return int(db.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0])


def steps(db: sqlite3.Connection, scope: Scope, since: int, until: int, desk: int = 0) -> pd.DataFrame:
    """What people did to cases of a desk in [since, until) (Unix seconds), oldest first; without what the collector found."""
    mine, values = watched(scope, desk, "c.account_id")
    rows = db.execute(
        "SELECT s.id, s.at, s.act, coalesce(p.name, s.author), s.state, s.why, s.comment_id, a.name, c.text FROM case_steps s "
        "JOIN comments c ON c.id = s.comment_id JOIN accounts a ON a.id = c.account_id "
        "LEFT JOIN people p ON p.login = s.author "
        f"WHERE s.at >= :since AND s.at < :until AND s.author <> :collector AND {mine} ORDER BY s.at, s.id",
        values | {"since": since, "until": until, "collector": COLLECTOR},
    ).fetchall()
    return pd.DataFrame(rows, columns=STEPS)


def outages(db: sqlite3.Connection, scope: Scope, since: int, until: int, desk: int = 0) -> pd.DataFrame:
    """What we could not see at some time in [since, until) (Unix seconds), with how many accounts of a desk it concerned."""
    mine, values = watched(scope, desk, "b.account_id")
    rows = db.execute(
        "SELECT g.id, g.since, g.until, g.kind, g.sentence, count(DISTINCT b.account_id) FROM outages g "
        "JOIN outage_accounts b ON b.outage_id = g.id WHERE g.since < :until AND (g.until IS NULL OR g.until >= :since) "
        f"AND {mine} "
        "GROUP BY g.id, g.since, g.until, g.kind, g.sentence ORDER BY g.since",
        values | {"since": since, "until": until},
    ).fetchall()
    return pd.DataFrame(rows, columns=OUTAGES)
