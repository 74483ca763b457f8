"""The sub-thread in which an appeal stands, and where else the unit may have answered."""

import sqlite3
from typing import Any

import pandas as pd

from matrix.likeness import likeness
from storage import wordings
from storage.cases_steps import visible
from storage.scope import Scope

THREAD = [
    "comment_id",
    "depth",
    "author_name",
    "is_official",
    "is_same_author",
    "published_at",
    "text",
    "likes",
    "nature",
    "reasons",
    "answers",
    "since_at",
    "before",
]
ELSEWHERE = ["post_id", "account", "published_at", "title", "text", "url", "likeness"]
MOST = 300
DEEPEST = 64
CANDIDATES, NEARBY_DAYS = 300, 30

# Interfaces that name only the top of a sub-thread keep it in root_ext, others in parent_ext alone: both ways lead down.
BELOW = """
WITH RECURSIVE below(id, ext_id, depth) AS (
  SELECT c.id, c.ext_id, 0 FROM comments c WHERE c.platform = :platform AND c.ext_id = :top
  UNION
  SELECT c.id, c.ext_id, below.depth + 1 FROM below JOIN comments c ON c.platform = :platform AND c.parent_ext = below.ext_id
  WHERE below.depth < 64)
SELECT c.id, min(found.depth), c.author_name, CASE WHEN c.author_account_id IS NULL THEN c.author_is_official ELSE 2 END,
  CASE WHEN c.author_key = :author AND c.author_key <> '' THEN 1 ELSE 0 END, c.published_at, c.text, c.likes,
  coalesce(y.nature, ''), coalesce(y.reasons, ''), y.answers, y.since_at
FROM (SELECT id, depth FROM below UNION ALL
  SELECT c.id, 1 FROM comments c WHERE c.post_id = :post AND c.root_ext = :top) AS found
JOIN comments c ON c.id = found.id LEFT JOIN replies y ON y.comment_id = c.id
GROUP BY c.id, c.author_name, c.author_account_id, c.author_is_official, c.author_key, c.published_at, c.text, c.likes,
  y.nature, y.reasons, y.answers, y.since_at
ORDER BY c.published_at, c.id LIMIT :most
"""


def place_of(db: sqlite3.Connection, scope: Scope, comment_id: int) -> tuple[Any, ...] | None:
    """(platform, ext_id, parent_ext, root_ext, post_id, author_key, text, published_at, account_id) inside the scope."""
    mine, values = visible(scope, "c.account_id")
    return db.execute(
        "SELECT c.platform, c.ext_id, c.parent_ext, c.root_ext, c.post_id, c.author_key, c.text, c.published_at, c.account_id "
        f"FROM comments c LEFT JOIN cases k ON k.comment_id = c.id WHERE c.id = :id AND {mine}",
        values | {"id": comment_id},
    ).fetchone()


def thread(db: sqlite3.Connection, scope: Scope, *, comment_id: int) -> pd.DataFrame:
    """The sub-thread of an appeal in the order of time, at most MOST comments. Texts and names are raw: mask them.

    `is_official` is 2 for accounts of the ledger, 1 for what the platform calls official. `depth` counts from its top.
    """
    place = place_of(db, scope, comment_id)
    if place is None:
        return pd.DataFrame([], columns=THREAD)
    platform, ext, parent, root, post = place[:5]
    top, seen = ext, {ext}
    for _ in range(DEEPEST):
        if root is not None or parent is None or parent in seen:
            break
        above = db.execute(
            "SELECT ext_id, parent_ext, root_ext FROM comments WHERE platform = :platform AND ext_id = :ext",
            {"platform": platform, "ext": parent},
        ).fetchone()
        if above is None:
            root = parent
            break
        seen.add(parent)
        top, parent, root = above
    values = {"platform": platform, "top": root or top, "post": post, "author": place[5], "most": MOST}
    rows = db.execute(BELOW, values).fetchall()
    first = {number: told[0][1].text for number, told in wordings.of(db, [row[0] for row in rows]).items()}
    edited = ("" if (text := first.get(row[0], row[6])) == row[6] else text for row in rows)
    return pd.DataFrame([(*row, before) for row, before in zip(rows, edited, strict=True)], columns=THREAD)


def elsewhere_candidates(db: sqlite3.Connection, scope: Scope, *, comment_id: int, limit: int = 5) -> pd.DataFrame:
    """Later posts of the unit's accounts that share words with the appeal, the likest first; they answer nobody by name.

    Looked at are CANDIDATES posts within NEARBY_DAYS. Texts are the unit's own.
    """
    place = place_of(db, scope, comment_id)
    if place is None:
        return pd.DataFrame([], columns=ELSEWHERE)
    text, asked_at, account_id = place[6:]
    rows = db.execute(
        "SELECT p.id, a.name, p.published_at, p.title, p.text, p.url FROM accounts own JOIN accounts a "
        "ON a.organization_id = own.organization_id JOIN posts p ON p.account_id = a.id WHERE own.id = :account "
        "AND p.published_at > :asked AND p.published_at <= :until AND p.gone_kind IS NULL "
        "ORDER BY p.published_at, p.id LIMIT :most",
        {"account": account_id, "asked": asked_at, "until": asked_at + NEARBY_DAYS * 86400, "most": CANDIDATES},
    ).fetchall()
    near = likeness(text, [f"{row[3]} {row[4]}" for row in rows])
    ranked = sorted(zip(near, rows, strict=True), key=lambda pair: (-pair[0], pair[1][2]))
    return pd.DataFrame([(*row, share) for share, row in ranked if share >= 0.08][:limit], columns=ELSEWHERE)
