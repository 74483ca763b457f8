"""What holds for every test: no outside network, no settings of the machine, no deadline on a shared one."""

import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from storage import database

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=50)
settings.register_profile("thorough", settings.get_profile("house"), max_examples=1000)
settings.load_profile("house")
"""`python3 run.py test --hypothesis-profile=thorough` looks twenty times as long where a test names no number of its own."""

step_by_step = database.create_database
"""How the product makes a database."""


@cache
def new_one() -> bytes:
    """A database that was made step by step, once."""
    return step_by_step(":memory:").serialize()


def create_database(path: Path | str) -> sqlite3.Connection:
    """The same for a place where nothing is yet, as a copy: hundreds of tests begin so. `test_conftest` holds them equal."""
    if str(path) == ":memory:" or not Path(path).exists():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        db = database._writer(path)
        with closing(sqlite3.connect(":memory:")) as source:
            source.deserialize(new_one())
            source.backup(db)
        return db
    return step_by_step(path)


vars(database)["create_database"] = create_database  # before any other module takes it over

LOOPBACK = ("127.", "::1", "localhost")


@pytest.fixture(autouse=True, scope="session")
def no_outside_network() -> Iterator[None]:
    """Only loopback and sockets of this machine may be reached; what is refused is a failure, not a wait."""
    real_connect = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(host).startswith(LOOPBACK):
            raise AssertionError(f"a test tried to reach {host}")
        real_connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", connect)
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def no_settings_of_this_machine() -> Iterator[None]:
    """MATRIX_ variables of whoever runs the tests must not change what they prove; pages show at once what a test has written."""
    patch = pytest.MonkeyPatch()
    for name in [name for name in os.environ if name.startswith("MATRIX_")]:
        patch.delenv(name)
    patch.setenv("MATRIX_CONSOLE_FRESH_SECONDS", "0")
    yield
    patch.undo()
