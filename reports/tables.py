"""Tables as files, CSV and Excel: the same rows as on the screen, safe to open, nothing rounded and nothing executed."""

import csv
import math
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from reports.cells import clean, guard, letters, plain_cell, rows_of, shares_of, value_of

__all__ = ["ABOUT", "CSV_TYPE", "XLSX_TYPE", "clean", "guard", "to_csv", "to_xlsx", "value_of"]

ABOUT = "说明"
CSV_TYPE = "text/csv"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LAST_ROW = 1_048_576
"""Rows of a sheet that Excel opens."""

NAMES_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
TOP, WRAPPED = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)
WIDEST, NARROWEST, WRAP_TO, SAMPLE, PAGE_WIDTH, HEAD_HEIGHT = 60, 9, 400, 500, 190, 32
"""Widths in letters; longer texts than WRAP_TO stay on one line, so that no row fills a screen; rows that are measured;
letters on a printed page; points of two lines."""


def to_csv(frame: pd.DataFrame) -> bytes:
    """UTF-8 with a mark, which Excel and WPS need; every text in quotes.

    A text that a spreadsheet would take for a formula or a number gets an apostrophe in front, and nothing else does.
    """
    target = StringIO(newline="")
    writer = csv.writer(target, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([guard(clean(str(label))) for label in frame.columns])
    shares = shares_of(frame)
    for row in rows_of(frame):
        writer.writerow([plain_cell(cell, share) for cell, share in zip(row, shares, strict=True)])
    return target.getvalue().encode("utf-8-sig")


def to_xlsx(sheets: Mapping[str, pd.DataFrame], about: Mapping[str, str], last_row: int = LAST_ROW) -> bytes:
    """A workbook: each frame a sheet, then 说明 with what the figures are, of whom, when, by whom.

    Rows beyond `last_row` are left out, and 说明 says so. No cell is ever a formula.
    """
    book = Workbook(write_only=True)
    book.properties.creator = "政务新媒体矩阵管理台"
    notes = dict(about)
    taken: set[str] = {ABOUT.casefold()}
    for name, frame in sheets.items():
        title = sheet_name(name, taken)
        if len(frame) > last_row - 1:
            notes[f"“{title}”未写全"] = (
                f"共{len(frame)}行，超出 Excel 一张表的上限，只写入前{last_row - 1}行；请缩小范围分次导出，或下载 CSV。"
            )
        write_sheet(book, title, frame.iloc[: last_row - 1])
    frame = pd.DataFrame({"项目": list(notes), "内容": list(notes.values())}, dtype=object)
    write_sheet(book, ABOUT, frame, (18, 100))
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def sheet_name(name: str, taken: set[str]) -> str:
    """A name that Excel takes, used once: 31 letters, no brackets, slashes, colons, marks or quotes."""
    stem = NAMES_FORBIDDEN.sub("_", clean(name).replace("\n", " ")).strip()[:28] or "数据"
    title, number = stem, 1
    while title.casefold() in taken or title.casefold() == "history":
        number += 1
        title = f"{stem}_{number}"
    taken.add(title.casefold())
    return title


def write_sheet(book: Workbook, title: str, frame: pd.DataFrame, wide: Iterable[int] = ()) -> None:
    """One sheet: heading that stays, a filter on every column, widths after the content, printed on landscape pages."""
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    columns = frame.shape[1]
    if columns:
        last = get_column_letter(columns)
        sheet.auto_filter.ref = f"A1:{last}{len(frame) + 1}"
    sizes = list(wide) or widths(frame)
    for number, width in enumerate(sizes, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.row_dimensions[1].height = HEAD_HEIGHT
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", "9"
    # Squeezed onto one page a wide sheet cannot be read: it goes over several, its first column on each.
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = max(1, math.ceil(sum(sizes) / PAGE_WIDTH)), 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    if columns > 1:
        sheet.print_title_cols = "A:A"
    sheet.print_title_rows = "1:1"
    sheet.oddFooter.center.text = "第&P页，共&N页"
    bold, fill = Font(bold=True), PatternFill("solid", fgColor="E3ECF6")
    heads = []
    for label in frame.columns:
        head = WriteOnlyCell(sheet, clean(str(label)))
        head.data_type, head.font, head.fill, head.alignment = "s", bold, fill, WRAPPED
        heads.append(head)
    sheet.append(heads)
    pens = [Pen(sheet, is_share) for is_share in shares_of(frame)]
    for row in rows_of(frame):
        sheet.append([pen.write(cell) for pen, cell in zip(pens, row, strict=True)])


class Pen:
    """Writes the cells of one column; it keeps one styled cell for each kind of value, because styling is what costs time."""

    def __init__(self, sheet: Any, is_share: bool) -> None:
        self.sheet = sheet
        self.is_share = is_share
        self.cells: dict[tuple[str, bool, bool], Any] = {}

    def write(self, value: Any) -> Any:
        if value is None:
            return None
        is_text = isinstance(value, str)
        is_wrapped = is_text and len(value) <= WRAP_TO
        is_guarded = is_text and guard(value) != value
        cell = self.cell(self.format_of(value), is_wrapped, is_guarded)
        cell.value = value
        if is_text:
            cell.data_type = "s"
        return cell

    def format_of(self, value: Any) -> str:
        if isinstance(value, str):
            return "General"
        if isinstance(value, datetime):
            return "yyyy-mm-dd hh:mm:ss"
        if isinstance(value, date):
            return "yyyy-mm-dd"
        if isinstance(value, int):
            return "0"
        if self.is_share:
            return "0%" if round(value * 100, 2).is_integer() else "0.00%"
        return "General"

    def cell(self, form: str, is_wrapped: bool, is_guarded: bool) -> Any:
        key = (form, is_wrapped, is_guarded)
        if key not in self.cells:
            made = WriteOnlyCell(self.sheet)
            made.number_format = "@" if is_guarded else form
            made.alignment = WRAPPED if is_wrapped else TOP
            made.quotePrefix = is_guarded
            self.cells[key] = made
        return self.cells[key]


def widths(frame: pd.DataFrame) -> list[float]:
    """Letters that each column needs, by its first rows and half its heading, which takes two lines."""
    rows = [
        [plain_cell(cell, share) for cell, share in zip(row, shares_of(frame), strict=True)]
        for row in rows_of(frame.head(SAMPLE))
    ]
    needed = []
    for place, label in enumerate(frame.columns):
        longest = max((letters(line) for row in rows for line in str(row[place]).split("\n")), default=0)
        needed.append(float(min(WIDEST, max(NARROWEST, longest + 3, letters(clean(str(label))) / 2 + 4))))
    return needed
