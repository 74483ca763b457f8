"""Signing in, being locked out, roles that exclude each other, and who sees what."""

import sqlite3
import time
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from matrix.people import RIGHTS, Right, Role, judge_login, judge_password, rights_of
from storage import journal, organizations, passwords, people, sessions, signin
from storage.database import create_database, writing
from storage.passwords import draw_password
from tests.serving import QUICK

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
STRICT = signin.Strictness(lock_after=3, lock_minutes=30, password_days=90)
GOOD = "Linjiang-2026"


@pytest.fixture
def db(monkeypatch: pytest.MonkeyPatch) -> sqlite3.Connection:
    monkeypatch.setattr(passwords, "HASHER", QUICK)
    made = create_database(":memory:")
    with writing(made):
        people.add(made, login="li", name="李某", role=Role.WATCH, password=GOOD, by="t", now=NOW, must_change=False)
    return made


def enter(db: sqlite3.Connection, password: str, login: str = "li", now: datetime = NOW) -> str | None:
    return signin.sign_in(db, login, password, now=now, address="10.0.0.9", strictness=STRICT)


def test_the_right_password_opens_a_session_of_which_only_the_hash_is_kept(db: sqlite3.Connection) -> None:
    token = enter(db, GOOD)
    assert token
    assert sessions.find(db, token, NOW, 15, 12) is not None
    assert token not in str(db.execute("SELECT * FROM sessions").fetchall())
    assert [line.outcome for line in journal.lines(db)] == [journal.DONE]


def test_a_wrong_password_an_unknown_name_and_a_disabled_person_all_get_nothing(db: sqlite3.Connection) -> None:
    assert enter(db, "wrong") is None
    assert enter(db, GOOD, "nobody") is None
    with writing(db):
        people.set_disabled(db, 1, NOW)
    assert enter(db, GOOD) is None
    assert [line.outcome for line in journal.lines(db)] == [journal.REFUSED] * 3


def test_too_many_failures_lock_even_the_right_password_out_until_the_time_is_over(db: sqlite3.Connection) -> None:
    for _ in range(3):
        assert enter(db, "wrong") is None
    assert enter(db, GOOD) is None
    assert enter(db, GOOD, now=NOW + timedelta(minutes=29)) is None
    assert enter(db, GOOD, now=NOW + timedelta(minutes=31))


def test_a_success_forgets_earlier_failures(db: sqlite3.Connection) -> None:
    for _ in range(4):
        assert enter(db, "wrong") is None
        assert enter(db, "wrong") is None
        assert enter(db, GOOD)


def test_a_password_typed_into_the_field_for_the_name_is_not_written_down(db: sqlite3.Connection) -> None:
    enter(db, "x", "Geheim-Wort-77")
    assert "Geheim" not in str(journal.lines(db))


def test_an_unknown_name_takes_as_long_as_a_known_one(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher())
    people.set_password(db, 1, GOOD, NOW, must_change=False)
    passwords._nobody.cache_clear()

    def quickest(login: str) -> float:
        times = []
        for _ in range(2):
            began = time.perf_counter()
            signin.sign_in(db, login, "x", now=NOW, address="", strictness=signin.Strictness(99, 1, 90))
            times.append(time.perf_counter() - began)
        return min(times)

    assert 0.3 < quickest("li") / quickest("nobody") < 3


def test_signing_out_and_changing_the_password_end_every_other_session(db: sqlite3.Connection) -> None:
    first, second = enter(db, GOOD), enter(db, GOOD)
    assert first
    assert second
    session = sessions.find(db, first, NOW, 15, 12)
    assert session
    token, fault = signin.change_password(db, session, GOOD, "Qingshan-2027", now=NOW, address="", strictness=STRICT)
    assert not fault
    assert sessions.find(db, first, NOW, 15, 12) is None
    assert sessions.find(db, second, NOW, 15, 12) is None
    third = sessions.find(db, token, NOW, 15, 12)
    assert third
    signin.sign_out(db, third, NOW, "")
    assert sessions.find(db, token, NOW, 15, 12) is None


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [("wrong", "Qingshan-2027", "原密码"), (GOOD, GOOD, "相同"), (GOOD, "short", "至少8位"), (GOOD, "alllowercase", "三类")],
)
def test_a_bad_change_of_password_is_refused_with_a_reason(db: sqlite3.Connection, before: str, after: str, why: str) -> None:
    token = enter(db, GOOD)
    assert token
    session = sessions.find(db, token, NOW, 15, 12)
    assert session
    assert why in signin.change_password(db, session, before, after, now=NOW, address="", strictness=STRICT)[1]
    assert sessions.find(db, token, NOW, 15, 12) is not None


def test_guessing_the_old_password_at_an_open_screen_ends_the_session(db: sqlite3.Connection) -> None:
    token = enter(db, GOOD)
    assert token
    for _ in range(3):
        session = sessions.find(db, token, NOW, 15, 12)
        assert session
        signin.change_password(db, session, "wrong", "Qingshan-2027", now=NOW, address="", strictness=STRICT)
    assert sessions.find(db, token, NOW, 15, 12) is None
    assert enter(db, GOOD) is None


def test_an_old_password_must_be_changed(db: sqlite3.Connection) -> None:
    person = people.find(db, "li")
    assert person
    assert not signin.must_change(person, NOW + timedelta(days=89), 90)
    assert signin.must_change(person, NOW + timedelta(days=90), 90)


def test_the_first_administrator_is_made_once_and_must_change_his_password() -> None:
    db = create_database(":memory:")
    password = signin.make_first_administrator(db, NOW)
    assert password
    assert not judge_password(password, "admin")
    assert signin.make_first_administrator(db, NOW) is None
    admin = people.find(db, "admin")
    assert admin
    assert admin.must_change
    assert enter(db, password, "admin")


def test_every_one_time_password_meets_the_rule_that_people_must_meet() -> None:
    assert not [password for password in (draw_password() for _ in range(200)) if judge_password(password, "admin")]


def test_the_three_administrators_share_no_right_with_each_other_nor_with_the_content() -> None:
    system, security, audit = (RIGHTS[role] for role in (Role.SYSTEM, Role.SECURITY, Role.AUDIT))
    assert not system & security
    assert not system & audit
    assert not security & audit
    assert Right.DUTY not in system | security | audit


def test_an_office_of_one_can_begin_and_the_stand_in_ends_when_the_role_is_filled() -> None:
    assert {Right.GRANT, Right.JOURNAL} <= rights_of(Role.SYSTEM, frozenset({Role.SYSTEM}))
    assert Right.GRANT not in rights_of(Role.SYSTEM, frozenset({Role.SYSTEM, Role.SECURITY}))
    assert Right.JOURNAL not in rights_of(Role.SYSTEM, frozenset({Role.SYSTEM, Role.AUDIT}))
    assert rights_of(Role.LEAD, frozenset()) == RIGHTS[Role.LEAD]


def test_scope_is_what_was_granted_and_the_tree_for_those_who_look_after_it(db: sqlite3.Connection) -> None:
    with writing(db):
        city = organizations.add(db, code="1", name="临江市", parent_id=None, level="市级", seen_at=0)
        county = organizations.add(db, code="2", name="青山县", parent_id=city, level="县级", seen_at=0)
        organizations.rebuild_tree(db)
        people.set_scope(db, 1, (county,))
        people.add(db, login="sys", name="系统", role=Role.SYSTEM, password=GOOD, by="t", now=NOW)
        people.add(db, login="aud", name="审计", role=Role.AUDIT, password=GOOD, by="t", now=NOW, scope=(city,))
    scopes = {person.login: people.scope_of(db, person) for person in people.everybody(db)}
    assert scopes == {"li": (county,), "sys": (city,), "aud": ()}


def test_a_taken_login_is_refused_with_a_sentence(db: sqlite3.Connection) -> None:
    with pytest.raises(ValueError, match="已经有人使用"), writing(db):
        people.add(db, login="li", name="x", role=Role.WATCH, password=GOOD, by="t", now=NOW)


@pytest.mark.parametrize("login", ["", "a", "a b", "<b>", "x" * 33, "a/b"])
def test_a_login_that_could_be_mistaken_is_refused(login: str) -> None:
    assert judge_login(login)
