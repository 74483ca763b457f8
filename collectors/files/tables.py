"""What every kind of file is read as: named tables of rows, each row a line number and its cells by column."""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from collectors.files.rows import Cell, RowFault

Row = tuple[int, dict[str, Cell]]
EXCERPT = 80
LONG_RUN = re.compile(r"(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{9,}")
DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?:T\d{1,2})?")
HEADER_WITHIN = 10
"""Rows at the top among which the header is looked for: exports put titles and empty rows above it."""

MOST_COLUMNS = 512
MARKS_OF_DATA = re.compile(r"\d{1,4}[-/.:年]\d|https?://|.{41,}", re.S)


class Table(Protocol):
    """One table of a file. `rows()` may be called once per opening and streams; `done` of `total` is for a progress bar."""

    name: str
    form: str
    columns: tuple[str, ...]
    total: int

    @property
    def done(self) -> int: ...

    def rows(self) -> Iterator[Row | RowFault]: ...

    def close(self) -> None: ...


def excerpt(cells: Sequence[Cell] | dict[str, Cell]) -> str:
    """How a bad row began, short enough for a report, which is kept: ids, phone numbers and keys show only their beginning."""
    values = cells.values() if isinstance(cells, dict) else cells
    text = ",".join("" if value is None else str(value).strip() for value in values)
    text = re.sub(r"\s+", " ", text).encode("utf-8", "replace").decode()
    text = LONG_RUN.sub(lambda run: run[0] if DATE.fullmatch(run[0]) else f"{run[0][:3]}***", text)
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT]}…"


def header_row(rows: Sequence[Sequence[Cell]]) -> int:
    """Index of the row that names the columns among the first rows of a table.

    It is the first row that is nearly as wide as the widest, holds only short texts, and no text twice.
    """
    widths = [sum(1 for cell in row if _is_filled(cell)) for row in rows[:HEADER_WITHIN]]
    widest = max(widths, default=0)
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        texts = [str(cell).strip() for cell in row if _is_filled(cell)]
        if len(texts) < max(1, 0.6 * widest) or len(set(texts)) < len(texts) * 0.9:
            continue
        if all(isinstance(cell, str) for cell in row if _is_filled(cell)) and not any(map(_looks_like_data, texts)):
            return index
    return next((i for i, width in enumerate(widths) if width), 0)


def _is_filled(cell: Cell) -> bool:
    return cell is not None and str(cell).strip() != ""


def _looks_like_data(text: str) -> bool:
    return bool(MARKS_OF_DATA.search(text)) or text.replace(".", "", 1).isdigit()


def column_names(header: Sequence[Cell]) -> tuple[str, ...]:
    """Names of the columns: trimmed, the nameless called 列3, the repeated ones numbered."""
    cells = list(header)[:MOST_COLUMNS]
    while cells and not _is_filled(cells[-1]):
        cells.pop()
    names: list[str] = []
    for place, cell in enumerate(cells, 1):
        name = re.sub(r"\s+", " ", str(cell).strip().strip("\ufeff*").strip()) if _is_filled(cell) else f"列{place}"
        twin = 2
        while name in names:
            name, twin = f"{name.removesuffix(f'({twin - 1})')}({twin})", twin + 1
        names.append(name)
    return tuple(names)


def named(columns: tuple[str, ...], cells: Sequence[Cell]) -> dict[str, Cell] | None:
    """Cells by column name; missing ones at the end of a short row are empty. None when the row is longer than the header."""
    if len(cells) > len(columns):
        if any(_is_filled(cell) for cell in cells[len(columns) :]):
            return None
        cells = cells[: len(columns)]
    return dict(zip(columns, [*cells, *[""] * (len(columns) - len(cells))], strict=True))


TOO_LONG = "列数多于表头(正文里可能有没加引号的分隔符)"
