"""An installation in a folder of its own, for the commands that act on one."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from matrix.account import Platform, Route
from matrix.comment import Comment
from matrix.post import Post
from matrix.run import Batch
from settings import ROOT, Settings, load
from storage import accounts, batches, credentials, organizations
from storage.database import create_database, open_database, writing
from storage.keyring import load_keyring

Word = Callable[..., tuple[int, str, str]]
"""A command within this process: exit code and what was printed."""

Examined = Callable[..., tuple[int, dict[str, list[str]], str]]
"""The doctor within this process: exit code, findings by subject, last line."""

NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)


@dataclass
class Place:
    """A folder with its own settings, database and key; `knobs` are MATRIX_ variables."""

    folder: Path
    knobs: dict[str, str] = field(default_factory=dict)
    anchor: float = field(default_factory=time.time)

    @property
    def settings(self) -> Settings:
        return load(self.environ())

    @property
    def path(self) -> Path:
        return self.settings.database.path

    @property
    def key_file(self) -> Path:
        return self.settings.database.key_file

    def environ(self) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "MATRIX_SETTINGS": str(self.folder / "settings.toml"),
            "MATRIX_DATABASE_PATH": str(self.folder / "matrix.db"),
            "MATRIX_DATABASE_KEY_FILE": str(self.folder / "matrix.key"),
            "MATRIX_WORKER_WATCH_FOLDER": str(self.folder / "inbox"),
            "MATRIX_CLOCK_START": NOW.isoformat(),
            "MATRIX_CLOCK_ANCHOR": str(self.anchor),
            "MATRIX_CLOCK_SPEED": "1",
            "MATRIX_WEB_PACE_SECONDS": "0",
            **self.knobs,
        }

    @contextmanager
    def program(self, *words: str) -> Generator["subprocess.Popen[str]"]:
        """A word of run.py as a program of its own, never left behind."""
        command = [sys.executable, "-P", "-m", "commands", *words]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, cwd=ROOT, env=self.environ(), stdout=pipe, stderr=pipe, text=True) as program:
            try:
                yield program
            finally:
                program.kill()

    @contextmanager
    def open(self) -> Generator[sqlite3.Connection]:
        with closing(open_database(self.path)) as db:
            yield db

    def ask(self, sql: str) -> list[tuple]:
        with self.open() as db:
            return db.execute(sql).fetchall()

    def fill(self, size: int = 1, route: Route = Route.WEIBO_COMMERCIAL) -> list[int]:
        """A unit with accounts that have credentials, each with a post and a citizen's comment under it; gives their ids."""
        ring = load_keyring(self.key_file, make=True)
        with closing(create_database(self.path)) as db:
            with writing(db):
                credentials.remember_key(db, ring)
                unit = organizations.add(db, code="1", name="临江市", parent_id=None, level="市级", seen_at=0)
                ids = [
                    accounts.add(
                        db,
                        platform=Platform.WEIBO,
                        ext_id=f"90{n}",
                        name=f"临江发布{n}",
                        organization_id=unit,
                        route=route,
                        seen_at=0,
                    )
                    for n in range(size)
                ]
                organizations.rebuild_tree(db)
            for n, account in enumerate(ids):
                credentials.save(db, account, f"token-{n}", ring, NOW, "测试")
                add_rows(db, account, n, self)
        return ids


def add_rows(db: sqlite3.Connection, account: int, number: int, place: Place) -> None:
    """One post and one comment, saved as a collector's batch is."""
    at = NOW - timedelta(minutes=number + 1)
    said = Comment(f"{number}c", f"{number}p", at, "家里停水两天了", "u7", "网友")
    batch = Batch(NOW, posts=(Post(f"{number}p", at, "停水通知"),), comments=(said,))
    batches.save(db, account, int(Platform.WEIBO), batch, load_keyring(place.key_file), NOW)
