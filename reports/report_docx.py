"""Writes the content of a report as a Word document: head, contents, sections, what a person wrote, annex, foot."""

import hashlib
from collections.abc import Mapping
from io import BytesIO

from docx import Document
from docx.document import Document as DocumentFile
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph as Line

from matrix.report import Copy, Note
from matrix.report_body import Composed, Paragraph, Picture, Table, to_json
from reports.cells import clean
from reports.pictures import draw
from reports.report_head import write_contents, write_foot, write_head
from reports.report_page import BY_HAND, KEY, SMALL, TEXT, prepare
from reports.report_source import write_annex
from reports.report_table import write_table
from reports.report_xml import FIGURE, HEADING, SOURCE, Marks, add_field, add_link, embed

NUMERALS = "一二三四五六七八九十"
HAND = "（人工撰写）"


class Writer:
    """One document on its way; `base` is the address of the console, "" where none is set."""

    def __init__(self, composed: Composed, copy: Copy, about: Mapping[str, str]) -> None:
        self.composed, self.copy, self.about = composed, copy, {name: clean(str(words)) for name, words in about.items()}
        self.base = self.about.get("地址", "").rstrip("/")
        self.document: DocumentFile = Document()
        self.marks = Marks()
        self.headings = 0
        self.seconds = 0
        self.pictures: dict[str, str] = {}

    def write(self) -> bytes:
        document, composed = self.document, self.composed
        prepare(document, f"{self.copy}　未经签发不得外传" if self.copy is Copy.REVIEW else "")
        write_head(document, composed, self.about)
        if not composed.is_quiet and len(composed.sections) > 2:
            write_contents(document, self.contents())
        for section in composed.sections:
            self.heading(section.title)
            for block in section.blocks:
                self.block(block)
        for note in composed.brief.notes:
            self.note(note)
        self.heading("数据出处与口径")
        write_annex(self)
        write_foot(document, self.about)
        embed(document, to_json(composed), self.pictures, {figure.key: figure.mark for figure in composed.figures})
        properties = document.core_properties
        properties.title, properties.author, properties.comments = composed.title, "政务新媒体矩阵管理台", str(self.copy)
        properties.language = "zh-CN"
        content = BytesIO()
        document.save(content)
        return content.getvalue()

    def contents(self) -> list[tuple[str, str]]:
        """The headings with the names of their bookmarks."""
        titles = [section.title for section in self.composed.sections]
        titles += [*dict.fromkeys(note.heading for note in self.composed.brief.notes), "数据出处与口径"]
        return [(f"{numeral(place)}、{title}", f"{HEADING}{place}") for place, title in enumerate(titles, 1)]

    def heading(self, words: str) -> None:
        self.headings += 1
        self.seconds = 0
        line = self.document.add_paragraph(style="Heading 1")
        with self.marks.around(line, f"{HEADING}{self.headings}"):
            line.add_run(f"{numeral(self.headings)}、{clean(words)}")

    def block(self, block: Paragraph | Table | Picture) -> None:
        if isinstance(block, Paragraph):
            self.paragraph(block)
        elif isinstance(block, Table):
            figure = self.composed.figure(block.key)
            self.caption("表", block.caption, block.key)
            write_table(self.document, figure.value, block.weights, block.key, f"{block.caption}，依据{block.key}")
        else:
            figure = self.composed.figure(block.key)
            line = self.document.add_paragraph(style=SMALL)
            line.paragraph_format.alignment, line.paragraph_format.keep_with_next = 1, True
            drawn = draw(figure.value, block.shape, block.unit)
            self.pictures[block.key] = hashlib.sha256(drawn).hexdigest()
            line.add_run().add_picture(BytesIO(drawn), width=Mm(150))
            about = line._p.find(f".//{qn('wp:docPr')}")
            for name, words in (("name", block.key), ("descr", block.alt), ("title", block.caption)):
                about.set(name, words)
            self.caption("图", block.caption, block.key)

    def paragraph(self, block: Paragraph) -> None:
        if block.level == 2:
            self.seconds += 1
            self.document.add_paragraph(f"（{numeral(self.seconds)}）{clean(block.text)}", style="Heading 2")
            return
        line = self.document.add_paragraph(style=TEXT)
        for piece in block.pieces:
            if not piece.key:
                line.add_run(clean(piece.text))
                continue
            with self.marks.around(line, self.marks.name_of(piece.key)):
                line.add_run(clean(piece.text))
            self.key(line, piece.key)

    def key(self, line: Line, key: str) -> None:
        """The small grey key behind a figure of the copy that is checked."""
        if self.copy is Copy.REVIEW:
            url = f"{self.base}/figure?key={key}-{self.composed.figure(key).mark}" if self.base else ""
            add_link(line, f"[{key}]", url=url, anchor=f"{SOURCE}{key}", style=KEY)

    def caption(self, kind: str, words: str, key: str) -> None:
        line = self.document.add_paragraph(style="Caption")
        line.paragraph_format.keep_with_next = kind == "表"
        line.add_run(kind)
        add_field(line, f"SEQ {kind} \\* ARABIC", str(self.number(kind)))
        line.add_run(f"　{clean(words)}")
        self.key(line, key)

    def number(self, kind: str) -> int:
        name = f"{kind}#"
        self.about[name] = str(int(self.about.get(name, "0")) + 1)
        return int(self.about[name])

    def note(self, note: Note) -> None:
        if note.heading != self.about.get("#"):
            self.heading(note.heading)
            self.about["#"] = note.heading
        for words in clean(note.text).split("\n"):
            if words.strip():
                line = self.document.add_paragraph(style=BY_HAND)
                line.add_run(words.strip())
                line.add_run(HAND if not note.author else f"（人工撰写：{clean(note.author)}）")


def numeral(number: int) -> str:
    """一, 十, 十一, 二十."""
    if number <= 10:
        return NUMERALS[number - 1]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else NUMERALS[tens - 1]) + "十" + (NUMERALS[ones - 1] if ones else "")


def write(composed: Composed, copy: Copy, about: Mapping[str, str]) -> bytes:
    """The Word file of a report."""
    return Writer(composed, copy, about).write()


__all__ = ["FIGURE", "Writer", "numeral", "write"]
