"""The make-believe city is the same for everybody, lives by the clock and looks like a real one."""

import statistics
import time
from collections import Counter
from datetime import datetime, timedelta, timezone
from random import Random

import pytest

from simulator.city import DAY, City
from simulator.clock import Clock, ManualClock
from simulator.mids import BEIJING, account_of, bundle_day_of, day_of, second_of
from simulator.people import openid
from simulator.rhythm import in_office_hours, is_working_day
from simulator.script import add_comment, add_post

BEIJING_TIME = timezone(timedelta(hours=8))
START = datetime(2026, 3, 2, 8, 0, tzinfo=BEIJING_TIME).timestamp()


def day(written: str) -> int:
    return day_of(datetime.fromisoformat(written).replace(tzinfo=BEIJING_TIME).timestamp())


@pytest.fixture(scope="module")
def city() -> City:
    return City(7, 60, START)


def facts(city: City, account_index: int, t0: float, t1: float) -> list[object]:
    account = city.accounts[account_index]
    return [
        (p.key, p.at, p.text, p.edits, p.deleted_at, [(c.key, c.at, c.text, c.author_id, c.reply_at) for c in p.comments])
        for p in city.posts(account, t0, t1)
    ]


def test_a_day_is_the_same_whatever_was_asked_before(city: City) -> None:
    asked_backwards, asked_straight = City(7, 60, START), City(7, 60, START)
    for index in range(59, -1, -1):
        asked_backwards.posts(asked_backwards.accounts[index], START - 2 * DAY, START - DAY)
    for index in range(60):
        assert facts(asked_backwards, index, 0, START) == facts(asked_straight, index, 0, START)


def test_another_seed_is_another_city(city: City) -> None:
    other = City(8, 60, START)
    assert other.accounts[0].token != city.accounts[0].token
    assert facts(other, 0, 0, START) != facts(city, 0, 0, START)


def test_the_tree_has_at_least_five_levels_and_no_orphans(city: City) -> None:
    above = {unit.code: unit.parent for unit in city.units}
    assert len(above) == len(city.units)

    def depth(code: str) -> int:
        return 1 + depth(above[code]) if above[code] else 1

    assert max(map(depth, above)) >= 5
    assert {unit.level for unit in city.units} == {"省级", "市级", "县级", "乡镇街道", "部门", "站所"}
    assert sum(not parent for parent in above.values()) == 1


def test_sixty_accounts_use_every_route_and_a_thousand_are_built_at_once(city: City) -> None:
    routes = Counter(account.route for account in city.accounts)
    assert routes.total() == 60
    assert routes["weibo_commercial"] == max(routes.values())
    assert set(routes) == {"weibo_commercial", "weibo_free", "wechat", "feed", "none"}
    begun = time.perf_counter()
    many = City(7, 1000, START)
    assert time.perf_counter() - begun < 1.0
    assert len({account.ext_id for account in many.accounts}) == 1000


def test_a_month_of_the_default_city_is_made_quickly() -> None:
    begun = time.process_time()
    fresh = City(7, 60, START)
    posts = sum(len(fresh.posts(account, 0, START)) for account in fresh.accounts)
    assert posts > 900
    assert time.process_time() - begun < 3.0


def test_mids_carry_their_second_and_are_unique(city: City) -> None:
    seen: set[str] = set()
    for index, account in enumerate(city.accounts):
        if account.platform != "weibo":
            continue
        for post in city.posts(account, 0, START):
            assert second_of(post.number) == post.at
            for one in (post, *post.comments):
                assert one.key not in seen and one.key == str(one.number)
                seen.add(one.key)
                assert account_of(one.number) == index
                assert bundle_day_of(one.number) == day_of(post.at)
            assert city.post(post.key) is post
            for comment in post.comments:
                assert second_of(comment.number) == comment.at
                assert city.comment(comment.key) is comment
    assert city.post("123") is None and city.comment("x") is None


def test_wechat_articles_are_found_by_message_and_place(city: City) -> None:
    account = next(a for a in city.accounts if a.route == "wechat" and a.ext_id not in city.quiet)
    posts = city.posts(account, 0, START)
    assert all(city.post(post.key) is post and post.key == f"{post.number}_{post.idx}" for post in posts)
    numbers = [[comment.number for comment in post.comments] for post in posts]
    assert all(sorted(n) == list(range(1, len(n) + 1)) for n in numbers)
    someone = next(c for post in posts for c in post.comments)
    assert len(someone.author_id) == 28 and someone.author_id.startswith("o")
    assert openid(account, city.life.citizens.pick(Random(1))).startswith("o")


def test_offices_publish_by_day_and_rest_at_night_and_on_holidays(city: City) -> None:
    ats = [post.at for account in city.accounts for post in city.posts(account, START - 29 * DAY, START)]
    hours = Counter((at + BEIJING) % DAY // 3600 for at in ats)
    assert hours[9] + hours[10] + hours[15] > 8 * sum(hours[h] for h in (0, 1, 2, 3, 4))
    days = Counter(day_of(at) for at in ats)
    working = statistics.mean(n for d, n in days.items() if is_working_day(d))
    resting = statistics.mean(n for d, n in days.items() if not is_working_day(d))
    assert resting < 0.7 * working
    assert not is_working_day(day("2026-10-01")) and is_working_day(day("2026-10-10"))


def test_comment_counts_are_skewed_and_about_half_of_the_appeals_are_answered_in_office_hours(city: City) -> None:
    posts = [p for a in city.accounts if a.platform == "weibo" for p in city.posts(a, 0, START - 5 * DAY)]
    counts = [len(post.comments) for post in posts]
    assert statistics.median(counts) < statistics.mean(counts) < max(counts) / 5
    comments = [c for post in posts for c in post.comments]
    appeals = {id(c) for c in comments if c.asks}
    replies = [c for c in comments if c.official and c.parent is not None and id(c.parent) in appeals]
    answered = {id(c.parent) for c in replies}
    assert 0.35 < len(answered) / len(appeals) < 0.6
    assert sum(in_office_hours(Random(0), c.at) == c.at for c in replies) > 0.8 * len(replies)
    assert all(c.parent.at < c.at for c in comments if c.parent)
    assert any(c.parent and c.parent.parent for c in comments)
    assert any(c.parent and not c.official for c in comments)


def test_some_accounts_have_fallen_silent(city: City) -> None:
    accounts = [account for account in city.accounts if account.ext_id in city.quiet]
    silent = {account.ext_id: START - city.posts(account, 0, START)[-1].at for account in accounts}
    assert sum(14 * DAY < age < 42 * DAY for age in silent.values()) >= 3
    assert sum(10 * DAY < age < 14.5 * DAY for age in silent.values()) >= 1
    assert all(not city.posts(a, START - silent[a.ext_id] + 1, START + 5 * DAY) for a in accounts)


def test_one_bad_afternoon_bursts_on_several_accounts(city: City) -> None:
    begins = city.incident.begins
    loud = [a for a in city.accounts if sum(begins < c.at < begins + 5 * 3600 for c in city.received(a, START)) > 30]
    assert 3 <= len(loud) <= 8
    assert START - 4 * DAY < begins < START


def test_followers_move_from_day_to_day(city: City) -> None:
    account = city.accounts[0]
    new, lost = city.follower_moves(account, day_of(START))
    assert city.followers_at(account, START + DAY) - city.followers_at(account, START) == new - lost


def test_citizens_call_accounts_by_name(city: City) -> None:
    account = city.accounts[0]
    mentions = city.mentions(account, START - 20 * DAY, START)
    assert mentions and all(m.text.startswith(f"@{account.name} ") for m in mentions)
    elsewhere = [c for a in city.accounts if a.platform == "weibo" for c in city.comment_mentions(a, START)]
    assert elsewhere and all(" @" in c.text for c in elsewhere)


def test_a_script_adds_posts_and_comments_that_are_like_any_other() -> None:
    city = City(3, 15, START)
    for route in ("weibo_commercial", "wechat"):
        account = next(a for a in city.accounts if a.route == route)
        post = add_post(city, account, START - 100, "临时通知")
        said = add_comment(city, post, START - 50, "收到")
        assert city.post(post.key) is post
        assert post in city.posts(account, START - 200, START)
        assert said in city.received(account, START)


def test_the_clock_runs_at_its_speed_and_can_stand_still() -> None:
    fast = Clock(1000.0, 1_000_000.0)
    assert fast.now() < fast.now()
    shared = Clock(1000.0, 10.0, anchor=time.time() - 60)
    assert 1600 <= shared.now() < 1700
    still = ManualClock(1000.0)
    assert still.now() == still.now() == 1000.0
    assert still.advance(5) == 1005.0
    still.set(7.0)
    assert still.now() == 7.0


def test_a_busier_city_says_more_but_publishes_the_same_days() -> None:
    plain, busy = City(7, 15, START, history_days=4), City(7, 15, START, history_days=4, busy=4.0)
    many = [sum(len(city.received(account, START)) for account in city.accounts) for city in (plain, busy)]
    assert many[1] > 1.5 * many[0]  # the bad afternoon is as loud in both
    assert [a.ext_id for a in plain.accounts] == [a.ext_id for a in busy.accounts]
