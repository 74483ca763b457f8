"""The search finds what a full scan finds, in the same order, for each scope and filter."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage import search
from storage.database import open_database
from tests.storage.search_desk import CITY, OFFICE, WORDS, ask, fill, found, index, make_city, publish, say, scan


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "matrix.db"


@pytest.fixture
def db(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(make_city(path)) as db:
        yield db


def test_a_word_is_found_wherever_a_full_scan_finds_it(db: sqlite3.Connection, path: Path) -> None:
    fill(db)
    before = {words: ask(path, words) for words in WORDS}
    index(db)
    for words in WORDS:
        assert before[words] == ask(path, words) == scan(db, words), words
        assert search.count(db, (CITY,), words=words) == search.Tally(len(scan(db, words))), words
    assert len(scan(db, "水")) == 7


def test_a_hit_says_whose_it_is_when_and_where(db: sqlite3.Connection) -> None:
    publish(db, 2, [("9", 0, "公告", "检修")])
    say(db, 2, [("9", 5, "何时检修完？")], post="p9")
    index(db)
    rows = search.find(db, (CITY,), words="检修").rows
    assert rows["kind"].tolist() == ["评论", "发布"]
    assert rows["account"].tolist() == ["账号2", "账号2"]
    assert rows["organization"].tolist() == ["临江市水务局"] * 2
    assert rows["post_title"].tolist() == ["公告", ""]
    assert rows["author_name"].tolist() == ["某人", ""]
    assert rows["post_id"].tolist() == [1, 1]


def test_a_scope_shows_its_own_subtree_and_nothing_else(db: sqlite3.Connection) -> None:
    fill(db)
    for read in (0, 1):
        assert found(db, "水", (OFFICE,)) == scan(db, "水", allowed=[2])
        assert found(db, "水", ()) == []
        assert search.count(db, (), words="水").number == 0
        assert found(db, "水", (CITY,), organization_id=OFFICE) == scan(db, "水", allowed=[2])
        assert found(db, "水", (OFFICE,), organization_id=CITY) == scan(db, "水", allowed=[2])
        assert found(db, "水", (OFFICE,), account_id=1) == []
        assert found(db, "水", (CITY,), account_id=3, platform=1) == []
        assert found(db, "水", (CITY,), platform=2) == scan(db, "水", allowed=[3])
        assert read or index(db)


def test_kind_and_period_cut_exactly(db: sqlite3.Connection) -> None:
    fill(db)
    index(db)
    everything = search.find(db, (CITY,), words="水").rows
    times = sorted(everything["published_at"].tolist())
    for since in times:
        for until in times:
            rows = search.find(db, (CITY,), words="水", since=since, until=until).rows
            assert rows["published_at"].tolist() == [at for at in reversed(times) if since <= at < until]
    assert found(db, "水", kind="发布") == [hit for hit in scan(db, "水") if hit[0] == "发布"]
    assert found(db, "水", kind="评论") == [hit for hit in scan(db, "水") if hit[0] == "评论"]
    with pytest.raises(ValueError, match="没有“视频”这一类"):
        search.find(db, (CITY,), words="水", kind="视频")


@pytest.mark.parametrize("words", ["", "  ", "-水", '""', "\u200b", "“”", "-“水"])
def test_without_a_word_nothing_is_looked_for(db: sqlite3.Connection, words: str) -> None:
    fill(db)
    index(db)
    assert found(db, words) == scan(db, words) == []


@pytest.mark.parametrize(
    "words",
    ['"', "AND", "NOT OR", '水" OR "停', "水*", "token:水", "NEAR(水)", "(", "acc1", "post", "\x00水", "'; DROP TABLE posts"],
)
def test_what_people_type_is_never_a_command(db: sqlite3.Connection, words: str) -> None:
    fill(db)
    index(db)
    assert found(db, words) == scan(db, words)


def test_pages_join_without_a_gap_or_a_double(db: sqlite3.Connection) -> None:
    say(db, 1, [(str(n), n // 3, f"停水第{n}天") for n in range(40)])
    index(db, portion=7)
    for limit in (1, 3, 39, 40, 41):
        assert found(db, "停水", limit=limit) == scan(db, "停水"), limit
    first = search.find(db, (CITY,), words="停水", limit=40)
    assert first.more == ""
    with pytest.raises(ValueError, match="第一页"):
        search.find(db, (CITY,), words="停水", before="x")


def test_work_is_bounded_and_goes_on_from_where_it_stopped(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    say(db, 1, [(f"a{n}", n * 4000, "电停停水停电") for n in range(60)])
    say(db, 2, [("b", 0, "停水停电停")])
    index(db)
    monkeypatch.setattr("storage.search_page.MOST_WORK", 40)
    monkeypatch.setattr("storage.search_walk.FIRST_CHUNK", 8)
    page = search.find(db, (CITY,), words="停水停电停", limit=1)
    assert len(page.rows) == 0
    assert page.reached is not None
    assert found(db, "停水停电停", limit=3) == scan(db, "停水停电停")
    assert found(db, "停水", limit=3) == scan(db, "停水")
    assert not search.count(db, (CITY,), words="停水停电停").is_exact


def test_a_question_leaves_no_connection_open(db: sqlite3.Connection, path: Path) -> None:
    fill(db)
    index(db)
    opened: list[sqlite3.Connection] = []
    with closing(open_database(path)) as reader:
        real = search.open_index
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(search, "open_index", lambda file: opened.append(real(file)) or opened[-1])
            search.find(reader, (CITY,), words="水")
            search.count(reader, (CITY,), words="水")
    assert len(opened) == 2
    for connection in opened:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")
