"""Who is looking: the session behind the browser's cookie, checked again at every run, at every act, and in long runs."""

import os
import threading
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NoReturn

import streamlit as st

import settings as site
from matrix.people import WHOLE_TREE, Person, Right
from storage import people, sessions
from storage.idle import reading
from storage.scope import Scope
from ui import notices
from ui.credentials import cookie_name, may_look

SEEN = "seen_viewer"
WALL = "wall_is_open"
FIGURES_MINUTES = 5
AGAIN_SECONDS = 0.3
"""So long one check of the session holds for the questions of one drawing; each drawing begins with one of its own."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person in front of the page, what he may do and what he may see."""

    person: Person
    rights: frozenset[Right]
    scope: Scope
    digest: str
    address: str
    last_here: datetime | None

    def may(self, right: Right) -> bool:
        return right in self.rights


_drawing = threading.local()


@lru_cache(maxsize=8)
def _settings(environment: tuple[tuple[str, str], ...]) -> site.Settings:
    return site.load(dict(environment))


def settings() -> site.Settings:
    """The settings of this process, read once for each environment. A drawing, which has a thread of its own and asks dozens of
    times, looks at the environment once."""
    if threading.current_thread() is threading.main_thread():
        return _settings(environment())
    held = getattr(_drawing, "held", None)
    if held is None or time.monotonic() - held[0] > AGAIN_SECONDS:
        held = _drawing.held = (time.monotonic(), _settings(environment()))
    return held[1]


def environment() -> tuple[tuple[str, str], ...]:
    return tuple(item for item in os.environ.items() if item[0].startswith("MATRIX_"))


def now() -> datetime:
    """The moment that the installation lives in, to the minute: figures on one page agree, and questions are shared."""
    return settings().clock().now().replace(second=0, microsecond=0)


def figures_now() -> datetime:
    """The moment up to which figures of the matrix are told: every five minutes another one, so that all readers share them."""
    moment = now()
    return moment.replace(minute=moment.minute // FIGURES_MINUTES * FIGURES_MINUTES)


def exact_now() -> datetime:
    return settings().clock().now()


def wall_now() -> datetime:
    """Sign-ins last in real time, also where the installation's clock runs faster."""
    return datetime.now(UTC)


def begin() -> None:
    """A whole drawing of a page: a wall that stood there before is gone, and the idle minutes hold as everywhere."""
    st.session_state.pop(WALL, None)


def stay_for_the_wall() -> None:
    """From now on the parts of this page that renew themselves may outlive the idle minutes, up to the longest session.

    Nobody touches the wall of a duty room for hours. It shows no citizen and has nothing to press; whoever goes on from it
    draws a whole page, and then the session has ended for having been idle.
    """
    st.session_state[WALL] = True


def find_viewer() -> Viewer | None:
    """Who is looking, None for a stranger, for an ended session and while a password must be changed."""
    mine = settings()
    if st.session_state.get(WALL):
        longest = mine.console.session_hours * 60
        mine = replace(mine, console=replace(mine.console, idle_minutes=longest))
    viewer = viewer_of(token(), mine)
    st.session_state[SEEN] = (time.monotonic(), viewer)
    return viewer


def seen_viewer() -> Viewer | None:
    """The same, as it was found less than AGAIN_SECONDS ago in this tab: a page asks a dozen questions in one drawing."""
    at, viewer = st.session_state.get(SEEN, (-AGAIN_SECONDS, None))
    return viewer if viewer is not None and time.monotonic() - at < AGAIN_SECONDS else find_viewer()


def token() -> str:
    """What this browser's cookie holds."""
    return st.context.cookies.get(cookie_name(settings()), "")


def viewer_of(token: str, mine: site.Settings) -> Viewer | None:
    """The viewer behind a token as things stand now; needs no page around it, so it can be asked on any thread."""
    if not token or len(token) > 128 or not mine.database.path.exists():
        return None
    moment = wall_now()
    with reading(mine.database.path) as db:
        session = sessions.find(db, token, moment, mine.console.idle_minutes, mine.console.session_hours)
        if session is None or not may_look(mine, session, moment):
            return None
        person = session.person
        return Viewer(
            person=person,
            rights=people.rights(db, person),
            scope=people.scope_of(db, person),
            digest=session.digest,
            address=session.address,
            last_here=sessions.before_this(db, session),
        )


def require(*rights: Right, anew: bool = False) -> Viewer:
    """The viewer, with any one of these rights where some are named; else the run ends with a sentence.

    Whoever writes has him checked `anew`.
    """
    viewer = find_viewer() if anew else seen_viewer()
    if viewer is None:
        leave()
    if rights and not viewer.rights & set(rights):
        notices.show("您的角色没有这项权限。", "lock")
        st.stop()
    return viewer


def leave() -> NoReturn:
    """The session has ended while the page stood open: run the whole frame anew, which shows the sentence and no data."""
    st.rerun()
    raise RuntimeError("st.rerun returned")


def show_stranger() -> None:
    """What somebody without an open session sees."""
    st.header("请先登录")
    st.write("登录已结束，或尚未登录。为保护数据，页面内容已收起。")
    st.html('<a href="/">重新登录</a>')


@st.fragment(run_every=timedelta(seconds=30))
def keep_watch() -> None:
    """Clears an unattended screen soon after its session has ended, on pages that do not renew themselves."""
    if find_viewer() is None:
        leave()


def is_phone() -> bool:
    """Whether the browser says that it is one of a telephone, where a long list stands in the way of what comes after it."""
    return "Mobi" in st.context.headers.get("User-Agent", "")


def limit_days() -> int:
    """The limit for updates where no subtree has one of its own."""
    return settings().inspection.limit_days


def sees_everything(viewer: Viewer) -> bool:
    """Whether the whole tree is this viewer's, new roots included; an import by anybody else stays within his subtrees."""
    return viewer.person.role in WHOLE_TREE


def granted(person: Person) -> Scope:
    """The roots that were given to somebody by name."""
    with reading(settings().database.path) as db:
        return people.granted_scope(db, person.id)
