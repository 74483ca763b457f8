"""Puts a back-up in the place of the database, after checking it; what was there before is kept beside it."""

import argparse
import json
import sqlite3
import sys
import tempfile
import zipfile
import zlib
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from commands.backup import DATABASE, MANIFEST, digest_of
from settings import Settings, load
from storage import credentials, journal
from storage.database import check_integrity, create_database, open_database, tidy
from storage.keyring import KeyringError, load_keyring
from storage.moments import BEIJING
from storage.schema import newest, versions
from storage.worker_lock import AnotherWorkerError, hold_lock

ABOUT = "从备份恢复数据库(先停止采集程序和控制台)"


class RestoreError(Exception):
    """The back-up cannot be used; the text is a Chinese sentence that says why and what to do."""


def main(argv: list[str]) -> int:
    """Exit code 0, or 1 with the reason; the present database is untouched unless the back-up is sound."""
    parser = argparse.ArgumentParser(prog="run.py restore", description=ABOUT)
    parser.add_argument("file", type=Path, help="备份文件(.zip)")
    parser.add_argument("--yes", action="store_true", help="不再询问")
    options = parser.parse_args(argv)
    settings = load()
    path = settings.database.path
    if path.exists() and not options.yes:
        print(f"将用 {options.file} 替换 {path}；现有数据库会改名保留。确认请输入 yes:", end="", flush=True)
        if sys.stdin.readline().strip() != "yes":
            print("已取消，没有改动。")
            return 1
    try:
        with hold_lock(path):
            kept = restore(settings, options.file, settings.clock().now())
    except (RestoreError, AnotherWorkerError, OSError) as error:
        print(f"恢复失败：{error}", file=sys.stderr)
        return 1
    print(f"恢复完成：{path}" + (f"；原数据库保留在 {kept}" if kept else ""))
    return 0


def restore(settings: Settings, file: Path, now: datetime) -> Path | None:
    """Check the back-up, set the present database aside (gives its new name), put the copy in its place."""
    path = settings.database.path
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        fresh = Path(folder) / DATABASE
        manifest = _unpack(file, Path(folder))
        if digest_of(fresh) != manifest.get("sha256"):
            raise RestoreError("备份文件内容与其校验值不符，可能在传输或存储中损坏，请换一份备份")
        _check(fresh, settings)
        kept = None
        if path.exists():
            kept = path.with_name(f"{path.name}.before-{now.astimezone(BEIJING):%Y%m%d-%H%M%S}")
            with suppress(sqlite3.DatabaseError), closing(create_database(path)) as db:
                tidy(db)  # a database too damaged for that is just what a back-up is for
            for tail in ("", "-wal", "-shm"):
                if (part := Path(f"{path}{tail}")).exists():
                    part.replace(f"{kept}{tail}")
        fresh.replace(path)
    with closing(create_database(path)) as db:
        journal.note(db, at=now, actor="命令行", act="恢复数据库", subject=file.name, detail=str(manifest.get("made_at", "")))
    return kept


def _unpack(file: Path, folder: Path) -> dict[str, object]:
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            archive.extract(DATABASE, folder)
    except (OSError, KeyError, ValueError, RuntimeError, EOFError, zlib.error, zipfile.BadZipFile):
        raise RestoreError(f"{file} 不是本系统的备份文件，或已损坏") from None
    if not isinstance(manifest, dict):
        raise RestoreError(f"{file} 的说明已损坏")
    return manifest


def _check(fresh: Path, settings: Settings) -> None:
    with closing(open_database(fresh)) as db:
        if broken := check_integrity(db):
            raise RestoreError(f"备份中的数据库完整性检查未通过：{broken[0]}")
        unknown = set(versions(db)) - set(newest())
        if unknown:
            raise RestoreError("备份来自更新版本的程序，请先升级程序再恢复")
        try:
            belongs = credentials.key_belongs(db, load_keyring(settings.database.key_file))
        except KeyringError:
            belongs = False
        if not belongs:
            raise RestoreError(
                f"密钥文件 {settings.database.key_file} 与备份不匹配："
                "请先用 python3 run.py keys import 放回与备份同时期的密钥文件"
            )
