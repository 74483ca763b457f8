"""How often an account is looked at."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matrix.account import Route
from matrix.rhythm import BOUNDS, HOUR, LONGEST_BACK_OFF, back_off, next_interval, plan_hour, stretch
from matrix.run import ErrorKind

NOW = datetime(2026, 3, 20, 0, 5, tzinfo=UTC)
ROUTES = st.sampled_from([Route.WEIBO_COMMERCIAL, Route.WEIBO_FREE, Route.WECHAT, Route.FEED])


@given(route=ROUTES, quiet=st.integers(0, 5000), more=st.integers(0, 5000), calls=st.floats(0.5, 50))
def test_a_busier_account_is_never_looked_at_less_often(route: Route, quiet: int, more: int, calls: float) -> None:
    assert next_interval(route, quiet + more, calls) <= next_interval(route, quiet, calls)
    shortest, longest = BOUNDS[route]
    assert shortest <= next_interval(route, quiet, calls) <= longest


@given(items=st.integers(0, 100_000), calls=st.floats(1, 30), budget=st.integers(10, 1000))
def test_a_day_of_looks_never_costs_more_than_the_accounts_budget(items: int, calls: float, budget: int) -> None:
    interval = next_interval(Route.WEIBO_FREE, items, calls, budget)
    assert 86400 / interval * calls <= budget * 1.001


@given(kind=st.sampled_from(list(ErrorKind)), failures=st.integers(1, 500), interval=st.integers(60, 20_000))
def test_a_failing_account_waits_longer_and_is_never_given_up(kind: ErrorKind, failures: int, interval: int) -> None:
    first = back_off(kind, failures, interval, NOW, None)
    later = back_off(kind, failures + 1, interval, NOW, None)
    assert NOW < first <= later <= NOW + timedelta(seconds=LONGEST_BACK_OFF)


def test_the_platforms_own_word_on_when_to_come_back_goes_first() -> None:
    reset = NOW + timedelta(hours=9)
    assert back_off(ErrorKind.QUOTA, 1, 600, NOW, reset) == reset
    assert back_off(ErrorKind.QUOTA, 1, 600, NOW, NOW - timedelta(hours=1)) > NOW


def test_what_a_person_must_mend_is_asked_every_hour() -> None:
    for kind in (ErrorKind.CREDENTIALS, ErrorKind.PERMISSION, ErrorKind.GONE):
        assert back_off(kind, 9, 600, NOW, None) == NOW + timedelta(hours=1)


@pytest.mark.parametrize(("accounts", "fits"), [(10, True), (1000, False)])
def test_an_hour_that_does_not_fit_its_budget_says_so_and_by_how_much(accounts: int, fits: bool) -> None:
    plan = plan_hour(Route.WEIBO_COMMERCIAL, "微博开放平台(商业)", [(300, 6.0)] * accounts, 50_000)
    assert plan.calls_per_hour == pytest.approx(accounts * HOUR / 300 * 6)
    assert plan.fits is fits
    assert ("额度不够" in plan.sentence) is not fits
    stretched = plan_hour(Route.WEIBO_COMMERCIAL, "", [(300 * stretch(plan), 6.0)] * accounts, 50_000)
    assert stretched.fits
