"""The pictures of a report on the screen: the same points as in its Word file, as bars, lines or lying bars."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from charts.response import dress

LINES, LYING = "线", "条"
PATTERNS = ("", "/", "x", ".", "\\")


def picture(labels: Sequence[str], series: Mapping[str, Sequence[float | None]], shape: str, unit: str) -> go.Figure:
    """`series` gives a number or nothing for each label; `shape` is 柱, 线 or 条, `unit` what is counted."""
    figure, names = go.Figure(), list(labels)
    for place, (name, points) in enumerate(series.items()):
        if shape == LINES:
            hover = f"%{{x}} {name}%{{y}}{unit}<extra></extra>"
            figure.add_scatter(x=names, y=list(points), name=name, mode="lines+markers", hovertemplate=hover)
        elif shape == LYING:
            hover = f"%{{y}} {name}%{{x}}{unit}<extra></extra>"
            figure.add_bar(x=list(points), y=names, name=name, orientation="h", hovertemplate=hover)
        else:
            hover = f"%{{x}} {name}%{{y}}{unit}<extra></extra>"
            marker = {"pattern": {"shape": PATTERNS[place % len(PATTERNS)]}}
            figure.add_bar(x=names, y=list(points), name=name, marker=marker, hovertemplate=hover)
    if shape == LYING:
        height = max(160, 34 * len(names) + 60)
        return dress(figure, height, showlegend=len(series) > 1, yaxis={"type": "category", "autorange": "reversed"})
    figure.update_layout(barmode="stack")
    return dress(figure, 260, showlegend=len(series) > 1, xaxis={"type": "category"}, yaxis={"rangemode": "tozero"})
