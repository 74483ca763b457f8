"""Lists of rows: masked before they come here, without export, one row at a time to open."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from math import isnan
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import streamlit as st
from streamlit import dataframe_util

ROW_HEIGHT = 36
TALLEST = 14
HALF_WIDTH, PADDING, WIDEST, LAST_WIDEST = 7, 20, 440, 1200
"""Pixels: of one Latin letter, around a text, of the widest column, and of the last one, where sentences stand."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list that is ready to be sent: what costs most of a long one is done, and need be done once for all who see the same."""

    table: pa.Table
    columns: Mapping[str, Any]

    def __len__(self) -> int:
        return self.table.num_rows


Rows = pd.DataFrame | list[dict[str, Any]] | Sheet


def sheet(rows: pd.DataFrame | list[dict[str, Any]], columns: Mapping[str, Any] | None = None) -> Sheet:
    """Prepare a list; `columns` as `press` takes them."""
    frame = pd.DataFrame(rows)
    configured = widths(frame, columns or ()) | dict(columns or {})
    with pa.ipc.open_stream(dataframe_util.convert_pandas_df_to_arrow_bytes(frame)) as held:
        return Sheet(held.read_all(), configured)


def parts(rows: Rows, columns: Mapping[str, Any] | None) -> tuple[Any, dict[str, Any]]:
    """What is handed to the browser, and how its columns look; Streamlit may write into a column, so each drawing has its own."""
    if isinstance(rows, Sheet):
        return rows.table, {name: dict(column) for name, column in rows.columns.items()} | dict(columns or {})
    frame = pd.DataFrame(rows)
    return frame, widths(frame, columns or ()) | dict(columns or {})


def widths(frame: pd.DataFrame, given: Collection[str] = ()) -> dict[str, Any]:
    """Every column of text as wide as its longest text, so that no word is cut; the browser measures the first rows only.

    Columns that are `given` a form already are passed over.
    """
    made = {}
    for place, label in enumerate(frame.columns, 1):
        if label not in given and not pd.api.types.is_numeric_dtype(frame[label]):
            # In GB 18030 a Chinese sign has two bytes and a Latin one has one, just as wide as they are drawn.
            longest = max(len(str(text).encode("gb18030", "replace")) for text in {label, *frame[label]})
            widest = LAST_WIDEST if place == len(frame.columns) else WIDEST
            made[label] = st.column_config.Column(width=min(widest, PADDING + HALF_WIDTH * longest))
    return made


def counts(
    rows: pd.DataFrame | list[dict[str, Any]], helps: Mapping[str, str] | None = None, form: str = "localized"
) -> dict[str, Any]:
    """Columns of numbers: thousands told apart, wide enough for the longest one; `helps` explain a heading when pointed at."""
    frame = pd.DataFrame(rows)
    made = {}
    for label in frame.columns:
        if pd.api.types.is_numeric_dtype(frame[label]) and not pd.api.types.is_bool_dtype(frame[label]):
            held = frame[label].to_numpy(float, na_value=float("nan"))
            ends = [float(held[place]) for place in (held.argmin(), held.argmax())] if not isnan(held.sum()) else known_ends(held)
            longest = max((len(f"{number:,.10g}") for number in ends), default=1)
            width = PADDING + HALF_WIDTH * max(longest + 1, len(str(label).encode("gb18030", "replace")))
            made[label] = st.column_config.NumberColumn(width=width, format=form, help=(helps or {}).get(label))
    return made


def known_ends(held: Any) -> list[float]:
    """The smallest and the largest of the numbers that are there."""
    known = held[held == held]
    return [float(known.min()), float(known.max())] if len(known) else []


def height_of(rows: int) -> int:
    return ROW_HEIGHT * (min(rows, TALLEST) + 1) + 1


def show(rows: Rows, key: str, columns: Mapping[str, Any] | None = None, alt: str = "") -> None:
    """A list to read; the keys of the first row are the headings."""
    held, configured = parts(rows, columns)
    st.dataframe(
        held,
        hide_index=True,
        column_config=configured,
        height=height_of(len(rows)),
        row_height=ROW_HEIGHT,
        key=key,
        alt=alt or None,
        placeholder="",
    )


def pick(rows: Rows, key: str, columns: Mapping[str, Any] | None = None, alt: str = "") -> int | None:
    """A list in which one row can be chosen; answers with its position, None while none is chosen."""
    held, configured = parts(rows, columns)
    event = st.dataframe(
        held,
        hide_index=True,
        column_config=configured,
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


def press(
    rows: Rows,
    key: str,
    mode: Literal["single-row", "single-cell"],
    on_press: Callable[[int, str], None],
    columns: Mapping[str, Any] | None = None,
    alt: str = "",
    pinned: str = "",
) -> None:
    """A list whose rows or cells open something: `on_press(position, heading)` runs before the page is drawn anew. The column
    `pinned` stays where it is while the others are scrolled."""

    def pressed() -> None:
        chosen = (st.session_state.get(key) or {}).get("selection", {})
        cells = [(row, "") for row in chosen.get("rows") or ()] or [tuple(cell) for cell in chosen.get("cells") or ()]
        if cells and int(cells[0][0]) < len(rows):
            on_press(int(cells[0][0]), str(cells[0][1]))

    held, configured = parts(rows, columns)
    if pinned:
        configured[pinned] = st.column_config.TextColumn(pinned=True, width=configured[pinned]["width"])
    st.dataframe(
        held,
        hide_index=True,
        column_config=configured,
        height=height_of(len(rows)),
        row_height=ROW_HEIGHT,
        key=key,
        alt=alt or None,
        on_select=pressed,
        selection_mode=mode,
        placeholder="",
    )


def share(label: str) -> Any:
    """A column that shows a part of a whole, 0 to 1, as a bar."""
    return st.column_config.ProgressColumn(label, min_value=0.0, max_value=1.0, format="percent")
