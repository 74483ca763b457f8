"""Reads a Word report that may have been edited, or may be no report at all: what it prints where, and the record inside it."""

import hashlib
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from types import MappingProxyType

from lxml import etree  # ty: ignore[missing-module-member]

from matrix.report_body import Composed, from_json
from reports.report_xml import FIGURE, RECORD_SPACE

LARGEST, MOST_FILES = 60 * 1024 * 1024, 400
"""Bytes of all parts unpacked, and how many there may be: a report has under 3 MB in some twenty parts."""

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DOCPR = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
EMBED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
NAME = re.compile(rf"{FIGURE}(A\d+)_\d+")
NO_WORD_FILE = "文件不是本系统生成的 Word 报告，或已损坏，无法核对。"


class ReportFileError(ValueError):
    """The file cannot be checked; the text is a Chinese sentence."""


@dataclass(slots=True)
class Line:
    """A paragraph: `text` without what belongs to figures and their keys, `figures` as (key, printed text) in order."""

    style: str
    text: str = ""
    whole: str = ""
    figures: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Grid:
    """A table by the name that it carries, "" for one that carries none."""

    name: str
    rows: list[list[str]]


@dataclass(slots=True)
class Drawing:
    """A picture: the key that it carries and the fingerprint of its bytes."""

    name: str
    sha256: str


@dataclass(slots=True)
class Reading:
    """Everything of a document that is checked; `lines`, `grids` and `drawings` in the order of the document."""

    composed: Composed
    pictures: dict[str, str]
    marks: dict[str, str]
    lines: list[Line] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    drawings: list[Drawing] = field(default_factory=list)
    parts: list[Line | Grid | Drawing] = field(default_factory=list)


def read(content: bytes) -> Reading:
    """Raises ReportFileError for a broken file, an archive that unpacks to too much, XML with entities, a missing record."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            infos = archive.infolist()
            if len(infos) > MOST_FILES or sum(info.file_size for info in infos) > LARGEST:
                raise ReportFileError("文件解开后过大，不像一份报告，为安全起见没有打开。")
            if len({info.filename for info in infos}) != len(infos):
                raise ReportFileError(NO_WORD_FILE)
            names = {info.filename for info in infos}
            parts = {name: _take(archive, name) for name in names if name.endswith((".xml", ".rels", ".png"))}
    except ReportFileError:
        raise
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        raise ReportFileError(NO_WORD_FILE) from error
    if "word/document.xml" not in parts:
        raise ReportFileError(NO_WORD_FILE)
    reading = Reading(*_record(parts))
    body = _parse(parts["word/document.xml"]).find(f"{W}body")
    if body is None:
        raise ReportFileError(NO_WORD_FILE)
    links, styles = _pictures(parts), _styles(parts)
    for child in _blocks(body):
        if child.tag == f"{W}tbl":
            one = _grid(child)
            reading.grids.append(one)
        else:
            reading.drawings += _drawings(child, links, parts)
            one = _line(child, styles)
            reading.lines.append(one)
        reading.parts.append(one)
    return reading


def _take(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part, and never more bytes than it says to have: a header may lie."""
    limit = archive.getinfo(name).file_size
    with archive.open(name) as part:
        content = part.read(limit + 1)
    if len(content) > limit:
        raise ReportFileError(NO_WORD_FILE)
    return content


def _parse(content: bytes) -> etree._Element:
    """XML without entities and without anything fetched."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise ReportFileError("文件里有不允许的 XML 实体声明，为安全起见没有读取。")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReportFileError(NO_WORD_FILE) from error
    if root.getroottree().docinfo.doctype:
        raise ReportFileError("文件里有不允许的 XML 实体声明，为安全起见没有读取。")
    return root


def _record(parts: dict[str, bytes]) -> tuple[Composed, dict[str, str], dict[str, str]]:
    """The record of the report and the fingerprints of its pictures and figures, wherever another program has put them."""
    for name in sorted(parts):
        if name.startswith("customXml/item") and RECORD_SPACE.encode() in parts[name]:
            root = _parse(parts[name])
            if root.tag == f"{{{RECORD_SPACE}}}report":
                try:
                    return from_json(root.text or ""), _pairs(root.get("pictures", "")), _pairs(root.get("marks", ""))
                except ValueError as error:
                    raise ReportFileError(str(error)) from error
    raise ReportFileError("文件里没有出处记录：不是本系统生成的报告，或记录已被其他软件删去，请用原文件核对。")


def _pairs(text: str) -> dict[str, str]:
    return {key: value for key, _, value in (pair.partition(":") for pair in text.split())}


def _blocks(body: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables of the body, those inside content controls and tracked insertions too."""
    for child in body:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag"):
            yield from _blocks(child)


def _styles(parts: dict[str, bytes]) -> dict[str, str]:
    """Names of styles by their ids, which some programs make anew on saving."""
    raw = parts.get("word/styles.xml")
    found = _parse(raw).iter(f"{W}style") if raw is not None else ()
    named = ((one.get(f"{W}styleId", ""), one.find(f"{W}name")) for one in found)
    return {number: name.get(f"{W}val", "") for number, name in named if name is not None}


def _line(paragraph: etree._Element, styles: Mapping[str, str] = MappingProxyType({})) -> Line:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    number = style.get(f"{W}val", "") if style is not None else ""
    line = Line(styles.get(number, number).casefold())
    open_figures: dict[str, tuple[str, list[str]]] = {}
    is_instruction = False
    for element in paragraph.iter():
        if element.tag == f"{W}bookmarkStart":
            found = NAME.fullmatch(element.get(f"{W}name", ""))
            if found:
                open_figures[element.get(f"{W}id", "")] = (found[1], [])
        elif element.tag == f"{W}bookmarkEnd":
            ended = open_figures.pop(element.get(f"{W}id", ""), None)
            if ended:
                line.figures.append((ended[0], "".join(ended[1])))
        elif element.tag == f"{W}fldChar":
            is_instruction = element.get(f"{W}fldCharType") == "begin"
        elif element.tag in (f"{W}t", f"{W}tab", f"{W}br", f"{W}noBreakHyphen") and not is_instruction and not _is_key(element):
            words = (element.text or "") if element.tag == f"{W}t" else " "
            line.whole += words
            if open_figures:
                for _, said in open_figures.values():
                    said.append(words)
            else:
                line.text += words
    line.figures += [(key, "".join(said)) for key, said in open_figures.values()]
    return line


def _is_key(element: etree._Element) -> bool:
    """Whether this is the small grey key behind a figure: a run in that style, inside a link, that says nothing but [A7]."""
    run = element.getparent()
    style = run.find(f"{W}rPr/{W}rStyle") if run is not None else None
    link = run.getparent() if run is not None else None
    is_linked = link is not None and link.tag == f"{W}hyperlink"
    return style is not None and is_linked and re.fullmatch(r"\[A\d+\]", element.text or "") is not None


def _grid(table: etree._Element) -> Grid:
    name = table.find(f"{W}tblPr/{W}tblCaption")
    rows = []
    for row in table.iter(f"{W}tr"):
        cells = []
        for cell in row.iter(f"{W}tc"):
            cells.append("\n".join(_line(paragraph).whole for paragraph in cell.iter(f"{W}p")))
        rows.append(cells)
    return Grid(name.get(f"{W}val", "") if name is not None else "", rows)


def _pictures(parts: dict[str, bytes]) -> dict[str, str]:
    """Which part each relation of the document leads to."""
    raw = parts.get("word/_rels/document.xml.rels")
    if raw is None:
        return {}
    return {one.get("Id", ""): "word/" + one.get("Target", "").lstrip("/") for one in _parse(raw)}


def _drawings(paragraph: etree._Element, links: dict[str, str], parts: dict[str, bytes]) -> Iterator[Drawing]:
    for about in paragraph.iter(DOCPR):
        inline = about.getparent()
        blip = next(inline.iter(BLIP), None) if inline is not None else None
        target = links.get(blip.get(EMBED, ""), "") if blip is not None else ""
        yield Drawing(about.get("name", ""), hashlib.sha256(parts.get(target, b"")).hexdigest())
