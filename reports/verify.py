"""Checks a report with nothing but its file and the database: each printed number against its record, each record anew."""

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from matrix.report import REFUSED, Figure, Said
from matrix.report_body import Composed, Paragraph, Picture, Table
from matrix.report_definitions import DEFINITIONS
from matrix.report_numbers import numbers_of
from reports.report_facts import answer
from reports.report_page import BY_HAND, MAST, MAST_LINE, TAIL
from reports.report_question import Desk
from reports.report_source import HEADS, NAME, source_rows
from reports.verify_read import Grid, Line, Reading, ReportFileError, read
from storage.organizations import tree
from storage.scope import Scope

__all__ = ["Finding", "ReportFileError", "refuses", "verify", "verify_composed"]

FIXED = {sentence for sentences in DEFINITIONS.values() for sentence in sentences}
UNCOUNTED = ("heading", "caption", "toc", "title")
AROUND = {MAST, MAST_LINE, TAIL}
SHORTEST = 40


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one figure, or of one number without a key (`key` ""). `kind` is a word of `Said`; `what` a Chinese
    sentence that names the place; `said` what is printed or recorded, `now` what comes out when it is asked again."""

    key: str
    what: str
    said: str
    now: str
    kind: str


def refuses(findings: Iterable[Finding]) -> bool:
    """Whether the report must not be issued: a figure changed, or a number has no figure. What came later only informs."""
    return any(finding.kind in REFUSED for finding in findings)


def verify(db: sqlite3.Connection, scope: Scope, content: bytes, now: int | None = None) -> list[Finding]:
    """One finding at least for each figure of a Word report. With `now` (Unix seconds) also what has come since the cut-off.

    Raises ReportFileError, a Chinese sentence, for a file that cannot be read.
    """
    reading = read(content)
    return [*_printed(reading), *verify_composed(db, scope, reading.composed, now)]


def verify_composed(db: sqlite3.Connection, scope: Scope, composed: Composed, now: int | None = None) -> list[Finding]:
    """Ask every figure again, as of its cut-off and within the units that the report was made of."""
    known = set(tree(db, scope)["id"])
    if not set(composed.scope) <= known:
        sentence = "这份报告涉及您权限范围以外的单位，或单位已不在台账，无法核对。"
        return [Finding("", sentence, composed.unit, "", Said.LOST)]
    found = []
    desks = {figure.cutoff: Desk(db, composed.scope, figure.cutoff) for figure in composed.figures}
    later = Desk(db, composed.scope, now) if now is not None else None
    for figure in composed.figures:
        found.append(_asked(figure, composed, desks[figure.cutoff], later))
    return found


def _asked(figure: Figure, composed: Composed, desk: Desk, later: Desk | None) -> Finding:
    """How one figure stands. Its filters must be those of the report: a period of its own would be another number."""
    brief, key, name = composed.brief, figure.key, f"{figure.key}（{figure.meaning}）"
    wanted = {"organization_id": brief.organization_id, "since": brief.since, "until": brief.until}
    wrong = [word for word, value in wanted.items() if figure.params.get(word, value) != value]
    if wrong or figure.cutoff != brief.cutoff:
        return Finding(key, f"{name}的查询条件与报告的范围、时段或截止不符，已被改动。", figure.text, "", Said.CHANGED)
    try:
        again = answer(desk, figure)
    except ValueError as error:
        return Finding(key, f"{name}：{error}", figure.text, "", Said.LOST)
    if (again.text, again.value) != (figure.text, figure.value):
        what = f"{name}按原口径、原截止重算，结果与记录不同：{difference(figure.value, again.value, figure.text, again.text)}"
        return Finding(key, what, figure.text, again.text, Said.CHANGED)
    if later is not None:
        more = answer(later, figure)
        if more.text != figure.text or more.value != figure.value:
            what = f"{name}截止之后又有新的数据：{difference(figure.value, more.value, figure.text, more.text)}"
            return Finding(key, what, figure.text, more.text, Said.MORE)
    return Finding(key, f"{name}与记录一致。", figure.text, again.text, Said.HOLDS)


def difference(before: object, after: object, said: str, now: str) -> str:
    """What differs, in words; of a table the first cell that does."""
    if isinstance(before, list) and isinstance(after, list) and before and isinstance(before[0], list):
        if len(before) != len(after):
            return f"原{len(before) - 1}行，现{max(0, len(after) - 1)}行。"
        for number, (one, other) in enumerate(zip(before[1:], after[1:], strict=True), 1):
            for head, left, right in zip(before[0], one, other, strict=False):
                if left != right:
                    return f"第{number}行“{head}”原为“{left}”，现为“{right}”。"
    return f"原为“{said}”，现为“{now}”。" if said != now else "组成它的数据有变化。"


def _printed(reading: Reading) -> list[Finding]:
    """Whether what is printed is what the record says."""
    composed, found = reading.composed, []
    figures = {figure.key: figure for figure in composed.figures}
    seen: set[str] = set()
    section, place = "", 0
    last = max((number for number, part in enumerate(reading.parts) if isinstance(part, Grid)), default=0)
    for number, part in enumerate(reading.parts):
        if isinstance(part, Line):
            if part.style == "heading 1":
                section, place = re.sub(r"^[一二三四五六七八九十]+、", "", part.whole), 0
            elif part.whole.strip() and not part.style.startswith(UNCOUNTED):
                place += 1
            where = f"“{section}”第{place}段" if section else f"“{part.whole[:SHORTEST]}”"
            if part.style in AROUND and (not section or number > last):
                continue  # the head and the foot: numbers of the issue, dates, who receives it
            found += _line(part, where, figures, seen)
        elif isinstance(part, Grid):
            found += _grid(part, figures, composed, seen)
    for key, figure in figures.items():
        if reading.marks.get(key) != figure.mark:
            what = f"{key}（{figure.meaning}）的查询条件或记录与生成时不同，已被改动。"
            found.append(Finding(key, what, figure.text, "", Said.CHANGED))
    for drawing in reading.drawings:
        seen.add(drawing.name)
        if reading.pictures.get(drawing.name) != drawing.sha256:
            what = f"图片{drawing.name}不是生成报告时的那一张；如系另存时被软件压缩，请用原文件核对。"
            found.append(Finding(drawing.name, what, "图片", "", Said.CHANGED))
    for key in _used(composed):
        if key not in seen:
            figure = figures[key]
            what = f"{key}（{figure.meaning}）应印的“{figure.text}”在文件中找不到了，可能已被删去或重新录入。"
            found.append(Finding(key, what, figure.text, "", Said.LOST))
    return found


def _line(line: Line, where: str, figures: dict[str, Figure], seen: set[str]) -> list[Finding]:
    found = []
    for key, said in line.figures:
        seen.add(key)
        figure = figures.get(key)
        if figure is None:
            found.append(Finding(key, f"{where}的“{said}”标为{key}，但记录中没有这个出处。", said, "", Said.LOST))
        elif said != figure.text:
            what = f"{where}印作“{said}”，{key}（{figure.meaning}）的记录为“{figure.text}”。"
            found.append(Finding(key, what, said, figure.text, Said.CHANGED))
    for number in [] if line.text.strip() in FIXED else numbers_of(line.text):
        if line.style == BY_HAND:
            what = f"{where}是人工撰写的文字，其中的“{number}”没有出处，请人工核对。"
            found.append(Finding("", what, number, "", Said.BY_HAND))
        else:
            found.append(Finding("", f"{where}的“{number}”没有出处。", number, "", Said.LOST))
    return found


def _grid(grid: Grid, figures: dict[str, Figure], composed: Composed, seen: set[str]) -> list[Finding]:
    """A table against its record, cell by cell; one without a record must hold no number."""
    figure = figures.get(grid.name)
    if grid.name == NAME:
        wanted, name = [HEADS, *source_rows(composed)], "出处表"
    elif figure is not None:
        seen.add(grid.name)
        wanted, name = [[str(cell) for cell in row] for row in figure.value], f"表格{grid.name}（{figure.meaning}）"
    else:
        numbers = [number for row in grid.rows for cell in row for number in numbers_of(cell)]
        return [Finding("", f"有一张没有出处的表格，其中有“{number}”。", number, "", Said.LOST) for number in numbers[:1]]
    if [len(row) for row in grid.rows] != [len(row) for row in wanted]:
        what = f"{name}印作{len(grid.rows) - 1}行，记录为{len(wanted) - 1}行。"
        return [Finding(grid.name, what, str(len(grid.rows) - 1), str(len(wanted) - 1), Said.CHANGED)]
    found = []
    for number, (printed, recorded) in enumerate(zip(grid.rows, wanted, strict=True)):
        for head, said, right in zip(wanted[0], printed, recorded, strict=True):
            if " ".join(said.split()) != " ".join(right.split()):
                what = f"{name}第{number}行“{head}”印作“{said}”，记录为“{right}”。"
                found.append(Finding(grid.name, what, said, right, Said.CHANGED))
    return found


def _used(composed: Composed) -> list[str]:
    """The keys that the content prints."""
    keys: dict[str, None] = {}
    for section in composed.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                keys |= dict.fromkeys(piece.key for piece in block.pieces if piece.key)
            elif isinstance(block, Table | Picture):
                keys[block.key] = None
    return list(keys)
