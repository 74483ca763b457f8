"""Citizens' questions for tests of response times: written as facts, the way the pass that reads leaves them."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from matrix.account import Nature
from storage import rules
from storage.batches import bump_version
from storage.database import open_writer, writing
from tests import serving
from tests.sample import CITIZEN, PHONE

CITY, COUNTY, PERSON, RARE = 1, 5, 7, 3
"""Accounts of the sample: 临江发布, 青山发布, 健康青山 (made a person's here) and 临江水务."""

READ_BY, ANSWERED_BY = "诉求规则2026.1", "回复规则2026.2"


@dataclass(frozen=True, slots=True)
class Asked:
    """One matter: hours before now, and hours until each answer (None: none yet); not `is_known` is 情况不明."""

    account: int
    ago: float
    first: float | None = None
    answer: float | None = None
    kind: str = "咨询"
    text: str = f"家里停水两天了,什么时候来水?电话{PHONE}"
    is_known: bool = True
    due: float | None = None
    rule_id: int | None = None
    mood: str = ""


def matters() -> list[Asked]:
    """Forty of the city, twelve of the county, eleven of a person, three of a bureau; some unknown, some late."""
    asked = [Asked(CITY, 100 + hour, hour / 2, hour, due=48) for hour in range(30)]
    asked += [Asked(CITY, 200 + hour, None, due=48) for hour in range(6)]
    asked += [Asked(CITY, 300 + hour, is_known=False, kind="举报") for hour in range(4)]
    asked += [Asked(COUNTY, 150 + hour, 0.5, None if hour % 2 else 0.5) for hour in range(12)]
    asked += [Asked(PERSON, 130 + hour, 3.0, 3.0) for hour in range(11)]
    return asked + [Asked(RARE, 140 + hour, 1.0, 1.0) for hour in range(3)]


def make_city(folder: Path, *, is_ruled: bool = False) -> Path:
    """The sample city with exactly these matters; `is_ruled`: they have due times, else nobody has chosen a rule."""
    path, now = serving.make_world(folder, True), datetime.now(UTC)
    with closing(open_writer(path)) as db:
        with writing(db):
            db.execute("DELETE FROM responses")
            db.execute("UPDATE accounts SET nature = :nature WHERE id = :id", {"nature": Nature.OFFICIAL_PERSON, "id": PERSON})
            rule = rules.adopt(db, (1,), 1, rules.presets()[0], now - timedelta(days=60), "zhuguan", now) if is_ruled else None
        rows = [replace(one, rule_id=rule if one.due else None, due=one.due if is_ruled else None) for one in matters()]
        put(db, now, rows)
    return path


def put(db: sqlite3.Connection, now: datetime, matters: list[Asked], first_id: int = 500_000) -> list[int]:
    """Write them below no post; answers with their ids. `due` is hours after the question."""
    end, ids = int(now.timestamp()), []
    with writing(db):
        for number, one in enumerate(matters):
            ids.append(_put_one(db, end, first_id + 10 * number, one))
        bump_version(db)
    return ids


def _put_one(db: sqlite3.Connection, end: int, comment: int, one: Asked) -> int:
    asked = end - int(one.ago * 3600)
    _say(db, comment, one.account, asked, one.text, 0, 1)
    db.execute(
        "INSERT INTO appeals(comment_id, kind, score, markers, read_by, read_at) VALUES(:id, :kind, 0.9, '', :by, :at)",
        {"id": comment, "kind": one.kind, "by": READ_BY, "at": end},
    )
    values: dict[str, object] = {
        "id": comment,
        "account": one.account,
        "kind": one.kind,
        "asked": asked,
        "known": end if one.is_known else None,
        "rule": one.rule_id,
        "due": None if one.due is None else asked + int(one.due * 3600),
        "mood": one.mood,
    }
    for place, (name, hours) in enumerate((("first", one.first), ("answer", one.answer)), 1):
        at = None if hours is None else asked + int(hours * 3600)
        values |= {f"{name}_at": at, f"{name}_id": None if at is None else comment + place}
        values[f"{name}_working"] = None if hours is None else int(hours * 1200)
        if at is not None:
            words = "您好,已收悉,感谢关注。" if name == "first" and one.answer != one.first else "预计今晚8时恢复供水。"
            _say(db, comment + place, one.account, at, words, 1, 2, f"{comment}")
            db.execute(
                "INSERT INTO replies(comment_id, account_id, day, text_key, nature, read_nature, reasons, score, read_by,"
                " read_at) VALUES(:id, :account, 0, 'x', '实质答复', '实质答复', '', 0.9, :by, :at)",
                {"id": comment + place, "account": one.account, "by": ANSWERED_BY, "at": at},
            )
    db.execute(
        "INSERT INTO responses(comment_id, account_id, kind, asked_at, seen_at, first_id, first_at, first_seen_at, first_working,"
        " answer_id, answer_at, answer_seen_at, answer_working, known_until, rule_id, due_at, mood, derived_at)"
        " VALUES(:id, :account, :kind, :asked, :asked, :first_id, :first_at, :first_at, :first_working,"
        " :answer_id, :answer_at, :answer_at, :answer_working, :known, :rule, :due, :mood, :asked)",
        values,
    )
    return comment


def _say(
    db: sqlite3.Connection, comment: int, account: int, at: int, text: str, is_official: int, kind: int, parent: str | None = None
) -> None:
    db.execute(
        "INSERT INTO comments(id, platform, ext_id, account_id, channel, parent_ext, root_ext, author_key, author_name,"
        " author_account_id, author_is_official, published_at, seen_at, observed_at, likes, region, text, kind)"
        " VALUES(:id, 1, :ext, :account, 'comment', :parent, :parent, :key, :name, :author, :official, :at, :at, :at, 0, '临江',"
        " :text, :kind)",
        {
            "id": comment,
            "ext": str(comment),
            "account": account,
            "parent": parent,
            "key": f"k{comment}",
            "name": "官方" if is_official else CITIZEN,
            "author": account if is_official else None,
            "official": is_official,
            "at": at,
            "text": text,
            "kind": kind,
        },
    )
