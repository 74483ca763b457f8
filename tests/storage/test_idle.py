"""Connections that are kept between questions show what is there now, also after the file was replaced."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from storage import idle
from storage.database import create_database, open_writer, writing
from storage.idle import reading


def named(path: Path) -> list[str]:
    with reading(path) as db:
        return [row[0] for row in db.execute("SELECT name FROM organizations ORDER BY id").fetchall()]


def name(path: Path, number: int, words: str) -> None:
    with closing(open_writer(path)) as db, writing(db):
        db.execute(
            "INSERT INTO organizations(code, name, level, seen_at) VALUES(:code, :name, '市级', 0)",
            {"code": str(number), "name": words},
        )


def test_a_kept_connection_sees_what_was_written_since(tmp_path: Path) -> None:
    create_database(tmp_path / "m.db").close()
    assert named(tmp_path / "m.db") == []
    name(tmp_path / "m.db", 1, "临江市")
    assert named(tmp_path / "m.db") == ["临江市"]


def test_a_database_that_took_the_place_of_another_is_opened_anew(tmp_path: Path) -> None:
    for number, words in enumerate(("旧库", "新库")):
        create_database(tmp_path / f"{number}.db").close()
        name(tmp_path / f"{number}.db", 1, words)
    assert named(tmp_path / "0.db") == ["旧库"]
    with closing(sqlite3.connect(tmp_path / "1.db")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for rest in ("-wal", "-shm"):
        (tmp_path / f"0.db{rest}").unlink(missing_ok=True)
    (tmp_path / "1.db").replace(tmp_path / "0.db")
    assert named(tmp_path / "0.db") == ["新库"]


def test_many_threads_ask_at_once_and_few_connections_are_kept(tmp_path: Path) -> None:
    create_database(tmp_path / "m.db").close()
    name(tmp_path / "m.db", 1, "临江市")
    with ThreadPoolExecutor(12) as pool:
        assert set(map(tuple, pool.map(lambda _: named(tmp_path / "m.db"), range(200)))) == {("临江市",)}
    assert len(idle._idle) <= idle.MOST_IDLE


def test_nobody_writes_through_it_and_a_failed_question_leaves_none_behind(tmp_path: Path) -> None:
    create_database(tmp_path / "m.db").close()
    with pytest.raises(sqlite3.OperationalError), reading(tmp_path / "m.db") as db:
        db.execute("DELETE FROM organizations")
    assert named(tmp_path / "m.db") == []
