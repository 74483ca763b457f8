"""Every answer has the fields and the types that the platform's have, no more and no less."""

import json
import re
from collections.abc import Callable
from typing import Any

Differs = Callable[[Any, Any], str]
RID = re.compile(r" rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$")
NEWS_ITEM = {
    "title": str,
    "author": str,
    "digest": str,
    "content": str,
    "content_source_url": str,
    "thumb_media_id": str,
    "show_cover_pic": int,
    "url": str,
    "thumb_url": str,
    "need_open_comment": int,
    "only_fans_can_comment": int,
    "is_deleted": bool,
}
CONTENT = {"news_item": [NEWS_ITEM], "create_time": int, "update_time": int}
SOURCE = {"user_count": int, "scene_desc": str}
DETAIL = {
    "stat_date": str,
    "read_user": int,
    "read_user_source": [SOURCE],
    "share_user": int,
    "read_subscribe_user": int,
    "read_delivery_rate": float,
    "read_finish_rate": float,
    "read_avg_activetime": float,
    "zaikan_user": int,
    "like_user": int,
    "praise_money": int,
    "comment_count": int,
    "collection_user": int,
    "read_jump_position": [{"position": int, "rate": (int, float)}],
}
OLD = dict.fromkeys(
    (
        "int_page_read_user",
        "int_page_read_count",
        "ori_page_read_user",
        "ori_page_read_count",
        "share_user",
        "share_count",
        "add_to_fav_user",
        "add_to_fav_count",
    ),
    int,
)


def test_tokens_come_with_their_life(bench: Any, differs: Differs) -> None:
    for answer in (bench.token(), bench.plain_token()):
        assert not differs(answer, {"access_token": str, "expires_in": int})
        assert 136 <= len(answer["access_token"]) <= 512


def test_an_error_has_a_number_and_a_request_id_and_comes_with_200(bench: Any, differs: Differs) -> None:
    status, headers, body = bench.raw("/wechat/cgi-bin/comment/list?access_token=short", {})
    answer = json.loads(body)
    assert status == 200 and headers["content-type"].startswith("text/plain")
    assert not differs(answer, {"errcode": 40014, "errmsg": str}) and RID.search(answer["errmsg"])


def test_the_publishing_list_looks_as_recorded(bench: Any, differs: Differs) -> None:
    answer = bench.ask("/cgi-bin/freepublish/batchget", {"offset": 0, "count": 20, "no_content": 0})
    item = {"article_id": str, "content": CONTENT}
    assert not differs(answer, {"item": [item], "total_count": int, "item_count": int}) and answer["item"]
    assert all(len(one["article_id"]) == 43 for one in answer["item"])
    one = bench.ask("/cgi-bin/freepublish/getarticle", {"article_id": answer["item"][0]["article_id"]})
    assert not differs(one, CONTENT) and one == answer["item"][0]["content"]


def test_slashes_come_escaped_and_text_does_not(bench: Any) -> None:
    bench.ask("/cgi-bin/freepublish/batchget", {"offset": 0, "count": 1})
    token = bench.tokens[bench.account.ext_id]
    _, _, body = bench.raw(f"/wechat/cgi-bin/freepublish/batchget?access_token={token}", {"offset": 0, "count": 5})
    assert b"http:\\/\\/mp.weixin.qq.com\\/s?__biz=" in body and b"://" not in body and b"\\u" not in body


def test_comments_look_as_documented(bench: Any, differs: Differs) -> None:
    post = bench.talked_about()
    asked = {"msg_data_id": post.number, "index": post.idx - 1, "begin": 0, "count": 49, "type": 0}
    answer = bench.ask("/cgi-bin/comment/list", asked)
    reply = {"content": str, "create_time": int}
    row = {"user_comment_id": int, "openid?": str, "create_time": int, "content": str, "comment_type": int, "reply?": reply}
    assert not differs(answer, {"errcode": 0, "errmsg": "ok", "total": int, "comment": [row]})
    assert answer["comment"] and any("openid" not in one for one in answer["comment"])
    assert all(re.fullmatch(r"o[\w-]{27}", one["openid"]) for one in answer["comment"] if "openid" in one)


def test_the_totals_of_a_day_look_as_recorded(bench: Any, differs: Differs) -> None:
    found = []
    for ago in range(1, 10):
        answer = bench.ask("/datacube/getarticletotaldetail", bench.day(ago))
        row = {"ref_date": str, "msgid": str, "publish_type": int, "detail_list": [DETAIL]}
        assert not differs(answer, {"list": [row], "is_delay": bool})
        found += answer["list"]
    assert all(re.fullmatch(r"\d{10}_[1-8]", row["msgid"]) for row in found)
    assert {row["publish_type"] for row in found} >= {0, 1}
    details = [detail for row in found for detail in row["detail_list"]]
    assert any(len(repr(detail["read_finish_rate"])) > 12 for detail in details)
    orders = {tuple(source["scene_desc"] for source in detail["read_user_source"]) for detail in details}
    assert len(orders) > 5 and {len(order) for order in orders} == {8}


def test_the_other_statistics_look_as_documented(bench: Any, differs: Differs) -> None:
    reading = {"read_user": int, "read_user_source": [SOURCE]}
    sharing = {"share_user": int, "share_user_source": [SOURCE]}
    biz = {
        **reading,
        "share_user": int,
        "zaikan_user": int,
        "like_user": int,
        "comment_count": int,
        "collection_user": int,
    }
    day, msgid = {"ref_date": str}, {"ref_date": str, "msgid": str}
    shapes = {
        "getarticleread": {"list": [{**msgid, "detail": reading}], "is_delay": bool},
        "getarticleshare": {"list": [{**msgid, "detail": sharing}], "is_delay": bool},
        "getbizsummary": {"list": [{**day, "detail": biz}], "is_delay": bool},
        "getarticlesummary": {"list": [{**msgid, "title": str, **OLD}]},
        "getarticletotal": {"list": [{**msgid, "title": str, "details": [{"stat_date": str, "target_user": int, **OLD}]}]},
        "getuserread": {"list": [{**day, "user_source": 99999999, **OLD}]},
        "getusersummary": {"list": [{**day, "user_source": int, "new_user": int, "cancel_user": int}]},
        "getusercumulate": {"list": [{**day, "cumulate_user": int}]},
    }
    posted = next(ago for ago in range(1, 9) if bench.ask("/datacube/getarticletotaldetail", bench.day(ago))["list"])
    for name, shape in shapes.items():
        answer = bench.ask(f"/datacube/{name}", bench.day(posted))
        assert not differs(answer, shape), name
        assert answer["list"], name


def test_material_and_quota_look_as_documented(bench: Any, differs: Differs) -> None:
    news = bench.ask("/cgi-bin/material/batchget_material", {"type": "news", "offset": 0, "count": 3})
    item = {"media_id": str, "content": CONTENT, "update_time": int}
    assert not differs(news, {"item": [item], "total_count": int, "item_count": int}) and news["item"]
    pictures = bench.ask("/cgi-bin/material/batchget_material", {"type": "image", "offset": 0, "count": 3})
    file = {"media_id": str, "name": str, "update_time": int, "url?": str}
    assert not differs(pictures, {"item": [file], "total_count": int, "item_count": int})
    counts = dict.fromkeys(("voice_count", "video_count", "image_count", "news_count"), int)
    assert not differs(bench.ask("/cgi-bin/material/get_materialcount"), counts)
    quota = bench.ask("/cgi-bin/openapi/quota/get", {"cgi_path": "/cgi-bin/comment/list"})
    shape = {"errcode": 0, "errmsg": "ok", "quota": {"daily_limit": int, "used": int, "remain": int}}
    assert not differs(quota, shape)
