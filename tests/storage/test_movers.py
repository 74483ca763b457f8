"""Why a number moved: the post that carried it, counted by hand, and the hours in which we were blind."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from matrix.account import Platform
from storage import movers, organizations
from storage.database import create_database, writing
from tests import sample
from tests.storage.frames import rows_of

NOW = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)
TODAY = (int(NOW.timestamp()) + 28800) // 86400
PERIOD = {"first_day": TODAY - 6, "last_day": TODAY}


@pytest.fixture(scope="module")
def city() -> Iterator[tuple[sqlite3.Connection, dict[str, int]]]:
    with closing(create_database(":memory:")) as db:
        yield db, sample.fill(db, NOW)


@pytest.mark.parametrize(
    ("measure", "table", "at"), [("comments", "comments", "published_at"), ("appeals", "responses", "asked_at")]
)
def test_the_post_that_carried_most_is_named_with_its_part(
    city: tuple[sqlite3.Connection, dict[str, int]], measure: str, table: str, at: str
) -> None:
    db, ids = city
    accounts = tuple(number for name, number in ids.items() if ":" in name)
    found = movers.carriers(db, organizations.roots(db), accounts=accounts, measure=measure, **PERIOD)
    since = (TODAY - 6) * 86400 - 28800
    counted = Counter(db.execute(f"SELECT account_id, post_id FROM {table} WHERE {at} >= ?", (since,)).fetchall())
    best = {account: max(n for (one, _), n in counted.items() if one == account) for account, _ in counted}
    assert dict(zip(found["account_id"], found["n"], strict=True)) == best
    for row in rows_of(found):
        assert counted[row.account_id, row.post_id] == row.n


def test_reads_are_those_of_the_posts_of_the_period_and_posts_have_no_carrier(
    city: tuple[sqlite3.Connection, dict[str, int]],
) -> None:
    db, ids = city
    mine = ids[f"{Platform.WECHAT.value}:临江发布"]
    found = movers.carriers(db, organizations.roots(db), accounts=(mine,), measure="reads", **PERIOD)
    assert list(found["n"]) == [1202]
    assert movers.carriers(db, organizations.roots(db), accounts=(mine,), measure="posts", **PERIOD).empty


def test_blind_hours_are_cut_at_the_borders_of_both_periods(city: tuple[sqlite3.Connection, dict[str, int]]) -> None:
    db, ids = city
    mine, since = ids[f"{Platform.WEIBO.value}:青山发布"], (TODAY - 6) * 86400 - 28800
    with writing(db):
        outage = db.execute("SELECT id FROM outages LIMIT 1").fetchone()[0]
        for begin, end in ((since - 8 * 86400, since - 6 * 86400), (since - 3600, since + 7200)):
            sql = "INSERT INTO outage_accounts(outage_id, account_id, since, until) VALUES(?, ?, ?, ?)"
            db.execute(sql, (outage, mine, begin, end))
    found = movers.blind(db, organizations.roots(db), accounts=(mine,), **PERIOD)
    assert found.to_dict("records") == [{"account_id": mine, "now": 7200, "before": 86400 + 3600}]
