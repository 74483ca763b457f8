"""Every fault of the Weibo interfaces over real sockets: its verdict, its cause, its sentence, and nothing falsely gone."""

from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest

from matrix.account import Route
from matrix.run import ErrorKind
from tests.collectors.weibo_desk import Desk, Memory, desk

FREE, COMMERCIAL = Route.WEIBO_FREE, Route.WEIBO_COMMERCIAL
Cities = dict[Route, Desk]


@pytest.fixture(scope="module")
def cities() -> Iterator[Cities]:
    """One city per route for all tests of this file."""
    with ExitStack() as stack:
        yield {route: stack.enter_context(desk(route)) for route in (FREE, COMMERCIAL)}


@contextmanager
def fresh(cities: Cities, route: Route) -> Generator[Desk]:
    """The city as if nobody had looked yet and nothing were wrong; put right again afterwards."""
    at = cities[route]
    settings = at.settings
    at.memory, at.token = Memory(), ""
    try:
        yield at
    finally:
        at.settings = settings
        at.world.faults.clear()
        at.world.quotas.clear()
        for post in at.world.city.posts(at.account, 0, at.clock.now()):
            post.hidden_at = None


@pytest.mark.parametrize("path", ["show_batch", ""])
def test_no_fault_of_access_ever_makes_a_post_gone(cities: Cities, path: str) -> None:
    with fresh(cities, COMMERCIAL) as at:
        at.look()
        at.world.city.visible_posts(at.account, at.clock.now())[-2].hidden_at = int(at.clock.now())
        for kind in ("token_expired", "user_quota", "ip_quota", "permission_withdrawn", "html_login", "http_5xx"):
            at.world.faults.set(kind, 1.0, path=path)
            at.clock.advance(600)
            assert at.look() is not None
            assert at.memory.gones == {}
            at.world.faults.clear()
        assert at.look() is None
        assert len(at.memory.gones) == 1


@pytest.mark.parametrize("route", [FREE, COMMERCIAL])
@pytest.mark.parametrize(
    ("fault", "kind", "cause", "words"),
    [
        ("token_expired", ErrorKind.CREDENTIALS, "account:12:credentials", "重新授权"),
        ("ip_quota", ErrorKind.QUOTA, "ip:{route}:quota", "整点"),
        ("user_quota", ErrorKind.QUOTA, "account:12:{route}:quota", "额度已用完"),
        ("endpoint_quota", ErrorKind.QUOTA, "account:12:statuses/user_timeline{other}:quota", "微博列表"),
        ("permission_withdrawn", ErrorKind.PERMISSION, "account:12:statuses/user_timeline{other}:permission", "接口权限"),
        ("ip_not_whitelisted", ErrorKind.REFUSED, "ip:{route}:refused", "白名单"),
        ("html_login", ErrorKind.REFUSED, "host:{route}:refused", "网页"),
        ("truncated_json", ErrorKind.MALFORMED, "host:{route}:malformed", "不完整"),
        ("http_5xx", ErrorKind.NETWORK, "host:{route}:network", "不可用"),
        ("reset", ErrorKind.NETWORK, "host:{route}:network", "下一轮"),
        ("stall", ErrorKind.NETWORK, "host:{route}:network", "没有应答完"),
    ],
)
def test_each_fault_has_its_kind_its_cause_and_its_sentence(
    cities: Cities, route: Route, fault: str, kind: ErrorKind, cause: str, words: str
) -> None:
    with fresh(cities, route) as at:
        at.world.faults.set(fault, 1.0)
        if fault == "stall":
            at.settings = replace(at.settings, web=replace(at.settings.web, read_seconds=0.15))
        error = at.look()
        assert error is not None
        other = "/other" if route is COMMERCIAL else ""
        assert (error.kind, error.cause) == (kind, cause.format(route=route.value, other=other))
        assert words in error.sentence
        assert at.account.token not in repr(error) + error.sentence + error.cause
        if kind is ErrorKind.QUOTA:
            assert error.retry_at is not None
            assert error.retry_at > at.now()
        assert at.memory.posts == {}


def test_a_wrong_token_is_a_matter_of_credentials(cities: Cities) -> None:
    with fresh(cities, FREE) as at:
        at.token = "2.00nobodysTOKEN"
        error = at.look()
        assert error is not None
        assert (error.kind, error.code) == (ErrorKind.CREDENTIALS, "21332")
