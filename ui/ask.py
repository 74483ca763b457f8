"""The one cached door from pages to storage, and the one way in which a page changes something."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar, cast

import pandas as pd
import streamlit as st

from matrix.people import Right
from storage import journal, requests
from storage.database import open_writer, writing
from storage.idle import reading
from ui import freshness, signin

T = TypeVar("T")
REFUSALS = (ValueError, PermissionError)
"""What a verb of storage raises to say no; the text is a sentence for the person."""


def name_of(question: Callable[..., Any]) -> str:
    """The full name, because two questions may look alike."""
    return f"{question.__module__}.{getattr(question, '__qualname__', repr(question))}"


@st.cache_resource(ttl=600, max_entries=500, show_spinner=False)
def _answer(  # what is not used in the body makes the key
    name: str,  # noqa: ARG001
    scope: tuple[int, ...],
    filters: tuple[tuple[str, Any], ...],
    version: str,  # noqa: ARG001
    file: str,  # noqa: ARG001
    _path: Path,
    _question: Callable[..., Any],
) -> Any:
    with reading(_path) as db:
        return _question(db, scope, **dict(filters))


def here() -> tuple[tuple[int, ...], str, str, Path]:
    """For whom and as of which writing an answer is shared: the viewer's scope, the version and the identity of the file."""
    viewer = signin.require()
    path = signin.settings().database.path
    file = freshness.file_of(path)
    with reading(path) as db:
        return viewer.scope, freshness.version_for(db, file, viewer.person.login), file, path


def ask(question: Callable[..., Any], **filters: Any) -> Any:
    """The answer of a storage question for this viewer's scope, shared until somebody writes; see `freshness`.

    The scope is read here and handed in, so that no page can forget it and no viewer gets another one's rows.
    """
    scope, version, file, path = here()
    return own(_answer(name_of(question), scope, tuple(sorted(filters.items())), version, file, path, question))


@st.cache_resource(ttl=600, max_entries=300, show_spinner=False)
def _shape(
    name: str,  # noqa: ARG001
    scope: tuple[int, ...],  # noqa: ARG001
    filters: tuple[tuple[str, Any], ...],
    version: str,  # noqa: ARG001
    file: str,  # noqa: ARG001
    _make: Callable[..., Any],
) -> Any:
    return _make(**dict(filters))


def shaped(make: Callable[..., T], **filters: Any) -> T:
    """What a page makes out of answers, made once for everybody who would get the same: `make` asks by itself, and does nothing
    but that which follows from the answers and its `filters`. Tables in it are the caller's own, as those of `ask` are."""
    scope, version, file, _ = here()
    return cast("T", own(_shape(name_of(make), scope, tuple(sorted(filters.items())), version, file, make)))


def own(answer: Any) -> Any:
    """The answer as this page's own: what it writes into a table is nobody else's, and nothing is copied until it writes.

    Holds for tables, by themselves or as fields of a dataclass, in tuples, lists and dicts; all else in answers is not changed.
    """
    if isinstance(answer, pd.DataFrame | pd.Series):
        return answer.copy(deep=False)
    if isinstance(answer, dict):
        return {key: own(one) for key, one in answer.items()}
    if isinstance(answer, list):
        return [own(one) for one in answer]
    if type(answer) is tuple:
        return tuple(own(one) for one in answer)
    if is_dataclass(answer) and not isinstance(answer, type):
        tables = {name: one for name, one in vars_of(answer) if isinstance(one, pd.DataFrame | pd.Series)}
        return replace(answer, **{name: own(one) for name, one in tables.items()}) if tables else answer
    return answer


def vars_of(answer: Any) -> list[tuple[str, Any]]:
    return [(one.name, getattr(answer, one.name)) for one in fields(answer) if one.init]


def fresh(question: Callable[..., Any], viewer: signin.Viewer | None = None, **filters: Any) -> Any:
    """The same, asked anew each time: for what somebody is about to act on.

    `viewer` is one whom this very run has asked for already; checking him again costs more than most questions.
    """
    viewer = viewer or signin.require()
    with reading(signin.settings().database.path) as db:
        return question(db, viewer.scope, **filters)


def consult(question: Callable[..., Any], *rights: Right, **filters: Any) -> Any:
    """The answer of a question about the installation itself, which knows no scope: never shared, and only with a right."""
    signin.require(*rights)
    with reading(signin.settings().database.path) as db:
        return question(db, **filters)


def act(
    right: Right,
    words: str,
    verb: Callable[..., Any],
    *args: Any,
    subject: str = "",
    detail: str = "",
    detail_of: Callable[[Any], str] | None = None,
    **named: Any,
) -> Any:
    """Change something through one storage verb, in one transaction with its line in the journal.

    `detail_of` makes the words of the line from what the verb answered.
    """
    viewer = signin.require(right, anew=True)
    person, address, moment = viewer.person.login, viewer.address, signin.wall_now()
    with closing(open_writer(signin.settings().database.path)) as db:
        try:
            with writing(db):
                result = verb(db, *args, **named)
                told = detail_of(result) if detail_of else detail
                journal.note(db, at=moment, actor=person, act=words, subject=subject, detail=told, address=address)
        except REFUSALS as error:
            why = f"{detail} {error}".strip()
            refused = journal.REFUSED
            journal.note(db, at=moment, actor=person, act=words, subject=subject, detail=why, outcome=refused, address=address)
            raise
    freshness.note_act(person)
    return result


def touch(right: Right, verb: Callable[..., Any], *args: Any, **named: Any) -> Any:
    """Leave a trace that is no act and no line of the journal, such as who is looking at a case now."""
    viewer = signin.require(right, anew=True)
    with closing(open_writer(signin.settings().database.path)) as db, writing(db):
        result = verb(db, *args, **named)
    freshness.note_act(viewer.person.login)
    return result


def request(right: Right, words: str, verb: str, payload: dict[str, Any], subject: str = "", detail: str = "") -> int:
    """Leave a request for the worker, which answers in its row; noted in the journal."""
    viewer = signin.require(right, anew=True)
    with closing(open_writer(signin.settings().database.path)) as db:
        number = requests.ask(db, verb, payload, viewer.person.login, signin.exact_now())
        journal.note(
            db,
            at=signin.wall_now(),
            actor=viewer.person.login,
            act=words,
            subject=subject,
            detail=f"请求{number} {detail}".strip(),
            address=viewer.address,
        )
    return number
