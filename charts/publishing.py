"""Figures of what was published: volume by day, hour by weekday, kinds by platform, and how one post's counts grew."""

import pandas as pd
import plotly.graph_objects as go

from charts.response import OFFSET, dress
from matrix.account import PLATFORM_NAMES, Platform

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
KINDS = {"original": "原创", "article": "图文", "repost": "转发"}
PATTERNS = {"original": "", "article": "x", "repost": "/"}


def volume(frame: pd.DataFrame) -> go.Figure:
    """`day posts originals` (Beijing days since the epoch): originals and reposts of each day, one on the other.

    `customdata` of a bar is the Unix second at which its day begins.
    """
    starts = [int(day) * 86400 - OFFSET for day in frame["day"]]
    days = pd.to_datetime(frame["day"].astype(int), unit="D")
    figure = go.Figure()
    reposts = frame["posts"] - frame["originals"]
    for name, numbers, shape in (("原创和图文", frame["originals"], ""), ("转发", reposts, "/")):
        figure.add_bar(
            x=days,
            y=[int(number) for number in numbers],
            name=name,
            customdata=starts,
            marker={"pattern": {"shape": shape}},
            hovertemplate="%{x|%m-%d} " + name + "%{y}条<extra></extra>",
        )
    figure.update_layout(barmode="stack")
    return dress(figure, 260, showlegend=True, xaxis={"tickformat": "%m-%d"}, yaxis={"rangemode": "tozero", "tickformat": "d"})


def heat(frame: pd.DataFrame) -> go.Figure:
    """`weekday hour posts`: every cell with its number; `customdata` is weekday and hour."""
    grid = [[0] * 24 for _ in WEEKDAYS]
    for weekday, hour, posts in zip(frame["weekday"], frame["hour"], frame["posts"], strict=True):
        grid[int(weekday)][int(hour)] = int(posts)
    figure = go.Figure(
        go.Heatmap(
            z=grid,
            x=[f"{hour}时" for hour in range(24)],
            y=list(WEEKDAYS),
            text=[[str(number or "") for number in row] for row in grid],
            texttemplate="%{text}",
            customdata=[[[weekday, hour] for hour in range(24)] for weekday in range(7)],
            hovertemplate="%{y}%{x}：%{z}条<extra></extra>",
            showscale=False,
            xgap=1,
            ygap=1,
        )
    )
    return dress(figure, 300, yaxis={"autorange": "reversed"}, xaxis={"side": "top"})


def mix(frame: pd.DataFrame) -> go.Figure:
    """`platform kind posts`: one bar for each platform, its kinds one after the other."""
    names = {int(number): PLATFORM_NAMES[Platform(int(number))] for number in frame["platform"].unique()}
    figure = go.Figure()
    for kind, words in KINDS.items():
        rows = frame[frame["kind"] == kind]
        if rows.empty:
            continue
        figure.add_bar(
            x=[int(number) for number in rows["posts"]],
            y=[names[int(number)] for number in rows["platform"]],
            name=words,
            orientation="h",
            text=[f"{words}{int(number)}" for number in rows["posts"]],
            textposition="auto",
            marker={"pattern": {"shape": PATTERNS[kind]}},
            hovertemplate="%{y} " + words + "%{x}条<extra></extra>",
        )
    figure.update_layout(barmode="stack")
    return dress(figure, 60 + 56 * max(1, len(names)), showlegend=True, xaxis={"visible": False}, yaxis={"autorange": "reversed"})


def growth(frame: pd.DataFrame) -> go.Figure:
    """`observed_at reads likes shares comments` of one post: a line for each count that the platform tells."""
    figure = go.Figure()
    moments = pd.to_datetime(frame["observed_at"].astype("int64") + OFFSET, unit="s")
    for place, (column, words) in enumerate({"reads": "阅读", "likes": "点赞", "shares": "转发", "comments": "评论"}.items()):
        told = frame[column].notna()
        if not told.any():
            continue
        figure.add_scatter(
            x=moments[told],
            y=[int(number) for number in frame.loc[told, column]],
            name=words,
            mode="lines+markers",
            line={"shape": "hv", "dash": ("solid", "dash", "dot", "dashdot")[place]},
            hovertemplate="%{x|%m-%d %H:%M} " + words + "%{y}<extra></extra>",
        )
    return dress(
        figure, 240, showlegend=True, xaxis={"tickformat": "%m-%d %H:%M"}, yaxis={"rangemode": "tozero", "tickformat": "d"}
    )
