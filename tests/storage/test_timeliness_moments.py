"""Figures as of a moment and at a cut-off in the past, with the coverage and the calendar that stand beside them."""

import sqlite3
from typing import Any

import pytest

from storage import timeliness
from storage.database import writing
from tests.storage import waiting_city as city
from tests.storage.waiting_city import DAY, NOW, SINCE
from tests.storage.waiting_count import PERIOD, SUBTREES, WAYS, agree, as_known, figures_of, period, stands


@pytest.fixture(scope="module")
def db() -> sqlite3.Connection:
    return city.a_city()


@pytest.mark.parametrize("way", WAYS)
def test_as_of_a_moment_only_what_was_known_then_counts(db: sqlite3.Connection, way: dict[str, Any]) -> None:
    moment = NOW - 5 * DAY
    found = timeliness.summary(db, (1,), **PERIOD, as_of=moment, **way).iloc[0].to_dict()
    then = stands(db, cutoff=moment, edit=lambda row: as_known(row, moment), **way)
    agree(found, figures_of(then))
    assert 0 < found["n"] < len(stands(db, cutoff=moment))


def test_a_cut_off_in_the_past_counts_what_had_happened_by_then(db: sqlite3.Connection) -> None:
    moment = NOW - 5 * DAY
    found = timeliness.summary(db, (1,), **period(now=moment)).iloc[0].to_dict()
    agree(found, figures_of(stands(db, cutoff=moment)))


def test_coverage_stands_beside_every_table(db: sqlite3.Connection) -> None:
    posts = db.execute(
        "SELECT p.account_id, p.stated, (SELECT count(*) FROM comments c WHERE c.post_id = p.id) FROM posts p "
        "WHERE p.stated IS NOT NULL AND p.published_at >= ? AND p.published_at < ?",
        (SINCE, NOW),
    ).fetchall()
    table = timeliness.by_account(db, (1,), **PERIOD).set_index("account_id")
    for account in table.index:
        mine = [(stated, min(stated, held)) for owner, stated, held in posts if owner == account]
        if mine:
            assert table.loc[account, ["stated", "held"]].tolist() == [sum(column) for column in zip(*mine, strict=True)]
        else:
            assert table.loc[account, ["stated", "held"]].isna().all()
    units = timeliness.by_unit(db, (1,), **PERIOD).set_index("organization_id")
    for unit, accounts in SUBTREES.items():
        inside = [(stated, min(stated, held)) for owner, stated, held in posts if owner in accounts]
        assert units.loc[unit, ["stated", "held"]].tolist() == [sum(column) for column in zip(*inside, strict=True)]


def test_coverage_as_of_a_moment_is_that_of_the_last_look_by_then() -> None:
    db = city.a_city(5)
    with writing(db):
        db.execute("UPDATE posts SET published_at = ?, stated = 40 WHERE id = 1", (SINCE + DAY,))
        for day, stated, held in ((2, 10, 4), (3, 20, 9), (9, 40, 40)):
            at = SINCE + day * DAY
            sql = "INSERT INTO coverage(post_id, checked_at, stated, held, cause, seen_at) VALUES(1, ?, ?, ?, '', ?)"
            db.execute(sql, (at, stated, held, at))
    row = timeliness.summary(db, (1,), **PERIOD, as_of=SINCE + 5 * DAY).iloc[0]
    assert (row["stated"], row["held"]) == (20, 9)


def test_a_year_without_calendar_is_unknown_in_working_time_only() -> None:
    db = city.a_city(0)
    end = 1798732800  # 2027-01-01 00:00 in Beijing
    row = dict.fromkeys(city.COLUMNS) | {"comment_id": 1, "account_id": 1, "post_id": 1, "kind": "咨询", "derived_at": 0}
    city.insert(db, row | {"asked_at": end - DAY, "seen_at": end, "known_until": end + 9 * DAY})
    period: dict[str, Any] = {"since": end - 2 * DAY, "until": end, "now": end + 9 * DAY}
    natural, working = (timeliness.summary(db, (1,), **period, working=working).iloc[0] for working in (False, True))
    assert (natural["open"], natural["no_calendar"], natural["of_48"]) == (1, 0, 1)
    assert (working["open"], working["unknown"], working["no_calendar"]) == (0, 1, 1)
