"""Tables as files, CSV and Excel: the same rows as on the screen, safe to open, nothing rounded and nothing executed."""

import csv
import re
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from io import BytesIO, StringIO
from pathlib import Path
from typing import IO

import pandas as pd
from xlsxwriter import Workbook

from reports.cells import clean, columns_of, guard, plain_cell, rows_of, shares_of, value_of
from reports.sheet_charts import pick
from reports.sheets import SAMPLE, Sheet, new_book, widths

__all__ = ["ABOUT", "CSV_TYPE", "XLSX_TYPE", "clean", "csv_file", "guard", "to_csv", "to_xlsx", "value_of", "xlsx_file"]

ABOUT = "说明"
CSV_TYPE = "text/csv"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LAST_ROW = 1_048_576
"""Rows of a sheet that Excel opens."""

PART = ".part"
"""How the name of a file ends that is still being written, or whose writer was killed."""

NAMES_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
MADE_BY = "导出人"


def to_csv(frame: pd.DataFrame) -> bytes:
    """UTF-8 with a mark, which Excel and WPS need; every text in quotes.

    A text that a spreadsheet would take for a formula or a number gets an apostrophe in front, and nothing else does.
    """
    target = StringIO(newline="")
    write_csv(target, [frame])
    return target.getvalue().encode("utf-8-sig")


def write_csv(target: IO[str], portions: Iterable[pd.DataFrame]) -> int:
    """Portions with the same columns as one table; gives the number of rows."""
    writer = csv.writer(target, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    rows = 0
    for number, frame in enumerate(portions):
        if number == 0:
            writer.writerow([guard(clean(str(label))) for label in frame.columns])
        shares = shares_of(frame)
        columns = [
            [guard(cell) if type(cell) is str else plain_cell(cell, share) for cell in column]
            for column, share in zip(columns_of(frame), shares, strict=True)
        ]
        writer.writerows(zip(*columns, strict=True))
        rows += len(frame)
    return rows


def csv_file(path: Path, portions: Iterable[pd.DataFrame]) -> int:
    """The same into a file that appears when it is whole, and not before; gives the number of rows."""
    with whole(path) as part, part.open("w", encoding="utf-8-sig", newline="") as target:
        return write_csv(target, portions)


def to_xlsx(sheets: Mapping[str, pd.DataFrame], about: Mapping[str, str], last_row: int = LAST_ROW) -> bytes:
    """A workbook: each frame a sheet, with a chart where it is a series over time or a ranking, then 说明 with what the figures
    are, of whom, when, by whom.

    Rows beyond `last_row` are left out, and 说明 says so. No cell is ever a formula.
    """
    content = BytesIO()
    book = new_book(content, about.get(MADE_BY, ""))
    notes = dict(about)
    taken: set[str] = {ABOUT.casefold()}
    for name, frame in sheets.items():
        title = sheet_name(name, taken)
        kept = frame.iloc[: last_row - 1]
        if len(kept) < len(frame):
            notes[f"“{title}”未写全"] = too_long(len(frame), last_row)
        rows, shares = list(rows_of(kept)), shares_of(kept)
        labels = [str(label) for label in kept.columns]
        sheet = Sheet(book, title, labels, shares, widths(labels, rows, shares))
        sheet.add(rows)
        sheet.close(pick(rows, shares))
    write_about(book, notes)
    book.close()
    return content.getvalue()


def xlsx_file(
    path: Path, name: str, portions: Iterable[pd.DataFrame], about: Callable[[int], Mapping[str, str]], last_row: int = LAST_ROW
) -> int:
    """One long table in portions and its 说明, in constant memory, into a file that appears when it is whole.

    `about` is told the number of rows when it is known. Gives that number; rows beyond `last_row` are counted and not written.
    """
    with whole(path) as part:
        book, sheet, rows = new_book(str(part)), None, 0
        try:
            for frame in portions:
                shares = shares_of(frame)
                if sheet is None:
                    labels = [str(label) for label in frame.columns]
                    sizes = widths(labels, list(rows_of(frame.head(SAMPLE))), shares)
                    sheet = Sheet(book, sheet_name(name, {ABOUT}), labels, shares, sizes)
                room = max(0, last_row - 1 - rows)
                sheet.add(rows_of(frame.iloc[:room]))
                rows += len(frame)
            if sheet is not None:
                sheet.close()
            notes = dict(about(rows))
            if rows > last_row - 1:
                notes[f"“{name}”未写全"] = too_long(rows, last_row)
            book.set_properties({"author": notes.get(MADE_BY, "")})
            write_about(book, notes)
        finally:
            book.close()
    return rows


@contextmanager
def whole(path: Path) -> Generator[Path]:
    """Where to write a file that shall be there whole or not at all: beside it, renamed at the end, dropped on any failure."""
    part = path.with_name(path.name + PART)
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_about(book: Workbook, notes: Mapping[str, str]) -> None:
    sheet = Sheet(book, ABOUT, ["项目", "内容"], [False, False], (18, 100))
    sheet.add([[clean(str(label)), clean(str(words))] for label, words in notes.items()])
    sheet.close()


def too_long(rows: int, last_row: int) -> str:
    return f"共{rows}行，超出 Excel 一张表的上限，只写入前{last_row - 1}行；请缩小范围分次导出，或下载 CSV。"


def sheet_name(name: str, taken: set[str]) -> str:
    """A name that Excel takes, used once: 31 letters, no brackets, slashes, colons, marks or quotes."""
    stem = NAMES_FORBIDDEN.sub("_", clean(name).replace("\n", " ")).strip()[:28] or "数据"
    title, number = stem, 1
    while title.casefold() in taken or title.casefold() == "history":
        number += 1
        title = f"{stem}_{number}"
    taken.add(title.casefold())
    return title
