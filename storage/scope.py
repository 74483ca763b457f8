"""Turns a viewer's scope, a tuple of organization ids whose subtrees he may see, into SQL."""

Scope = tuple[int, ...]


def accounts_in(scope: Scope, column: str = "account_id") -> tuple[str, dict[str, int]]:
    """A condition on `column` and its parameters: accounts anywhere below the scope; an empty scope lets nothing through."""
    names = {f"scope{i}": organization for i, organization in enumerate(scope)}
    if not names:
        return "1 = 0", {}
    marks = ", ".join(f":{name}" for name in names)
    return f"{column} IN (SELECT u.account_id FROM account_up u WHERE u.ancestor_id IN ({marks}))", names


def organizations_in(scope: Scope, column: str = "organization_id") -> tuple[str, dict[str, int]]:
    """The same for organizations: the scope's own ones and everything below them."""
    names = {f"scope{i}": organization for i, organization in enumerate(scope)}
    if not names:
        return "1 = 0", {}
    marks = ", ".join(f":{name}" for name in names)
    return f"{column} IN (SELECT u.organization_id FROM organization_up u WHERE u.ancestor_id IN ({marks}))", names
