"""Every field of the simulated Weibo answers has the documented name and type."""

import re
from typing import Any

from simulator.mids import second_of
from simulator.script import add_comment, add_post
from simulator.weibo_shapes import created_at

CREATED = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d\d \d\d:\d\d:\d\d \+0800 \d{4}"
)
CITIZEN: dict[str, Any] = dict.fromkeys(
    (
        "idstr",
        "screen_name",
        "name",
        "province",
        "city",
        "location",
        "description",
        "url",
        "profile_image_url",
        "domain",
        "gender",
    ),
    str,
) | dict.fromkeys(("id", "followers_count", "friends_count", "statuses_count", "favourites_count", "verified_type"), int)
CITIZEN |= {"created_at": str, "following": bool, "verified": bool, "verified_reason": str, "follow_me": bool}
OFFICE: dict[str, Any] = CITIZEN | dict.fromkeys(("profile_url", "weihao", "remark", "avatar_large", "avatar_hd", "lang"), str)
OFFICE |= {
    "allow_all_act_msg": bool,
    "geo_enabled": bool,
    "allow_all_comment": bool,
    "online_status": int,
    "bi_followers_count": int,
}
STATUS: dict[str, Any] = dict.fromkeys(("id", "reposts_count", "comments_count", "attitudes_count", "mlevel"), int)
STATUS |= dict.fromkeys(("created_at", "mid", "idstr", "text", "source"), str)
STATUS |= dict.fromkeys(("in_reply_to_status_id", "in_reply_to_user_id", "in_reply_to_screen_name"), str)
STATUS |= {
    "favorited": bool,
    "truncated": bool,
    "isLongText": bool,
    "pic_urls": list,
    "geo": type(None),
    "user": dict,
    "visible": dict,
}
COMMENT: dict[str, Any] = dict.fromkeys(("created_at", "rootidstr", "text", "source", "mid", "idstr"), str)
COMMENT |= dict.fromkeys(("id", "rootid", "floor_number", "source_allowclick", "source_type"), int) | {"user": dict}
ENVELOPE: dict[str, Any] = {"hasvisible": bool, "previous_cursor": int, "next_cursor": int, "total_number": int}


def fits(value: dict[str, Any], wanted: dict[str, Any], further: tuple[str, ...] = ()) -> None:
    assert {name: type(value[name]) for name in value if name not in further} == wanted


def test_a_timeline_has_the_documented_envelope_posts_and_user(served) -> None:
    owner = served.account("weibo_commercial")
    answer = served.get("/weibo-commercial/2/statuses/user_timeline/biz.json", owner, count=100)
    fits(answer, {"statuses": list, "ad": list, **ENVELOPE})
    assert len(answer["statuses"]) > 5
    for one in answer["statuses"]:
        fits(one, STATUS, ("retweeted_status", "edit_count", "edit_at"))
        fits(one["user"], OFFICE)
        assert CREATED.fullmatch(one["created_at"])
        assert one["created_at"] == created_at(second_of(one["id"]))
        assert one["idstr"] == one["mid"] == str(one["id"])
        assert one["source"] == "" or re.fullmatch(r'<a href="http[^"]+" rel="nofollow">.+</a>', one["source"])
        assert one["user"]["verified_type"] == 1 and one["visible"] == {"type": 0, "list_id": 0}


def test_created_at_is_written_in_beijing_time_whatever_the_locale() -> None:
    assert created_at(1306835215) == "Tue May 31 17:46:55 +0800 2011"


def test_a_repost_carries_its_original_or_says_that_it_was_deleted(served) -> None:
    city = served.world.city
    reposts = [p for a in city.accounts for p in city.visible_posts(a, served.clock.now()) if not p.original]
    post = next(p for p in reposts if city.original_of(p))
    one = served.get("/weibo-commercial/2/statuses/show_batch/biz.json", post.account, ids=post.key)["statuses"][0]
    fits(one["retweeted_status"], STATUS, ("edit_count", "edit_at"))
    assert one["retweeted_status"]["user"]["idstr"] == city.hub.ext_id
    city.original_of(post).deleted_at = int(served.clock.now())
    one = served.get("/weibo-commercial/2/statuses/show_batch/biz.json", post.account, ids=post.key)["statuses"][0]
    assert "user" not in one["retweeted_status"]
    assert one["retweeted_status"]["text"].startswith("抱歉，此微博已被作者删除")


def test_comments_nest_as_documented(served) -> None:
    owner, now = served.account("weibo_commercial"), served.clock.now()
    post = add_post(served.world.city, owner, now - 900, "停水通知")
    root = add_comment(served.world.city, post, now - 800, "几点来水？", asks=True)
    reply = add_comment(served.world.city, post, now - 700, "今晚十点", author=(owner.ext_id, owner.name), parent=root)
    tree = served.get("/weibo-commercial/2/comments/tree/root_list.json", owner, id=post.key, count=200, child_count=200)
    fits(tree, {"root_comments": list, **ENVELOPE})
    [top] = tree["root_comments"]
    fits(top, {**COMMENT, "status": dict, "comments": list, "total_number": int})
    fits(top["user"], CITIZEN)
    [below] = top["comments"]
    fits(below, {**COMMENT, "reply_comment": dict})
    fits(below["user"], OFFICE)
    assert (top["rootid"], below["rootid"]) == (root.number, root.number)
    assert below["reply_comment"]["id"] == root.number and below["id"] == reply.number
    assert top["status"]["idstr"] == post.key and tree["total_number"] == 2
    flat = served.get("/weibo-free/2/comments/show.json", owner, id=post.key)
    fits(flat, {"comments": list, **ENVELOPE})
    assert [one["id"] for one in flat["comments"]] == [reply.number, root.number]


def test_counts_users_and_the_token_have_the_documented_forms(served) -> None:
    owner = served.account("weibo_commercial")
    post = served.world.city.visible_posts(owner, served.clock.now())[-1]
    [counts] = served.get("/weibo-commercial/2/statuses/count.json", owner, ids=f"{post.key},1,77")
    integers = dict.fromkeys(("id", "comments", "reposts", "attitudes"), int)
    fits(counts, {**integers, "idstr": str, "number_display_strategy": dict})
    [number] = served.get("/weibo-commercial/2/users/counts.json", owner, uids=owner.ext_id)
    fits(number, dict.fromkeys(("id", "followers_count", "friends_count", "statuses_count"), int))
    [user] = served.get("/weibo-commercial/2/users/show_batch/other.json", owner, uids=f"{owner.ext_id},5")["users"]
    fits(user, OFFICE)
    fits(served.get("/weibo-free/2/users/show.json", owner, uid=owner.ext_id), OFFICE)
    life = served.get("/weibo-free/oauth2/get_token_info", owner, method="POST")
    fits(life, {"uid": int, "appkey": str, "scope": type(None), "create_at": int, "expire_in": int})
    assert life["expire_in"] > 0 and str(life["uid"]) == owner.ext_id


def test_mentions_are_posts_of_citizens_and_comments_elsewhere(served) -> None:
    city = served.world.city
    owner = next(a for a in city.accounts if a.token and city.comment_mentions(a, served.clock.now()) and a.route.endswith("l"))
    posts = served.get("/weibo-commercial/2/statuses/mentions/biz.json", owner, count=200)
    assert posts["statuses"] and all(one["user"]["verified_type"] == -1 for one in posts["statuses"])
    fits(posts["statuses"][0], STATUS)
    comments = served.get("/weibo-commercial/2/comments/mentions/biz.json", owner)["comments"]
    assert comments and all(f"@{owner.name}" in one["text"] for one in comments)


def test_a_long_post_is_cut_unless_the_whole_is_asked_for(served) -> None:
    owner = served.account("weibo_commercial")
    post = add_post(served.world.city, owner, served.clock.now() - 5, "长" * 400)
    [short] = served.get("/weibo-commercial/2/statuses/show_batch/biz.json", owner, ids=post.key)["statuses"]
    [whole] = served.get("/weibo-commercial/2/statuses/show_batch/biz.json", owner, ids=post.key, isGetLongText=1)["statuses"]
    assert short["isLongText"] and "...全文" in short["text"] and "longText" not in short
    assert whole["longText"] == {"content": "长" * 400}


def test_trimmed_users_are_bare_numbers(served) -> None:
    owner = served.account("weibo_commercial")
    answer = served.get("/weibo-commercial/2/statuses/user_timeline/biz.json", owner, trim_user=1)
    assert {one["user"] for one in answer["statuses"]} == {int(owner.ext_id)}
