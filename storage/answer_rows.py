"""The official replies behind a number on quality, each with the question that it answers."""

import sqlite3
from typing import Any

import pandas as pd

from matrix.reply import Reason, ReplyNature
from storage.answers import ANSWER_REASONS, RECEIPT_REASONS, copies, holding, in_period, narrow
from storage.scope import Scope

COLUMNS = [
    "comment_id",
    "account_id",
    "account",
    "platform",
    "organization",
    "nature",
    "read_nature",
    "is_corrected",
    "why",
    "reasons",
    "replied_at",
    "reply",
    "asked_at",
    "author_name",
    "question",
    "mood",
    "channel",
    "post_title",
    "url",
]
DETAILS = """
SELECT c.id, a.id, a.name, a.platform, o.name, r.nature, r.read_nature, r.is_corrected,
  coalesce((SELECT k.why FROM corrections k WHERE k.comment_id = c.id AND k.field = 'nature' ORDER BY k.id DESC LIMIT 1), ''),
  r.reasons, c.published_at, c.text, q.published_at, coalesce(q.author_name, ''), coalesce(q.text, ''),
  coalesce((SELECT s.mood FROM responses s WHERE s.comment_id = q.id AND (s.first_id = c.id OR s.answer_id = c.id)), ''),
  c.channel, CASE WHEN coalesce(p.title, '') = '' THEN coalesce(p.text, '') ELSE p.title END, coalesce(p.url, '')
FROM (SELECT r.comment_id, r.day FROM replies r WHERE {condition} ORDER BY r.day DESC, r.comment_id DESC {portion}) w
JOIN replies r ON r.comment_id = w.comment_id JOIN comments c ON c.id = w.comment_id
JOIN accounts a ON a.id = r.account_id JOIN organizations o ON o.id = a.organization_id
LEFT JOIN posts p ON p.id = c.post_id
LEFT JOIN comments q ON q.id = CASE WHEN r.answers > 0 THEN r.answers ELSE
  (SELECT min(s.comment_id) FROM responses s WHERE s.post_id = c.post_id AND (s.first_id = c.id OR s.answer_id = c.id)) END
ORDER BY c.published_at DESC, w.comment_id DESC
"""


def rows(
    db: sqlite3.Connection,
    scope: Scope,
    *,
    since: int,
    until: int,
    account_id: int = 0,
    organization_id: int = 0,
    platform: int = 0,
    level: str = "",
    reason: str = "",
    nature: str = "",
    is_weak: bool = False,
    text_key: str = "",
    limit: int = 50,
    offset: int = 0,
) -> pd.DataFrame:
    """Replies of the period, newest day first; `limit` 0 means all. `reason` a word of `Reason`, `nature` of `ReplyNature`;
    `is_weak`: answers with a flaw.

    Times are Unix seconds. `reasons` are those that hold, joined by 、; `question` is empty where it is not held. `why`: what
    the person said who corrected the nature. Names and texts are raw: they must be masked before anybody sees them.
    """
    filters = {"account_id": account_id, "organization_id": organization_id, "platform": platform, "level": level}
    condition, values = _wanted(db, scope, since, until, filters, reason, nature, is_weak, text_key)
    portion = "LIMIT :limit OFFSET :offset" if limit else ""
    sql = DETAILS.format(condition=condition, portion=portion)
    found = db.execute(sql, values | ({"limit": limit, "offset": offset} if limit else {})).fetchall()
    frame = pd.DataFrame(found, columns=COLUMNS)
    frame["reasons"] = ["、".join(holding(row[5], row[9])) for row in found]
    return frame


def count(
    db: sqlite3.Connection,
    scope: Scope,
    *,
    since: int,
    until: int,
    account_id: int = 0,
    organization_id: int = 0,
    platform: int = 0,
    level: str = "",
    reason: str = "",
    nature: str = "",
    is_weak: bool = False,
    text_key: str = "",
) -> int:
    """How many rows there are behind the same filters."""
    filters = {"account_id": account_id, "organization_id": organization_id, "platform": platform, "level": level}
    condition, values = _wanted(db, scope, since, until, filters, reason, nature, is_weak, text_key)
    return int(db.execute(f"SELECT count(*) FROM replies r WHERE {condition}", values).fetchone()[0])


def _wanted(
    db: sqlite3.Connection,
    scope: Scope,
    since: int,
    until: int,
    filters: dict[str, Any],
    reason: str,
    nature: str,
    is_weak: bool,
    text_key: str,
) -> tuple[str, dict[str, Any]]:
    condition, values = narrow(scope, since, until, *filters.values(), "r.account_id")
    condition, days = in_period(condition, since, until)
    values |= days
    if nature:
        condition, values = f"{condition} AND r.nature = :nature", values | {"nature": nature}
    if is_weak:
        flaws = (*ANSWER_REASONS, Reason.CURT)
        marks = " OR ".join(f"',' || r.reasons || ',' LIKE :flaw{i}" for i in range(len(flaws)))
        condition = f"{condition} AND r.nature = :good AND ({marks})"
        values |= {"good": str(ReplyNature.SUBSTANTIVE)} | {f"flaw{i}": f"%,{flaw},%" for i, flaw in enumerate(flaws)}
    if text_key:
        same = " AND r.text_key = :key AND r.nature <> :automatic"
        condition, values = condition + same, values | {"key": text_key, "automatic": str(ReplyNature.AUTOMATIC)}
    if reason == Reason.COPIED:
        groups = copies(db, scope, since=since, until=until, **filters)
        pairs = list(zip(groups["account_id"], groups["text_key"], strict=True))
        marks = " OR ".join(f"(r.account_id = :a{i} AND r.text_key = :t{i})" for i in range(len(pairs))) or "1 = 0"
        values |= {"automatic": str(ReplyNature.AUTOMATIC)}
        for i, (account, key) in enumerate(pairs):
            values |= {f"a{i}": int(account), f"t{i}": key}
        return f"{condition} AND r.nature <> :automatic AND ({marks})", values
    if reason:
        fitting = ReplyNature.RECEIPT if Reason(reason) in RECEIPT_REASONS else ReplyNature.SUBSTANTIVE
        named = "',' || r.reasons || ',' LIKE :reason"
        if reason == Reason.CURT:
            return f"{condition} AND {named} AND r.nature <> :other", values | {
                "reason": f"%,{reason},%",
                "other": str(ReplyNature.AUTOMATIC),
            }
        return f"{condition} AND {named} AND r.nature = :fitting", values | {"reason": f"%,{reason},%", "fitting": str(fitting)}
    return condition, values
