"""The tables, as ordered migrations; a step that has been released is never changed, only followed."""

import sqlite3

from sqlite_utils import Database, Migrations

from storage.tables import (
    appeals,
    cutoffs,
    exports,
    facts,
    heads,
    incidents,
    inspections,
    ledger,
    notices,
    people,
    reading,
    reports,
    rollups,
    search,
    shifts,
    surges,
    wordings,
    work,
)
from storage.wordings import keep_versions

migrations = Migrations("matrix")


def _run(db: Database, script: str) -> None:
    for statement in script.split(";"):
        if statement.strip():
            db.conn.execute(statement)


@migrations()
def m001_ledger(db: Database) -> None:
    _run(db, ledger.TABLES)


@migrations()
def m002_facts(db: Database) -> None:
    _run(db, facts.TABLES)


@migrations()
def m003_rollups(db: Database) -> None:
    _run(db, rollups.TABLES)


@migrations()
def m004_work(db: Database) -> None:
    _run(db, work.TABLES)


@migrations()
def m005_people(db: Database) -> None:
    _run(db, people.TABLES)


@migrations()
def m006_appeals(db: Database) -> None:
    _run(db, appeals.TABLES)


@migrations()
def m007_shifts(db: Database) -> None:
    _run(db, shifts.TABLES)


@migrations()
def m008_inspections(db: Database) -> None:
    _run(db, inspections.TABLES)


@migrations()
def m009_search(db: Database) -> None:
    _run(db, search.TABLES)


@migrations()
def m010_wordings(db: Database) -> None:
    _run(db, wordings.TABLES)
    keep_versions(db.conn)


@migrations()
def m011_reading(db: Database) -> None:
    _run(db, reading.TABLES)


@migrations()
def m012_notices(db: Database) -> None:
    _run(db, notices.TABLES)


@migrations()
def m013_heads(db: Database) -> None:
    _run(db, heads.TABLES)


@migrations()
def m014_surges(db: Database) -> None:
    _run(db, surges.TABLES)


@migrations()
def m015_incidents(db: Database) -> None:
    _run(db, incidents.TABLES)


@migrations()
def m016_reports(db: Database) -> None:
    _run(db, reports.TABLES)


@migrations()
def m017_exports(db: Database) -> None:
    _run(db, exports.TABLES)


@migrations()
def m018_cutoffs(db: Database) -> None:
    _run(db, cutoffs.TABLES)


def versions(db: sqlite3.Connection) -> list[str]:
    """The names of the steps that this database has had."""
    return [migration.name for migration in migrations.applied(Database(db))]


def newest() -> list[str]:
    """The names of every step that this program knows."""
    return [migration.name for migration in migrations.pending(Database(memory=True))]
