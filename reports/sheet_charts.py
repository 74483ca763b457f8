"""Charts of Excel itself beside a table, which the reader can change: a line over time, bars for a ranking."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from xlsxwriter import Workbook

DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?( \d{2}:\d{2}(:\d{2})?)?|\d{1,2}月\d{1,2}日|\d{2}-\d{2}( \d{2}时)?")
LINES, MOST_DAYS, MOST_BARS = 4, 2000, 30
WIDTH, HEIGHT = 720, 380


@dataclass(frozen=True, slots=True)
class Drawn:
    """`kind` is line or bar; `columns` are the places of the drawn columns, the first column names the points."""

    kind: str
    columns: tuple[int, ...]
    is_share: bool = False


def pick(rows: Sequence[Sequence[Any]], shares: Sequence[bool]) -> Drawn | None:
    """Which chart a table wants; None where it is a list of things and not of figures.

    A series over time has days in its first column, each once and in order; a ranking has names there, each once, and a column
    of numbers that only falls.
    """
    if len(rows) < 3 or len(shares) < 2:
        return None
    names = [row[0] for row in rows]
    numeric = [place for place in range(1, len(shares)) if is_numeric([row[place] for row in rows])]
    counts = [place for place in numeric if not shares[place]]
    chosen = tuple((counts or numeric)[:LINES])
    if not chosen or len({str(name) for name in names}) < len(names):
        return None
    if all(isinstance(name, date) or (isinstance(name, str) and DAY.fullmatch(name)) for name in names):
        is_told = isinstance(names[0], str) and not names[0][:4].isdecimal()  # without a year: January comes behind December
        is_in_order = is_told or names == sorted(names)
        return Drawn("line", chosen, not counts) if is_in_order and len(rows) <= MOST_DAYS else None
    if len(rows) > MOST_BARS or not all(isinstance(name, str) for name in names):
        return None
    falling = [place for place in numeric if falls([row[place] for row in rows])]
    return Drawn("bar", (falling[0],), shares[falling[0]]) if falling else None


def is_numeric(values: Sequence[Any]) -> bool:
    return any(value is not None for value in values) and all(value is None or isinstance(value, int | float) for value in values)


def falls(values: Sequence[Any]) -> bool:
    if any(value is None for value in values) or len(set(values)) < 2:
        return False
    return all(left >= right for left, right in pairwise(values))


def draw(book: Workbook, sheet: str, labels: Sequence[str], rows: int, drawn: Drawn) -> Any:
    """The chart over `rows` rows below the heading of this sheet."""
    chart: Any = book.add_chart({"type": drawn.kind})
    for column in drawn.columns:
        chart.add_series(
            {
                "name": [sheet, 0, column],
                "categories": [sheet, 1, 0, rows, 0],
                "values": [sheet, 1, column, rows, column],
            }
        )
    form = "0%" if drawn.is_share else "General"
    title = labels[drawn.columns[0]] if len(drawn.columns) == 1 else sheet
    chart.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
    value_axis = {"num_format": form, "major_gridlines": {"visible": True}}
    if drawn.kind == "bar":
        # The first of the ranking stands on top.
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis(value_axis)
    else:
        chart.set_x_axis({"num_format": "m-d", "text_axis": True})
        chart.set_y_axis(value_axis)
    chart.set_legend({"position": "bottom"} if len(drawn.columns) > 1 else {"none": True})
    chart.set_size({"width": WIDTH, "height": max(HEIGHT, 22 * rows + 90) if drawn.kind == "bar" else HEIGHT})
    return chart
