"""Whatever the index has read so far, and whatever happened to it or to the database, the search stays right."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import search, search_file, search_index
from tests.storage.search_desk import CITY, OFFICE, ask, fill, found, index, make_city, publish, say, scan


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "matrix.db"


@pytest.fixture
def db(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(make_city(path)) as db:
        yield db


def test_a_changed_text_is_found_by_its_new_words_at_once_and_no_more_by_its_old_ones(db: sqlite3.Connection, path: Path) -> None:
    publish(db, 1, [("1", 0, "", "停水通知")])
    say(db, 1, [("1", 0, "停水了")])
    index(db)
    publish(db, 1, [("1", 0, "更正", "停电通知")], at=10)
    say(db, 1, [("1", 0, "停电了")], at=10)
    for _ in range(2):
        assert ask(path, "停电") == [("发布", 1), ("评论", 1)]
        assert ask(path, "更正") == [("发布", 1)]
        assert ask(path, "停水") == []
        index(db)
    assert search.index_state(db) == search.IndexState(True, 0, search.index_state(db).indexed_upto)


def test_a_comment_that_moves_to_another_account_moves_in_the_search(db: sqlite3.Connection, path: Path) -> None:
    say(db, 2, [("1", 0, "@停水")], at=0)
    publish(db, 1, [("1", 0, "", "通知")])
    index(db)
    db.execute("UPDATE comments SET channel = 'mention'")
    say(db, 1, [("1", 0, "@停水")], at=5, post="p1")
    for _ in range(2):
        assert ask(path, "停水", (OFFICE,)) == []
        assert ask(path, "停水") == [("评论", 1)]
        index(db)


def test_a_day_that_becomes_a_time_takes_its_place_in_the_order(db: sqlite3.Connection, path: Path) -> None:
    midnight = 16 * 60
    publish(db, 1, [("1", midnight, "", "停水甲"), ("2", midnight + 60, "", "停水乙")])
    index(db)
    publish(db, 1, [("1", midnight + 300, "", "停水甲")], at=5)
    for _ in range(2):
        assert ask(path, "停水") == [("发布", 1), ("发布", 2)]
        index(db)


def test_the_index_may_be_thrown_away_or_broken_at_any_time(db: sqlite3.Connection, path: Path) -> None:
    fill(db)
    index(db)
    file = search_file.path_beside(path)
    for spoil in (search_file.throw_away, lambda file: file.write_bytes(b"no database" * 1000)):
        search_file.throw_away(file) if spoil is not search_file.throw_away else None
        spoil(file)
        assert ask(path, "水") == scan(db, "水")
        assert not search.index_state(db).is_there
        assert index(db) == 8
        assert ask(path, "水") == scan(db, "水")
        assert search.index_state(db).is_there


@pytest.mark.parametrize(("portions", "remembered"), [(0, 10), (1, 10), (4, 10), (4, 0)])
def test_an_older_database_gets_no_hits_of_a_newer_index(
    db: sqlite3.Connection, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, portions: int, remembered: int
) -> None:
    monkeypatch.setattr(search_index, "REMEMBERED", remembered)
    fill(db)
    index(db)
    with closing(sqlite3.connect(tmp_path / "old.db")) as copy:
        db.backup(copy)
    for number in range(portions):
        say(db, 1, [(f"x{number}", 1, "停水新")])
        say(db, 1, [("1", 5, f"来水了{number}！")], at=10 + number)
        index(db)
    newer = tmp_path / "newer.db"
    with closing(sqlite3.connect(newer)) as copy:
        db.backup(copy)
    for file in ("old.db", "newer.db", "old.db"):
        with closing(sqlite3.connect(tmp_path / file)) as held:
            held.backup(db)
        say(db, 1, [(f"60{file}", 1, "停电"), (f"61{file}", 1, "停电")])
        for _ in range(2):
            for words in ("水", "停水", "停水 -通知", "来水", "停电", "停水两天"):
                assert ask(path, words) == scan(db, words), (file, words)
            index(db)
        assert search.index_state(db).waiting == 0


def test_a_database_of_yesterday_costs_only_what_came_since(db: sqlite3.Connection, tmp_path: Path) -> None:
    fill(db)
    index(db)
    with closing(sqlite3.connect(tmp_path / "old.db")) as copy:
        db.backup(copy)
    for number in range(3):
        say(db, 1, [(f"x{number}", 1, "停水新")])
        index(db)
    with closing(sqlite3.connect(tmp_path / "old.db")) as held:
        held.backup(db)
    say(db, 1, [("60", 1, "停电")])
    assert index(db) == 1
    assert found(db, "停") == scan(db, "停")


class Killed(BaseException):
    """What ends a pass from outside."""


def test_a_pass_killed_between_any_two_statements_is_made_good(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(make_city(path)) as db:
        fill(db)
        index(db, portion=3)
        say(db, 1, [("1", 5, "来水了！"), ("70", 9, "停水七"), ("71", 9, "停水八")], at=10)
        publish(db, 1, [("1", 0, "供水通知", "城东片区今晚供水")], at=10)
        names = ("settle", "take_back", "strike", "insert", "put_state", "write", "writing")
        for name in names:
            for after in (False, True):
                kill_in(monkeypatch, name, after, lambda: index(db, portion=1))
                assert ask(path, "水") == scan(db, "水"), name
                assert ask(path, "停水") == scan(db, "停水"), name
                say(
                    db, 1, [(f"{name}{after}", 11, f"停水{name}"), ("1", 5, f"来水{name}{after}")], at=20 + len(name) * 10 + after
                )
        index(db)
        assert ask(path, "水") == scan(db, "水")
        assert search.index_state(db).waiting == 0


def kill_in(monkeypatch: pytest.MonkeyPatch, name: str, after: bool, job: Callable[[], object]) -> None:
    """Run a job that dies on entering or on leaving one function of the index."""
    real = getattr(search_index, name)

    def dying(*args, **named):
        if after:
            real(*args, **named)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(search_index, name, dying)
        with suppress(Killed):
            job()


SIGNS = st.text(alphabet=st.sampled_from("投诉停水ａＡa1１🙏❤\ufe0f é\u0301ß.,，。\"-%*'\n\u200b㈱ｶﾞ"), max_size=12)
TEXT = SIGNS | st.text(max_size=12).map(lambda text: text.replace("\x00", "").encode("utf-8", "ignore").decode())


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(st.tuples(st.integers(1, 3), st.integers(0, 30_000), TEXT), min_size=1, max_size=8), data=st.data())
def test_any_part_of_any_text_is_found(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[int, int, str]], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("any") / "matrix.db"
    with closing(make_city(path)) as db:
        for step, (account, minutes, text) in enumerate(said):
            if step % 3 == 2:
                publish(db, account, [(str(step), minutes, text[:3], text)])
            else:
                say(db, account, [(str(step), minutes, text)])
            if data.draw(st.booleans()):
                index(db, portion=data.draw(st.integers(1, 4)))
            if data.draw(st.booleans()):
                say(db, 1, [("0", 0, data.draw(TEXT))], at=step + 1)
        text = data.draw(st.sampled_from([text for _, _, text in said]))
        start = data.draw(st.integers(0, len(text)))
        word = text[start : start + data.draw(st.integers(1, 5))]
        other = data.draw(st.sampled_from(["", " 水", " -水", " 停水", " -停水1"]))
        for words in (word + other, f'"{word}"{other}'):
            for scope, allowed in (((CITY,), (1, 2, 3)), ((OFFICE,), (2,))):
                expected = scan(db, words, allowed)
                assert ask(path, words, scope) == expected
                assert search.count(db, scope, words=words).number == len(expected)


def test_many_new_rows_are_merged_into_few_lists_and_the_answers_stay(
    db: sqlite3.Connection, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "MERGE_AFTER", 20)
    monkeypatch.setattr(search_index, "MERGE_PAGES", 1)
    say(db, 1, [(str(n), n, f"停水{n}" + "很长" * n) for n in range(60)])
    assert index(db, portion=10) == 60
    assert ask(path, "停水") == scan(db, "停水")
    with closing(search_file.open_index(search_file.path_beside(path))) as file:
        state = search_file.state_of(file)
    assert state is not None
    assert state.unmerged == 0
    assert search_index.keep_up(path, lambda: False, portions=1) == 0


def test_a_pass_with_few_portions_leaves_the_rest_for_the_next(db: sqlite3.Connection, path: Path) -> None:
    say(db, 1, [(str(n), n, "停水") for n in range(10)])
    assert search_index.catch_up(db, portion=3, portions=2) == 6
    assert search.index_state(db).waiting == 4
    assert ask(path, "停水") == scan(db, "停水")
    assert search_index.catch_up(db, lambda: True) == 0
    assert search_index.keep_up(path, lambda: False) == 4


def test_too_many_rows_that_wait_are_said(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    say(db, 1, [(str(n), n, "停水") for n in range(12)])
    monkeypatch.setattr("storage.search_rows.DIRECT", 5)
    page = search.find(db, (CITY,), words="停水")
    assert (len(page.rows), page.waiting, page.unread) == (5, 12, 7)
    assert not search.count(db, (CITY,), words="停水").is_exact
    index(db)
    page = search.find(db, (CITY,), words="停水")
    assert (len(page.rows), page.waiting, page.unread) == (12, 0, 0)
