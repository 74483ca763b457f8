"""How WeChat answers: always with 200, slashes escaped, errors by number with a request id; and who may ask at all."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from simulator.events import SimAccount
from simulator.exchange import Handler, Request, Response

PREFIX = "/wechat"
WORDS = {
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40007: "invalid media_id",
    40013: "invalid appid",
    40014: "invalid access_token",
    40066: "invalid url",
    40097: "invalid args",
    40125: "invalid appsecret",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    42001: "access_token expired",
    43002: "require POST method",
    44002: "empty post data",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    47001: "data format error",
    48001: "api unauthorized",
    48006: "forbid to clear quota because of reaching the limit",
    53600: "Article ID invalid",
    61500: "date format error",
    61501: "date range error",
    61503: "data not ready, please try later",
    76021: "cgi_path not found, please check",
    88000: "without comment privilege",
    88001: "msg_data is not exists",
    88002: "article is limited for safety",
    88010: "count range error. cout <= 0 or count > 50",
}
# Calls per account and Beijing day; what is not named has no documented figure and gets OTHER_A_DAY.
A_DAY = {
    "/cgi-bin/token": 2000,
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/freepublish/batchget": 100,
    "/cgi-bin/freepublish/getarticle": 100,
}
OTHER_A_DAY, A_MINUTE = 5000, 10_000


@dataclass(frozen=True, slots=True)
class Call:
    """One request that passed the gate: who asks, about what, at which virtual moment."""

    request: Request
    account: SimAccount
    body: dict[str, Any]
    now: float


def hashed(*what: object) -> str:
    """64 hexadecimal digits that depend on `what` only."""
    return blake2b("/".join(map(str, what)).encode(), digest_size=32).hexdigest()


def share(*what: object) -> float:
    """A number in [0, 1) that depends on `what` only."""
    return int(hashed(*what)[:13], 16) / (1 << 52)


def said(value: dict[str, Any], content_type: str = "text/plain") -> Response:
    """An answer as WeChat writes it: raw UTF-8 with `\\/` for every slash, called plain text."""
    try:
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/").encode()
    except UnicodeEncodeError:
        body = json.dumps(value, separators=(",", ":")).replace("/", "\\/").encode()
    return Response(200, body, content_type)


def refused(request: Request, code: int, words: str = "") -> Response:
    """An error body: number, wording and the id of the request behind it."""
    now = request.world.now()
    mark = hashed(now, request.path, len(request.world.asked))
    return said({"errcode": code, "errmsg": f"{words or WORDS[code]} rid: {int(now):08x}-{mark[:8]}-{mark[8:16]}"})


def api_of(request: Request) -> str:
    """The path without our prefix: `/cgi-bin/comment/list`."""
    return request.path.removeprefix(PREFIX)


def limit_of(request: Request, api: str) -> tuple[str, int]:
    """Name and size of an API's daily limit; the world's `quotas.limits` may hold another size under this name."""
    name = f"wechat_day:{api}"
    return name, request.world.quotas.limits.setdefault(name, A_DAY.get(api, OTHER_A_DAY))


def outsider(request: Request, account: SimAccount) -> Response | None:
    """The refusal for an address that is not on the account's white list."""
    faults = request.world.faults
    if not faults.is_on("ip_not_whitelisted", request.world.now(), account.ext_id, request.path):
        return None
    faults.told("ip_not_whitelisted", account.ext_id, request.path)
    return refused(request, 40164, "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist")


def over_quota(request: Request, account: SimAccount) -> Response | None:
    """Charge one call to the account; the refusal when the minute or the day is used up."""
    world, api, now = request.world, api_of(request), request.world.now()
    for kind in ("user_quota", "endpoint_quota"):
        if "token" not in api and world.faults.is_on(kind, now, account.ext_id, request.path):
            world.faults.told(kind, account.ext_id, request.path)
            return refused(request, 45009)
    name, _ = limit_of(request, api)
    world.quotas.limits.setdefault("wechat_minute", A_MINUTE)
    if not world.quotas.take("wechat_minute", f"{account.ext_id}{api}", "minute", now):
        return refused(request, 45011)
    if not world.quotas.take(name, account.ext_id, "day", now):
        return refused(request, 45009)
    return None


def gated(handler: Callable[[Call], Response], charged: bool = True, post: bool = True) -> Handler:
    """A handler behind token, white list, permission, quota and body checks, in this order."""

    def answer(request: Request) -> Response:
        from simulator.wechat_token import holder

        account = holder(request)
        if isinstance(account, Response):
            return account
        world = request.world
        if refusal := outsider(request, account):
            return refusal
        if world.faults.is_on("permission_withdrawn", world.now(), account.ext_id, request.path):
            world.faults.told("permission_withdrawn", account.ext_id, request.path)
            return refused(request, 88000 if "/comment/" in request.path else 48001)
        if charged and (refusal := over_quota(request, account)):
            return refusal
        if not post:
            return handler(Call(request, account, {}, world.now()))
        if not request.body.strip():
            return refused(request, 44002)
        body = request.json()
        if not isinstance(body, dict):
            return refused(request, 47001)
        return handler(Call(request, account, body, world.now()))

    return answer


def whole(value: object, default: int | None = None) -> int | None:
    """A whole number from a body field (WeChat takes digits in quotes too); None when it is none."""
    if value is None:
        return default
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else None
