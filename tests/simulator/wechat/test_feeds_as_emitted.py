"""Feeds are as the two feed tools really write them, stumbling blocks included."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import feedparser
import pytest

from simulator.feed_items import came_in
from simulator.mids import day_of, day_start

Differs = Callable[[Any, Any], str]
ATOM = "{http://www.w3.org/2005/Atom}"


def shown(bench: Any) -> list[Any]:
    """Articles that came in until now, newest first."""
    now = bench.clock.now()
    posts = [p for p in bench.world.city.posts(bench.feed, 0, now) if (look := came_in(p)) is not None and look <= now]
    return sorted(posts, key=lambda p: (-p.at, p.idx))


def get(bench: Any, ending: str, query: str = "") -> tuple[dict[str, str], bytes]:
    status, headers, body = bench.raw(f"/feeds/{bench.feed.feed}{ending}{query}")
    assert status == 200
    return headers, body


def test_the_json_feed_is_version_one_and_knows_only_when_an_item_changed(bench: Any, differs: Differs) -> None:
    headers, body = get(bench, ".json")
    item = {"id": str, "content_html": "", "url": str, "title": str, "image": str, "date_modified": str}
    feed = {
        "version": "https://jsonfeed.org/version/1",
        "title": bench.feed.name,
        "home_page_url": str,
        "description": str,
        "icon": str,
        "author": {"name": bench.feed.name},
        "generator": "WeWe-RSS",
        "items": [item],
    }
    answer = json.loads(body)
    assert headers["content-type"].startswith("application/feed+json") and not differs(answer, feed)
    assert len(answer["items"]) == min(10, len(shown(bench)))
    for one, post in zip(answer["items"], shown(bench), strict=False):
        assert one["url"] == f"https://mp.weixin.qq.com/s/{one['id']}" and re.fullmatch(r"[\w-]{22}", one["id"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z", one["date_modified"]) and one["title"].startswith(post.title)


def test_the_atom_feed_has_bare_ids_and_no_date_of_publication(bench: Any) -> None:
    headers, body = get(bench, ".atom")
    assert headers["content-type"].startswith("application/atom+xml")
    entries = ElementTree.fromstring(body).findall(f"{ATOM}entry")
    assert entries and {child.tag for child in entries[0]} == {f"{ATOM}{n}" for n in ("title", "id", "link", "updated")}
    assert all(re.fullmatch(r"[\w-]{22}", str(e.findtext(f"{ATOM}id"))) for e in entries)
    assert feedparser.parse(body).entries[0].updated_parsed[:6]


def test_the_rss_feed_is_not_well_formed_and_a_lenient_reader_gets_it_all_the_same(bench: Any) -> None:
    headers, body = get(bench, ".rss")
    assert headers["content-type"].startswith("application/rss+xml")
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(body)
    assert re.search(rb'<enclosure url="https://[^"]*\?wx_fmt=jpeg&x=\d" length="0" type="image//mmbiz_jpg/[^"]+/0"/>', body)
    assert re.search(rb"<pubDate>\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT</pubDate>", body)
    parsed = feedparser.parse(body)
    assert len(parsed.entries) == min(10, len(shown(bench)))
    assert all(entry.guid == entry.link for entry in parsed.entries)


def test_unknown_feeds_and_endings_are_answered_as_the_tool_answers_them(bench: Any) -> None:
    status, _, body = bench.raw("/feeds/MP_WXS_1.json")
    assert status == 400 and "不存在该feed！" in body.decode()
    assert get(bench, ".xml")[0]["content-type"].startswith("application/atom+xml")
    assert get(bench, "")[0]["content-type"].startswith("application/atom+xml")


def test_the_index_has_two_clocks(bench: Any, differs: Differs) -> None:
    rows = json.loads(bench.raw("/feeds")[2])
    row = {"id": str, "name": str, "intro": str, "cover": str, "syncTime": int, "updateTime": int}
    assert not differs(rows, [row]) and bench.feed.feed in {one["id"] for one in rows}
    assert all(one["updateTime"] < one["syncTime"] <= bench.clock.now() for one in rows)


def test_the_feed_of_all_names_the_author_of_each_item(bench: Any) -> None:
    items = json.loads(bench.raw("/feeds/all.json")[2])["items"]
    assert items and all(set(item["author"]) == {"name"} for item in items)


def test_full_text_sometimes_is_the_words_that_it_could_not_be_had(bench: Any) -> None:
    bench.clock.advance(40 * 86_400)
    contents = [i["content_html"] for i in json.loads(get(bench, ".json", "?mode=fulltext&limit=500")[1])["items"]]
    failed = [text for text in contents if text == "获取全文失败，请重试~"]
    assert 0 < len(failed) < len(contents) / 3 and any(text.startswith("<section") for text in contents)
    assert b"<content:encoded>" in get(bench, ".rss", "?mode=fulltext")[1]


def test_pages_limits_and_words_choose_items(bench: Any) -> None:
    bench.clock.advance(10 * 86_400)
    first, second = (json.loads(get(bench, ".json", f"?limit=3&page={n}")[1])["items"] for n in (1, 2))
    assert len(first) == 3 and not {i["id"] for i in first} & {i["id"] for i in second}
    title = first[0]["title"]
    left = json.loads(get(bench, ".json", f"?limit=100&title_exclude={quote(title)}")[1])["items"]
    assert left and title not in {i["title"] for i in left}


def test_the_tool_looks_twice_a_day_and_keeps_what_was_deleted_since(bench: Any) -> None:
    today = day_start(day_of(bench.clock.now()))
    bench.clock.set(today + 17 * 3600 + 34 * 60)
    before = get(bench, ".json")[1]
    bench.clock.advance(120)
    assert json.loads(bench.raw("/feeds")[2])[0]["syncTime"] == today + 17 * 3600 + 35 * 60
    bench.clock.set(today + 17 * 3600)
    assert get(bench, ".json")[1] == before
    post = shown(bench)[0]
    post.deleted_at = int(bench.clock.now()) - 1
    assert get(bench, ".json")[1] == before


def test_we_mp_rss_writes_times_without_a_zone_and_escapes_its_cdata(bench: Any) -> None:
    status, _, body = bench.raw(f"/we-mp-rss/rss/{bench.feed.feed}")
    assert status == 200
    item = ElementTree.fromstring(body).findall("channel/item")[0]
    names = ["id", "title", "description", "guid", "enclosure", "encoded", "link", "pubDate"]
    assert [child.tag.rpartition("}")[2] for child in item] == names
    post = shown(bench)[0]
    assert item.findtext("id") == post.key and b"&lt;![CDATA[" in body
    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d ", str(item.findtext("pubDate")))
    status, _, body = bench.raw("/we-mp-rss/rss/MP_WXS_1")
    assert status == 404 and json.loads(body)["detail"]["code"] == 40401


def test_a_stalled_feed_answers_with_the_same_old_items(bench: Any) -> None:
    bench.world.faults.set("feed_stalled", account=bench.feed.ext_id, since=bench.clock.now())
    before = get(bench, ".atom")[1]
    synced = {row["id"]: row["syncTime"] for row in json.loads(bench.raw("/feeds")[2])}
    bench.clock.advance(5 * 86_400)
    assert get(bench, ".atom")[1] == before
    assert {row["id"]: row["syncTime"] for row in json.loads(bench.raw("/feeds")[2])}[bench.feed.feed] == synced[bench.feed.feed]
    bench.world.faults.clear("feed_stalled", account=bench.feed.ext_id)
    assert get(bench, ".atom")[1] != before


def test_a_malformed_feed_breaks_in_several_ways(bench: Any) -> None:
    bench.world.faults.set("malformed_feed", account=bench.feed.ext_id)
    bodies = set()
    for _ in range(24):
        bench.clock.advance(3600)
        status, _, body = bench.raw(f"/feeds/{bench.feed.feed}.atom")
        with pytest.raises((ElementTree.ParseError, UnicodeDecodeError, AssertionError)):
            assert ElementTree.fromstring(body).tag == f"{ATOM}feed"
        with pytest.raises((ValueError, AssertionError)):
            assert "items" in json.loads(bench.raw(f"/feeds/{bench.feed.feed}.json")[2])
        bodies.add((body[:20], body[-20:]))
    assert status == 200 and len(bodies) > 2
