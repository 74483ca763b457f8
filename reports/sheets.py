"""One sheet of an Excel file, row after row in constant memory: a heading that stays, filters, formats, a chart."""

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.cells import RISKY, clean, letters, plain_cell
from reports.sheet_charts import Drawn, draw

WRAP_TO, SAMPLE, PAGE_WIDTH, HEAD_HEIGHT = 400, 500, 190, 32
WIDEST, NARROWEST = 60, 9
"""Widths in letters; longer texts than WRAP_TO stay on one line, so that no row fills a screen; rows that are measured;
letters on a printed page; points of two lines."""

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
START = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel knows no zones
MAKER = "政务新媒体矩阵管理台"


def new_book(target: Any, made_by: str = "") -> Workbook:
    """A workbook that goes into a file or a stream as it is written; `made_by` stands in its properties."""
    book = Workbook(target, OPTIONS)
    book.set_properties({"author": made_by or MAKER, "company": MAKER})
    return book


class Sheet:
    """A sheet that takes rows in order; `close()` sets what depends on how many there were. No cell is ever a formula."""

    def __init__(self, book: Workbook, title: str, labels: Sequence[str], shares: Sequence[bool], sizes: Sequence[float]) -> None:
        self.book, self.labels, self.shares, self.sizes = book, [clean(label) for label in labels], shares, sizes
        self.sheet: Worksheet = book.add_worksheet(title)
        self.pens = Pens(book)
        self.rows = 0
        self.sheet.freeze_panes(1, 0)
        self.sheet.set_row(0, HEAD_HEIGHT)
        head = book.add_format({"bold": True, "bg_color": "#E3ECF6", "text_wrap": True, "valign": "top"})
        for place, label in enumerate(self.labels):
            self.sheet.write_string(0, place, label, head)

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        """Rows of values as `reports.cells.rows_of` gives them."""
        sheet, text, other, number = self.sheet, self.pens.text, self.pens.other, self.rows
        for row in rows:
            number += 1
            for place, value in enumerate(row):
                if type(value) is str:
                    sheet.write_string(number, place, value, text(value))
                elif value is not None:
                    form = other(value, self.shares[place])
                    sheet.write_number(number, place, serial(value) if isinstance(value, date) else value, form)
        self.rows = number

    def close(self, drawn: Drawn | None = None) -> None:
        sheet, last = self.sheet, len(self.labels) - 1
        for place, size in enumerate(self.sizes):
            sheet.set_column(place, place, size)
        if self.labels:
            sheet.autofilter(0, 0, self.rows, last)
        sheet.set_landscape()
        sheet.set_paper(9)
        # Squeezed onto one page a wide sheet cannot be read: it goes over several, its first column on each.
        sheet.fit_to_pages(max(1, math.ceil(sum(self.sizes) / PAGE_WIDTH)), 0)
        sheet.repeat_rows(0)
        if last > 0:
            sheet.repeat_columns(0, 0)
        sheet.set_footer("&C第&P页，共&N页")
        if drawn is not None:
            sheet.insert_chart(1, last + 2, draw(self.book, sheet.get_name(), self.labels, self.rows, drawn))


def serial(moment: date) -> float:
    """A day or a time as Excel counts: days since the end of 1899 (true from March 1900 on)."""
    if isinstance(moment, datetime):
        return (moment - START).total_seconds() / 86400
    return (moment - START.date()).days


class Pens:
    """The formats of a book, one for each kind of value."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.made: dict[tuple[str, bool, bool], Format] = {}
        self.plain, self.long = self.form("General", True, False), self.form("General", False, False)

    def text(self, value: str) -> Format:
        is_wrapped = len(value) <= WRAP_TO
        if RISKY.match(value):
            return self.form("@", is_wrapped, True)
        return self.plain if is_wrapped else self.long

    def other(self, value: Any, is_share: bool) -> Format:
        if isinstance(value, datetime):
            return self.form("yyyy-mm-dd hh:mm:ss", False, False)
        if isinstance(value, date):
            return self.form("yyyy-mm-dd", False, False)
        if is_share and isinstance(value, float):
            return self.form("0%" if round(value * 100, 2).is_integer() else "0.00%", False, False)
        return self.form("0" if isinstance(value, int) and not is_share else "General", False, False)

    def form(self, number: str, is_wrapped: bool, is_guarded: bool) -> Format:
        key = (number, is_wrapped, is_guarded)
        if key not in self.made:
            given: dict[str, Any] = {"valign": "top"} | ({"text_wrap": True} if is_wrapped else {})
            given |= {"num_format": number} if number != "General" else {}
            self.made[key] = self.book.add_format(given | ({"quote_prefix": True} if is_guarded else {}))
        return self.made[key]


def widths(labels: Sequence[str], rows: Sequence[Sequence[Any]], shares: Sequence[bool]) -> list[float]:
    """Letters that each column needs, by its first rows and half its heading, which takes two lines."""
    needed = []
    for place, label in enumerate(labels):
        cells = (str(plain_cell(row[place], shares[place])) for row in rows[:SAMPLE])
        longest = max((letters(line) for cell in cells for line in cell.split("\n")), default=0)
        needed.append(float(min(WIDEST, max(NARROWEST, longest + 3, letters(clean(label)) / 2 + 4))))
    return needed
