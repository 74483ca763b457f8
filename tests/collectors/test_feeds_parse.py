"""What feeds become: recordings as wewe-rss and we-mp-rss emit them, damaged ones, hostile ones."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.feeds_mend import decode
from collectors.feeds_parse import Item, NotAFeedError, Page, identity_of, parse_page, posts_of, read_moment
from matrix.post import Post

RECORDINGS = Path(__file__).resolve().parent.parent / "recordings" / "feeds"
AT = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)


def body(name: str) -> bytes:
    return (RECORDINGS / name).read_bytes()


def posts(page: Page) -> tuple[Post, ...]:
    return posts_of("MP_TEST", page.items, AT)[0]


@pytest.mark.parametrize("name", ["wewe.json", "wewe.rss", "wewe.atom"])
def test_the_three_formats_of_one_feed_are_the_same_posts(name: str) -> None:
    page = parse_page(body(name), "")
    first, second = posts(page)
    assert page.notes == () and page.is_whole
    assert (first.ext_id, first.title) == ("MP_TEST:TESTshort0000000000001", "渡口通告 & 提示")
    assert (first.text, first.url) == ("第一段\n第二段", "https://mp.weixin.qq.com/s/TESTshort0000000000001")
    assert first.published_at == datetime(2026, 3, 2, 6, 6, 40, tzinfo=UTC) and first.edited_at is None
    assert (second.ext_id, second.text) == ("MP_TEST:TESTshort0000000000002", "")
    assert "全文" in posts_of("MP_TEST", page.items, AT)[1][0]
    assert posts_of("MP_TEST", page.items, AT, known=["TESTshort0000000000002"])[1] == ()


def test_we_mp_rss_gives_the_id_of_the_direct_route_and_beijing_time() -> None:
    page = parse_page(body("we-mp.rss"), "application/xml")
    (post,) = posts(page)
    assert (post.ext_id, post.title, post.text) == ("MP_TEST:2650300001_1", "渡口通告 & 提示", "第一段\n第二段")
    assert post.published_at == datetime(2026, 3, 2, 6, 6, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Mon, 02 Mar 2026 06:06:40 GMT", datetime(2026, 3, 2, 6, 6, 40, tzinfo=UTC)),
        ("Mon, 02 Mar 2026 14:06:40 ", datetime(2026, 3, 2, 6, 6, 40, tzinfo=UTC)),
        ("Mon, 02 Mar 2026 14:06:40 +0800", datetime(2026, 3, 2, 6, 6, 40, tzinfo=UTC)),
        ("2026-03-02T06:06:40.000Z", datetime(2026, 3, 2, 6, 6, 40, tzinfo=UTC)),
        ("2026-03-02 14:06:40", datetime(2026, 3, 2, 6, 6, 40, tzinfo=UTC)),
        ("2026-03-02", datetime(2026, 3, 1, 16, 0, tzinfo=UTC)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("昨天", None),
        ("", None),
        ("Mon, 99 Mar 2026 99:99:99", None),
    ],
)
def test_times_without_a_zone_are_beijing_time(text: str, moment: datetime | None) -> None:
    assert read_moment(text) == moment


@pytest.mark.parametrize(
    ("ids", "url", "identity"),
    [
        (("2650300001_1", "https://mp.weixin.qq.com/s/AbCdEfGh"), "", "2650300001_1"),
        (("x",), "http://mp.weixin.qq.com/s?__biz=A&mid=2650300001&idx=2&sn=x", "2650300001_2"),
        (("AbCdEfGhIjKl",), "https://mp.weixin.qq.com/s/AbCdEfGhIjKl", "AbCdEfGhIjKl"),
        (("https://mp.weixin.qq.com/s/AbCdEfGhIjKl?scene=1",), "", "AbCdEfGhIjKl"),
        ((), "https://www.example.gov.cn/a/1.html", "https://www.example.gov.cn/a/1.html"),
        (("tag:example.gov.cn,2026:1",), "https://www.example.gov.cn/a/1.html", "tag:example.gov.cn,2026:1"),
        ((), "", ""),
    ],
)
def test_an_article_has_one_identity_whatever_the_feed_calls_it(ids: tuple[str, ...], url: str, identity: str) -> None:
    assert identity_of(Item(ids, "", "", url, "", "")) == identity


def test_an_identity_is_never_long() -> None:
    assert len(identity_of(Item(("x" * 5000,), "", "", "", "", ""))) == 32


def test_a_date_in_the_future_is_clamped_and_noted_and_an_item_without_one_left_out() -> None:
    items = [
        Item((f"a{n}",), "题", "", "", text, "") for n, text in enumerate(["2026-03-09T00:00:00Z", "", "2026-03-03T10:05:00"])
    ]
    found, notes = posts_of("MP_TEST", items, AT)
    assert [(post.ext_id, post.published_at) for post in found] == [
        ("MP_TEST:a0", AT),
        ("MP_TEST:a2", AT + timedelta(minutes=5)),
    ]
    assert "将来" in "".join(notes) and "没有发布时间" in "".join(notes)


def test_bytes_that_are_not_what_they_say_are_read_all_the_same() -> None:
    text = body("wewe.rss").decode()
    assert posts(parse_page(text.encode("gb18030"), "application/rss+xml; charset=utf-8"))[0].title == "渡口通告 & 提示"
    assert posts(parse_page(text.encode("gb18030"), "text/xml; charset=ISO-8859-1"))[0].title == "渡口通告 & 提示"
    assert decode(b"\xef\xbb\xbf" + text.encode(), "text/xml; charset=gbk") == text
    assert decode("通告".encode("big5"), "text/xml; charset=Big5") == "通告"


@pytest.mark.parametrize("name", ["wewe.rss", "wewe.atom"])
def test_a_feed_that_was_cut_off_keeps_its_whole_items_and_says_so(name: str) -> None:
    whole = body(name)
    cut = whole[: whole.rfind(b"<title", 0, whole.rfind(b"TESTshort0000000000002")) + 20]
    page = parse_page(cut, "")
    assert [post.title for post in posts(page)] == ["渡口通告 & 提示"]
    assert not page.is_whole and "截断" in page.notes[0]


def test_known_damage_is_repaired() -> None:
    text = body("wewe.rss").decode()
    page = parse_page(text.replace("<title", "\x0b<title").encode(), "")
    assert page.notes == () and len(posts(page)) == 2
    page = parse_page(text.replace("</link>", "", 1).encode(), "")
    assert len(posts(page)) == 2 and "宽松" in page.notes[0]


@pytest.mark.parametrize(
    ("document", "is_page"),
    [
        (b"", False),
        (b"not a feed", False),
        (b"{", False),
        (b'{"items": [object Object]}', False),
        (b'{"detail": {"code": 40401}}', False),
        (b"[1, 2]", False),
        (b"<?xml version='1.0'?><opml></opml>", False),
        (b"<rss", False),
        ("<!DOCTYPE html><html><body>请登录</body></html>".encode(), True),
        (b"  <HTML><body>", True),
        (b"<?xml version='1.0'?><html xmlns='x'><body/></html>", True),
        (b"\xff\xfe\x00", False),
    ],
)
def test_what_is_no_feed_is_told_from_one(document: bytes, is_page: bool) -> None:
    with pytest.raises(NotAFeedError) as caught:
        parse_page(document, "application/rss+xml")
    assert caught.value.is_page is is_page


def test_entities_that_multiply_are_not_followed() -> None:
    bomb = (
        '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    )
    item = "<rss><channel><item><title>&b;&c;</title><guid>x</guid><pubDate>2026-03-02</pubDate></item></channel></rss>"
    (post,) = posts(parse_page((bomb + item).encode(), ""))
    assert "aaaa" not in post.title and "root" not in post.title


@pytest.mark.parametrize("piece", ["<![CDATA[", "<item>", "&", "<!--", "<a ", "]]>", "&lt;![CDATA[", "<item><title>x", "<rss "])
def test_no_document_takes_long(piece: str) -> None:
    document = f"<rss><channel>{piece * (400_000 // len(piece))}"
    begun = time.process_time()
    try:
        page = parse_page(document.encode(), "")
        posts(page)
    except NotAFeedError:
        pass
    assert time.process_time() - begun < 3


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"<rss><channel><item>", b'{"items":[', b"<feed xmlns='http://www.w3.org/2005/Atom'>"]),
)
def test_no_document_makes_the_parser_fall(tail: bytes, head: bytes) -> None:
    try:
        page = parse_page(head + tail, "")
    except NotAFeedError:
        return
    for post in posts(page):
        f"{post.ext_id}{post.title}{post.text}{post.url}".encode()
