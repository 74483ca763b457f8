"""Tokens of WeChat: asked for once, renewed once, never fought over."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from collectors.wechat_token import Tokens
from matrix.run import ErrorKind
from tests.collectors.wechat_desk import LIST, NOW, TOKEN, Desk, Runs, account_of, desk_open, error, listed, message


@pytest.fixture
def desk() -> Iterator[Desk]:
    with desk_open() as opened:
        yield opened


def test_one_token_serves_its_whole_life_and_never_the_old_door(desk: Desk) -> None:
    runs = Runs(desk.url)
    runs.batches()
    runs.later(minutes=110).batches()
    assert desk.counts()[TOKEN] == 1 and "/cgi-bin/token" not in desk.counts()
    assert {token for path, _, token in desk.calls if path != TOKEN} == {"TOKENinvented0001"}
    runs.later(minutes=10).batches()
    assert desk.counts()[TOKEN] == 2
    assert desk.asked(TOKEN)[0] == {
        "grant_type": "client_credential",
        "appid": "wxTESTinvented01",
        "secret": "TESTinventedSECRETinventedSECRET",
        "force_refresh": False,
    }


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_refused_token_is_replaced_once_and_the_call_repeated(desk: Desk, code: int) -> None:
    articles = listed(message(2650300001, NOW, "公告"))
    fresh = iter(range(1, 9))
    desk.answers[TOKEN] = lambda *_: {"access_token": f"TOKENinvented{next(fresh):04d}", "expires_in": 7200}
    desk.answers[LIST] = lambda body, token: error(code) if token.endswith("1") else articles(body, token)
    batches = Runs(desk.url).batches()
    assert [post.title for batch in batches for post in batch.posts] == ["公告"]
    assert [asked["force_refresh"] for asked in desk.asked(TOKEN)] == [False, False]


def test_only_when_the_refused_token_comes_again_is_a_new_one_forced(desk: Desk) -> None:
    articles = listed(message(2650300001, NOW, "公告"))
    desk.answers[LIST] = lambda body, token: error(40001) if token.endswith("1") else articles(body, token)
    assert any(batch.posts for batch in Runs(desk.url).batches())
    assert [asked["force_refresh"] for asked in desk.asked(TOKEN)] == [False, False, True]


def test_two_systems_that_take_the_token_from_each_other_are_a_matter_of_credentials(desk: Desk) -> None:
    desk.answers[LIST] = error(40001, "invalid credential, access_token is invalid or not latest")
    runs = Runs(desk.url)
    failure = runs.failure()
    assert (failure.kind, failure.cause) == (ErrorKind.CREDENTIALS, "account:12:credentials")
    assert "另一个系统" in failure.sentence and "stable_token" in failure.sentence
    assert (desk.counts()[LIST], desk.counts()[TOKEN]) == (2, 3)
    for _ in range(3):  # no ping-pong: within two hours nothing is forced again
        runs.later(minutes=20).failure()
    assert sum(asked["force_refresh"] for asked in desk.asked(TOKEN)) == 1


def test_a_new_secret_does_not_go_on_with_the_old_token(desk: Desk) -> None:
    runs = Runs(desk.url)
    runs.batches()
    runs.credential = "wxTESTinvented01:anotherINVENTEDsecret"
    runs.batches()
    assert [asked["secret"] for asked in desk.asked(TOKEN)] == ["TESTinventedSECRETinventedSECRET", "anotherINVENTEDsecret"]


def test_accounts_have_their_own_tokens(desk: Desk) -> None:
    first = Runs(desk.url)
    second = Runs(desk.url, account=account_of("wxTESTinvented02", 13), credential="wxTESTinvented02:x", source=first.source)
    first.batches()
    second.batches()
    assert [asked["appid"] for asked in desk.asked(TOKEN)] == ["wxTESTinvented01", "wxTESTinvented02"]


def test_threads_that_need_a_token_at_once_ask_for_one() -> None:
    tokens, asked, ready = Tokens(), [], threading.Barrier(8)

    def fetch(forced: bool) -> tuple[str, int]:
        asked.append(forced)
        return f"token{len(asked)}", 7200

    got: list[str] = []

    def work() -> None:
        ready.wait()
        got.append(tokens.get(1, "a:b", NOW, fetch))
        got.append(tokens.renew(1, "a:b", "token1", NOW, fetch))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(got) <= {"token1", "token2"} and len(asked) == 2


def test_a_token_late_in_its_life_is_used_for_what_is_left_of_it() -> None:
    tokens, asked = Tokens(), []

    def fetch(forced: bool) -> tuple[str, int]:
        asked.append(forced)
        return f"token{len(asked)}", 345

    assert tokens.get(1, "a:b", NOW, fetch) == tokens.get(1, "a:b", NOW + timedelta(seconds=284), fetch) == "token1"
    assert tokens.get(1, "a:b", NOW + timedelta(seconds=286), fetch) == "token2"
