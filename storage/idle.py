"""Connections to read with that are kept between questions: opening one costs more than most questions do."""

import sqlite3
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from storage.database import open_database

MOST_IDLE = 4
"""Kept in all; each may hold 32 MB of pages."""

Identity = tuple[str, int, int]
_idle: list[tuple[Identity, sqlite3.Connection]] = []
_lock = threading.Lock()


@contextmanager
def reading(path: Path | str) -> Generator[sqlite3.Connection]:
    """A connection for questions, from any thread. Fetch all rows: an open cursor keeps the log from being recycled.

    A database that was put in the place of another one (a restored backup) is opened anew.
    """
    held = Path(path).stat()
    identity = (str(path), held.st_dev, held.st_ino)
    db = _take(identity) or open_database(path, any_thread=True)
    try:
        yield db
    except BaseException:
        db.close()
        raise
    _give(identity, db)


def _take(identity: Identity) -> sqlite3.Connection | None:
    with _lock:
        for place in range(len(_idle) - 1, -1, -1):
            if _idle[place][0] == identity:
                return _idle.pop(place)[1]
    return None


def _give(identity: Identity, db: sqlite3.Connection) -> None:
    if db.in_transaction:
        db.rollback()
    with _lock:
        _idle.append((identity, db))
        surplus = [_idle.pop(0) for _ in range(len(_idle) - MOST_IDLE)]
    for _, old in surplus:
        old.close()
