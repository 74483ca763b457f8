"""Which state of the data a page shows: answers are shared for a while, and whoever has changed something sees it at once."""

import sqlite3
import threading
import time
from pathlib import Path

import streamlit as st

from storage.batches import data_version
from ui import signin

STILL, ACTED = "figures_stand_still", "acted_at"
_versions: dict[str, tuple[int, str]] = {}
_lock = threading.Lock()


def begin() -> None:
    """A new drawing of the page: it says anew whether its figures stand still."""
    st.session_state.pop(STILL, None)


def stand_still() -> None:
    """What follows on this page is told up to `signin.figures_now()`, so that what came later need not be asked for."""
    st.session_state[STILL] = True


def note_act() -> None:
    """This tab has changed something and must see it in all that it asks from now on."""
    st.session_state[ACTED] = time.monotonic()


def version_for(db: sqlite3.Connection, path: Path) -> str:
    """The state of the data that this page is to be answered from; an older one only while nobody in this tab has acted.

    Collected data come every few seconds: asking everything anew each time for everybody is what a hundred readers cannot have.
    """
    seconds = signin.settings().console.fresh_seconds
    is_still = st.session_state.get(STILL, False)
    lasting = signin.FIGURES_MINUTES * 60 if is_still else seconds
    if not seconds or time.monotonic() - st.session_state.get(ACTED, -lasting) < lasting:
        return data_version(db)
    slot = int(signin.figures_now().timestamp()) if is_still else int(time.monotonic() / seconds)
    key = f"{path}\n{is_still}"
    with _lock:
        held = _versions.get(key)
        if held is None or held[0] != slot:
            held = _versions[key] = (slot, data_version(db))
        return held[1]
