"""Charts of a report as crisp pictures with Chinese labels, drawn without a browser, a network or an installed font.

Here and not in `charts`, whose figures are for a browser: matplotlib draws into a PNG, with the project's own font.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

FONT = Path(__file__).parent / "fonts" / "NotoSansCJKsc-Regular-gbk.otf"
INK, PALE = "#1f4e79", "#c8a45c"
COLORS = (INK, PALE, "#7f8c8d", "#a94442", "#4f8a5b")
HATCHES = ("", "///", "xx", "..", "\\\\")
SIZE, DOTS = (6.0, 2.9), 220
"""Inches, and dots to the inch: sharp on paper, some 60 kB."""

MOST_LABELS, SIGNS = 12, 66
"""Labels below a chart, and letters that have room there."""


def draw(value: Mapping[str, Any], shape: str, unit: str) -> bytes:
    """A PNG of a figure's points; `shape` is 柱 (bars, several series on each other), 线 (lines) or 条 (lying bars)."""
    return _drawn(json.dumps({"labels": value["labels"], "series": value["series"]}), shape, unit)


@lru_cache(maxsize=64)
def _drawn(told: str, shape: str, unit: str) -> bytes:
    """The copy that is checked and the one that goes out show the same pictures: they are drawn once."""
    value = json.loads(told)
    # Loaded when first needed: it costs half a second, and the console that shows no report should not pay it.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.ticker import MaxNLocator

    font, small = FontProperties(fname=str(FONT), size=9), FontProperties(fname=str(FONT), size=8)
    labels = [str(label) for label in value["labels"]]
    series = {name: points for name, points in value["series"].items() if any(points)} or dict(value["series"])
    height = SIZE[1] if shape != "条" else max(1.6, 0.34 * len(labels) + 0.7)
    figure = Figure(figsize=(SIZE[0], height), dpi=DOTS)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    places = list(range(len(labels)))
    below = [0.0] * len(labels)
    for number, (name, raw) in enumerate(series.items()):
        points = [float("nan") if point is None else float(point) for point in raw]
        color, hatch = COLORS[number % len(COLORS)], HATCHES[number % len(HATCHES)]
        if shape == "线":
            axes.plot(places, points, color=color, marker="o", markersize=3.5, linewidth=1.6, label=name)
        elif shape == "条":
            bars = axes.barh(places, points, color=color, height=0.62, label=name)
            axes.bar_label(bars, padding=3, fontproperties=small, fmt="%g")
        else:
            axes.bar(places, points, bottom=below, color=color, hatch=hatch, edgecolor="white", width=0.7, label=name)
            below = [low + point for low, point in zip(below, points, strict=True)]
    if shape == "条":
        axes.set_yticks(places, labels, fontproperties=font)
        axes.invert_yaxis()
        axes.margins(x=0.12)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
        axes.set_xlabel(unit, fontproperties=small)
    else:
        room = min(MOST_LABELS, max(3, SIGNS // max(map(len, labels))))
        step = max(1, -(-len(labels) // room))
        axes.set_xticks(places[::step], labels[::step], fontproperties=small)
        axes.set_ylabel(unit, fontproperties=small)
        axes.set_ylim(bottom=0)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
        axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    for tick in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        tick.set_fontproperties(small)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    if len(series) > 1:
        axes.legend(prop=small, frameon=False, loc="upper left", bbox_to_anchor=(0, 1.16), ncols=len(series))
    figure.tight_layout()
    content = BytesIO()
    figure.savefig(content, format="png", metadata={"Software": None})
    return content.getvalue()
