"""A database with a small ledger, and files as the export tools write them, for tests of imports."""

import csv
import io
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from openpyxl import Workbook

from collectors.collect_files import ImportReport, run_import
from collectors.files import Choices, ColumnMapping
from matrix.account import Platform, Route
from storage import accounts, organizations
from storage.database import create_database, writing
from storage.keyring import Keyring
from storage.moments import to_seconds

RING = Keyring(("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",), ("pepper",))
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MADE = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
WEIBO_UID = "1700000001"
MID = 5101717000000123


def make_ledger(db: sqlite3.Connection) -> dict[str, int]:
    """One unit with two Weibo accounts and a WeChat account, all fed by files; name to row id."""
    with writing(db):
        town = organizations.add(db, code="LJ", name="临江市", parent_id=None, level="市级", seen_at=to_seconds(MADE))
        made = {
            name: accounts.add(
                db,
                platform=platform,
                ext_id=ext_id,
                name=name,
                organization_id=town,
                route=Route.FILES,
                seen_at=to_seconds(MADE),
            )
            for platform, ext_id, name in (
                (Platform.WEIBO, WEIBO_UID, "临江发布"),
                (Platform.WEIBO, "1700000002", "临江水务"),
                (Platform.WECHAT, "gh_0123456789ab", "临江微讯"),
            )
        }
        organizations.rebuild_tree(db)
    return made


def make_database() -> sqlite3.Connection:
    db = create_database(":memory:")
    make_ledger(db)
    return db


def bring(
    db: sqlite3.Connection,
    path: Path,
    columns: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
    register_under: str = "",
    observed_at: datetime | None = MADE,
    *,
    is_rehearsal: bool = False,
) -> ImportReport:
    """Import as the command does."""
    mapping = ColumnMapping(columns, constants or {}) if columns else None
    return run_import(
        db,
        path,
        Choices(mapping, constants or {}, register_under),
        keyring=RING,
        now=NOW,
        asked_by="张三",
        observed_at=observed_at,
        is_rehearsal=is_rehearsal,
    )


def write_csv(
    path: Path, rows: Iterable[Sequence[object]], encoding: str = "utf-8-sig", delimiter: str = ",", end: str = "\r\n"
) -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def write_json(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def write_lines(path: Path, records: Iterable[object]) -> Path:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    return path


def write_xlsx(path: Path, rows: Iterable[Sequence[object]], title: str = "Sheet1") -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


FACTS = {
    "posts": "ext_id, account_id, kind, published_at, title, text, url, counts_at, reads, likes, shares, comments, floors",
    "comments": "ext_id, account_id, post_id, channel, parent_ext, root_ext, author_key, author_name, text, likes, region",
    "reach": "post_id, observed_at, stat_day, reads, likes, shares, comments",
    "followers": "account_id, stat_day, observed_at, followers",
    "post_versions": "DISTINCT post_id, title, text",
    "account_day": "day, account_id, posts, reads, likes, comments",
    "accounts": "platform, ext_id, name, last_post_at, followers",
}


def facts(db: sqlite3.Connection, *tables: str) -> dict[str, list[tuple]]:
    """Everything that an import may have changed, in an order of its own."""
    return {name: sorted(db.execute(f"SELECT {FACTS[name]} FROM {name}").fetchall(), key=repr) for name in tables or FACTS}


def one(db: sqlite3.Connection, sql: str) -> tuple:
    row = db.execute(sql).fetchone()
    assert row is not None
    return row
