"""What was published: figures that open to their posts, changes with both wordings, gaps, and nobody else's rows."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from matrix.account import Platform
from matrix.post import Gone, GoneKind, Post, Reach
from matrix.run import Batch
from storage import batches, organizations, publishing, publishing_changes
from storage.database import create_database
from tests import sample
from tests.storage.frames import rows_of

NOW = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)
PERIOD: dict[str, Any] = {"since": int((NOW - timedelta(days=30)).timestamp()), "until": int(NOW.timestamp())}


@pytest.fixture(scope="module")
def city() -> Iterator[tuple[sqlite3.Connection, dict[str, int]]]:
    with closing(create_database(":memory:")) as db:
        ids = sample.fill(db, NOW)
        mine = ids[f"{Platform.WEIBO.value}:临江发布"]
        at = NOW - timedelta(days=2)
        for minutes, text, reads in ((0, "今晚停水", 10), (30, "今晚停水(更正：明晚)", 500)):
            seen = at + timedelta(minutes=minutes)
            post = Post("edit", at, text, reach=Reach(seen, reads=reads))
            batches.save(db, mine, int(Platform.WEIBO), Batch(seen + timedelta(days=3), posts=(post,)), sample.RING, NOW)
        gone = Gone("edit", GoneKind.DELETED, NOW + timedelta(days=4))
        batches.save(db, mine, int(Platform.WEIBO), Batch(NOW + timedelta(days=4), gones=(gone,)), sample.RING, NOW)
        yield db, ids


def test_every_cell_of_the_heat_map_opens_to_its_posts(city: tuple[sqlite3.Connection, dict[str, int]]) -> None:
    db, _ = city
    scope = organizations.roots(db)
    figures = publishing.figures(db, scope, **PERIOD)
    heat = figures.heat
    whole = publishing.posts(db, scope, limit=0, **PERIOD)
    assert heat["posts"].sum() + figures.timeless == figures.daily["posts"].sum() == len(whole) > 5
    for kind in rows_of(figures.kinds):
        assert publishing.count(db, scope, **PERIOD, platform=kind.platform, kind=kind.kind) == kind.posts
    assert publishing.count(db, scope, **PERIOD, kind="own") == figures.daily["originals"].sum()
    for cell in rows_of(heat):
        rows = publishing.posts(db, scope, limit=0, weekday=cell.weekday, hour=cell.hour, **PERIOD)
        assert len(rows) == cell.posts
        local = datetime.fromtimestamp(int(rows["published_at"][0]), UTC) + timedelta(hours=8)
        assert (local.weekday(), local.hour) == (cell.weekday, cell.hour)


def test_what_has_a_date_and_no_time_is_in_no_cell_and_can_be_listed(tmp_path: Path) -> None:
    """Two articles of a list that knows days only, one at half past midnight."""
    with closing(create_database(tmp_path / "m.db")) as db:
        account = sample.fill(db, NOW)[f"{Platform.WECHAT.value}:临江发布"]
        midnight = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
        moments = (midnight, midnight + timedelta(days=1), midnight + timedelta(minutes=30))
        posts = tuple(Post(f"w{place}", at, f"通报{place}") for place, at in enumerate(moments))
        before = publishing.figures(db, organizations.roots(db), **PERIOD)
        batches.save(db, account, int(Platform.WECHAT), Batch(NOW, posts=posts), sample.RING, NOW)
        figures = publishing.figures(db, organizations.roots(db), **PERIOD)
        assert figures.timeless == before.timeless + 2
        assert figures.heat["posts"].sum() == before.heat["posts"].sum() + 1
        assert figures.heat["posts"].sum() + figures.timeless == figures.daily["posts"].sum()
        listed = publishing.posts(db, organizations.roots(db), is_timeless=True, order="", limit=0, **PERIOD)
        assert len(listed) == figures.timeless
        assert {"通报1", "通报0"} <= set(listed["text"])
        cell = publishing.posts(db, organizations.roots(db), weekday=1, hour=0, limit=0, **PERIOD)
        assert list(cell["text"]) == ["通报2"]


def test_the_furthest_reaching_post_stands_first_and_what_tells_nothing_last(
    city: tuple[sqlite3.Connection, dict[str, int]],
) -> None:
    db, _ = city
    reads = list(publishing.posts(db, organizations.roots(db), order="reads", limit=0, **PERIOD)["reads"].fillna(-1))
    assert reads == sorted(reads, reverse=True)
    newest = list(publishing.posts(db, organizations.roots(db), order="", limit=0, **PERIOD)["published_at"])
    assert newest == sorted(newest, reverse=True)


def test_an_edit_has_both_wordings_and_a_withdrawal_its_minutes_in_public(
    city: tuple[sqlite3.Connection, dict[str, int]],
) -> None:
    db, ids = city
    found = publishing_changes.changes(db, organizations.roots(db), **PERIOD)
    by_what = {row.what: row for row in rows_of(found)}
    assert (by_what["edited"].before, by_what["edited"].after) == ("今晚停水", "今晚停水(更正：明晚)")
    assert by_what["deleted"].minutes_public == 6 * 24 * 60
    post = db.execute("SELECT id FROM posts WHERE ext_id = 'edit'").fetchone()[0]
    assert list(publishing.trend(db, organizations.roots(db), post_id=post)["reads"]) == [10, 500]
    assert publishing.trend(db, (ids["青山县"],), post_id=post).empty


def test_a_later_wording_is_counted_from_when_it_was_seen(city: tuple[sqlite3.Connection, dict[str, int]]) -> None:
    db, ids = city
    account = ids[f"{Platform.WECHAT.value}:临江发布"]
    at = NOW - timedelta(hours=1)
    for hours, text in ((2, "一稿"), (6, "二稿"), (13, "三稿")):
        seen = at + timedelta(hours=hours)
        batches.save(db, account, int(Platform.WECHAT), Batch(seen, posts=(Post("drafts", at, text),)), sample.RING, NOW)
    post = db.execute("SELECT id FROM posts WHERE ext_id = 'drafts'").fetchone()[0]
    found = publishing_changes.changes(db, organizations.roots(db), post_id=post)
    assert list(found["before"]) == ["二稿", "一稿"]
    assert list(found["after"]) == ["三稿", "二稿"]
    assert list(found["minutes_public"]) == [7 * 60, 6 * 60]
    assert list(found["is_first"]) == [0, 1]


def test_the_longest_gap_is_that_of_the_moments_within_our_sight(city: tuple[sqlite3.Connection, dict[str, int]]) -> None:
    db, _ = city
    for gap in rows_of(publishing_changes.gaps(db, organizations.roots(db), **PERIOD)):
        since, until = db.execute("SELECT watched_from, last_ok_at FROM accounts WHERE id = ?", (gap.account_id,)).fetchone()
        moments = [
            row[0]
            for row in db.execute(
                "SELECT published_at FROM posts WHERE account_id = ? AND published_at >= ? AND published_at < ? "
                "AND gone_kind IS NULL ORDER BY 1",
                (gap.account_id, PERIOD["since"], PERIOD["until"]),
            )
        ]
        if since is None:
            assert gap.seconds != gap.seconds, "who was never seen was not silent"
            continue
        borders = sorted([max(PERIOD["since"], since), *moments, min(PERIOD["until"], until)])
        assert gap.seconds == max(after - before for before, after in pairwise(borders))
        assert (gap.end - gap.begin, gap.posts) == (gap.seconds, len(moments))


def test_accounts_that_were_not_seen_stand_last(city: tuple[sqlite3.Connection, dict[str, int]]) -> None:
    db, _ = city
    found = publishing_changes.gaps(db, organizations.roots(db), **PERIOD)
    known = found["seconds"].notna()
    assert list(known) == sorted(known, reverse=True)
    assert not known.iloc[-1]
    assert list(found.loc[known, "seconds"]) == sorted(found.loc[known, "seconds"], reverse=True)
