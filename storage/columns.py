"""Whole columns of numbers out of SQL into arrays: each comes as one text, several times faster than row by row."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

IN_ONE_TEXT = "group_concat({})"
"""The one expression of it that the engines write differently: string_agg(CAST({} AS TEXT), ',') on PostgreSQL."""


TEXTS_IN_ONE = "group_concat({}, char(10))"
"""The same of texts without line feeds: string_agg({}, chr(10)) on PostgreSQL."""


def integers(
    db: sqlite3.Connection, expressions: Sequence[str], rest: str, values: Mapping[str, int | str]
) -> list[NDArray[np.int64]]:
    """The integer expressions of all rows of `rest` ("FROM … WHERE …"), one int64 array each, rows in the same order in all.

    One pass feeds all aggregates, so their order is the same. An expression must never be NULL: the aggregate would pass
    over it and the columns would no longer match, which raises ValueError. Measured on 370,000 rows of three columns: 0.1 s,
    against 0.3 s for fetching the rows and making arrays of them.
    """
    wanted = ", ".join(IN_ONE_TEXT.format(one) for one in expressions)
    texts = db.execute(f"SELECT {wanted} {rest}", values).fetchone()
    # Only the binary mode of `fromstring` is deprecated; nothing else in numpy parses text at this speed.
    columns = [np.fromstring(text or "", dtype=np.int64, sep=",") if text else np.zeros(0, np.int64) for text in texts]
    if len({len(column) for column in columns}) > 1:
        raise ValueError("a column holds NULL")
    return columns


def words_and_integers(
    db: sqlite3.Connection, word: str, expressions: Sequence[str], rest: str, values: Mapping[str, Any]
) -> tuple[list[str], list[NDArray[np.int64]]]:
    """A column of texts, neither NULL nor with line feeds, and columns of integers beside it, rows in the same order in all."""
    wanted = ", ".join([TEXTS_IN_ONE.format(word), *(IN_ONE_TEXT.format(one) for one in expressions)])
    text, *numbers = db.execute(f"SELECT {wanted} {rest}", values).fetchone()
    if text is None:
        return [], [np.zeros(0, np.int64) for _ in expressions]
    words = text.split("\n")
    columns = [np.fromstring(one, dtype=np.int64, sep=",") for one in numbers]
    if any(len(column) != len(words) for column in columns):
        raise ValueError("a column holds NULL or a line feed")
    return words, columns
