"""Every kind of fault in its wire form: what the run says, and whether the account is called silent, unseen or neither."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.town import Town, make_town
from matrix.inspection import Verdict
from simulator.faults import KINDS
from storage import organizations, silence
from storage.database import open_database

START = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
BLIND = Verdict.BLIND.value
FINE = Verdict.NORMAL.value

# (route, fault): kind of error, words of the sentence, verdict after one look, verdict after three
STORMS = {
    ("weibo_commercial", "token_expired"): ("credentials", "授权已过期", BLIND, BLIND),
    ("weibo_commercial", "ip_quota"): ("quota", "额度已用完", BLIND, BLIND),
    ("weibo_commercial", "user_quota"): ("quota", "该账号的调用额度已用完", BLIND, BLIND),
    ("weibo_commercial", "endpoint_quota"): ("quota", "“微博列表”接口", BLIND, BLIND),
    ("weibo_commercial", "permission_withdrawn"): ("permission", "接口权限", BLIND, BLIND),
    ("weibo_commercial", "ip_not_whitelisted"): ("refused", "IP 白名单", BLIND, BLIND),
    ("weibo_commercial", "html_login"): ("refused", "网页而不是数据", BLIND, BLIND),
    ("weibo_commercial", "http_5xx"): ("network", "暂时不可用", FINE, BLIND),
    ("weibo_commercial", "reset"): ("network", "连接被中断", FINE, BLIND),
    ("weibo_free", "stall"): ("network", "没有应答完", FINE, BLIND),
    ("weibo_free", "truncated_json"): ("malformed", "应答不完整", FINE, BLIND),
    ("wechat", "user_quota"): ("quota", "今天的调用额度已用完", BLIND, BLIND),
    ("wechat", "ip_not_whitelisted"): ("refused", "203.0.113.7", BLIND, BLIND),
    ("feed", "feed_stalled"): ("refused", "没有再更新", BLIND, BLIND),
    ("feed", "html_login"): ("refused", "网页而不是订阅内容", BLIND, BLIND),
}
# What a good collector takes in its stride: the look is complete and nobody is accused.
BORNE = {
    "weibo_commercial": (
        "wrong_content_type", "slow_drip", "short_pages", "insert_between_pages", "delete_between_pages", "count_strings",
        "filtered_comments", "deleted_posts", "hidden_posts", "edited_posts", "lone_surrogates", "clock_skew",
    ),
    "wechat": ("token_expired", "two_issuers", "late_statistics", "revised_statistics"),
    "feed": ("malformed_feed",),
}  # fmt: skip
BREEZES = [(route, kind) for route, kinds in BORNE.items() for kind in kinds]


def test_the_table_leaves_no_fault_of_the_simulator_out() -> None:
    assert {kind for _, kind in (*STORMS, *BREEZES)} == set(KINDS)


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Town]]:
    made = {}
    for route in ("weibo_commercial", "weibo_free", "wechat", "feed"):
        place = Path(tmp_path_factory.mktemp(route)) / "town"
        town = made[route] = make_town(place, seed=5, size=2, start=START, history_days=3, mix=(route,), patience=0.6)
        for account in town.world.city.accounts:  # made ahead, so that no answer is late for want of a city
            town.world.city.posts(account, 0, START.timestamp() + 60 * 86400)
        town.look_at_everybody()
    yield made
    for town in made.values():
        town.close()


def last_run(town: Town) -> tuple[str, str, str]:
    with closing(open_database(town.path)) as db:
        return db.execute("SELECT outcome, error_kind, sentence FROM runs WHERE account_id = 1 ORDER BY id DESC").fetchone()


def verdict(town: Town) -> tuple[str, str]:
    with closing(open_database(town.path)) as db:
        judged = silence.verdicts(db, organizations.roots(db), town.now(), 14)
    return judged["verdict"].iloc[0], judged["reason"].iloc[0]


def recover(town: Town) -> None:
    for kind in KINDS:
        town.world.faults.clear(kind)
    town.clock.advance(26 * 3600)
    town.look_at_everybody()


@pytest.fixture(autouse=True)
def fair_weather_afterwards(towns: dict[str, Town], request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if hasattr(request.node, "callspec"):
        recover(towns[request.node.callspec.params["route"]])


@pytest.mark.parametrize(("route", "kind"), STORMS)
def test_what_we_cannot_see_is_said_to_be_our_blindness_and_ends_when_the_fault_ends(
    towns: dict[str, Town], route: str, kind: str
) -> None:
    town = towns[route]
    error, words, at_once, at_last = STORMS[route, kind]
    town.clock.advance((27 if route == "wechat" else 3) * 3600)  # WeChat asks for the day's statistics once a day
    town.world.faults.set(kind, since=town.clock.now() - 1 if kind == "token_expired" else float("-inf"))
    town.clock.advance(60)
    town.look_at_everybody()
    _, found, sentence = last_run(town)
    assert (found, words in sentence) == (error, True), sentence
    assert verdict(town)[0] == at_once
    for _ in range(2):
        town.clock.advance(120)
        town.look_at_everybody()
    judged, reason = verdict(town)
    assert (judged, reason.startswith("自")) == (at_last, True), reason
    recover(town)
    assert last_run(town)[1] == ""
    assert verdict(town)[0] == FINE


@pytest.mark.parametrize(("route", "kind"), BREEZES)
def test_what_can_be_borne_is_borne_and_nobody_is_accused(towns: dict[str, Town], route: str, kind: str) -> None:
    town = towns[route]
    town.clock.advance(3 * 3600)
    rate = 900.0 if kind == "clock_skew" else 1.0
    since = town.clock.now() - 1 if kind == "token_expired" else float("-inf")
    town.world.faults.set(kind, rate, since=since)
    town.clock.advance(60)
    town.look_at_everybody()
    assert last_run(town)[1] == ""
    assert verdict(town)[0] == FINE


def test_no_sentence_of_any_run_or_outage_holds_a_secret(towns: dict[str, Town]) -> None:
    for town in towns.values():
        secrets = [one.token or one.secret for one in town.world.city.accounts if one.token or one.secret]
        with closing(open_database(town.path)) as db:
            told = "\n".join(row[0] for row in db.execute("SELECT sentence FROM runs UNION SELECT sentence FROM outages"))
        assert not [secret for secret in secrets if secret in told]
