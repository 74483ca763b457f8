"""The parts of a Word document that the library has no words for: fields, bookmarks, links, the record that travels inside."""

import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any
from xml.sax.saxutils import escape

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.text.paragraph import Paragraph
from docx.text.run import Run

NO_SIGNS = re.compile("[\ufffe\uffff\ud800-\udfff]")
"""What XML does not take; control signs stand as escapes in the record."""

RECORD = "/customXml/item9.xml"
RECORD_SPACE = "urn:matrix-console:report"
FIGURE, SOURCE, HEADING = "F_", "K_", "_Toc"
"""How bookmarks begin: of a figure in the text, of its line in the annex, of a heading."""


class Marks:
    """Numbers for bookmarks, which must differ within a document."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._times: dict[str, int] = {}

    @contextmanager
    def around(self, paragraph: Paragraph, name: str) -> Generator[None]:
        """What is written meanwhile at the end of the paragraph stands inside the bookmark."""
        number = str(next(self._numbers))
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        start.set(qn("w:id"), number)
        start.set(qn("w:name"), name)
        end.set(qn("w:id"), number)
        paragraph._p.append(start)
        yield
        paragraph._p.append(end)

    def name_of(self, key: str) -> str:
        """A name for one more place at which a figure is printed: F_A7_1, F_A7_2."""
        self._times[key] = self._times.get(key, 0) + 1
        return f"{FIGURE}{key}_{self._times[key]}"


def add_field(paragraph: Paragraph, instruction: str, shown: str) -> Run:
    """A field with what it shows before anybody brings it up to date."""
    for kind in ("begin", "", "separate", "shown", "end"):
        run = paragraph.add_run()
        if kind == "":
            words = OxmlElement("w:instrText")
            words.set(qn("xml:space"), "preserve")
            words.text = f" {instruction} "
            run._r.append(words)
        elif kind == "shown":
            run.text = shown
        else:
            run._r.append(mark(kind))
    return run


def mark(kind: str) -> Any:
    """One of the three borders of a field."""
    border = OxmlElement("w:fldChar")
    border.set(qn("w:fldCharType"), kind)
    return border


def add_link(paragraph: Paragraph, words: str, *, url: str = "", anchor: str = "", style: str = "") -> None:
    """Words that lead to an address outside, or to a bookmark of this document."""
    link = OxmlElement("w:hyperlink")
    if url:
        link.set(qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    else:
        link.set(qn("w:anchor"), anchor)
    run = paragraph.add_run(words, style or None)
    paragraph._p.append(link)
    link.append(run._r)


def embed(document: Document, text: str, pictures: Mapping[str, str], marks: Mapping[str, str]) -> None:
    """Put the record of the report into the document as a custom XML part, where programs keep what they do not show.

    `pictures` are the fingerprints of the charts by their keys, `marks` those of the figures.
    """
    drawn, named = (" ".join(f"{key}:{digest}" for key, digest in one.items()) for one in (pictures, marks))
    about = f'xmlns="{RECORD_SPACE}" pictures="{drawn}" marks="{named}"'
    blob = f'<?xml version="1.0" encoding="UTF-8"?>\n<report {about}>{escape(NO_SIGNS.sub("", text))}</report>'
    part = Part(PackURI(RECORD), "application/xml", blob.encode("utf-8", "replace"), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)


def tag_table(properties, name: str, words: str) -> None:
    """Name and description of a table, which programs read out and keep: the name is the figure's key."""
    for tag, value in (("w:tblCaption", name), ("w:tblDescription", words)):
        element = OxmlElement(tag)
        element.set(qn("w:val"), value)
        properties.append(element)
