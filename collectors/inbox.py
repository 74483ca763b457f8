"""The watched folder: files that are put there are taken in when they are whole, then moved aside with a note."""

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

log = logging.getLogger(__name__)

DONE, FAILED = "done", "failed"
NOTE = ".说明.txt"
STATE = ".seen.json"
UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".swp", ".filepart")
SETTLED_SECONDS = 30.0
"""A file that nobody wrote to for so long is whole, even if it is seen for the first time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one file; `note` is the text that is laid beside it."""

    is_done: bool
    note: str


Handle = Callable[[Path, Mapping[str, str]], Answer]
"""Imports a file; the mapping holds the platform and account that its folders name (`平台` and `账号`)."""


def scan(folder: Path, handle: Handle, now: datetime, clock: Callable[[], float] = time.time) -> list[tuple[str, Answer]]:
    """Take in every whole file of the folder once; gives name and answer of each.

    A file is whole when it has the size and time that the scan before saw, or when nobody has touched it for a while by the
    clock of the file system. `folder/微博/福州发布/x.csv` says whose rows these are; a file at the top must say so itself.
    Whatever happens to one file, the others get their turn; one that cannot be moved away is not taken in twice.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before = _read_state(folder)
    after: dict[str, list[int]] = {}
    taken = []
    for path in sorted(_candidates(folder)):
        name = path.relative_to(folder).as_posix()
        try:
            stat = path.stat()
            mark = [stat.st_size, stat.st_mtime_ns]
            if before.get(name) == [*mark, 1]:  # taken in, and could not be moved
                after[name] = [*mark, 1]
                continue
            if before.get(name) != mark and clock() - stat.st_mtime < SETTLED_SECONDS:
                after[name] = mark
                continue
            answer = handle(path, _named_by_folders(path.relative_to(folder)))
            taken.append((name, answer))
            if not _move(path, folder / (DONE if answer.is_done else FAILED), answer.note, now):
                after[name] = [*mark, 1]
        except OSError as error:
            log.warning("%s could not be taken in: %s", name, error)
    if after != before:
        _write_state(folder, after)
    return taken


def _candidates(folder: Path) -> Iterator[Path]:
    for path in [*folder.glob("*"), *folder.glob("*/*/*")]:
        parts = path.relative_to(folder).parts
        if parts[0] in (DONE, FAILED) or any(part.startswith((".", "~$")) for part in parts):
            continue
        if path.name.lower().endswith(UNFINISHED) or path.name.endswith(NOTE) or path.is_symlink() or not path.is_file():
            continue
        yield path


def _named_by_folders(path: Path) -> dict[str, str]:
    return {"平台": path.parts[0], "账号": path.parts[1]} if len(path.parts) == 3 else {}


def _move(path: Path, target: Path, note: str, now: datetime) -> bool:
    """Move the file and lay the note beside it; an older file of the same name stays."""
    try:
        target.mkdir(parents=True, exist_ok=True)
        place = target / path.name
        if place.exists():
            place = (
                target / f"{path.name.split('.')[0]}-{now:%Y%m%d%H%M%S}-{path.stat().st_mtime_ns}{''.join(path.suffixes[-2:])}"
            )
        path.replace(place)
        place.with_name(place.name + NOTE).write_text(note, encoding="utf-8")
    except OSError as error:
        log.warning("%s could not be moved to %s: %s", path.name, target, error)
        return not path.exists()
    return True


def _read_state(folder: Path) -> dict[str, list[int]]:
    try:
        return dict(json.loads((folder / STATE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _write_state(folder: Path, state: dict[str, list[int]]) -> None:
    try:
        (folder / STATE).write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")
    except OSError as error:
        log.warning("the state of the watched folder could not be written: %s", error)
