"""What a platform shows at a moment is what has happened until then."""

from simulator.city import City
from simulator.events import SimAccount
from simulator.script import add_comment, add_post
from simulator.seeing import counts_at, stated_comments, text_at, visible_comments

START = 1_772_452_800.0


def small_city() -> tuple[City, SimAccount]:
    city = City(5, 12, START, history_days=3)
    return city, next(a for a in city.accounts if a.route == "weibo_commercial")


def test_a_post_is_there_from_its_second_until_it_is_deleted_or_hidden() -> None:
    city, account = small_city()
    for end in ("deleted_at", "hidden_at"):
        post = add_post(city, account, START, f"试验 {end}")
        setattr(post, end, START + 100)
        seen = [post in city.visible_posts(account, START + t) for t in (-1, 0, 99, 100)]
        assert seen == [False, True, True, False]


def test_the_text_changes_when_it_is_edited_and_not_before() -> None:
    city, account = small_city()
    post = add_post(city, account, START, "第一稿")
    post.edits = [(int(START) + 10, "第二稿"), (int(START) + 20, "第三稿")]
    assert [text_at(post, START + t) for t in (9, 10, 19, 20)] == ["第一稿", "第二稿", "第二稿", "第三稿"]


def test_a_filtered_comment_takes_its_answers_out_of_sight_but_stays_counted() -> None:
    city, account = small_city()
    post = add_post(city, account, START, "通知")
    root = add_comment(city, post, START + 10, "几点来水？")
    answer = add_comment(city, post, START + 20, "同问", parent=root)
    root.filtered_at = int(START) + 50
    assert visible_comments(post, START + 49) == [root, answer]
    assert visible_comments(post, START + 50) == []
    assert stated_comments(post, START + 60) == 2
    root.deleted_at = int(START) + 70
    assert stated_comments(post, START + 70) == 0


def test_counts_only_grow_and_settle() -> None:
    city, account = small_city()
    post = add_post(city, account, START, "通知")
    post.final_likes, post.final_shares, post.final_reads = 500, 80, 9000
    grown = [counts_at(post, START + hour * 3600) for hour in range(200)]
    for name in ("likes", "shares", "reads"):
        values = [getattr(counts, name) for counts in grown]
        assert values == sorted(values) and values[0] == 0
    assert grown[-1].likes == 499 and grown[-1].reads == 8999


def test_nothing_is_seen_of_the_comments_of_a_post_that_is_gone() -> None:
    city, account = small_city()
    post = add_post(city, account, START, "通知")
    add_comment(city, post, START + 10, "收到")
    post.deleted_at = int(START) + 20
    assert visible_comments(post, START + 15) and not visible_comments(post, START + 25)
