"""Which state of the data a page shows: answers are shared for a while, and whoever has changed something sees it at once."""

import sqlite3
import threading
import time
from pathlib import Path

import streamlit as st

from storage.batches import data_version
from ui import signin

STILL = "figures_stand_still"
_acted: dict[str, float] = {}
"""When each person has changed something for the last time, by this process's own clock."""

_versions: dict[str, tuple[int, str]] = {}
_lock = threading.Lock()


def begin() -> None:
    """A new drawing of the page: it says anew whether its figures stand still."""
    st.session_state.pop(STILL, None)


def stand_still() -> None:
    """What follows on this page is told up to `signin.figures_now()`, so that what came later need not be asked for."""
    st.session_state[STILL] = True


def note_act(login: str) -> None:
    """This person has changed something and must see it, in whatever tab, in all that is asked from now on."""
    _acted[login] = time.monotonic()


def file_of(path: Path) -> str:
    """Which file this is: a restored database in the place of another one is another one."""
    held = path.stat()
    return f"{path}\n{held.st_dev}\n{held.st_ino}"


def version_for(db: sqlite3.Connection, file: str, login: str) -> str:
    """The state of the data that this person is to be answered from; an older one only while he has changed nothing.

    `file` is that of `file_of`.

    Collected data come every few seconds: asking everything anew each time for everybody is what a hundred readers cannot have.
    """
    seconds = signin.settings().console.fresh_seconds
    is_still = st.session_state.get(STILL, False)
    lasting = signin.FIGURES_MINUTES * 60 if is_still else seconds
    if not seconds or time.monotonic() - _acted.get(login, -lasting) < lasting:
        return data_version(db)
    slot = int(signin.figures_now().timestamp()) if is_still else int(time.monotonic() / seconds)
    key = f"{file}\n{is_still}"
    with _lock:
        held = _versions.get(key)
        if held is None or held[0] != slot:
            held = _versions[key] = (slot, data_version(db))
        return held[1]
