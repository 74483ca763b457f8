"""The annex of a report: by which definitions it counts, and where each of its numbers comes from."""

from typing import TYPE_CHECKING

from matrix.report_body import Composed
from matrix.report_definitions import DEFINITIONS
from matrix.report_words import moment_words, period_words
from reports.cells import clean
from reports.report_facts import CATALOGUE
from reports.report_page import SMALL
from reports.report_table import write_table
from reports.report_xml import SOURCE

if TYPE_CHECKING:
    from reports.report_docx import Writer

HEADS = ["出处", "指标", "印出的数", "查询和参数", "行数"]
WEIGHTS = (3, 9, 15, 12, 4)
NAME = "出处表"
COMMON = ("organization_id", "since", "until", "before_since", "before_until", "measure", "field")
"""What is the same for every line, or is said by the name of the figure already."""

NAMES = {"hours": "小时", "which": "时段", "clock": "计时", "level": "级别", "only": "范围", "groups": "评论分组"}
NAMES |= {"incident_id": "事件编号", "days": "天数"}
VALUES = {"before_": "上期"}


def write_annex(writer: "Writer") -> None:
    """Definitions of what the report names, then one line for each key."""
    document, composed = writer.document, writer.composed
    names = {figure.question for figure in composed.figures}
    for question, sentences in DEFINITIONS.items():
        if (question in names and not composed.is_quiet) or not question:
            for sentence in sentences:
                document.add_paragraph(sentence, style=SMALL)
    brief = composed.brief
    period = f"统计时段：{period_words(brief.since, brief.until)}；统计截止：{moment_words(brief.cutoff)}。"
    document.add_paragraph(f"{period}下表各项相同，只列另外的参数。", style=SMALL)
    rows = source_rows(composed)
    anchors = [f"{SOURCE}{figure.key}" for figure in composed.figures]
    write_table(document, [HEADS, *rows], WEIGHTS, NAME, "每个数字的出处", SMALL, anchors, writer.marks)


def source_rows(composed: Composed) -> list[list[str]]:
    """One line for each figure: key, what was asked, what is printed, with which parameters, resting on how many rows."""
    found = []
    for figure in composed.figures:
        more = [words_of(name, value) for name, value in sorted(figure.params.items()) if name not in COMMON]
        words = [figure.key, figure.meaning, figure.text, "；".join([CATALOGUE[figure.question].words, *more]), str(figure.rows)]
        found.append([clean(one) for one in words])
    return found


def words_of(name: str, value: object) -> str:
    """A parameter in words; a long list only by its length."""
    said = f"{len(value)}组" if isinstance(value, list) else VALUES.get(str(value), str(value))
    return f"{NAMES.get(name, name)}={said}"
