"""What tests of cases do again and again: an act, an undo, a look, in a city in which eight citizens wait."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from bench.waiting_room import Room, open_room
from matrix.case import Act
from storage import cases, cases_judged, cases_queue, cases_view
from storage.database import create_database, open_writer, writing

NOW = datetime(2026, 3, 5, 2, 32, tzinfo=UTC)
"""10:32 in Beijing on a Thursday."""


def a_room() -> Room:
    """A city of its own, copied from the one that was furnished first."""
    room = furnish()
    db = open_writer(":memory:")
    room.db.backup(db)
    return replace(room, db=db, units=dict(room.units), accounts=dict(room.accounts), posts=dict(room.posts))


@cache
def furnish() -> Room:
    return open_room(create_database(":memory:"), int(NOW.timestamp()), 8, password="Linjiang-2026")


def do(room: Room, comment: int, act: Act, author: str = "wangfang", after: float = 0, step: int | None = 0, **rest: Any) -> int:
    with writing(room.db):
        now = NOW + timedelta(seconds=after)
        return cases_judged.act(room.db, room.scope, comment, act, author, now, step, **rest)


def undo(room: Room, step: int, author: str = "wangfang", after: float = 5) -> int:
    with writing(room.db):
        return cases_judged.undo(room.db, room.scope, step, author, NOW + timedelta(seconds=after))


def claim(room: Room, comment: int, author: str, after: float = 0, **rest: Any) -> cases.Claim:
    with writing(room.db):
        return cases.claim(room.db, room.scope, comment, author, NOW + timedelta(seconds=after), **rest)


def look(room: Room, comment: int, scope: tuple[int, ...] | None = None) -> cases_view.Case:
    found = cases_view.case(room.db, scope or room.scope, comment_id=comment, now=int(NOW.timestamp()))
    assert found is not None
    return found


def ids(room: Room, state: str = "待办", scope: tuple[int, ...] | None = None) -> list[int]:
    return cases_queue.queue(room.db, scope or room.scope, state=state)["comment_id"].tolist()


def rows(db: sqlite3.Connection) -> list[list[tuple]]:
    """All that an undo must restore."""
    tables = ("cases", "appeals", "responses", "corrections")
    return [db.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in tables]
