"""Every question of the matrix pages, one by one, with the whole city, one county, and nobody's scope: nothing leaks."""

import inspect
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from matrix.account import Platform
from matrix.case import Act
from matrix.post import Gone, GoneKind, Post, Reach
from matrix.run import Batch
from matrix.shift import Change, ShiftAct
from storage import (
    batches,
    behind,
    cases,
    glance,
    movers,
    organizations,
    publishing,
    publishing_changes,
    shifts,
    spread,
    threads_seen,
)
from storage.database import create_database, writing
from tests import sample

NOW = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)
DAY = (int(NOW.timestamp()) + 28800) // 86400
DAYS = {"first_day": DAY - 29, "last_day": DAY}
SECONDS = {"since": (DAY - 29) * 86400 - 28800, "until": (DAY + 1) * 86400 - 28800}
BEGIN = Change(ShiftAct.TAKE, "lisi", "李某", int(NOW.timestamp()) - 90000, "", 0, 0)
MODULES = (behind, glance, movers, publishing, publishing_changes, shifts, spread, threads_seen)
VERBS = {"storage.shifts.change"}
Ask = Callable[[tuple[int, ...], dict[str, Any]], Any]


class City:
    """The sample city with edits, a withdrawal, steps of cases and changes of shifts in both the city and the county."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db, self.ids = db, sample.fill(db, NOW)
        self.whole, self.county = organizations.roots(db), (self.ids["青山县"],)
        for name in ("临江发布", "青山发布"):
            account = self.ids[f"{Platform.WEIBO.value}:{name}"]
            at = NOW - timedelta(hours=30)
            for hours, text in ((31, f"{name}一稿"), (36, f"{name}二稿")):
                seen = at + timedelta(hours=hours)
                post = Post(f"e{account}", at, text, reach=Reach(seen, likes=hours))
                batches.save(db, account, int(Platform.WEIBO), Batch(seen, posts=(post,)), sample.RING, NOW)
            gone = Batch(NOW + timedelta(days=1), gones=(Gone(f"e{account}", GoneKind.DELETED, NOW + timedelta(days=1)),))
            batches.save(db, account, int(Platform.WEIBO), gone, sample.RING, NOW)
            with writing(db):
                db.execute("INSERT INTO followers VALUES(?, '', 5, 100, NULL, NULL, 0, 5)", (account,))
        for number, (unit, login) in enumerate((("临江市", "lisi"), ("青山县", "wangwu"))):
            with writing(db):
                shifts.change(db, self.whole, self.ids[unit], ShiftAct.TAKE, "说明", login, login, NOW - timedelta(hours=number))
        for (comment,) in db.execute("SELECT comment_id FROM responses WHERE first_at IS NULL").fetchall():
            with writing(db):
                cases.act(db, self.whole, comment, Act.CONFIRM, "zhiban", NOW, expected_step=0)
        known = db.execute(
            "SELECT a.id, a.name, w.account_id FROM accounts a LEFT JOIN account_up w ON w.account_id = a.id "
            "AND w.ancestor_id = ?",
            self.county,
        ).fetchall()
        self.inside = {row[0] for row in known if row[2] is not None}
        self.names = {row[1] for row in known if row[2] is None} | {"临江市", "临江市水务局"}
        posts = db.execute("SELECT id, account_id FROM posts").fetchall()
        comments = db.execute("SELECT id, account_id FROM comments").fetchall()
        self.posts = {row[0] for row in posts if row[1] in self.inside}
        self.comments = {row[0] for row in comments if row[1] in self.inside}


@pytest.fixture(scope="module")
def city() -> Iterator[City]:
    with closing(create_database(":memory:")) as db:
        yield City(db)


def variants(city: City) -> dict[str, list[dict[str, Any]]]:
    """Every question with the arguments that it is asked with: each kind of row, an account and a post inside and outside."""
    outside = city.ids[f"{Platform.WEIBO.value}:临江发布"]
    inside = city.ids[f"{Platform.WEIBO.value}:青山发布"]
    posts = [row[0] for row in city.db.execute("SELECT id FROM posts ORDER BY id")]
    said = [row[0] for row in city.db.execute("SELECT id FROM comments ORDER BY id")]
    names = ("comments", "appeals", "replies")
    every = (outside, inside)
    desks = (0, city.ids["临江市"], city.ids["青山县"])
    return {
        "storage.behind.count": [
            {"name": name} | DAYS | more for name in ("posts", *names) for more in ({}, {"account_id": outside})
        ],
        "storage.behind.rows": [{"name": name, "limit": limit} | DAYS for name in names for limit in (0, 2)],
        "storage.behind.followers": [{"account_id": key} for key in every],
        "storage.behind.covered": [{"account_id": key, "since": 0} for key in every],
        "storage.glance.board": [DAYS, DAYS | {"account_id": outside}],
        "storage.glance.members": [{}],
        "storage.glance.units": [DAYS],
        "storage.movers.carriers": [{"accounts": every, "measure": name} | DAYS for name in ("comments", "appeals", "reads")],
        "storage.movers.blind": [{"accounts": tuple(range(1, 20))} | DAYS],
        "storage.publishing.figures": [SECONDS],
        "storage.publishing.count": [SECONDS, SECONDS | {"account_id": outside}, SECONDS | {"kind": "own"}],
        "storage.publishing.posts": [SECONDS | {"limit": 0, "order": order} for order in ("", *publishing.ORDERS)],
        "storage.publishing.post": [{"post_id": key} for key in posts],
        "storage.publishing.trend": [{"post_id": key} for key in posts],
        "storage.publishing_changes.changes": [SECONDS, *({"post_id": key} for key in posts)],
        "storage.publishing_changes.gaps": [SECONDS],
        "storage.shifts.watch": [{"organization_id": city.ids["临江市"]}],
        "storage.shifts.changes": [{"since": 0, "until": 2**40}],
        "storage.shifts.came": [{"after": BEGIN, "until": None, "now": int(NOW.timestamp()), "desk": desk} for desk in desks],
        "storage.shifts.steps": [{"since": 0, "until": 2**40, "desk": desk} for desk in desks],
        "storage.shifts.outages": [{"since": 0, "until": 2**40, "desk": desk} for desk in desks],
        "storage.spread.indices": [SECONDS],
        "storage.threads_seen.under_post": [{"post_id": key} for key in posts],
        "storage.threads_seen.around": [{"comment_id": key} for key in said],
    }


def questions() -> dict[str, Callable[..., Any]]:
    """Every public function of these modules that takes a scope."""
    found = {}
    for module in MODULES:
        for name, one in inspect.getmembers(module, inspect.isfunction):
            if one.__module__ == module.__name__ and list(inspect.signature(one).parameters)[:2] == ["db", "scope"]:
                found[f"{module.__name__}.{name}"] = one
    return found


def frames_of(answer: Any) -> list[pd.DataFrame]:
    if isinstance(answer, pd.DataFrame):
        return [answer]
    if not is_dataclass(answer):
        return []
    return [one for one in (getattr(answer, field.name) for field in fields(answer)) if isinstance(one, pd.DataFrame)]


def is_nothing(answer: Any) -> bool:
    if isinstance(answer, int):
        return answer == 0
    if is_dataclass(answer) and not frames_of(answer):
        return all(not getattr(answer, field.name) for field in fields(answer))
    return all(frame.empty for frame in frames_of(answer))


def test_every_question_is_asked_here(city: City) -> None:
    assert set(questions()) - VERBS == set(variants(city))


def test_without_a_scope_there_is_nothing(city: City) -> None:
    for name, asked in variants(city).items():
        for arguments in asked:
            assert is_nothing(questions()[name](city.db, (), **arguments)), (name, arguments)


def test_the_whole_city_has_an_answer_to_every_question(city: City) -> None:
    silent = {
        name
        for name, asked in variants(city).items()
        if all(is_nothing(questions()[name](city.db, city.whole, **a)) for a in asked)
    }
    assert not silent


def test_a_county_is_told_nothing_of_what_lies_outside_it(city: City) -> None:
    for name, asked in variants(city).items():
        for arguments in asked:
            answer = questions()[name](city.db, city.county, **arguments)
            for frame in frames_of(answer):
                check(city, name, frame)


def check(city: City, name: str, frame: pd.DataFrame) -> None:
    known = {"account_id": city.inside, "post_id": city.posts, "comment_id": city.comments}
    for column, mine in known.items():
        if column in frame:
            assert set(frame[column].dropna().astype(int)) <= mine, (name, column)
    told = {str(value) for column in ("account", "organization", "desk") if column in frame for value in frame[column]}
    assert not told & city.names, name


def test_a_link_of_the_city_that_names_the_county_shows_the_county_the_same(city: City) -> None:
    """The sender narrows to the county, the reader has it as his scope: the same rows, whatever else the link asks for."""
    narrowed = {"organization_id": city.county[0]}
    for name in ("behind.count", "behind.rows", "glance.board", "glance.units", "publishing.figures", "publishing.posts"):
        for arguments in variants(city)[f"storage.{name}"]:
            asked = questions()[f"storage.{name}"]
            sent, read = asked(city.db, city.whole, **arguments, **narrowed), asked(city.db, city.county, **arguments, **narrowed)
            own = asked(city.db, city.county, **arguments)
            if isinstance(sent, int):
                assert sent == read == own
                continue
            for one, two, three in zip(frames_of(sent), frames_of(read), frames_of(own), strict=True):
                assert one.equals(two)
                assert two.equals(three)
    for name in ("publishing_changes.changes", "publishing_changes.gaps", "spread.indices"):
        asked = questions()[f"storage.{name}"]
        sent, read = (asked(city.db, scope, **SECONDS, **narrowed) for scope in (city.whole, city.county))
        assert sent.equals(read)
        assert len(read)


def test_what_an_address_names_outside_the_scope_is_empty(city: City) -> None:
    outside = city.ids[f"{Platform.WEIBO.value}:临江发布"]
    post = city.db.execute("SELECT id FROM posts WHERE account_id = ?", (outside,)).fetchone()[0]
    comment = city.db.execute("SELECT id FROM comments WHERE account_id = ?", (outside,)).fetchone()[0]
    asked: list[Any] = [
        (publishing.post, {"post_id": post}),
        (publishing.trend, {"post_id": post}),
        (publishing_changes.changes, {"post_id": post}),
        (threads_seen.under_post, {"post_id": post}),
        (threads_seen.around, {"comment_id": comment}),
        (behind.followers, {"account_id": outside}),
        (behind.covered, {"account_id": outside, "since": 0}),
        (behind.rows, {"name": "comments", "account_id": outside, **DAYS}),
        (behind.rows, {"name": "comments", "organization_id": city.ids["临江市水务局"], **DAYS}),
        (glance.board, {"account_id": outside, **DAYS}),
        (publishing.posts, {"account_id": outside, "limit": 0, **SECONDS}),
    ]
    for question, arguments in asked:
        assert is_nothing(question(city.db, city.county, **arguments)), question
