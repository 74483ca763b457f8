"""Starts the real console on a free port, as its own process, on a database that a test has made."""

import os
import signal
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher

import settings as site
from storage import passwords, people, sessions
from storage.database import create_database, open_writer, writing
from tests import sample
from tests.sources import ROOT
from ui.credentials import cookie_name

QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
"""Weak on purpose: tests prove what a password opens, not how long it withstands."""


def make_world(folder: Path, is_filled: bool) -> Path:
    """A database with one person of each role; filled, it also holds the sample city."""
    path, now = folder / "m.db", datetime.now(UTC)
    with closing(create_database(path)) as db, pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", QUICK)
        sample.add_people(db, now, sample.fill(db, now) if is_filled else {})
    return path


def open_session(path: Path, login: str, at: datetime | None = None) -> str:
    """A token as the sign-in would give it."""
    with closing(open_writer(path)) as db, writing(db):
        person = people.find(db, login)
        assert person is not None
        return sessions.begin(db, person.id, at or datetime.now(UTC), "127.0.0.1")


@dataclass
class Served:
    """A console that answers."""

    process: subprocess.Popen[str]
    link: str
    path: Path
    words: list[str] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.link.rpartition(":")[2])

    @property
    def cookie(self) -> str:
        return cookie_name(site.load({"MATRIX_DATABASE_PATH": str(self.path)}))

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(10)
        finally:
            self.process.kill()


def serve(path: Path, **knobs: str) -> Served:
    """Start `run.py console` and wait until it says its address."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "MATRIX_DATABASE_PATH": str(path)}
    environ |= {"MATRIX_DATABASE_KEY_FILE": str(path.with_name("key.json")), **knobs}
    command = [sys.executable, "-P", "-m", "commands", "console", "--port", "0"]
    process = subprocess.Popen(
        command, env=environ, cwd=path.parent, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
    )
    served = Served(process, "", path)
    for line in process.stdout or ():
        served.words.append(line.rstrip())
        if "控制台已启动" in line:
            served.link = line.split("：", 1)[1].strip().replace("localhost", "127.0.0.1")
            return served
    raise AssertionError("the console did not start:\n" + "\n".join(served.words))
