"""Weibo's JSON, recorded in shape and invented in content, becomes posts and comments whatever dialect it speaks."""

import json
import locale
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors.files.readers import REGION
from collectors.weibo_parse import parse_comments, parse_counts, parse_followers, parse_mentions, parse_posts
from collectors.weibo_text import BEIJING, read_count, read_moment, read_region, read_text, second_of, short_id
from collectors.weibo_thread import parse_thread
from matrix.comment import CommentKind
from matrix.post import PostKind

NOW = datetime(2026, 3, 3, 0, 1, tzinfo=BEIJING).astimezone(UTC)


def recording(name: str) -> Any:
    folder = Path(__file__).resolve().parent.parent / "recordings" / "weibo"
    return json.loads((folder / name).read_text(encoding="utf-8"))


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BEIJING)


def test_a_timeline_becomes_posts_and_what_is_no_post_is_told_apart() -> None:
    page = parse_posts(recording("timeline.json"), NOW)
    assert page is not None
    assert [post.ext_id for post in page.items] == ["5271953990418433", "5271720571895810", "5271206564560900"]
    assert (page.next_cursor, page.total) == (5271100000000000, 8420)
    assert page.gone == ("5271700000000000",)
    assert page.unseen == ("5271191465590789",)
    assert len(page.ids) == 5
    first, repost, long = page.items
    assert first.published_at == local(2026, 3, 2, 9, 30, 12)
    assert first.text == "【道路施工】柳溪大道北段3月3日起封闭施工&绕行安排，请走滨河路。 http://t.cn/A6invent"
    assert first.url == f"https://weibo.com/2911110001/{short_id(first.ext_id)}"
    assert first.reach is not None
    assert (first.reach.comments, first.reach.likes, first.reach.shares) == (1_000_000, 1204, 9)
    assert first.reach.floors == ("comments",)
    assert (repost.kind, repost.repost_of) == (PostKind.REPOST, "5271195240988675")
    assert repost.edited_at == local(2026, 3, 1, 19, 0)
    assert repost.url.startswith("https://weibo.com/2911110001/")
    assert long.text == "【便民】3月办事指南，共十二条，逐条如下。"
    assert long.reach is not None
    assert (long.reach.shares, long.reach.comments, long.reach.floors) == (120_000_000, 326_000, ("shares", "comments"))


def test_a_long_post_that_is_cut_in_the_list_is_named() -> None:
    body = recording("timeline.json")
    del body["statuses"][3]["longText"]
    page = parse_posts(body, NOW)
    assert page is not None
    assert page.uncut == ("5271206564560900",)


def test_comments_keep_who_they_answer_and_survive_writers_who_are_gone() -> None:
    page = parse_comments(recording("comments.json"), NOW)
    assert page is not None
    reply, asked, nobody = page.items
    assert (reply.parent_ext, reply.root_ext) == ("5271962904887303", "5271962904887303")
    assert reply.author_is_official
    assert (asked.parent_ext, asked.root_ext, asked.post_ext) == (None, None, "5271953990418433")
    assert asked.text == "公交还走吗？[疑问]\n急"
    assert (asked.likes, asked.region, asked.author_id) == (12_000, "四川", "5911110001")
    assert (nobody.author_id, nobody.author_name, nobody.region) == ("", "", "")
    assert nobody.published_at == second_of("5271960000000008")
    assert page.total == 37


def test_a_tree_gives_roots_and_nested_replies_once_each() -> None:
    found = parse_thread(recording("tree.json"), NOW, "5271953990418433", "root_comments", 200)
    assert found is not None
    page, is_cut = found
    assert [c.ext_id for c in page.items] == ["5271962904887303", "5271972573282566", "5271974073073929", "5271963000000010"]
    assert {c.post_ext for c in page.items} == {"5271953990418433"}
    assert [c.root_ext for c in page.items] == [None, "5271962904887303", "5271962904887303", None]
    assert page.items[3].region == "北京"
    assert not is_cut
    again = parse_thread(recording("tree.json"), NOW, "5271953990418433", "root_comments", 2)
    assert again is not None
    assert again[1]


def test_mentions_hang_below_no_post_of_ours_unless_they_stand_in_our_thread() -> None:
    ours = parse_mentions(recording("comments.json"), NOW, "2911110001")
    theirs = parse_mentions(recording("comments.json"), NOW, "2911110002")
    assert ours is not None
    assert theirs is not None
    assert [c.kind for c in ours.items] == [CommentKind.COMMENT, CommentKind.COMMENT, CommentKind.MENTION]
    assert {(c.kind, c.post_ext) for c in theirs.items} == {(CommentKind.MENTION, "")}
    posts = parse_mentions(recording("timeline.json"), NOW, "2911110002")
    assert posts is not None
    assert {c.kind for c in posts.items} == {CommentKind.MENTION}
    assert "5271700000000000" not in {c.ext_id for c in posts.items}


def test_counts_and_followers_come_in_every_spelling() -> None:
    body = [{"id": 5271953990418433, "idstr": "5271953990418433", "comments": 37, "reposts": "12", "attitudes": "1万+"}, {}]
    counts = parse_counts(body, NOW)
    assert counts is not None
    reach = counts["5271953990418433"]
    assert (reach.comments, reach.shares, reach.likes, reach.floors) == (37, 12, 10_000, ("likes",))
    followers = parse_followers({"id": 7, "followers_count": "32.6万"}, "7", NOW)
    assert followers is not None
    assert (followers.followers, followers.is_floor) == (326_000, True)
    assert parse_followers({"id": 8, "followers_count": 1}, "7", NOW) is None
    assert parse_followers({"id": 7}, "7", NOW) is None


@pytest.mark.parametrize(
    "body", [None, [], {}, "x", 3, {"ok": 0}, {"statuses": None}, {"comments": "x"}, [[]], {"statuses": [7]}]
)
def test_strange_bodies_are_no_list_or_an_empty_one_and_never_an_accident(body: Any) -> None:
    for parse in (parse_posts, parse_comments, parse_counts):
        found = parse(body, NOW)
        assert found is None or not getattr(found, "items", ()) or isinstance(found, dict)
    mentions = parse_mentions(body, NOW, "7")
    assert mentions is None or not mentions.items


def test_lists_that_came_as_objects_or_as_false_are_lists() -> None:
    body = {"comments": {"0": recording("comments.json")["comments"][1]}}
    page = parse_comments(body, NOW)
    assert page is not None
    assert len(page.items) == 1
    assert parse_posts({"statuses": False}, NOW) is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tue May 31 17:46:55 +0800 2011", local(2011, 5, 31, 17, 46, 55)),
        ("刚刚", NOW),
        ("15分钟前", NOW - timedelta(minutes=15)),
        ("3小时前", NOW - timedelta(hours=3)),
        ("昨天 23:59", local(2026, 3, 2, 23, 59)),
        ("今天 00:01", NOW),
        ("03-02", local(2026, 3, 2)),
        ("12-31", local(2025, 12, 31)),
        ("2024-02-29", local(2024, 2, 29)),
        ("2026-03-02 08:15", local(2026, 3, 2, 8, 15)),
        ("12月31日 10:00", local(2025, 12, 31, 10)),
        ("2027-01-01", NOW),
    ],
)
def test_every_form_of_time_is_read_in_beijing_and_never_in_the_future(text: str, expected: datetime) -> None:
    assert read_moment(text, NOW) == expected


@pytest.mark.parametrize(
    "text", ["", "soon", "02-30", "99-99", "Tue Foo 31 17:46:55 +0800 2011", "99999999999999小时前", None, 7]
)
def test_what_is_no_time_is_none(text: Any) -> None:
    assert read_moment(text, NOW) is None


def test_times_do_not_depend_on_the_language_of_the_machine() -> None:
    before = locale.setlocale(locale.LC_TIME)
    try:
        locale.setlocale(locale.LC_TIME, "C.UTF-8")
        assert read_moment("Sun Mar 01 18:02:45 +0800 2026", NOW) == local(2026, 3, 1, 18, 2, 45)
    finally:
        locale.setlocale(locale.LC_TIME, before)


def test_ids_carry_their_second_and_their_short_form() -> None:
    assert second_of("4762810834227120") == local(2022, 4, 27, 10, 20, 54)
    assert short_id("4762810834227120") == "LqlZNhJFm"
    assert short_id("3501756485200075") == "z0JH2lOMb"
    assert second_of("12345") is None
    assert read_moment("昨天 10:00", NOW, "4762810834227120") == local(2022, 4, 27, 10, 20, 54)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (37, (37, False)), ("37", (37, False)), ("280,199", (280_199, False)), ("32.6万", (326_000, True)),
        ("1.2亿", (120_000_000, True)), ("100万+", (1_000_000, True)), ("1万+", (10_000, True)),
        (None, (None, False)), ("评论", (None, False)), (-1, (None, False)), (True, (None, False)), (",", (None, False)),
    ],
)  # fmt: skip
def test_counts_are_read_in_every_form(value: Any, expected: tuple[int | None, bool]) -> None:
    assert read_count(value) == expected


def test_texts_lose_markup_and_nothing_else() -> None:
    assert read_text("a < b 且 <3 &gt; c\u200b") == "a < b 且 <3 > c"
    assert read_text("见<a href='/n/柳溪发布'>@柳溪发布</a><br />第二行") == "见@柳溪发布\n第二行"
    assert read_text(None) == ""
    assert read_region("iPhone客户端", "来自罗伯特", "发布于 四川") == "四川"
    assert [read_region(f"IP属地{colon}四川") for colon in (":", "\uff1a")] == ["四川", "四川"]
    assert [REGION.sub("", f"IP属地{colon}四川") for colon in (":", "\uff1a", " ", "")] == ["四川"] * 4
