"""WeChat statistics over a real socket: asked for at their hour, late, revised, and what they alone know of articles."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from collectors.wechat_codes import BEIJING
from collectors.wechat_memory import Day
from collectors.wechat_statistics import last_day, totals_due
from matrix.post import Reach
from tests.collectors.wechat_desk import (
    CUMULATE,
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
    posts_in,
    recording,
)  # fmt: skip

EXT = "wxTESTinvented01"


@pytest.fixture
def desk() -> Iterator[Desk]:
    with desk_open() as opened:
        yield opened


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
    late_look = runs.later(minutes=1).batches()
    assert late_look[-1].seen_until == datetime(2026, 3, 3, 7, 59, 59, tzinfo=BEIJING), "yesterday's articles are not listed yet"
    desk.answers[TOTALS] = totals("2650300000_1")
    assert posts_in(runs.later(hours=1).batches()) == [(f"{EXT}:2650300000_1", "")]
    assert all(batch.seen_until is None for batch in runs.later(hours=2).batches())
    assert len(desk.asked(TOTALS)) == 3


def test_a_night_in_which_every_answer_is_marked_as_delayed_costs_no_calls(desk: Desk) -> None:
    desk.answers[TOTALS] = lambda body, _: totals("1_1", day=body["begin_date"]) | {"is_delay": True}
    runs = Runs(desk.url, now=datetime(2026, 3, 2, 16, 10, tzinfo=UTC), history=timedelta(days=6))
    for _ in range(15):
        runs.batches()
        runs.later(minutes=30)
    assert len(desk.asked(TOTALS)) == len({asked["begin_date"] for asked in desk.asked(TOTALS)}) == 5
    desk.answers[TOTALS] = lambda body, _: totals("1_1", day=body["begin_date"])
    runs.later(minutes=30).batches()
    assert len(desk.asked(TOTALS)) == 11


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
