"""The lock that lets one worker at a time have a database; whoever replaces the database or its key takes it too."""

import fcntl
from pathlib import Path
from typing import IO


class AnotherWorkerError(Exception):
    """A worker is at work on this database already; the text is a Chinese sentence."""


def hold_lock(path: Path) -> IO[str]:
    """Hold the worker's lock of a database for the life of the process; a killed process leaves none behind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = Path(f"{path}.worker.lock").open("w")  # noqa: SIM115 the open file is the lock
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise AnotherWorkerError(f"数据库 {path} 已有一个采集程序在运行，同一数据库只能运行一个；本程序退出") from None
    return lock
