"""How long a session lasts, and what ends it."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from matrix.people import Role
from storage import people, sessions
from storage.database import create_database, writing

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def opened() -> tuple[sqlite3.Connection, str]:
    db = create_database(":memory:")
    with writing(db):
        people.add(db, login="li", name="李", role=Role.WATCH, password="Linjiang-2026", by="t", now=NOW)
        return db, sessions.begin(db, 1, NOW, "10.0.0.9")


def test_a_session_ends_when_nobody_does_anything(opened: tuple[sqlite3.Connection, str]) -> None:
    db, token = opened
    assert sessions.find(db, token, NOW + 14 * MINUTE, 15, 12)
    assert sessions.find(db, token, NOW + 15 * MINUTE, 15, 12) is None


def test_an_act_starts_the_idle_clock_anew_but_not_the_absolute_one(opened: tuple[sqlite3.Connection, str]) -> None:
    db, token = opened
    for number in range(1, 80):
        at = NOW + 10 * number * MINUTE
        if at < NOW + timedelta(hours=12):
            assert sessions.find(db, token, at, 15, 12), number
            sessions.touch(db, sessions.digest_of(token), at)
        else:
            assert sessions.find(db, token, at, 15, 12) is None


def test_a_session_that_ended_is_not_brought_back_by_a_late_act(opened: tuple[sqlite3.Connection, str]) -> None:
    db, token = opened
    assert sessions.end(db, sessions.digest_of(token), NOW + MINUTE, "退出")
    sessions.touch(db, sessions.digest_of(token), NOW + 2 * MINUTE)
    assert sessions.find(db, token, NOW + 2 * MINUTE, 15, 12) is None
    assert not sessions.end(db, sessions.digest_of(token), NOW + 3 * MINUTE, "退出")


def test_disabling_a_person_ends_what_he_has_open(opened: tuple[sqlite3.Connection, str]) -> None:
    db, token = opened
    people.set_disabled(db, 1, NOW)
    assert sessions.find(db, token, NOW + MINUTE, 15, 12) is None
    assert sessions.find(db, "x" * 43, NOW, 15, 12) is None


def test_one_session_can_be_spared_and_the_last_visit_is_known(opened: tuple[sqlite3.Connection, str]) -> None:
    db, first = opened
    with writing(db):
        second = sessions.begin(db, 1, NOW + 10 * MINUTE, "")
    sessions.touch(db, sessions.digest_of(first), NOW + 5 * MINUTE)
    held = sessions.find(db, second, NOW + 11 * MINUTE, 15, 12)
    assert held
    assert sessions.before_this(db, held) == NOW + 5 * MINUTE
    assert sessions.end_all(db, 1, NOW + 12 * MINUTE, "x", but=sessions.digest_of(second)) == 1
    assert [one.digest for one in sessions.open_now(db, NOW + 12 * MINUTE, 15, 12)] == [sessions.digest_of(second)]
