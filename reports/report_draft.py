"""A report while it is being written: it asks the questions, gives each figure its key and keeps what was said."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from matrix.report import Brief, Figure
from matrix.report_body import Block, Paragraph, Picture, Piece, Section, Table
from reports.report_facts import CATALOGUE
from reports.report_question import Desk


class Draft:
    """Collects sections; the same question with the same parameters is one figure with one key."""

    def __init__(self, desk: Desk, brief: Brief) -> None:
        self.desk, self.brief = desk, brief
        self.figures: dict[str, Figure] = {}
        self.sections: list[Section] = []
        self._blocks: list[Block] = []
        self._keys: dict[tuple[str, str], str] = {}

    @property
    def params(self) -> dict[str, Any]:
        """What every question is asked with."""
        before_since, before_until = self.brief.before
        return {
            "organization_id": self.brief.organization_id,
            "since": self.brief.since,
            "until": self.brief.until,
            "before_since": before_since,
            "before_until": before_until,
        }

    def figure(self, question: str, meaning: str = "", **more: Any) -> Figure:
        """Ask, and keep the answer under a key of its own: A1, A2, …"""
        params = self.params | more
        name = (question, repr(sorted(params.items())))
        if name not in self._keys:
            found = CATALOGUE[question].ask(self.desk, params)
            key = f"A{len(self.figures) + 1}"
            words = meaning or CATALOGUE[question].words
            self.figures[key] = Figure(key, question, params, self.desk.cutoff, found.rows, found.value, found.text, words)
            self._keys[name] = key
        return self.figures[self._keys[name]]

    def say(self, *parts: str | Figure) -> None:
        """A paragraph of words and figures."""
        pieces = [Piece(part) if isinstance(part, str) else Piece(part.text, part.key) for part in parts]
        self._blocks.append(Paragraph(tuple(pieces)))

    def heading(self, words: str) -> None:
        self._blocks.append(Paragraph((Piece(words),), 2))

    def table(self, caption: str, figure: Figure, weights: tuple[int, ...]) -> None:
        """A table that has at least one row; an empty one is not shown."""
        if len(figure.value) > 1:
            self._blocks.append(Table(caption, figure.key, weights))

    def picture(self, caption: str, figure: Figure, shape: str, unit: str) -> None:
        """A chart of at least two points, of which one is not nothing."""
        numbers = [number for points in figure.value["series"].values() for number in points]
        if len(figure.value["labels"]) > 1 and any(numbers):
            self._blocks.append(Picture(caption, figure.key, shape, unit, alt_of(caption, figure, unit)))

    def close(self, title: str) -> None:
        """End the section under its heading; one in which nothing was said is left out."""
        if self._blocks:
            self.sections.append(Section(title, tuple(self._blocks)))
            self._blocks = []


def printed(sections: Sequence[Section], figures: Mapping[str, Figure]) -> tuple[tuple[Section, ...], tuple[Figure, ...]]:
    """The sections with their keys counted anew in the order of print, and the figures that are printed.

    What was only asked, to know whether there is anything to say, is left out.
    """
    used: dict[str, str] = {}
    for section in sections:
        for block in section.blocks:
            keys = [piece.key for piece in block.pieces if piece.key] if isinstance(block, Paragraph) else [block.key]
            for key in keys:
                used.setdefault(key, f"A{len(used) + 1}")
    made = tuple(Section(section.title, tuple(_renamed(block, used) for block in section.blocks)) for section in sections)
    return made, tuple(replace(figures[old], key=new) for old, new in used.items())


def _renamed(block: Block, names: Mapping[str, str]) -> Block:
    if isinstance(block, Paragraph):
        return replace(block, pieces=tuple(replace(piece, key=names.get(piece.key, "")) for piece in block.pieces))
    return replace(block, key=names[block.key])


def alt_of(caption: str, figure: Figure, unit: str) -> str:
    """What a picture shows, for whoever cannot see it."""
    labels, parts = figure.value["labels"], []
    for name, points in figure.value["series"].items():
        known = [(number, label) for number, label in zip(points, labels, strict=True) if number is not None]
        if known:
            most = max(known, key=lambda pair: pair[0])
            parts.append(f"{name}最多为{most[1]}的{most[0]}{unit}")
    return f"{caption}：{labels[0]}至{labels[-1]}，{'；'.join(parts)}。"
