"""The file of the search index: where it lies, its tables, and how far it stands for the database beside it.

The file holds nothing that the database does not hold; whoever deletes it loses only the time to build it. It has to be
told apart from a file that belongs to an older or newer state of the database (a restored back-up, a power cut, a copied
file). Both carry the same code, drawn when the index was begun, and a turn that grows with each portion. The index is
written first, then the turn in the database: where the index is ahead by turns that it remembers, these portions are taken
back and done again, under a new code. Any other difference means that the two do not belong together.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from storage import marks
from storage.moments import OFFSET, beijing_day
from storage.search_dirty import COMMENT, POST

VERSION = "1"
"""Of the folding and of the tables; an index of another version is built anew."""

MARK = "search_index"
"""In the database: "code turn" of the newest portion that is known to have been written."""

DAY_BITS, SHELF_BITS = 21, 10
"""A number in the index is Beijing day * 2**21 + place: newest first is highest number first, day by day, and the numbers of
one day lie close together, which makes the lists short (by hours they would be a third longer). A shelf is 1,024 neighbouring
numbers with their first and last time; it tells how far numbers and times agree within a day."""

MERGING = -1

TABLES = """
CREATE TABLE state(name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE docs(id INTEGER PRIMARY KEY, ref INTEGER NOT NULL, account_id INTEGER NOT NULL, at INTEGER NOT NULL);
CREATE TABLE shelves(id INTEGER PRIMARY KEY, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL);
CREATE TABLE portions(turn INTEGER PRIMARY KEY, posts INTEGER NOT NULL, comments INTEGER NOT NULL);
CREATE TABLE reread(turn INTEGER NOT NULL, ref INTEGER NOT NULL);
CREATE INDEX reread_turn ON reread(turn);
CREATE VIRTUAL TABLE words USING fts5(token, content='', columnsize=0, detail=none, tokenize='ascii');
INSERT INTO words(words, rank) VALUES('hashsize', 33554432);
INSERT INTO words(words, rank) VALUES('automerge', 8)
"""
"""`docs.ref` is twice the row id, plus one for a post; 0 where the row got another number. `portions` says how far the index
had come before each of the last portions, `reread` which older rows each of them read again. The words have neither texts nor
positions: pairs of letters propose a row, the row itself decides."""


@dataclass(frozen=True, slots=True)
class State:
    """What an index says of itself. Rows up to these ids are in it."""

    code: str
    turn: int
    posts: int
    comments: int
    seen_at: int = 0
    unmerged: int = 0
    """Rows since the lists were merged last; MERGING while that goes on."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an index can be trusted for a database: not at all (`is_open` false), or up to these row ids."""

    is_open: bool = False
    posts: int = 0
    comments: int = 0
    seen_at: int | None = None
    reread: frozenset[int] = frozenset()
    """Where portions are not confirmed: rows that they read again, and that are looked at themselves meanwhile."""


def ref_of(subject: str, row_id: int) -> int:
    return row_id * 2 + (subject == POST)


def row_of(ref: int) -> tuple[str, int]:
    return (POST if ref & 1 else COMMENT), ref >> 1


def day_of(at: int) -> int:
    """The Beijing day of a moment, Unix seconds; kept within what the numbers can hold."""
    return min(max(beijing_day(at), 0), 1 << 17)


def day_start(day: int) -> int:
    return day * 86_400 - OFFSET


def database_path(db: sqlite3.Connection) -> Path | None:
    """The file behind a connection; None for a private database in memory."""
    for _, name, path in db.execute("PRAGMA database_list").fetchall():
        if name == "main" and path:
            return Path(path)
    return None


def path_beside(database: Path) -> Path:
    """Where the index of a database lies: matrix.db has matrix.search.db."""
    return database.with_name(f"{database.stem}.search{database.suffix}")


def open_index(path: Path) -> sqlite3.Connection:
    """Open an index to ask; raises sqlite3.Error where there is none."""
    index = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5, isolation_level=None)
    index.execute("PRAGMA cache_size=-16384")
    return index


def open_index_writer(path: Path) -> sqlite3.Connection:
    """Open or make the file; only the worker writes to it. A broken file is thrown away."""
    for attempt in (1, 2):
        index = sqlite3.connect(path, timeout=30, isolation_level=None)
        try:
            index.execute("PRAGMA journal_mode=WAL")
            index.execute("PRAGMA synchronous=FULL")  # never behind what the database says of it, also after a power cut
            index.execute("PRAGMA cache_size=-65536")
            index.execute("PRAGMA temp_store=MEMORY")
            index.execute("PRAGMA wal_autocheckpoint=4000")
            index.execute("PRAGMA journal_size_limit=67108864")
        except sqlite3.OperationalError:
            index.close()
            raise
        except sqlite3.DatabaseError:
            index.close()
            if attempt == 2:
                raise
            throw_away(path)
        else:
            return index
    raise AssertionError("unreachable")


def throw_away(path: Path) -> None:
    """Remove the file and its log."""
    for tail in ("", "-wal", "-shm"):
        Path(f"{path}{tail}").unlink(missing_ok=True)


def write(index: sqlite3.Connection, change: Callable[[], None]) -> None:
    """One transaction on the index."""
    index.execute("BEGIN IMMEDIATE")
    try:
        change()
    except BaseException:
        index.execute("ROLLBACK")
        raise
    index.execute("COMMIT")


def state_of(index: sqlite3.Connection) -> State | None:
    """What the index says of itself; None for an empty file and for another version."""
    if index.execute("SELECT 1 FROM sqlite_master WHERE name = 'state'").fetchone() is None:
        return None
    held = dict(index.execute("SELECT name, value FROM state").fetchall())
    if held.get("version") != VERSION:
        return None
    return State(held["code"], *(int(held[name]) for name in State.__slots__[1:]))


def put_state(index: sqlite3.Connection, state: State) -> None:
    """Write the state, inside the transaction that makes it true."""
    values = {"version": VERSION} | {name: str(getattr(state, name)) for name in State.__slots__}
    index.executemany("INSERT OR REPLACE INTO state(name, value) VALUES(?, ?)", list(values.items()))


def begin(index: sqlite3.Connection, code: str) -> None:
    """Empty tables under a new code, whatever was there before. Inside a transaction."""
    for (name,) in index.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'").fetchall():
        index.execute(f'DROP TABLE "{name}"')
    rest = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    for (name,) in index.execute(rest).fetchall():
        index.execute(f'DROP TABLE "{name}"')
    for statement in TABLES.split(";"):
        index.execute(statement)
    put_state(index, State(code, 0, 0, 0))


def standing(db: sqlite3.Connection, index: sqlite3.Connection) -> Standing:
    """Compare the two files and leave a reading transaction open on the index, so that its tables stay of one moment.

    Ask the database's own queue before this: what is in the queue is then never missed.
    """
    code, turn = mark_of(db)  # before the index, which is then never behind
    index.execute("BEGIN")
    state = state_of(index)
    if state is None or state.code != code:
        return Standing()
    if state.turn == turn:
        return Standing(True, state.posts, state.comments, state.seen_at or None)
    before = before_turn(index, turn + 1)
    return Standing() if before is None else Standing(True, *before, state.seen_at or None, reread_since(index, turn))


def mark_of(db: sqlite3.Connection) -> tuple[str, int]:
    """The code and the turn that the database knows of; turn -1 where it knows of none."""
    code, _, turn = marks.get(db, MARK).partition(" ")
    return code, int(turn) if turn.isdecimal() else -1


def before_turn(index: sqlite3.Connection, turn: int) -> tuple[int, int] | None:
    """How far posts and comments were in the index before a portion; None for one that it does not remember."""
    return index.execute("SELECT posts, comments FROM portions WHERE turn = ?", (turn,)).fetchone()


def reread_since(index: sqlite3.Connection, turn: int) -> frozenset[int]:
    """The older rows that portions after this turn read again."""
    return frozenset(row[0] for row in index.execute("SELECT ref FROM reread WHERE turn > ?", (turn,)).fetchall())
