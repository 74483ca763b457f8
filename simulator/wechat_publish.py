"""What WeChat's publishing and material lists show: only messages that were published without a notification."""

import re
from base64 import b64encode, urlsafe_b64encode
from itertools import groupby
from typing import Any

from simulator.events import SimAccount, SimPost
from simulator.exchange import Response
from simulator.seeing import is_mass_sent, text_at
from simulator.wechat_wire import Call, hashed, refused, said, whole

_TAG = re.compile(r"<[^>]+>")
MOST = 20


def short_id(post: SimPost) -> str:
    """The 22 characters after `https://mp.weixin.qq.com/s/`."""
    return urlsafe_b64encode(bytes.fromhex(hashed("short", post.key)[:34])).decode()[:22]


def long_url(post: SimPost) -> str:
    """The address that carries message number and place: the key to statistics and comments."""
    biz = b64encode(str(3_000_000_000 + int(hashed(post.account.ext_id)[:8], 16)).encode()).decode()
    sn = hashed("sn", post.key)[:32]
    return f"http://mp.weixin.qq.com/s?__biz={biz}&mid={post.number}&idx={post.idx}&sn={sn}&chksm={hashed(post.key)[:20]}#rd"


def article_id(number: int) -> str:
    """The 43 characters by which the publishing interface knows a message."""
    return urlsafe_b64encode(bytes.fromhex(hashed("article", number))).decode()[:43]


def media_id(number: int) -> str:
    """The 43 characters by which the material interface knows a message."""
    return urlsafe_b64encode(bytes.fromhex(hashed("media", number))).decode()[:43]


def messages(call: Call) -> list[list[SimPost]]:
    """The account's listed messages, last touched first; one whose articles are all deleted is gone without a trace."""
    posts = [p for p in call.request.world.city.posts(call.account, 0, call.now) if not is_mass_sent(p)]
    together = [list(group) for _, group in groupby(sorted(posts, key=lambda p: (p.number, p.idx)), key=lambda p: p.number)]
    left = [message for message in together if not all(is_deleted(p, call.now) for p in message)]
    return sorted(left, key=lambda message: (-touched_at(message, call.now), -message[0].number))


def is_deleted(post: SimPost, now: float) -> bool:
    """Whether the article was taken away (one that is merely limited stays in the lists)."""
    return post.deleted_at is not None and post.deleted_at <= now


def touched_at(message: list[SimPost], now: float) -> int:
    """When the message was published or last changed."""
    return max([message[0].at + 12, *(at for post in message for at, _ in post.edits if at <= now)])


def batchget(call: Call) -> Response:
    """POST /cgi-bin/freepublish/batchget {offset, count, no_content}."""
    window = _window(call)
    if window is None:
        return refused(call.request, 40097)
    faults, path, who = call.request.world.faults, call.request.path, call.account.ext_id
    offset, count = window
    listed = messages(call)
    if not offset and len(listed) > count and faults.strikes("insert_between_pages", who, path):
        listed = listed[1:]  # the newest one comes while the client is on its way to the second page
    if offset and faults.strikes("delete_between_pages", who, path):
        listed = listed[1:]  # one went from the head of the list between two pages: the next page begins one too late
    without = whole(call.body.get("no_content"), 0) == 1
    items = [
        {"article_id": article_id(message[0].number), "content": _content(message, call, without)}
        for message in listed[offset : offset + count]
    ]
    return said({"item": items, "total_count": len(listed), "item_count": len(items)})


def getarticle(call: Call) -> Response:
    """POST /cgi-bin/freepublish/getarticle {article_id}."""
    wanted = call.body.get("article_id")
    for message in messages(call):
        if article_id(message[0].number) == wanted:
            return said(_content(message, call, False))
    return refused(call.request, 53600)


def batchget_material(call: Call) -> Response:
    """POST /cgi-bin/material/batchget_material {type, offset, count}."""
    window, kind = _window(call), call.body.get("type")
    if window is None or kind not in ("news", "image", "video", "voice"):
        return refused(call.request, 40097)
    offset, count = window
    if kind != "news":
        held = [_file(call.account, str(kind), n, call.now) for n in range(_files(call.account, str(kind)))]
        items: list[dict[str, Any]] = held[offset : offset + count]
        return said({"item": items, "total_count": len(held), "item_count": len(items)})
    listed = messages(call)
    items = [
        {
            "media_id": media_id(message[0].number),
            "content": _content(message, call, False),
            "update_time": touched_at(message, call.now),
        }
        for message in listed[offset : offset + count]
    ]
    return said({"item": items, "total_count": len(listed), "item_count": len(items)})


def get_material(call: Call) -> Response:
    """POST /cgi-bin/material/get_material {media_id}."""
    for message in messages(call):
        if media_id(message[0].number) == call.body.get("media_id"):
            return said(_content(message, call, False))
    return refused(call.request, 40007)


def get_materialcount(call: Call) -> Response:
    """GET /cgi-bin/material/get_materialcount."""
    counts = {f"{kind}_count": _files(call.account, kind) for kind in ("voice", "video", "image")}
    return said({**counts, "news_count": len(messages(call))})


def _window(call: Call) -> tuple[int, int] | None:
    offset, count = whole(call.body.get("offset"), 0), whole(call.body.get("count"), MOST)
    if offset is None or count is None or offset < 0 or not 1 <= count <= MOST:
        return None
    return offset, count


def _content(message: list[SimPost], call: Call, without: bool) -> dict[str, Any]:
    items = [_news_item(post, call, without, len(message) == 1) for post in message]
    return {"news_item": items, "create_time": message[0].at, "update_time": touched_at(message, call.now)}


def _news_item(post: SimPost, call: Call, without: bool, alone: bool) -> dict[str, Any]:
    html, picture = text_at(post, call.now), hashed("thumb", post.key)[:40]
    return {
        "title": post.title,
        "author": call.account.name,
        "digest": _TAG.sub("", html)[:54] if alone else "",
        "content": "" if without or is_deleted(post, call.now) else html,
        "content_source_url": "",
        "thumb_media_id": hashed("cover", post.key)[:43],
        "show_cover_pic": post.number % 2,
        "url": long_url(post),
        "thumb_url": f"http://mmbiz.qpic.cn/mmbiz_jpg/{picture}/0?wx_fmt=jpeg",
        "need_open_comment": 1,
        "only_fans_can_comment": post.number // 2 % 2,
        "is_deleted": is_deleted(post, call.now),
    }


def _files(account: SimAccount, kind: str) -> int:
    return int(hashed("files", account.ext_id, kind)[:4], 16) % {"voice": 3, "video": 9, "image": 60}[kind]


def _file(account: SimAccount, kind: str, n: int, now: float) -> dict[str, Any]:
    mark = hashed(account.ext_id, kind, n)
    file: dict[str, Any] = {"media_id": mark[:43], "name": f"{kind}_{n}", "update_time": int(now) - 86_400 * (n + 1)}
    return {**file, "url": f"http://mmbiz.qpic.cn/mmbiz_png/{mark}/0?wx_fmt=png"} if kind == "image" else file
