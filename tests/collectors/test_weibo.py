"""A city's Weibo accounts over real sockets: all that can be seen is seen once, and every fault has its verdict."""

from dataclasses import replace
from datetime import timedelta

import pytest

from collectors.task import Thread
from collectors.weibo_thread import found, needs_look
from matrix.account import Route
from matrix.comment import CommentKind
from matrix.post import GoneKind, Reach
from matrix.run import CollectError, ErrorKind
from simulator.seeing import is_post_shown, visible_comments
from tests.collectors.weibo_desk import START, Desk, desk

FREE, COMMERCIAL = Route.WEIBO_FREE, Route.WEIBO_COMMERCIAL
TREE = "comments/tree/root_list"


def visible_now(at: Desk) -> tuple[set[str], set[str]]:
    """Posts and comments that the platform shows of the account at this moment."""
    moment = at.clock.now()
    posts = [post for post in at.world.city.posts(at.account, 0, moment) if is_post_shown(post, moment)]
    return {post.key for post in posts}, {said.key for post in posts for said in visible_comments(post, moment)}


def test_the_commercial_route_holds_all_that_is_visible_and_a_quiet_look_costs_few_calls() -> None:
    with desk(COMMERCIAL) as at:
        at.world.city.visible_posts(at.account, at.clock.now())[-1].text = "逐条说明办理流程与所需材料。" * 20
        assert at.look() is None
        posts, comments = visible_now(at)
        assert posts == set(at.memory.posts)
        assert comments <= set(at.memory.comments)
        mentions = {key for key, said in at.memory.comments.items() if said.kind is CommentKind.MENTION}
        assert mentions
        assert all(at.memory.comments[key].post_ext == "" for key in mentions)
        assert at.memory.followers
        assert {look.cause for look, _ in at.memory.coverages.values()} <= {"", "filtered"}
        texts = {post.key: post.text for post in at.world.city.posts(at.account, 0, at.clock.now())}
        assert max(map(len, texts.values())) == 280
        assert all(post.text == texts[key].strip() for key, post in at.memory.posts.items() if key in texts)
        before = len(at.asked())
        at.look()
        assert len(at.asked()) - before <= 3


def test_days_of_looking_with_spoiled_answers_miss_nothing_and_accuse_nobody() -> None:
    rates = {"truncated_json": 0.03, "http_5xx": 0.03, "reset": 0.03, "wrong_content_type": 0.2, "lone_surrogates": 0.5}
    rates |= {"short_pages": 0.4, "count_strings": 0.3, "filtered_comments": 0.2, "edited_posts": 0.5}
    with desk(COMMERCIAL, rates) as at:
        seen_posts, seen_comments = set(), set()
        for _ in range(14):
            error = at.look()
            assert error is None or error.kind in (ErrorKind.NETWORK, ErrorKind.MALFORMED)
            if error is None:
                posts, comments = visible_now(at)
                seen_posts |= posts
                seen_comments |= comments
            at.clock.advance(3600)
        assert seen_posts <= set(at.memory.posts)
        lost = seen_comments - set(at.memory.comments)
        assert not lost
        gone = {post.key for post in at.world.city.posts(at.account, 0, at.clock.now()) if post.deleted_at or post.hidden_at}
        assert set(at.memory.gones) <= gone
        edited = [p for p in at.world.city.posts(at.account, 0, at.clock.now() - 7200) if p.edits and p.key not in gone]
        recent = [p for p in edited if p.edits[-1][0] < at.clock.now() - 7200 and p.at > at.clock.now() - 86400]
        assert all(at.memory.posts[p.key].text.startswith(p.edits[-1][1][:20].strip()) for p in recent)
        for key, (look, _) in at.memory.coverages.items():
            held = sum(said.post_ext == key for said in at.memory.comments.values())
            assert look.cause or held >= (look.stated or 0)
        str(at.memory.comments).encode("utf-8")


@pytest.mark.parametrize("route", [FREE, COMMERCIAL])
@pytest.mark.parametrize("cut", [1, 4, 9])
def test_a_look_that_is_cut_off_anywhere_goes_on_without_a_hole(route: Route, cut: int) -> None:
    with desk(route, {"short_pages": 0.5}) as clean, desk(route, {"short_pages": 0.5}) as at:
        clean.look()
        for _ in range(3):
            at.look(cut)
        for _ in range(3):
            at.look()
            at.clock.advance(1)
        assert set(clean.memory.posts) <= set(at.memory.posts)
        assert set(clean.memory.comments) <= set(at.memory.comments)
        assert {k: v for k, v in at.memory.cursors.items() if k.endswith((".resume", ".top"))} == {}


@pytest.mark.parametrize("route", [FREE, COMMERCIAL])
def test_a_post_is_gone_only_after_its_own_details_say_so_and_may_come_back(route: Route) -> None:
    with desk(route) as at:
        at.look()
        at.clock.advance(7200)
        at.look()
        deleted, hidden = at.world.city.visible_posts(at.account, at.clock.now())[-3:-1]
        deleted.deleted_at = hidden.hidden_at = int(at.clock.now())
        at.look()
        assert at.memory.gones == {deleted.key: GoneKind.DELETED, hidden.key: GoneKind.HIDDEN}
        hidden.hidden_at = None
        at.clock.advance(7200)
        at.look()
        assert at.memory.gones == {deleted.key: GoneKind.DELETED}


def test_a_spent_interface_does_not_stop_the_others_and_is_named_in_the_coverage() -> None:
    with desk(COMMERCIAL) as at:
        at.world.faults.set("endpoint_quota", 1.0, path=TREE)
        error = at.look()
        assert error is not None
        assert (error.kind, error.cause) == (ErrorKind.QUOTA, f"account:12:{TREE}:quota")
        assert error.budget is not None
        assert error.budget.name == TREE
        assert at.memory.posts
        assert at.memory.followers
        assert at.memory.comments
        assert "budget" in {look.cause for look, _ in at.memory.coverages.values()}
        at.world.faults.clear()
        assert at.look() is None
        assert visible_now(at)[1] <= set(at.memory.comments)
        assert "budget" not in {look.cause for look, _ in at.memory.coverages.values()}


def test_a_thread_too_large_for_one_answer_is_read_in_smaller_pages() -> None:
    with desk(COMMERCIAL) as at:
        at.account = max(at.world.city.accounts, key=lambda one: one.popularity)
        at.settings = replace(at.settings, web=replace(at.settings.web, max_bytes=60_000))
        assert at.look() is None
        assert visible_now(at)[1] <= set(at.memory.comments)
        assert {query["count"] for query in at.asked(TREE)} > {"200"}


def test_every_call_is_charged_to_account_address_and_interface_before_it_is_made() -> None:
    with desk(FREE) as at:
        at.look()
        assert len(at.charged) == len(at.asked())
        lines = {(line.scope, line.name, line.period, line.limit) for call in at.charged for line in call}
        assert ("account:12", "weibo_free", "day", 100) in lines
        assert ("ip", "weibo_free", "hour", 15_000) in lines
        assert ("account:12", "statuses/user_timeline", "hour", 1000) in lines

        def spent(lines: object) -> None:
            raise CollectError(ErrorKind.QUOTA, "额度已用完", cause="account:12:weibo_free:quota")

        before = len(at.asked())
        error = at.look(charge=spent)
        assert error is not None
        assert error.kind is ErrorKind.QUOTA
        assert len(at.asked()) == before


def test_the_free_route_says_when_posts_may_have_been_missed_between_two_looks() -> None:
    with desk(FREE) as at:
        at.look()
        assert at.memory.notes == []
        at.clock.advance(86400 * 9)
        at.look()
        assert len(at.memory.notes) == 1
        assert "可能有微博未采到" in at.memory.notes[0]
        at.clock.advance(60)
        at.look()
        assert at.memory.notes == []


def test_the_free_route_says_that_only_users_of_the_app_are_heard() -> None:
    with desk(FREE) as at:
        for _ in range(4):
            at.look()
            at.clock.advance(1800)
        looks = [look for look, _ in at.memory.coverages.values()]
        assert "app_users_only" in {look.cause for look in looks}
        for look in looks:
            held = sum(said.post_ext == look.post_ext for said in at.memory.comments.values())
            assert look.cause or held >= (look.stated or 0)


def test_a_day_of_the_free_route_stays_within_its_hundred_calls_when_looks_come_every_forty_minutes() -> None:
    with desk(FREE, limits={"weibo_free_user_day": 100}) as at:
        at.clock.set((START + timedelta(hours=14)).timestamp())
        errors = []
        for _ in range(36):
            errors.append(at.look())
            at.clock.advance(2400)
        assert [error for error in errors if error] == []
        names = {line.name for call in at.charged for line in call}
        assert {"statuses/user_timeline", "comments/to_me", "statuses/count", "comments/mentions", "comments/show"} <= names


def test_lists_of_the_tokens_owner_are_left_alone_when_the_token_is_another_accounts() -> None:
    with desk(COMMERCIAL) as at:
        other = next(one for one in at.world.city.accounts if one is not at.account)
        at.token = other.token
        assert at.look() is None
        assert visible_now(at)[0] == set(at.memory.posts)
        assert at.asked("to_me") == []
        assert at.asked("mentions") == []
        assert other.token not in repr(at.memory.cursors)


def test_a_thread_is_read_again_when_its_number_changed_or_its_time_has_come() -> None:
    def state(now_stated: int | str, stated: int | None, cause: str = "", hours: float = 1, age_days: float = 1) -> bool:
        rough = isinstance(now_stated, str)
        number = int(now_stated)
        known = Thread("7", START - timedelta(days=age_days), stated, stated or 0, cause, START - timedelta(hours=hours))
        reach = Reach(START, comments=number, floors=("comments",) if rough else ())
        return needs_look(found("7", known.published_at, reach, known), START)

    assert not state(5, 5)
    assert not state(5, 5, "filtered")
    assert not state("10000", 12_345)
    assert not state(0, 0, hours=100)
    assert not state(5, 5, hours=7, age_days=9)
    assert state(6, 5)
    assert state(4, 5)
    assert state("20000", 12_345)
    assert state(5, 5, "interrupted")
    assert state(5, 5, "budget")
    assert state(5, 5, hours=7)
    assert state(5, 5, hours=25, age_days=9)
    assert needs_look(found("7", START, Reach(START, comments=3), None), START)
