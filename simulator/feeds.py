"""Feeds of official accounts as wewe-rss and we-mp-rss write them, with every habit that makes parsers stumble."""

import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from xml.sax.saxutils import escape

from simulator.events import SimAccount
from simulator.exchange import Request, Response, Routes, answer
from simulator.feed_items import Item, held_items, synced_at
from simulator.feed_spoil import spoilt

FAILED = "获取全文失败，请重试~"
NO_FEED = {"statusCode": 400, "message": "不存在该feed！"}
_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}


def wewe(request: Request) -> Response:
    """GET /feeds/{id}.rss|.atom|.json and /feeds/all.…; an unknown ending is Atom, an unknown id 400."""
    name, _, ending = request.path.rpartition("/")[2].rpartition(".")
    if not name:
        name, ending = ending, "atom"
    form = ending if ending in _TYPES else "atom"
    account = _account(request, name)
    if account is None and name != "all":
        return answer(NO_FEED, 400)
    accounts = [account] if account else _accounts(request)
    items = _chosen(request, accounts, 30 if account is None else 10)
    body = {"rss": _rss, "atom": _atom, "json": _json}[form](request, account, items)
    good = Response(200, body.encode("utf-8", "replace"), _TYPES[form] + "; charset=utf-8")
    return spoilt(request, account, good, form)


def wewe_index(request: Request) -> Response:
    """GET /feeds: every feed with its two clocks."""
    rows = []
    for account in _accounts(request):
        items = held_items(request.world, account, request.world.now())
        newest = items[0].post.at if items else 0
        row = {"id": account.feed, "name": account.name, "intro": f"{account.name}官方公众号", "cover": _cover(account)}
        rows.append({**row, "syncTime": synced_at(request.world, account, request.world.now()), "updateTime": newest})
    return answer(rows)


def we_mp_rss(request: Request) -> Response:
    """GET /we-mp-rss/rss/{id}: RSS 2.0 with an element of its own and times without a zone."""
    name = request.path.removeprefix("/we-mp-rss/rss/").removesuffix("/fresh").removesuffix(".rss")
    account = _account(request, name)
    if account is None:
        return answer({"detail": {"code": 40401, "message": "公众号不存在", "data": None}}, 404)
    limit, offset = _number(request, "limit", 30, 100), _number(request, "offset", 0, 10**6)
    items = held_items(request.world, account, request.world.now())[offset : offset + limit]
    rows = []
    for item in items:
        text = escape(f"<![CDATA[{item.title}]]>")
        content = escape(f"<![CDATA[{item.html}]]>")
        local = datetime.fromtimestamp(item.post.at, UTC) + timedelta(hours=8)
        rows.append(
            f"<item><id>{item.post.key}</id><title>{text}</title><description>{text}</description><guid>{item.link}</guid>"
            f'<enclosure url="{escape(item.image)}" length="0" type="image/jpeg"></enclosure>'
            f"<content:encoded>{content}</content:encoded><link>{item.link}</link><pubDate>{_rfc822(local)} </pubDate></item>"
        )
    body = (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>{escape(account.name)}</title><link>{_host(request)}/rss/{account.feed}</link>"
        f"<description>{escape(account.name)}</description><language>zh-CN</language>{''.join(rows)}</channel></rss>"
    )
    return spoilt(request, account, Response(200, body.encode("utf-8", "replace"), "application/xml"), "rss")


def _chosen(request: Request, accounts: list[SimAccount], usual: int) -> list[Item]:
    now, query = request.world.now(), request.query
    items = [item for account in accounts for item in held_items(request.world, account, now)]
    items.sort(key=lambda item: (-item.post.at, item.post.idx))
    if words := query.get("title_include"):
        items = [item for item in items if any(word in item.title for word in words.split("|"))]
    if words := query.get("title_exclude"):
        items = [item for item in items if not any(word in item.title for word in words.split("|"))]
    limit, page = _number(request, "limit", usual, 1000), max(1, _number(request, "page", 1, 10**6))
    return items[(page - 1) * limit : page * limit]


def _content(request: Request, item: Item) -> str:
    if request.query.get("mode") != "fulltext":
        return ""
    return FAILED if item.fails else item.html


def _json(request: Request, account: SimAccount | None, items: list[Item]) -> str:
    entries = []
    for item in items:
        entry: dict[str, object] = {
            "id": item.short,
            "content_html": _content(request, item),
            "url": item.link,
            "title": item.title,
            "image": item.image,
            "date_modified": _iso(item.post.at),
        }
        if account is None:
            entry["author"] = {"name": item.post.account.name}
        entries.append(entry)
    title = account.name if account else "WeWe-RSS All"
    feed = {
        "version": "https://jsonfeed.org/version/1",
        "title": title,
        "home_page_url": f"{_host(request)}{request.path}",
        "description": f"{title}官方公众号",
        "icon": _cover(account),
        "author": {"name": title},
        "generator": "WeWe-RSS",
        "items": entries,
    }
    return json.dumps(feed, ensure_ascii=False, indent=4)


def _rss(request: Request, account: SimAccount | None, items: list[Item]) -> str:
    rows = []
    for item in items:
        content, at = _content(request, item), datetime.fromtimestamp(item.post.at, UTC)
        encoded = f"<content:encoded><![CDATA[{content}]]></content:encoded>" if content else ""
        rows.append(
            f"<item><title><![CDATA[{item.title}]]></title><link>{item.link}</link><guid>{item.link}</guid>"
            f"<pubDate>{_rfc822(at)} GMT</pubDate>{encoded}"
            f'<enclosure url="{item.image}" length="0" type="image/{_image_type(item.image)}"/></item>'
        )
    title = escape(account.name if account else "WeWe-RSS All")
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>{title}</title><link>{_host(request)}{request.path}</link><description>{title}官方公众号</description>"
        "<docs>https://validator.w3.org/feed/docs/rss2.html</docs><generator>WeWe-RSS</generator>"
        f"<image><title>{title}</title><url>{_cover(account)}</url></image>{''.join(rows)}</channel></rss>"
    )


def _atom(request: Request, account: SimAccount | None, items: list[Item]) -> str:
    rows = []
    for item in items:
        content = _content(request, item)
        html = f'<content type="html"><![CDATA[{content}]]></content>' if content else ""
        rows.append(
            f'<entry><title type="html"><![CDATA[{item.title}]]></title><id>{item.short}</id><link href="{item.link}"/>'
            f"<updated>{_iso(item.post.at)}</updated>{html}</entry>"
        )
    title, own = escape(account.name if account else "WeWe-RSS All"), f"{_host(request)}{request.path}"
    updated = _iso(items[0].post.at if items else request.world.now())
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><id>{own}</id><title>{title}</title>'
        f'<updated>{updated}</updated><generator>WeWe-RSS</generator><author><name>{title}</name></author><link rel="alternate" '
        f'href="{own}"/><subtitle>{title}官方公众号</subtitle><icon>{_cover(account)}</icon>{"".join(rows)}</feed>'
    )


def _account(request: Request, feed: str) -> SimAccount | None:
    return next((account for account in _accounts(request) if account.feed == feed), None)


def _accounts(request: Request) -> list[SimAccount]:
    return [account for account in request.world.city.accounts if account.feed]


def _number(request: Request, name: str, usual: int, most: int) -> int:
    text = request.query.get(name, "")
    return min(int(text), most) if re.fullmatch(r"[0-9]{1,9}", text) else usual


def _host(request: Request) -> str:
    return f"http://{quote(request.headers.get('host', '127.0.0.1'), safe=':.[]')}"


def _cover(account: SimAccount | None) -> str:
    return f"https://mmbiz.qpic.cn/mmhead/{account.feed if account else 'all'}/0"


def _image_type(url: str) -> str:
    """The tool takes the kind of a picture from whatever follows the host: image//mmbiz_jpg/…/0."""
    return re.sub(r"^https?://[^/]+", "", url).partition("?")[0]


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _rfc822(at: datetime) -> str:
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{days[at.weekday()]}, {at.day:02d} {months[at.month - 1]} {at.year} {at:%H:%M:%S}"


ROUTES: Routes = {("GET", "/feeds"): wewe_index, ("GET", "/feeds/*"): wewe, ("GET", "/we-mp-rss/rss/*"): we_mp_rss}
