"""Budgets of the simulated platforms are counted per user, address and endpoint and come back with the clock."""

from simulator.quotas import Quotas, seconds_left

FREE, OWN = "/weibo-free/2/statuses/user_timeline.json", "/weibo-commercial/2/statuses/user_timeline/biz.json"


def test_a_user_of_the_free_host_has_a_hundred_calls_a_beijing_day(served) -> None:
    owner, other = served.account("weibo_free"), served.account("weibo_commercial")
    answers = [served.get(FREE, owner) for _ in range(101)]
    assert all("statuses" in one for one in answers[:100])
    assert answers[100]["error_code"] == 10023
    assert "statuses" in served.get(FREE, other)
    assert served.get("/weibo-free/2/account/rate_limit_status.json", owner)["remaining_user_hits"] == 0
    served.clock.advance(4 * 3600)
    assert "statuses" in served.get(FREE, owner)


def test_an_address_has_its_calls_an_hour_on_each_host(serve) -> None:
    served = serve(limits={"weibo_commercial_ip_hour": 3})
    owner = served.account("weibo_commercial")
    assert [served.get(OWN, owner).get("error_code") for _ in range(4)] == [None, None, None, 10022]
    assert "statuses" in served.get(FREE, owner)
    served.clock.advance(3600)
    assert "statuses" in served.get(OWN, owner)


def test_an_endpoint_may_have_its_own_limit(serve) -> None:
    name = "weibo_endpoint_hour:/2/statuses/user_timeline/biz.json"
    served = serve(limits={name: 1})
    owner = served.account("weibo_commercial")
    assert [served.get(OWN, owner).get("error_code") for _ in range(2)] == [None, 10024]
    status = served.get("/weibo-commercial/2/account/rate_limit_status.json", owner)
    assert {"api": "/statuses/user_timeline/biz", "limit": 1, "limit_time_unit": "HOURS", "remaining_hits": 0} in status[
        "api_rate_limits"
    ]


def test_the_status_of_the_limits_has_the_documented_form(served) -> None:
    status = served.get("/weibo-free/2/account/rate_limit_status.json", served.account("weibo_free"))
    assert {name: type(value) for name, value in status.items()} == {
        "api_rate_limits": list,
        "ip_limit": int,
        "limit_time_unit": str,
        "remaining_ip_hits": int,
        "remaining_user_hits": int,
        "reset_time": str,
        "reset_time_in_seconds": int,
        "user_limit": int,
    }
    assert (status["user_limit"], status["ip_limit"], status["remaining_user_hits"]) == (100, 15_000, 100)
    assert status["reset_time"] == "2026-03-03 00:00:00" and status["reset_time_in_seconds"] == 4 * 3600


def test_spans_end_at_beijing_borders() -> None:
    evening = 1_772_452_800.0  # 20:00 in Beijing
    assert seconds_left("day", evening) == 4 * 3600
    quotas = Quotas({"x": 1})
    assert [quotas.take("x", "a", "day", evening + n) for n in (0, 1, 4 * 3600)] == [True, False, True]
    quotas.clear("x")
    assert quotas.take("x", "a", "day", evening + 4 * 3600)
    assert quotas.take("without a limit", "a", "day", evening)
