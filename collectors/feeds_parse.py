"""Turns RSS, Atom and JSON Feed as feed tools emit them into posts of an account."""

import io
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

import feedparser

from collectors.feeds_mend import decode, mend_xml
from collectors.wechat_parse import key_of, key_parts, link_of
from collectors.wechat_text import LOST, mend, plain_line, plain_text
from matrix.post import Post, PostKind

BEIJING = ZoneInfo("Asia/Shanghai")
SHORT_LINK = re.compile(r"^https?://mp\.weixin\.qq\.com/s/([A-Za-z0-9_-]{8,64})(?:[?#].*)?$")
AHEAD = timedelta(minutes=10)
MOST_ITEMS = 1000
LONGEST_ID = 120
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)


class NotAFeedError(ValueError):
    """The document is no feed; `is_page` when it is a web page instead."""

    def __init__(self, is_page: bool = False) -> None:
        super().__init__("not a feed")
        self.is_page = is_page


@dataclass(frozen=True, slots=True)
class Item:
    """One item as it stands in a feed; `ids` from the most telling to the least, times as text."""

    ids: tuple[str, ...]
    title: str
    html: str
    url: str
    published: str
    updated: str


@dataclass(frozen=True, slots=True)
class Page:
    """One document of a feed; `next_url` where it names its next page; notes are Chinese sentences."""

    items: tuple[Item, ...]
    next_url: str = ""
    notes: tuple[str, ...] = ()
    is_whole: bool = True


def parse_page(body: bytes, content_type: str) -> Page:
    """The items of a document of any of the three formats. Raises NotAFeedError."""
    text = decode(body, content_type)
    head = text[:2000].lstrip("\ufeff \t\r\n").lower()
    if head.startswith(("{", "[")):
        return _parse_json(text)
    if head.startswith(("<!doctype html", "<html")):
        raise NotAFeedError(is_page=True)
    mended = mend_xml(text)
    if mended is None:
        raise NotAFeedError(is_page="<html" in head or "<body" in head)
    found = feedparser.parse(
        io.BytesIO(mended.text.encode()),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if mended.is_cut and not found.entries:
        raise NotAFeedError
    notes = ("订阅内容被截断，只读取了完整的条目，下一轮会再取。",) if mended.is_cut else ()
    if found.bozo and not mended.is_cut:
        notes = ("订阅内容的格式有误，已按宽松方式读取，个别条目可能不全。",)
    next_url = next((link.get("href", "") for link in found.feed.get("links", []) if link.get("rel") == "next"), "")
    return Page(tuple(_item_of(entry) for entry in found.entries[:MOST_ITEMS]), link_of(next_url), notes, not notes)


def posts_of(
    account_ext: str, items: Iterable[Item], observed_at: datetime, known: Collection[str] = ()
) -> tuple[tuple[Post, ...], tuple[str, ...]]:
    """Posts and notes; ids have the account in front and agree with those of the direct WeChat route wherever they can.

    What was said of an item when it was new is not said again of those whose identity is `known`.
    """
    posts: dict[str, Post] = {}
    undated = ahead = lost = 0
    for item in items:
        identity, at = identity_of(item), read_moment(item.published) or read_moment(item.updated)
        if not identity or at is None:
            undated += 1
            continue
        if at > observed_at + AHEAD:
            at, ahead = observed_at, ahead + (identity not in known)
        lost += LOST in item.html and identity not in known
        updated = read_moment(item.updated)
        edited = updated if updated and at + timedelta(minutes=1) < updated <= observed_at + AHEAD else None
        text = plain_text(item.html.replace(LOST, ""))
        post = Post(f"{account_ext}:{identity}", at, text, item.title, item.url, PostKind.ARTICLE, edited_at=edited)
        posts.setdefault(post.ext_id, post)
    said = {
        "{n} 个条目没有发布时间或编号，未入库。": undated,
        "{n} 个条目的发布时间在将来，已按采集时间入库；请核对订阅工具或本机的时钟。": ahead,
        "{n} 篇文章的全文订阅工具未能取到，只有标题和链接。": lost,
    }
    return tuple(posts.values()), tuple(sentence.format(n=count) for sentence, count in said.items() if count)


def identity_of(item: Item) -> str:
    """The part of a post's id that names the article: `<mid>_<idx>` if it can be known, the short link's id, or the guid."""
    for said in (*item.ids, item.url):
        if key_parts(said):
            return said
        if "mid=" in said and (key := key_of(said, 1)):
            return key
    for said in (*item.ids, item.url):
        if found := SHORT_LINK.match(said):
            return found.group(1)
    said = next((said for said in (*item.ids, item.url) if said), "")
    return said if len(said) <= LONGEST_ID else blake2b(said.encode(), digest_size=16).hexdigest()


def read_moment(text: str) -> datetime | None:
    """A time as feeds write it, aware and in UTC; without a zone it is Beijing time. None when it cannot be read."""
    text = text.strip()
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(text)
            moment = (moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return moment if moment > OLDEST else None
    return None


def _item_of(entry: dict[str, Any]) -> Item:
    contents = [mend(part.get("value")) for part in entry.get("content", []) if isinstance(part, Mapping)]
    return Item(
        ids=tuple(mend(entry.get(name)).strip() for name in ("articleid", "id") if entry.get(name)),
        title=plain_line(entry.get("title")),
        html=next((part for part in contents if part), "") or mend(entry.get("summary")),
        url=link_of(entry.get("link")),
        published=mend(entry.get("published")),
        updated=mend(dict.get(entry, "updated")),  # the entry's own `get` would put the time of publishing in its place
    )


def _parse_json(text: str) -> Page:
    try:
        feed = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise NotAFeedError from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise NotAFeedError
    found = [_json_item(item) for item in items[:MOST_ITEMS] if isinstance(item, dict)]
    return Page(tuple(found), link_of(feed.get("next_url")))


def _json_item(item: Mapping[str, Any]) -> Item:
    return Item(
        ids=(mend(item.get("id")).strip(),) if item.get("id") else (),
        title=plain_line(item.get("title")),
        html=mend(item.get("content_html")) or mend(item.get("content_text")) or mend(item.get("summary")),
        url=link_of(item.get("url")) or link_of(item.get("external_url")),
        published=mend(item.get("date_published")),
        updated=mend(item.get("date_modified")),
    )
