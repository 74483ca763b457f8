"""WeChat's article statistics: the new family, which lists every article of a day, and the old one that is still answered."""

from typing import Any

from simulator.events import SimPost
from simulator.exchange import Response
from simulator.mids import day_of, day_start
from simulator.seeing import counts_at, is_mass_sent
from simulator.wechat_days import day_text, is_ready, noisy, revised, sources, span
from simulator.wechat_wire import Call, refused, said, share

WINDOW = 30  # days of life in which an article is counted
_OLD_WINDOW = 7


def getarticletotaldetail(call: Call) -> Response:
    """Every article published on a day, with its totals at the end of each day since."""
    days = span(call, 1)
    if isinstance(days, Response):
        return days
    if not is_ready(call, days[-1]):
        return said({"list": [], "is_delay": True})
    yesterday = day_of(call.now) - 1
    last = yesterday if is_ready(call, yesterday) else yesterday - 1
    rows = []
    for post in _published(call, days[0]):
        details = [_detail(call, post, stat) for stat in range(days[0], min(last, days[0] + WINDOW - 1) + 1)]
        row = {"ref_date": day_text(days[0]), "msgid": post.key, "publish_type": publish_type(post), "detail_list": details}
        rows.append(row)
    return said({"list": rows, "is_delay": last != yesterday})


def getarticleread(call: Call) -> Response:
    """Who read what on one day, article by article."""
    return _daily(call, lambda post, day: _reading(call, post, day))


def getarticleshare(call: Call) -> Response:
    """Who passed on what on one day, article by article."""

    def shares(post: SimPost, day: int) -> dict[str, Any]:
        people = _moved(call, post, day)["shares"]
        rows = [
            {"user_count": people - people // 3, "scene_desc": "聊天会话"},
            {"user_count": people // 3, "scene_desc": "朋友圈"},
        ]
        return {"share_user": people, "share_user_source": rows}

    return _daily(call, shares)


def getbizsummary(call: Call) -> Response:
    """What the whole account was read, passed on, liked and answered on each day."""
    days = span(call, 30)
    if isinstance(days, Response):
        return days
    if not is_ready(call, days[-1]):
        return refused(call.request, 61503)
    rows = []
    for day in days:
        moved = [_moved(call, post, day) for post in _alive(call, day)]
        total = {name: sum(one[name] for one in moved) for name in ("reads", "shares", "likes", "comments")}
        detail = {
            "read_user": total["reads"],
            "read_user_source": sources(total["reads"], call.account.ext_id, day),
            "share_user": total["shares"],
            "zaikan_user": total["likes"] // 3,
            "like_user": total["likes"],
            "comment_count": total["comments"],
            "collection_user": total["shares"] // 4,
        }
        rows.append({"ref_date": day_text(day), "detail": detail})
    return said({"list": rows, "is_delay": False})


def getarticlesummary(call: Call) -> Response:
    """The old daily list: it carries the title but leaves out what hardly anybody read."""
    days = span(call, 1)
    if isinstance(days, Response):
        return days
    if not is_ready(call, days[-1]):
        return refused(call.request, 61503)
    rows = []
    for post in _alive(call, days[0]):
        moved = _moved(call, post, days[0])
        if moved["reads"] >= 3:
            rows.append({"ref_date": day_text(days[0]), "msgid": post.key, "title": post.title, **_old(moved)})
    return said({"list": rows})


def getarticletotal(call: Call) -> Response:
    """The old totals of what was published on a day, for its first seven days."""
    days = span(call, 1)
    if isinstance(days, Response):
        return days
    if not is_ready(call, days[-1]):
        return refused(call.request, 61503)
    rows = []
    for post in _published(call, days[0]):
        details = []
        for stat in range(days[0], min(day_of(call.now) - 1, days[0] + _OLD_WINDOW - 1) + 1):
            if is_ready(call, stat):
                counts = _state(call, post, stat)
                target = call.request.world.city.followers_at(call.account, post.at)
                details.append({"stat_date": day_text(stat), "target_user": target, **_old(counts)})
        rows.append({"ref_date": day_text(days[0]), "msgid": post.key, "title": post.title, "details": details})
    return said({"list": rows})


def getuserread(call: Call) -> Response:
    """The old reading figures of the whole account, all sources together."""
    days = span(call, 3)
    if isinstance(days, Response):
        return days
    if not is_ready(call, days[-1]):
        return refused(call.request, 61503)
    rows = []
    for day in days:
        moved = [_moved(call, post, day) for post in _alive(call, day)]
        total = {name: sum(one[name] for one in moved) for name in ("reads", "shares")}
        rows.append({"ref_date": day_text(day), "user_source": 99999999, **_old(total)})
    return said({"list": rows})


def publish_type(post: SimPost) -> int:
    """0 with a notification, 1 without; 2 is on the wire and in no document."""
    if share("publish_type", post.number) < 0.04:
        return 2
    return 0 if is_mass_sent(post) else 1


def _daily(call: Call, detail: Any) -> Response:
    days = span(call, 1)
    if isinstance(days, Response):
        return days
    if not is_ready(call, days[-1]):
        return refused(call.request, 61503)
    rows = [{"ref_date": day_text(days[0]), "msgid": post.key, "detail": detail(post, days[0])} for post in _alive(call, days[0])]
    return said({"list": rows, "is_delay": False})


def _published(call: Call, day: int) -> list[SimPost]:
    return call.request.world.city.posts(call.account, day_start(day), day_start(day + 1) - 1)


def _alive(call: Call, day: int) -> list[SimPost]:
    """What was published in the thirty days that end with `day`."""
    return call.request.world.city.posts(call.account, day_start(day - WINDOW + 1), day_start(day + 1) - 1)


def _state(call: Call, post: SimPost, stat: int) -> dict[str, int]:
    """Totals of an article at the end of a day; they stop when the article is gone."""
    end = day_start(stat + 1) - 1
    if post.deleted_at is not None:
        end = min(end, post.deleted_at)
    counts = counts_at(post, end)
    reads = revised(call, counts.reads, stat, post.key)
    return {"reads": reads, "likes": counts.likes, "shares": counts.shares, "comments": counts.comments}


def _moved(call: Call, post: SimPost, day: int) -> dict[str, int]:
    """What one day added to the totals."""
    after = _state(call, post, day)
    if day_of(post.at) == day:
        return after
    before = _state(call, post, day - 1)
    return {name: max(0, after[name] - before[name]) for name in after}


def _detail(call: Call, post: SimPost, stat: int) -> dict[str, Any]:
    state = _state(call, post, stat)
    finished = [noisy(share("stays", post.key, n) * 0.2) for n in range(4)]
    jumps = [{"position": n + 1, "rate": rate} for n, rate in enumerate(finished)]
    jumps.append({"position": 5, "rate": noisy(1 - sum(finished))})
    return {
        "stat_date": day_text(stat),
        "read_user": state["reads"],
        "read_user_source": sources(state["reads"], post.key, stat),
        "share_user": state["shares"],
        "read_subscribe_user": state["reads"] // 50,
        "read_delivery_rate": noisy(min(1.0, state["reads"] / max(call.account.followers, 1))),
        "read_finish_rate": noisy(0.3 + 0.6 * share("finish", post.key)),
        "read_avg_activetime": noisy(10 + 90 * share("time", post.key)),
        "zaikan_user": state["likes"] // 3,
        "like_user": state["likes"],
        "praise_money": 0,
        "comment_count": state["comments"],
        "collection_user": state["shares"] // 4,
        "read_jump_position": jumps,
    }


def _reading(call: Call, post: SimPost, day: int) -> dict[str, Any]:
    people = _moved(call, post, day)["reads"]
    return {"read_user": people, "read_user_source": sources(people, post.key, "day", day)}


def _old(counts: dict[str, int]) -> dict[str, int]:
    reads, shares = counts["reads"], counts["shares"]
    return {
        "int_page_read_user": reads,
        "int_page_read_count": reads + reads // 9,
        "ori_page_read_user": reads // 400,
        "ori_page_read_count": reads // 350,
        "share_user": shares,
        "share_count": shares + shares // 5,
        "add_to_fav_user": shares // 4,
        "add_to_fav_count": shares // 4,
    }
