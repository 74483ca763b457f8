"""Every figure opens to exactly the matters that make it, and to no others."""

import sqlite3
from typing import Any

import pytest

from storage import timeliness, timeliness_cases
from storage.timeliness_cases import cases, count_cases
from tests.storage import waiting_city as city
from tests.storage.waiting_city import DAY, NOW, SINCE
from tests.storage.waiting_count import PERIOD, SUBTREES, WAYS, Stand, bucket_of, parts_of, period, stands

TWO_WAYS = (WAYS[0], WAYS[3])
KNOWN = ("已回复", "尚未回复")


@pytest.fixture(scope="module")
def db() -> sqlite3.Connection:
    return city.a_city()


def opened(db: sqlite3.Connection, **filters: Any) -> set[int]:
    """The ids behind a figure; the count says the same."""
    found = cases(db, (1,), limit=0, **period(**filters))["comment_id"].tolist()
    assert len(found) == len(set(found))
    return set(found)


def ids(some: list[Stand]) -> set[int]:
    return {one.row["comment_id"] for one in some}


@pytest.mark.parametrize("way", TWO_WAYS)
def test_every_count_of_an_account_opens_to_its_rows(db: sqlite3.Connection, way: dict[str, Any]) -> None:
    for row in timeliness.by_account(db, (1,), **PERIOD, **way).iloc[::3].to_dict("records"):
        mine = stands(db, [row["account_id"]], **way)
        me = way | {"account_id": row["account_id"]}
        assert opened(db, **me) == ids(mine) and len(mine) == row["n"]
        for name, state in (("answered", "已回复"), ("open", "尚未回复"), ("unknown", "情况不明")):
            found = opened(db, **me, states=(state,))
            assert found == ids([one for one in mine if one.state == state]) and len(found) == row[name]
        for part, name in (("超时已复", "late"), ("超时未复", "overdue")):
            found = opened(db, **me, part=part)
            assert found == ids([one for one in mine if one.lateness == part]) and len(found) == row[name]
        assert len(opened(db, **me, part="有时限")) == row["ruled"]


@pytest.mark.parametrize("way", TWO_WAYS)
def test_both_sides_of_every_share_open_to_their_rows(db: sqlite3.Connection, way: dict[str, Any]) -> None:
    for row in timeliness.by_unit(db, (1,), **PERIOD, **way).iloc[::2].to_dict("records"):
        mine = stands(db, SUBTREES[row["organization_id"]], **way)
        me = way | {"organization_id": row["organization_id"]}
        for hours in (1, 4, 24, 48):
            parts = parts_of(mine, hours)
            for part, some in parts.items():
                assert opened(db, **me, horizon=hours, part=part) == ids(some)
            assert opened(db, **me, horizon=hours) == ids(parts["达标"]) | ids(parts["未达标"])
            counts = [row[f"{name}_{hours}"] for name in ("met", "of", "out")]
            met, missed, out = (len(some) for some in parts.values())
            assert counts == [met, met + missed, out]


@pytest.mark.parametrize("way", TWO_WAYS)
def test_bars_days_and_hours_open_to_their_rows(db: sqlite3.Connection, way: dict[str, Any]) -> None:
    everybody = stands(db, **way)
    board = timeliness.board(db, (1,), **PERIOD, **way)
    for bucket, n, _ in board.distribution.itertuples(index=False):
        found = opened(db, **way, bucket=bucket)
        assert found == ids([one for one in everybody if bucket_of(one) == bucket]) and len(found) == n
    for row in board.by_hour.iloc[::4].to_dict("records"):
        assert len(opened(db, **way, hour=row["hour"])) == row["n"]
    for frame, step in ((board.by_day, "日"), (board.by_week, "周")):
        for row in frame.iloc[:: 5 if step == "日" else 1].to_dict("records"):
            assert len(opened(db, **way, day=row["start"], step=step)) == row["n"]
        assert frame["n"].sum() == len(everybody)


@pytest.mark.parametrize("way", TWO_WAYS)
def test_a_point_of_the_curve_and_a_median_open_to_their_rows(db: sqlite3.Connection, way: dict[str, Any]) -> None:
    known = [one for one in stands(db, **way) if one.state != "情况不明"]
    assert opened(db, **way, states=KNOWN) == ids(known)
    for row in timeliness.curve(db, (1,), **PERIOD, **way).iloc[::20].to_dict("records"):
        found = opened(db, **way, within=int(row["seconds"]))
        assert found == ids([one for one in known if one.state == "已回复" and one.seconds <= row["seconds"]])
        assert len(found) == row["answered"]


def test_level_platform_and_moment_open_to_their_rows_as_well(db: sqlite3.Connection) -> None:
    for filters in ({"level": "县级"}, {"platform": 2}, {"now": NOW - 9 * DAY}, {"as_of": NOW - 9 * DAY}):
        row = timeliness.summary(db, (1,), **period(**filters)).iloc[0]
        assert len(opened(db, **filters)) == count_cases(db, (1,), **period(**filters)) == row["n"]
        assert len(opened(db, **filters, states=("已回复",))) == row["answered"]
        assert len(opened(db, **filters, horizon=24, part="达标")) == row["met_24"]


def test_a_viewer_opens_the_rows_of_his_own_subtree_only(db: sqlite3.Connection) -> None:
    for unit, accounts in SUBTREES.items():
        assert set(cases(db, (unit,), **PERIOD, limit=0)["account_id"]) == accounts - {city.QUIET}
        for account in range(1, 11):
            inside = account in accounts and account != city.QUIET
            assert bool(count_cases(db, (unit,), **PERIOD, account_id=account)) == inside
    assert cases(db, (), **PERIOD).empty and count_cases(db, (), **PERIOD) == 0


def test_a_row_tells_both_clocks_and_what_was_said(db: sqlite3.Connection) -> None:
    natural = {one.row["comment_id"]: one for one in stands(db)}
    working = {one.row["comment_id"]: one for one in stands(db, working=True)}
    rows = cases(db, (1,), **PERIOD, limit=0)
    assert list(rows.columns) == timeliness_cases.COLUMNS
    for row in rows.to_dict("records"):
        mine, office = natural[row["comment_id"]], working[row["comment_id"]]
        assert (row["state"], row["asked_at"], row["text"]) == (mine.state, mine.row["asked_at"], f"第{row['comment_id']}条")
        assert row["wait"] == mine.seconds if mine.state != "情况不明" else row["wait"] != row["wait"]
        assert row["working_wait"] == office.seconds if office.state != "情况不明" else row["working_wait"] != row["working_wait"]
        if mine.state == "已回复":
            assert (row["stopped_at"], row["reply_text"]) == (mine.row["first_at"], f"第{mine.row['first_id']}条")
        else:
            assert (row["stopped_at"] != row["stopped_at"], row["reply_text"]) == (True, "")
        late = {"": None, "有时限": 0.0, "超时已复": 1.0, "超时未复": 1.0}[mine.lateness]
        assert row["is_late"] == late if late is not None else row["is_late"] != row["is_late"]


def test_pages_of_rows_follow_one_another_in_the_order_that_was_asked_for(db: sqlite3.Connection) -> None:
    for order, column, sign in (("等待最久", "wait", -1), ("最早收到", "asked_at", 1), ("最近收到", "asked_at", -1)):
        whole = cases(db, (1,), order, limit=0, **PERIOD)
        pages = [cases(db, (1,), order, limit=50, offset=start, **PERIOD) for start in range(0, len(whole), 50)]
        assert [number for page in pages for number in page["comment_id"]] == whole["comment_id"].tolist()
        values = whole[column].dropna().tolist()
        assert values == sorted(values, key=lambda value: sign * value)
        assert whole[column].notna().tolist() == sorted(whole[column].notna(), reverse=True)


def test_words_that_mean_nothing_are_refused(db: sqlite3.Connection) -> None:
    for wrong in (
        {"bucket": "2小时内"},
        {"states": ("办结",)},
        {"part": "达标"},
        {"horizon": 24, "part": "超时已复"},
        {"horizon": 5},
    ):
        with pytest.raises(ValueError, match=r"应为|可选"):
            count_cases(db, (1,), **period(**wrong))
    with pytest.raises(ValueError, match="排序"):
        cases(db, (1,), "随意", **PERIOD)
    with pytest.raises(TypeError, match="no such filter"):
        count_cases(db, (1,), **period(colour="红"))


def test_rows_of_a_period_before_the_first_appeal_are_an_empty_table(db: sqlite3.Connection) -> None:
    assert cases(db, (1,), **period(since=SINCE - 99 * DAY, until=SINCE - 98 * DAY)).empty
