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
    frame = glance.board(db, organizations.roots(db), first_day=today - 1, last_day=today).accounts
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
    accounts = glance.board(db, organizations.roots(db), **period).accounts
    units = glance.units(db, organizations.roots(db), **period).set_index("organization_id")
    assert units.loc[ids["临江市"], "posts"] == accounts["posts"].sum()
    county = accounts[accounts["organization"].str.startswith("青山")]
    assert units.loc[ids["青山县"], "comments"] == county["comments"].sum()
    assert units.loc[ids["青山县"], "accounts"] == len(county)
    below = glance.units(db, organizations.roots(db), organization_id=ids["青山县"], **period)
    assert set(below["organization"]) == {"青山县", "青山县卫生健康局", "青山县城关镇"}


def test_filters_leave_what_they_name(city: tuple[sqlite3.Connection, dict[str, int], int]) -> None:
    db, ids, today = city
    period = {"first_day": today - 29, "last_day": today}
    scope = organizations.roots(db)
    assert set(glance.board(db, scope, **period, platform=1).accounts["platform"]) <= {1}
    assert set(glance.board(db, scope, **period, level="部门").accounts["level"]) == {"部门"}
    below = glance.board(db, scope, **period, organization_id=ids["青山县"]).accounts
    assert set(below["organization"]) == {"青山县", "青山县卫生健康局", "青山县城关镇"}
    assert glance.board(db, scope, **period, line="没有这条线").accounts.empty


def test_days_and_trends_add_up_to_the_accounts(city: tuple[sqlite3.Connection, dict[str, int], int]) -> None:
    db, _, today = city
    board = glance.board(db, organizations.roots(db), first_day=today - 13, last_day=today)
    assert list(board.daily["day"]) == list(range(today - 13, today + 1))
    for name in ("posts", "comments", "appeals", "replies"):
        assert board.daily[name].sum() == board.accounts[name].sum()
    assert list(map(sum, board.accounts["trend"])) == list(board.accounts["posts"])
    assert list(board.daily["posts"]) == [sum(day) for day in zip(*board.accounts["trend"], strict=True)]
    assert list(board.daily["active"]) == [sum(n > 0 for n in day) for day in zip(*board.accounts["trend"], strict=True)]


def test_a_period_before_that_was_not_seen_is_not_compared(city: tuple[sqlite3.Connection, dict[str, int], int]) -> None:
    db, _, today = city
    scope = organizations.roots(db)
    month = glance.board(db, scope, first_day=today - 29, last_day=today).accounts
    days = glance.board(db, scope, first_day=today - 2, last_day=today).accounts
    assert not month["has_before"].any(), "the sample was watched for thirty days only"
    assert set(days.loc[days["has_before"], "account"]) >= {"临江发布", "青山发布"}
    assert not days.loc[days["route"] == "none", "has_before"].any()
    units = glance.units(db, scope, first_day=today - 29, last_day=today)
    assert not units["now_posts"].any()
    assert units["posts"].any()


@pytest.mark.parametrize("few", [0, 200])
def test_few_accounts_and_many_are_summed_alike(
    city: tuple[sqlite3.Connection, dict[str, int], int], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    db, ids, today = city
    period = {"first_day": today - 9, "last_day": today}
    whole = glance.board(db, organizations.roots(db), **period).accounts
    monkeypatch.setattr(glance, "FEW", few)
    county = glance.board(db, (ids["青山县"],), **period).accounts
    wanted = whole[whole["account_id"].isin(county["account_id"])].reset_index(drop=True)
    assert county.equals(wanted)
