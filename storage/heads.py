"""What the citizens' comments of a period are about and how they feel; hot issues and hot words among them."""

import sqlite3
from typing import Any

import pandas as pd

from storage.glance import chosen
from storage.moments import OFFSET, beijing_day
from storage.scope import Scope

TOPICS = ["topic", "part", "comments", "citizens", "certain", "negative", "negative_share"]
FEELINGS = ["at", "comments", "certain", "positive", "neutral", "negative", "negative_share"]
ISSUES = [
    "issue_id",
    "title",
    "central_id",
    "topic",
    "citizens",
    "comments",
    "accounts",
    "likes",
    "first_at",
    "last_at",
    "certain",
    "negative",
    "negative_share",
]
ISSUE_COMMENTS = [
    "comment_id",
    "published_at",
    "platform",
    "account_id",
    "account",
    "organization",
    "author_name",
    "author_key",
    "text",
    "likes",
    "topic",
    "part",
    "feeling",
    "is_sure",
    "url",
]
WORDS = ["word", "said", "usual", "strength", "days"]
CITIZEN = "CASE WHEN c.author_key = '' THEN 'c' || c.id ELSE c.author_key END"
"""Whoever has no name is another one each time."""

COUNTS = "sum(d.is_sure), sum(CASE WHEN d.is_sure = 1 AND d.feeling = -1 THEN 1 ELSE 0 END)"
"""Certain readings and the negative ones among them, as `matrix.feeling.negative_share` counts them."""

SHORT, LONG = 6, 60
"""A wording that can stand for an issue has so many letters."""


def within(scope: Scope, given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A condition on comments `c` published in [since, until), Unix seconds, and its parameters.

    Accounts are narrowed as in `storage.glance` (`organization_id` with its subtree, `account_id`, `platform` …); `post_id` is
    one thread, `topic` one topic of `readings d`, `seen_by` leaves out what we learned of later.
    """
    whose, values = chosen(scope, given)
    found: dict[str, Any] = {**values, "since": given["since"], "until": given["until"]}
    parts = ["c.published_at >= :since", "c.published_at < :until", f"c.account_id IN ({whose})"]
    columns = {"post_id": "c.post_id = :post_id", "topic": "d.topic = :topic", "seen_by": "c.seen_at <= :seen_by"}
    for name, condition in columns.items():
        if given.get(name):
            parts.append(condition)
            found[name] = given[name]
    return " AND ".join(parts), found


def share(negative: int | None, certain: int | None) -> float | None:
    """The part of the certain readings that is negative; None when none is certain (`matrix.feeling.negative_share`)."""
    return (negative or 0) / certain if certain else None


def topics(
    db: sqlite3.Connection, scope: Scope, *, since: int, until: int, is_by_part: bool = False, **given: Any
) -> pd.DataFrame:
    """How many comments of [since, until) each topic has, the most first; 其他, which is talk, among them.

    With `is_by_part` a row is one part of a topic (empty: no keyword named one), else `part` is empty. `negative_share` is None
    where no feeling is certain. Filters as in `within`.
    """
    mine, values = within(scope, given | {"since": since, "until": until})
    part = "d.part" if is_by_part else "''"
    rows = db.execute(
        f"SELECT d.topic, {part}, count(*), count(DISTINCT {CITIZEN}), {COUNTS} FROM comments c "
        f"JOIN readings d ON d.comment_id = c.id WHERE {mine} GROUP BY d.topic, {part} ORDER BY count(*) DESC, d.topic, {part}",
        values,
    ).fetchall()
    return pd.DataFrame([(*row, share(row[5], row[4])) for row in rows], columns=TOPICS)


def feelings(db: sqlite3.Connection, scope: Scope, *, since: int, until: int, step: int = 0, **given: Any) -> pd.DataFrame:
    """How the comments of [since, until) feel: comments that were read, certain ones, and these by feeling.

    With `step` (seconds, a divisor of a day or a day) one row per step of Beijing time that has comments, `at` its beginning;
    else one row with `at` = since, also where there is nothing. Filters as in `within`.
    """
    mine, values = within(scope, given | {"since": since, "until": until})
    at = f"(c.published_at + {OFFSET}) / :step * :step - {OFFSET}" if step else ":since"
    values |= {"step": step} if step else {}
    kinds = ", ".join(f"sum(CASE WHEN d.is_sure = 1 AND d.feeling = {kind} THEN 1 ELSE 0 END)" for kind in (1, 0, -1))
    rows = db.execute(
        f"SELECT {at}, count(*), sum(d.is_sure), {kinds} FROM comments c JOIN readings d ON d.comment_id = c.id "
        f"WHERE {mine} GROUP BY 1 ORDER BY 1",
        values,
    ).fetchall()
    if not rows and not step and scope:
        rows = [(since, 0, 0, 0, 0, 0)]
    return pd.DataFrame([(*row, share(row[5], row[2])) for row in rows], columns=FEELINGS)


def hot_issues(db: sqlite3.Connection, scope: Scope, since: int, until: int, limit: int = 10, **given: Any) -> pd.DataFrame:
    """What most distinct citizens spoke of in [since, until), Unix seconds: issues of at least two of them, those of most first.

    The worker groups what was said about every ten minutes; an `issue_id` stays while new words join. All numbers are of the
    comments in scope and period alone; `title` is the wording of one of them, as it was written: mask it before it is shown.
    Filters as in `within`.
    """
    mine, values = within(scope, given | {"since": since, "until": until})
    rows = db.execute(
        f"SELECT m.issue_id, count(DISTINCT {CITIZEN}), count(*), count(DISTINCT c.account_id), coalesce(sum(c.likes), 0), "
        f"min(c.published_at), max(c.published_at), {COUNTS} FROM comments c JOIN issue_comments m ON m.comment_id = c.id "
        f"JOIN readings d ON d.comment_id = c.id WHERE {mine} GROUP BY m.issue_id HAVING count(DISTINCT {CITIZEN}) > 1 "
        "ORDER BY 2 DESC, 5 DESC, 7 DESC, 1 LIMIT :limit",
        values | {"limit": limit},
    ).fetchall()
    found = []
    for row in rows:
        central, title = title_of(db, mine, values | {"issue": row[0]})
        topic = db.execute(
            "SELECT d.topic FROM issue_comments m JOIN comments c ON c.id = m.comment_id JOIN readings d ON d.comment_id = c.id "
            f"WHERE m.issue_id = :issue AND {mine} GROUP BY d.topic ORDER BY count(*) DESC, d.topic LIMIT 1",
            values | {"issue": row[0]},
        ).fetchone()[0]
        found.append((row[0], title, central, topic, *row[1:], share(row[8], row[7])))
    return pd.DataFrame(found, columns=ISSUES)


def title_of(db: sqlite3.Connection, mine: str, values: dict[str, Any]) -> tuple[int, str]:
    """The central comment of an issue with its words, or, where it is not among these comments, the first of a good length."""
    return db.execute(
        "SELECT c.id, c.text FROM issue_comments m JOIN comments c ON c.id = m.comment_id JOIN issues i ON i.id = m.issue_id "
        f"JOIN readings d ON d.comment_id = c.id WHERE m.issue_id = :issue AND {mine} "
        "ORDER BY CASE WHEN c.id = i.central_id THEN 0 WHEN length(c.text) BETWEEN :short AND :long THEN 1 ELSE 2 END, "
        "c.published_at, c.id LIMIT 1",
        values | {"short": SHORT, "long": LONG},
    ).fetchone()


SAID = (
    "SELECT c.id, c.published_at, c.platform, c.account_id, a.name, o.name, c.author_name, c.author_key, c.text, c.likes, "
    "d.topic, d.part, d.feeling, d.is_sure, coalesce(p.url, '') FROM {rows} "
    "JOIN readings d ON d.comment_id = c.id JOIN accounts a ON a.id = c.account_id "
    "JOIN organizations o ON o.id = a.organization_id LEFT JOIN posts p ON p.id = c.post_id "
    "WHERE {mine} ORDER BY c.published_at DESC, c.id DESC LIMIT :limit"
)


def issue_comments(
    db: sqlite3.Connection, scope: Scope, *, issue_id: int, since: int, until: int, limit: int = 500, **given: Any
) -> pd.DataFrame:
    """The comments of one issue in scope and period, the newest first. Texts and names are raw: mask them."""
    mine, values = within(scope, given | {"since": since, "until": until})
    sql = SAID.format(rows="issue_comments m JOIN comments c ON c.id = m.comment_id", mine=f"m.issue_id = :issue AND {mine}")
    rows = db.execute(sql, values | {"issue": issue_id, "limit": limit}).fetchall()
    return pd.DataFrame(rows, columns=ISSUE_COMMENTS)


def said(
    db: sqlite3.Connection, scope: Scope, *, since: int, until: int, negative: bool = False, limit: int = 500, **given: Any
) -> pd.DataFrame:
    """The comments that were read, of one `topic` or all, the newest first; `negative`: those that are so for certain."""
    mine, values = within(scope, given | {"since": since, "until": until})
    mine += " AND d.is_sure = 1 AND d.feeling = -1" if negative else ""
    rows = db.execute(SAID.format(rows="comments c", mine=mine), values | {"limit": limit}).fetchall()
    return pd.DataFrame(rows, columns=ISSUE_COMMENTS)


def hot_words(
    db: sqlite3.Connection, scope: Scope, since: int, until: int, limit: int = 20, organization_id: int = 0
) -> pd.DataFrame:
    """The words that the citizens of the scope, or of one unit of it with its subtree, said more often than usual.

    The worker looks for them about once an hour, for each unit and Beijing day; a period takes the days that it touches. `said`
    are citizens, day by day added up, `usual` comments of the weeks before, `strength` the root of the summed squares of the
    days. Names and numbers of persons, and words of fewer than three citizens, are left out.
    """
    days = {"first": beijing_day(since), "last": beijing_day(max(since, until - 1)), "limit": limit}
    units = tops(db, scope, organization_id)
    if not units:
        return pd.DataFrame([], columns=WORDS)
    names = ", ".join(f":u{place}" for place in range(len(units)))
    rows = db.execute(
        "SELECT w.word, sum(w.said), sum(w.usual), sum(w.strength * w.strength), count(DISTINCT w.day) FROM hot_words w "
        f"WHERE w.organization_id IN ({names}) AND w.day BETWEEN :first AND :last GROUP BY w.word "
        "ORDER BY 4 DESC, 2 DESC, 1 LIMIT :limit",
        days | {f"u{place}": unit for place, unit in enumerate(units)},
    ).fetchall()
    return pd.DataFrame([(*row[:3], round(row[3] ** 0.5, 2), row[4]) for row in rows], columns=WORDS)


def tops(db: sqlite3.Connection, scope: Scope, organization_id: int = 0) -> list[int]:
    """One unit when it lies in the scope, else the units of the scope that lie below no other one of it."""
    if not scope:
        return []
    names = ", ".join(f":s{place}" for place in range(len(scope)))
    values = {f"s{place}": unit for place, unit in enumerate(scope)}
    above = f"SELECT 1 FROM organization_up u WHERE u.organization_id = o.id AND u.ancestor_id IN ({names})"
    if organization_id:
        sql, values = (
            f"SELECT o.id FROM organizations o WHERE o.id = :one AND EXISTS ({above})",
            values | {"one": organization_id},
        )
    else:
        sql = f"SELECT o.id FROM organizations o WHERE o.id IN ({names}) AND NOT EXISTS ({above} AND u.ancestor_id <> o.id)"
    return [row[0] for row in db.execute(sql, values).fetchall()]
