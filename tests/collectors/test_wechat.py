"""Collecting a WeChat account over a real socket: the published list, statistics at their hour, followers, plans of calls."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from collectors.wechat_memory import Day
from collectors.wechat_statistics import last_day, totals_due
from matrix.post import GoneKind, Reach
from matrix.run import Batch, Budget
from tests.collectors.wechat_desk import (
    COMMENTS,
    CUMULATE,
    DETAIL,
    LIST,
    NOW,
    READS,
    SUMMARY,
    TOTALS,
    Desk,
    Runs,
    desk_open,
    error,
    listed,
    message,
    notes_in,
    recording,
)  # fmt: skip

EXT = "wxTESTinvented01"


@pytest.fixture
def desk() -> Iterator[Desk]:
    with desk_open() as opened:
        yield opened


def posts_in(batches: Sequence[Batch]) -> list[tuple[str, str]]:
    return [(post.ext_id, post.title) for batch in batches for post in batch.posts]


def totals(*keys: str, day: str = "2026-03-02", reads: int = 10, comments: int = 0) -> dict[str, object]:
    row = {"stat_date": day, "read_user": reads, "like_user": 1, "share_user": 2, "comment_count": comments}
    return {"list": [{"ref_date": day, "msgid": key, "publish_type": 0, "detail_list": [row]} for key in keys], "is_delay": False}


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 3, 2, 16, 0, tzinfo=UTC), date(2026, 3, 1)),  # 00:00 in Beijing
        (datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 3, 3, 0, 0, tzinfo=UTC), date(2026, 3, 2)),  # 08:00 in Beijing
        (datetime(2026, 3, 3, 15, 59, tzinfo=UTC), date(2026, 3, 2)),
    ],
)
def test_yesterday_may_be_asked_for_from_eight_in_beijing_on(now: datetime, day: date) -> None:
    assert last_day(now) == day


def test_today_is_never_asked_for_and_each_day_once_a_day(desk: Desk) -> None:
    runs = Runs(desk.url, now=datetime(2026, 3, 2, 23, 0, tzinfo=UTC), history=timedelta(days=10))
    runs.batches()
    days = [asked["begin_date"] for asked in desk.asked(TOTALS)]
    assert days[0] == "2026-03-01" and len(days) == len(set(days)) == 9
    assert all(asked["begin_date"] == asked["end_date"] for asked in desk.asked(TOTALS))
    runs.later(minutes=50).batches()
    assert len(desk.asked(TOTALS)) == 9, "nothing is new before eight"
    runs.later(minutes=10).batches()
    runs.later(hours=3).batches()
    again = [asked["begin_date"] for asked in desk.asked(TOTALS)][9:]
    assert again == [f"2026-03-0{n}" for n in (2, 1)] + [f"2026-02-{n}" for n in (28, 27, 26, 25, 24)]
    assert [asked["begin_date"] for asked in desk.asked(READS)].count("2026-03-02") == 1


@pytest.mark.parametrize("late", [{"list": [], "is_delay": True}, error(61503)])
def test_late_figures_are_asked_for_again_the_same_day_and_are_no_silence(desk: Desk, late: dict[str, object]) -> None:
    desk.answers[TOTALS] = late
    runs = Runs(desk.url, history=timedelta(days=1))
    assert not posts_in(runs.batches())
    runs.later(minutes=30).batches()
    assert len(desk.asked(TOTALS)) == 1
    assert "平台延迟" in notes_in(runs.later(hours=2).batches())
    desk.answers[TOTALS] = totals("2650300000_1")
    assert posts_in(runs.later(hours=1).batches()) == [(f"{EXT}:2650300000_1", "")]
    runs.later(hours=2).batches()
    assert len(desk.asked(TOTALS)) == 3


def test_days_are_asked_for_as_long_as_the_platform_counts_them() -> None:
    day = date(2026, 1, 1)
    asked, when = Day(), []
    for passed in range(1, 60):
        newest = day + timedelta(days=passed - 1)
        if totals_due(asked, day, newest, NOW):
            asked.asked = newest.isoformat()
            when.append(passed)
    assert when == [1, 2, 3, 4, 5, 6, 7, 10, 13, 16, 19, 22, 25, 28, 31, 33]


def test_an_article_that_only_statistics_know_comes_once_without_a_title_and_gets_it_later(desk: Desk) -> None:
    desk.answers[TOTALS] = lambda body, _: totals("2650300000_1") if body["begin_date"] == "2026-03-02" else totals()
    runs = Runs(desk.url)
    first = runs.batches()
    assert posts_in(first) == [(f"{EXT}:2650300000_1", "")]
    assert "暂无标题" in notes_in(first)
    (post,) = (post for batch in first for post in batch.posts)
    assert post.published_at == datetime(2026, 3, 1, 16, 0, tzinfo=UTC), "the day in Beijing is all that is known"
    desk.answers[LIST] = listed(message(2650300000, NOW - timedelta(hours=20), "通告"))
    (later,) = (post for batch in runs.later(minutes=30).batches() for post in batch.posts)
    assert (later.ext_id, later.title, later.edited_at) == (post.ext_id, "通告", None)


def test_an_article_published_today_comes_in_before_its_statistics(desk: Desk) -> None:
    desk.answers[LIST] = listed(message(2650300009, NOW - timedelta(minutes=5), "头条", "次条"))
    assert posts_in(Runs(desk.url).batches()) == [(f"{EXT}:2650300009_1", "头条"), (f"{EXT}:2650300009_2", "次条")]


def test_statistics_become_reach_by_day_and_in_all(desk: Desk) -> None:
    desk.answers[TOTALS] = lambda body, _: recording("totals.json") if body["begin_date"] == "2026-03-01" else totals()
    reaches = [pair for batch in Runs(desk.url).batches() for pair in batch.reaches if pair[0].endswith("0000_1")]
    assert reaches == [
        (f"{EXT}:2650300000_1", Reach(NOW, 100, 7, 10, 3, stat_day="2026-03-01")),
        (f"{EXT}:2650300000_1", Reach(NOW, 50, 2, 2, 1, stat_day="2026-03-02")),
        (f"{EXT}:2650300000_1", Reach(NOW, 150, 9, 12, 4)),
    ]


def test_a_revised_figure_comes_again_with_the_day_it_belongs_to(desk: Desk) -> None:
    desk.answers[TOTALS] = lambda body, _: totals("1_1", reads=10) if body["begin_date"] == "2026-03-02" else totals()
    runs = Runs(desk.url)
    runs.batches()
    desk.answers[TOTALS] = lambda body, _: totals("1_1", reads=8) if body["begin_date"] == "2026-03-02" else totals()
    revised = [reach for batch in runs.later(days=1).batches() for _, reach in batch.reaches]
    assert [(reach.reads, reach.stat_day) for reach in revised] == [(8, "2026-03-02"), (8, None)]


def test_an_edit_is_asked_for_in_detail_and_told_with_its_time(desk: Desk) -> None:
    at = NOW - timedelta(hours=3)
    desk.answers[LIST] = listed(message(2650300001, at, "公告"))
    runs = Runs(desk.url)
    runs.batches()
    desk.answers |= {
        LIST: listed(message(2650300001, at, "公告", touched=600)),
        DETAIL: message(2650300001, at, "更正公告")["content"],
    }
    (post,) = (post for batch in runs.later(minutes=30).batches() for post in batch.posts)
    assert (post.title, post.edited_at) == ("更正公告", at + timedelta(minutes=10))
    assert desk.asked(DETAIL) == [{"article_id": "TESTid2650300001"}]
    assert not posts_in(runs.later(minutes=30).batches())


def test_an_article_taken_down_is_deleted_and_one_put_back_is_back(desk: Desk) -> None:
    at = NOW - timedelta(hours=3)
    runs, told = Runs(desk.url), []
    for touched, deleted in ((0, ()), (60, (2,)), (120, ())):
        desk.answers |= {LIST: listed(message(1, at, "一", "二", touched=touched, deleted=deleted))}
        desk.answers |= {DETAIL: message(1, at, "一", "二", deleted=deleted)["content"]}
        told += [(gone.post_ext, gone.kind) for batch in runs.later(minutes=30).batches() for gone in batch.gones]
    assert told == [(f"{EXT}:1_2", GoneKind.DELETED), (f"{EXT}:1_2", GoneKind.BACK)]


def test_what_is_missing_from_the_list_is_deleted_only_when_its_details_say_so(desk: Desk) -> None:
    older, newer = (message(mid, NOW - timedelta(hours=30 - mid), f"第{mid}篇") for mid in (1, 2))
    desk.answers[LIST] = listed(newer, older)
    runs = Runs(desk.url, history=timedelta(days=9))
    runs.batches()
    desk.answers |= {LIST: listed(newer), DETAIL: older["content"]}
    gones = [gone for batch in runs.later(days=1).batches() for gone in batch.gones]
    assert gones == [] and desk.asked(DETAIL) == [{"article_id": "TESTid1"}]
    desk.answers[DETAIL] = error(53600)
    gones = [(gone.post_ext, gone.kind) for batch in runs.later(days=1).batches() for gone in batch.gones]
    assert gones == [(f"{EXT}:1_1", GoneKind.DELETED)]


@pytest.mark.parametrize("fault", [error(45009), error(48001), error(-1), b"{", b"<html>"])
def test_no_fault_makes_a_post_deleted(desk: Desk, fault: object) -> None:
    item = message(1, NOW - timedelta(hours=30), "公告")
    desk.answers[LIST] = listed(item)
    runs = Runs(desk.url)
    runs.batches()
    desk.answers |= {LIST: listed(), DETAIL: fault}
    runs.later(days=1)
    try:
        gones = [gone for batch in runs.batches() for gone in batch.gones]
    except Exception:
        gones = []
    assert gones == []


def test_the_list_is_read_to_its_end_once_a_day_and_else_while_it_brings_news(desk: Desk) -> None:
    items = [message(n, NOW - timedelta(minutes=n), f"第{n}篇") for n in range(1, 60)]
    desk.answers[LIST] = listed(*items)
    runs = Runs(desk.url)
    assert len(posts_in(runs.batches())) == 59
    assert [asked["offset"] for asked in desk.asked(LIST)] == [0, 20, 40]
    desk.answers[LIST] = listed(message(99, NOW, "新的"), *items)
    assert [title for _, title in posts_in(runs.later(minutes=30).batches())] == ["新的"]
    assert [asked["offset"] for asked in desk.asked(LIST)][3:] == [0, 20]
    runs.later(minutes=30).batches()
    assert [asked["offset"] for asked in desk.asked(LIST)][5:] == [0]


def test_a_short_link_waits_for_its_number_and_never_comes_twice(desk: Desk) -> None:
    body = recording("batchget.json")
    desk.answers[LIST] = body
    runs = Runs(desk.url)
    batches = runs.batches()
    assert "短链接" in notes_in(batches)
    assert sorted(ext for ext, _ in posts_in(batches)) == [f"{EXT}:2650300001_1", f"{EXT}:2650300001_2", f"{EXT}:2650300002_1"]


def test_followers_come_by_day_a_week_per_call(desk: Desk) -> None:
    desk.answers |= {SUMMARY: recording("usersummary.json"), CUMULATE: recording("usercumulate.json")}
    runs = Runs(desk.url, history=timedelta(days=12))
    batches = runs.batches()
    assert [(a["begin_date"], a["end_date"]) for a in desk.asked(CUMULATE)] == [
        ("2026-02-24", "2026-03-02"),
        ("2026-02-17", "2026-02-23"),
    ]
    newest = next(seen for batch in batches for seen in batch.followers if seen.stat_day == "2026-03-02")
    assert (newest.followers, newest.gained, newest.lost) == (45020, 8, 2)
    runs.later(hours=2).batches()
    assert desk.counts()[CUMULATE] == 2
    runs.later(days=1).batches()
    assert desk.counts()[CUMULATE] == 3


def test_every_call_is_charged_to_the_account_and_its_interface(desk: Desk) -> None:
    desk.answers[LIST] = listed(message(1, NOW - timedelta(hours=1), "公告"))
    runs = Runs(desk.url)
    runs.batches()
    assert len(runs.charged) == len(desk.calls)
    assert Budget("account:12", LIST, "day", 100) in runs.charged
    assert Budget("account:12", COMMENTS, "day", 500) in runs.charged


def test_polling_is_spread_over_the_day_so_that_the_evening_has_calls_left(desk: Desk) -> None:
    desk.answers[LIST] = listed(message(1, NOW - timedelta(days=1), "公告"))
    runs = Runs(desk.url, now=datetime(2026, 3, 2, 16, 0, tzinfo=UTC))
    asked = []
    for _ in range(288):  # every five minutes of one day
        before = desk.counts()[LIST]
        runs.batches()
        asked.append(desk.counts()[LIST] - before)
        runs.later(minutes=5)
    assert 80 <= sum(asked) <= 100, "the documented hundred is used and not exceeded"
    assert sum(asked[:144]) < 65 and sum(asked[144:]) > 30


def test_a_broken_cursor_is_a_fresh_start_and_no_fault(desk: Desk) -> None:
    desk.answers[LIST] = listed(message(1, NOW - timedelta(hours=1), "公告"))
    runs = Runs(desk.url, cursors={"published": "{", "day:2026-03-02": "[]", "day:x": "1", "rests": "null", "calls": "7"})
    assert posts_in(runs.batches()) == [(f"{EXT}:1_1", "公告")]
