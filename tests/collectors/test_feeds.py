"""Collecting feeds over real sockets: pages, conditional requests, feeds that are gone, walled, damaged or asleep."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.feeds import Feed
from collectors.feeds_address import address_of
from collectors.task import Task
from collectors.web import Web
from matrix.account import Account, Platform, Route
from matrix.run import Batch, CollectError, ErrorKind
from settings import Settings
from settings import Web as Knobs
from simulator import feeds as simulated
from simulator.clock import ManualClock
from simulator.faults import Faults
from simulator.server import Running, start_server
from simulator.world import make_world
from tests.wire import Script, host_with, resets, says

RECORDINGS = Path(__file__).resolve().parent.parent / "recordings" / "feeds"
NOW = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
MANNERS = replace(Settings(), web=Knobs(connect_seconds=0.5, read_seconds=0.5, pace_seconds=0))
RSS = (RECORDINGS / "wewe.rss").read_text(encoding="utf-8")


@dataclass
class Looks:
    """Runs at one feed, with the cursors as they were saved."""

    url: str
    now: datetime = NOW
    cursors: dict[str, str] = field(default_factory=dict)
    history: timedelta = timedelta(days=30)

    def batches(self, stop_after: int = 10**6) -> list[Batch]:
        account = Account(7, Platform.WECHAT, "MP_TEST", "青石发布", 1, Route.FEED, feed_url=self.url)
        web = Web(MANNERS, lambda: self.now, lambda _: None)
        task = Task(account, None, dict(self.cursors), (), self.now - self.history)
        brought: list[Batch] = []
        for batch in Feed().collect(task, web, MANNERS, self.now):
            brought.append(batch)
            self.cursors |= batch.cursors
            if len(brought) >= stop_after:
                break
        return brought

    def failure(self) -> CollectError:
        with pytest.raises(CollectError) as caught:
            self.batches()
        return caught.value


def ids_in(batches: list[Batch]) -> set[str]:
    return {post.ext_id for batch in batches for post in batch.posts}


def notes_in(batches: list[Batch]) -> str:
    return "".join(note for batch in batches for note in batch.notes)


def index_of(times: Mapping[str, datetime]) -> Script:
    return says(json.dumps([{"id": name, "syncTime": int(at.timestamp())} for name, at in times.items()]))


def test_an_unchanged_feed_is_not_sent_again() -> None:
    with host_with(says(RSS, ETag='"v1"', Last_Modified="Mon, 02 Mar 2026 06:06:40 GMT"), says("", "304 Not Modified")) as host:
        looks = Looks(f"http://{host.name}/gov.xml")
        assert ids_in(looks.batches()) == {"MP_TEST:TESTshort0000000000001", "MP_TEST:TESTshort0000000000002"}
        assert ids_in(looks.batches()) == set() and notes_in(looks.batches()) == ""
        assert b'if-none-match: "v1"' in host.requests[1].lower()
        assert b"if-modified-since: mon, 02 mar 2026 06:06:40 gmt" in host.requests[1].lower()


def test_a_damaged_feed_is_not_taken_for_the_last_word() -> None:
    with host_with(says(RSS[: RSS.rfind("<item>") + 30], ETag='"v1"'), says(RSS, ETag='"v1"')) as host:
        looks = Looks(f"http://{host.name}/gov.xml")
        first = looks.batches()
        assert len(ids_in(first)) == 1 and "截断" in notes_in(first) and "etag" not in looks.cursors
        assert len(ids_in(looks.batches())) == 2
        assert b"if-none-match" not in host.requests[1].lower()


@pytest.mark.parametrize(
    ("script", "kind", "words", "cause"),
    [
        (
            says('{"statusCode":400,"message":"不存在该feed！"}', "400 Bad Request"),
            ErrorKind.GONE,
            "没有这个订阅",
            "account:7:feed",
        ),
        (says('{"detail":{"code":40401}}', "404 Not Found"), ErrorKind.GONE, "没有这个订阅", "account:7:feed"),
        (says("", "410 Gone"), ErrorKind.GONE, "没有这个订阅", "account:7:feed"),
        (says("", "403 Forbidden"), ErrorKind.REFUSED, "403", "host:{host}:refused"),
        (says("<!DOCTYPE html><html>请登录</html>"), ErrorKind.REFUSED, "网页", "account:7:feed"),
        (says(""), ErrorKind.MALFORMED, "残缺", "account:7:feed"),
        (says(RSS[:300]), ErrorKind.MALFORMED, "残缺", "account:7:feed"),
        (says(RSS, length=90_000), ErrorKind.MALFORMED, "不完整", "host:{host}:malformed"),
        (says("x", "502 Bad Gateway"), ErrorKind.NETWORK, "502", "host:{host}:network"),
        (resets, ErrorKind.NETWORK, "中断", "host:{host}:network"),
        (says(b"<rss>" + b" " * 9_000_000), ErrorKind.MALFORMED, "上限", "host:{host}:malformed"),
    ],
)
def test_every_refusal_has_its_kind_its_sentence_and_its_cause(script: Script, kind: ErrorKind, words: str, cause: str) -> None:
    with host_with(script) as host:
        failure = Looks(f"http://user:INVENTEDpassword@{host.name}/feeds/MP_WXS_1.rss?key=INVENTEDkey").failure()
        assert (failure.kind, failure.cause) == (kind, cause.format(host=host.name))
    assert words in failure.sentence and "INVENTED" not in failure.sentence + failure.cause


@pytest.mark.parametrize(
    ("url", "words"), [("", "没有登记"), ("ftp://x/y", "没有登记"), ("http://127.0.0.1/feeds/all.rss", "分清")]
)
def test_an_address_that_cannot_be_a_feed_of_one_account_is_not_asked(url: str, words: str) -> None:
    failure = Looks(url).failure()
    assert (failure.kind, failure.cause) == (ErrorKind.REFUSED, "account:7:feed") and words in failure.sentence


@pytest.mark.parametrize(
    ("url", "tool", "second", "index"),
    [
        ("http://h/feeds/MP_WXS_1.rss", "wewe", "http://h/feeds/MP_WXS_1.rss?limit=50&page=2", "http://h/feeds"),
        ("http://h/w/feeds/MP_WXS_1.json?mode=fulltext", "wewe", "http://h/w/feeds/MP_WXS_1.json?mode=fulltext&limit=50&page=2",
         "http://h/w/feeds"),
        ("http://h/rss/MP_WXS_1", "we_mp", "http://h/rss/MP_WXS_1?limit=50&offset=50", ""),
        ("http://h/rss/MP_WXS_1/fresh?limit=5", "we_mp", "http://h/rss/MP_WXS_1/fresh?limit=50&offset=50", ""),
        ("http://h/rss/feed/2650300001_1", "", "", ""),
        ("http://h/feeds/news.xml?page=1", "", "", ""),
    ],
)  # fmt: skip
def test_pages_are_asked_for_only_where_the_tool_has_them(url: str, tool: str, second: str, index: str) -> None:
    address = address_of(url)
    assert (address.tool, address.page(2), address.index()) == (tool, second, index)
    assert address_of("http://h/feeds/news.xml?page=1").page(1) == "http://h/feeds/news.xml?page=1"


def test_a_feed_that_has_itself_stopped_is_blindness_and_not_silence() -> None:
    times = {"MP_WXS_1": NOW - timedelta(days=3), "MP_WXS_2": NOW - timedelta(hours=4)}
    with host_with(says(RSS), index_of(times)) as host:
        looks, brought = Looks(f"http://{host.name}/feeds/MP_WXS_1.rss", history=timedelta(days=1)), []
        with pytest.raises(CollectError) as caught:
            brought += looks.batches()
        failure = caught.value
        assert (failure.kind, failure.cause) == (ErrorKind.REFUSED, "account:7:feed:stalled")
        assert "2026-02-28 10:00" in failure.sentence and "不等于没有发布" in failure.sentence
        assert looks.cursors["head"], "what the feed still holds was saved before"


def test_a_tool_of_which_no_feed_is_fresh_is_one_cause() -> None:
    times = {"MP_WXS_1": NOW - timedelta(days=3), "MP_WXS_2": NOW - timedelta(days=5)}
    with host_with(says(RSS), index_of(times)) as host:
        failure = Looks(f"http://{host.name}/feeds/MP_WXS_1.rss", history=timedelta(days=1)).failure()
        assert failure.cause == f"feeds:{host.name}:stalled" and "所有订阅" in failure.sentence


@pytest.mark.parametrize(
    "index", [index_of({"MP_WXS_1": NOW - timedelta(hours=20)}), says("", "404 Not Found"), says("[1]"), says("{}")]
)
def test_a_fresh_feed_or_one_without_an_index_is_no_blindness(index: Script) -> None:
    with host_with(says(RSS), index) as host:
        looks = Looks(f"http://{host.name}/feeds/MP_WXS_1.rss", history=timedelta(days=1))
        assert len(ids_in(looks.batches())) == 2
        before = len(host.requests)
        host.scripts[:] = [says(RSS)]
        looks.now += timedelta(hours=1)
        looks.batches()
        assert len(host.requests) == before + 1, "the index is asked for every three hours"


def test_an_empty_feed_is_noted() -> None:
    with host_with(says("<rss><channel><title>x</title></channel></rss>")) as host:
        assert "没有任何文章" in notes_in(Looks(f"http://{host.name}/gov.xml").batches())


def test_a_feed_that_gives_the_same_page_for_ever_is_left_after_the_second() -> None:
    with host_with(says(RSS)) as host:
        batches = Looks(f"http://{host.name}/feeds/MP_WXS_1.rss").batches()
        assert len(ids_in(batches)) == 2
        assert sum(b"page=" in request for request in host.requests) == 2


def test_links_to_a_next_page_are_followed_where_the_format_has_them() -> None:
    def page(number: int, url: str) -> Script:
        items = [{"id": f"a{number}", "title": "题", "url": "", "date_published": "2026-03-02T00:00:00Z"}]
        return says(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items, "next_url": url}))

    with host_with(says("")) as host:
        host.scripts[:] = [page(1, f"http://{host.name}/p2"), page(2, f"http://{host.name}/p3"), page(3, "")]
        assert ids_in(Looks(f"http://{host.name}/feed.json").batches()) == {"MP_TEST:a1", "MP_TEST:a2", "MP_TEST:a3"}


START = datetime(2026, 3, 4, 10, 0, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture(scope="module")
def city() -> Iterator[Running]:
    world = make_world(5, 6, clock=ManualClock(START.timestamp()), faults=Faults(seed=3), history_days=40, mix=("feed",))
    running = start_server(world, routes=simulated.ROUTES)
    yield running
    running.stop()


FORMS: list[Callable[[str], str]] = [
    lambda feed: f"/feeds/{feed}.json?mode=fulltext",
    lambda feed: f"/feeds/{feed}.rss?mode=fulltext",
    lambda feed: f"/feeds/{feed}.atom",
    lambda feed: f"/we-mp-rss/rss/{feed}",
]


@pytest.mark.parametrize("form", FORMS)
def test_everything_that_a_tool_holds_comes_in_once(city: Running, form: Callable[[str], str]) -> None:
    account = city.world.city.accounts[0]
    held = [i for i in simulated.held_items(city.world, account, city.world.now()) if i.post.at > START.timestamp() - 30 * 86400]
    looks = Looks(city.url + form(account.feed), now=START.astimezone(UTC))
    batches = looks.batches()
    posts = [post for batch in batches for post in batch.posts]
    wanted = {f"MP_TEST:{item.post.key if 'we-mp' in form('') else item.short}" for item in held}
    assert len(wanted) > 50 and wanted <= ids_in(batches)
    assert len(posts) == len(ids_in(batches)) and not any("CDATA" in post.title + post.text for post in posts)
    assert {int(post.published_at.timestamp()) for post in posts} >= {item.post.at for item in held}
    asked = len(city.world.asked)
    looks.batches()
    assert len(city.world.asked) == asked + 1, "what is known is not paged through again"


@given(stops=st.lists(st.integers(min_value=1, max_value=3), max_size=3))
@settings(max_examples=4)
def test_a_look_that_was_broken_off_goes_on_to_the_same_posts(city: Running, stops: list[int]) -> None:
    url = city.url + FORMS[2](city.world.city.accounts[0].feed)
    whole, broken = Looks(url, now=START.astimezone(UTC)), Looks(url, now=START.astimezone(UTC))
    brought = [batch for stop in stops for batch in broken.batches(stop)]
    assert ids_in(brought + broken.batches()) == ids_in(whole.batches())
    assert broken.cursors["head"] == whole.cursors["head"]
