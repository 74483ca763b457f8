"""Reads Excel workbooks (xlsx, and the old xls that WeChat's back office still writes) as a stream, bombs refused first."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import time
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
import xlrd

from collectors.files.rows import Cell, FileError, RowFault
from collectors.files.tables import HEADER_WITHIN, MOST_COLUMNS, TOO_LONG, Row, column_names, excerpt, header_row, named

LARGEST_PART = 1 << 30
LARGEST_SHARED = 192 << 20
LARGEST_XLS = 128 << 20
LARGEST_RATIO = 400
"""Real sheets unpack to 10 to 50 times their size; a bomb to a thousand."""

BLANKS_TO_STOP = 2000
"""Formatted but empty rows may go down to row 1,048,576; after so many of them the sheet is over."""

FORBIDDEN_XML = re.compile(rb"<!\s*(DOCTYPE|ENTITY)|<\0!\0(D\0O\0C|E\0N\0T)|\0<\0!\0(D\0O\0C|E\0N\0T)", re.I)
OWN_SHEETS = ("说明", "填写说明", "选项", "示例")
DAMAGED = "Excel文件已损坏，无法读取：请在Excel里打开后另存为xlsx再导入"


def check_workbook(path: Path) -> None:
    """Refuse archives that unpack to far more than a sheet does, and XML that defines entities, before anything parses them."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            size = sum(part.file_size for part in parts)
            packed = max(1, sum(part.compress_size for part in parts))
            if len(parts) > 10_000 or size > LARGEST_PART or (size > 50 << 20 and size / packed > LARGEST_RATIO):
                raise FileError("Excel文件解开后过大，可能是恶意文件，已拒绝：数据很多时请改用CSV")
            for part in parts:
                if "sharedStrings" in part.filename and part.file_size > LARGEST_SHARED:
                    raise FileError("Excel文件里的文字过多，无法一次读入：请改用CSV")
                if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _check_xml(archive, part)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise FileError("Excel文件已损坏或设有打开密码：请在Excel里去掉密码、另存为xlsx再导入") from error


def _check_xml(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(1 << 20):
            if FORBIDDEN_XML.search(tail + chunk):
                raise FileError("Excel文件里有不允许的XML实体定义，已拒绝：请在Excel里打开后另存为xlsx再导入")
            tail = chunk[-32:]


class SheetTable:
    """One sheet, opened anew for every pass; line numbers are the sheet's row numbers."""

    form = "Excel工作表"

    def __init__(self, name: str, rows: Iterator[Sequence[Cell]], total: int) -> None:
        self.name, self.total, self.done = name, total, 0
        self._rows = rows
        self._head = [list(row[:MOST_COLUMNS]) for row in islice(rows, HEADER_WITHIN + 30)]
        self._header_at = header_row(self._head)
        self.columns = column_names(self._head[self._header_at]) if self._head else ()

    def rows(self) -> Iterator[Row | RowFault]:
        blanks = 0
        for line, cells in enumerate(self._all(), 1):
            self.done = line
            if line <= self._header_at + 1:
                continue
            cells = [_plain(cell) for cell in cells[:MOST_COLUMNS]]
            if not any(cell is not None and cell != "" for cell in cells):
                blanks += 1
                if blanks > BLANKS_TO_STOP:
                    return
                continue
            blanks = 0
            row = named(self.columns, cells)
            yield RowFault(line, TOO_LONG, excerpt(cells)) if row is None else (line, row)

    def _all(self) -> Iterator[Sequence[Cell]]:
        yield from self._head
        try:
            yield from self._rows
        except FileError:
            raise
        except Exception as error:  # the parsers raise anything from struct.error to AssertionError on damaged files
            raise FileError(DAMAGED) from error

    def close(self) -> None:
        self._rows = iter(())


def _plain(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return cell.strip()
    return cell.isoformat() if isinstance(cell, time) else cell


def open_xlsx(path: Path) -> list[SheetTable]:
    """The sheets of a workbook that hold anything; formulas come as the values that Excel last computed."""
    check_workbook(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
        tables = []
        for sheet in book.worksheets:
            if sheet.title.strip() in OWN_SHEETS:
                continue
            total = sheet.max_row or 0
            sheet.reset_dimensions()  # some tools state a wrong extent, and rows outside it would be lost
            table = SheetTable(sheet.title, iter(sheet.iter_rows(values_only=True)), total)
            if table.columns:
                tables.append(table)
    except FileError:
        raise
    except Exception as error:  # openpyxl raises KeyError, ValueError, ParseError … on damaged workbooks
        raise FileError(DAMAGED) from error
    if not tables:
        raise FileError("工作簿是空的，没有可导入的行")
    return tables


def open_xls(path: Path) -> list[SheetTable]:
    """The sheets of an old binary workbook."""
    if path.stat().st_size > LARGEST_XLS:
        raise FileError("xls文件过大：请在Excel里另存为xlsx或CSV再导入")
    try:
        book = xlrd.open_workbook(str(path), logfile=_Silent(), on_demand=True, ragged_rows=True)
        tables = [
            SheetTable(name, _xls_rows(book, book.sheet_by_name(name)), book.sheet_by_name(name).nrows)
            for name in book.sheet_names()
            if name.strip() not in OWN_SHEETS
        ]
    except Exception as error:  # xlrd raises anything from struct.error to AssertionError on damaged files
        reason = "设有打开密码，请先去掉密码" if "ncrypt" in str(error) else "已损坏，无法读取"
        raise FileError(f"xls文件{reason}：请在Excel里打开后另存为xlsx再导入") from error
    tables = [table for table in tables if table.columns]
    if not tables:
        raise FileError("工作簿是空的，没有可导入的行")
    return tables


def _xls_rows(book: Any, sheet: Any) -> Iterator[list[Cell]]:
    for place in range(sheet.nrows):
        cells: list[Cell] = []
        for cell in sheet.row(place):
            if cell.ctype == xlrd.XL_CELL_DATE:
                cells.append(xlrd.xldate_as_datetime(cell.value, book.datemode))
            elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
                cells.append(bool(cell.value))
            elif cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_ERROR):
                cells.append(None)
            else:
                cells.append(cell.value)
        yield cells


class _Silent:
    """Where xlrd's remarks on odd files go."""

    def write(self, text: str) -> None: ...

    def flush(self) -> None: ...
