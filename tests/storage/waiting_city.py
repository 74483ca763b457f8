"""A city with a month of appeals, answered, open and unknown ones, under two rules and office hours that change."""

import random
import sqlite3
from datetime import UTC, datetime
from typing import Any

from matrix.account import Nature, Platform, Route
from matrix.rule import Rule, RuleClock, Term, Unit
from storage import accounts, office, organizations, rules
from storage.database import create_database, writing
from storage.office import Offices

DAY, HOUR = 86400, 3600
NOW = int(datetime(2026, 3, 11, 2, 30, tzinfo=UTC).timestamp())
"""Wednesday 10:30 in Beijing."""

SINCE = NOW - 30 * DAY
UNITS = (
    ("临江市", None, "市级"),
    ("水务局", "临江市", "部门"),
    ("青山县", "临江市", "县级"),
    ("城关镇", "青山县", "乡镇街道"),
    ("白水县", "临江市", "县级"),
)
ACCOUNTS = (
    *(("临江市", 1, "机构"), ("临江市", 2, "机构"), ("水务局", 1, "机构"), ("青山县", 1, "机构"), ("青山县", 2, "机构")),
    *(("城关镇", 1, "机构"), ("白水县", 1, "机构"), ("白水县", 1, "公职人员"), ("水务局", 2, "公职人员"), ("城关镇", 2, "机构")),
)
QUIET = 10
"""The last account is asked nothing."""

COLUMNS = (
    *(
        "comment_id",
        "account_id",
        "post_id",
        "kind",
        "asked_at",
        "seen_at",
        "first_id",
        "first_at",
        "first_seen_at",
        "first_working",
    ),
    *("answer_id", "answer_at", "answer_seen_at", "answer_working", "known_until", "rule_id", "due_at", "is_late", "derived_at"),
)
Row = dict[str, Any]


def a_city(size: int = 260, seed: int = 11) -> sqlite3.Connection:
    """Accounts 1 to 10 in five units (1 to 5), two rules, office hours that change on the way."""
    db, dice = create_database(":memory:"), random.Random(seed)
    start = datetime.fromtimestamp(SINCE - 100 * DAY, UTC)
    with writing(db):
        ids: dict[str | None, int | None] = {None: None}
        for number, (name, above, level) in enumerate(UNITS):
            ids[name] = organizations.add(db, code=str(number), name=name, parent_id=ids[above], level=level, seen_at=0)
        for number, (unit, platform, nature) in enumerate(ACCOUNTS):
            accounts.add(
                db,
                platform=Platform(platform),
                ext_id=f"60{number}",
                name=f"账号{number}",
                organization_id=ids[unit] or 0,
                nature=Nature(nature),
                route=Route.WEIBO_COMMERCIAL,
                seen_at=0,
            )
        organizations.rebuild_tree(db)
        for clock, unit in ((RuleClock.FIRST, 1), (RuleClock.ANSWER, 3)):
            rules.adopt(db, (1,), unit, Rule("两日", clock, {"其他": Term(2, Unit.DAYS)}), start, "测试", start)
        office.set_hours(db, (1,), 3, "09:00-12:00,14:00-17:00", start, "测试", start)
        changed = datetime.fromtimestamp(SINCE + 15 * DAY, UTC)
        office.set_hours(db, (1,), 3, "08:00-20:00", changed, "测试", changed)
        add_posts(db, dice)
    offices = Offices.load(db)
    for number in range(1, size + 1):
        insert(db, a_response(dice, number, offices))
    return db


def add_posts(db: sqlite3.Connection, dice: random.Random) -> None:
    """Three posts of each account; some platforms state no number."""
    for number in range(3 * len(ACCOUNTS)):
        db.execute(
            "INSERT INTO posts(id, platform, ext_id, account_id, kind, published_at, seen_at, observed_at, title, text, url, "
            "stated) VALUES(?, 1, ?, ?, 'original', ?, 0, 0, '通知', '', 'https://example.cn/p', ?)",
            (number + 1, f"p{number}", number // 3 + 1, SINCE + dice.randrange(-5, 29) * DAY, dice.choice([None, 0, 5, 12, 40])),
        )


def a_response(dice: random.Random, number: int, offices: Offices) -> Row:
    account = dice.choice([one for one in range(1, len(ACCOUNTS) + 1) if one != QUIET])
    asked = dice.choice([SINCE + dice.randrange(30 * DAY), NOW - dice.randrange(3 * DAY), SINCE - dice.randrange(1, 3 * DAY)])
    first = asked + dice.choice([0, 60, HOUR, 4 * HOUR, 24 * HOUR, dice.randrange(12 * HOUR), dice.randrange(9 * DAY)])
    first = first if dice.random() < 0.7 and first < NOW + DAY else None
    answer = None if first is None or dice.random() < 0.2 else first + dice.choice([0, 0, dice.randrange(5 * DAY)])
    clock = offices.clock(account, asked)
    row: Row = dict.fromkeys(COLUMNS)
    row |= {
        "comment_id": number,
        "account_id": account,
        "post_id": account * 3 - dice.randrange(3),
        "kind": "咨询",
        "derived_at": 0,
    }
    row |= {"asked_at": asked, "seen_at": asked + dice.randrange(2 * DAY)}
    for name, at in (("first", first), ("answer", answer)):
        if at is not None:
            worked = None if dice.random() < 0.03 else clock.between(asked, at)
            row |= {f"{name}_id": 10_000 + number, f"{name}_at": at, f"{name}_working": worked}
            row[f"{name}_seen_at"] = at + dice.randrange(2 * DAY)
    if dice.random() < 0.85:
        row["known_until"] = asked + dice.choice(
            [-HOUR, 0, HOUR, 30 * HOUR, 2 * DAY, NOW - asked, NOW - asked, dice.randrange(12 * DAY)]
        )
    if dice.random() < 0.9:
        row |= {"rule_id": dice.choice([1, 2]), "due_at": asked + 2 * DAY}
    return row


def insert(db: sqlite3.Connection, row: Row) -> None:
    """One fact with its comment and, where there is one, its answer."""
    with writing(db):
        for number, official, at in ((row["comment_id"], 0, row["asked_at"]), (row["first_id"], 1, row["first_at"])):
            if number is not None:
                db.execute(
                    "INSERT INTO comments(id, platform, ext_id, account_id, post_id, channel, author_key, author_name, "
                    "author_is_official, published_at, seen_at, observed_at, region, text) "
                    "VALUES(?, 1, ?, ?, ?, 'comment', 'u', '网友', ?, ?, ?, 0, '', ?)",
                    (number, f"c{number}", row["account_id"], row["post_id"], official, at, at, f"第{number}条"),
                )
                db.execute("UPDATE posts SET held = held + 1 WHERE id = ?", (row["post_id"],))
        marks = ", ".join(f":{name}" for name in COLUMNS)
        db.execute(f"INSERT INTO responses({', '.join(COLUMNS)}) VALUES({marks})", row)


def rows_of(db: sqlite3.Connection) -> list[Row]:
    found = db.execute(f"SELECT {', '.join(COLUMNS)} FROM responses").fetchall()
    return [dict(zip(COLUMNS, row, strict=True)) for row in found]
