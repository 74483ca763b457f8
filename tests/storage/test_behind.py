"""Every number of the overview opens exactly its rows: counted one by one, by account, by unit, in all, and page by page."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pandas as pd
import pytest

from storage import behind, glance, organizations, publishing, silence
from storage.database import create_database
from tests import sample
from tests.storage.frames import rows_of

NOW = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)
TODAY = (int(NOW.timestamp()) + 28800) // 86400
PERIODS = [(TODAY - 29, TODAY), (TODAY - 2, TODAY - 1), (TODAY, TODAY)]
LISTS = ("posts", *behind.SUBJECTS)


@pytest.fixture(scope="module")
def city() -> Iterator[tuple[sqlite3.Connection, dict[str, int]]]:
    with closing(create_database(":memory:")) as db:
        yield db, sample.fill(db, NOW)


def opened(db: sqlite3.Connection, name: str, first: int, last: int, limit: int = 0, offset: int = 0, **whose: int) -> list[int]:
    """The ids of the rows that a number opens."""
    scope = organizations.roots(db)
    if name == "posts":
        seconds = {"since": first * 86400 - 28800, "until": (last + 1) * 86400 - 28800}
        found = publishing.posts(db, scope, order="", limit=limit, offset=offset, **seconds, **whose)
        return [int(key) for key in found["post_id"]]
    days = {"first_day": first, "last_day": last}
    found = behind.rows(db, scope, name=name, limit=limit, offset=offset, **days, **whose)
    assert list(found["at"]) == sorted(found["at"], reverse=True)
    return [int(key) for key in found["comment_id"]]


@pytest.mark.parametrize(("first", "last"), PERIODS)
def test_every_number_of_every_account_and_unit_opens_as_many_rows(
    city: tuple[sqlite3.Connection, dict[str, int]], first: int, last: int
) -> None:
    db, _ = city
    scope, days = organizations.roots(db), {"first_day": first, "last_day": last}
    accounts, units = glance.board(db, scope, **days).accounts, glance.units(db, scope, **days)
    shown = [("account_id", row) for row in accounts.to_dict("records")]
    shown += [("organization_id", row) for row in units.to_dict("records")]
    for name in LISTS:
        for key, row in shown:
            rows = opened(db, name, first, last, **{key: row[key]})
            assert len(rows) == len(set(rows)) == row[name], (name, key, row[key])
            assert behind.count(db, scope, name=name, **days, **{key: row[key]}) == row[name]
        everything = opened(db, name, first, last)
        assert len(everything) == accounts[name].sum() == behind.count(db, scope, name=name, **days)


def test_the_numbers_are_not_all_zero(city: tuple[sqlite3.Connection, dict[str, int]]) -> None:
    db, _ = city
    accounts = glance.board(db, organizations.roots(db), first_day=TODAY - 29, last_day=TODAY).accounts
    assert (accounts[list(LISTS)].sum() > 0).all()


@pytest.mark.parametrize("dense", [0, 10**9])
@pytest.mark.parametrize("size", [1, 3, 100])
def test_pages_put_together_are_the_whole_list(
    city: tuple[sqlite3.Connection, dict[str, int]], size: int, dense: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever side the engine begins at: the days, or the accounts."""
    db, ids = city
    monkeypatch.setattr(behind, "DENSE", dense)
    for name in LISTS:
        for whose in ({}, {"organization_id": ids["青山县"]}):
            whole = opened(db, name, *PERIODS[0], **whose)
            pages = [opened(db, name, *PERIODS[0], size, start, **whose) for start in range(0, len(whole) + size, size)]
            assert [key for page in pages for key in page] == whole


def test_appeals_and_official_words_are_what_was_read(city: tuple[sqlite3.Connection, dict[str, int]]) -> None:
    db, _ = city
    scope, days = organizations.roots(db), {"first_day": TODAY - 29, "last_day": TODAY}
    appeals = behind.rows(db, scope, name="appeals", limit=0, **days)
    assert set(appeals["comment_id"]) == {row[0] for row in db.execute("SELECT comment_id FROM responses")}
    replies = behind.rows(db, scope, name="replies", limit=0, **days)
    assert set(replies["comment_id"]) == {row[0] for row in db.execute("SELECT comment_id FROM replies")}
    assert set(replies["is_official"]) == {2}


def test_what_coverage_rests_on_are_its_posts(city: tuple[sqlite3.Connection, dict[str, int]]) -> None:
    db, _ = city
    scope = organizations.roots(db)
    told: pd.DataFrame = silence.coverage(db, scope, now=NOW)
    assert len(told)
    for row in rows_of(told):
        posts = behind.covered(db, scope, account_id=row.account_id, since=int(NOW.timestamp()) - 7 * 86400)
        assert posts["stated"].sum() == row.stated
        assert posts[["stated", "held"]].min(axis=1).sum() == row.held
