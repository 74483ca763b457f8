"""What a watch learned and did: counted by what was held at its changes, each thing in one watch and in none twice."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from matrix.account import Platform
from matrix.case import Act
from matrix.comment import Comment
from matrix.post import Post
from matrix.run import Batch
from matrix.shift import ShiftAct
from storage import batches, cases, organizations, shifts
from storage.database import create_database, writing
from storage.understanding import understand
from tests import sample
from worker import READERS

NOW = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(create_database(":memory:")) as held:
        sample.fill(held, NOW)
        yield held


def account(db: sqlite3.Connection, name: str) -> int:
    sql = "SELECT id FROM accounts WHERE name = ? AND platform = ?"
    return int(db.execute(sql, (name, int(Platform.WEIBO))).fetchone()[0])


def change(db: sqlite3.Connection, desk: int, act: ShiftAct, who: str, at: datetime) -> None:
    with writing(db):
        shifts.change(db, organizations.roots(db), desk, act, "", who, who, at)


def arrive(db: sqlite3.Connection, name: str, key: str, published: datetime, seen: datetime) -> None:
    """One post with an appeal below it, learned of at `seen`, whenever it was published."""
    said = Comment(f"{key}c", key, published, "路灯坏了半个月没人修，谁来管管？", "u1", "市民")
    batch = Batch(seen, posts=(Post(key, published, "通知"),), comments=(said,))
    batches.save(db, account(db, name), int(Platform.WEIBO), batch, sample.RING, seen)
    while understand(db, READERS, seen):
        pass


def test_what_comes_late_belongs_to_the_watch_that_learned_of_it_and_to_no_other(db: sqlite3.Connection) -> None:
    scope = organizations.roots(db)
    desk = scope[0]
    moments = [NOW + timedelta(hours=8 * number) for number in range(4)]
    change(db, desk, ShiftAct.TAKE, "li", moments[0])
    arrive(db, "临江发布", "a", moments[0] - timedelta(days=3), moments[0] + timedelta(hours=1))
    change(db, desk, ShiftAct.TAKE, "wang", moments[1])
    arrive(db, "临江发布", "b", moments[1] + timedelta(minutes=5), moments[1] + timedelta(hours=1))
    arrive(db, "青山发布", "c", moments[0], moments[1] + timedelta(hours=2))
    change(db, desk, ShiftAct.TAKE, "li", moments[2])
    seen = shifts.changes_of(db, desk)
    counts = [shifts.came(db, scope, after, until, 0) for after, until in pairwise(seen)]
    counts.append(shifts.came(db, scope, seen[-1], None, int(moments[3].timestamp())))
    assert [one.posts for one in counts] == [1, 2, 0]
    assert [one.comments for one in counts] == [1, 2, 0]
    assert [one.appeals for one in counts] == [1, 2, 0]


def test_a_desk_counts_what_lies_below_it_also_for_those_who_see_more(db: sqlite3.Connection) -> None:
    scope = organizations.roots(db)
    county = int(db.execute("SELECT id FROM organizations WHERE name = '青山县'").fetchone()[0])
    change(db, county, ShiftAct.TAKE, "li", NOW)
    arrive(db, "临江发布", "a", NOW, NOW + timedelta(hours=1))
    arrive(db, "青山发布", "b", NOW, NOW + timedelta(hours=1))
    begin = shifts.changes_of(db, county)[0]
    later = int((NOW + timedelta(hours=2)).timestamp())
    assert shifts.came(db, scope, begin, None, later, county).posts == 1
    assert shifts.came(db, (county,), begin, None, later, county).posts == 1
    assert shifts.came(db, scope, begin, None, later).posts == 2


def test_the_first_page_says_as_many_steps_as_the_log_has_rows(db: sqlite3.Connection) -> None:
    scope = organizations.roots(db)
    change(db, scope[0], ShiftAct.TAKE, "li", NOW)
    open_ones = [row[0] for row in db.execute("SELECT comment_id FROM responses WHERE first_at IS NULL")]
    for number, comment in enumerate(open_ones):
        with writing(db):
            cases.act(db, scope, comment, Act.CONFIRM, "zhiban", NOW + timedelta(minutes=number, seconds=30), expected_step=0)
    begin, now = shifts.changes_of(db, scope[0])[0], int((NOW + timedelta(minutes=len(open_ones) - 1)).timestamp())
    told = shifts.came(db, scope, begin, None, now).steps
    assert told == len(shifts.steps(db, scope, begin.at, now + 60)) == len(open_ones) > 1
