"""What may be said of a past moment: later looks can show it, and nobody is called stale for what they cannot show."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matrix.account import Nature, Route, Status
from matrix.inspection import BEIJING, Verdict, update_due
from matrix.inspection_then import Known, Look, judge_then, needed_look, needs_later_look

AT = datetime(2026, 4, 1, tzinfo=BEIJING)
"""24:00 of 31 March."""


def ago(**span: float) -> datetime:
    return AT - timedelta(**span)


def looked(at: datetime, back: timedelta = timedelta(days=30)) -> Look:
    return Look(at - back, at)


SEEN = Known(
    Route.WEIBO_COMMERCIAL,
    Status.ACTIVE,
    Nature.INSTITUTION,
    "",
    last_post_at=ago(days=20),
    watched_from=ago(days=60),
    before=looked(ago(hours=1)),
    after=looked(ago(hours=-1)),
)


def test_the_sentence_speaks_of_the_moment_and_counts_days_to_the_day_that_ends_there() -> None:
    found = judge_then(replace(SEEN, last_post_at=ago(days=14, hours=15)), 14, AT)
    assert (found.verdict, found.days) == (Verdict.OVERDUE, 14)
    assert found.reason == "最近一次发布为2026-03-17 09:00，至检查时点14天，已满14天未更新"
    soon = judge_then(replace(SEEN, last_post_at=ago(days=13, hours=15)), 14, AT)
    assert soon.reason == "最近一次发布为2026-03-18 09:00，至检查时点13天，2026-04-01 24:00前须更新"
    assert judge_then(replace(SEEN, last_post_at=ago(hours=3)), 14, AT).days == 0


@pytest.mark.parametrize(("hours", "verdict"), [(0, Verdict.SOON), (1, Verdict.OVERDUE)])
def test_a_limit_that_ends_with_the_day_is_missed_at_24_00_and_not_before(hours: int, verdict: Verdict) -> None:
    last = datetime(2026, 3, 17, 9, 0, tzinfo=BEIJING)  # 14 days: to the end of 31 March
    assert update_due(last, 14) == AT
    assert judge_then(replace(SEEN, last_post_at=last), 14, AT - timedelta(hours=1 - hours)).verdict == verdict


def test_a_later_look_that_goes_back_lifts_the_blindness_of_that_day() -> None:
    blind = replace(SEEN, blind_since=ago(days=2), blind_reason="凭据失效", before=looked(ago(days=2)), after=None)
    assert judge_then(blind, 14, AT).verdict == Verdict.BLIND
    assert judge_then(replace(blind, after=looked(ago(days=-3))), 14, AT).verdict == Verdict.OVERDUE
    short = looked(ago(days=-3), back=timedelta(days=1))
    assert judge_then(replace(blind, after=short), 14, AT).verdict == Verdict.BLIND


def test_a_feed_shows_yesterday_only_if_it_was_looked_at_within_a_day_before() -> None:
    feed = replace(SEEN, route=Route.FEED, after=looked(ago(hours=-6), timedelta(0)))
    assert judge_then(feed, 14, AT).verdict == Verdict.OVERDUE
    gap = replace(feed, before=looked(ago(hours=30), timedelta(0)), blind_since=ago(hours=29), blind_reason="网络不通")
    assert judge_then(gap, 14, AT).verdict == Verdict.BLIND
    assert judge_then(replace(gap, before=None, blind_since=None), 14, AT).verdict == Verdict.BLIND


def test_a_post_within_the_limit_proves_an_update_whoever_was_blind_when_it_appeared() -> None:
    gap = replace(
        SEEN,
        route=Route.FEED,
        last_post_at=ago(days=1),
        before=looked(ago(days=9)),
        after=looked(ago(days=-2), timedelta(0)),
        blind_since=ago(days=9),
        blind_reason="网络不通",
    )
    assert judge_then(gap, 14, AT).verdict == Verdict.NORMAL
    assert judge_then(replace(gap, after=None), 14, AT).verdict == Verdict.BLIND


def test_what_lies_behind_the_moment_never_makes_anybody_overdue() -> None:
    fresh = replace(SEEN, last_post_at=ago(days=5), after=looked(ago(days=-29)))
    assert judge_then(fresh, 14, AT).verdict == Verdict.NORMAL
    wordless = replace(SEEN, last_post_at=None, watched_from=ago(days=-2), after=looked(ago(days=-29)))
    assert judge_then(wordless, 14, AT).verdict == Verdict.LIMITED


def test_wechat_needs_the_list_of_the_next_morning() -> None:
    assert needed_look(Route.WECHAT, AT) == AT + timedelta(hours=8)
    assert needed_look(Route.WECHAT, AT + timedelta(hours=10)) == AT + timedelta(days=1, hours=8)
    assert needed_look(Route.FEED, AT) == AT
    last = datetime(2026, 3, 17, 0, 0, tzinfo=BEIJING)
    night = replace(SEEN, route=Route.WECHAT, last_post_at=last, after=looked(AT + timedelta(hours=2)))
    assert judge_then(night, 14, AT).verdict == Verdict.SOON
    assert judge_then(replace(night, after=looked(AT + timedelta(hours=9))), 14, AT).verdict == Verdict.OVERDUE


def test_files_with_a_gap_between_them_say_nothing_about_the_gap() -> None:
    first = Look(ago(days=40), ago(days=18))
    known = replace(SEEN, route=Route.FILES, before=None, after=None, last_post_at=ago(days=19), files=(first,))
    assert judge_then(known, 14, AT).verdict == Verdict.BLIND
    apart = replace(known, files=(first, Look(ago(days=2), ago(days=-5))))
    assert judge_then(apart, 14, AT).verdict == Verdict.BLIND
    joined = replace(known, files=(first, Look(ago(days=18), ago(days=-5))))
    assert judge_then(joined, 14, AT).verdict == Verdict.OVERDUE


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": Status.SUSPENDED}, "暂停"),
        ({"status": Status.CLOSED}, "已关停"),
        ({"exemption": "机构改革"}, "机构改革"),
        ({"nature": Nature.OFFICIAL_PERSON}, "公职人员"),
        ({"is_registered": False, "last_post_at": None}, "尚未登记"),
    ],
)
def test_who_is_not_judged_is_shown_with_the_reason(change: dict, words: str) -> None:
    found = judge_then(replace(SEEN, **change), 14, AT)
    assert found.verdict == Verdict.EXEMPT
    assert words in found.reason


def test_an_account_that_the_ledger_got_later_is_judged_when_it_was_publishing_then() -> None:
    assert judge_then(replace(SEEN, is_registered=False), 14, AT).verdict == Verdict.OVERDUE


@given(
    days=st.floats(0, 40),
    before=st.floats(0, 40),
    after=st.floats(0, 40),
    back=st.floats(0, 40),
    route=st.sampled_from([route for route in Route if route != Route.NONE]),
    limit=st.integers(1, 30),
)
def test_nobody_is_overdue_whose_last_post_is_within_the_limit(
    days: float, before: float, after: float, back: float, route: Route, limit: int
) -> None:
    known = replace(
        SEEN,
        route=route,
        last_post_at=ago(days=days),
        before=looked(ago(days=before)),
        after=looked(ago(days=-after), timedelta(days=back)),
        files=(Look(None, ago(days=before)),),
    )
    found = judge_then(known, limit, AT)
    assert (found.verdict == Verdict.OVERDUE) <= (update_due(ago(days=days), limit) <= AT)
    shorter = judge_then(known, max(1, limit - 1), AT)
    assert (found.verdict == Verdict.OVERDUE) <= (shorter.verdict == Verdict.OVERDUE)


@given(
    days=st.none() | st.floats(0, 20),
    before=st.none() | st.floats(0, 3),
    after=st.floats(0, 3),
    back=st.floats(0, 40),
    blind=st.booleans(),
    route=st.sampled_from(list(Route)),
    exemption=st.sampled_from(["", "改版"]),
)
def test_a_later_look_is_searched_for_wherever_it_can_change_anything(
    days: float | None, before: float | None, after: float, back: float, blind: bool, route: Route, exemption: str
) -> None:
    known = replace(
        SEEN,
        route=route,
        exemption=exemption,
        last_post_at=None if days is None else ago(days=days),
        before=None if before is None else looked(ago(days=before)),
        after=looked(ago(days=-after), timedelta(days=back)),
        blind_since=ago(days=2) if blind else None,
    )
    if not needs_later_look(known, 14, AT):
        assert judge_then(known, 14, AT) == judge_then(replace(known, after=None), 14, AT)
