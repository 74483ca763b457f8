"""Organizations: the tree of units, and the closure of it that makes a subtree one index look-up."""

import sqlite3

import pandas as pd

from storage.scope import Scope, organizations_in

COLUMNS = ["id", "code", "name", "parent_id", "level", "line", "region", "depth"]


def add(
    db: sqlite3.Connection,
    *,
    code: str,
    name: str,
    parent_id: int | None,
    level: str,
    line: str = "",
    region: str = "",
    seen_at: int,
) -> int:
    """Add one unit inside `writing()`; its place in the closure comes with `rebuild_tree`. Gives its id."""
    row = db.execute(
        "INSERT INTO organizations(code, name, parent_id, level, line, region, seen_at) "
        "VALUES(:code, :name, :parent, :level, :line, :region, :seen) RETURNING id",
        {"code": code, "name": name, "parent": parent_id, "level": level, "line": line, "region": region, "seen": seen_at},
    ).fetchone()
    return int(row[0])


def rebuild_tree(db: sqlite3.Connection) -> None:
    """Make both closures anew from parents and affiliations, inside `writing()`; roll-ups by unit are the caller's next step.

    A unit is its own ancestor at depth 0. A cycle ends at the first repeated unit (UNION drops it), so that a wrong parent
    can never hang the program.
    """
    db.execute("DELETE FROM organization_up")
    db.execute(
        "INSERT INTO organization_up(ancestor_id, organization_id, depth) "
        "WITH RECURSIVE up(ancestor_id, organization_id, depth) AS ("
        "  SELECT id, id, 0 FROM organizations UNION "
        "  SELECT o.parent_id, up.organization_id, up.depth + 1 FROM up JOIN organizations o ON o.id = up.ancestor_id "
        "  WHERE o.parent_id IS NOT NULL AND up.depth < 64) "
        "SELECT ancestor_id, organization_id, min(depth) FROM up GROUP BY ancestor_id, organization_id"
    )
    db.execute("DELETE FROM account_up")
    db.execute(
        "INSERT INTO account_up(ancestor_id, account_id) SELECT u.ancestor_id, a.id FROM accounts a "
        "JOIN organization_up u ON u.organization_id = a.organization_id"
    )


def tree(db: sqlite3.Connection, scope: Scope) -> pd.DataFrame:
    """Every unit of the scope with its depth from the root, parents before children."""
    condition, values = organizations_in(scope, "o.id")
    rows = db.execute(
        "SELECT o.id, o.code, o.name, o.parent_id, o.level, o.line, o.region, "
        "(SELECT max(d.depth) FROM organization_up d WHERE d.organization_id = o.id) AS depth "
        f"FROM organizations o WHERE {condition} ORDER BY depth, o.id",
        values,
    ).fetchall()
    return pd.DataFrame(rows, columns=COLUMNS)


def roots(db: sqlite3.Connection) -> Scope:
    """The scope that sees everything: the units without a parent."""
    return tuple(row[0] for row in db.execute("SELECT id FROM organizations WHERE parent_id IS NULL ORDER BY id").fetchall())
