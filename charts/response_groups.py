"""Figures that compare: who answers how many within a day, with the interval, and at which hour citizens ask."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from charts.response import QUARTERS, dress
from matrix.percent import percent_words
from matrix.waiting import FLOOR

LONGEST_NAME = 11
ROW, FRAME = 30, 60
"""Pixels: of one row, and of what stands around the rows."""


def comparison(
    frame: pd.DataFrame, names: Sequence[str], keys: Sequence[object], hours: int = 24, floor: int = FLOOR
) -> go.Figure:
    """`met_H of_H low_H high_H`, one row each with its name: a bar for the rate, a stroke for the 95 % interval.

    A row with fewer than `floor` cases has no bar but the words 样本不足 with their number. `customdata` is the row's key.
    """
    rows = range(len(frame))
    pairs = [(int(part), int(whole)) for part, whole in zip(frame[f"met_{hours}"], frame[f"of_{hours}"], strict=True)]
    is_shown = [whole >= floor for _, whole in pairs]
    share = [part / whole if shown else None for (part, whole), shown in zip(pairs, is_shown, strict=True)]
    words = [
        percent_words(part, whole) if shown else f"样本不足({whole}件)" if whole else "尚无到期"
        for (part, whole), shown in zip(pairs, is_shown, strict=True)
    ]
    marked = list(keys)
    figure = go.Figure()
    figure.add_bar(
        x=share,
        y=list(rows),
        orientation="h",
        name=f"{hours}小时回复率",
        customdata=marked,
        text=[f"{safe(name)}：{word}" for name, word in zip(names, words, strict=True)],
        textposition="none",
        hovertemplate="%{text}<extra></extra>",
    )
    middle = [
        (float(low) + float(high)) / 2 if shown else None
        for low, high, shown in zip(frame[f"low_{hours}"], frame[f"high_{hours}"], is_shown, strict=True)
    ]
    half = [
        (float(high) - float(low)) / 2 if shown else None
        for low, high, shown in zip(frame[f"low_{hours}"], frame[f"high_{hours}"], is_shown, strict=True)
    ]
    figure.add_scatter(
        x=middle,
        y=list(rows),
        mode="markers",
        name="95%区间",
        customdata=marked,
        marker={"size": 1},
        error_x={"type": "data", "array": half, "thickness": 2, "width": 5},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=[1.03] * len(frame),
        y=list(rows),
        mode="text",
        text=words,
        textposition="middle right",
        customdata=marked,
        hoverinfo="skip",
        cliponaxis=False,
    )
    return dress(
        figure,
        FRAME + ROW * max(2, len(frame)),
        xaxis={"range": [0, 1.5], **QUARTERS},
        yaxis={
            "tickvals": list(rows),
            "ticktext": [safe(name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…") for name in names],
            "range": [len(frame) - 0.5, -0.5],
        },
    )


def hours_of_day(frame: pd.DataFrame, hours: int = 24, floor: int = FLOOR) -> go.Figure:
    """`hour n met_H of_H`, 24 rows: how many citizens ask at each hour of Beijing, and how many of them are answered in time.

    An hour below the floor has no point. `customdata` is the hour.
    """
    clock = [int(hour) for hour in frame["hour"]]
    pairs = list(zip(frame[f"met_{hours}"], frame[f"of_{hours}"], strict=True))
    share = [float(part) / float(whole) if whole >= floor else None for part, whole in pairs]
    figure = go.Figure()
    figure.add_scatter(
        x=clock,
        y=share,
        name=f"{hours}小时回复率",
        mode="lines+markers",
        marker={"size": 8},
        customdata=clock,
        text=[percent_words(int(part), int(whole)) if whole else "" for part, whole in pairs],
        hovertemplate="%{x}时收到：%{text}<extra></extra>",
    )
    figure.add_bar(
        x=clock,
        y=[int(number) for number in frame["n"]],
        name="收到诉求(条)",
        yaxis="y2",
        customdata=clock,
        hovertemplate="%{x}时收到%{y}条<extra></extra>",
    )
    return dress(
        figure,
        360,
        showlegend=True,
        xaxis={
            "tickvals": list(range(0, 24, 3)),
            "ticktext": [f"{hour}时" for hour in range(0, 24, 3)],
            "range": [-0.7, 23.7],
            "anchor": "y2",
        },
        yaxis={"range": [0, 1.05], "domain": [0.45, 1], **QUARTERS},
        yaxis2={"domain": [0, 0.34], "rangemode": "tozero", "nticks": 3, "anchor": "x", "tickformat": "d"},
    )


def safe(name: str) -> str:
    """A name in which plotly finds no mark-up."""
    return name.replace("&", "&amp;").replace("<", "&lt;")
