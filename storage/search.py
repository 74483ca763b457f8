"""Full-text search over posts and comments: the newest hits first, page by page, and how many there are."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TypeVar

import pandas as pd

from storage import glance, search_dirty
from storage.scope import Scope
from storage.search_file import Standing, database_path, open_index, path_beside, standing
from storage.search_page import MOST_ROWS, Found, Tally, page, place_of, total
from storage.search_rows import COLUMNS, COMMENTS, DIRECT, POSTS, Filters, accounts_of, look
from storage.search_words import Wanted, parse

Answer = TypeVar("Answer")

MANY = DIRECT
"""More rows than this that wait for the index are not all looked at: hits may be missing."""


@dataclass(frozen=True, slots=True)
class IndexState:
    """Whether there is an index that belongs to the database, about how many rows wait for it, and what it has learned."""

    is_there: bool
    waiting: int
    indexed_upto: int | None


def find(
    db: sqlite3.Connection,
    scope: Scope,
    *,
    words: str,
    since: int | None = None,
    until: int | None = None,
    kind: str = "",
    organization_id: int = 0,
    line: str = "",
    region: str = "",
    level: str = "",
    platform: int = 0,
    account_id: int = 0,
    limit: int = 50,
    before: str = "",
) -> Found:
    """The newest rows of the scope in which every word occurs, by the rule of `search_words`; no rows without any word.

    `words` as typed: several are all wanted, "a phrase" is one, -word excludes. `since` and `until` (not included) are Unix
    seconds of publishing, `kind` is 发布, 评论 or empty for both; 0 and empty mean any, and `organization_id` takes its subtree.
    `before` is `more` of the page before. Texts and names are as they were written: mask them before they are shown.
    Raises ValueError for a `kind` or a `before` that is none.
    """
    wanted = parse(words)
    only = narrowed(
        db,
        scope,
        Filters(None, since, until, kind),
        account_id,
        glance.Filters(organization_id=organization_id, line=line, region=region, level=level, platform=platform),
    )
    start = place_of(before)
    if not wanted.words or only.accounts == frozenset():
        return Found(pd.DataFrame(columns=COLUMNS))
    changed = search_dirty.take(db, DIRECT)
    rows_wanted = min(max(limit, 1), MOST_ROWS)
    return with_index(db, lambda index, held: page(db, index, held, changed, wanted, only, start, rows_wanted))


def count(
    db: sqlite3.Connection,
    scope: Scope,
    *,
    words: str,
    since: int | None = None,
    until: int | None = None,
    kind: str = "",
    organization_id: int = 0,
    line: str = "",
    region: str = "",
    level: str = "",
    platform: int = 0,
    account_id: int = 0,
) -> Tally:
    """How many rows `find` would give in all; exact up to 1,000. The filters are those of `find`."""
    wanted = parse(words)
    only = narrowed(
        db,
        scope,
        Filters(None, since, until, kind),
        account_id,
        glance.Filters(organization_id=organization_id, line=line, region=region, level=level, platform=platform),
    )
    if not wanted.words or only.accounts == frozenset():
        return Tally(0)
    changed = search_dirty.take(db, DIRECT)
    return with_index(db, lambda index, held: total(db, index, held, changed, wanted, only))


def index_state(db: sqlite3.Connection) -> IndexState:
    """How far the index has come."""
    changed = search_dirty.take(db, DIRECT)

    def ask(index: sqlite3.Connection | None, held: Standing) -> IndexState:
        direct = look(db, held, changed, Wanted(), Filters(frozenset()))
        return IndexState(index is not None, direct.waiting, held.seen_at)

    return with_index(db, ask)


def narrowed(db: sqlite3.Connection, scope: Scope, only: Filters, account_id: int, given: glance.Filters) -> Filters:
    """The filters with the accounts that they leave."""
    if only.kind not in ("", POSTS, COMMENTS):
        raise ValueError(f"没有“{only.kind}”这一类内容，请选择“{POSTS}”或“{COMMENTS}”。")
    return replace(only, accounts=accounts_of(db, scope, account_id, given))


def with_index(db: sqlite3.Connection, ask: Callable[[sqlite3.Connection | None, Standing], Answer]) -> Answer:
    """Ask with the index open, or, where it is missing, broken or another database's, without it."""
    path = database_path(db)
    if path is not None:
        try:
            with closing(open_index(path_beside(path))) as index:
                held = standing(db, index)
                if held.is_open:
                    return ask(index, held)
        except sqlite3.Error:
            pass  # the file can be thrown away at any moment; the worker builds it anew
    return ask(None, Standing())
