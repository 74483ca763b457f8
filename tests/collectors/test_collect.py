"""One look at one account, whatever its platform does: saved, written down, and nobody else's business."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.town import Town, make_town
from collectors.collect import gate_of
from collectors.task import Task
from collectors.web import Web
from matrix.account import Account, Platform, Route
from matrix.inspection import Verdict
from matrix.run import Batch, CollectError, ErrorKind, Outcome
from settings import Settings
from storage import accounts, organizations, silence
from storage.database import open_database, open_writer, writing

START = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = make_town(tmp_path / "town", seed=5, size=3, start=START, history_days=2, mix=("weibo_commercial",))
    yield made
    made.close()


def first(town: Town) -> Account:
    with closing(open_database(town.path)) as db:
        return accounts.collected(db)[0]


def row(town: Town, sql: str) -> tuple[Any, ...]:
    with closing(open_database(town.path)) as db:
        return db.execute(sql).fetchone()


def test_an_account_without_a_credential_says_where_to_enter_one(town: Town) -> None:
    with closing(open_writer(town.path)) as db, writing(db):
        db.execute("DELETE FROM credentials WHERE account_id = 1")
    ending = town.collector.collect(first(town))
    assert (ending.kind, ending.calls) == (ErrorKind.CREDENTIALS, 0)
    assert "账号台账" in ending.sentence


def test_a_fault_of_our_own_is_a_row_and_a_later_look_and_not_a_crash(town: Town) -> None:
    class Broken:
        def collect(self, task: Task, web: Web, settings: Settings, now: datetime) -> Iterator[Batch]:
            yield Batch(START)
            raise KeyError("statuses")

    town.collector.sources = {Route.WEIBO_COMMERCIAL: Broken()}
    ending = town.collector.collect(first(town))
    assert (ending.outcome, ending.kind) == (Outcome.FAILED, ErrorKind.MALFORMED)
    assert "程序出错(KeyError)" in ending.sentence.replace("（", "(").replace("）", ")")
    assert row(town, "SELECT error_count, next_check_at > last_check_at FROM accounts WHERE id = 1") == (1, 1)


def test_a_part_that_cannot_be_read_is_told_and_leaves_the_account_watched(town: Town) -> None:
    town.collector.collect(first(town))
    town.clock.advance(3600)
    town.world.faults.set("endpoint_quota", path="comments/tree/root_list")
    town.world.faults.set("endpoint_quota", path="comments/to_me")
    ending = town.collector.collect(first(town))
    assert (ending.outcome, ending.kind) == (Outcome.PARTIAL, ErrorKind.QUOTA)
    assert row(town, "SELECT last_ok_at = last_check_at FROM accounts WHERE id = 1") == (1,)
    with closing(open_database(town.path)) as db:
        judged = silence.verdicts(db, organizations.roots(db), town.now(), 14).set_index("account_id")
    assert judged.loc[1, "verdict"] == Verdict.NORMAL
    assert row(town, "SELECT count(*) FROM outages") == (0,)


def test_a_cause_that_all_share_is_asked_about_once_and_blinds_all(town: Town) -> None:
    town.world.faults.set("ip_quota")
    with closing(open_database(town.path)) as db:
        everybody = accounts.collected(db)
    calls = [town.collector.collect(account).calls for account in everybody]
    assert calls == [1, 0, 0]
    assert row(town, "SELECT count(*) FROM outages WHERE until IS NULL") == (1,)
    assert row(town, "SELECT count(*) FROM outage_accounts WHERE until IS NULL") == (3,)
    town.world.faults.clear("ip_quota")
    town.clock.advance(3600)
    town.look_at_everybody()
    assert row(town, "SELECT count(*) FROM outages WHERE until IS NULL") == (0,)


def test_polling_that_does_not_fit_the_budget_says_so_and_is_stretched_until_it_fits(town: Town) -> None:
    town.look_at_everybody()
    assert all(plan.fits for plan in town.collector.plan())
    weibo = replace(town.settings.weibo, ip_calls_per_hour_commercial=2)
    town.collector.settings = replace(town.settings, weibo=weibo)
    told = {plan.route: plan for plan in town.collector.plan()}[Route.WEIBO_COMMERCIAL]
    assert not told.fits
    assert "额度不够" in told.sentence
    usual = row(town, "SELECT max(interval_seconds) FROM accounts")[0]
    town.collector.settings = town.settings  # the stretch stays until it is planned anew
    town.clock.advance(7200)
    town.look_at_everybody()
    assert row(town, "SELECT max(interval_seconds) FROM accounts")[0] > usual
    again = {plan.route: plan for plan in town.collector.plan()}[Route.WEIBO_COMMERCIAL]
    assert again.calls_per_hour == pytest.approx(told.calls_per_hour, rel=0.5), "a stretched interval is no lesser wish"


def test_a_dead_feed_host_does_not_shut_the_way_to_another() -> None:
    one = Account(1, Platform.WECHAT, "a", "甲", 1, Route.FEED, feed_url="http://10.0.0.1:4000/feeds/a.atom")
    assert gate_of(one) == gate_of(replace(one, feed_url="http://10.0.0.1:4000/feeds/b.json"))
    assert gate_of(one) != gate_of(replace(one, feed_url="http://10.0.0.2/feeds/a.atom"))
    assert gate_of(replace(one, route=Route.WEIBO_FREE, feed_url="")) == "weibo_free"


def test_what_was_saved_before_a_failure_stays_and_the_run_is_partial(town: Town) -> None:
    source = town.collector.sources[Route.WEIBO_COMMERCIAL]

    class Torn:
        def collect(self, task: Task, web: Web, settings: Settings, now: datetime) -> Iterator[Batch]:
            for batch in source.collect(task, web, settings, now):
                yield batch
                if batch.posts:
                    raise CollectError(ErrorKind.NETWORK, "连接中断", cause="account:1:network")

    town.collector.sources = {Route.WEIBO_COMMERCIAL: Torn()}
    ending = town.collector.collect(first(town))
    assert ending.outcome == Outcome.PARTIAL
    assert ending.saved.posts_new == row(town, "SELECT count(*) FROM posts")[0] > 0
    assert row(town, "SELECT last_ok_at FROM accounts WHERE id = 1") == (None,)


class Plain:
    """A source whose looks bring these batches, or this failure."""

    def __init__(self, *batches: Batch, error: CollectError | None = None, then: Callable[[], None] = lambda: None) -> None:
        self.batches, self.error, self.then = batches, error, then

    def collect(self, task: Task, web: Web, settings: Settings, now: datetime) -> Iterator[Batch]:
        if self.error is not None:
            raise self.error
        for batch in self.batches:
            self.then()
            yield batch


def test_sight_ends_where_the_platform_says_that_its_list_ends(town: Town) -> None:
    until = START - timedelta(hours=5)
    town.collector.sources = {Route.WEIBO_COMMERCIAL: Plain(Batch(START), Batch(START, seen_until=until))}
    town.collector.collect(first(town))
    assert row(town, "SELECT last_ok_at FROM accounts WHERE id = 1") == (int(until.timestamp()),)


def test_half_a_look_does_not_end_an_outage(town: Town) -> None:
    gone = CollectError(ErrorKind.CREDENTIALS, "授权已过期", cause="account:1:credentials")
    town.collector.sources = {Route.WEIBO_COMMERCIAL: Plain(error=gone)}
    town.collector.collect(first(town))
    town.collector.sources = {Route.WEIBO_COMMERCIAL: Plain(Batch(START), then=town.collector.stopping.set)}
    assert town.collector.collect(first(town)).outcome == Outcome.PARTIAL
    assert row(town, "SELECT count(*) FROM outage_accounts WHERE until IS NULL") == (1,)
    town.collector.stopping.clear()
    town.collector.sources = {Route.WEIBO_COMMERCIAL: Plain(Batch(START))}
    town.collector.collect(first(town))
    assert row(town, "SELECT count(*) FROM outage_accounts WHERE until IS NULL") == (0,)


def test_when_a_dead_host_answers_one_account_the_others_are_asked_soon(town: Town) -> None:
    dead = CollectError(ErrorKind.NETWORK, "无法连接平台", cause="host:weibo_commercial:network")
    broken = Plain(error=dead)
    with closing(open_database(town.path)) as db:
        everyone = accounts.collected(db)
    for failures in range(8):
        town.collector.sources = {Route.WEIBO_COMMERCIAL: broken}
        for account in everyone:
            town.collector.collect(replace(account, error_count=failures))
        town.clock.advance(3600)
    waits = "SELECT min(next_check_at - last_check_at) FROM accounts WHERE id > 1"
    assert row(town, waits)[0] > 3 * 3600, "a dead host is asked ever more seldom"
    town.collector.sources = {Route.WEIBO_COMMERCIAL: Plain(Batch(START))}
    town.collector.collect(everyone[0])
    now = int(town.now().timestamp())
    assert row(town, "SELECT max(next_check_at) FROM accounts WHERE id > 1")[0] <= now + 60
    for account in everyone[1:]:  # for these two it is still dead: the success of others does not make us knock without end
        town.collector.sources = {Route.WEIBO_COMMERCIAL: broken}
        town.collector.collect(replace(account, error_count=8))
    town.collector.sources = {Route.WEIBO_COMMERCIAL: Plain(Batch(START))}
    town.collector.collect(everyone[0])
    assert row(town, "SELECT min(next_check_at - last_check_at) FROM accounts WHERE id > 1")[0] >= 300
