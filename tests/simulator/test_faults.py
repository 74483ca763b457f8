"""Every fault of the simulated Weibo has its wire form over a real socket, ends, and can be repeated."""

import http.client
import json
import time
import urllib.error
from email.utils import parsedate_to_datetime
from itertools import pairwise

import pytest

from simulator.faults import CONDITIONS, CONTENT, KINDS, Faults, parse_fault
from simulator.script import add_post

OWN, FREE = "/weibo-commercial/2/statuses/user_timeline/biz.json", "/weibo-free/2/statuses/user_timeline.json"
REFUSALS = {
    "token_expired": (21327, "expired_token", 400),
    "user_quota": (10023, "User requests out of rate limit!", 403),
    "ip_quota": (10022, "IP requests out of rate limit", 403),
    "endpoint_quota": (10024, "User requests for (/statuses/user_timeline/biz) out of rate limit", 403),
    "permission_withdrawn": (10014, "Insufficient app permissions!", 403),
    "ip_not_whitelisted": (10004, "IP limit", 403),
}


@pytest.mark.parametrize("kind", REFUSALS)
def test_a_condition_refuses_in_the_documented_words_and_ends(served, kind: str) -> None:
    owner, now = served.account("weibo_commercial"), served.clock.now()
    served.world.faults.set(kind, until=now + 600)
    status, _, body = served.raw(OWN, owner)
    code, words, wanted = REFUSALS[kind]
    assert (
        body
        == json.dumps(
            {"error": words, "error_code": code, "request": "/2/statuses/user_timeline/biz.json"}, separators=(",", ":")
        ).encode()
    )
    assert status == wanted
    served.clock.advance(600)
    assert "statuses" in served.get(OWN, owner)


def test_a_condition_can_hit_one_account_or_one_path_only(served) -> None:
    one, other = served.account("weibo_commercial"), served.account("weibo_commercial", 1)
    served.world.faults.set("token_expired", account=one.ext_id)
    assert served.get(OWN, one)["error_code"] == 21327
    assert "statuses" in served.get(OWN, other)
    served.world.faults.clear("token_expired", account=one.ext_id)
    served.world.faults.set("endpoint_quota", path="comments/to_me")
    assert "statuses" in served.get(OWN, one)
    assert served.get("/weibo-commercial/2/comments/to_me/biz.json", one)["error_code"] == 10024


def test_the_token_s_life_runs_out_when_its_fault_begins(served) -> None:
    owner = served.account("weibo_commercial")
    served.world.faults.set("token_expired", account=owner.ext_id, since=served.clock.now() + 3000)
    assert served.get("/weibo-free/oauth2/get_token_info", owner, method="POST")["expire_in"] == 3000


def test_unknown_tokens_addresses_and_methods_are_refused(served) -> None:
    owner, free = served.account("weibo_commercial"), served.account("weibo_free")
    assert served.get(OWN, access_token="wrong")["error_code"] == 21332
    assert served.get(OWN)["error_code"] == 21323
    assert served.get(OWN, free)["error_code"] == 10014
    assert served.get("/weibo-free/2/statuses/friends.json", owner)["error_code"] == 10020
    assert served.get(OWN, owner, method="POST")["error_code"] == 10021


def test_a_login_page_comes_with_status_200(serve) -> None:
    served = serve(rates={"html_login": 1.0})
    status, headers, body = served.raw(OWN, served.account("weibo_commercial"))
    assert status == 200 and headers["content-type"].startswith("text/html")
    assert "请登录" in body.decode()


def test_json_may_come_under_a_wrong_type(serve) -> None:
    served = serve(rates={"wrong_content_type": 1.0})
    status, headers, body = served.raw(OWN, served.account("weibo_commercial"))
    assert (status, headers["content-type"]) == (200, "text/html; charset=GBK")
    assert json.loads(body)["statuses"]


def test_gateways_fail_with_a_page_of_html(serve) -> None:
    served = serve(rates={"http_5xx": 1.0})
    seen = [served.raw(OWN, served.account("weibo_commercial")) for _ in range(12)]
    assert {status for status, _, _ in seen} <= {500, 502, 503, 504} and len({s for s, _, _ in seen}) > 1
    assert all(body.startswith(b"<html>") for _, _, body in seen)
    assert all(("retry-after" in headers) == (status == 503) for status, headers, _ in seen)


def test_json_ends_early_in_three_ways(serve) -> None:
    served, forms = serve(rates={"truncated_json": 1.0}), set()
    for _ in range(25):
        try:
            body = served.raw(OWN, served.account("weibo_commercial"))[2]
        except http.client.IncompleteRead:
            forms.add("cut")
            continue
        forms.add("short" if body else "empty")
        with pytest.raises(ValueError):
            json.loads(body or "")
    assert forms == {"cut", "short", "empty"}


def test_a_connection_is_reset_in_the_middle_of_the_body(serve) -> None:
    served = serve(rates={"reset": 1.0})
    with pytest.raises((ConnectionResetError, http.client.IncompleteRead, urllib.error.URLError)):
        served.raw(OWN, served.account("weibo_commercial"))


def test_a_stall_outlives_the_reader_s_patience_but_not_its_limit(serve) -> None:
    served = serve(rates={"stall": 1.0}, stall_s=0.6)
    owner = served.account("weibo_commercial")
    with pytest.raises(TimeoutError):
        served.raw(OWN, owner, timeout=0.2)
    begun = time.monotonic()
    assert json.loads(served.raw(OWN, owner)[2])["statuses"]
    assert 0.5 < time.monotonic() - begun < 2.0


def test_a_slow_drip_never_pauses_for_long_but_takes_its_time(serve) -> None:
    served = serve(rates={"slow_drip": 1.0})
    begun = time.monotonic()
    assert json.loads(served.raw(OWN, served.account("weibo_commercial"), timeout=0.5)[2])["statuses"]
    assert time.monotonic() - begun > 0.8


def test_the_date_header_follows_the_clock_and_can_be_skewed(served) -> None:
    owner = served.account("weibo_commercial")

    def off() -> float:
        return parsedate_to_datetime(served.raw(OWN, owner)[1]["date"]).timestamp() - served.clock.now()

    assert abs(off()) < 1
    served.world.faults.set("clock_skew", 600)
    assert abs(off() - 600) < 1


def test_short_and_empty_pages_lead_on_and_lose_nothing(served) -> None:
    owner = served.account("weibo_commercial")
    whole = [one["id"] for one in served.get(OWN, owner, count=100)["statuses"]]
    served.world.faults.set("short_pages")
    walked, cursor, sizes = [], 0, []
    while True:
        page = served.get(OWN, owner, count=10, **({"max_id": cursor} if cursor else {}))
        walked += [one["id"] for one in page["statuses"]]
        sizes.append(len(page["statuses"]))
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert walked == whole and len(sizes) > len(whole) / 10


def test_pages_slide_as_if_something_was_inserted_or_deleted_between(served) -> None:
    owner = served.account("weibo_commercial")
    whole = [one["id"] for one in served.get(OWN, owner, count=100)["statuses"]]
    served.world.faults.set("insert_between_pages")
    assert served.get(OWN, owner, count=3, page=2)["statuses"][0]["id"] == whole[2]
    served.world.faults.clear("insert_between_pages")
    served.world.faults.set("delete_between_pages")
    assert served.get(OWN, owner, count=3, page=2)["statuses"][0]["id"] == whole[4]
    assert [one["id"] for one in served.get(OWN, owner, count=3, max_id=whole[3])["statuses"]] == whole[3:6]


def test_counts_come_as_display_strings_and_then_as_numbers(served) -> None:
    owner, path = served.account("weibo_commercial"), "/weibo-commercial/2/statuses/count.json"
    post = add_post(served.world.city, owner, served.clock.now() - 20 * 86_400, "名帖")
    post.final_likes, post.final_shares = 2_000_000, 326_400
    served.world.faults.set("count_strings")
    [shown] = served.get(path, owner, ids=post.key)
    assert (shown["attitudes"], shown["reposts"], shown["comments"]) == ("100万+", "32.6万", "0")
    served.world.faults.clear("count_strings")
    [then] = served.get(path, owner, ids=post.key)
    assert then["attitudes"] > 1_900_000 and then["reposts"] >= 326_000


def test_content_faults_shape_the_city_and_nothing_else(serve) -> None:
    plain = serve().world.city
    shaken = serve(rates=dict.fromkeys(CONTENT, 0.5)).world.city
    a, b = ([p for x in c.accounts if x.platform == "weibo" for p in c.posts(x, 0, c.start)] for c in (plain, shaken))
    assert [post.key for post in a] == [post.key for post in b]
    assert sum(p.deleted_at is not None for p in b) > 0.3 * len(b) > sum(p.deleted_at is not None for p in a)
    assert sum(p.hidden_at is not None for p in b) > 0.1 * len(b)
    assert sum(bool(p.edits) for p in b) > 0.3 * len(b)
    assert any(c.filtered_at for p in b for c in p.comments)
    assert any("\ud83d" in p.text for p in b)


def test_lone_surrogates_and_emoji_are_escaped_on_the_wire(serve) -> None:
    served = serve(rates={"lone_surrogates": 1.0})
    body = served.raw(OWN, served.account("weibo_commercial"))[2]
    assert b"\\ud83d" in body and b"\\u200d" in body
    assert all("\ud83d" in one["text"] and "👨" in one["text"] for one in json.loads(body)["statuses"])


def test_the_dice_fall_the_same_way_again_and_about_as_often_as_asked() -> None:
    throws = [[Faults({"reset": 0.1}, seed).strikes("reset") for _ in range(1)] for seed in (1, 1)]
    one, two = Faults({"reset": 0.1}, 5), Faults({"reset": 0.1}, 5)
    throws = [[dice.strikes("reset", "a") for _ in range(2000)] for dice in (one, two)]
    assert throws[0] == throws[1]
    assert 140 < sum(throws[0]) < 260
    assert one.seen["reset"] == sum(throws[0])


def test_conditions_of_a_run_begin_and_end_and_spare_some() -> None:
    for kind, (cycle, _, longest, _) in CONDITIONS.items():
        if kind in ("clock_skew", "revised_statistics"):
            continue
        faults = Faults({kind: 0.5}, 3)
        held = [faults.is_on(kind, 1_772_000_000 + n * 600, "9100000007", "/weibo-free/x") for n in range(10 * cycle // 600)]
        assert 0 < sum(held) < 0.9 * len(held), kind
        assert any(a and not b for a, b in pairwise(held)), kind
        assert longest <= cycle


def test_the_command_line_s_words_become_faults() -> None:
    assert parse_fault("stall:0.5") == ("stall", 0.5)
    assert parse_fault("token_expired")[1] > 0
    with pytest.raises(ValueError, match="没有这种故障"):
        parse_fault("gremlins")
    assert len(KINDS) == len(set(KINDS)) >= 26
