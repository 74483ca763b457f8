"""The catalogue: every question that a number of a report may come from, by name."""

import sqlite3

import pandas as pd

from matrix.report import Figure
from reports import (
    report_facts_alerts,
    report_facts_checks,
    report_facts_heads,
    report_facts_incident,
    report_facts_publishing,
    report_facts_replies,
)
from reports.report_question import Answer, Desk, Question
from storage.scope import Scope

CATALOGUE: dict[str, Question] = {
    **report_facts_publishing.QUESTIONS,
    **report_facts_replies.QUESTIONS,
    **report_facts_checks.QUESTIONS,
    **report_facts_alerts.QUESTIONS,
    **report_facts_heads.QUESTIONS,
    **report_facts_incident.QUESTIONS,
}


def answer(desk: Desk, figure: Figure) -> Answer:
    """Ask a figure's question again as of the desk's cut-off. Raises ValueError for a question that there is none of, and for
    parameters that it does not know; Chinese sentences."""
    question = CATALOGUE.get(figure.question)
    if question is None:
        raise ValueError(f"没有名为“{figure.question}”的查询，文件可能出自别的版本。")
    try:
        return question.ask(desk, figure.params)
    except (KeyError, TypeError, AttributeError, ArithmeticError, IndexError) as error:
        raise ValueError(f"{figure.key}的查询参数不完整或已被改动，无法重算。") from error


def rows_behind(db: sqlite3.Connection, scope: Scope, figure: Figure) -> pd.DataFrame:
    """The rows that a figure rests on, within the reader's own scope, as of the figure's cut-off. Texts are raw: mask them."""
    return answer(Desk(db, scope, figure.cutoff), figure).behind
