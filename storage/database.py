"""Opens the database and gives the one way to change it; everything that only SQLite needs is in this file."""

import sqlite3
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import sqlite_utils

from storage.schema import migrations

WAL_BOUND_BYTES = 48 * 1024 * 1024
"""Past this size the writer truncates the log, so that one long reader cannot let it grow without end."""


def _connect(target: str, *, uri: bool, any_thread: bool = False) -> sqlite3.Connection:
    # Autocommit leaves BEGIN to writing().
    db = sqlite3.connect(target, uri=uri, timeout=30, isolation_level=None, check_same_thread=not any_thread)
    db.execute("PRAGMA temp_store=MEMORY")
    db.execute("PRAGMA foreign_keys=ON")
    return db


def open_database(path: Path | str, *, any_thread: bool = False) -> sqlite3.Connection:
    """Open the database to read. Ask, fetch all rows, close: an open cursor stops the log from being recycled.

    With `any_thread` one thread after another may use it; never two at once.
    """
    db = _connect(f"{Path(path).resolve().as_uri()}?mode=ro", uri=True, any_thread=any_thread)
    db.execute("PRAGMA cache_size=-32768")
    return db


def open_writer(path: Path | str) -> sqlite3.Connection:
    """Open an existing database to change it, through `writing()` only."""
    if str(path) != ":memory:" and not Path(path).exists():
        raise FileNotFoundError(f"数据库不存在：{path}，请先运行 python3 run.py console 或 worker 建库")
    return _writer(path)


def _writer(path: Path | str) -> sqlite3.Connection:
    db = _connect(str(path), uri=False)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=NORMAL")
    db.execute("PRAGMA cache_size=-65536")
    db.execute("PRAGMA wal_autocheckpoint=4000")
    db.execute("PRAGMA journal_size_limit=67108864")
    return db


def create_database(path: Path | str) -> sqlite3.Connection:
    """Open the database to change it, made or brought to the newest schema first; `:memory:` gives a private one."""
    if str(path) != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    db = _writer(path)
    # Two programs may start at once: whoever comes second waits here and finds nothing left to apply.
    db.execute("BEGIN IMMEDIATE")
    try:
        migrations.apply(sqlite_utils.Database(db))
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return db


@contextmanager
def writing(db: sqlite3.Connection) -> Generator[sqlite3.Connection, None, None]:
    """One transaction that takes the writer's lock first and rolls back on any exception.

    A transaction that reads before it takes the lock loses work under SQLite ("database is locked" at once).
    """
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def keep_log_small(db: sqlite3.Connection, path: Path | str) -> None:
    """Truncate the write-ahead log when it has passed its bound; called by the worker between batches."""
    log = Path(f"{path}-wal")
    if log.exists() and log.stat().st_size > WAL_BOUND_BYTES:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def tidy(db: sqlite3.Connection) -> None:
    """Nightly care: statistics for the planner and an empty log."""
    db.execute("PRAGMA optimize")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def check_integrity(db: sqlite3.Connection) -> list[str]:
    """What the engine finds broken: damaged pages and rows that point nowhere; empty when all is well."""
    found = [row[0] for row in db.execute("PRAGMA integrity_check").fetchall() if row[0] != "ok"]
    found += [f"{row[0]} 第 {row[1]} 行引用的 {row[2]} 不存在" for row in db.execute("PRAGMA foreign_key_check").fetchall()]
    return found


def copy_database(db: sqlite3.Connection, target: Path, progress: Callable[[int, int], None], pages: int = 4096) -> None:
    """Copy the database into a file of its own while it is in use; `progress` is told pages left and pages in all.

    The copy is of the moment of the call. Without a reading transaction around it the engine would start anew after each
    write of somebody else, and under a busy worker never end.
    """
    copy = sqlite3.connect(target)
    db.execute("BEGIN")
    try:
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the first reading fixes the moment
        db.backup(copy, pages=pages, progress=lambda _status, left, total: progress(left, total))
        copy.execute("PRAGMA journal_mode=DELETE")  # one file that can be moved as it is
    finally:
        db.execute("ROLLBACK")
        copy.close()


def count_rows(db: sqlite3.Connection, tables: Sequence[str]) -> dict[str, int]:
    """How many rows each of these tables of ours has."""
    return {table: int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in tables}
