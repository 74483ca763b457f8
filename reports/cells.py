"""What a cell of an exported table holds: cleaned texts, numbers of at most 15 digits, Beijing times; the same in every file."""

import math
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from storage.moments import BEIJING

LONGEST = 32_767
CUT = "……(已截断)"
"""Excel's own limit of a cell, in UTF-16 units; what is cut says so."""

SHARES = ("率", "占比", "完整度")
"""Columns of floats whose heading ends so hold parts of a whole, 0 to 1, and are written as per cent."""

RISKY = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]|[\t\r]|(?:\d{12,}|0\d+|\d+(?:\.\d+)?[eE][+-]?\d+)\Z")
"""A beginning that a spreadsheet takes for a formula (OWASP, CSV injection; full-width signs work in Chinese editions), or a
code that it would round (15 digits are kept), show as 4.9E+18, or strip of its leading zeros."""

FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
UNCLEAN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
LARGEST_NUMBER = 10**15


def clean(text: str) -> str:
    """A text that every reader takes: no control signs, no half surrogates, one kind of line end, no longer than a cell."""
    if len(text) <= LONGEST // 2 and not UNCLEAN.search(text):
        return text
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    tidy = FORBIDDEN.sub("", whole.replace("\r\n", "\n").replace("\r", "\n"))
    units = tidy.encode("utf-16-le")
    if len(units) <= 2 * LONGEST:
        return tidy
    return units[: 2 * (LONGEST - len(CUT))].decode("utf-16-le", "ignore") + CUT


def cell_of(raw: Any, is_share: bool) -> str | int | float | datetime | date | None:
    """The same, with shares rounded to a hundredth of a per cent and whole numbers without a point."""
    cell = value_of(raw)
    return tidy(cell, is_share) if isinstance(cell, float) else cell


def value_of(raw: Any) -> str | int | float | datetime | date | None:
    """What a cell holds: text, number, Beijing time without a zone, or nothing.

    A spreadsheet keeps 15 digits of a number: longer integers are ids and become text, floats are rounded to that.
    """
    value = raw.item() if isinstance(raw, np.generic) else raw
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int):
        return value if abs(value) < LARGEST_NUMBER else str(value)
    if isinstance(value, float):
        kept = float(f"{value:.15g}")
        return kept if math.isfinite(kept) else None
    if isinstance(value, datetime):
        moment = value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
        local = moment.astimezone(BEIJING).replace(tzinfo=None) if moment.tzinfo else moment
        return local.replace(microsecond=0)
    return value if isinstance(value, date) else clean(str(value))


def rows_of(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Row by row what the cells hold."""
    yield from zip(*columns_of(frame), strict=True)


def columns_of(frame: pd.DataFrame) -> list[list[Any]]:
    """Column by column what the cells hold; several times faster than cell by cell, and the same."""
    return [
        [clean(raw) if type(raw) is str else cell_of(raw, share) for raw in frame.iloc[:, place].tolist()]
        for place, share in enumerate(shares_of(frame))
    ]


def shares_of(frame: pd.DataFrame) -> list[bool]:
    return [str(label).endswith(SHARES) for label in frame.columns]


def tidy(number: float, is_share: bool) -> float | int:
    if is_share:
        return round(number, 4)
    return int(number) if abs(number) < LARGEST_NUMBER and number == int(number) else number


def guard(text: str) -> str:
    return f"'{text}" if RISKY.match(text) else text


def plain_cell(cell: Any, is_share: bool) -> Any:
    """A cell for CSV."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}"
    if is_share and isinstance(cell, float):
        return f"{cell * 100:.2f}".rstrip("0").rstrip(".") + "%"
    return guard(cell) if isinstance(cell, str) else cell


def letters(text: str) -> int:
    """The width of a text in Latin letters; a Chinese sign is as wide as two."""
    return len(text.encode("gb18030", "replace"))
