"""Rows for files: their ids are fixed first, then they come in portions, so that memory does not grow with them."""

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from storage import glance
from storage.columns import integers
from storage.export_columns import ACCOUNT_JOIN, SELECTS, TIMES
from storage.scope import Scope, organizations_in

PORTION = 2_000
KEYS_AT_ONCE = 500


def condition_of(scope: Scope, kind: str, given: Mapping[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """FROM, WHERE and its parameters. `given`: since, until (Unix seconds, not included), organization_id with its subtree,
    line, region, level, platform, account_id, words, topic, feeling (1, 0, -1, None for all), upto (highest id)."""
    table, alias = TABLES[kind]
    values: dict[str, Any] = {}
    if kind in ("预警", "事件"):
        # An alert of a unit outside is seen on its page by what its members inside show; whole rows are of one's own units only.
        where, mine = organizations_in(scope, f"{alias}.organization_id")
        values |= mine
        rest = f"FROM {table} {alias} JOIN organizations o ON o.id = {alias}.organization_id"
        if given.get("organization_id"):
            where += f" AND {alias}.organization_id IN ({BELOW})"
            values["root"] = given["organization_id"]
        for name in ("line", "region", "level"):
            if given.get(name):
                where += f" AND o.{name} = :{name}"
                values[name] = given[name]
    else:
        where, mine = glance.narrowed(scope, given)
        values |= mine
        rest = f"FROM {table} {alias} {ACCOUNT_JOIN[kind]}"
    time = TIMES[kind]
    if time and given.get("since") is not None:
        where += f" AND {time} >= :since AND {time} < :until"
        values |= {"since": given["since"], "until": given["until"]}
    for number, word in enumerate(words_of(str(given.get("words", "")))):
        is_without = word.startswith("-")
        texts = " OR ".join(f"lower({column}) LIKE :word{number} ESCAPE '!'" for column in SEARCHED[kind])
        where += f" AND {'NOT ' if is_without else ''}({texts})"
        values[f"word{number}"] = f"%{escaped(word.removeprefix('-').lower())}%"
    if kind in ("评论", "诉求"):
        if given.get("topic"):
            where += " AND d.topic = :topic"
            values["topic"] = given["topic"]
        if given.get("feeling") is not None:
            where += " AND d.is_sure = 1 AND d.feeling = :feeling"
            values["feeling"] = given["feeling"]
    if given.get("upto") is not None:
        where += f" AND {IDS[kind]} <= :upto"
        values["upto"] = given["upto"]
    return rest, where, values


TABLES = {
    "评论": ("comments", "c"),
    "发布": ("posts", "p"),
    "诉求": ("responses", "r"),
    "回复": ("replies", "y"),
    "账号": ("accounts", "a"),
    "预警": ("alerts", "a"),
    "事件": ("incidents", "n"),
}
BELOW = "SELECT w.organization_id FROM organization_up w WHERE w.ancestor_id = :root"
IDS = {"评论": "c.id", "发布": "p.id", "诉求": "r.comment_id", "回复": "y.comment_id"} | {
    "账号": "a.id",
    "预警": "a.id",
    "事件": "n.id",
}
SEARCHED = {
    "评论": ("c.text",),
    "发布": ("p.title", "p.text"),
    "诉求": ("c.text",),
    "回复": ("c.text",),
    "账号": ("a.name", "o.name"),
    "预警": ("a.title", "a.sentence"),
    "事件": ("n.title", "n.summary"),
}


def words_of(text: str) -> list[str]:
    """Words as typed: all are wanted, one that begins with a minus is not; ten at most."""
    return [word for word in text.split() if word.strip("-")][:10]


def escaped(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def count(db: sqlite3.Connection, scope: Scope, kind: str, **given: Any) -> int:
    """How many rows there are; filters as in `condition_of`."""
    rest, where, values = condition_of(scope, kind, given)
    return int(db.execute(f"SELECT count(*) {rest} WHERE {where}", values).fetchone()[0])


def ids(db: sqlite3.Connection, scope: Scope, kind: str, **given: Any) -> NDArray[np.int64]:
    """The ids of the rows, ascending: 8 bytes a row. What comes in later is not among them, and none can come twice."""
    rest, where, values = condition_of(scope, kind, given)
    (found,) = integers(db, (IDS[kind],), f"{rest} WHERE {where}", values)
    return np.sort(found)


def preview(db: sqlite3.Connection, scope: Scope, kind: str, limit: int = 20, **given: Any) -> pd.DataFrame:
    """The first rows of the file, in its order, as `portions` gives them."""
    rest, where, values = condition_of(scope, kind, given)
    first = db.execute(f"SELECT {IDS[kind]} {rest} WHERE {where} ORDER BY {IDS[kind]} LIMIT :limit", values | {"limit": limit})
    return frame_of(db, kind, [row[0] for row in first.fetchall()])


def portions(db: sqlite3.Connection, kind: str, wanted: NDArray[np.int64], size: int = PORTION) -> Iterator[pd.DataFrame]:
    """The rows of these ids in their order, some thousands at a time; one that is gone meanwhile is left out. At least one frame
    comes, without rows if need be. Raw values: times in Unix seconds, texts as they were written."""
    for start in range(0, max(1, len(wanted)), size):
        yield frame_of(db, kind, [int(one) for one in wanted[start : start + size]])


def frame_of(db: sqlite3.Connection, kind: str, keys: list[int]) -> pd.DataFrame:
    table, alias = TABLES[kind]
    names = list(SELECTS[kind])
    rest = (
        f"FROM {table} {alias} JOIN organizations o ON o.id = {alias}.organization_id"
        if kind in ("预警", "事件")
        else f"FROM {table} {alias} {ACCOUNT_JOIN[kind]}"
    )
    sql = f"SELECT {', '.join(SELECTS[kind].values())} {rest} WHERE {IDS[kind]} IN ({{}}) ORDER BY {IDS[kind]}"
    rows: list[tuple[Any, ...]] = []
    for start in range(0, len(keys), KEYS_AT_ONCE):
        values = {f"k{place}": key for place, key in enumerate(keys[start : start + KEYS_AT_ONCE])}
        rows += db.execute(sql.format(", ".join(f":{name}" for name in values)), values).fetchall()
    return pd.DataFrame(rows, columns=names, dtype=object)
