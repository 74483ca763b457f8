"""What must never wake anybody: our own back-fills, imports and repairs, a planned activity, one citizen who repeats himself."""

import numpy as np

from bench.watching_city import ROUTE
from matrix.account import Platform
from storage import accounts
from storage.database import writing
from tests.storage.watched_city import SIZE, a_watched_city

DAY = 288


def test_the_back_fill_of_a_new_account_raises_nothing_and_then_it_is_watched() -> None:
    here = a_watched_city()
    here.live(2)
    with writing(here.db):
        unit = here.city.units[1]
        here.city.ids.append(
            accounts.add(
                here.db, platform=Platform.WEIBO, ext_id="990", name="新账号", organization_id=unit, route=ROUTE, seen_at=0
            )
        )
    here.city.platforms.append(1)
    past = [(here.bucket - back, SIZE, 6) for back in range(1, 5 * DAY // 4)]
    here.city.say(past[:200], here.end + 100)
    here.tick(110)
    here.city.say(past[200:], here.end + 120)
    here.live(14)
    assert here.alerts() == []
    assert here.rows("SELECT count(*) FROM series WHERE name = '新账号' AND is_on = 1") == [(1,)]
    here.live(2, {SIZE: 90})
    assert [row[1] for row in here.alerts()] == ["新账号评论突增"]


def test_a_credential_that_was_renewed_after_a_day_raises_nothing() -> None:
    here = a_watched_city()
    here.live(1)
    here.live(60, without=7, every=6)
    missed = [(bucket, 7, int(here.usual[bucket - here.first_live, 7])) for bucket in range(here.bucket - 60, here.bucket)]
    here.city.say([cell for cell in missed if cell[2]], here.end + 100)
    here.city.look(here.end + 110)
    here.tick(120)
    here.live(6)
    assert here.alerts() == []


def test_ten_thousand_old_rows_raise_nothing_also_where_some_are_of_the_last_hours() -> None:
    here = a_watched_city()
    here.live(2)
    buckets = here.bucket - 1 - np.arange(2 * DAY)
    rows = [(int(bucket), 1, 18) for bucket in buckets]  # the newest first, as an export has them
    for start in range(0, len(rows), 150):
        here.city.say(rows[start : start + 150], here.end + 60)
        here.live(1)
    assert sum(row[2] for row in rows) > 10_000
    here.live(8)
    assert here.alerts() == []
    here.live(2, {1: 240})
    assert len(here.alerts()) == 1, "and afterwards the account is watched by what it holds now"


def test_another_interval_raises_nothing() -> None:
    here = a_watched_city()
    for _ in range(4):
        here.live(5, looked=False)
        here.live(1)
    here.live(6)
    assert here.alerts() == []


def test_an_activity_that_was_reported_in_advance_raises_nothing() -> None:
    here = a_watched_city()
    here.live(1)
    unit = here.rows(f"SELECT organization_id FROM accounts WHERE id = {here.city.ids[2]}")[0][0]
    with writing(here.db):
        here.db.execute(
            "INSERT INTO campaigns(organization_id, name, since, until, created_by, created_at) VALUES(?, '抽奖', ?, ?, 'a', 0)",
            (unit, here.end, here.end + 7200),
        )
    here.live(8, {2: 60})
    assert here.alerts() == [], "neither the account nor the sums above it"
    here.live(2, {5: 60})
    assert [row[1] for row in here.alerts()] == ["账号5评论突增"], "others are watched all the same"


def test_what_was_written_in_an_activity_raises_nothing_after_its_end() -> None:
    here = a_watched_city()
    here.live(1)
    unit = here.rows(f"SELECT organization_id FROM accounts WHERE id = {here.city.ids[2]}")[0][0]
    with writing(here.db):
        here.db.execute(
            "INSERT INTO campaigns(organization_id, name, since, until, created_by, created_at) VALUES(?, '抽奖', ?, ?, 'a', 0)",
            (unit, here.end, here.end + 6 * 300),
        )
    here.live(6, {2: 60})
    here.live(4)
    assert here.alerts() == [], "the windows that reach into it hold what it brought"
    here.live(4, {2: 60})
    assert here.alerts(), "what comes after it is told"


def test_one_citizen_who_writes_the_same_again_and_again_raises_nothing() -> None:
    here = a_watched_city()
    here.live(8, {2: 40}, author="u-angry")
    assert here.alerts() == []


def test_a_busy_account_that_falls_silent_is_a_matter_of_collection_and_no_alert() -> None:
    here = a_watched_city()
    here.usual[:, 7] = 0
    here.live(48, every=6)
    assert here.alerts() == []
    kinds = here.rows("SELECT kind, level, title FROM notices")
    assert ("采集提示", "不分级", "账号7的评论突然归零") in kinds
