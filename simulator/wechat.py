"""The simulated WeChat Official Accounts interface: which address is answered by whom."""

from datetime import UTC, datetime, timedelta

from simulator import wechat_datacube, wechat_publish, wechat_token, wechat_users
from simulator.exchange import Handler, Request, Response, Routes
from simulator.wechat_comment import comment_list
from simulator.wechat_wire import PREFIX, Call, gated, limit_of, refused, said

CLEARED_A_MONTH = 10


def quota_get(call: Call) -> Response:
    """POST /cgi-bin/openapi/quota/get {cgi_path}."""
    path, world = call.body.get("cgi_path"), call.request.world
    if not isinstance(path, str) or ("POST", PREFIX + path) not in ROUTES:
        return refused(call.request, 76021)
    name, size = limit_of(call.request, path)
    used = world.quotas.used(name, call.account.ext_id, "day", call.now)
    quota = {"daily_limit": size, "used": used, "remain": max(0, size - used)}
    return said({"errcode": 0, "errmsg": "ok", "quota": quota})


def clear_quota(call: Call) -> Response:
    """POST /cgi-bin/clear_quota {appid}: all counters of the account back to nothing, ten times a month."""
    if call.body.get("appid") != call.account.ext_id:
        return refused(call.request, 40013)
    month = (datetime.fromtimestamp(call.now, UTC) + timedelta(hours=8)).strftime("%Y-%m")
    world = call.request.world
    with world.lock:
        done: dict[tuple[str, str], int] = world.stores.setdefault("wechat_cleared", {})
        if done.get((call.account.ext_id, month), 0) >= CLEARED_A_MONTH:
            return said({"errcode": 48006, "errmsg": "forbid to clear quota because of reaching the limit"})
        done[call.account.ext_id, month] = done.get((call.account.ext_id, month), 0) + 1
    for api in (path for method, path in ROUTES if method == "POST"):
        world.quotas.clear(limit_of(call.request, api.removeprefix(PREFIX))[0], call.account.ext_id)
    return said({"errcode": 0, "errmsg": "ok"})


def _require_post(request: Request) -> Response:
    return refused(request, 43002)


def _no_such(request: Request) -> Response:
    return refused(request, 40066)


def _routes() -> Routes:
    posts: dict[str, Handler] = {
        "/cgi-bin/stable_token": wechat_token.stable_token,
        "/cgi-bin/openapi/quota/get": gated(quota_get, charged=False),
        "/cgi-bin/clear_quota": gated(clear_quota, charged=False),
        "/cgi-bin/freepublish/batchget": gated(wechat_publish.batchget),
        "/cgi-bin/freepublish/getarticle": gated(wechat_publish.getarticle),
        "/cgi-bin/material/batchget_material": gated(wechat_publish.batchget_material),
        "/cgi-bin/material/get_material": gated(wechat_publish.get_material),
        "/cgi-bin/comment/list": gated(comment_list),
    }
    articles = "getarticletotaldetail getarticleread getarticleshare getbizsummary getarticlesummary getarticletotal getuserread"
    posts |= {f"/datacube/{name}": gated(getattr(wechat_datacube, name)) for name in articles.split()}
    posts |= {f"/datacube/{name}": gated(getattr(wechat_users, name)) for name in ("getusersummary", "getusercumulate")}
    gets = {
        "/cgi-bin/token": wechat_token.token,
        "/cgi-bin/material/get_materialcount": gated(wechat_publish.get_materialcount, post=False),
        "/*": _no_such,
        **dict.fromkeys(posts, _require_post),
    }
    posts["/*"] = _no_such
    return {("POST", PREFIX + path): handler for path, handler in posts.items()} | {
        ("GET", PREFIX + path): handler for path, handler in gets.items()
    }


ROUTES: Routes = _routes()
