"""Who may ask: tokens, secrets, the white list, permissions and the account's daily budget."""

from collections.abc import Callable
from typing import Any

LIST, PUBLISHED = "/cgi-bin/comment/list", "/cgi-bin/freepublish/batchget"
PAGE = {"offset": 0, "count": 1, "no_content": 1}


def code(answer: dict[str, Any]) -> int:
    return answer.get("errcode", 0)


def test_two_issuers_of_plain_tokens_kill_each_others(bench: Any) -> None:
    mine = bench.plain_token()["access_token"]
    theirs = bench.plain_token()["access_token"]
    assert mine != theirs
    assert code(bench.ask(PUBLISHED, PAGE, token=mine)) == 0  # both count for five minutes
    bench.clock.advance(301)
    assert code(bench.ask(PUBLISHED, PAGE, token=mine)) == 40001
    assert code(bench.ask(PUBLISHED, PAGE, token=theirs)) == 0


def test_the_stable_token_stays_until_five_minutes_before_its_end(bench: Any) -> None:
    first = bench.token()
    bench.clock.advance(3600)
    again = bench.token()
    assert again["access_token"] == first["access_token"] and again["expires_in"] == 3600
    bench.plain_token()
    assert code(bench.ask(PUBLISHED, PAGE, token=first["access_token"])) == 0  # the two doors do not know each other
    bench.clock.advance(3301)
    renewed = bench.token()
    assert renewed["access_token"] != first["access_token"] and renewed["expires_in"] == 7200
    assert code(bench.ask(PUBLISHED, PAGE, token=first["access_token"])) == 0  # both count in the overlap
    bench.clock.advance(300)
    assert code(bench.ask(PUBLISHED, PAGE, token=first["access_token"])) in (40001, 42001)


def test_a_token_expires_after_two_hours(bench: Any) -> None:
    held = bench.plain_token()["access_token"]
    bench.clock.advance(7199)
    assert code(bench.ask(PUBLISHED, PAGE, token=held)) == 0
    bench.clock.advance(1)
    assert code(bench.ask(PUBLISHED, PAGE, token=held)) == 42001


def test_forcing_a_new_stable_token_kills_the_old_one_and_is_rationed(bench: Any) -> None:
    old = bench.token()["access_token"]
    new = bench.token(force=True)["access_token"]
    assert code(bench.ask(PUBLISHED, PAGE, token=old)) == 40001 and code(bench.ask(PUBLISHED, PAGE, token=new)) == 0
    assert code(bench.token(force=True)) == 45011
    for _ in range(19):
        bench.clock.advance(31)
        assert code(bench.token(force=True)) == 0
    bench.clock.advance(31)
    assert code(bench.token(force=True)) == 45009


def test_wrong_names_secrets_and_tokens_are_told_apart(bench: Any) -> None:
    assert code(bench.token(secret="0" * 32)) == 40125
    unknown = {"grant_type": "client_credential", "appid": "wx0000000000000000", "secret": "0" * 32}
    assert code(bench.ask("/cgi-bin/stable_token", unknown)) == 40013
    assert code(bench.ask("/cgi-bin/stable_token", {**unknown, "grant_type": "password"})) == 40002
    assert code(bench.ask(PUBLISHED, PAGE, token="not a token".replace(" ", "+"))) == 40014
    assert code(bench.ask(PUBLISHED, PAGE, token="9" * 137)) == 40001
    assert b"41001" in bench.raw(f"/wechat{PUBLISHED}", PAGE)[2]


def test_bad_requests_have_their_own_numbers(bench: Any) -> None:
    assert code(bench.ask(PUBLISHED, method="GET")) == 43002
    assert code(bench.ask(PUBLISHED, b"", method="POST")) == 44002
    assert code(bench.ask(PUBLISHED, b"{offset", method="POST")) == 47001
    assert code(bench.ask(PUBLISHED, {"offset": 0, "count": 21})) == 40097
    assert code(bench.ask("/cgi-bin/no/such", PAGE)) == 40066


def test_the_day_budget_is_the_accounts_and_one_apis_until_midnight_in_beijing(serve: Callable[..., Any]) -> None:
    bench = serve()
    for _ in range(100):
        assert code(bench.ask(PUBLISHED, PAGE)) == 0
    assert code(bench.ask(PUBLISHED, PAGE)) == 45009
    post = bench.talked_about()
    assert code(bench.ask(LIST, {"msg_data_id": post.number, "index": post.idx - 1, "begin": 0, "count": 1, "type": 0})) == 0
    said = bench.ask("/cgi-bin/openapi/quota/get", {"cgi_path": PUBLISHED})
    assert said["quota"] == {"daily_limit": 100, "used": 100, "remain": 0}
    assert code(bench.ask("/cgi-bin/openapi/quota/get", {"cgi_path": "/cgi-bin/nothing"})) == 76021
    bench.clock.advance(14 * 3600)
    bench.tokens.clear()
    assert code(bench.ask(PUBLISHED, PAGE)) == 0


def test_counters_can_be_cleared_ten_times_a_month(bench: Any) -> None:
    bench.ask(PUBLISHED, PAGE)
    for _ in range(10):
        assert code(bench.ask("/cgi-bin/clear_quota", {"appid": bench.account.ext_id})) == 0
    assert bench.ask("/cgi-bin/openapi/quota/get", {"cgi_path": PUBLISHED})["quota"]["used"] == 0
    assert code(bench.ask("/cgi-bin/clear_quota", {"appid": bench.account.ext_id})) == 48006


def test_a_minute_has_its_own_limit(serve: Callable[..., Any]) -> None:
    bench = serve(limits={"wechat_minute": 3})
    assert [code(bench.ask(PUBLISHED, PAGE)) for _ in range(4)] == [0, 0, 0, 45011]
    bench.clock.advance(60)
    assert code(bench.ask(PUBLISHED, PAGE)) == 0


def test_faults_have_their_wire_form(bench: Any) -> None:
    faults, who = bench.world.faults, bench.account.ext_id
    bench.ask(PUBLISHED, PAGE)
    for kind, path, expected in (
        ("ip_not_whitelisted", "", 40164),
        ("permission_withdrawn", "", 48001),
        ("user_quota", "", 45009),
        ("endpoint_quota", "freepublish", 45009),
        ("token_expired", "", 42001),
    ):
        faults.set(kind, account=who, path=path)
        answer = bench.ask(PUBLISHED, PAGE)
        assert code(answer) == expected
        faults.clear(kind, account=who)
        assert code(bench.ask(PUBLISHED, PAGE)) == 0
    faults.set("permission_withdrawn", account=who, path="/comment/")
    assert code(bench.ask(LIST, {"msg_data_id": 1, "index": 0, "begin": 0, "count": 1})) == 88000
    assert code(bench.ask(PUBLISHED, PAGE)) == 0
    faults.set("ip_not_whitelisted")
    assert "ipv6 ::ffff:" in bench.token()["errmsg"]


def test_a_token_that_died_early_is_replaced_by_asking_again(bench: Any) -> None:
    old = bench.token()["access_token"]
    bench.clock.advance(100)
    bench.world.faults.set("token_expired", account=bench.account.ext_id, since=bench.clock.now() - 1)
    assert code(bench.ask(PUBLISHED, PAGE, token=old)) == 42001
    new = bench.token()["access_token"]
    assert new != old and code(bench.ask(PUBLISHED, PAGE, token=new)) == 0


def test_with_a_second_issuer_plain_tokens_die_within_a_minute(bench: Any) -> None:
    bench.world.faults.set("two_issuers", account=bench.account.ext_id)
    for _ in range(3):
        held = bench.plain_token()["access_token"]
        assert code(bench.ask(PUBLISHED, PAGE, token=held)) == 0
        bench.clock.advance(61)
        assert code(bench.ask(PUBLISHED, PAGE, token=held)) == 40001
