"""What is saved: once each, in any order, however often it comes."""

import random
import sqlite3
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrix.account import Platform
from matrix.comment import Comment, CommentKind, Coverage, Followers
from matrix.post import Gone, GoneKind, Post, Reach
from matrix.run import Batch
from storage import accounts, batches, rollups
from storage.database import writing
from tests.storage.small_city import RING, a_city, after, facts


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[int, Batch]]:
    """Looks at three accounts, each later look showing changed posts, counts, comments and mentions of the same few things."""
    looks = []
    rhythm = draw(st.sampled_from((1, 2, 9)))
    for step in range(draw(st.integers(1, 8))):
        owner = draw(st.integers(0, 2))
        at = after(step * 7 + 1)
        posts, comments, gones = [], [], []
        for n in draw(st.sets(st.integers(0, 3), max_size=3)):
            seen = Reach(at, reads=step + 1, likes=draw(st.sampled_from((None, step * 10 + n))))
            text = f"第{n}条,第{step // rhythm}版"
            posts.append(Post(f"p{owner}{n}", after(n * 90), text, reach=seen))
        for n in draw(st.sets(st.integers(0, 5), max_size=4)):
            kind = draw(st.sampled_from((CommentKind.COMMENT, CommentKind.MENTION)))
            # A comment in a thread belongs to the post's own account; anybody's inbox may show it as a mention.
            post = f"p{owner}{n % 4}" if kind == CommentKind.COMMENT else ""
            name = f"c{owner}{n}" if kind == CommentKind.COMMENT else f"c{draw(st.integers(0, 2))}{n}"
            comments.append(Comment(name, post, after(n * 31), f"留言{n}", author_id=f"9{n}", likes=step, kind=kind))
        if posts and draw(st.booleans()):
            gones.append(Gone(posts[0].ext_id, draw(st.sampled_from(list(GoneKind))), at))
        fans = (Followers(at, 1000 + step),) if draw(st.booleans()) else ()
        cursors = {"timeline": str(step)}
        looks.append((owner, Batch(at, tuple(posts), tuple(comments), gones=tuple(gones), followers=fans, cursors=cursors)))
    return looks


@settings(max_examples=120, deadline=None)
@given(looks=histories(), seed=st.integers(0, 10**6))
def test_any_order_and_repetition_of_comments_and_posts_gives_the_facts_and_sums_of_one_clean_pass(
    looks: list[tuple[int, Batch]], seed: int
) -> None:
    # Withdrawals name posts that must be held already, so they come in order; everything else may come in any order.
    looks = [(owner, replace(batch, gones=())) for owner, batch in looks]
    clean, ids = a_city()
    for owner, batch in looks:
        batches.save(clean, ids[owner], Platform.WEIBO, batch, RING, batch.observed_at)
    torn, ids = a_city()
    dice = random.Random(seed)
    again = looks + dice.choices(looks, k=len(looks))
    dice.shuffle(again)
    for owner, batch in again:
        batches.save(torn, ids[owner], Platform.WEIBO, batch, RING, batch.observed_at)
    assert facts(torn) == facts(clean)
    assert set(rollups.differences(torn).values()) == {0}
    kept = facts(torn)
    with writing(torn):
        rollups.rebuild(torn)
    assert facts(torn) == kept


@settings(max_examples=60, deadline=None)
@given(looks=histories())
def test_repeating_every_look_twice_changes_nothing_withdrawals_included(looks: list[tuple[int, Batch]]) -> None:
    once, ids = a_city()
    twice, _ = a_city()
    for owner, batch in looks:
        batches.save(once, ids[owner], Platform.WEIBO, batch, RING, batch.observed_at)
        for _ in range(2):
            batches.save(twice, ids[owner], Platform.WEIBO, batch, RING, batch.observed_at)
    assert facts(once) == facts(twice)


def test_an_unchanged_look_writes_nothing_at_all() -> None:
    db, ids = a_city()
    comments = tuple(Comment(f"c{n}", "p1", after(n), "停水了", author_id=str(n), likes=3) for n in range(50))
    look = Batch(after(99), (Post("p1", after(0), "停水通知"),), comments, cursors={"timeline": "5"})
    batches.save(db, ids[0], Platform.WEIBO, look, RING, after(99))
    before = db.total_changes
    batches.save(db, ids[0], Platform.WEIBO, replace(look, observed_at=after(120)), RING, after(120))
    assert db.total_changes == before


def test_a_failing_batch_leaves_neither_rows_nor_cursor() -> None:
    db, ids = a_city()
    unsound: Any = object()
    bad = Comment("c1", "p1", after(1), "好", author_id="1", likes=unsound)
    with pytest.raises((sqlite3.Error, TypeError)):
        look = Batch(after(2), (Post("p1", after(0), "通知"),), (bad,), cursors={"timeline": "1"})
        batches.save(db, ids[0], Platform.WEIBO, look, RING, after(2))
    assert not any(facts(db).values())


def test_an_edit_keeps_the_wording_that_was_public_before() -> None:
    db, ids = a_city()
    for minute, text in ((1, "明日停水"), (5, "明日不停水"), (9, "明日不停水")):
        batches.save(db, ids[0], Platform.WEIBO, Batch(after(minute), (Post("p", after(0), text),)), RING, after(minute))
    assert [row[1] for row in facts(db)["wordings"]] == ["明日停水", "明日不停水"]
    assert db.execute("SELECT text, edited_at - observed_at FROM posts").fetchall() == [("明日不停水", 0)]


def test_an_old_file_adds_history_and_never_overwrites_what_a_later_look_saw() -> None:
    db, ids = a_city()
    new = Post("p", after(0), "改后的通知", reach=Reach(after(60), likes=9))
    batches.save(db, ids[0], Platform.WEIBO, Batch(after(60), (new,)), RING, after(60))
    with writing(db):
        accounts.record_look(db, ids[0], after(60), after(90), 1800, saw_posts=(after(0), after(60)))
    old = Post("p", after(0), "最初的通知", reach=Reach(after(30), likes=4))
    batches.save(db, ids[0], Platform.WEIBO, Batch(after(30), (old,)), RING, after(99))
    assert db.execute("SELECT text, likes FROM posts").fetchall() == [("改后的通知", 9)]
    assert [row[1] for row in facts(db)["wordings"]] == ["最初的通知", "改后的通知"]
    assert [row[4] for row in facts(db)["reach"]] == [4, 9]


def test_a_comment_that_arrives_before_its_post_finds_it_later() -> None:
    db, ids = a_city()
    early = Batch(after(2), comments=(Comment("c", "p", after(1), "什么时候来水", author_id="5"),))
    batches.save(db, ids[0], Platform.WEIBO, early, RING, after(2))
    assert facts(db)["orphans"] == [("p",)]
    batches.save(db, ids[0], Platform.WEIBO, Batch(after(3), (Post("p", after(0), "停水"),)), RING, after(3))
    assert facts(db)["comments"][0][2] == "p"
    assert facts(db)["orphans"] == []


def test_a_mention_that_turns_out_to_be_a_comment_moves_with_its_sums_although_the_two_lists_tell_other_times() -> None:
    db, ids = a_city()
    called = Comment("c1", "", after(59), "来水了吗", author_id="9", kind=CommentKind.MENTION)
    batches.save(db, ids[0], Platform.WEIBO, Batch(after(70), comments=(called,)), RING, after(70))
    stands = replace(called, post_ext="p1", published_at=after(61), kind=CommentKind.COMMENT)
    post = Post("p1", after(1), "停水通知")
    batches.save(db, ids[1], Platform.WEIBO, Batch(after(80), (post,), (stands,)), RING, after(80))
    assert [row[1:] for row in facts(db)["bucket5"]] == [(ids[1], 1)]
    assert set(rollups.differences(db).values()) == {0}


def test_a_citizens_id_is_never_in_the_database_and_an_official_one_is() -> None:
    db, ids = a_city()
    rows = (
        Comment("c1", "p", after(1), "谢谢", author_id="5566778899"),
        Comment("c2", "p", after(2), "已处理", author_id="701"),
        Comment("c3", "p", after(2), "转", author_id="1234500", author_is_official=True),
    )
    batches.save(db, ids[0], Platform.WEIBO, Batch(after(3), comments=rows), RING, after(3))
    dump = "\n".join(db.iterdump())
    assert "5566778899" not in dump
    assert db.execute("SELECT author_key, author_account_id FROM comments WHERE ext_id <> 'c1' ORDER BY ext_id").fetchall() == [
        ("701", ids[1]),
        ("1234500", None),
    ]


def test_coverage_is_a_row_per_change_and_says_why_less_is_held() -> None:
    db, ids = a_city()
    post = Post("p", after(0), "通知")
    comments = (Comment("c1", "p", after(1), "一", author_id="1"), Comment("c2", "p", after(2), "二", author_id="2"))
    for minute, held, stated in ((5, 1, 3), (9, 1, 3), (20, 2, 3)):
        look = Batch(after(minute), (post,), comments[:held], coverages=(Coverage("p", stated, "filtered"),))
        batches.save(db, ids[0], Platform.WEIBO, look, RING, after(minute))
    assert db.execute("SELECT stated, held, cause FROM coverage ORDER BY checked_at").fetchall() == [
        (3, 1, "filtered"),
        (3, 2, "filtered"),
    ]


def test_a_capped_count_and_a_later_number_are_two_observations() -> None:
    db, ids = a_city()
    for minute, likes, floors in ((1, 1_000_000, ("likes",)), (2, 1_000_321, ())):
        post = Post("p", after(0), "通知", reach=Reach(after(minute), likes=likes, floors=floors))
        batches.save(db, ids[0], Platform.WEIBO, Batch(after(minute), (post,)), RING, after(minute))
    assert db.execute("SELECT likes, floors FROM reach ORDER BY observed_at").fetchall() == [
        (1_000_000, "likes"),
        (1_000_321, ""),
    ]


def test_a_lower_bound_stays_one_until_the_platform_gives_that_very_count_again() -> None:
    looks = [
        Reach(after(1), reads=1_000_000, likes=5, floors=("reads",)),
        Reach(after(2), likes=6),
        Reach(after(3), likes=7),
        Reach(after(4), reads=1_000_900),
    ]
    for order in (looks, looks[::-1], [looks[2], looks[0], looks[1]]):
        db, ids = a_city()
        for look in order:
            post = Post("p", after(0), "通知", reach=look)
            batches.save(db, ids[0], Platform.WEIBO, Batch(look.observed_at, (post,)), RING, look.observed_at)
        wanted = (1_000_000, 7, "reads") if len(order) == 3 else (1_000_900, 7, "")
        assert db.execute("SELECT reads, likes, floors FROM posts").fetchall() == [wanted]


def test_more_comments_than_one_transaction_takes_are_all_there() -> None:
    db, ids = a_city()
    many = tuple(Comment(f"c{n}", "p", after(n / 10), f"第{n}", author_id=str(n % 97)) for n in range(4500))
    look = Batch(after(999), (Post("p", after(0), "通知"),), many, cursors={"x": "1"})
    saved = batches.save(db, ids[0], Platform.WEIBO, look, RING, after(999))
    assert (saved.comments_new, saved.posts_new) == (4500, 1)
    assert set(rollups.differences(db).values()) == {0}
    assert batches.cursors_of(db, ids[0]) == {"x": "1"}


def test_half_an_emoji_holds_up_nothing_and_its_place_stays_seen() -> None:
    db, ids = a_city()
    post = Post("p", after(0), "路灯\ud83d修好了", title="通\0知")
    said = (
        Comment("c1", "p", after(1), "\ude00谢谢", "9", "市民\ud83d"),
        Comment("c2", "p", after(2), "好\ud83d\ude00", "8", "乙"),
    )
    for minute in (3, 4):  # seen again it is the same text and no edit
        batches.save(db, ids[0], Platform.WEIBO, Batch(after(minute), (post,), said), RING, after(minute))
    assert db.execute("SELECT title, text FROM posts").fetchall() == [("通\ufffd知", "路灯\ufffd修好了")]
    held = db.execute("SELECT text, author_name FROM comments ORDER BY ext_id").fetchall()
    assert held == [("\ufffd谢谢", "市民\ufffd"), ("好😀", "乙")]
    assert not facts(db)["comment_versions"]
