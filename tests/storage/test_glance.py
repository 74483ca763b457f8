"""The matrix at a glance: sums by account and by unit, the period before, filters, and nobody's rows but one's own."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from storage import glance, organizations
from storage.database import create_database
from storage.moments import beijing_day
from tests import sample


@pytest.fixture(scope="module")
def city() -> Iterator[tuple[sqlite3.Connection, dict[str, int], int]]:
    now = datetime.now(UTC)
    with closing(create_database(":memory:")) as db:
        ids = sample.fill(db, now)
        yield db, ids, beijing_day(int(now.timestamp()))


def raw(db: sqlite3.Connection, table: str, first: int, last: int) -> Counter[int]:
    """Rows by account and Beijing day, counted one by one."""
    found: Counter[int] = Counter()
    for account, at in db.execute(f"SELECT account_id, published_at FROM {table}"):
        found[account] += first <= (at + 28800) // 86400 <= last
    return found


def test_every_account_has_its_sums_of_this_period_and_of_the_one_before(
    city: tuple[sqlite3.Connection, dict[str, int], int],
) -> None:
    db, _, today = city
    frame = glance.accounts(db, organizations.roots(db), first_day=today - 1, last_day=today)
    assert len(frame) == len(sample.ACCOUNTS)
    for table in ("posts", "comments"):
        now, before = raw(db, table, today - 1, today), raw(db, table, today - 3, today - 2)
        assert dict(zip(frame["account_id"], frame[table], strict=True)) == {key: now[key] for key in frame["account_id"]}
        assert list(frame[f"before_{table}"]) == [before[key] for key in frame["account_id"]]
    assert frame["posts"].sum() > 0
    assert frame["before_posts"].sum() > 0


def test_a_unit_has_the_sums_of_its_whole_subtree(city: tuple[sqlite3.Connection, dict[str, int], int]) -> None:
    db, ids, today = city
    period = {"first_day": today - 29, "last_day": today}
    accounts = glance.accounts(db, organizations.roots(db), **period)
    units = glance.units(db, organizations.roots(db), **period).set_index("organization_id")
    assert units.loc[ids["临江市"], "posts"] == accounts["posts"].sum()
    county = accounts[accounts["organization"].str.startswith("青山")]
    assert units.loc[ids["青山县"], "comments"] == county["comments"].sum()
    assert units.loc[ids["青山县"], "accounts"] == len(county)
    assert list(units["depth"]) == sorted(units["depth"])


def test_filters_leave_what_they_name(city: tuple[sqlite3.Connection, dict[str, int], int]) -> None:
    db, ids, today = city
    period = {"first_day": today - 29, "last_day": today}
    scope = organizations.roots(db)
    assert set(glance.accounts(db, scope, **period, platform=1)["platform"]) <= {1}
    assert set(glance.accounts(db, scope, **period, level="部门")["level"]) == {"部门"}
    below = glance.accounts(db, scope, **period, organization_id=ids["青山县"])
    assert set(below["organization"]) == {"青山县", "青山县卫生健康局", "青山县城关镇"}
    assert glance.accounts(db, scope, **period, line="没有这条线").empty


def test_days_add_up_to_the_accounts(city: tuple[sqlite3.Connection, dict[str, int], int]) -> None:
    db, _, today = city
    period, scope = {"first_day": today - 9, "last_day": today}, organizations.roots(db)
    accounts, series, daily = (ask(db, scope, **period) for ask in (glance.accounts, glance.series, glance.daily))
    assert len(daily) == 10
    assert {len(row) for row in series["posts"]} == {10}
    by_account = dict(zip(series["account_id"], map(sum, series["comments"]), strict=True))
    assert by_account == dict(zip(accounts["account_id"], accounts["comments"], strict=True))
    assert list(daily["posts"]) == [sum(day) for day in zip(*series["posts"], strict=True)]


def test_a_county_sees_its_own_subtree_only_and_nobody_sees_nothing(
    city: tuple[sqlite3.Connection, dict[str, int], int],
) -> None:
    db, ids, today = city
    period = {"first_day": today - 29, "last_day": today}
    mine = (ids["青山县"],)
    for question in (glance.accounts, glance.units, glance.series, glance.daily):
        whole, part = question(db, organizations.roots(db), **period), question(db, mine, **period)
        assert question(db, (), **period).empty
        assert len(part) < len(whole) or part["posts"].sum() < whole["posts"].sum()
        assert list(part.columns) == list(whole.columns)
    assert ids["临江市"] not in set(glance.units(db, mine, **period)["organization_id"])
