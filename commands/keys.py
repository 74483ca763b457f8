"""The key of the installation: export it for safe keeping, put it back, replace it by a new one."""

import argparse
import sys
from contextlib import closing
from pathlib import Path

from settings import Settings, load
from storage import credentials, journal
from storage.database import create_database
from storage.keyring import Keyring, KeyringError, load_keyring, save_keyring
from storage.worker_lock import AnotherWorkerError, hold_lock

ABOUT = "管理本安装的密钥：导出、放回、更换"


def main(argv: list[str]) -> int:
    """Exit code 0, or 1 with a Chinese sentence."""
    parser = argparse.ArgumentParser(prog="run.py keys", description=ABOUT)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="操作")
    for verb, about in (("export", "把密钥导出到一个文件，请离线保管"), ("import", "放回导出的密钥")):
        verbs.add_parser(verb, help=about).add_argument("file", type=Path, help="密钥文件")
    verbs.add_parser("rotate", help="更换密钥：重新加密凭据，网民标识换新(先停止采集程序)")
    options = parser.parse_args(argv)
    settings = load()
    try:
        if options.verb == "export":
            return export(settings, options.file)
        with hold_lock(settings.database.path):
            return put_back(settings, options.file) if options.verb == "import" else rotate(settings)
    except (KeyringError, AnotherWorkerError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


def export(settings: Settings, file: Path) -> int:
    """Copy the key file; never over an existing file."""
    ring = load_keyring(settings.database.key_file)
    if file.exists():
        raise KeyringError(f"{file} 已存在，请换一个文件名，避免覆盖另一把密钥")
    save_keyring(file, ring)
    _note(settings, "导出密钥", ring.fingerprint())
    print(f"密钥已导出到 {file}(仅本人可读)。没有它，备份恢复后凭据无法使用，请离线保管。")
    return 0


def put_back(settings: Settings, file: Path) -> int:
    """Put an exported key in place; a different key that is there already is kept beside it."""
    ring = load_keyring(file)
    place = settings.database.key_file
    if place.exists():
        _set_aside(place, ring)
    save_keyring(place, ring)
    _note(settings, "放回密钥", ring.fingerprint())
    print(f"密钥已放到 {place}。")
    if settings.database.path.exists():
        with closing(create_database(settings.database.path)) as db:
            if not credentials.key_belongs(db, ring):
                print(
                    "注意：这把密钥与现有数据库不匹配。要恢复与它同时期的备份，请接着运行 python3 run.py restore；否则请换一把。"
                )
    return 0


def _set_aside(place: Path, ring: Keyring) -> None:
    """Keep the key that lies there, a damaged one too, unless it is the same."""
    try:
        held = load_keyring(place)
    except KeyringError:
        place.replace(place.with_name(f"{place.name}.damaged-{place.stat().st_mtime_ns}"))
        return
    if held != ring:
        place.replace(place.with_name(f"{place.name}.before-{held.fingerprint()}"))


def rotate(settings: Settings) -> int:
    """A new key for everything that is stored; the old one is kept beside it until a person deletes it."""
    place = settings.database.key_file
    before = load_keyring(place)
    after = before.rotated()
    waiting = place.with_name(f"{place.name}.next")
    # The new key is on disk before the first row is under it: a power cut leaves both keys, and the database says which.
    with closing(create_database(settings.database.path)) as db:
        if not credentials.key_belongs(db, before):
            raise KeyringError(f"密钥文件 {place} 与数据库不匹配，不能更换；若上次更换中断，请把 {waiting} 改名为 {place}")
        waiting.unlink(missing_ok=True)
        save_keyring(waiting, after)
        changed = credentials.rotate(db, after)
    save_keyring(place.with_name(f"{place.name}.before-{before.fingerprint()}"), before)
    waiting.replace(place)
    _note(settings, "更换密钥", after.fingerprint())
    print(f"密钥已更换，重新处理 {changed} 行。请立即用 python3 run.py keys export 导出新密钥；旧密钥已改名保留。")
    return 0


def _note(settings: Settings, act: str, detail: str) -> None:
    if settings.database.path.exists():
        with closing(create_database(settings.database.path)) as db:
            journal.note(db, at=settings.clock().now(), actor="命令行", act=act, detail=detail)
