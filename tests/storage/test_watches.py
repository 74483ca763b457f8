"""A watch finds its hits as comments are read and looks up its past in portions; every form it had is a row."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from matrix.watch import Typed
from storage import organizations, watch_hits, watches
from storage.database import writing
from storage.moments import to_seconds
from storage.watches import Wish
from tests.storage.reading_desk import answer, ask, post, read_all, save
from tests.storage.small_city import a_city, after

NEVER: Callable[[], bool] = lambda: False  # noqa: E731


@pytest.fixture
def city() -> tuple[sqlite3.Connection, list[int]]:
    """Three citizens at the city's first account, one of them without water, and one without water at the office's."""
    db, ids = a_city()
    save(db, ids[0], 60, ask("c1", 5, "小区停水了"), ask("c2", 6, "天气真好", by="乙"), ask("c3", 7, "停水演练通知", by="丙"))
    save(db, ids[1], 60, replace(ask("c4", 8, "单位也停水"), post_ext="p1"), posts=(post("p1"),))
    return db, ids


def unit(db: sqlite3.Connection, code: str) -> int:
    return db.execute("SELECT id FROM organizations WHERE code = :code", {"code": code}).fetchone()[0]


def make(db: sqlite3.Connection, typed: Typed, code: str = "1", name: str = "停水", at: float = 70) -> int:
    with writing(db):
        return watches.add(db, organizations.roots(db), Wish(unit(db, code), name, typed), "zhuguan", after(at))


def hit(db: sqlite3.Connection) -> list[tuple[str, str]]:
    return db.execute(
        "SELECT w.name, c.ext_id FROM watch_hits h JOIN watches w ON w.id = h.watch_id JOIN comments c ON c.id = h.comment_id "
        "ORDER BY 1, 2"
    ).fetchall()


def filled(db: sqlite3.Connection) -> list[float]:
    moments = dict.fromkeys(("today", "week", "month"), 0) | {"now": to_seconds(after(99999))}
    return watches.watches(db, organizations.roots(db), **moments)["filled"].tolist()


def test_hits_are_found_as_comments_are_read_within_the_subtree_of_the_watch(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, _ = city
    make(db, Typed("停水", exclusions="演练"))
    make(db, Typed("停水"), "2", "水务局停水")
    read_all(db)
    assert hit(db) == [("停水", "c1"), ("停水", "c4"), ("水务局停水", "c4")]


def test_words_that_change_or_turn_official_gain_and_lose_hits(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, ids = city
    make(db, Typed("停水"))
    read_all(db)
    save(db, ids[0], 90, ask("c1", 5, "来水了"), ask("c2", 6, "停水了", by="乙"))
    with writing(db):
        db.execute("UPDATE comments SET author_account_id = :id WHERE ext_id = 'c3'", {"id": ids[0]})
        db.execute("INSERT INTO rereads(comment_id) SELECT id FROM comments WHERE ext_id = 'c3'")
    read_all(db)
    assert hit(db) == [("停水", "c2"), ("停水", "c4")]


def test_a_new_watch_looks_up_its_past_in_portions_and_says_how_far_it_is(
    city: tuple[sqlite3.Connection, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    db, ids = city
    read_all(db)
    save(db, ids[0], 61, answer("r1", 30, text="停水已修复"), posts=())
    read_all(db)
    make(db, Typed("停水"))
    assert (hit(db), filled(db)) == ([], [0.0])
    monkeypatch.setattr(watch_hits, "PORTION", 2)
    watch_hits.fill_portion(db, 1)
    assert 0 < filled(db)[0] < 1
    assert watch_hits.fill(db, NEVER) >= 1
    assert hit(db) == [("停水", "c1"), ("停水", "c3"), ("停水", "c4")]
    assert filled(db) == [1.0]
    assert watch_hits.fill(db, NEVER) == 0


def test_other_words_begin_the_hits_anew_and_another_name_does_not(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, _ = city
    read_all(db)
    number = make(db, Typed("停水"))
    watch_hits.fill(db, NEVER)
    scope, typed = organizations.roots(db), Typed("停水", exclusions="演练")
    with writing(db):
        watches.change(db, scope, number, Wish(unit(db, "1"), "供水", Typed("停水")), 1, "zhuguan", after(80))
    assert (filled(db), len(hit(db))) == ([1.0], 3)
    with writing(db):
        watches.change(db, scope, number, Wish(unit(db, "1"), "供水", typed), 2, "fenxi", after(81))
    assert (filled(db), hit(db)) == ([0.0], [])
    watch_hits.fill(db, NEVER)
    assert hit(db) == [("供水", "c1"), ("供水", "c4")]
    with pytest.raises(ValueError, match="刚被别人改过"), writing(db):
        watches.change(db, scope, number, Wish(unit(db, "1"), "供水", Typed("断水")), 2, "zhuguan", after(82))
    assert db.execute("SELECT version FROM watches").fetchall() == [(3,)]
    found = watches.versions(db, scope, watch_id=number)
    assert found[["version", "act", "name", "exclusions", "by"]].values.tolist() == [
        [3, "修改", "供水", "演练", "fenxi"],
        [2, "修改", "供水", "", "zhuguan"],
        [1, "新建", "停水", "", "zhuguan"],
    ]


def test_what_came_during_a_pause_is_looked_up_and_what_is_deleted_keeps_its_history(
    city: tuple[sqlite3.Connection, list[int]],
) -> None:
    db, ids = city
    scope, number = organizations.roots(db), make(db, Typed("停水"))
    with writing(db):
        watches.switch(db, scope, number, False, "zhuguan", after(71))
    read_all(db)
    assert hit(db) == []
    assert watch_hits.fill(db, NEVER) == 0, "a paused watch looks nothing up"
    with writing(db):
        watches.switch(db, scope, number, True, "zhuguan", after(72))
    watch_hits.fill(db, NEVER)
    assert len(hit(db)) == 3
    with writing(db):
        watches.delete(db, scope, number, "zhuguan", after(73))
    save(db, ids[0], 90, ask("c9", 80, "又停水"), posts=())
    read_all(db)
    assert len(hit(db)) == 3
    assert filled(db) == []
    assert watches.versions(db, scope, watch_id=number)["act"].tolist() == ["删除", "恢复", "暂停", "新建"]
    with pytest.raises(PermissionError, match="已删除"), writing(db):
        watches.switch(db, scope, number, True, "zhuguan", after(74))


def test_counts_and_hits_are_those_of_the_scope(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, _ = city
    number = make(db, Typed("停水"))
    read_all(db)
    now = to_seconds(after(100))
    spans = {"today": now - 3600, "week": now - 86400 * 7, "month": now - 86400 * 30, "now": now}
    found = watches.watches(db, organizations.roots(db), **spans)
    assert found[["name", "today", "week", "alerts", "is_on"]].values.tolist() == [["停水", 0, 3, 0, 1]]
    office = (unit(db, "2"),)
    assert watches.watches(db, office, **spans).empty and watches.watches(db, (), **spans).empty
    everything = {"watch_id": number, "since": 0, "until": now}
    assert watch_hits.hits(db, organizations.roots(db), **everything)["text"].tolist() == [
        "单位也停水",
        "停水演练通知",
        "小区停水了",
    ]
    assert watch_hits.hits(db, office, **everything).empty and watches.versions(db, office, watch_id=number).empty
    ids = tuple(row[0] for row in db.execute("SELECT id FROM comments").fetchall())
    assert watch_hits.comments(db, office, ids=ids)["text"].tolist() == ["单位也停水"]
    assert watch_hits.comments(db, (), ids=ids).empty and watch_hits.comments(db, office, ids=()).empty


def test_nobody_watches_outside_his_scope_or_under_a_name_that_is_taken(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, _ = city
    number, office = make(db, Typed("停水")), (unit(db, "2"),)
    refused = (
        (office, Wish(unit(db, "1"), "另一个", Typed("停水")), PermissionError, "不在您的权限范围内"),
        (organizations.roots(db), Wish(unit(db, "1"), "停水", Typed("断水")), ValueError, "已有名为“停水”的监测方案"),
        (organizations.roots(db), Wish(unit(db, "1"), "", Typed("断水")), ValueError, "请填写方案名称"),
        (organizations.roots(db), Wish(unit(db, "1"), "空的", Typed()), ValueError, "至少填写"),
    )
    for scope, wish, kind, words in refused:
        with pytest.raises(kind, match=words), writing(db):
            watches.add(db, scope, wish, "zhiban", after(71))
    with pytest.raises(PermissionError), writing(db):
        watches.delete(db, office, number, "zhiban", after(71))


def test_hits_further_back_than_sixty_days_are_left_alone(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, _ = city
    read_all(db)
    make(db, Typed("停水"), at=timedelta(days=61) / timedelta(minutes=1))
    watch_hits.fill(db, NEVER)
    assert hit(db) == []
