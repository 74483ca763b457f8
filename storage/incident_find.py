"""Posts and comments that a person may let join an incident: by link, by number, or by words in what was published since."""

import sqlite3

import pandas as pd

from matrix.incident import MemberKind
from storage.scope import Scope, accounts_in

FOUND = ["member_id", "at", "account", "platform", "author_name", "text", "url"]
LEAST_WORDS = 2
TABLES = {
    MemberKind.POST: "FROM posts x JOIN accounts a ON a.id = x.account_id LEFT JOIN posts p ON p.id = x.id",
    MemberKind.COMMENT: "FROM comments x JOIN accounts a ON a.id = x.account_id LEFT JOIN posts p ON p.id = x.post_id",
}
TEXTS = {MemberKind.POST: "x.title || ' ' || x.text", MemberKind.COMMENT: "x.text"}


def found(db: sqlite3.Connection, scope: Scope, *, kind: str, words: str, since: int, limit: int = 10) -> pd.DataFrame:
    """What the viewer may see of one kind (发布内容 or 评论), the newest first; texts and names are raw: mask them.

    A link finds the post that it leads to, and the comments below it; digits alone find a number of this system or of the
    platform; other words, LEAST_WORDS letters or more, what holds them and was published from `since` (Unix seconds) on.
    """
    wanted, words = MemberKind(kind), " ".join(words.split())
    mine, values = accounts_in(scope, "x.account_id")
    if not values or (len(words) < LEAST_WORDS and not words.isdecimal()):
        return pd.DataFrame([], columns=pd.Index(FOUND))
    named: dict[str, object] = {"limit": limit}
    if words.startswith(("http://", "https://")):
        base = words.split("#")[0].split("?")[0].rstrip("/")
        which = "(p.url = :link OR p.url LIKE :base ESCAPE '\\' OR (p.ext_id = :last AND p.ext_id <> ''))"
        named |= {"link": words, "base": f"{quoted(base)}%", "last": base.rpartition("/")[2]}
    elif words.isdecimal():
        which = "(x.id = :number OR x.ext_id = :ext)"
        named |= {"number": int(words) if len(words) < 16 else 0, "ext": words}
    else:
        which = f"(x.published_at >= :since AND {TEXTS[wanted]} LIKE :words ESCAPE '\\')"
        named |= {"since": since, "words": f"%{quoted(words)}%"}
    author = "a.name" if wanted is MemberKind.POST else "x.author_name"
    text = "CASE WHEN x.title <> '' THEN x.title ELSE x.text END" if wanted is MemberKind.POST else "x.text"
    rows = db.execute(
        f"SELECT x.id, x.published_at, a.name, x.platform, {author}, {text}, coalesce(p.url, '') {TABLES[wanted]} "
        f"WHERE {which} AND {mine} ORDER BY x.published_at DESC, x.id DESC LIMIT :limit",
        values | named,
    ).fetchall()
    return pd.DataFrame(rows, columns=pd.Index(FOUND))


def quoted(words: str) -> str:
    """Signs that LIKE reads as placeholders stand for themselves."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
