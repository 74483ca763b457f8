"""The content of a report as plain data: sections of paragraphs, tables and charts whose numbers are all figures with keys."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from matrix.report import Brief, Figure, Note, ReportKind

VERSION = 1
"""Of this form; a document of a newer one is not read."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a paragraph; with a key they are the text of that figure, without one they hold no number."""

    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of the body; `level` 2 is a heading （一）, 3 a heading 1., 0 text."""

    pieces: tuple[Piece, ...]
    level: int = 0

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is one figure: its value is the rows of printed cells, the first one the headings. `weights` are widths."""

    caption: str
    key: str
    weights: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart of one figure: its value is {"labels": […], "series": {name: […]}}; `shape` is 柱 or 线, `alt` what it shows."""

    caption: str
    key: str
    shape: str
    unit: str
    alt: str


Block = Paragraph | Table | Picture
KINDS: Mapping[str, type] = {"paragraph": Paragraph, "table": Table, "picture": Picture}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading 一、 with what stands below it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """A whole report. `scope` are the units whose facts it was made of; `is_quiet` says that nothing was found at all."""

    brief: Brief
    title: str
    unit: str
    scope: tuple[int, ...]
    sections: tuple[Section, ...]
    figures: tuple[Figure, ...]
    is_quiet: bool = False

    def figure(self, key: str) -> Figure:
        return next(figure for figure in self.figures if figure.key == key)

    def with_notes(self, notes: Sequence[Note]) -> "Composed":
        """The same with other paragraphs of a person's hand; no figure changes."""
        return replace(self, brief=replace(self.brief, notes=tuple(notes)))


def to_json(composed: Composed) -> str:
    """The content in its one written form: sorted keys, no spaces, its own script."""
    whole: dict[str, Any] = asdict(composed) | {"version": VERSION}
    for section, made in zip(whole["sections"], composed.sections, strict=True):
        for block, one in zip(section["blocks"], made.blocks, strict=True):
            block["kind"] = type(one).__name__.lower()
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> Composed:
    """The content back; raises ValueError, a Chinese sentence, for anything else."""
    try:
        whole = json.loads(text)
        if whole.pop("version") != VERSION:
            raise ValueError("another version")
        sections = tuple(Section(one["title"], tuple(_block(block) for block in one["blocks"])) for one in whole["sections"])
        return Composed(
            brief=brief_of(whole["brief"]),
            title=str(whole["title"]),
            unit=str(whole["unit"]),
            scope=tuple(int(unit) for unit in whole["scope"]),
            sections=sections,
            figures=tuple(figure_of(one) for one in whole["figures"]),
            is_quiet=bool(whole["is_quiet"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ValueError("报告的内容记录已损坏或出自别的版本，无法读取，请重新生成报告。") from error


def brief_of(raw: Mapping[str, Any]) -> Brief:
    notes = tuple(Note(str(one["heading"]), str(one["text"]), str(one["author"])) for one in raw["notes"])
    numbers = {name: int(raw[name]) for name in ("organization_id", "since", "until", "cutoff")}
    incident = None if raw["incident_id"] is None else int(raw["incident_id"])
    return Brief(ReportKind(raw["kind"]), title=str(raw["title"]), incident_id=incident, notes=notes, **numbers)


def figure_of(raw: Mapping[str, Any]) -> Figure:
    words = {name: str(raw[name]) for name in ("key", "question", "text", "meaning")}
    return Figure(params=dict(raw["params"]), cutoff=int(raw["cutoff"]), rows=int(raw["rows"]), value=raw["value"], **words)


def _block(raw: Mapping[str, Any]) -> Block:
    values = {name: value for name, value in raw.items() if name != "kind"}
    if raw["kind"] == "paragraph":
        return Paragraph(tuple(Piece(str(one["text"]), str(one["key"])) for one in values["pieces"]), int(values["level"]))
    if raw["kind"] == "table":
        return Table(str(values["caption"]), str(values["key"]), tuple(int(one) for one in values["weights"]))
    return Picture(**{name: str(value) for name, value in values.items()})
