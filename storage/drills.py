"""Whether this database belongs to a drill (舆情演练), and whether it may: drill data and real data never share one."""

import sqlite3
from contextlib import closing
from pathlib import Path

from storage import marks
from storage.database import create_database, writing

MARK = "drill"
CONTENT = ("organizations", "accounts", "posts", "comments", "leads", "alerts", "incidents", "people", "notices")


class RealDataError(RuntimeError):
    """The database holds what no drill brought; the text is a Chinese sentence."""


def scenario(db: sqlite3.Connection) -> str:
    """The title of the drill whose database this is; empty on a real one."""
    return marks.get(db, MARK)


def is_drill(db: sqlite3.Connection) -> bool:
    """Whether everything in this database is a drill's."""
    return bool(scenario(db))


def prefix(db: sqlite3.Connection) -> str:
    """What stands before the title of every notice of a drill."""
    return "【演练】" if is_drill(db) else ""


def claim(db: sqlite3.Connection, title: str) -> None:
    """Make an empty database one of a drill, inside `writing()`; again changes nothing. Raises RealDataError for one in use."""
    if marks.get(db, MARK):
        return
    held = [table for table in CONTENT if db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None]
    if held:
        raise RealDataError("这个数据库里已有真实数据，不能用于演练；演练只使用自己的数据库，请另指定一个文件夹。")
    marks.put(db, MARK, title)


def make_room(path: Path) -> None:
    """Take away the database of an earlier drill, with its key. Raises RealDataError where anything else lies in its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        with closing(create_database(path)) as db, writing(db):
            claim(db, path.stem)
    for place in (*(Path(f"{path}{tail}") for tail in ("", "-wal", "-shm")), path.with_suffix(".key")):
        place.unlink(missing_ok=True)
