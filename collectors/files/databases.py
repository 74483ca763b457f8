"""Reads SQLite files that export tools write: only for reading, nothing in them is run, wrong bytes made visible."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from collectors.files.rows import FileError, RowFault
from collectors.files.tables import Row

LARGEST_VALUE = 16 << 20
DAMAGED = "SQLite文件已损坏，无法读取：请重新导出"


class DatabaseTable:
    """One table of a SQLite file; line numbers count its rows."""

    form = "SQLite"

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name, self.done = path, name, 0
        with _Opened(path) as db:
            quoted = '"' + name.replace('"', '""') + '"'
            self._sql = f"SELECT * FROM {quoted}"
            self.columns = tuple(column[0] for column in db.execute(f"{self._sql} LIMIT 0").description)
            self.total = int(db.execute(f"SELECT count(*) FROM {quoted}").fetchone()[0])

    def rows(self) -> Iterator[Row | RowFault]:
        with _Opened(self.path) as db:
            for line, cells in enumerate(db.execute(self._sql), 1):
                self.done = line
                yield line, dict(zip(self.columns, cells, strict=True))

    def close(self) -> None:
        """Nothing stays open between passes."""


class _Opened:
    """A connection to a foreign file that cannot write, load or run anything; its errors become sentences."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)

    def __enter__(self) -> sqlite3.Connection:
        self.db.text_factory = lambda value: value.decode("utf-8", "replace")
        self.db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_VALUE)
        self.db.set_authorizer(_only_reading)
        return self.db

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self.db.close()
        if isinstance(error, sqlite3.Error):
            raise FileError(DAMAGED) from error


def _only_reading(action: int, *_names: str | None) -> int:
    allowed = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION)
    return sqlite3.SQLITE_OK if action in allowed else sqlite3.SQLITE_DENY


def open_sqlite(path: Path) -> list[DatabaseTable]:
    """The tables of a SQLite file (no views: they would run what the file says)."""
    with _Opened(path) as db:
        names = [
            row[0]
            for row in db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' "
                "AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
            )
        ]
    if not names:
        raise FileError("SQLite文件里没有数据表")
    return [DatabaseTable(path, name) for name in names]
