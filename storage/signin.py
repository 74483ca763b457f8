"""Signing in, signing out and changing a password: each one decision, one change and one line in the journal."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from matrix.people import Person, Role, judge_password
from storage import journal, people, sessions
from storage.database import writing
from storage.passwords import draw_password, is_right

UNKNOWN = "未知用户"
FIRST_LOGIN = "admin"
LONGEST_LOGIN = 64


@dataclass(frozen=True, slots=True)
class Strictness:
    """How patient the sign-in is; the numbers are settings."""

    lock_after: int
    lock_minutes: int
    password_days: int


def must_change(person: Person, now: datetime, password_days: int) -> bool:
    """Whether nothing but the password page may be shown: a one-time password, or one that is too old."""
    return person.must_change or person.password_at + timedelta(days=password_days) <= now


def sign_in(
    db: sqlite3.Connection, login: str, password: str, *, now: datetime, address: str, strictness: Strictness
) -> str | None:
    """The token of a new session, or None; the same work is done whoever asks, and nobody is told why not."""
    login = login.strip()[:LONGEST_LOGIN]
    seen = people.find(db, login)
    usable = seen is not None and seen.disabled_at is None and not people.is_locked(seen, now)
    # The slow proof stays outside the writer's lock; what it found is held against the state at the time of writing.
    proved = is_right(people.hash_of(db, seen.id) if seen is not None and usable else None, password)
    with writing(db):
        person = people.find(db, login)
        why = ""
        if person is None:
            why = "没有这个登录名"
        elif person.disabled_at is not None:
            why = "用户已停用"
        elif people.is_locked(person, now):
            why = "锁定期间尝试登录"
        elif not proved:
            locks = people.note_failure(db, person.id, now, strictness.lock_after, strictness.lock_minutes)
            why = f"密码不正确，已连续{strictness.lock_after}次，锁定{strictness.lock_minutes}分钟" if locks else "密码不正确"
        if person is None or why:
            # An unknown name may be a password typed into the wrong field: it is not written down in full.
            actor, subject = (person.login, person.login) if person else (UNKNOWN, f"{login[:2]}***")
            journal.note(
                db, at=now, actor=actor, act="登录", subject=subject, detail=why, outcome=journal.REFUSED, address=address
            )
            return None
        people.unlock(db, person.id)
        token = sessions.begin(db, person.id, now, address)
        journal.note(db, at=now, actor=person.login, act="登录", subject=person.login, address=address)
    return token


def sign_out(db: sqlite3.Connection, session: sessions.Session, now: datetime, address: str) -> None:
    """End all sessions of the person, so that no forgotten browser stays open."""
    login = session.person.login
    with writing(db):
        ended = sessions.end_all(db, session.person.id, now, "退出")
        journal.note(db, at=now, actor=login, act="退出", subject=login, detail=f"结束{ended}个登录", address=address)


def change_password(
    db: sqlite3.Connection,
    session: sessions.Session,
    before: str,
    after: str,
    *,
    now: datetime,
    address: str,
    strictness: Strictness,
) -> tuple[str, str]:
    """Change one's own password: (token of a new session, ""), every older one has ended, or ("", why not).

    Guessing the old password at an unattended screen locks the person and ends the session, as at the sign-in.
    """
    person = session.person
    fault = judge_password(after, person.login)
    guessed = not fault and not is_right(people.hash_of(db, person.id), before)
    if guessed:
        fault = "原密码不正确。"
    if not fault and before == after:
        fault = "新密码不能与原密码相同。"
    with writing(db):
        outcome, login = journal.REFUSED if fault else journal.DONE, person.login
        if guessed and people.note_failure(db, person.id, now, strictness.lock_after, strictness.lock_minutes):
            sessions.end_all(db, person.id, now, "原密码连续输错")
        ended = 0 if fault else sessions.end_all(db, person.id, now, "修改密码")
        words = fault or f"结束{ended}个登录"
        journal.note(db, at=now, actor=login, act="修改密码", subject=login, detail=words, outcome=outcome, address=address)
        if fault:
            return "", fault
        people.set_password(db, person.id, after, now, must_change=False)
        return sessions.begin(db, person.id, now, address), ""


def make_first_administrator(db: sqlite3.Connection, now: datetime, login: str = FIRST_LOGIN) -> str | None:
    """On a database without people, add the system administrator; answers with the one-time password, None when people exist."""
    password = draw_password()
    with writing(db):
        if people.count(db):
            return None
        people.add(db, login=login, name="系统管理员", role=Role.SYSTEM, password=password, by="首次启动", now=now)
        journal.note(db, at=now, actor="首次启动", act="新增用户", subject=login, detail="系统管理员，一次性密码已在终端显示")
    return password
