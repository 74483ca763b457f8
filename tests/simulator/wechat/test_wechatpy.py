"""A WeChat client that we did not write reads the simulated platform over a real socket and finds what it expects."""

from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from wechatpy.client import WeChatClient
from wechatpy.exceptions import APILimitedException, WeChatClientException

from simulator.seeing import visible_comments

HOST = "https://api.weixin.qq.com"


class ToTheSimulator(HTTPAdapter):
    """Carries what is meant for the platform's host to our port; the client itself stays as it was published."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:
        assert request.url is not None and request.url.startswith(HOST)
        request.url = f"{self.url}/wechat{request.url.removeprefix(HOST)}"
        return super().send(request, *args, **more)


@pytest.fixture
def client(bench: Any) -> WeChatClient:
    made = WeChatClient(bench.account.ext_id, bench.account.secret, timeout=5)
    made._http.mount(HOST, ToTheSimulator(bench.running.url))
    return made


def test_it_fetches_a_token(bench: Any, client: WeChatClient) -> None:
    got = client.fetch_access_token()
    assert got["expires_in"] == 7200 and client.access_token == got["access_token"]


def test_it_reads_comments_and_replies(bench: Any, client: WeChatClient) -> None:
    post = bench.talked_about()
    answer = client.material.list_comment(post.number, post.idx - 1, 0, 49, 0)
    shown = visible_comments(post, bench.clock.now())
    assert answer["total"] >= len(shown)
    texts = {c.number: c.text for c in shown}
    assert all(texts[row["user_comment_id"]] == row["content"] for row in answer["comment"])
    replied = {c.number: c.reply_text for c in shown if c.reply_at is not None and c.reply_at <= bench.clock.now()}
    assert all(row["reply"]["content"] == replied[row["user_comment_id"]] for row in answer["comment"] if "reply" in row)
    with pytest.raises(WeChatClientException) as refused:
        client.material.list_comment(post.number, post.idx - 1)  # its own default asks for 50
    assert refused.value.errcode == 88010


def test_it_reads_follower_statistics(bench: Any, client: WeChatClient) -> None:
    week = bench.day(7)["begin_date"], bench.day(1)["end_date"]
    levels = client.datacube.get_user_cumulate(*week)
    moves = client.datacube.get_user_summary(*week)
    assert len(levels) == 7 and levels[-1]["cumulate_user"] > 0
    assert sum(row["new_user"] - row["cancel_user"] for row in moves if row["ref_date"] == week[1]) == (
        levels[-1]["cumulate_user"] - levels[-2]["cumulate_user"]
    )


def test_it_reads_the_old_article_statistics(bench: Any, client: WeChatClient) -> None:
    posted = next(
        bench.day(ago)["begin_date"] for ago in range(2, 9) if client.datacube.get_article_total(*bench.day(ago).values())
    )
    totals = client.datacube.get_article_total(posted, posted)
    assert totals[0]["ref_date"] == posted and totals[0]["details"][0]["int_page_read_user"] >= 0
    assert all(row["title"] for row in client.datacube.get_article_summary(posted, posted))
    assert client.datacube.get_user_read(posted, posted)[0]["user_source"] == 99999999
    with pytest.raises(WeChatClientException) as refused:
        client.datacube.get_article_total(*bench.day(0).values())
    assert refused.value.errcode == 61501


def test_it_reads_material(bench: Any, client: WeChatClient) -> None:
    counts = client.material.get_count()
    page = client.material.batchget("news", 0, 5)
    assert page["total_count"] == counts["news_count"] and page["item_count"] == len(page["item"]) == 5
    item = page["item"][0]
    assert client.material.get(item["media_id"]) == item["content"]["news_item"]
    assert item["content"]["news_item"][0]["url"].startswith("http://mp.weixin.qq.com/s?__biz=")
    assert client.material.batchget("image", 0, 5)["total_count"] == counts["image_count"]


def test_it_recovers_when_its_token_dies(bench: Any, client: WeChatClient) -> None:
    first = client.access_token
    bench.clock.advance(7200)
    assert client.material.get_count()["news_count"] > 0  # 42001, a new token, and the same question again
    assert client.access_token != first
    rival = WeChatClient(bench.account.ext_id, bench.account.secret, timeout=5)
    rival._http.mount(HOST, ToTheSimulator(bench.running.url))
    rival.fetch_access_token()
    bench.clock.advance(301)
    mine = client.access_token
    assert client.material.get_count()["news_count"] > 0  # 40001: the rival's token had killed ours
    assert client.access_token != mine


def test_it_recognises_refusals(bench: Any, client: WeChatClient) -> None:
    faults, who = bench.world.faults, bench.account.ext_id
    client.material.get_count()
    faults.set("user_quota", account=who)
    with pytest.raises(APILimitedException):
        client.material.get_count()
    faults.clear("user_quota", account=who)
    faults.set("permission_withdrawn", account=who)
    with pytest.raises(WeChatClientException) as refused:
        client.material.get_count()
    assert refused.value.errcode == 48001 and "rid: " in refused.value.errmsg
    wrong = WeChatClient(who, "0" * 32, timeout=5)
    wrong._http.mount(HOST, ToTheSimulator(bench.running.url))
    with pytest.raises(WeChatClientException) as refused:
        wrong.fetch_access_token()
    assert refused.value.errcode == 40125
