"""What the publishing list and the comment list show, hide and reorder."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from simulator.script import add_comment, add_post
from simulator.seeing import is_mass_sent, visible_comments

PUBLISHED, LIST = "/cgi-bin/freepublish/batchget", "/cgi-bin/comment/list"


def keys(items: list[dict[str, Any]]) -> list[str]:
    links = [parse_qs(urlsplit(news["url"]).query) for item in items for news in item["content"]["news_item"]]
    return [f"{link['mid'][0]}_{link['idx'][0]}" for link in links]


def everything(bench: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        page = bench.ask(PUBLISHED, {"offset": len(found), "count": 7, "no_content": 1})
        found += page["item"]
        if not page["item_count"]:
            assert page["total_count"] == len(found)
            return found


def thread(bench: Any, post: Any, size: int = 49, kind: int = 0) -> tuple[list[dict[str, Any]], int]:
    found, begin = [], 0
    while True:
        asked = {"msg_data_id": post.number, "index": post.idx - 1, "begin": begin, "count": size, "type": kind}
        page = bench.ask(LIST, asked)
        assert page["errcode"] == 0
        found += page["comment"]
        begin += size
        if begin >= page["total"]:
            return found, page["total"]


def test_mass_sent_articles_are_missing_from_the_list_and_in_the_statistics(bench: Any) -> None:
    listed, posts = set(keys(everything(bench))), bench.posts()
    quiet = {p.key for p in posts if not is_mass_sent(p)}
    assert listed <= quiet and len(listed) >= len(quiet) - 3
    assert 0.2 < 1 - len(quiet) / len(posts) < 0.7
    counted = {
        row["msgid"] for ago in range(1, 12) for row in bench.ask("/datacube/getarticletotaldetail", bench.day(ago))["list"]
    }
    old = {p.key for p in posts if p.at < bench.clock.now() - 86_400 and p.at > bench.clock.now() - 10 * 86_400}
    assert old <= counted


def test_the_link_carries_the_key_and_the_short_one_does_not(bench: Any) -> None:
    news = [news for item in everything(bench) for news in item["content"]["news_item"]]
    assert all(
        re.match(r"http://mp\.weixin\.qq\.com/s\?__biz=M[\w=]+&mid=\d{10}&idx=[1-8]&sn=[0-9a-f]{32}", n["url"]) for n in news
    )
    assert all(n["content"] == "" for n in news)


def test_a_new_article_moves_the_pages(bench: Any) -> None:
    before = bench.ask(PUBLISHED, {"offset": 0, "count": 2, "no_content": 1})
    for n in range(5):  # about half of what is added goes out with a notification
        add_post(bench.world.city, bench.account, bench.clock.now() - 60 + n, f"<p>新增{n}</p>", f"新增通告{n}")
    after = bench.ask(PUBLISHED, {"offset": 0, "count": 20, "no_content": 1})
    grown = after["total_count"] - before["total_count"]
    assert grown >= 1 and keys(after["item"][grown : grown + 2]) == keys(before["item"])


def test_a_deleted_article_of_several_stays_marked_and_a_whole_message_goes_without_a_trace(bench: Any) -> None:
    groups: dict[int, list[Any]] = {}
    for post in bench.posts():
        if not is_mass_sent(post):
            groups.setdefault(post.number, []).append(post)
    several = next(g for g in groups.values() if len(g) > 1 and not any(p.deleted_at or p.hidden_at for p in g))
    several[1].deleted_at = int(bench.clock.now()) - 5
    flags = {k: n["is_deleted"] for i in everything(bench) for k, n in zip(keys([i]), i["content"]["news_item"], strict=True)}
    assert flags[several[0].key] is False and flags[several[1].key] is True
    item = next(i for i in everything(bench) if several[0].key in keys([i]))
    for post in several:
        post.deleted_at = int(bench.clock.now()) - 5
    assert several[0].key not in keys(everything(bench))
    assert bench.ask("/cgi-bin/freepublish/getarticle", {"article_id": item["article_id"]})["errcode"] == 53600
    asked = {"msg_data_id": several[0].number, "index": 0, "begin": 0, "count": 49, "type": 0}
    assert bench.ask(LIST, asked)["errcode"] == 88001


def test_an_edit_changes_text_and_time_and_no_id(bench: Any) -> None:
    post = bench.talked_about(published=True)
    before = next(i for i in everything(bench) if post.key in keys([i]))
    post.edits.append((int(bench.clock.now()) - 30, "<p>更正后的正文</p>"))
    after = next(i for i in everything(bench) if post.key in keys([i]))
    assert after["article_id"] == before["article_id"] and keys([after]) == keys([before])
    assert after["content"]["update_time"] > before["content"]["update_time"]
    assert after["content"]["create_time"] == before["content"]["create_time"]
    body = bench.ask("/cgi-bin/freepublish/getarticle", {"article_id": after["article_id"]})
    assert body["news_item"][post.idx - 1]["content"] == "<p>更正后的正文</p>"


def test_all_pages_together_are_what_can_be_seen_and_the_total_is_what_is_counted(bench: Any) -> None:
    post = bench.talked_about()
    shown = visible_comments(post, bench.clock.now())
    victim = shown[3]
    found, total = thread(bench, post, 9)
    assert {row["user_comment_id"] for row in found} == {c.number for c in shown} and len(found) == len(shown)
    victim.filtered_at = int(bench.clock.now()) - 1
    again, same = thread(bench, post, 9)
    assert len(again) == len(found) - 1 and same == total
    assert {row["create_time"] for row in found} == {c.at for c in shown}


def test_a_reply_moves_its_comment_to_the_head(bench: Any) -> None:
    post = bench.talked_about()
    rows, _ = thread(bench, post)
    last = next(row for row in reversed(rows) if "reply" not in row)
    comment = next(c for c in post.comments if c.number == last["user_comment_id"])
    comment.reply_text, comment.reply_at = "您好，已安排抢修。", int(bench.clock.now())
    moved = thread(bench, post)[0][0]
    assert moved == {**last, "reply": {"content": "您好，已安排抢修。", "create_time": int(bench.clock.now())}}


def test_comment_numbers_are_small_and_only_unique_below_one_article(bench: Any) -> None:
    busy = [p for p in bench.posts() if len(visible_comments(p, bench.clock.now())) > 2][:3]
    numbers = [{row["user_comment_id"] for row in thread(bench, p)[0]} for p in busy]
    assert all(max(found) < 1000 for found in numbers) and numbers[0] & numbers[1]


def test_elected_and_ordinary_comments_make_the_whole(bench: Any) -> None:
    post = bench.talked_about()
    whole, plain, elected = (thread(bench, post, kind=kind)[0] for kind in (0, 1, 2))
    assert len(whole) == len(plain) + len(elected) and {row["comment_type"] for row in elected} == {1}


def test_counts_indexes_and_ids_out_of_range_are_refused(bench: Any) -> None:
    post = bench.talked_about()
    asked = {"msg_data_id": post.number, "index": post.idx - 1, "begin": 0, "count": 49, "type": 0}
    for wrong, expected in (
        ({"count": 50}, 88010),
        ({"count": 0}, 88010),
        ({"index": 7}, 88001),
        ({"msg_data_id": 1}, 88001),
        ({"type": 3}, 40097),
    ):
        assert bench.ask(LIST, {**asked, **wrong})["errcode"] == expected
    post.hidden_at = int(bench.clock.now()) - 1
    assert bench.ask(LIST, asked)["errcode"] == 88002


def test_a_new_comment_is_there_at_once_and_emoji_and_broken_text_survive(bench: Any) -> None:
    post = bench.talked_about()
    add_comment(bench.world.city, post, bench.clock.now() - 1, "停水三天了👨‍👩‍👧\ud83d")
    row = next(row for row in thread(bench, post)[0] if row["content"].startswith("停水三天了"))
    assert row["content"] == "停水三天了👨‍👩‍👧\ud83d"


def test_a_whole_thread_can_be_withheld_and_only_counted(bench: Any) -> None:
    post = bench.talked_about()
    bench.world.faults.set("filtered_comments", account=bench.account.ext_id, path=LIST)
    asked = {"msg_data_id": post.number, "index": post.idx - 1, "begin": 0, "count": 49, "type": 0}
    answer = bench.ask(LIST, asked)
    assert answer["comment"] == [] and answer["total"] == 0 and answer["comment_cnt"] >= len(post.comments) * 0.8


def test_pages_slide_when_something_comes_or_goes_between_them(serve: Callable[..., Any]) -> None:
    for kind, wanted in (("insert_between_pages", "twice"), ("delete_between_pages", "never")):
        bench = serve(rates={kind: 1.0})
        total = len([i for i in everything(serve()) if i])
        found = []
        for offset in range(0, total + 3, 3):
            found += keys(bench.ask(PUBLISHED, {"offset": offset, "count": 3, "no_content": 1})["item"])
        if wanted == "twice":
            assert len(found) > len(set(found))
        else:
            assert len(set(found)) < len(keys(everything(serve())))
