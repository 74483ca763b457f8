"""Figures of an incident: what citizens said over time with the official words marked, and how the bulletin was carried."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from charts.response import dress
from charts.surge import FORM, moments

MARK = "▼"


def volume(frame: pd.DataFrame, words: Sequence[tuple[int, str]]) -> go.Figure:
    """`at comments leads` per step as stacked columns; each official word (Unix seconds, kind) as a dotted line with its kind."""
    figure = go.Figure()
    if frame.empty:
        return dress(figure, 260)
    times = moments(frame["at"])
    step = int(frame["at"].iloc[1] - frame["at"].iloc[0]) if len(frame) > 1 else 3600
    for column, name, pattern in (("comments", "评论", ""), ("leads", "线索", "/")):
        if int(frame[column].sum()) or column == "comments":
            figure.add_bar(
                x=times,
                y=[int(number) for number in frame[column]],
                name=name,
                offset=0,  # a column stands on the time that it counts, not around its beginning
                width=step * 900,
                marker={"pattern": {"shape": pattern}},
                hovertemplate=f"%{{x|{FORM}}} 起 {name}%{{y}}条<extra></extra>",
            )
    top = float((frame["comments"] + frame["leads"]).max())
    for place, (at, kind) in enumerate(words):
        figure.add_scatter(
            x=[moments(pd.Series([at]))[0]] * 2,
            y=[0, top * (1.08 + 0.1 * (place % 3))],
            mode="lines+text",
            text=["", f"{MARK}{kind}"],
            textposition="top center",
            line={"dash": "dot", "width": 1.5},
            name="官方发声",
            showlegend=place == 0,
            legendgroup="words",
            hovertemplate=f"%{{x|{FORM}}} {kind}<extra></extra>",
        )
    figure.update_layout(barmode="stack")
    height = top * (1.5 if words else 1.1)
    return dress(figure, 300, showlegend=True, xaxis={"tickformat": FORM}, yaxis={"range": [0, height], "tickformat": "d"})


def carried(minutes: Sequence[int], others: int) -> go.Figure:
    """How many accounts had carried the bulletin so many minutes after it, as steps; `others` could have."""
    figure = go.Figure()
    found = sorted(max(0, minute) for minute in minutes)
    figure.add_scatter(
        x=[0, *found],
        y=[0, *range(1, len(found) + 1)],
        mode="lines+markers",
        line={"shape": "hv"},
        name="已转载",
        hovertemplate="通报后%{x}分钟 累计%{y}个账号<extra></extra>",
    )
    yaxis = {"range": [0, max(1, others) * 1.08], "tickformat": "d"}
    return dress(figure, 220, xaxis={"title": {"text": "通报发布后(分钟)"}, "rangemode": "tozero"}, yaxis=yaxis)
