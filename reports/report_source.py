"""The annex of a report: by which definitions it counts, and where each of its numbers comes from."""

from typing import TYPE_CHECKING

from matrix.report_body import Composed
from matrix.report_definitions import DEFINITIONS
from matrix.report_words import short_moment
from reports.cells import clean
from reports.report_page import SMALL
from reports.report_table import write_table
from reports.report_xml import SOURCE

if TYPE_CHECKING:
    from reports.report_docx import Writer

HEADS = ["出处", "指标", "印出的数", "统计时段", "截止", "行数"]
WEIGHTS = (3, 8, 13, 11, 6, 3)
NAME = "出处表"


def write_annex(writer: "Writer") -> None:
    """Definitions of what the report names, then one line for each key."""
    document, composed = writer.document, writer.composed
    names = {figure.question for figure in composed.figures}
    for question, sentences in DEFINITIONS.items():
        if question in names or not question:
            for sentence in sentences:
                document.add_paragraph(sentence, style=SMALL)
    rows = source_rows(composed)
    anchors = [f"{SOURCE}{figure.key}" for figure in composed.figures]
    write_table(document, [HEADS, *rows], WEIGHTS, NAME, "每个数字的出处", SMALL, anchors, writer.marks)


def source_rows(composed: Composed) -> list[list[str]]:
    """One line for each figure: key, what was asked, what is printed, over which time, known until when, resting on how much."""
    found = []
    for figure in composed.figures:
        since, until = figure.params.get("since"), figure.params.get("until")
        period = f"{short_moment(since)}至{short_moment(until)}" if since and until else "—"
        words = [figure.key, figure.meaning, figure.text, period, short_moment(figure.cutoff), str(figure.rows)]
        found.append([clean(one) for one in words])
    return found
