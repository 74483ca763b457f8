"""Whose thread is looked at when: fresh ones often, old ones rarely, as many as the day's calls carry."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from collectors.task import Thread
from tests.collectors.wechat_desk import (
    COMMENTS,
    LIST,
    NOW,
    TOTALS,
    Desk,
    Runs,
    comments_in,
    desk_open,
    listed,
    message,
    notes_in,
    row,
    windows,
)

POST = "wxTESTinvented01:2650300001_1"

AT = NOW - timedelta(hours=3)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with desk_open() as opened:
        opened.answers[LIST] = listed(message(2650300001, AT, "公告"))
        yield opened


def test_fresh_threads_are_looked_at_often_and_old_ones_rarely(desk: Desk) -> None:
    ages = {1: timedelta(hours=1), 2: timedelta(days=2), 3: timedelta(days=5), 4: timedelta(days=20)}
    desk.answers[LIST] = listed(*(message(n, NOW - age, f"第{n}篇") for n, age in ages.items()))
    runs = Runs(desk.url, history=timedelta(days=30))
    for _ in range(12):  # six hours, every half an hour
        runs.batches()
        runs.later(minutes=30)
    looks = [asked["msg_data_id"] for asked in desk.asked(COMMENTS)]
    assert {n: looks.count(n) for n in ages} == {1: 12, 2: 3, 3: 1, 4: 1}


def test_a_thread_that_grew_by_the_statistics_is_looked_at_at_once(desk: Desk) -> None:
    desk.answers[LIST] = listed(message(2650300001, NOW - timedelta(days=5), "公告"))
    runs = Runs(desk.url, history=timedelta(days=9))
    runs.batches()
    day = {"stat_date": "2026-02-26", "read_user": 5, "comment_count": 7}
    grown = {"list": [{"ref_date": "2026-02-26", "msgid": "2650300001_1", "detail_list": [day]}], "is_delay": False}
    desk.answers[TOTALS] = lambda body, _: grown if body["begin_date"] == "2026-02-26" else {"list": [], "is_delay": False}
    runs.later(hours=22, minutes=30).batches()  # 08:30 of the next day, before the daily look is due
    assert desk.counts()[COMMENTS] == 1 + 1 + (runs.now - NOW >= timedelta(hours=24))


def test_a_long_thread_that_stands_still_costs_one_call(desk: Desk) -> None:
    rows = [row(number) for number in range(1, 400)]
    desk.answers[COMMENTS] = windows(rows)
    runs = Runs(desk.url)
    assert len(comments_in(runs.batches())) == 399 and desk.counts()[COMMENTS] == 9
    runs.later(minutes=30).batches()
    assert desk.counts()[COMMENTS] == 10
    rows.insert(0, row(999))
    assert f"{POST}:999" in comments_in(runs.later(minutes=30).batches())


def test_what_the_days_plan_does_not_carry_is_named_and_comes_later(desk: Desk) -> None:
    desk.answers |= {LIST: listed(*(message(n, AT - timedelta(minutes=n), f"第{n}篇") for n in range(1, 20)))}
    desk.answers[COMMENTS] = windows([row(1)])
    runs = Runs(desk.url, knobs={"comment_list_per_day": 20})
    batches = runs.batches()
    looks = [look.cause for batch in batches for look in batch.coverages]
    assert 8 <= looks.count("") <= 11 and looks.count("budget") == 19 - looks.count("")
    assert "推迟到后面" in notes_in(batches)
    found: set[str] = set(comments_in(batches))
    for _ in range(14):
        found |= set(comments_in(runs.later(hours=1).batches()))
    assert len(found) == 18 or len(found) == 19
    found |= set(comments_in(runs.later(hours=12).batches()))
    assert len(found) == 19


def test_threads_that_came_by_another_route_are_looked_at(desk: Desk) -> None:
    desk.answers |= {LIST: listed(), COMMENTS: windows([row(1)])}
    thread = Thread("wxTESTinvented01:2650200000_2", AT, None, 0, "", None)
    foreign = Thread("wxTESTinvented01:AbCdEfGh", AT, None, 0, "", None)
    batches = Runs(desk.url, threads=(thread, foreign)).batches()
    assert set(comments_in(batches)) == {"wxTESTinvented01:2650200000_2:1"}
    assert [(asked["msg_data_id"], asked["index"]) for asked in desk.asked(COMMENTS)] == [(2650200000, 1)]
