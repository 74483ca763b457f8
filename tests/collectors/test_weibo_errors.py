"""Every error of the Weibo platform has its kind, its cause, its Chinese sentence and the moment to come back."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from collectors.weibo_errors import BEIJING, MEANINGS, Asked, is_busy, parse_error
from matrix.account import Route
from matrix.interface import WEIBO_INTERFACES
from matrix.run import Budget, CollectError, ErrorKind

NOW = datetime(2026, 3, 2, 15, 20, tzinfo=BEIJING)
HOUR, MIDNIGHT = datetime(2026, 3, 2, 16, tzinfo=BEIJING), datetime(2026, 3, 3, tzinfo=BEIJING)
TREE = "comments/tree/root_list"


def asked(route: Route = Route.WEIBO_COMMERCIAL, endpoint: str = TREE) -> Asked:
    period = "day" if route is Route.WEIBO_FREE else "hour"
    lines = Budget("ip", route.value, "hour", 9), Budget("account:12", route.value, period, 9)
    return Asked(route, 12, endpoint, *lines, Budget("account:12", endpoint, "hour", 9))


def error(code: Any, route: Route = Route.WEIBO_COMMERCIAL, **more: Any) -> CollectError:
    found = parse_error({"error": "2.00SECRETwords", "error_code": code, "request": "/2/x.json", **more}, asked(route), NOW)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("code", "kind", "cause", "retry_at"),
    [
        (10001, ErrorKind.NETWORK, "host:weibo_commercial:busy", NOW + timedelta(minutes=6)),
        (10004, ErrorKind.REFUSED, "ip:weibo_commercial:refused", NOW + timedelta(hours=1)),
        (10005, ErrorKind.PERMISSION, "app:weibo_commercial:permission", NOW + timedelta(hours=6)),
        (10008, ErrorKind.REFUSED, f"account:12:{TREE}:refused", None),
        (10013, ErrorKind.GONE, "account:12:gone", None),
        (10014, ErrorKind.PERMISSION, f"account:12:{TREE}:permission", None),
        (10022, ErrorKind.QUOTA, "ip:weibo_commercial:quota", HOUR),
        (10023, ErrorKind.QUOTA, "account:12:weibo_commercial:quota", HOUR),
        (10024, ErrorKind.QUOTA, f"account:12:{TREE}:quota", HOUR),
        (20003, ErrorKind.GONE, "account:12:gone", None),
        (20031, ErrorKind.REFUSED, "account:12:captcha", NOW + timedelta(hours=1)),
        (20101, ErrorKind.GONE, "account:12:post", None),
        (20112, ErrorKind.HIDDEN, "account:12:post", None),
        (20170, ErrorKind.HIDDEN, "account:12:post", None),
        (20201, ErrorKind.GONE, "account:12:comment", None),
        (21301, ErrorKind.CREDENTIALS, "account:12:credentials", None),
        (21314, ErrorKind.CREDENTIALS, "account:12:credentials", None),
        (21315, ErrorKind.CREDENTIALS, "account:12:credentials", None),
        (21316, ErrorKind.CREDENTIALS, "account:12:credentials", None),
        (21317, ErrorKind.CREDENTIALS, "account:12:credentials", None),
        (21319, ErrorKind.CREDENTIALS, "account:12:credentials", None),
        (21321, ErrorKind.PERMISSION, "app:weibo_commercial:permission", None),
        (21327, ErrorKind.CREDENTIALS, "account:12:credentials", None),
        (21332, ErrorKind.CREDENTIALS, "account:12:credentials", None),
        (99999, ErrorKind.REFUSED, f"account:12:{TREE}:refused", NOW + timedelta(hours=1)),
    ],
)
def test_each_code_has_its_consequence(code: int, kind: ErrorKind, cause: str, retry_at: datetime | None) -> None:
    found = error(code)
    assert (found.kind, found.cause, found.retry_at, found.code) == (kind, cause, retry_at, str(code))


def test_the_day_of_a_free_account_ends_at_midnight_in_beijing() -> None:
    found = error(10023, Route.WEIBO_FREE)
    assert (found.cause, found.retry_at) == ("account:12:weibo_free:quota", MIDNIGHT)
    assert "次日零点" in found.sentence
    assert found.budget == Budget("account:12", "weibo_free", "day", 9)
    assert error(10024).budget == Budget("account:12", TREE, "hour", 9)
    assert error(10022).budget == Budget("ip", "weibo_commercial", "hour", 9)


@pytest.mark.parametrize("code", [*MEANINGS, 4242])
@pytest.mark.parametrize("endpoint", [TREE, "something/new"])
def test_each_sentence_is_chinese_names_the_code_and_quotes_nothing_that_the_platform_said(code: int, endpoint: str) -> None:
    found = parse_error({"error": "token 2.00SECRET", "error_code": code}, asked(endpoint=endpoint), NOW)
    assert found is not None
    assert str(code) in found.sentence
    assert "SECRET" not in repr(found) + found.sentence
    assert "{" not in found.sentence + found.cause
    assert any("\u4e00" <= letter <= "\u9fff" for letter in found.sentence)
    assert not any(name in found.sentence for name in WEIBO_INTERFACES)


@pytest.mark.parametrize(
    ("body", "code", "kind"),
    [
        ({"request": "/2/x", "error_code": "21327", "error": "expired_token"}, "21327", ErrorKind.CREDENTIALS),
        ({"error": "User requests out of rate limit!", "error_code": 10023}, "10023", ErrorKind.QUOTA),
        ({"ok": 0, "errno": "20101", "msg": "该微博不存在"}, "20101", ErrorKind.GONE),
        ({"ok": 0, "message": "由于博主设置，目前内容暂不可见。", "error_code": 20170}, "20170", ErrorKind.HIDDEN),
        ({"ok": -100, "url": "https://weibo.com/login.php"}, "-100", ErrorKind.CREDENTIALS),
        ({"error": "expired_token"}, "21327", ErrorKind.CREDENTIALS),
        ({"error": "Forbidden"}, "0", ErrorKind.REFUSED),
    ],
)
def test_an_error_is_known_in_every_spelling(body: Any, code: str, kind: ErrorKind) -> None:
    found = parse_error(body, asked(), NOW)
    assert found is not None
    assert (found.code, found.kind) == (code, kind)


@pytest.mark.parametrize(
    "body", [{"statuses": []}, [], {"error_code": 0, "statuses": []}, {"error_code": 20032, "error": "later"}]
)
def test_what_is_no_error_is_none(body: Any) -> None:
    assert parse_error(body, asked(), NOW) is None


def test_only_a_busy_platform_is_worth_another_try() -> None:
    assert is_busy({"error_code": 10001})
    assert not is_busy({"error_code": 21327})
    assert not is_busy([])
