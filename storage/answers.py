"""How the accounts answer: official replies by nature and by what they lack, and the replies behind each number."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from matrix.reply import Reason, ReplyNature
from storage.answers_same import Group, same
from storage.moments import beijing_day
from storage.scope import Scope, accounts_in

RECEIPT_REASONS = tuple(list(Reason)[: list(Reason).index(Reason.CURT)])
"""What makes a reply a receipt; each receipt has exactly one, unless a person has said that it is one."""

ANSWER_REASONS = tuple(list(Reason)[list(Reason).index(Reason.ASIDE) : list(Reason).index(Reason.COPIED)])
"""What an answer may lack."""

COUNTS = ["n", "substantive", "receipt", "automatic", "weak", *(str(reason) for reason in Reason), "groups"]
COLUMNS = ["account_id", "account", "platform", "organization_id", "organization", "level", "nature", *COUNTS]
NATURES = {ReplyNature.SUBSTANTIVE: "substantive", ReplyNature.RECEIPT: "receipt", ReplyNature.AUTOMATIC: "automatic"}
COPY_COLUMNS = ["account_id", "account", "platform", "organization", "text_key", "n", "first_day", "last_day", "reply", "url"]

COVERAGE = """
SELECT h.account_id, sum(h.stated), sum(CASE WHEN h.n < h.stated THEN h.n ELSE h.stated END) FROM (
  SELECT p.account_id, p.stated, p.held AS n
  FROM posts p WHERE p.stated IS NOT NULL AND p.published_at >= :since AND p.published_at < :until AND {condition}) h
GROUP BY h.account_id
"""


def narrow(
    scope: Scope, since: int, until: int, account_id: int, organization_id: int, platform: int, level: str, column: str
) -> tuple[str, dict[str, Any]]:
    """A condition on `column` and its parameters: accounts of the scope that the filters leave."""
    mine, values = accounts_in(scope, column)
    parts = [mine]
    if account_id:
        parts.append(f"{column} = :account")
    if organization_id:
        parts.append(f"{column} IN (SELECT w.account_id FROM account_up w WHERE w.ancestor_id = :organization)")
    if platform:
        parts.append(f"{column} IN (SELECT w.id FROM accounts w WHERE w.platform = :platform)")
    if level:
        parts.append(
            f"{column} IN (SELECT w.id FROM accounts w JOIN organizations v ON v.id = w.organization_id WHERE v.level = :level)"
        )
    named = {"account": account_id, "organization": organization_id, "platform": platform, "level": level}
    held: dict[str, Any] = {name: value for name, value in named.items() if value}
    return " AND ".join(parts), values | held | {"since": since, "until": until}


def in_period(condition: str, since: int, until: int) -> tuple[str, dict[str, Any]]:
    """The condition with the days of the period; general words, which answer nobody, are no replies."""
    days: dict[str, Any] = {"first": beijing_day(since), "last": beijing_day(until - 1)}
    return f"{condition} AND r.day BETWEEN :first AND :last AND r.answers IS NOT NULL", days


def summary(
    db: sqlite3.Connection,
    scope: Scope,
    *,
    since: int,
    until: int,
    account_id: int = 0,
    organization_id: int = 0,
    platform: int = 0,
    level: str = "",
) -> pd.DataFrame:
    """One row per account that replied on the Beijing days of [since, until), Unix seconds; most weak replies first.

    `nature` is that of the account: those of public officers must not be set against each other.
    `n` official replies, by nature; `weak` answers with at least one flaw; a count for each `Reason`; under `Reason.COPIED` the
    replies whose wording the account also used below another post, and in `groups` how many such wordings.
    """
    condition, values = narrow(scope, since, until, account_id, organization_id, platform, level, "r.account_id")
    condition, days = in_period(condition, since, until)
    return _summed(db, condition, values | days, same(db, condition, values | days))


def _summed(db: sqlite3.Connection, condition: str, values: dict[str, Any], groups: list[Group]) -> pd.DataFrame:
    rows = db.execute(
        f"SELECT r.account_id, r.nature, r.reasons, count(*) FROM replies r WHERE {condition} GROUP BY 1, 2, 3", values
    ).fetchall()
    counted = count_up(rows)
    for account, _, n, *_ in groups:
        counted[account][str(Reason.COPIED)] += n
        counted[account]["groups"] += 1
    known = _accounts(db, counted)
    found = [
        [account, *known[account], *(counts[name] for name in COUNTS)]
        for account, counts in sorted(counted.items(), key=lambda item: (-item[1]["receipt"] - item[1]["weak"], item[0]))
    ]
    return pd.DataFrame(found, columns=COLUMNS).astype(dict.fromkeys(COUNTS, int))


@dataclass(frozen=True, slots=True)
class Overview:
    """`summary` and `copies` for one choice of filters, from one reading of the wordings."""

    summary: pd.DataFrame
    copies: pd.DataFrame


def overview(
    db: sqlite3.Connection,
    scope: Scope,
    *,
    since: int,
    until: int,
    account_id: int = 0,
    organization_id: int = 0,
    platform: int = 0,
    level: str = "",
) -> Overview:
    """Both at once: what the page asks."""
    condition, values = narrow(scope, since, until, account_id, organization_id, platform, level, "r.account_id")
    condition, days = in_period(condition, since, until)
    groups = same(db, condition, values | days)
    return Overview(_summed(db, condition, values | days, groups), _copied(db, groups))


def count_up(rows: Iterable[tuple[int, str, str, int]]) -> dict[int, dict[str, int]]:
    """Sums by account of (account, nature, reasons, number). A reason counts only with the nature that it belongs to: what a
    person has corrected keeps the reasons of the reading, and they do not hold any more."""
    counted: dict[int, dict[str, int]] = {}
    told: dict[tuple[str, str], list[str]] = {}
    for account, nature, reasons, number in rows:
        counts = counted.get(account)
        if counts is None:
            counts = counted[account] = dict.fromkeys(COUNTS, 0)
        names = told.get((nature, reasons))
        if names is None:
            held = [str(reason) for reason in holding(nature, reasons)]
            weak = ["weak"] if held and nature == ReplyNature.SUBSTANTIVE else []
            names = told[nature, reasons] = ["n", NATURES[ReplyNature(nature)], *held, *weak]
        for name in names:
            counts[name] += number
    return counted


def holding(nature: str, reasons: str) -> list[Reason]:
    """The reasons of a reply that go with its nature; an automatic reply needs none."""
    fitting = {ReplyNature.RECEIPT: RECEIPT_REASONS, ReplyNature.SUBSTANTIVE: ANSWER_REASONS}.get(ReplyNature(nature))
    if fitting is None:
        return []
    known = set(Reason)
    named = [Reason(word) for word in reasons.split(",") if word in known]
    return [reason for reason in named if reason in fitting or reason is Reason.CURT]


def copies(
    db: sqlite3.Connection,
    scope: Scope,
    *,
    since: int,
    until: int,
    account_id: int = 0,
    organization_id: int = 0,
    platform: int = 0,
    level: str = "",
) -> pd.DataFrame:
    """Wordings that one account used below different posts in the period, most used first; `reply` is the newest of them."""
    condition, values = narrow(scope, since, until, account_id, organization_id, platform, level, "r.account_id")
    condition, days = in_period(condition, since, until)
    return _copied(db, same(db, condition, values | days))


def _copied(db: sqlite3.Connection, found: list[Group]) -> pd.DataFrame:
    groups = sorted(found, key=lambda row: (-row[2], row[0], row[1]))
    known = _accounts(db, {row[0] for row in groups})
    said = _texts(db, [row[5] for row in groups])
    rows = []
    for account, key, n, first, last, newest in groups:
        name, number, _, organization, *_ = known[account]
        rows.append([account, name, number, organization, key, n, first, last, *said[newest]])
    return pd.DataFrame(rows, columns=COPY_COLUMNS)


def coverage(
    db: sqlite3.Connection,
    scope: Scope,
    *,
    since: int,
    until: int,
    account_id: int = 0,
    organization_id: int = 0,
    platform: int = 0,
    level: str = "",
) -> pd.DataFrame:
    """采集完整度 of the posts published in the period, by account; no row where no platform states a number."""
    condition, values = narrow(scope, since, until, account_id, organization_id, platform, level, "p.account_id")
    return pd.DataFrame(
        db.execute(COVERAGE.format(condition=condition), values).fetchall(), columns=["account_id", "stated", "held"]
    )


def version(db: sqlite3.Connection, scope: Scope) -> str:
    """The rules by which the newest reply of the scope was read; empty when none was."""
    mine, values = accounts_in(scope, "+r.account_id")
    row = db.execute(f"SELECT r.read_by FROM replies r WHERE {mine} ORDER BY r.comment_id DESC LIMIT 1", values).fetchone()
    return row[0] if row else ""


def _accounts(db: sqlite3.Connection, wanted: Iterable[int]) -> dict[int, tuple[Any, ...]]:
    asked = set(wanted)
    rows = db.execute(
        "SELECT a.id, a.name, a.platform, a.organization_id, o.name, o.level, a.nature FROM accounts a "
        "JOIN organizations o ON o.id = a.organization_id"
    ).fetchall()
    return {row[0]: row[1:] for row in rows if row[0] in asked}


def _texts(db: sqlite3.Connection, comment_ids: list[int]) -> dict[int, tuple[str, str]]:
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(comment_ids), 400):
        portion = comment_ids[start : start + 400]
        names = ", ".join(f":k{i}" for i in range(len(portion)))
        sql = (
            "SELECT c.id, c.text, coalesce(p.url, '') FROM comments c LEFT JOIN posts p ON p.id = c.post_id "
            f"WHERE c.id IN ({names})"
        )
        found |= {row[0]: row[1:] for row in db.execute(sql, {f"k{i}": key for i, key in enumerate(portion)}).fetchall()}
    return found
