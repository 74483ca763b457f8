"""The page of a report after GB/T 9704-2012: A4, its margins, 22 lines of 28 signs, the styles, the page numbers outside."""

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from reports.report_fonts import BODY, HEAD, KAI, SONG, TITLE, put_fonts, set_font
from reports.report_xml import add_field

TOP, BOTTOM, LEFT, RIGHT = Mm(37), Mm(35), Mm(28), Mm(26)
WIDTH = Mm(156)
LINE = Pt(28.95)
"""225 mm by 22 lines."""

LINE_TWIPS, SIGN_SPACE = 579, -5
"""The same in twentieths of a point; what 28 signs of 16 pt give up each to stand on 156 mm. Told as the distance of signs,
not as a grid of them, which the programs understand differently."""

RED, GREY, BLACK = RGBColor(0xC0, 0, 0), RGBColor(0x8C, 0x8C, 0x8C), RGBColor(0, 0, 0)
TEXT, CELL, SMALL, MAST, MAST_LINE, TAIL, KEY = "公文正文", "表格文字", "附录文字", "刊头", "刊头信息", "版记", "出处"
BY_HAND = "人工撰写"


def prepare(document: Document, mark: str) -> None:
    """Page, grid, styles and page numbers; `mark` stands small above every page of a copy that is not issued."""
    put_fonts(document)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = TOP, BOTTOM, LEFT, RIGHT
    section.header_distance, section.footer_distance = Mm(20), Mm(25)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    for name, value in (("type", "lines"), ("linePitch", str(LINE_TWIPS))):
        grid.set(qn(f"w:{name}"), value)
    make_styles(document)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((section.footer, WD_ALIGN_PARAGRAPH.RIGHT), (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
        paragraph.add_run("— ")
        add_field(paragraph, "PAGE", "1")
        paragraph.add_run(" —")
        for run in paragraph.runs:
            run.font.size = Pt(14)
            set_font(run._r.get_or_add_rPr(), SONG, SONG)
    if mark:
        for header in (section.header, section.even_page_header):
            paragraph = header.paragraphs[0]
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            run = paragraph.add_run(mark)
            run.font.size, run.font.color.rgb = Pt(10.5), GREY


def make_styles(document: Document) -> None:
    """Real styles, so that an outline, a table of contents and a later change of the look are possible."""
    styles = document.styles
    normal = shape(styles["Normal"], BODY, 16)
    normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
    fixed(normal)
    for number, font in ((1, HEAD), (2, KAI), (3, BODY)):
        style = shape(styles[f"Heading {number}"], font, 16, is_bold=number == 3)
        indent(fixed(style))
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.keep_with_next = True
    title = shape(styles["Title"], TITLE, 22)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(12), Pt(12)
    borders = title.element.pPr.find(qn("w:pBdr"))
    if borders is not None:
        title.element.pPr.remove(borders)
    caption = shape(styles["Caption"], HEAD, 12, is_bold=False)
    caption.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(6), Pt(4)
    made = {
        name: styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        for name in (TEXT, CELL, SMALL, MAST, MAST_LINE, TAIL, BY_HAND, "toc 1", "toc 2")
    }
    for name, style in made.items():
        style.base_style = normal
        style.quick_style = not name.startswith("toc")
    indent(narrow(fixed(shape(made[TEXT], BODY, 16))))
    made[TEXT].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    indent(narrow(fixed(shape(made[BY_HAND], KAI, 16))))
    made[BY_HAND].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    for name, font, size in ((CELL, SONG, 10.5), (SMALL, SONG, 9), (TAIL, BODY, 14), (MAST_LINE, BODY, 14)):
        loose(shape(made[name], font, size))
    mast = loose(shape(made[MAST], TITLE, 36, color=RED))
    mast.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for name, font, left in (("toc 1", HEAD, 0), ("toc 2", KAI, 14)):
        style = loose(shape(made[name], font, 14))
        style.paragraph_format.left_indent = Pt(left)
        style.paragraph_format.line_spacing = Pt(22)
    key = styles.add_style(KEY, WD_STYLE_TYPE.CHARACTER)
    key.font.size, key.font.color.rgb, key.font.superscript = Pt(12), GREY, True


def shape(style: ParagraphStyle, font: str, size: float, *, is_bold: bool = False, color: RGBColor = BLACK) -> ParagraphStyle:
    set_font(style.element.get_or_add_rPr(), font)
    style.font.size, style.font.bold, style.font.italic, style.font.color.rgb = Pt(size), is_bold, False, color
    return style


def fixed(style: ParagraphStyle) -> ParagraphStyle:
    """Lines of the grid, whatever signs stand on them."""
    style.paragraph_format.line_spacing_rule, style.paragraph_format.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    return style


def narrow(style: ParagraphStyle) -> ParagraphStyle:
    """28 signs on a line."""
    space = OxmlElement("w:spacing")
    space.set(qn("w:val"), str(SIGN_SPACE))
    style.element.get_or_add_rPr().insert_element_before(space, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:lang")
    return style


def loose(style: ParagraphStyle) -> ParagraphStyle:
    """Lines as high as their signs, off the grid."""
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    off = OxmlElement("w:snapToGrid")
    off.set(qn("w:val"), "0")
    properties = style.element.get_or_add_pPr()
    properties.insert_element_before(off, "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl")
    return style


def indent(style: ParagraphStyle) -> ParagraphStyle:
    """Two signs at the beginning of a paragraph."""
    style.paragraph_format.first_line_indent = Pt(32)
    style.element.pPr.ind.set(qn("w:firstLineChars"), "200")
    return style
