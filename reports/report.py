"""Makes a report: asks the questions of its kind as of the cut-off, and writes what came out as a Word document."""

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from matrix.report import Brief, Copy, ReportKind
from matrix.report_body import Composed, Picture, Table
from reports.report_docx import write
from reports.report_draft import Draft, printed
from reports.report_facts_alerts import incidents
from reports.report_question import Desk
from reports.report_sections import SECTIONS, is_quiet, quiet
from storage.organizations import tree
from storage.rules import require_organization
from storage.scope import Scope

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TITLES = {"日报": "政务新媒体舆情日报", "周报": "政务新媒体舆情周报", "月报": "政务新媒体舆情月报"}
TITLES |= {"事件专报": "网络舆情事件专报", "时效通报": "政务新媒体诉求回复时效通报"}


def compose(db: sqlite3.Connection, scope: Scope, brief: Brief) -> Composed:
    """The content of a report, as plain data (`matrix.report_body.to_json` keeps it). Reads only.

    Everything is asked within the brief's unit (0: the whole scope) and as of its cut-off, which is to be drawn with
    `storage.report_cutoff.draw` so that it stays the same at any later time. Raises PermissionError for a unit outside the scope.
    """
    if brief.organization_id:
        require_organization(db, scope, brief.organization_id)
    mine = (brief.organization_id,) if brief.organization_id else scope
    names = tree(db, scope)
    chosen = names[names["id"].isin(mine)]["name"].tolist() if len(names) else []
    unit = "、".join(chosen[:3]) + ("等" if len(chosen) > 3 else "")
    draft = Draft(Desk(db, mine, brief.cutoff), brief)
    if brief.kind is ReportKind.INCIDENT and brief.incident_id is None:
        running = incidents(draft.desk, draft.params)
        brief = replace(brief, incident_id=running[-1].id if running else None)
    is_empty = brief.incident_id is None if brief.kind is ReportKind.INCIDENT else is_quiet(draft)
    # A question that only told that there is nothing to say stays out of the annex.
    draft = Draft(draft.desk, brief)
    for section in (quiet,) if is_empty else SECTIONS[brief.kind]:
        section(draft)
    title = brief.title or TITLES[brief.kind]
    sections, figures = printed(draft.sections, draft.figures)
    return Composed(replace(brief, title=title), title, unit, mine, sections, figures, is_empty)


def to_docx(composed: Composed, copy: Copy | str = Copy.REVIEW, about: Mapping[str, str] | None = None) -> bytes:
    """The Word file. `about` holds what stands around the content, each a text and none of them needed: 期号 (12), 总期号 (96),
    编发单位, 日期 (2026年3月6日), 报, 送, 发, 份数, 编制, 审核, 签发, and 地址, under which the console is reached
    from outside: with it each key of the 审核稿 is a link.
    """
    return write(composed, Copy(copy), dict(about or {}))


def tables(composed: Composed) -> dict[str, pd.DataFrame]:
    """The tables of a report and the points of its charts by their captions, as the files of `reports.tables` take them: whole
    numbers are numbers, a cell is one line."""
    found = {}
    for section in composed.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                heads, *cells = composed.figure(block.key).value
                columns = [column_of(column) for column in zip(*cells, strict=True)]
                found[block.caption] = pd.DataFrame(dict(zip(heads, columns, strict=True)), dtype=object)
            elif isinstance(block, Picture):
                value = composed.figure(block.key).value
                labels = {AXES.get(block.shape, "项目"): value["labels"]}
                found[block.caption] = pd.DataFrame(labels | value["series"], dtype=object)
    return found


AXES = {"柱": "时间", "线": "时间"}
NUMBER = re.compile(r"0|-?[1-9]\d{0,14}")


def column_of(cells: Sequence[str]) -> list[str | int | None]:
    """A column of printed cells that holds nothing but whole numbers and dashes as numbers; any other as it is printed."""
    if all(cell == "—" or NUMBER.fullmatch(cell) for cell in cells):
        return [None if cell == "—" else int(cell) for cell in cells]
    return [cell.replace("\n", "") for cell in cells]
