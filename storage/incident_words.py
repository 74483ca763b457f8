"""Official words of an incident: found by the system, entered with evidence, decided by a person."""

import sqlite3
from datetime import datetime

import pandas as pd

from matrix.case import RefusedError
from matrix.incident import Verdict, WordKind
from storage.batches import bump_version
from storage.incident_acts import checked
from storage.incident_write import Author, find, look_again
from storage.moments import to_seconds
from storage.scope import Scope, accounts_in, organizations_in

SYSTEM = "system"
SYSTEM_NAME = "系统"
WORDS = ["word_id", "kind", "post_id", "account_id", "speaker", "title", "link", "said_at", "seen_at", "score", "by_name",
         "verdict", "is_bulletin", "decided_at", "decided_by", "why"]  # fmt: skip
LONGEST = 200


def enter_word(
    db: sqlite3.Connection,
    scope: Scope,
    incident_id: int,
    kind: WordKind,
    speaker: str,
    title: str,
    link: str,
    said_at: int,
    login: str,
    name: str,
    now: datetime,
    post_id: int | None = None,
    is_bulletin: bool = False,
) -> int:
    """Enter an official word with its evidence, inside `writing()`; it counts as confirmed by who enters it. Gives its id.

    Evidence is a post of the matrix or a link; a press conference without either is refused, because it alone stops the
    clock of 24 hours.
    """
    by = Author(login, name, to_seconds(now))
    held = find(db, scope, incident_id)
    link, speaker, title = link.strip(), checked(speaker, "发声单位或账号")[:LONGEST], checked(title, "标题")[:LONGEST]
    if link and not link.startswith(("http://", "https://")):
        raise RefusedError("链接须以 http:// 或 https:// 开头，请从浏览器地址栏复制。")
    if kind == WordKind.CONFERENCE and not link and post_id is None:
        raise RefusedError("新闻发布会须附报道或实录的链接，没有依据不能停止24小时时限。")
    if said_at > by.at:
        raise RefusedError("发布时间在当前时间之后；请在发布之后登记。")
    if held.occurred_at is not None and said_at < held.occurred_at:
        raise RefusedError("发布时间早于事件发生时间，请核对这两个时间。")
    if post_id is not None:
        check_post(db, scope, post_id)
        known = db.execute(
            "SELECT id FROM incident_words WHERE incident_id = :incident AND post_id = :post",
            {"incident": incident_id, "post": post_id},
        ).fetchone()
        if known is not None:
            decide(db, scope, incident_id, int(known[0]), Verdict.CONFIRMED, kind, "", login, name, now, is_bulletin=is_bulletin)
            return int(known[0])
    word_id = write_word(db, incident_id, kind, post_id, speaker, title, link, said_at, None, by)
    write_decision(db, incident_id, word_id, Verdict.CONFIRMED, kind, by, is_bulletin=is_bulletin)
    bump_version(db)
    return word_id


def check_post(db: sqlite3.Connection, scope: Scope, post_id: int) -> None:
    mine, values = accounts_in(scope, "p.account_id")
    if db.execute(f"SELECT 1 FROM posts p WHERE p.id = :id AND {mine}", values | {"id": post_id}).fetchone() is None:
        raise PermissionError("这条发布内容不在您的权限范围内。")


def write_word(
    db: sqlite3.Connection,
    incident_id: int,
    kind: str,
    post_id: int | None,
    speaker: str,
    title: str,
    link: str,
    said_at: int,
    score: float | None,
    by: Author,
) -> int:
    row = db.execute(
        "INSERT INTO incident_words(incident_id, kind, post_id, speaker, title, link, said_at, seen_at, score, by_login, "
        "by_name) VALUES(:incident, :kind, :post, :speaker, :title, :link, :said, :at, :score, :login, :name) RETURNING id",
        by.values
        | {
            "incident": incident_id,
            "kind": str(kind),
            "post": post_id,
            "speaker": speaker,
            "title": title,
            "link": link,
            "said": said_at,
            "score": score,
        },
    ).fetchone()
    return int(row[0])


def write_decision(
    db: sqlite3.Connection,
    incident_id: int,
    word_id: int,
    verdict: Verdict,
    kind: str,
    by: Author,
    why: str = "",
    *,
    is_bulletin: bool = False,
) -> None:
    look_again(db, incident_id)
    db.execute(
        "INSERT INTO incident_decisions(word_id, verdict, kind, is_bulletin, why, at, by_login, by_name) "
        "VALUES(:word, :verdict, :kind, :bulletin, :why, :at, :login, :name)",
        by.values
        | {"word": word_id, "verdict": verdict.value, "kind": str(kind), "bulletin": int(is_bulletin), "why": why.strip()},
    )


def decide(
    db: sqlite3.Connection,
    scope: Scope,
    incident_id: int,
    word_id: int,
    verdict: Verdict,
    kind: WordKind,
    why: str,
    login: str,
    name: str,
    now: datetime,
    is_bulletin: bool = False,
) -> None:
    """Confirm an official word, say that it is none, or take either back (待确认), inside `writing()`; each is a row.

    `is_bulletin`: it is the 通报 whose carrying by the matrix is watched; only a post can be one.
    """
    find(db, scope, incident_id)
    key = {"word": word_id, "incident": incident_id}
    row = db.execute("SELECT post_id, link FROM incident_words WHERE id = :word AND incident_id = :incident", key).fetchone()
    if row is None:
        raise RefusedError("找不到这条官方发声。")
    if is_bulletin and row[0] is None:
        raise RefusedError("只有矩阵账号的发布内容可以选为通报。")
    if verdict == Verdict.CONFIRMED and kind == WordKind.CONFERENCE and row[0] is None and not row[1]:
        raise RefusedError("新闻发布会须有链接作为依据。")
    by = Author(login, name, to_seconds(now))
    write_decision(db, incident_id, word_id, Verdict(verdict), WordKind(kind), by, why, is_bulletin=is_bulletin)
    bump_version(db)


def words(db: sqlite3.Connection, scope: Scope, incident_id: int, as_of: int) -> pd.DataFrame:
    """The official words of an incident as they were known and decided at `as_of`, the earliest said first.

    A post outside the scope is left out.
    """
    mine, values = organizations_in(scope, "i.organization_id")
    seen, _ = accounts_in(scope, "p.account_id")
    rows = db.execute(
        "SELECT w.id, coalesce(d.kind, w.kind), w.post_id, p.account_id, w.speaker, w.title, "
        "CASE WHEN w.link = '' THEN coalesce(p.url, '') ELSE w.link END, w.said_at, w.seen_at, w.score, w.by_name, "
        "coalesce(d.verdict, :waiting), coalesce(d.is_bulletin, 0), d.at, coalesce(d.by_name, ''), coalesce(d.why, '') "
        "FROM incident_words w JOIN incidents i ON i.id = w.incident_id LEFT JOIN posts p ON p.id = w.post_id "
        "LEFT JOIN incident_decisions d ON d.id = (SELECT max(x.id) FROM incident_decisions x WHERE x.word_id = w.id "
        f"AND x.at <= :as_of) WHERE w.incident_id = :id AND w.seen_at <= :as_of AND {mine} "
        f"AND (w.post_id IS NULL OR {seen}) ORDER BY w.said_at, w.id",
        values | {"id": incident_id, "as_of": as_of, "waiting": Verdict.WAITING.value},
    ).fetchall()
    return pd.DataFrame(rows, columns=pd.Index(WORDS), dtype=object)
