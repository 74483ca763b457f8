"""Hot words and hot issues as of a cut-off: only what no later pass of the worker makes anew."""

import sqlite3
from collections.abc import Sequence
from typing import Any

import pandas as pd

from storage.heads import CITIZEN, COUNTS, tops
from storage.moments import OFFSET, beijing_day
from storage.scope import Scope, accounts_in

WORDS = ["word", "said", "days"]
ISSUE = ["text", "topic", "citizens", "comments", "accounts", "first_at", "last_at", "certain", "negative"]


def hot_words(
    db: sqlite3.Connection, scope: Scope, *, since: int, until: int, cut: int, organization_id: int = 0, limit: int = 12
) -> pd.DataFrame:
    """The words said more often than usual on the whole Beijing days of the period, the strongest first.

    A day is read until it is over and once more after that; the days that were still running at the cut-off are left out.
    """
    units = tops(db, scope, organization_id)
    if not units:
        return pd.DataFrame([], columns=WORDS)
    names = {f"u{place}": unit for place, unit in enumerate(units)}
    values = {"first": beijing_day(since), "last": beijing_day(until - 1), "cut": cut, "limit": limit}
    rows = db.execute(
        "SELECT w.word, sum(w.said), count(DISTINCT w.day) FROM hot_words w WHERE w.organization_id IN "
        f"({', '.join(f':{name}' for name in names)}) AND w.day BETWEEN :first AND :last AND w.read_at <= :cut "
        f"AND w.read_at >= (w.day + 1) * 86400 - {OFFSET} GROUP BY w.word ORDER BY sum(w.strength * w.strength) DESC, 2 DESC, 1 "
        "LIMIT :limit",
        values | names,
    ).fetchall()
    return pd.DataFrame(rows, columns=WORDS)


def issue(db: sqlite3.Connection, scope: Scope, *, comment_ids: Sequence[int], central_id: int) -> pd.DataFrame:
    """One issue by the comments that were held to be of it: what the central one says, how many citizens, how they feel.

    Which comments those are is asked with the question: the worker groups anew all the time.
    """
    mine, values = accounts_in(scope, "c.account_id")
    found: list[tuple[Any, ...]] = []
    names = {f"k{place}": number for place, number in enumerate(comment_ids)}
    marks = ", ".join(f":{name}" for name in names) or "NULL"
    given = {**values, **names, "central": central_id}
    inside = f"FROM comments c JOIN readings d ON d.comment_id = c.id WHERE c.id IN ({marks}) AND {mine}"
    counts = db.execute(
        f"SELECT count(DISTINCT {CITIZEN}), count(*), count(DISTINCT c.account_id), min(c.published_at), max(c.published_at), "
        f"{COUNTS} {inside}",
        given,
    ).fetchone()
    if counts[1]:
        about = f"SELECT d.topic {inside} GROUP BY d.topic ORDER BY count(*) DESC, d.topic LIMIT 1"
        words = f"SELECT c.text {inside} ORDER BY CASE WHEN c.id = :central THEN 0 ELSE 1 END, c.published_at, c.id LIMIT 1"
        found.append((db.execute(words, given).fetchone()[0], db.execute(about, given).fetchone()[0], *counts))
    return pd.DataFrame(found, columns=ISSUE)
