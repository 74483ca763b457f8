"""The figure of a surge: what was seen, what was expected, and what is not known is no zero."""

import re

import pandas as pd

from charts import surge

COUNTS = pd.DataFrame(
    {"b5": [5_900_000, 5_900_001, 5_900_002], "seen": [3.0, None, 48.0], "expected": [3.0, 3.0, 3.5], "most": [8.0, 8.0, 9.0]}
)
MOVES = pd.DataFrame({"at": [1_770_000_600, 1_770_000_600, 1_770_000_900], "move": ["发生", "并入", "回落"]})


def test_what_was_not_collected_is_hatched_and_never_a_zero() -> None:
    seen, expected, most, gap, moves = surge.seen_and_expected(COUNTS, MOVES, "青山发布").data
    assert (list(seen.y), list(seen.customdata)) == ([3, 48], [5_900_000, 5_900_002])
    assert (expected.line.dash, most.line.dash, most.fill) == ("dash", "dot", "tonexty")
    assert (gap.name, gap.marker.pattern.shape, len(gap.x)) == ("未采集", "/", 1)
    assert list(moves.text) == ["▲＋", "▼"]


def test_a_series_without_gaps_or_counts_is_drawn_as_well() -> None:
    names = [trace.name for trace in surge.seen_and_expected(COUNTS.dropna(), MOVES.head(0), "青山发布").data]
    assert names == ["实际", "预期", "通常不超过"]
    assert not surge.seen_and_expected(COUNTS.head(0), MOVES, "青山发布").data


def test_nothing_says_a_colour_or_a_font() -> None:
    figure = surge.seen_and_expected(COUNTS, MOVES, "青山发布").update_layout(template=None)
    assert not re.search(r'"(font|color|colorscale|family)"', str(figure.to_json()))
