"""Addresses of feeds: which tool stands behind one, its pages, its index, and the id that the tool gave the account."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

WEWE = re.compile(r"^(?P<base>.*/feeds)/(?P<id>[^/.]+)(?:\.(?:rss|atom|json))?$")
WE_MP = re.compile(r"^.*/rss/(?!feed/)(?P<id>[^/]+?)(?:/fresh)?(?:\.rss)?$")
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Address:
    """A feed's address, taken apart. `tool` is wewe, we_mp or "" for any other feed, which has no pages that we could ask for."""

    url: str
    tool: str
    feed_id: str

    def page(self, number: int) -> str:
        """The address of a page, counted from 1; the first one of an unknown tool is the address itself, others are ""."""
        if self.tool == "wewe":
            return self._with(limit=PAGE_SIZE, page=number)
        if self.tool == "we_mp":
            return self._with(limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
        return self.url if number == 1 else ""

    def index(self) -> str:
        """Where wewe-rss lists its feeds with the times of their last looks; "" for others."""
        found = WEWE.match(urlsplit(self.url).path)
        if self.tool != "wewe" or found is None:
            return ""
        return urlunsplit(urlsplit(self.url)._replace(path=found["base"], query="", fragment=""))

    def host(self) -> str:
        return urlsplit(self.url).netloc.rpartition("@")[2].lower()

    def _with(self, **asked: int) -> str:
        parts = urlsplit(self.url)
        query = dict(parse_qsl(parts.query, keep_blank_values=True)) | {name: str(value) for name, value in asked.items()}
        return urlunsplit(parts._replace(query=urlencode(query)))


def address_of(url: str) -> Address:
    """An address with what is known of the tool behind it."""
    path = urlsplit(url.strip()).path
    for tool, pattern in (("wewe", WEWE), ("we_mp", WE_MP)):
        if (found := pattern.match(path)) and (found["id"] == "all" or found["id"].startswith("MP_WXS_")):
            return Address(url.strip(), tool, found["id"])
    return Address(url.strip(), "", "")
