"""What stands around the content: the red head of a bulletin with its number, the contents, and the foot with who receives it."""

from collections.abc import Mapping, Sequence

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from matrix.report_body import Composed
from matrix.report_words import day_words
from reports.cells import clean
from reports.report_page import MAST, MAST_LINE, TAIL, WIDTH
from reports.report_xml import add_link, mark

BLANK = "　" * 6
"""Where nobody is named there is room to write."""

ROOM = 440
"""Points between the margins; a long title is set smaller so that it stays on its line."""


def write_head(document: Document, composed: Composed, about: Mapping[str, str]) -> None:
    """Name of the bulletin in red, 第×期（总第×期）, who publishes it and when, a red line."""
    document._body.clear_content()
    mast = document.add_paragraph(style=MAST)
    run = mast.add_run(clean(composed.title))
    run.font.size = Pt(max(16, min(36, ROOM // max(1, len(composed.title)))))
    number, total = about.get("期号", ""), about.get("总期号", "")
    issue = document.add_paragraph(style=MAST_LINE)
    issue.alignment = WD_ALIGN_PARAGRAPH.CENTER
    issue.paragraph_format.space_before = Pt(10)
    issue.add_run(f"第{number or '　'}期（总第{total or '　'}期）")
    line = document.add_paragraph(style=MAST_LINE)
    line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(8), Pt(14)
    line.paragraph_format.tab_stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    publisher = about.get("编发单位") or composed.unit or BLANK
    line.add_run(f"{publisher}编\t{about.get('日期') or day_words(composed.brief.cutoff)}")
    rule(line, "bottom", "C00000", 18)


def rule(line: Paragraph, side: str, color: str, size: int) -> None:
    """A line over the whole width below or above a paragraph."""
    border, edge = OxmlElement("w:pBdr"), OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(size)), ("space", "6"), ("color", color)):
        edge.set(qn(f"w:{name}"), value)
    border.append(edge)
    properties = line._p.get_or_add_pPr()
    properties.insert_element_before(border, "w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr")


def write_contents(document: Document, entries: Sequence[tuple[str, str]]) -> None:
    """A table of contents that is there before anybody brings it up to date; without page numbers, which nobody knows yet."""
    head = document.add_paragraph(style=MAST_LINE)
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head.add_run("目　　录")
    for place, (words, anchor) in enumerate(entries):
        line = document.add_paragraph(style="toc 1")
        if place == 0:
            line.add_run()._r.append(mark("begin"))
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = ' TOC \\o "1-1" \\n \\h \\z \\u '
            line.add_run()._r.append(instruction)
            line.add_run()._r.append(mark("separate"))
        add_link(line, clean(words), anchor=anchor)
        if place == len(entries) - 1:
            line.add_run()._r.append(mark("end"))
    space = document.add_paragraph(style=MAST_LINE)
    space.paragraph_format.space_after = Pt(4)


def write_foot(document: Document, about: Mapping[str, str]) -> None:
    """报、送、发 between two lines at the end, and how many copies; only what was given."""
    lines = [f"{name}：{about[name]}" for name in ("报", "送", "发") if about.get(name)]
    people = [f"{name}：{about[name]}" for name in ("编制", "审核", "签发") if about.get(name)]
    if about.get("份数"):
        people.append(f"共印{about['份数']}份")
    if people:
        lines.append("　　".join(people))
    for place, words in enumerate(lines):
        line = document.add_paragraph(words, style=TAIL)
        line.paragraph_format.keep_together = True
        line.paragraph_format.keep_with_next = place < len(lines) - 1
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(14)
        if place == 0:
            line.paragraph_format.space_before = Pt(12)
            rule(line, "top", "000000", 12)
        if place == len(lines) - 1:
            rule(line, "bottom", "000000", 12)
