"""Reads CSV and its relatives as a stream: separator found, quotes honoured, physical line numbers kept."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from collectors.files.charsets import ENCODING_NAMES, OpenText, read_head
from collectors.files.rows import FileError, RowFault
from collectors.files.tables import HEADER_WITHIN, TOO_LONG, Row, column_names, excerpt, header_row, named

SEPARATORS = {",": "逗号", "\t": "制表符", ";": "分号", "|": "竖线"}
LONGEST_FIELD = 1 << 20
SNIFF_ROWS = 40


class DelimitedTable:
    """A text file with one row per record. Weibo exports are appended to: a second header in the middle takes over from there."""

    name = ""

    def __init__(self, path: Path) -> None:
        csv.field_size_limit(LONGEST_FIELD)
        self.path = path
        self.text = OpenText(path)
        self.total = self.text.total
        head = _without_broken_end(read_head(path)).decode(self.text.encoding, "replace").lstrip("\ufeff").replace("\0", "")
        stated = re.match(r'"?sep=(.)"?\r?\n', head)  # Excel's own hint in the first line
        self.separator = stated[1] if stated else _separator(head)
        self._skip = stated is not None
        rows = _first_rows(head[stated.end() if stated else 0 :], self.separator)
        if not rows or not any(cell.strip() for row in rows for cell in row):
            raise FileError("文件是空的，没有可导入的行")
        self._header_at = header_row(rows)
        self.columns = column_names(rows[self._header_at])
        encoding = ENCODING_NAMES.get(self.text.encoding, self.text.encoding)
        self.form = f"文本表格，{encoding}编码，{SEPARATORS.get(self.separator, self.separator)}分隔"

    @property
    def done(self) -> int:
        return self.text.done

    def rows(self) -> Iterator[Row | RowFault]:
        lines = self.text.lines()
        if self._skip:
            next(lines, None)
        reader = csv.reader(lines, delimiter=self.separator)
        columns, before, index = self.columns, 0, -1
        while True:
            line = before + 1 + self._skip
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                before = reader.line_num
                reason = "这一行的引号没有配对，或单元格过长" if "field larger" in str(error) else "这一行不是有效的表格行"
                yield RowFault(line, reason)
                continue
            before = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            index += 1
            if index <= self._header_at:
                continue
            if _is_header(cells, columns):
                columns = column_names(cells)
                continue
            row = named(columns, cells)
            yield RowFault(line, TOO_LONG, excerpt(cells)) if row is None else (line, row)

    def close(self) -> None:
        self.text.close()


def _is_header(cells: list[str], columns: tuple[str, ...]) -> bool:
    """A header again: at least three cells, and half of all, are names of columns that stood in the first header."""
    known = sum(1 for cell in cells if cell.strip() in columns)
    return known >= min(3, len(columns)) and known * 2 >= len([cell for cell in cells if cell.strip()])


def _without_broken_end(head: bytes) -> bytes:
    """Up to the last whole line, so that a character cut in two at the end of the sample does not look like damage."""
    end = head.rfind(b"\n")
    return head[: end + 1] if end > 0 and b"\0" not in head[:64] else head


def _first_rows(head: str, separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=separator)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append(cells)
            if len(rows) >= max(SNIFF_ROWS, HEADER_WITHIN):
                break
    except csv.Error:
        pass
    return rows


def _separator(head: str) -> str:
    """The separator under which the first rows agree best on a width above one; the comma when nothing speaks for another."""
    best, chosen = 0.0, ","
    for separator in SEPARATORS:
        widths = [len(row) for row in _first_rows(head, separator)]
        if not widths or max(widths) < 2:
            continue
        usual = max(set(widths), key=widths.count)
        agreement = widths.count(usual) / len(widths)
        score = (agreement + (widths[0] == usual)) * min(usual, 12) if usual > 1 else 0.5 * max(widths) / len(widths)
        score += min(widths[0], 12) * 0.5 if widths[0] > 1 else 0
        if score > best:
            best, chosen = score, separator
    return chosen
