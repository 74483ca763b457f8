"""A copy of the database while it is in use, checked and described; the key of the installation is never in it."""

import argparse
import hashlib
import json
import sys
import tempfile
import zipfile
from contextlib import closing
from datetime import datetime
from pathlib import Path

from tqdm import tqdm

from settings import Settings, load
from storage import journal
from storage.database import check_integrity, copy_database, count_rows, open_database, open_writer
from storage.keyring import KeyringError, load_keyring
from storage.moments import BEIJING
from storage.schema import versions

ABOUT = "备份数据库(不含密钥文件，密钥请用 keys 命令另行导出保管)"
DATABASE, MANIFEST = "matrix.db", "manifest.json"


def main(argv: list[str]) -> int:
    """Exit code 0, or 1 with a Chinese sentence when there is nothing to back up or the copy is not sound."""
    parser = argparse.ArgumentParser(prog="run.py backup", description=ABOUT)
    parser.add_argument("--out", type=Path, default=Path("var/backups"), help="备份文件或文件夹(默认 var/backups)")
    options = parser.parse_args(argv)
    settings = load()
    if not settings.database.path.exists():
        print(f"没有可备份的数据库：{settings.database.path}", file=sys.stderr)
        return 1
    try:
        target = write_backup(settings, options.out, settings.clock().now())
    except (OSError, ValueError) as error:
        print(f"备份失败：{error}", file=sys.stderr)
        return 1
    print(f"备份完成：{target}({target.stat().st_size / 1e6:.1f} MB)")
    print(
        f"密钥不在备份中：恢复到别的电脑时还需要密钥文件 {settings.database.key_file}，请用 python3 run.py keys export 另行保管。"
    )
    return 0


def write_backup(settings: Settings, out: Path, now: datetime) -> Path:
    """Write one zip with the database and its description; no half file stays behind. Raises ValueError when unsound."""
    target = out if out.suffix == ".zip" else out / f"matrix-{now.astimezone(BEIJING):%Y%m%d-%H%M%S}.zip"
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        copy = Path(folder) / DATABASE
        with (
            closing(open_writer(settings.database.path)) as db,
            tqdm(desc="复制数据库", unit="页", disable=not sys.stderr.isatty()) as bar,
        ):
            copy_database(db, copy, lambda left, total, bar=bar: show(bar, left, total))
        with closing(open_database(copy)) as db:
            if broken := check_integrity(db):
                raise ValueError(f"数据库完整性检查未通过：{broken[0]}")
            manifest = {
                "made_at": now.astimezone(BEIJING).isoformat(timespec="seconds"),
                "schema": versions(db),
                "rows": count_rows(db, ("posts", "comments", "runs")),
                "key_fingerprint": _fingerprint(settings),
            }
        manifest["sha256"] = digest_of(copy)
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.write(copy, DATABASE)
            archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    part.replace(target)
    with closing(open_writer(settings.database.path)) as db:
        journal.note(db, at=now, actor="命令行", act="备份数据库", subject=target.name)
    return target


def show(bar: tqdm, left: int, total: int) -> None:
    """Move a bar to what is done."""
    bar.total = total
    bar.update(total - left - bar.n)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fingerprint(settings: Settings) -> str:
    try:
        return load_keyring(settings.database.key_file).fingerprint()
    except KeyringError:
        return ""
