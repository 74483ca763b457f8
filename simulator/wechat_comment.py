"""WeChat's comment list: counted from 0 below one article, last touched first, and with one author's reply at most."""

from typing import Any

from simulator.events import SimComment, SimPost
from simulator.exchange import Response
from simulator.seeing import counted_until, reply_at, shown_until
from simulator.wechat_publish import is_deleted
from simulator.wechat_wire import Call, refused, said, share, whole

MOST = 49


def comment_list(call: Call) -> Response:
    """POST /cgi-bin/comment/list {msg_data_id, index, begin, count, type 0 all, 1 normal, 2 elected}."""
    number, index = whole(call.body.get("msg_data_id")), whole(call.body.get("index"), 0)
    begin, count, kind = (whole(call.body.get(name), default) for name, default in (("begin", 0), ("count", 0), ("type", 0)))
    if count is None or not 0 < count <= MOST:
        return refused(call.request, 88010)
    if begin is None or kind not in (0, 1, 2):
        return refused(call.request, 40097)
    post = None if number is None or index is None else call.request.world.city.post(f"{number}_{index + 1}")
    if post is None or post.account is not call.account or post.at > call.now or is_deleted(post, call.now):
        return refused(call.request, 88001)
    if post.hidden_at is not None and post.hidden_at <= call.now:
        return refused(call.request, 88002)
    return said(_page(call, post, begin, count, kind))


def is_elected(comment: SimComment) -> bool:
    """Whether the author picked the comment out."""
    return share("elected", comment.post.key, comment.key) < 0.22


def _page(call: Call, post: SimPost, begin: int, count: int, kind: int) -> dict[str, Any]:
    """The window is laid over what is counted, and then what is filtered drops out of it: pages come back short."""
    now, faults = call.now, call.request.world.faults
    counted = [c for c in post.comments if c.at <= now < counted_until(c)]
    if any(rule.covers("filtered_comments", call.account.ext_id, call.request.path) for rule in faults.rules):
        faults.told("filtered_comments", call.account.ext_id, call.request.path)
        return {"errcode": 0, "errmsg": "ok", "comment": [], "total": 0, "comment_cnt": len(counted)}
    if kind:
        counted = [c for c in counted if is_elected(c) == (kind == 2)]
    counted.sort(key=lambda c: (-_touched(c, now), -c.number))
    shown = [_comment(c, now) for c in counted[begin : begin + count] if now < shown_until(c)]
    return {"errcode": 0, "errmsg": "ok", "total": len(counted), "comment": shown}


def _touched(comment: SimComment, now: float) -> int:
    reply = reply_at(comment, now)
    return reply[0] if reply else comment.at


def _comment(comment: SimComment, now: float) -> dict[str, Any]:
    told: dict[str, Any] = {"user_comment_id": comment.number}
    if share("known", comment.author_id) > 0.12:  # who has no WeChat identity there comes without an openid
        told["openid"] = comment.author_id
    told |= {"create_time": comment.at, "content": comment.text, "comment_type": int(is_elected(comment))}
    if reply := reply_at(comment, now):
        told["reply"] = {"content": reply[1], "create_time": reply[0]}
    return told
