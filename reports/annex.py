"""The annex of an inspection as an Excel file to print and send: who failed, by which rule, with what evidence, until when."""

from collections.abc import Mapping
from io import BytesIO
from math import ceil
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from reports.tables import ABOUT, CSV_TYPE, XLSX_TYPE, clean, guard, to_csv, value_of

__all__ = ["CSV_TYPE", "WIDTHS", "XLSX_TYPE", "to_csv", "to_xlsx"]

TITLE = "政务新媒体更新检查问题清单"
WIDTHS = {"序号": 6, "账号": 16, "主办单位": 18, "平台": 11, "问题": 20, "依据": 26, "证据": 50, "整改时限": 12}
"""Letters; together they fill an A4 page on its side at about four fifths of the letter size."""

CENTRED = ("序号", "平台", "整改时限")
HEAD = ("检查时点", "检查范围", "检查结果")
NOTES = ("检查规则", "未纳入合格率", "获知截止", "存证")
BODY, HEADING, LARGE = "宋体", "黑体", 16
LINE_HEIGHT, SLACK = 14, 2
"""Points; letters of a line that stay empty where a long word or a wide sign does not fit."""
THIN = Side(style="thin", color="808080")
TOP_WRAPPED = Alignment(vertical="top", wrap_text=True)
GRID = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)


def to_xlsx(sheets: Mapping[str, pd.DataFrame], about: Mapping[str, str]) -> bytes:
    """A workbook whose first sheet is the annex and whose second says what it was made of.

    The first frame has the columns of WIDTHS, one row for each account that failed; of `about` the lines in HEAD stand above
    the table and those in NOTES below it, as far as they are there. No cell is ever a formula.
    """
    title, frame = next(iter(sheets.items()))
    book = Workbook()
    book.properties.creator = "政务新媒体矩阵管理台"
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title[:31]
    write_across(sheet, 1, TITLE, Font(name=HEADING, size=LARGE, bold=True), Alignment("center", "center"))
    sheet.row_dimensions[1].height = 30
    words = "；".join(f"{name}：{clean(about[name])}" for name in HEAD if about.get(name))
    write_across(sheet, 2, words, Font(name=BODY, size=11), Alignment(vertical="center", wrap_text=True))
    for number, (label, width) in enumerate(WIDTHS.items(), 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
        cell = sheet.cell(3, number, label)
        cell.font, cell.border = Font(name=HEADING, size=11, bold=True), GRID
        cell.fill, cell.alignment = PatternFill("solid", fgColor="E3ECF6"), Alignment("center", "center", wrap_text=True)
    for place, row in enumerate(frame[list(WIDTHS)].itertuples(index=False, name=None), 4):
        write_row(sheet, place, [value_of(raw) for raw in row])
    end = 4 + len(frame)
    for name in NOTES:
        if about.get(name):
            write_across(sheet, end, f"{name}：{clean(about[name])}", Font(name=BODY, size=10), TOP_WRAPPED)
            end += 1
    prepare_print(sheet, end - 1)
    write_about(book, about)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def write_row(sheet: Worksheet, place: int, cells: list[Any]) -> None:
    """One account, as high as its longest cell needs; not every program fits heights by itself."""
    sheet.row_dimensions[place].height = LINE_HEIGHT * max(map(lines_of, cells, WIDTHS.values())) + 4
    for number, (label, value) in enumerate(zip(WIDTHS, cells, strict=True), 1):
        cell = sheet.cell(place, number, value)
        is_text = isinstance(value, str)
        if is_text:
            cell.data_type = "s"  # never a formula
            if guard(value) != value:
                cell.number_format, cell.quotePrefix = "@", True
        cell.font, cell.border = Font(name=BODY, size=10), GRID
        side = "center" if label in CENTRED else None
        cell.alignment = Alignment(side, "center", wrap_text=True)


def lines_of(value: Any, width: int) -> int:
    """How many lines a value fills in a column; a Chinese sign is as wide as two letters, and the last one may not fit."""
    room = max(1.0, width - SLACK)
    return sum(max(1, ceil(len(line.encode("gb18030", "replace")) / room)) for line in str(value).split("\n"))


def write_across(sheet: Worksheet, place: int, words: str, font: Font, alignment: Alignment) -> None:
    """Words over the whole width of the table; programs do not fit the height of joined cells, so it is set here."""
    sheet.merge_cells(start_row=place, end_row=place, start_column=1, end_column=len(WIDTHS))
    cell = sheet.cell(place, 1, words)
    cell.data_type, cell.font, cell.alignment = "s", font, alignment
    sheet.row_dimensions[place].height = LINE_HEIGHT * lines_of(words, sum(WIDTHS.values())) + 4


def prepare_print(sheet: Worksheet, last: int) -> None:
    """A4 on its side, one page wide, the heading on every page, page numbers at the foot."""
    sheet.freeze_panes = "A4"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "3:3"
    sheet.print_area = f"A1:{get_column_letter(len(WIDTHS))}{last}"
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top, sheet.page_margins.bottom = 0.6, 0.7
    sheet.oddFooter.center.text = "第&P页，共&N页"


def write_about(book: Workbook, about: Mapping[str, str]) -> None:
    """Everything that is said of the file: filters, rule, cut-off, who made it and when."""
    notes = book.create_sheet(ABOUT)
    for line in (("项目", "内容"), *about.items()):
        notes.append([clean(str(words)) for words in line])
    for row in notes.iter_rows():
        for cell in row:
            cell.data_type, cell.alignment, cell.font = "s", TOP_WRAPPED, Font(name=BODY, size=11, bold=cell.row == 1)
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 18, 100
    notes.page_setup.orientation, notes.page_setup.paperSize = "landscape", 9
    notes.page_setup.fitToWidth, notes.page_setup.fitToHeight = 1, 0
    notes.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
