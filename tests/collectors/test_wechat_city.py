"""Collecting a simulated city's WeChat accounts: a run may be broken off anywhere, and faults cost nothing that is not named."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrix.run import Batch, CollectError
from simulator import wechat
from simulator.clock import ManualClock
from simulator.faults import Faults
from simulator.seeing import visible_comments
from simulator.server import Running, start_server
from simulator.world import World, make_world
from tests.collectors.wechat_desk import Runs, account_of

START = datetime(2026, 3, 4, 10, 0, tzinfo=timezone(timedelta(hours=8)))
Facts = dict[tuple[Any, ...], Any]


@pytest.fixture(scope="module")
def city() -> Iterator[Running]:
    """A city that stands still, for tests that do not disturb it."""
    running = start_server(a_world(), routes=wechat.ROUTES)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def whole(city: Running) -> Facts:
    """What one undisturbed run brings."""
    return facts(runs_at(city).batches())


def a_world(**rates: float) -> World:
    faults = Faults(rates, seed=3, stall_s=0.2, drip_s=0.2)
    return make_world(5, 6, clock=ManualClock(START.timestamp()), faults=faults, history_days=9, mix=("wechat",))


def runs_at(running: Running, turn: int = 0) -> Runs:
    account = running.world.city.accounts[turn]
    found = Runs(running.url + "/wechat", now=datetime.fromtimestamp(running.world.now(), UTC), history=timedelta(days=5))
    found.account, found.credential = account_of(account.ext_id), f"{account.ext_id}:{account.secret}"
    return found


def facts(batches: list[Batch]) -> Facts:
    """Everything that was brought, without the moments at which it was read; what came last stands."""
    brought: Facts = {}
    for batch in batches:
        brought |= {("post", post.ext_id): (post.title or None, post.text or None, post.published_at) for post in batch.posts}
        brought |= {("comment", c.ext_id): (c.text, c.parent_ext, c.published_at, c.author_id) for c in batch.comments}
        brought |= {("reach", ext, r.stat_day): (r.reads, r.likes, r.shares, r.comments) for ext, r in batch.reaches}
        brought |= {("followers", f.stat_day): (f.followers, f.gained, f.lost) for f in batch.followers}
        brought |= {("coverage", look.post_ext): (look.stated, look.cause) for look in batch.coverages}
        brought |= {("gone", gone.post_ext): gone.kind for gone in batch.gones}
    return brought


@given(stops=st.lists(st.integers(min_value=1, max_value=12), min_size=1, max_size=4))
@settings(max_examples=6)
def test_a_run_that_was_broken_off_after_any_batch_goes_on_to_the_same_facts(
    city: Running, whole: Facts, stops: list[int]
) -> None:
    assert {kind for kind, *_ in whole} >= {"post", "comment", "reach", "followers", "coverage"}
    broken = runs_at(city)
    brought = [batch for stop in stops for batch in broken.batches(stop)]
    assert facts(brought + broken.batches()) == whole


def test_a_second_run_of_a_city_that_stands_still_brings_nothing_new(city: Running, whole: Facts) -> None:
    runs = runs_at(city)
    runs.batches()
    assert facts(runs.batches()).items() <= whole.items()


def test_what_is_held_is_what_the_city_shows(city: Running, whole: Facts) -> None:
    held, account = whole, city.world.city.accounts[0]
    now = city.world.now()
    posts = [p for p in city.world.city.posts(account, now - 5 * 86400, now) if p.deleted_at is None or p.deleted_at > now]
    seen = [p for p in posts if ("post", f"{account.ext_id}:{p.key}") in held]
    assert len(seen) > 5
    for post in seen:
        ext = f"{account.ext_id}:{post.key}"
        shown = visible_comments(post, now)
        replies = [c for c in shown if c.reply_at is not None and c.reply_at <= now]
        mine = {key[1] for key in held if key[0] == "comment" and key[1].startswith(ext + ":")}
        assert mine == {f"{ext}:{c.number}" for c in shown} | {f"{ext}:{c.number}:reply" for c in replies}


def test_days_with_every_fault_lose_nothing_without_a_name_and_delete_nothing_falsely() -> None:
    wire = dict.fromkeys(
        ("truncated_json", "http_5xx", "reset", "wrong_content_type", "html_login", "delete_between_pages"), 0.03
    )
    conditions = dict.fromkeys(("token_expired", "two_issuers", "late_statistics", "revised_statistics"), 0.5)
    world = a_world(**wire, **conditions, insert_between_pages=0.1, deleted_posts=0.1, edited_posts=0.1, lone_surrogates=0.05)
    running, clock = start_server(world, routes=wechat.ROUTES), world.clock
    assert isinstance(clock, ManualClock)
    try:
        runs, brought, failed = runs_at(running), [], []
        for _ in range(10):
            try:
                brought += runs.batches()
            except CollectError as failure:
                failed.append(failure)
            clock.advance(2.5 * 3600)
            runs.now = datetime.fromtimestamp(clock.now(), UTC)
        world.faults.clear()
        brought += runs.batches()
    finally:
        running.stop()
    assert all(failure.cause and failure.sentence.isprintable() for failure in failed)
    held, account, now = facts(brought), world.city.accounts[0], clock.now()
    gone = {p.key for p in world.city.posts(account, 0, now) if p.deleted_at is not None and p.deleted_at <= now}
    assert {key[1].partition(":")[2] for key in held if key[0] == "gone"} <= gone
    for post in world.city.posts(account, START.timestamp() - 4 * 86400, START.timestamp() - 2 * 86400):
        ext = f"{account.ext_id}:{post.key}"
        if post.key in gone or post.hidden_at is not None:
            continue
        assert ("post", ext) in held
        shown = {f"{ext}:{c.number}" for c in visible_comments(post, START.timestamp())}
        missing = shown - {key[1] for key in held if key[0] == "comment"}
        assert not missing or held["coverage", ext][1], "every gap has a name"
