"""What a page makes out of an answer, made once for everybody who gets the same answer: a figure costs more than its question."""

import pickle
from collections.abc import Callable
from functools import wraps
from hashlib import blake2b
from types import SimpleNamespace
from typing import Any, TypeVar, cast

import streamlit as st

T = TypeVar("T")


@st.cache_resource(ttl=300, max_entries=300, show_spinner=False)
def _made(name: str, digest: str, _make: Callable[..., Any], _args: Any, _named: Any) -> Any:  # noqa: ARG001 - they are the key
    return _make(*_args, **_named)


def once(make: Callable[..., Any]) -> Callable[..., Any]:
    """The same pure function, which makes a thing once for equal arguments; nobody may change what it gave."""

    def kept(*args: Any, **named: Any) -> Any:
        digest = blake2b(pickle.dumps((args, named), protocol=pickle.HIGHEST_PROTOCOL), digest_size=20).hexdigest()
        return _made(f"{make.__module__}.{getattr(make, '__qualname__', make)}", digest, make, args, named)

    return kept


def figures(module: T) -> T:
    """The public functions of a module of charts, each drawing a figure once for equal tables."""
    made = {name: once(plain(make)) for name, make in vars(module).items() if callable(make) and not name.startswith("_")}
    return cast("T", SimpleNamespace(**made))


def plain(make: Callable[..., Any]) -> Callable[..., Any]:
    """The same, but a figure is told as plain values once: its own way of telling them copies everything each time."""

    @wraps(make)
    def draw(*args: Any, **named: Any) -> Any:
        figure = make(*args, **named)
        if hasattr(figure, "to_dict"):
            told = figure.to_dict()
            figure.to_dict = lambda: told
        return figure

    return draw
