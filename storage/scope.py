"""Turns a viewer's scope, a tuple of organization ids whose subtrees he may see, into SQL."""

import sqlite3

Scope = tuple[int, ...]


def accounts_in(scope: Scope, column: str = "account_id") -> tuple[str, dict[str, int]]:
    """A condition on `column` and its parameters: accounts anywhere below the scope; an empty scope lets nothing through."""
    names = {f"scope{i}": organization for i, organization in enumerate(scope)}
    if not names:
        return "1 = 0", {}
    marks = ", ".join(f":{name}" for name in names)
    return f"{column} IN (SELECT u.account_id FROM account_up u WHERE u.ancestor_id IN ({marks}))", names


def accounts_among(db: sqlite3.Connection, scope: Scope, column: str = "account_id") -> tuple[str, dict[str, int]]:
    """The same for a question that reads many rows: whoever sees every account need not be asked for each of them."""
    mine, values = accounts_in(scope, "a.id")
    outside = f"SELECT count(*) - (SELECT count(*) FROM accounts a WHERE {mine}) FROM accounts"
    return accounts_in(scope, column) if db.execute(outside, values).fetchone()[0] else ("1 = 1", {})


def organizations_in(scope: Scope, column: str = "organization_id") -> tuple[str, dict[str, int]]:
    """The same for organizations: the scope's own ones and everything below them."""
    names = {f"scope{i}": organization for i, organization in enumerate(scope)}
    if not names:
        return "1 = 0", {}
    marks = ", ".join(f":{name}" for name in names)
    return f"{column} IN (SELECT u.organization_id FROM organization_up u WHERE u.ancestor_id IN ({marks}))", names
