"""Lists of rows: masked before they come here, without export, one row at a time to open."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

ROW_HEIGHT = 36
TALLEST = 14


def height_of(rows: int) -> int:
    return ROW_HEIGHT * (min(rows, TALLEST) + 1) + 1


def show(rows: list[dict[str, Any]], key: str, columns: Mapping[str, Any] | None = None, alt: str = "") -> None:
    """A list to read; the keys of the first row are the headings."""
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config=dict(columns or {}),
        height=height_of(len(rows)),
        row_height=ROW_HEIGHT,
        key=key,
        alt=alt or None,
        placeholder="",
    )


def pick(rows: list[dict[str, Any]], key: str, columns: Mapping[str, Any] | None = None, alt: str = "") -> int | None:
    """A list in which one row can be chosen; answers with its position, None while none is chosen."""
    event = st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config=dict(columns or {}),
        height=height_of(len(rows)),
        row_height=ROW_HEIGHT,
        key=key,
        alt=alt or None,
        on_select="rerun",
        selection_mode="single-row",
        placeholder="",
    )
    chosen = event["selection"]["rows"]
    return chosen[0] if chosen and chosen[0] < len(rows) else None


def share(label: str) -> Any:
    """A column that shows a part of a whole, 0 to 1, as a bar."""
    return st.column_config.ProgressColumn(label, min_value=0.0, max_value=1.0, format="percent")
