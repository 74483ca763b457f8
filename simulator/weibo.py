"""The addresses of the Weibo open platform: /weibo-free stands for api.weibo.com, /weibo-commercial for c.api.weibo.com."""

from collections.abc import Callable
from functools import partial
from typing import Any

from simulator import weibo_commercial as com
from simulator import weibo_free as free
from simulator.exchange import Request, Response, Routes
from simulator.weibo_call import Endpoint, RefusalError, guarded

FREE: dict[str, Callable[..., Any]] = {
    "statuses/user_timeline": free.own_timeline,
    "statuses/count": free.batch_counts,
    "statuses/mentions": partial(free.mentions, app_only=True),
    "statuses/show": free.show,
    "comments/show": free.comments_of,
    "comments/to_me": partial(free.received, app_only=True),
    "comments/mentions": partial(free.mentioned, app_only=True),
    "users/counts": free.user_counts,
    "users/show": free.user,
    "account/rate_limit_status": free.rate_limits,
}
COMMERCIAL: dict[str, Callable[..., Any]] = {
    "statuses/user_timeline/biz": com.own_timeline,
    "statuses/user_timeline/other": com.other_timeline,
    "statuses/user_timeline_batch": com.many_timelines,
    "statuses/show_batch/biz": com.show_many,
    "statuses/count": free.batch_counts,
    "statuses/mentions/biz": partial(free.mentions, app_only=False),
    "comments/tree/root_list": com.comment_tree,
    "comments/to_me/biz": partial(free.received, app_only=False),
    "comments/mentions/biz": partial(free.mentioned, app_only=False),
    "users/show_batch/other": com.show_users,
    "users/counts": free.user_counts,
    "account/rate_limit_status": free.rate_limits,
}


def _wrong_method(request: Request) -> Response:
    return RefusalError(10021).response("/" + request.path.split("/", 2)[2])


def _routes(host: str, endpoints: dict[str, Endpoint]) -> Routes:
    paths = {f"/weibo-{host}/2/{name}.json": endpoint for name, endpoint in endpoints.items()}
    made: Routes = {("GET", path): guarded(host, endpoint) for path, endpoint in paths.items()}
    return made | {("POST", path): _wrong_method for path in paths}


ROUTES: Routes = {
    **_routes("free", FREE),
    **_routes("commercial", COMMERCIAL),
    ("POST", "/weibo-free/oauth2/get_token_info"): guarded("oauth", free.token_life),
    ("GET", "/weibo-free/oauth2/get_token_info"): _wrong_method,
}
