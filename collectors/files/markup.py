"""Reads HTML tables that are called .xls: WeChat's back office exports follower figures so."""

from collections.abc import Iterator
from pathlib import Path

from collectors.files.charsets import OpenText
from collectors.files.rows import FileError
from collectors.files.sheets import SheetTable
from collectors.files.tables import Cell
from collectors.lenient_html import LenientHTMLParser

LARGEST = 32 << 20


class _Cells(LenientHTMLParser):
    """Rows of every table in a page, as texts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[Cell]] = []
        self._text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's signature
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self._end_cell()
            self._text = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def _end_cell(self) -> None:
        if self._text is not None:
            if not self.rows:
                self.rows.append([])
            self.rows[-1].append("".join(self._text).strip())
            self._text = None


def open_html(path: Path) -> list[SheetTable]:
    """The rows of a page's tables as one sheet."""
    if path.stat().st_size > LARGEST:
        raise FileError("网页表格过大：请在Excel里打开后另存为xlsx或CSV再导入")
    text = OpenText(path)
    parser = _Cells()
    try:
        for chunk in iter(lambda: text.stream.read(1 << 18), ""):
            parser.feed(chunk)
    finally:
        text.close()
    rows: Iterator[list[Cell]] = iter(parser.rows)
    table = SheetTable("网页表格", rows, len(parser.rows))
    table.form = "网页表格"
    if not table.columns:
        raise FileError("网页里没有表格，不能导入")
    return [table]
