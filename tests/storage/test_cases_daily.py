"""The daily book equals a slow calculation, adds up on every day, and opens the rows behind each number."""

import random
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from bench.waiting_room import ACCOUNTS, Room, open_room
from matrix.case import Act, RefusedError
from storage import cases_daily
from storage.cases_daily import PARTS, daily, daily_rows
from storage.database import create_database, writing
from storage.moments import OFFSET, beijing_day
from tests.storage.cases_desk import NOW, do, look, undo

SETTLED = {"办结", "无需回复", "已另行回应"}
TODAY = beijing_day(int(NOW.timestamp()))


def make_city(db: sqlite3.Connection, seed: int) -> Room:
    """Matters over 45 days: answered early, late or never, some moved by people, some of it undone."""
    dice = random.Random(seed)
    room = open_room(db, int(NOW.timestamp()), password="Linjiang-2026")
    with writing(db):
        asked = []
        for place in range(90):
            ago = dice.uniform(0, 45 * 24)
            under = dice.choice(ACCOUNTS)[0]
            asked.append(room.ask(f"第{place}问", ago, under=under, author=f"c{place}"))
            if dice.random() < 0.3:
                wait = dice.choice([2, 30, 100, 400])
                if ago > wait:
                    nature = dice.choice(["实质答复", "程式化回复"])
                    asked.append(room.answer(asked[-1], ago - wait, official=under, nature=nature))
        room.settle(asked)
    for comment in [number for number in asked if dice.random() < 0.5]:
        for at in sorted(-dice.uniform(0, 20 * 86400) for _ in range(dice.randint(1, 6))):
            act = dice.choice([Act.CONFIRM, Act.DISMISS, Act.REPLY, Act.VERIFY, Act.REOPEN, Act.REOPEN, Act.NOTE])
            try:
                step = do(room, comment, act, after=at, step=None, why="原因")
                if dice.random() < 0.2:
                    undo(room, step, after=at)
            except RefusedError:
                continue
    with writing(db):  # last, because acts derive their threads anew
        db.execute("UPDATE responses SET known_until = asked_at + 86400 * 2 WHERE comment_id % 7 = 0")
        db.execute("UPDATE responses SET known_until = NULL WHERE comment_id % 11 = 0")
        db.execute("UPDATE responses SET rule_id = NULL, due_at = NULL WHERE comment_id % 5 = 0")
    return room


def state_at(db: sqlite3.Connection, comment: int, answer: int | None, end: int) -> bool:
    """Whether a matter was open just before a moment, by its steps one by one."""
    undone = {row[0] for row in db.execute("SELECT undoes FROM case_steps WHERE undoes IS NOT NULL")}
    is_open = answer is None or answer >= end
    for step, act, at, state in db.execute(
        "SELECT id, act, at, state FROM case_steps WHERE comment_id = :id ORDER BY id", {"id": comment}
    ):
        if step not in undone and act != "撤销" and at < end:
            is_open = state not in SETTLED
    return is_open


def slowly(db: sqlite3.Connection, first: int, last: int) -> dict[tuple[int, int], dict[str, int]]:
    """The book, matter by matter and day by day."""
    now = int(NOW.timestamp())
    found: dict[tuple[int, int], dict[str, int]] = {}
    rows = db.execute(
        "SELECT r.comment_id, r.asked_at, r.answer_at, r.due_at, r.known_until, a.organization_id FROM responses r "
        "JOIN accounts a ON a.id = r.account_id"
    ).fetchall()
    for comment, asked, answer, due, known, unit in rows:
        for day in range(first, last + 1):
            end, start = min((day + 1) * 86400 - OFFSET, now), day * 86400 - OFFSET
            age = day - beijing_day(asked)
            if asked >= end or age > 30:
                continue
            was_open = asked < start and state_at(db, comment, answer, start)
            is_open = state_at(db, comment, answer, end)
            sums = found.setdefault((day, unit), dict.fromkeys(PARTS, 0))
            is_answered = answer is not None and answer < end
            past = due is not None and due < end and not is_answered
            carried = is_open and age < 30
            sums["brought"] += was_open
            sums["received"] += age == 0
            sums["settled"] += (was_open or age == 0) and not is_open
            sums["reopened"] += carried and age > 0 and not was_open
            sums["aged"] += was_open and is_open and age == 30
            sums["carried"] += carried
            sums["overdue"] += carried and past and known is not None and known >= due
            sums["unknown"] += carried and not is_answered and (known is None or (past and known < due))
    return {key: sums for key, sums in found.items() if any(sums.values())}


@pytest.mark.parametrize("seed", [1, 2])
def test_the_book_equals_a_slow_calculation_and_adds_up(seed: int) -> None:
    with closing(create_database(":memory:")) as db:
        room = make_city(db, seed)
        now = int(NOW.timestamp())
        frame = daily(db, room.scope, since=(TODAY - 9) * 86400 - OFFSET, until=now, now=now)
        fast = {(row["day"], row["organization_id"]): {part: row[part] for part in PARTS} for row in frame.to_dict("records")}
        assert fast == slowly(db, TODAY - 9, TODAY)
        assert (frame.brought + frame.received + frame.reopened - frame.settled - frame.aged == frame.carried).all()
        sums = frame.groupby("day")[list(PARTS)].sum()
        assert sums["carried"].tolist()[:-1] == sums["brought"].tolist()[1:], "what is carried over is brought the day after"
        assert min(sums[part].sum() for part in PARTS) > 0, "every part occurs"
        for part in PARTS:
            rows = daily_rows(db, room.scope, day=TODAY - 1, part=part, now=now)
            assert len(rows) == sums.loc[TODAY - 1, part]
        county = room.units["青山县"]
        mine = daily(db, (county,), since=now - 86400, until=now, now=now)
        assert set(mine["organization_id"]) <= {county, room.units["青山县城关镇"]}
        assert daily(db, room.scope, since=now - 86400, until=now, now=now, organization_id=county).equals(mine)
        assert daily(db, (county,), since=now - 86400, until=now, now=now, organization_id=1).empty


def test_what_a_person_settles_is_settled_on_that_day_and_an_undone_act_on_none() -> None:
    with closing(create_database(":memory:")) as db:
        room = open_room(db, int(NOW.timestamp()), 4)
        now = int(NOW.timestamp())

        def today() -> list[int]:
            frame = daily(db, room.scope, since=TODAY * 86400 - OFFSET, until=now + 60, now=now + 60)
            return [int(frame[part].sum()) for part in ("brought", "received", "settled", "carried")]

        before = today()
        step = do(room, 1, Act.DISMISS)
        assert today() == [before[0], before[1], 1, before[3] - 1]
        undo(room, step)
        assert today() == before
        assert look(room, 1).state == "待办"


def test_an_empty_scope_an_empty_city_and_a_period_that_is_too_long() -> None:
    with closing(create_database(":memory:")) as db:
        room = open_room(db, int(NOW.timestamp()))
        now = int(NOW.timestamp())
        assert daily(db, (), since=now - 86400, until=now, now=now).empty
        assert daily_rows(db, (), day=TODAY, part="received", now=now).empty
        assert daily_rows(db, room.scope, day=TODAY, part="nonsense", now=now).empty
        empty = daily(db, room.scope, since=now - 86400, until=now, now=now)
        assert list(empty.columns) == cases_daily.COLUMNS
        assert empty.empty
        with pytest.raises(ValueError, match="请缩短时段"):
            daily(db, room.scope, since=now - 200 * 86400, until=now, now=now)
        assert cases_daily.days_of(int(datetime(2026, 3, 4, 16, tzinfo=UTC).timestamp()), now) == (TODAY, 1)
