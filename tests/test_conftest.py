"""The guards that every test runs under."""

import socket
import sqlite3
from pathlib import Path

import pytest

from tests.conftest import create_database, step_by_step


def test_a_test_cannot_reach_the_outside() -> None:
    with socket.socket() as line, pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        line.connect(("192.0.2.1", 80))


def test_a_copied_database_is_like_one_that_was_made_step_by_step(tmp_path: Path) -> None:
    def told(db: sqlite3.Connection) -> list[str]:
        pragmas = [str(db.execute(f"PRAGMA {name}").fetchone()) for name in ("journal_mode", "foreign_keys", "page_size")]
        return [*pragmas, *(line for line in db.iterdump() if "_sqlite_migrations" not in line or "CREATE" in line)]

    for name in (":memory:", "file"):
        places = [name if name == ":memory:" else str(tmp_path / f"{number}.db") for number in range(2)]
        assert told(create_database(places[0])) == told(step_by_step(places[1]))
