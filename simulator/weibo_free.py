"""The free interface: the owner's newest five posts, only app users' comments, totals that count everything."""

from typing import Any

from simulator.events import SimAccount, SimComment, SimPost
from simulator.quotas import seconds_left
from simulator.seeing import counted_until, counts_at, gone_at, is_post_shown, shown_until, stated_comments
from simulator.weibo_call import LOCAL, Call, Page, RefusalError, turn_page
from simulator.weibo_shapes import Json, account_user, comment, count, created_at, mention_status, posts_ever, status

NEWEST = 5
LIFE_S = 157_679_999


def envelope(key: str, items: list[Json], page: Page[Any], total: int) -> Json:
    """The wrapping of every list."""
    cursors = {"previous_cursor": 0, "next_cursor": page.next, "total_number": total}
    return {key: items, **({"ad": []} if key == "statuses" else {}), "hasvisible": False, **cursors}


def find_post(call: Call, word: str) -> SimPost:
    """The Weibo post that an id names; refuses what was deleted, hidden or never there."""
    if not word:
        raise RefusalError(10016, "id")
    post = call.world.city.post(word)
    if post is None or post.account.platform != "weibo" or post.at > call.now:
        raise RefusalError(20101)
    if post.deleted_at is not None and post.deleted_at <= call.now:
        raise RefusalError(20101)
    if post.hidden_at is not None and post.hidden_at <= call.now:
        raise RefusalError(20112)
    return post


def find_user(call: Call) -> SimAccount:
    """The account that uid or screen_name names; the caller when both are missing."""
    uid, name = call.params.get("uid", ""), call.params.get("screen_name", "")
    if not uid and not name:
        return call.owner
    weibo = (a for a in call.world.city.accounts if a.platform == "weibo" and a.name == name)
    account = call.world.city.account(uid) if uid else next(weibo, None)
    if account is None or account.platform != "weibo":
        raise RefusalError(20003)
    return account


def own_timeline(call: Call) -> Json:
    """statuses/user_timeline: whatever is asked for, it is cut from the newest five."""
    if find_user(call) is not call.owner:
        raise RefusalError(10014)
    posts = call.world.city.visible_posts(call.owner, call.now)[-NEWEST:]
    view = call.view()
    page = turn_page(call, posts, lambda post: is_post_shown(post, call.now), 20, 100)
    return envelope("statuses", [status(view, post) for post in page.items], page, posts_ever(view, call.owner))


def show(call: Call) -> Json:
    """statuses/show."""
    return status(call.view(), find_post(call, call.params.get("id", "")))


def batch_counts(call: Call) -> list[Json]:
    """statuses/count: a bare array; posts that are gone are left out."""
    view, city = call.view(), call.world.city
    posts = [post for post in map(city.post, call.ids("ids", 100)) if post is not None and is_post_shown(post, call.now)]
    made = []
    for post in posts:
        counts = counts_at(post, call.now)
        strategy = {"apply_scenario_flag": 3, "display_text_min_number": 1_000_000, "display_text": "100万+"}
        made.append(
            {
                "id": post.number,
                "idstr": post.key,
                "comments": count(counts.comments, view.strings),
                "reposts": count(counts.shares, view.strings),
                "attitudes": count(counts.likes, view.strings),
                "number_display_strategy": strategy,
            }
        )
    return made


def comments_of(call: Call) -> Json:
    """comments/show: only what app users wrote; total_number counts everybody."""
    post = find_post(call, call.params.get("id", ""))
    counted = [c for c in post.comments if c.at <= call.now < counted_until(c)]
    page = turn_page(call, counted, lambda c: c.app_user and call.now < shown_until(c), 50, 200)
    view = call.view()
    return envelope("comments", [comment(view, c) for c in page.items], page, stated_comments(post, call.now))


def received(call: Call, app_only: bool) -> Json:
    """comments/to_me: what others wrote below the owner's posts."""

    def is_alive(said: SimComment) -> bool:
        gone = gone_at(said.post)
        return call.now < counted_until(said) and (gone is None or call.now < gone)

    mine = call.owner.ext_id
    counted = [c for c in call.world.city.received(call.owner, call.now) if c.author_id != mine and is_alive(c)]
    return _comments(call, counted, app_only)


def mentioned(call: Call, app_only: bool) -> Json:
    """comments/mentions: comments elsewhere that call the owner by @."""
    found = call.world.city.comment_mentions(call.owner, call.now)
    counted = [c for c in found if call.now < counted_until(c) and is_post_shown(c.post, call.now)]
    return _comments(call, counted, app_only)


def _comments(call: Call, counted: list[SimComment], app_only: bool) -> Json:
    page = turn_page(call, counted, lambda c: (c.app_user or not app_only) and call.now < shown_until(c), 50, 200)
    view = call.view()
    return envelope("comments", [comment(view, c) for c in page.items], page, len(counted))


def mentions(call: Call, app_only: bool) -> Json:
    """statuses/mentions: citizens' own posts that call the owner by @."""
    found = call.world.city.mentions(call.owner, call.world.city.begin, call.now)
    counted = [m for m in found if m.deleted_at is None or call.now < m.deleted_at]
    page = turn_page(call, counted, lambda m: m.app_user or not app_only, 20, 200)
    view = call.view()
    return envelope("statuses", [mention_status(view, m) for m in page.items], page, len(counted))


def user(call: Call) -> Json:
    """users/show."""
    return account_user(call.view(), find_user(call))


def user_counts(call: Call) -> list[Json]:
    """users/counts: a bare array of those that exist."""
    view = call.view()
    users = [account_user(view, a) for a in map(call.world.city.account, call.ids("uids", 100)) if a and a.platform == "weibo"]
    return [{key: one[key] for key in ("id", "followers_count", "friends_count", "statuses_count")} for one in users]


def rate_limits(call: Call) -> Json:
    """account/rate_limit_status; the ask itself costs nothing on the free host."""
    quotas, now = call.world.quotas, call.now
    by_ip, user_limit = f"weibo_{call.host}_ip_hour", quotas.limits["weibo_free_user_day"]
    ip_limit = quotas.limits[by_ip]
    left = seconds_left("day", now)
    ends = created_at(now + left)
    return {
        "api_rate_limits": [
            {
                "api": name.removeprefix("weibo_endpoint_hour:/2").removesuffix(".json"),
                "limit": size,
                "limit_time_unit": "HOURS",
                "remaining_hits": max(0, size - quotas.used(name, f"{call.host}/{call.owner.ext_id}", "hour", now)),
            }
            for name, size in quotas.limits.items()
            if name.startswith("weibo_endpoint_hour:")
        ],
        "ip_limit": ip_limit,
        "limit_time_unit": "HOURS",
        "remaining_ip_hits": max(0, ip_limit - quotas.used(by_ip, LOCAL, "hour", now)),
        "remaining_user_hits": max(0, user_limit - quotas.used("weibo_free_user_day", call.owner.ext_id, "day", now)),
        "reset_time": f"{ends[-4:]}-{_month(ends)}-{ends[8:10]} {ends[11:19]}",
        "reset_time_in_seconds": left,
        "user_limit": user_limit,
    }


def _month(written: str) -> str:
    return f"{'JanFebMarAprMayJunJulAugSepOctNovDec'.index(written[4:7]) // 3 + 1:02d}"


def token_life(call: Call) -> Json:
    """oauth2/get_token_info: the life runs out when the next expiry fault of this account begins."""
    city, faults, who = call.world.city, call.world.faults, call.owner.ext_id
    born = int(city.start) - (int(who) % 90 + 40) * 86_400
    ends = born + LIFE_S
    window = faults.window("token_expired", call.now, who, call.path)
    begins = [rule.since for rule in faults.rules if rule.covers("token_expired", who, call.path) and rule.since > call.now]
    if window and window[0] > call.now:
        begins.append(window[0])
    left = int(min([ends, *begins]) - call.now)
    return {"uid": int(who), "appkey": "1352222456", "scope": None, "create_at": born, "expire_in": left}
