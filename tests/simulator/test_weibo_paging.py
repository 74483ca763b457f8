"""Lists of the simulated Weibo page as documented: since_id, max_id, count before filtering, five on the free host."""

import pytest

from simulator.script import add_comment, add_post

OWN, OTHER = "/weibo-commercial/2/statuses/user_timeline/biz.json", "/weibo-commercial/2/statuses/user_timeline/other.json"
TREE = "/weibo-commercial/2/comments/tree/root_list.json"


@pytest.fixture
def owner(served):
    account = served.account("weibo_commercial")
    for n in range(30):
        add_post(served.world.city, account, served.clock.now() - 6000 + n * 60, f"第{n}条")
    return account


def ids(answer, key="statuses") -> list[int]:
    return [one["id"] for one in answer[key]]


def test_since_id_is_strictly_newer_and_max_id_repeats_the_boundary(served, owner) -> None:
    whole = ids(served.get(OWN, owner, count=100))
    assert whole == sorted(whole, reverse=True)
    assert ids(served.get(OWN, owner, count=100, since_id=whole[3])) == whole[:3]
    assert ids(served.get(OWN, owner, count=5, max_id=whole[3])) == whole[3:8]
    assert ids(served.get(OWN, owner, count=5, max_id=whole[3] - 1)) == whole[4:9]


def test_next_cursor_leads_through_everything_and_ends_at_zero(served, owner) -> None:
    whole, walked, cursor = ids(served.get(OWN, owner, count=100)), [], 0
    while True:
        page = served.get(OTHER, owner, uid=owner.ext_id, count=25, **({"max_id": cursor} if cursor else {}))
        walked += ids(page)
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert walked == whole


def test_pages_are_capped_as_documented(served, owner) -> None:
    assert len(ids(served.get(OTHER, owner, uid=owner.ext_id, count=100))) == 25
    assert len(ids(served.get(OWN, owner, count=1000))) <= 100
    assert served.get(OWN, owner, count="x")["error_code"] == 10017
    many = ",".join(["1"] * 21)
    assert served.get("/weibo-commercial/2/statuses/user_timeline_batch.json", owner, uids=many)["error_code"] == 10017


def test_a_page_slides_when_something_is_posted_between_two_calls(served, owner) -> None:
    first = ids(served.get(OWN, owner, count=10, page=1))
    add_post(served.world.city, owner, served.clock.now(), "插进来的一条")
    second = ids(served.get(OWN, owner, count=10, page=2))
    assert second[0] == first[-1]


def test_the_free_host_shows_the_newest_five_of_its_owner_only(served, owner) -> None:
    path = "/weibo-free/2/statuses/user_timeline.json"
    newest = ids(served.get(OWN, owner, count=5))
    answer = served.get(path, owner, count=100)
    assert ids(answer) == newest
    assert answer["total_number"] > 30 and answer["next_cursor"] == 0
    assert ids(served.get(path, owner, count=100, page=2)) == []
    assert ids(served.get(path, owner, count=2, page=2)) == newest[2:4]
    stranger = served.account("weibo_commercial", 1)
    assert served.get(path, owner, uid=stranger.ext_id)["error_code"] == 10014


def test_the_free_host_hides_comments_of_people_without_the_app_but_counts_them(served, owner) -> None:
    post = add_post(served.world.city, owner, served.clock.now() - 500, "通知")
    for n in range(6):
        add_comment(served.world.city, post, served.clock.now() - 400 + n, f"评论{n}", app_user=n % 3 == 0)
    answer = served.get("/weibo-free/2/comments/show.json", owner, id=post.key)
    assert (len(answer["comments"]), answer["total_number"]) == (2, 6)
    to_me = served.get("/weibo-free/2/comments/to_me.json", owner, count=6)
    assert len(to_me["comments"]) == 2
    assert len(served.get("/weibo-commercial/2/comments/to_me/biz.json", owner, count=6)["comments"]) == 6


def test_a_list_is_counted_before_it_is_filtered(served, owner) -> None:
    post = add_post(served.world.city, owner, served.clock.now() - 900, "通知")
    for n in range(10):
        said = add_comment(served.world.city, post, served.clock.now() - 800 + n, f"评论{n}")
        said.filtered_at = int(served.clock.now()) - 1 if n >= 4 else None
    first = served.get(TREE, owner, id=post.key, count=5)
    assert (first["root_comments"], first["total_number"]) == ([], 10)
    assert first["next_cursor"] != 0
    rest = served.get(TREE, owner, id=post.key, count=5, max_id=first["next_cursor"])
    assert [one["text"] for one in rest["root_comments"]] == ["评论3", "评论2", "评论1", "评论0"]


def test_children_beyond_child_count_stay_hidden_and_are_counted(served, owner) -> None:
    post = add_post(served.world.city, owner, served.clock.now() - 900, "通知")
    root = add_comment(served.world.city, post, served.clock.now() - 800, "楼主")
    for n in range(12):
        add_comment(served.world.city, post, served.clock.now() - 700 + n, f"跟帖{n}", parent=root)
    [top] = served.get(TREE, owner, id=post.key, child_count=5)["root_comments"]
    assert (len(top["comments"]), top["total_number"]) == (5, 12)


def test_a_batch_says_deleted_and_leaves_hidden_and_unknown_out(served, owner) -> None:
    now = int(served.clock.now())
    kept, deleted, hidden = (add_post(served.world.city, owner, now - 500 + n, f"条目{n}") for n in range(3))
    deleted.deleted_at = hidden.hidden_at = now
    path = "/weibo-commercial/2/statuses/show_batch/biz.json"
    answer = served.get(path, owner, ids=f"{kept.key},{deleted.key},{hidden.key},1,abc")
    assert [(one["id"], one["text"]) for one in answer["statuses"]] == [
        (kept.number, "条目0"),
        (deleted.number, "此微博已被原作者删除。"),
    ]
    assert served.get(path, owner, ids=hidden.key)["error_code"] == 20112
    assert served.get(path, owner, ids="1")["error_code"] == 20101
    assert served.get("/weibo-free/2/statuses/show.json", owner, id=deleted.key)["error_code"] == 20101
    assert served.get("/weibo-free/2/statuses/show.json", owner, id=hidden.key)["error_code"] == 20112


def test_times_and_several_accounts_can_be_asked_for(served, owner) -> None:
    now, sister = int(served.clock.now()), served.account("weibo_commercial", 1)
    between = served.get(OTHER, owner, uid=owner.ext_id, start_time=now - 5900, end_time=now - 5700)
    assert [one["text"] for one in between["statuses"]] == ["第5条", "第4条", "第3条", "第2条"]
    both = f"{owner.ext_id},{sister.ext_id}"
    merged = served.get("/weibo-commercial/2/statuses/user_timeline_batch.json", owner, uids=both, count=100)
    assert {one["user"]["idstr"] for one in merged["statuses"]} == {owner.ext_id, sister.ext_id}
    assert ids(merged) == sorted(ids(merged), reverse=True)
