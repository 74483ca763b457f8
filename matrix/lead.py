"""Leads: what makes two of them the same, and what one must say."""

import hashlib
import re
from urllib.parse import parse_qsl, urlencode, urlsplit

LONGEST_TEXT, LONGEST_NAME, LONGEST_LINK = 20_000, 60, 1000
TRACES = re.compile(
    r"^(utm_\w+|spm|from|share\w*|refer\w*|source|ref|_t|timestamp|isappinstalled|scene|wfr|for|luicode|lfid)$", re.I
)
"""Parts of an address that say who passed it on and when, not what it shows."""


def link_key(link: str) -> str:
    """An address without what only traces its reader: one post passed on by two people is one lead. Empty for no address."""
    parts = urlsplit(link.strip())
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc:
        return ""
    host = parts.netloc.lower().removeprefix("www.").removeprefix("m.")
    key = f"{host}{parts.path.rstrip('/')}{asked(parts.query)}"
    # Some sites name the page behind the # alone; elsewhere it only says to which place of the page one scrolls.
    page, _, query = parts.fragment.partition("?")
    return f"{key}#{page.rstrip('/')}{asked(query)}" if page.startswith(("/", "!/")) and page.strip("/!") else key


def asked(query: str) -> str:
    """The parts of a query that say what is shown, in one order."""
    told = urlencode(sorted((name, value) for name, value in parse_qsl(query) if not TRACES.match(name)))
    return f"?{told}" if told else ""


def identity(platform: str, link: str, ext_id: str, text: str) -> str:
    """What names a lead for good: its address, else platform, number and words (32 hex digits of BLAKE2b)."""
    key = link_key(link) or "\n".join((platform.strip(), ext_id.strip(), "".join(text.split())))
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def wrong_with(platform: str, link: str, text: str, published_at: int | None, now: int) -> str:
    """What is wrong with a lead, as a sentence; empty when nothing is. Times are Unix seconds."""
    if not text.strip():
        return "缺少正文，请摘录网民发布的内容。"
    if not platform.strip():
        return "缺少来源平台，例如“抖音”“本地论坛”。"
    if published_at is None:
        return "缺少发布时间。"
    if published_at > now:
        return "发布时间晚于现在，请核对。"
    if link.strip() and not link_key(link):
        return "链接须以 http:// 或 https:// 开头，请从浏览器地址栏复制。"
    return ""
