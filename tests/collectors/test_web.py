"""Over real sockets: what every kind of bad answer becomes, and that manners are kept."""

import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.web import Web
from matrix.run import Budget, CollectError, ErrorKind
from settings import Settings
from settings import Web as Knobs
from tests.wire import Script, drips_body, drips_headers, host_with, resets, says, stalls

NOW = datetime(2026, 7, 6, 2, 0, tzinfo=UTC)
SECRET = "2.00INVENTEDsecret"
MANNERS = replace(Settings(), web=Knobs(connect_seconds=10, read_seconds=10, max_bytes=200_000, attempts=3, pace_seconds=0))


HURRIED = replace(MANNERS, web=replace(MANNERS.web, connect_seconds=0.3, read_seconds=0.2))
"""For hosts that never finish; all others get time enough on a busy machine."""


class Waits(list[float]):
    """Remembers how long we would have waited."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def web_with(settings: Settings = MANNERS, charge: Callable[[Sequence[Budget]], None] = lambda _: None) -> tuple[Web, Waits]:
    waits = Waits()
    return Web(settings, lambda: NOW, waits, charge), waits


def failure(*scripts: Script, settings: Settings = MANNERS) -> tuple[CollectError, int]:
    """What `get_json` raises, and after how many requests."""
    web, _ = web_with(settings)
    with host_with(*scripts) as host, pytest.raises(CollectError) as caught:
        web.get_json(host.url, {"access_token": SECRET}, cause_host="weibo_free")
    error = caught.value
    assert SECRET not in f"{error!r}{error}{error.sentence}{error.cause}{error.__cause__!r}{error.__context__!r}"
    assert any("\u4e00" <= letter <= "\u9fff" for letter in error.sentence)
    return error, len(host.requests)


@pytest.mark.parametrize(
    ("script", "kind", "tries", "words"),
    [
        (says(""), ErrorKind.MALFORMED, 3, "空的应答"),
        (says('{"a": "cut ins'), ErrorKind.MALFORMED, 3, "不完整"),
        (says('{"a": 1', length=400), ErrorKind.MALFORMED, 3, "不完整"),
        (says('"only a word"'), ErrorKind.MALFORMED, 3, "有效"),
        (says("[" * 100_000), ErrorKind.MALFORMED, 3, "有效"),
        (says("not gzip", Content_Encoding="gzip"), ErrorKind.MALFORMED, 3, "不完整"),
        (says("[" + "1," * 200_000 + "1]"), ErrorKind.MALFORMED, 1, "上限"),
        (says("<html><title>登录</title>"), ErrorKind.REFUSED, 1, "网页"),
        (says("<h1>Bad gateway</h1>", "502 Bad Gateway"), ErrorKind.NETWORK, 3, "502"),
        (says('{"error":"Forbidden"}', "403 Forbidden"), ErrorKind.REFUSED, 1, "403"),
        (says("", "432 Unknown"), ErrorKind.REFUSED, 1, "432"),
        (says("", "404 Not Found"), ErrorKind.REFUSED, 1, "地址"),
        (says("", "429 Too Many"), ErrorKind.QUOTA, 3, "频繁"),
        (says("", "302 Found", Location="https://passport.example/signin"), ErrorKind.REFUSED, 1, "转到了别处"),
        (resets, ErrorKind.NETWORK, 3, "中断"),
        (stalls, ErrorKind.NETWORK, 3, "没有应答完"),
        (drips_body, ErrorKind.NETWORK, 3, "没有应答完"),
        (drips_headers, ErrorKind.NETWORK, 3, "没有应答完"),
    ],
)
def test_every_bad_answer_has_its_kind_its_sentence_and_its_number_of_tries(
    script: Any, kind: ErrorKind, tries: int, words: str
) -> None:
    slow = script in (stalls, drips_body, drips_headers)
    error, requests = failure(script, settings=HURRIED if slow else MANNERS)
    assert (error.kind, requests) == (kind, tries)
    assert words in error.sentence
    assert error.cause == f"host:weibo_free:{kind.value}"


def test_a_dead_host_is_a_fault_of_the_network() -> None:
    web, _ = web_with()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(CollectError) as caught:
        web.get_json(f"http://127.0.0.1:{port}/x", {"access_token": SECRET})
    assert (caught.value.kind, caught.value.cause) == (ErrorKind.NETWORK, f"host:127.0.0.1:{port}:network")
    assert "无法连接" in caught.value.sentence


@pytest.mark.parametrize("address", ["ftp://example.invalid/x", "nothing", "http://", "http://[", "http://a b/"])
def test_a_wrong_address_is_said_to_be_wrong(address: str) -> None:
    web, _ = web_with()
    with pytest.raises(CollectError) as caught:
        web.get_json(address)
    assert caught.value.kind in (ErrorKind.REFUSED, ErrorKind.NETWORK)
    assert "地址" in caught.value.sentence


def test_a_slow_drip_ends_at_the_deadline_and_not_at_the_last_byte() -> None:
    began = time.monotonic()
    failure(drips_body, settings=replace(HURRIED, web=replace(HURRIED.web, attempts=1)))
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("bad", [resets, says('{"cut'), says("<h1>oops</h1>", "503 Busy"), says("")])
def test_a_passing_fault_is_tried_again_and_each_try_is_charged_first(bad: Any) -> None:
    charged: list[Sequence[Budget]] = []
    web, waits = web_with(charge=charged.append)
    line = Budget("account:1", "weibo_free", "day", 100)
    with host_with(bad, says('{"ok": 1}')) as host, web.counting() as count:
        assert web.get_json(host.url, budgets=[line]) == {"ok": 1}
    assert charged == [[line], [line]]
    assert count.calls == 2
    assert 0 < max(waits) <= 12


def test_a_spent_budget_stops_before_the_call() -> None:
    def spent(lines: Sequence[Budget]) -> None:
        raise CollectError(ErrorKind.QUOTA, "额度已用完", cause="ip:weibo_free:quota", retry_at=NOW + timedelta(hours=1))

    web, _ = web_with(charge=spent)
    with host_with(says("{}")) as host, pytest.raises(CollectError) as caught:
        web.get_json(host.url)
    assert caught.value.retry_at == NOW + timedelta(hours=1)
    assert host.requests == []


def test_a_short_retry_after_is_waited_for_and_a_long_one_becomes_the_moment_to_come_back() -> None:
    web, waits = web_with()
    with host_with(says("", "429 Slow", Retry_After="9"), says("[]")) as host:
        assert web.get_json(host.url) == []
    assert max(waits) >= 9
    error, requests = failure(says("", "503 Busy", Retry_After="7200"))
    assert requests == 1
    assert error.retry_at == NOW + timedelta(hours=2)
    error, requests = failure(says("", "503 Busy", Retry_After="Mon, 06 Jul 2026 05:00:00 GMT"))
    assert (requests, error.retry_at) == (1, NOW + timedelta(hours=3))


def test_a_body_is_judged_by_what_it_says_and_not_by_type_or_status() -> None:
    web, _ = web_with()
    expired = '{"error":"expired_token","error_code":21327}'
    with host_with(says('{"a":1}', Content_Type="text/html"), says("\ufeff[1]"), says(expired, "400 Bad")) as host:
        assert web.get_json(host.url) == {"a": 1}
        assert web.get_json(host.url) == [1]
        assert web.get_json(host.url)["error_code"] == 21327
    assert len(host.requests) == 3


def test_the_caller_may_ask_again_when_the_platform_says_that_it_is_busy() -> None:
    web, _ = web_with()
    busy = says('{"error":"System error","error_code":10001}', "503 Busy")
    with host_with(busy, says('{"ok":1}')) as host:
        assert web.get_json(host.url, retry_body=lambda body: body.get("error_code") == 10001) == {"ok": 1}
    with host_with(busy) as host:
        assert web.get_json(host.url, retry_body=lambda body: body.get("error_code") == 10001)["error_code"] == 10001
    assert len(host.requests) == 3


def test_what_cannot_be_stored_as_text_is_mended_and_emoji_survive() -> None:
    web, _ = web_with()
    body = '{"a\\u0000":"half \\ud83d end","b":["\\ud83d\\ude4f","👨\u200d👩","nul\\u0000"],"c":"\\\\u0000"}'
    with host_with(says(body), says(b'{"gbk":"\xb9\xfa"}')) as host:
        found = web.get_json(host.url)
        assert found == {"a": "half \ufffd end", "b": ["🙏", "👨\u200d👩", "nul"], "c": "\\u0000"}
        str(found).encode("utf-8")
        str(web.get_json(host.url)).encode("utf-8")


def test_a_redirect_is_followed_on_the_same_host_only() -> None:
    web, _ = web_with()
    with host_with(says("", "301 Moved", Location="/there?x=1"), says("[7]")) as host:
        assert web.get_json(host.url, {"access_token": SECRET}) == [7]
    assert host.requests[1].startswith(b"GET /there?x=1 ")
    error, requests = failure(says("", "302 Found", Location="/round"))
    assert (error.kind, requests) == (ErrorKind.REFUSED, 3)


def test_no_cookie_is_kept_and_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    web, _ = web_with()
    with host_with(says("{}", Set_Cookie="SUB=abc; Path=/")) as host:
        web.get_json(host.url)
        web.get_json(host.url)
    assert b"cookie" not in host.requests[1].lower()


def test_json_is_posted_as_plain_utf8_and_never_twice_where_that_would_hurt() -> None:
    web, _ = web_with()
    with host_with(says('{"errcode":0}')) as host:
        assert web.post_json(host.url, {"content": "您好🙏"}, params={"access_token": "t"}) == {"errcode": 0}
        assert web.post_form(host.url, {"comment": "好"}) == {"errcode": 0}
    assert '{"content": "您好🙏"}'.encode() in host.requests[0]
    assert b"comment=%E5%A5%BD" in host.requests[1]
    with host_with(says("", "502 Bad")) as host, pytest.raises(CollectError):
        web.post_json(host.url, {}, once=True)
    assert len(host.requests) == 1


def test_a_feed_that_has_not_changed_brings_no_body() -> None:
    web, _ = web_with()
    fresh = says("<rss/>", Content_Type="application/rss+xml", ETag='"1"', Last_Modified="Mon, 06 Jul 2026 01:00:00 GMT")
    with host_with(fresh, says("", "304 Not Modified")) as host:
        first = web.get_bytes(host.url)
        assert (first.body, first.content_type) == (b"<rss/>", "application/rss+xml")
        assert web.get_bytes(host.url, etag=first.etag, modified=first.modified).body is None
    assert b'If-None-Match: "1"' in host.requests[1]
    assert b"If-Modified-Since: Mon, 06 Jul" in host.requests[1]


def test_the_clock_of_a_host_is_compared_with_ours() -> None:
    web, _ = web_with()
    with host_with(says("{}", Date="Mon, 06 Jul 2026 01:45:00 GMT")) as host:
        assert web.skew(host.name) is None
        web.get_json(host.url)
    assert (web.skew(host.name), web.skew(host.url)) == (900, 900)


def test_requests_to_one_host_keep_their_distance_over_all_threads() -> None:
    web, waits = web_with(replace(MANNERS, web=replace(MANNERS.web, pace_seconds=5)))
    with host_with(says("{}")) as host:
        threads = [threading.Thread(target=web.get_json, args=(host.url,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [round(seconds) for seconds in sorted(waits)] == [5, 10]


def test_one_thread_counts_only_what_it_sends() -> None:
    web, _ = web_with()
    with host_with(says("{}")) as host, web.counting() as outer:
        other = threading.Thread(target=web.get_json, args=(host.url,))
        other.start()
        other.join()
        with web.counting() as inner:
            web.get_json(host.url)
        web.get_json(host.url)
    assert (outer.calls, inner.calls) == (2, 1)


def test_the_log_of_the_client_never_quotes_an_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    failure(resets)
    assert SECRET not in caplog.text
