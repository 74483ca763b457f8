"""Figures of how fast citizens are answered: distribution in buckets, share by time, and the course over days or weeks."""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from matrix.percent import percent_words, whole_percent
from matrix.waiting import BUCKETS, FLOOR

PATTERNS = {"尚未回复": "/", "情况不明": "."}
"""What is not answered is told from what is by its hatching, without any colour."""

TICKS = {
    60: "1分钟",
    600: "10分钟",
    3600: "1小时",
    14400: "4小时",
    86400: "24小时",
    604800: "7天",
    2592000: "30天",
    7776000: "90天",
}
SHORTEST = 60
"""Seconds; where the logarithmic axis begins, quicker answers are drawn there."""

WHISKERS = 48
"""So many points of a curve carry their interval: close enough to read as a band, far enough apart to see the curve."""

DASHES = ("solid", "dash", "dot")
OFFSET = 28800
QUARTERS = {"tickvals": [0, 0.25, 0.5, 0.75, 1], "tickformat": ".0%"}


def distribution(frame: pd.DataFrame) -> go.Figure:
    """`bucket n share`: one bar for each bucket in the order of the frame, with its number and per cent beside it.

    `customdata` of a bar is its bucket.
    """
    total = int(frame["n"].sum())
    numbers = [int(number) for number in frame["n"]]
    words = [f"{number}条 · {whole_percent(number, total)}%" if total else f"{number}条" for number in numbers]
    bar = go.Bar(
        x=numbers,
        y=list(frame["bucket"]),
        orientation="h",
        text=words,
        textposition="outside",
        cliponaxis=False,
        customdata=list(frame["bucket"]),
        marker={"pattern": {"shape": [PATTERNS.get(bucket, "") for bucket in frame["bucket"]]}},
        hovertemplate="%{y}：%{text}<extra></extra>",
    )
    longest = max(numbers, default=0)
    return dress(
        go.Figure(bar),
        300,
        yaxis={"autorange": "reversed", "categoryorder": "array", "categoryarray": list(BUCKETS)},
        xaxis={"range": [0, max(1, longest) * 1.35], "visible": False},
    )


def curve(curves: Mapping[str, pd.DataFrame], sizes: Mapping[str, int]) -> go.Figure:
    """`seconds share low high` of each clock by name: the part answered within a time, silence counted (Kaplan-Meier).

    Steps on a logarithmic axis of time, told apart by their dashes; fine strokes are the 95 % interval, `sizes` the cases
    behind each curve. Unseen marks take the clicks.
    `customdata` of a point is its clock's name and its seconds.
    """
    figure = go.Figure()
    longest = SHORTEST
    for place, (name, frame) in enumerate(curves.items()):
        if frame.empty:
            continue
        longest = max(longest, float(frame["seconds"].max()))
        drawn = [max(SHORTEST, float(second)) for second in frame["seconds"]]
        shown = chosen(len(frame))
        figure.add_scatter(
            x=drawn,
            y=list(frame["share"]),
            name=f"{name}(n={sizes.get(name, 0)})",
            mode="lines+markers",
            line={"shape": "hv", "dash": DASHES[place % 3], "width": 2.5},
            marker={"size": 9, "opacity": 0},
            customdata=[[name, float(second)] for second in frame["seconds"]],
            error_y={
                "type": "data",
                "symmetric": False,
                "array": kept(frame["high"] - frame["share"], shown),
                "arrayminus": kept(frame["share"] - frame["low"], shown),
                "thickness": 1,
                "width": 0,
            },
            text=[lasting(float(second)) for second in frame["seconds"]],
            hovertemplate=f"{name}%{{text}}内：%{{y:.1%}}<extra></extra>",
        )
    ticks = {second: words for second, words in TICKS.items() if second <= longest * 1.5} or {SHORTEST: TICKS[SHORTEST]}
    return dress(
        figure,
        340,
        showlegend=True,
        yaxis={"range": [0, 1.02], **QUARTERS},
        xaxis={"type": "log", "tickangle": 0, "tickvals": list(ticks), "ticktext": list(ticks.values())},
    )


def trend(frame: pd.DataFrame, step: str, hours: int = 24, floor: int = FLOOR) -> go.Figure:
    """`start n met_H of_H share_H low_H high_H`: the rate above, the matters received below, for each day (日) or week (周).

    Where fewer than `floor` cases are due there is no point. `customdata` is the start.
    """
    days = [f"{pd.Timestamp(int(start) + OFFSET, unit='s'):%Y-%m-%d}" for start in frame["start"]]
    met, of = frame[f"met_{hours}"], frame[f"of_{hours}"]
    share = [float(part) / float(whole) if whole >= floor else None for part, whole in zip(met, of, strict=True)]
    told = [percent_words(int(part), int(whole)) if whole >= floor else "" for part, whole in zip(met, of, strict=True)]
    starts = [int(start) for start in frame["start"]]
    unit = "当日" if step == "日" else "当周"
    figure = go.Figure()
    figure.add_scatter(
        x=days,
        y=share,
        name=f"{hours}小时回复率",
        mode="lines+markers",
        customdata=starts,
        text=told,
        marker={"size": 8},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": list((frame[f"high_{hours}"] - frame[f"share_{hours}"]).fillna(0)),
            "arrayminus": list((frame[f"share_{hours}"] - frame[f"low_{hours}"]).fillna(0)),
            "thickness": 1,
            "width": 3,
        },
        hovertemplate=f"%{{x|%Y-%m-%d}} {unit}收到：%{{text}}<extra></extra>",
    )
    figure.add_bar(
        x=days,
        y=[int(number) for number in frame["n"]],
        name="收到诉求(条)",
        customdata=starts,
        yaxis="y2",
        text=[int(number) or "" for number in frame["n"]] if len(frame) <= 31 else None,
        textposition="outside",
        cliponaxis=False,
        textangle=0,
        hovertemplate=f"%{{x|%Y-%m-%d}} {unit}收到%{{y}}条<extra></extra>",
    )
    return dress(
        figure,
        380,
        showlegend=True,
        xaxis={"type": "date", "tickformat": "%m-%d", "anchor": "y2"},
        yaxis={"range": [0, 1.05], "domain": [0.38, 1], **QUARTERS},
        yaxis2={"domain": [0, 0.24], "rangemode": "tozero", "nticks": 3, "anchor": "x", "tickformat": "d"},
    )


def chosen(points: int) -> set[int]:
    """Which points of a curve carry their interval: evenly spaced, the first and the last among them."""
    if points <= WHISKERS:
        return set(range(points))
    return {round(number * (points - 1) / (WHISKERS - 1)) for number in range(WHISKERS)}


def kept(lengths: pd.Series, shown: set[int]) -> list[float | None]:
    return [float(length) if place in shown and length == length else None for place, length in enumerate(lengths)]


def lasting(seconds: float) -> str:
    """12分钟, 3小时05分, 2天3小时: a point of the curve in words."""
    minutes = int(seconds // 60)
    if minutes < 60:
        return f"{minutes}分钟" if minutes else f"{int(seconds)}秒"
    if minutes < 2880:
        return f"{minutes // 60}小时{minutes % 60:02d}分" if minutes % 60 else f"{minutes // 60}小时"
    return f"{minutes // 1440}天{minutes % 1440 // 60}小时"


def dress(figure: go.Figure, height: int, *, showlegend: bool = False, **axes: Mapping[str, object]) -> go.Figure:
    """What all figures share: tight margins, no zooming by accident, legend on top; axes as given, without titles."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 12, "t": 32 if showlegend else 8, "b": 8},
        dragmode=False,
        showlegend=showlegend,
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        hovermode="closest",
        bargap=0.28,
    )
    for name, settings in axes.items():
        figure.update_layout({name: {"automargin": True, "fixedrange": True, **settings}})
    return figure
