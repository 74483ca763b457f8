"""Figures of what was published: volume by day, hour by weekday, kinds by platform, one account's days, one post's counts."""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from charts.response import OFFSET, dress
from matrix.account import PLATFORM_NAMES, Platform

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
KINDS = {"original": "原创", "repost": "转发", "article": "图文"}
PATTERNS = {"original": "", "repost": "/", "article": "x"}
COUNTS = {"reads": "阅读", "likes": "点赞", "shares": "转发", "comments": "评论"}
PANEL, GAP = 104, 0.17
"""Pixels of one of several figures below each other, and the part of all of them that lies between two."""


def volume(frame: pd.DataFrame) -> go.Figure:
    """`day posts originals` (Beijing days since the epoch): originals and reposts of each day, one on the other.

    `customdata` of a bar is its day.
    """
    days = pd.to_datetime(frame["day"].astype(int), unit="D")
    figure = go.Figure()
    reposts = frame["posts"] - frame["originals"]
    for name, numbers, shape in (("原创和图文", frame["originals"], ""), ("转发", reposts, "/")):
        figure.add_bar(
            x=days,
            y=[int(number) for number in numbers],
            name=name,
            customdata=[int(day) for day in frame["day"]],
            marker={"pattern": {"shape": shape}},
            hovertemplate="%{x|%m-%d} " + name + "%{y}条<extra></extra>",
        )
    figure.update_layout(barmode="stack")
    return dress(figure, 260, showlegend=True, xaxis={"tickformat": "%m-%d"}, yaxis={"rangemode": "tozero", "tickformat": ",d"})


def heat(frame: pd.DataFrame) -> go.Figure:
    """`weekday hour posts`: a column for each weekday, a row for each hour, every cell with its number.

    Hours run downwards so that a cell stays wide enough for its number on a telephone. The marks over the
    cells have weekday and hour as `customdata`.
    """
    grid = [[0] * 7 for _ in range(24)]
    for weekday, hour, posts in zip(frame["weekday"], frame["hour"], frame["posts"], strict=True):
        grid[int(hour)][int(weekday)] = int(posts)
    figure = go.Figure(
        go.Heatmap(
            z=grid,
            x=list(WEEKDAYS),
            y=list(range(24)),
            text=[[f"{number:,}" if number else "" for number in row] for row in grid],
            texttemplate="%{text}",
            hoverinfo="skip",
            showscale=False,
            xgap=1,
            ygap=1,
        )
    )
    cells = [(weekday, hour) for hour in range(24) for weekday in range(7)]
    # A heat map takes no clicks; these unseen marks do, each for its own cell.
    figure.add_scatter(
        x=[WEEKDAYS[weekday] for weekday, _ in cells],
        y=[hour for _, hour in cells],
        mode="markers",
        marker={"symbol": "square", "size": 16, "opacity": 0},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        customdata=[list(cell) for cell in cells],
        text=[f"{grid[hour][weekday]:,}" for weekday, hour in cells],
        hovertemplate="%{x}%{y}时：%{text}条<extra></extra>",
    )
    figure.update_layout(hoverdistance=48)
    hours = list(range(0, 24, 2))
    return dress(
        figure,
        520,
        yaxis={"range": [23.5, -0.5], "tickvals": hours, "ticktext": [f"{hour}时" for hour in hours]},
        xaxis={"side": "top"},
    )


def mix(frame: pd.DataFrame) -> go.Figure:
    """`platform kind posts`: one bar for each platform, its kinds one after the other, its numbers in words behind it.

    `customdata` of a bar is platform and kind.
    """
    platforms = list(dict.fromkeys(int(number) for number in frame["platform"]))
    names = {number: PLATFORM_NAMES[Platform(number)] for number in platforms}
    held = {(int(p), str(k)): int(n) for p, k, n in zip(frame["platform"], frame["kind"], frame["posts"], strict=True)}
    kinds = [kind for kind in KINDS if any(held.get((number, kind)) for number in platforms)]
    figure = go.Figure()
    for kind in kinds:
        figure.add_bar(
            x=[held.get((number, kind), 0) for number in platforms],
            y=[names[number] for number in platforms],
            name=KINDS[kind],
            orientation="h",
            customdata=[[number, kind] for number in platforms],
            marker={"pattern": {"shape": PATTERNS[kind]}},
            hovertemplate="%{y} " + KINDS[kind] + "%{x}条<extra></extra>",
        )
    for number in platforms:
        said = " · ".join(f"{KINDS[kind]}{held[number, kind]:,}" for kind in kinds if held.get((number, kind)))
        # Above its own bar: beside it a long one would leave no room on a narrow screen.
        figure.add_annotation(
            x=0, y=names[number], text=f"{names[number]}　{said}", showarrow=False, xanchor="left", yshift=22, align="left"
        )
    height = 56 + 62 * max(1, len(platforms))
    dress(figure, height, showlegend=True, xaxis={"visible": False}, yaxis={"autorange": "reversed", "showticklabels": False})
    return figure.update_layout(barmode="stack", bargap=0.6)


def course(frame: pd.DataFrame) -> go.Figure:
    """`day posts comments`: two figures below each other, a bar for each day; `customdata` is the day."""
    days = pd.to_datetime(frame["day"].astype(int), unit="D")
    panels = {words: (days, frame[column], "bar") for column, words in (("posts", "发布"), ("comments", "评论"))}
    return stacked(panels, "%m-%d", [int(day) for day in frame["day"]])


def growth(frame: pd.DataFrame) -> go.Figure:
    """`observed_at reads likes shares comments` of one post: a figure for each count that the platform tells, each with its own
    scale, because reads would press all others flat."""
    moments = pd.to_datetime(frame["observed_at"].astype("int64") + OFFSET, unit="s")
    told = {column: words for column, words in COUNTS.items() if frame[column].notna().any()}
    panels = {}
    for column, words in told.items():
        is_told = frame[column].notna()
        panels[words] = (moments[is_told], frame.loc[is_told, column], "line")
    return stacked(panels, "%m-%d %H:%M", None)


def stacked(panels: Mapping[str, tuple[pd.Series, pd.Series, str]], form: str, marks: list[int] | None) -> go.Figure:
    """Several figures over one axis of time, each named at its upper left corner."""
    figure = go.Figure()
    size = max(1, len(panels))
    part = (1 - GAP * (size - 1)) / size
    axes: dict[str, dict[str, object]] = {"xaxis": {"tickformat": form, "anchor": "y" if size == 1 else f"y{size}", "nticks": 6}}
    for number, (words, (times, numbers, kind)) in enumerate(panels.items(), 1):
        name, top = "y" if number == 1 else f"y{number}", 1 - (number - 1) * (part + GAP)
        said = {"x": list(times), "y": [int(one) for one in numbers], "yaxis": name, "name": words, "customdata": marks}
        hover = f"%{{x|{form}}} {words}%{{y:,}}<extra></extra>"
        if kind == "bar":
            figure.add_bar(**said, hovertemplate=hover)
        else:
            figure.add_scatter(**said, mode="lines+markers", line={"shape": "hv"}, hovertemplate=hover)
        axes[f"yaxis{number if number > 1 else ''}"] = {
            "domain": [max(0.0, top - part), top],
            "rangemode": "tozero",
            "nticks": 3,
            "tickformat": ",d",
        }
        figure.add_annotation(
            x=0, y=top, xref="paper", yref="paper", text=words, showarrow=False, xanchor="left", yanchor="bottom", yshift=3
        )
    dress(figure, 40 + PANEL * size)
    figure.update_layout(margin={"t": 24})
    for name, settings in axes.items():
        figure.update_layout({name: {"automargin": True, "fixedrange": True, **settings}})
    return figure
