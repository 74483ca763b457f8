"""Marks: named facts about this installation, such as how far a pass has come."""

import sqlite3


def get(db: sqlite3.Connection, name: str) -> str:
    """The value under a name; empty when there is none."""
    row = db.execute("SELECT value FROM marks WHERE name = :name", {"name": name}).fetchone()
    return str(row[0]) if row else ""


def put(db: sqlite3.Connection, name: str, value: str) -> None:
    """Set a mark, inside `writing()`."""
    db.execute(
        "INSERT INTO marks(name, value) VALUES(:name, :value) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
        {"name": name, "value": value},
    )
