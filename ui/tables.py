"""Lists of rows: masked before they come here, without export, one row at a time to open."""

from collections.abc import Callable, Collection, Mapping
from math import isnan
from typing import Any, Literal

import pandas as pd
import streamlit as st

Rows = pd.DataFrame | list[dict[str, Any]]
ROW_HEIGHT = 36
TALLEST = 14
HALF_WIDTH, PADDING, WIDEST, LAST_WIDEST = 7, 20, 440, 1200
"""Pixels: of one Latin letter, around a text, of the widest column, and of the last one, where sentences stand."""


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


def counts(rows: Rows, helps: Mapping[str, str] | None = None, form: str = "localized") -> dict[str, Any]:
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


def show(rows: list[dict[str, Any]], key: str, columns: Mapping[str, Any] | None = None, alt: str = "") -> None:
    """A list to read; the keys of the first row are the headings."""
    frame = pd.DataFrame(rows)
    st.dataframe(
        frame,
        hide_index=True,
        column_config=widths(frame) | dict(columns or {}),
        height=height_of(len(rows)),
        row_height=ROW_HEIGHT,
        key=key,
        alt=alt or None,
        placeholder="",
    )


def pick(rows: list[dict[str, Any]], key: str, columns: Mapping[str, Any] | None = None, alt: str = "") -> int | None:
    """A list in which one row can be chosen; answers with its position, None while none is chosen."""
    frame = pd.DataFrame(rows)
    event = st.dataframe(
        frame,
        hide_index=True,
        column_config=widths(frame) | dict(columns or {}),
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

    frame = pd.DataFrame(rows)
    configured = widths(frame, columns or ()) | dict(columns or {})
    if pinned:
        configured[pinned] = st.column_config.TextColumn(pinned=True, width=configured[pinned]["width"])
    st.dataframe(
        frame,
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
