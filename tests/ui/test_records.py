"""Rows of a table as plain Python values, the same that pandas gives."""

import pandas as pd

from ui.records import records


def test_rows_are_what_pandas_gives_in_python_values() -> None:
    frame = pd.DataFrame({"账号": ["甲", None], "n": [1, 2], "比": [0.5, None], "是": [True, False], "列": [[1], []]})
    rows, wanted = records(frame), frame.to_dict("records")
    assert [{k: v for k, v in row.items() if v == v} for row in rows] == [
        {k: v for k, v in row.items() if v == v} for row in wanted
    ]
    assert [[type(value) for value in row.values()][1:4] for row in rows] == [[int, float, bool]] * 2


def test_only_the_named_columns_come_and_an_empty_table_has_no_rows() -> None:
    frame = pd.DataFrame({"a": [1], "b": ["x"]})
    assert records(frame, "b") == [{"b": "x"}]
    assert records(frame.head(0)) == []
