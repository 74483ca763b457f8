"""Silence or blindness: nobody is called stale while we cannot see him."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matrix.account import Route, Status
from matrix.inspection import BEIJING, Verdict, Watch, judge_silence, update_due

NOW = datetime(2026, 3, 20, 8, 5, tzinfo=BEIJING)
SEEN = Watch(
    Route.WEIBO_COMMERCIAL,
    Status.ACTIVE,
    "",
    last_post_at=NOW - timedelta(days=2),
    last_ok_at=NOW - timedelta(minutes=20),
    watched_from=NOW - timedelta(days=60),
)


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "verdict"),
    [
        (0, Verdict.NORMAL),
        (10, Verdict.NORMAL),
        (12, Verdict.SOON),
        (14, Verdict.SOON),
        (15, Verdict.OVERDUE),
        (40, Verdict.OVERDUE),
    ],
)
def test_an_account_that_we_see_is_judged_by_whole_days_after_the_day_of_its_last_post(days: int, verdict: Verdict) -> None:
    found = judge_silence(replace(SEEN, last_post_at=days_ago(days)), 14, NOW)
    assert (found.verdict, found.days) == (verdict, days)


def test_the_limit_ends_at_the_end_of_the_fourteenth_day_whatever_the_hour_of_the_post() -> None:
    for hour in (0, 9, 23):
        posted = datetime(2026, 3, 5, hour, 59, tzinfo=BEIJING)
        assert update_due(posted, 14) == datetime(2026, 3, 20, 0, 0, tzinfo=BEIJING)
        last_minute = datetime(2026, 3, 19, 23, 59, tzinfo=BEIJING)
        watch = replace(SEEN, last_post_at=posted, last_ok_at=last_minute)
        assert judge_silence(watch, 14, last_minute).verdict == Verdict.SOON
        midnight = last_minute + timedelta(minutes=1)
        assert judge_silence(replace(watch, last_ok_at=midnight), 14, midnight).verdict == Verdict.OVERDUE


@pytest.mark.parametrize("route", [route for route in Route if route not in (Route.NONE, Route.FILES)])
def test_nobody_is_stale_at_the_end_of_the_limit_until_a_look_behind_it_found_nothing(route: Route) -> None:
    due = datetime(2026, 3, 20, 0, 0, tzinfo=BEIJING)
    watch = replace(SEEN, route=route, last_post_at=due - timedelta(days=14, hours=9), last_ok_at=due - timedelta(hours=4))
    found = judge_silence(watch, 14, due + timedelta(hours=9))  # the worker stood still all night
    assert found.verdict == Verdict.SOON
    assert "2026-03-19 24:00已到" in found.reason
    assert found.reason.endswith("后判定")
    wordless = replace(watch, last_post_at=None, watched_from=watch.last_post_at)
    assert judge_silence(wordless, 14, due + timedelta(hours=9)).verdict == Verdict.LIMITED


def test_a_post_shortly_after_midnight_in_beijing_belongs_to_that_day_although_utc_says_the_day_before() -> None:
    posted = datetime(2026, 3, 4, 16, 30, tzinfo=UTC)  # 00:30 on the 5th in Beijing
    assert update_due(posted, 14) == datetime(2026, 3, 20, 0, 0, tzinfo=BEIJING)


def test_blindness_goes_before_silence_and_says_since_when_and_why() -> None:
    watch = replace(SEEN, last_post_at=days_ago(40), blind_since=days_ago(1), blind_reason="授权已过期，请重新授权")
    found = judge_silence(watch, 14, NOW)
    assert found.verdict == Verdict.BLIND
    assert found.reason == "自2026-03-19 08:05起无法采集：授权已过期，请重新授权"


def test_a_stopped_collector_is_blindness_and_not_silence() -> None:
    found = judge_silence(replace(SEEN, last_post_at=days_ago(40), last_ok_at=days_ago(2)), 14, NOW)
    assert found.verdict == Verdict.BLIND
    assert "采集程序" in found.reason


def test_an_account_that_was_never_looked_at_is_not_judged() -> None:
    found = judge_silence(replace(SEEN, last_post_at=None, last_ok_at=None, watched_from=None), 14, NOW)
    assert found.verdict == Verdict.BLIND
    assert found.reason == "尚未完成首次采集，不能判定是否更新"


def test_a_platform_without_collector_is_a_limit_of_the_platform() -> None:
    found = judge_silence(replace(SEEN, route=Route.NONE, last_post_at=None, last_ok_at=None), 14, NOW)
    assert found.verdict == Verdict.LIMITED
    assert "仅登记" in found.reason


def test_no_post_at_all_is_silence_only_when_we_have_watched_longer_than_the_limit() -> None:
    short = replace(SEEN, last_post_at=None, watched_from=days_ago(5))
    long = replace(SEEN, last_post_at=None, watched_from=days_ago(30))
    assert judge_silence(short, 14, NOW).verdict == Verdict.LIMITED
    assert judge_silence(long, 14, NOW).verdict == Verdict.OVERDUE
    soon = judge_silence(replace(short, watched_from=days_ago(12)), 14, NOW)
    assert (soon.verdict, soon.days, soon.due_at) == (Verdict.SOON, 12, datetime(2026, 3, 23, 0, 0, tzinfo=BEIJING))
    assert soon.reason.endswith("未见发布，2026-03-22 24:00前须更新")


def test_files_are_judged_up_to_the_day_of_their_last_import() -> None:
    fresh_then = replace(SEEN, route=Route.FILES, last_post_at=days_ago(30), last_ok_at=days_ago(20))
    stale_then = replace(SEEN, route=Route.FILES, last_post_at=days_ago(60), last_ok_at=days_ago(20))
    assert judge_silence(fresh_then, 14, NOW).verdict == Verdict.BLIND
    assert judge_silence(stale_then, 14, NOW).verdict == Verdict.OVERDUE


def test_an_account_of_which_files_hold_no_post_is_never_called_silent() -> None:
    found = judge_silence(replace(SEEN, route=Route.FILES, last_post_at=None), 14, NOW)
    assert found.verdict == Verdict.BLIND
    assert "没有导入过该账号的发布内容" in found.reason


def test_wechat_is_judged_up_to_the_day_whose_articles_are_listed() -> None:
    watch = replace(SEEN, route=Route.WECHAT, last_post_at=datetime(2026, 3, 5, 10, 0, tzinfo=BEIJING))
    due = datetime(2026, 3, 20, 0, 0, tzinfo=BEIJING)
    early, late = due + timedelta(hours=7), due + timedelta(hours=9)
    assert judge_silence(replace(watch, last_ok_at=early), 14, early).verdict == Verdict.SOON
    assert judge_silence(replace(watch, last_ok_at=late), 14, late).verdict == Verdict.OVERDUE


@pytest.mark.parametrize("watch", [replace(SEEN, status=Status.CLOSED), replace(SEEN, exemption="防汛专用号，汛期外不更新")])
def test_closed_and_exempt_accounts_are_not_judged(watch: Watch) -> None:
    assert judge_silence(replace(watch, last_post_at=days_ago(99)), 14, NOW).verdict == Verdict.EXEMPT


@given(
    route=st.sampled_from(list(Route)),
    post=st.none() | st.integers(0, 400),
    look=st.none() | st.integers(0, 100),
    limit=st.integers(1, 60),
)
def test_no_account_is_ever_called_stale_while_an_outage_is_open(
    route: Route, post: int | None, look: int | None, limit: int
) -> None:
    watch = Watch(
        route,
        Status.ACTIVE,
        "",
        None if post is None else days_ago(post),
        None if look is None else days_ago(look),
        days_ago(500),
        blind_since=days_ago(1),
        blind_reason="额度用完",
    )
    assert judge_silence(watch, limit, NOW).verdict in {Verdict.BLIND, Verdict.LIMITED}
