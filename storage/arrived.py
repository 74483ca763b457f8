"""What one watch learned of, row by row: the posts, words and steps behind the first line of the duty page, newest first."""

import sqlite3
from typing import Any

import pandas as pd

from matrix.shift import Change
from storage import publishing, shifts
from storage.behind import AUTHOR, POST, ROWS, SUBJECTS
from storage.scope import Scope

NAMES = ("posts", "comments", "appeals", "replies", "steps")
"""As the fields of `shifts.Came`; `overview.Arrivals` has three of them."""

SAID = {
    "comments": SUBJECTS["comments"].said,
    "appeals": "coalesce(r.kind, '')",
    "replies": "coalesce((SELECT y.nature FROM replies y WHERE y.comment_id = c.id), '')",
}


def rows(
    db: sqlite3.Connection, scope: Scope, *, name: str, limit: int = 100, offset: int = 0, desk: int = 0, **since: Any
) -> pd.DataFrame:
    """What `shifts.came` (with `after`, a change at the desk, and `now`) or `overview.arrivals` (with `moment`, Unix seconds)
    counts under one of NAMES; `limit` 0 is all.

    Posts are as in `publishing.posts`, words as in `behind.rows`, steps as in `shifts.steps`. Texts and names are raw: mask them.
    """
    after: Change | None = since.get("after")
    if name == "steps":
        found = shifts.steps(db, scope, after.at, since["now"] + 60, desk) if after else shifts.steps(db, (), 0, 0)
        found = found.iloc[::-1].reset_index(drop=True)
        return found.iloc[offset : offset + limit].reset_index(drop=True) if limit else found
    mine, values = shifts.watched(scope, desk, "x.account_id")
    if after:
        condition = "x.id > :first"
        values["first"] = after.posts_upto if name == "posts" else after.comments_upto
    else:
        condition = "x.published_at >= :first"
        values["first"] = since["moment"]
    page = " LIMIT :limit OFFSET :offset" if limit else ""
    values |= {"limit": limit, "offset": offset}
    if name == "posts":
        newest = f"SELECT x.id FROM posts x WHERE {condition} AND {mine} ORDER BY x.published_at DESC, x.id DESC{page}"
        sql = f"{publishing.SELECTED} WHERE p.id IN ({newest}) ORDER BY p.published_at DESC, p.id DESC"
        return pd.DataFrame(db.execute(sql, values).fetchall(), columns=publishing.POSTS)
    tie = "JOIN responses r ON r.comment_id = x.id" if name == "appeals" else ""
    who = "" if name == "appeals" else f" AND x.author_is_official = {int(name == 'replies')}"
    newest = f"SELECT x.id FROM comments x {tie} WHERE {condition} AND {mine}{who} ORDER BY x.published_at DESC, x.id DESC{page}"
    rows = db.execute(
        f"SELECT c.id, c.published_at, a.id, a.name, a.platform, {AUTHOR}, {SAID[name]}, {POST} FROM comments c "
        "JOIN accounts a ON a.id = c.account_id LEFT JOIN posts p ON p.id = c.post_id "
        f"LEFT JOIN responses r ON r.comment_id = c.id WHERE c.id IN ({newest}) ORDER BY c.published_at DESC, c.id DESC",
        values,
    ).fetchall()
    return pd.DataFrame(rows, columns=ROWS)
