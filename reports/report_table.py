"""Tables of a report: three lines, a heading that is repeated on each page, never wider than the text."""

from collections.abc import Sequence
from typing import Any

from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Emu, Pt

from reports.cells import clean
from reports.report_page import CELL, SMALL, WIDTH
from reports.report_xml import Marks, tag_table

THICK, THIN = 12, 6
"""Lines in eighths of a point."""

WIDE = 7
"""A table of more columns is set smaller."""

LOW = 8
"""A table of no more rows stays on one page."""

SHORT = 12
"""Longer texts stand left, all others in the middle."""


def write_table(
    document: Document,
    rows: Sequence[Sequence[str]],
    weights: Sequence[int],
    name: str,
    words: str,
    style: str = CELL,
    anchors: Sequence[str] = (),
    marks: Marks | None = None,
) -> None:
    """The first row is the heading. `weights` share the width of the text; `anchors` name a bookmark in each row's first cell."""
    table = document.add_table(rows=0, cols=len(rows[0]))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    properties = table._tbl.tblPr
    properties.append(borders())
    properties.append(margins())
    tag_table(properties, name, clean(words))
    total = sum(weights)
    widths = [Emu(int(WIDTH * weight / total)) for weight in weights]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    lefts = [any(max(map(len, str(row[place]).split("\n"))) > SHORT for row in rows[1:]) for place in range(len(widths))]
    style = SMALL if len(rows[0]) > WIDE and style == CELL else style
    look = document.styles[style].style_id
    for number, row in enumerate(rows):
        line = table.add_row()
        limits = line._tr.get_or_add_trPr()
        limits.append(OxmlElement("w:cantSplit"))
        if number == 0:
            limits.append(OxmlElement("w:tblHeader"))
        for place, (cell, text) in enumerate(zip(line.cells, row, strict=True)):
            cell.width, cell.vertical_alignment = widths[place], WD_ALIGN_VERTICAL.CENTER
            paragraph = cell.paragraphs[0]
            paragraph._p.style = look  # by name the library searches all styles for each cell
            is_left = number > 0 and lefts[place]
            paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if is_left else WD_ALIGN_PARAGRAPH.CENTER
            if len(rows) <= LOW + 1 and number < len(rows) - 1:
                paragraph.paragraph_format.keep_with_next = True
            if marks and place == 0 and number > 0 and anchors:
                with marks.around(paragraph, anchors[number - 1]):
                    run = paragraph.add_run(clean(str(text)))
            else:
                run = paragraph.add_run(clean(str(text)))
            if number == 0:
                run.bold = True
                underline(cell._tc.get_or_add_tcPr())
    after = document.add_paragraph(style=SMALL)
    after.paragraph_format.line_spacing = Pt(10)


def margins() -> Any:
    """Cells that leave their room to the text."""
    room = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), "45")
        edge.set(qn("w:type"), "dxa")
        room.append(edge)
    return room


def borders() -> Any:
    lines = OxmlElement("w:tblBorders")
    for side in ("top", "bottom"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", str(THICK)), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{name}"), value)
        lines.append(line)
    return lines


def underline(properties) -> None:
    lines, line = OxmlElement("w:tcBorders"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", str(THIN)), ("space", "0"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    lines.append(line)
    properties.append(lines)
