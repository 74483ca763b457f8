"""A killed worker loses, damages and doubles nothing, and whoever checks that would notice if it did."""

import random
import shutil
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest

from bench.kill import Tally, finish, siege
from bench.kill_checks import committed, examine, invented, unlike
from bench.kill_city import City, city_of
from bench.kill_platforms import Size
from storage.database import open_writer, writing

KILLS = 2


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Generator[tuple[City, Tally]]:
    """A small city whose worker was killed a few times; then the rest came in, also without any killing."""
    tally = Tally()
    with city_of(7, Size(4, 1, 0.2), tmp_path_factory.mktemp("city")) as city:
        for _ in siege(city, tally, KILLS, random.Random(4), longest=0.2):  # a small city is soon collected
            pass
        finish(city, tally)
        yield city, tally


@pytest.fixture
def copy(besieged: tuple[City, Tally], tmp_path: Path) -> Path:
    """A database of its own that a test may spoil."""
    source = besieged[0].settings("siege").database.path
    for tail in ("", "-wal"):
        if Path(f"{source}{tail}").exists():
            shutil.copyfile(f"{source}{tail}", tmp_path / f"copy.db{tail}")
    return tmp_path / "copy.db"


def spoil(path: Path, *statements: str) -> None:
    with closing(open_writer(path)) as db, writing(db):
        for statement in statements:
            assert db.execute(statement).rowcount


def test_a_worker_killed_again_and_again_ends_like_one_that_was_never_killed(besieged: tuple[City, Tally]) -> None:
    _, tally = besieged
    assert tally.faults == []
    assert tally.kills == KILLS
    assert tally.interrupted > 0, "it was killed while it collected"
    assert tally.rows > 100


def test_a_lost_row_would_be_noticed(besieged: tuple[City, Tally], copy: Path) -> None:
    before = committed(copy)
    spoil(copy, "DELETE FROM cursors WHERE account_id = 1 AND name = (SELECT min(name) FROM cursors WHERE account_id = 1)")
    assert examine(copy, copy.with_name("look.db"), before, set()).lost == 0
    spoil(copy, "DELETE FROM coverage WHERE checked_at = (SELECT max(checked_at) FROM coverage)")
    assert examine(copy, copy.with_name("look.db"), before, set()).lost > 0


def test_a_sum_beside_the_facts_would_be_noticed(copy: Path) -> None:
    assert examine(copy, copy.with_name("look.db"), {}, set()).sums_apart == 0
    # One bucket too many and one too few: the totals agree and the rows do not.
    spoil(
        copy,
        "UPDATE bucket5 SET n = n + 1 WHERE (b5, account_id) = (SELECT b5, account_id FROM bucket5 ORDER BY b5 LIMIT 1)",
        "UPDATE bucket5 SET n = n - 1 WHERE (b5, account_id) = (SELECT b5, account_id FROM bucket5 ORDER BY b5 DESC LIMIT 1)",
    )
    assert examine(copy, copy.with_name("look.db"), {}, set()).sums_apart == 1


def test_a_comment_that_came_twice_would_be_noticed(besieged: tuple[City, Tally], copy: Path) -> None:
    spoil(
        copy,
        "INSERT INTO comments(platform, ext_id, account_id, post_id, channel, author_key, author_name, author_is_official, "
        "published_at, seen_at, observed_at, region, text) SELECT platform, '77', account_id, post_id, channel, author_key, "
        "author_name, author_is_official, published_at, seen_at, observed_at, region, text FROM comments WHERE id = 1",
    )
    city, _ = besieged
    found = examine(copy, copy.with_name("look.db"), {}, city.truth())
    assert found.doubled == 1 and "77" in found.sentences[-1]
    assert invented(copy, city.truth()) == ["城市中没有 77"]


def test_a_cursor_ahead_of_its_rows_would_be_noticed(besieged: tuple[City, Tally], copy: Path) -> None:
    city, _ = besieged
    clean = city.settings("clean").database.path
    assert unlike(copy, clean) == []
    spoil(copy, "UPDATE posts SET text = 'another' WHERE id = 1")
    assert len(unlike(copy, clean)) == 2
