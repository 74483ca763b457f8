"""A named question of a report: what it is called in Chinese, and how it is asked again with the same parameters and cut-off."""

import json
import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from reports.cells import clean
from storage.scope import Scope

Params = Mapping[str, Any]
TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Answer:
    """`text` is how it is printed, `value` the same as plain JSON, `rows` how many rows it rests on, `behind` those rows."""

    text: str
    value: Any
    rows: int
    behind: pd.DataFrame = field(default_factory=pd.DataFrame)


class Desk:
    """Asks for one reader as of one cut-off; what several questions rest on is read once."""

    def __init__(self, db: sqlite3.Connection, scope: Scope, cutoff: int) -> None:
        self.db, self.scope, self.cutoff = db, scope, cutoff
        self._kept: dict[str, Any] = {}

    def once(self, name: str, read: Callable[..., Any], **wanted: Any) -> Any:
        """The result of `read(db, scope, **wanted)`, remembered under its name and what was wanted."""
        key = f"{name}{json.dumps(wanted, sort_keys=True, default=str)}"
        if key not in self._kept:
            self._kept[key] = read(self.db, self.scope, **wanted)
        return self._kept[key]


@dataclass(frozen=True, slots=True)
class Question:
    """`words` says what is asked; `read` finds the answer."""

    words: str
    read: Callable[[Desk, Params], Answer]

    def ask(self, desk: Desk, params: Params) -> Answer:
        """The answer in signs that every document takes, so that what is printed, kept and asked again is the same."""
        found = self.read(desk, params)
        return replace(found, text=printable(found.text), value=_printable(found.value))


def printable(text: str) -> str:
    """Without control signs and without marks that turn the direction of writing, behind which a number could hide."""
    return TURNING.sub("", clean(text))


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [_printable(one) for one in value]
    return {name: _printable(one) for name, one in value.items()} if isinstance(value, dict) else value


def table_answer(heads: list[str], cells: list[list[str]], behind: pd.DataFrame) -> Answer:
    """A table whose printed cells are its value, headings first."""
    return Answer(f"{len(cells)}行", [heads, *cells], len(behind), behind)


def chart_answer(labels: list[str], series: Mapping[str, Sequence[float | None]], behind: pd.DataFrame) -> Answer:
    """The points of a chart."""
    return Answer(
        f"{len(labels)}点",
        {"labels": labels, "series": {name: list(points) for name, points in series.items()}},
        len(behind),
        behind,
    )


def records(frame: pd.DataFrame) -> list[Any]:
    """The rows as named tuples."""
    return list(frame.itertuples())
