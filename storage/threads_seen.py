"""Comments as a reader of the matrix sees them: those below a post, and one comment among its neighbours."""

import sqlite3

import pandas as pd

from storage.scope import Scope, accounts_in

COLUMNS = [
    "comment_id",
    "at",
    "author_name",
    "is_official",
    "text",
    "kind",
    "region",
    "channel",
    "post_id",
    "post_title",
    "url",
]
MOST = 200
SELECT = (
    "SELECT c.id, c.published_at, c.author_name, CASE WHEN c.author_account_id IS NULL THEN c.author_is_official ELSE 2 END, "
    "c.text, CASE coalesce(c.kind, -1) WHEN -1 THEN '尚未阅读' WHEN 1 THEN '诉求' WHEN 2 THEN '官方' ELSE '' END, c.region, "
    "c.channel, c.post_id, coalesce(nullif(p.title, ''), p.text, ''), coalesce(p.url, '') "
    "FROM comments c LEFT JOIN posts p ON p.id = c.post_id"
)


def under_post(db: sqlite3.Connection, scope: Scope, *, post_id: int) -> pd.DataFrame:
    """The newest MOST comments below one post of the scope, newest first. Texts and names are raw: mask them."""
    mine, values = accounts_in(scope, "c.account_id")
    rows = db.execute(
        f"{SELECT} WHERE c.post_id = :post AND {mine} ORDER BY c.published_at DESC, c.id DESC LIMIT :most",
        values | {"post": post_id, "most": MOST},
    ).fetchall()
    return pd.DataFrame(rows, columns=COLUMNS)


def around(db: sqlite3.Connection, scope: Scope, *, comment_id: int) -> pd.DataFrame:
    """One comment of the scope with the one it answers, its neighbours in the sub-thread, and those that answer it, in the order
    of time; MOST at most, itself always among them."""
    mine, values = accounts_in(scope, "c.account_id")
    own = db.execute(
        f"SELECT c.platform, c.ext_id, c.parent_ext, c.root_ext FROM comments c WHERE c.id = :id AND {mine}",
        values | {"id": comment_id},
    ).fetchone()
    if own is None:
        return pd.DataFrame(columns=COLUMNS)
    platform, ext, parent, root = own
    top = root or parent or ext
    near = (
        "SELECT k.id FROM comments k WHERE k.platform = :platform AND (k.ext_id = :top OR k.ext_id = :parent) UNION "
        "SELECT k.id FROM comments k WHERE k.platform = :platform AND k.parent_ext = :top UNION "
        "SELECT k.id FROM comments k WHERE k.platform = :platform AND k.parent_ext = :ext UNION SELECT :id"
    )
    rows = db.execute(
        f"{SELECT} WHERE c.id IN ({near}) AND {mine} ORDER BY CASE WHEN c.id = :id THEN 0 ELSE 1 END, c.published_at, c.id "
        "LIMIT :most",
        values | {"id": comment_id, "platform": platform, "top": top, "parent": parent, "ext": ext, "most": MOST},
    ).fetchall()
    found = pd.DataFrame(rows, columns=COLUMNS)
    return found.sort_values(["at", "comment_id"], ignore_index=True)
