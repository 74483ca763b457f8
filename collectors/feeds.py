"""Feeds of official accounts as a scheduled source: RSS, Atom and JSON Feed, whatever tool emits them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from collectors.feeds_address import Address, address_of
from collectors.feeds_parse import BEIJING, NotAFeedError, Page, identity_of, parse_page, posts_of
from collectors.wechat_parse import number
from matrix.run import Batch, CollectError, ErrorKind

if TYPE_CHECKING:
    from collectors.task import Task
    from collectors.web import Fetched, Web
    from settings import Settings

MOST_PAGES = 20
STALLED = timedelta(days=2)
"""wewe-rss looks twice a day; a feed whose own last look is older than this does not see its account any more."""
INDEX_EVERY = timedelta(hours=3)
NO_FEED_CODES = ("400", "404", "410")
"""wewe-rss answers 400 for a feed that it does not have, we-mp-rss 404."""


class Feed:
    """The route by feed. A feed shows posts only, and never says that one was deleted."""

    def collect(self, task: "Task", web: "Web", settings: "Settings", now: datetime) -> Iterator[Batch]:  # noqa: ARG002
        """Posts of the feed's head, and of further pages until something known or `task.since` is reached.

        The position (entity tag, ids of the head) moves with the last page only, so a run that was broken off is repeated.
        Raises CollectError. A feed that has itself stopped looking at the account is blindness, not silence: what it holds
        is handed on and then REFUSED is raised, since its source does not let the tool in any more; one cause for the
        whole tool when none of its feeds is fresh.
        """
        address = address_of(task.account.feed_url)
        _check(task, address)
        yield from self._read(task, web, address)
        yield from self._watch(task, web, address, now)

    def _read(self, task: "Task", web: "Web", address: Address) -> Iterator[Batch]:
        cursors, known = task.cursors, set(_list(task.cursors.get("head")))
        first = _fetch(task, web, address.page(1), address, cursors.get("etag", ""), cursors.get("modified", ""))
        if first.body is None:
            yield Batch(web.now())
            return
        page = _parse(task, address, first)
        head = [identity for item in page.items if (identity := identity_of(item))]
        seen, url, turn = set[str](), address.page(1), 1
        while True:
            posts, notes = posts_of(task.account.ext_id, page.items, web.now(), known)
            fresh = {post.ext_id for post in posts} - seen
            seen |= fresh
            url, turn = page.next_url or address.page(turn + 1), turn + 1
            reached = bool(known & {identity_of(item) for item in page.items}) or any(p.published_at < task.since for p in posts)
            is_last = not fresh or reached or not url or turn > MOST_PAGES
            cursors_now = {}
            if is_last and page.is_whole:
                cursors_now = {"etag": first.etag, "modified": first.modified, "head": json.dumps(head[:200], ensure_ascii=False)}
            if turn == 2 and not page.items:
                notes = (*notes, "订阅源里没有任何文章，请核对订阅地址和订阅工具。")
            yield Batch(web.now(), posts, cursors=cursors_now, notes=(*page.notes, *notes))
            if is_last:
                return
            page = _parse(task, address, _fetch(task, web, url, address))

    def _watch(self, task: "Task", web: "Web", address: Address, now: datetime) -> Iterator[Batch]:
        """Ask the tool when it last looked at the account itself; raise when that is too long ago."""
        if not address.index():
            return
        asked, synced = number(task.cursors.get("index_at")) or 0, number(task.cursors.get("synced")) or 0
        is_stalled, is_everywhere = bool(synced) and now.timestamp() - synced > STALLED.total_seconds(), False
        if is_stalled or now.timestamp() - asked >= INDEX_EVERY.total_seconds():
            rows = _index(web, address)
            times = {str(row.get("id")): number(row.get("syncTime")) or 0 for row in rows}
            synced = times.get(address.feed_id, synced)
            is_stalled = bool(synced) and now.timestamp() - synced > STALLED.total_seconds()
            is_everywhere = (
                is_stalled and bool(times) and all(now.timestamp() - at > STALLED.total_seconds() for at in times.values())
            )
            yield Batch(web.now(), cursors={"index_at": str(int(now.timestamp())), "synced": str(synced or "")})
        if is_stalled:
            raise _stalled(task, address, synced, is_everywhere)


def _check(task: "Task", address: Address) -> None:
    sentence = ""
    if not address.url.startswith(("http://", "https://")):
        sentence = "该账号没有登记可用的订阅地址（应以 http:// 或 https:// 开头），请在“账号台账”中填写。"
    elif address.feed_id == "all":
        sentence = "登记的是全部公众号合在一起的订阅地址，无法分清文章属于哪个账号，请在“账号台账”中改为该公众号自己的订阅地址。"
    if sentence:
        raise CollectError(ErrorKind.REFUSED, sentence, cause=f"account:{task.account.id}:feed", code="address")


def _fetch(task: "Task", web: "Web", url: str, address: Address, etag: str = "", modified: str = "") -> "Fetched":
    try:
        return web.get_bytes(url, etag=etag, modified=modified, cause_host=address.host())
    except CollectError as error:
        if error.code not in NO_FEED_CODES:
            raise
        code = error.code
    sentence = (
        f"{address.host()} 上没有这个订阅（HTTP {code}），可能已在订阅工具中被删除；"
        "请在订阅工具里重新添加该公众号，并核对订阅地址。"
    )
    raise CollectError(ErrorKind.GONE, sentence, cause=f"account:{task.account.id}:feed", code=code)


def _parse(task: "Task", address: Address, fetched: "Fetched") -> Page:
    try:
        return parse_page(fetched.body or b"", fetched.content_type)
    except NotAFeedError as error:
        is_page = error.is_page
    cause = f"account:{task.account.id}:feed"
    if is_page:
        sentence = f"{address.host()} 返回的是网页而不是订阅内容（订阅工具可能未启动或要求登录），请检查订阅工具。"
        raise CollectError(ErrorKind.REFUSED, sentence, cause=cause, code="html")
    sentence = f"{address.host()} 的订阅内容残缺或格式不对，无法读取，下一轮会再取；如持续出现请检查订阅工具。"
    raise CollectError(ErrorKind.MALFORMED, sentence, cause=cause)


def _index(web: "Web", address: Address) -> list[dict[str, Any]]:
    """The tool's list of feeds; empty where there is none to be had, which is no failure of the feed."""
    try:
        answer = web.get_json(address.index(), cause_host=address.host())
    except CollectError:
        return []
    return [row for row in answer if isinstance(row, dict)] if isinstance(answer, list) else []


def _stalled(task: "Task", address: Address, synced: int, is_everywhere: bool) -> CollectError:
    since = datetime.fromtimestamp(synced, UTC).astimezone(BEIJING)
    whose = "所有订阅" if is_everywhere else "这个公众号的订阅"
    return CollectError(
        ErrorKind.REFUSED,
        f"订阅工具自 {since:%Y-%m-%d %H:%M} 起没有再更新{whose}（多为其登录的读书账号失效），看不到新文章不等于没有发布；"
        "请到订阅工具中重新登录账号并手动更新。",
        cause=f"feeds:{address.host()}:stalled" if is_everywhere else f"account:{task.account.id}:feed:stalled",
        code="stalled",
    )


def _list(value: str | None) -> list[str]:
    try:
        held = json.loads(value or "[]")
    except ValueError:
        return []
    return [str(item) for item in held] if isinstance(held, list) else []
