"""What the wall counts: the running day in Beijing, who waits, and nothing of units outside the scope."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from storage import drills, organizations, wall
from storage.database import create_database, writing
from tests import sample

NOW = datetime(2026, 3, 4, 7, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def city():
    with closing(create_database(":memory:")) as db:
        sample.fill(db, NOW)
        yield db


def test_today_begins_at_midnight_in_beijing(city) -> None:
    roots = organizations.roots(city)
    found = wall.today(city, roots, NOW)
    assert wall.midnight(NOW) == int(datetime(2026, 3, 3, 16, tzinfo=UTC).timestamp())
    since = {"since": wall.midnight(NOW)}
    assert found.posts == city.execute("SELECT count(*) FROM posts WHERE published_at >= :since", since).fetchone()[0] > 0
    assert found.comments == city.execute("SELECT count(*) FROM comments WHERE published_at >= :since", since).fetchone()[0]
    assert found.asked == city.execute("SELECT count(*) FROM responses WHERE asked_at >= :since", since).fetchone()[0]
    assert found.collected < found.watched


def test_who_waits_is_counted_with_the_oldest_and_the_late(city) -> None:
    roots = organizations.roots(city)
    before = wall.waiting(city, roots, NOW)
    assert before.count == before.unruled > 0
    with writing(city):
        city.execute(
            "UPDATE responses SET rule_id = 1, due_at = :due, known_until = :now WHERE answer_at IS NULL AND comment_id = "
            "(SELECT min(comment_id) FROM responses WHERE answer_at IS NULL)",
            {"due": int((NOW - timedelta(hours=1)).timestamp()), "now": int(NOW.timestamp())},
        )
    found = wall.waiting(city, roots, NOW)
    assert (found.overdue, found.unruled) == (1, before.unruled - 1)
    assert found.oldest_at == city.execute("SELECT min(asked_at) FROM responses WHERE answer_at IS NULL").fetchone()[0]


def test_whoever_sees_nothing_is_told_nothing(city) -> None:
    assert wall.today(city, (), NOW) == wall.Today()
    assert wall.waiting(city, (), NOW) == wall.Waiting()
    assert wall.desk(city, ()) == ""
    assert wall.desk(city, organizations.roots(city)) == "临江市"


def test_a_drill_takes_an_empty_database_only_and_again_its_own(city, tmp_path) -> None:
    with pytest.raises(drills.RealDataError), writing(city):
        drills.claim(city, "演练")
    path = tmp_path / "drill" / "a.db"
    drills.make_room(path)
    with closing(create_database(path)) as db, writing(db):
        drills.claim(db, "演练")
        organizations.add(db, code="1", name="甲市", parent_id=None, level="市级", seen_at=0)
        drills.claim(db, "演练")
        assert drills.prefix(db) == "【演练】"
    drills.make_room(path)
    assert not path.exists()
