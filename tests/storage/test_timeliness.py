"""Figures of response times on a small city: equal to a second count in plain Python, cut by scope, as of any moment."""

import math
import sqlite3
from typing import Any

import pandas as pd
import pytest

from matrix.survival import kaplan_meier
from matrix.waiting import wilson
from storage import timeliness
from tests.storage import waiting_city as city
from tests.storage.waiting_city import DAY, NOW, SINCE
from tests.storage.waiting_count import PERIOD, SUBTREES, WAYS, agree, bucket_of, figures_of, period, stands

LEVELS = {"市级": {1, 2}, "县级": {4, 5, 7, 8}, "乡镇街道": {6, 10}, "部门": {3, 9}}
PLATFORMS = {1: {1, 3, 4, 6, 7, 8}, 2: {2, 5, 9, 10}}
PERSONS = {8, 9}
QUESTIONS = [getattr(timeliness, name) for name in timeliness.__all__ if name.islower() and name != "board"]


@pytest.fixture(scope="module")
def db() -> sqlite3.Connection:
    return city.a_city()


@pytest.mark.parametrize("way", WAYS)
def test_every_figure_equals_a_second_count(db: sqlite3.Connection, way: dict[str, Any]) -> None:
    board = timeliness.board(db, (1,), **PERIOD, **way)
    agree(board.summary.iloc[0].to_dict(), figures_of(stands(db, **way)))
    assert set(board.by_account["account_id"]) == set(range(1, 11)) - {city.QUIET}
    for row in board.by_account.to_dict("records"):
        agree(row, figures_of(stands(db, [row["account_id"]], **way)))
    for groups, column, frame in (
        (SUBTREES, "organization_id", board.by_unit),
        (LEVELS, "level", board.by_level),
        (PLATFORMS, "platform", board.by_platform),
    ):
        assert sorted(frame[column]) == sorted(groups)
        for row in frame.to_dict("records"):
            agree(row, figures_of(stands(db, groups[row[column]], **way)))
    assert list(board.by_level["level"]) == list(LEVELS)
    assert board.by_unit["depth"].is_monotonic_increasing
    everybody = stands(db, **way)
    for hour, row in enumerate(board.by_hour.to_dict("records")):
        assert row["hour"] == hour
        agree(row, figures_of([one for one in everybody if (one.row["asked_at"] + 28800) // 3600 % 24 == hour]))


@pytest.mark.parametrize("way", WAYS)
def test_buckets_and_the_curve_equal_a_second_count(db: sqlite3.Connection, way: dict[str, Any]) -> None:
    everybody = stands(db, **way)
    buckets = timeliness.distribution(db, (1,), **PERIOD, **way)
    for bucket, n, share in buckets.itertuples(index=False):
        assert n == sum(bucket_of(one) == bucket for one in everybody)
        assert share == pytest.approx(n / len(everybody))
    known = [one for one in everybody if one.state != "情况不明"]
    full = kaplan_meier([one.seconds for one in known], [one.state == "已回复" for one in known])
    curve = timeliness.curve(db, (1,), **PERIOD, **way)
    assert curve["seconds"].tolist() == full.seconds.tolist()
    assert curve["share"].tolist() == (1 - full.waiting).tolist()
    assert curve["answered"].tolist() == [
        sum(one.state == "已回复" and one.seconds <= at for one in known) for at in curve["seconds"]
    ]
    other = timeliness.board(db, (1,), **PERIOD, **way | {"working": not way.get("working", False)})
    assert other.other_curve.equals(curve)


@pytest.mark.parametrize(("step", "days"), [("日", 1), ("周", 7)])
def test_a_trend_has_every_day_or_week_once(db: sqlite3.Connection, step: str, days: int) -> None:
    trend = timeliness.trend(db, (1,), step, **PERIOD)
    assert set(trend["start"].diff().dropna()) == {days * DAY}
    assert trend["start"].iloc[0] <= SINCE < trend["start"].iloc[0] + days * DAY
    assert trend["start"].iloc[-1] <= NOW < trend["start"].iloc[-1] + days * DAY
    assert set((trend["start"] + 28800) % DAY) == {0}
    if step == "周":
        assert {pd.Timestamp(int(start) + 28800, unit="s").day_name() for start in trend["start"]} == {"Monday"}
    everybody = stands(db)
    for row in trend.to_dict("records"):
        agree(row, figures_of([one for one in everybody if row["start"] <= one.row["asked_at"] < row["start"] + days * DAY]))


def test_intervals_stand_beside_the_rates(db: sqlite3.Connection) -> None:
    row = timeliness.summary(db, (1,), **PERIOD).iloc[0]
    assert (row["low_24"], row["high_24"]) == tuple(float(side) for side in wilson(row["met_24"], row["of_24"])[1:])
    assert row["p50_low"] <= row["p50"] <= row["p50_high"]


def test_filters_cut_as_they_say(db: sqlite3.Connection) -> None:
    for filters, accounts in (
        ({"account_id": 5}, {5}),
        ({"organization_id": 3}, SUBTREES[3]),
        ({"platform": 2}, PLATFORMS[2]),
        ({"level": "县级"}, LEVELS["县级"]),
        ({"organization_id": 3, "platform": 1, "level": "乡镇街道"}, {6}),
        ({"organization_id": 2, "account_id": 4}, set()),
    ):
        found = timeliness.summary(db, (1,), **PERIOD, **filters)
        if accounts:
            agree(found.iloc[0].to_dict(), figures_of(stands(db, accounts)))
        else:
            assert found.empty


def test_a_viewer_sees_the_figures_of_his_own_subtree_only(db: sqlite3.Connection) -> None:
    for scope, accounts in (*(((unit,), accounts) for unit, accounts in SUBTREES.items()), ((4, 5), SUBTREES[4] | SUBTREES[5])):
        board = timeliness.board(db, scope, **PERIOD)
        agree(board.summary.iloc[0].to_dict(), figures_of(stands(db, accounts)))
        assert set(board.by_account["account_id"]) == accounts - {city.QUIET}
        assert set(board.by_unit["organization_id"]) == {
            unit for unit, inside in SUBTREES.items() if any({unit} <= below(root) for root in scope) and inside - {city.QUIET}
        }
        fast = timeliness.percentiles(db, scope, **PERIOD)
        assert set(fast["account_id"]) == accounts - {city.QUIET}


def below(root: int) -> set[int]:
    return {1: {1, 2, 3, 4, 5}, 3: {3, 4}}.get(root, {root})


def test_without_a_scope_there_are_no_rows(db: sqlite3.Connection) -> None:
    for question in QUESTIONS:
        assert question(db, (), **PERIOD).empty
    assert all(getattr(timeliness.board(db, (), **PERIOD), name).empty for name in timeliness.Board.__slots__)


def test_a_period_without_appeals_has_figures_of_nobody(db: sqlite3.Connection) -> None:
    empty = period(since=SINCE - 300 * DAY, until=SINCE - 290 * DAY)
    board = timeliness.board(db, (1,), **empty)
    assert (board.summary["n"].tolist(), len(board.by_account), len(board.curve)) == ([0], 0, 0)
    assert board.distribution["n"].sum() == 0 and board.by_hour["n"].tolist() == [0] * 24


def test_the_fast_percentiles_are_those_of_the_table(db: sqlite3.Connection) -> None:
    for filters in ({}, {"organization_id": 3}, {"account_id": 1}, {"clock": "实质答复"}, {"as_of": NOW - 5 * DAY}):
        table = timeliness.by_account(db, (1,), **period(**filters))
        fast = timeliness.percentiles(db, (1,), **period(**filters))
        pd.testing.assert_frame_equal(fast, table[timeliness.PERCENTILES])


def test_persons_are_shown_and_never_ranked(db: sqlite3.Connection) -> None:
    table = timeliness.by_account(db, (1,), **PERIOD, floor=1)
    assert set(table[table["standing"] == "不参与排名"]["account_id"]) == PERSONS
    assert table[table["account_id"].isin(PERSONS)]["rank"].isna().all()
    ranked = table[table["rank"].notna()]
    for _, peers in ranked.groupby("level"):
        expected = peers["share_24"].rank(method="min", ascending=False)
        assert peers["rank"].tolist() == expected.tolist()
        assert set(peers["of"]) == {len(peers)}
    only_a_person = timeliness.by_unit(db, (1,), **PERIOD, floor=1, account_id=8)
    assert set(only_a_person["standing"]) == {"不参与排名"}


def test_below_the_floor_there_is_no_rank(db: sqlite3.Connection) -> None:
    table = timeliness.by_account(db, (1,), **PERIOD, floor=10_000)
    assert set(table["standing"]) == {"样本不足", "不参与排名"}
    assert not table["is_enough"].any()


def test_one_more_unanswered_citizen_improves_nothing() -> None:
    db = city.a_city()
    before = timeliness.by_account(db, (1,), **PERIOD, floor=1).set_index("account_id")
    row = dict.fromkeys(city.COLUMNS) | {"comment_id": 9000, "account_id": 4, "post_id": 10, "kind": "求助", "derived_at": 0}
    city.insert(db, row | {"asked_at": NOW - 6 * DAY, "seen_at": NOW - 6 * DAY, "known_until": NOW})
    after = timeliness.by_account(db, (1,), **PERIOD, floor=1).set_index("account_id")
    for hours in (1, 4, 24, 48):
        assert after.loc[4, f"share_{hours}"] < before.loc[4, f"share_{hours}"]
    for name in ("p50", "p90"):
        assert float(after[name].fillna(math.inf)[4]) >= float(before[name].fillna(math.inf)[4])
    assert after.loc[4, "rank"] >= before.loc[4, "rank"]


def test_a_word_that_means_nothing_is_refused(db: sqlite3.Connection) -> None:
    with pytest.raises(ValueError, match="应为：首次响应、实质答复"):
        timeliness.summary(db, (1,), **PERIOD, clock="办结")
    with pytest.raises(ValueError, match="应为：日、周"):
        timeliness.trend(db, (1,), "月", **PERIOD)
