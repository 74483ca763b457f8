"""Figures hold exactly the numbers of their frames, in words that can be read without colour."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from charts import response, response_groups
from matrix.waiting import BUCKETS

NIGHT = 1_772_294_400
"""2026-03-01 00:00 in Beijing."""

SPREAD = pd.DataFrame({"bucket": BUCKETS, "n": [40, 30, 20, 5, 1, 9, 3]})


def rated(met: list[int], of: list[int]) -> pd.DataFrame:
    """Figures of one horizon."""
    frame = pd.DataFrame({"met_24": met, "of_24": of, "n": of})
    frame["share_24"] = frame["met_24"] / frame["of_24"].where(frame["of_24"] > 0)
    frame["low_24"], frame["high_24"] = frame["share_24"] * 0.9, np.minimum(1, frame["share_24"] * 1.05)
    return frame


STEPS = pd.DataFrame(
    {
        "seconds": [0, 60, 3600, 86400, 200_000],
        "share": [0.1, 0.2, 0.5, 0.8, 0.85],
        "low": [0.05, 0.1, 0.4, 0.7, 0.7],
        "high": [0.2, 0.3, 0.6, 0.9, 0.95],
    }
)
DAYS = rated([8, 3, 0], [10, 4, 0]).assign(start=[NIGHT, NIGHT + 86400, NIGHT + 172_800])
GROUPS = rated([19, 174, 2], [20, 214, 5])
HOURS = rated([9] * 24, [12] * 23 + [9]).assign(hour=range(24))
FIGURES = {
    "distribution": response.distribution(SPREAD),
    "curve": response.curve({"自然时间": STEPS, "工作时间": STEPS}, {"自然时间": 40, "工作时间": 38}),
    "trend": response.trend(DAYS, "日"),
    "comparison": response_groups.comparison(GROUPS, ["甲", "乙", "<b>丙</b>"], [7, 8, 9]),
    "hours": response_groups.hours_of_day(HOURS),
}


def test_a_bar_of_the_distribution_has_its_number_its_per_cent_and_its_bucket() -> None:
    bar = FIGURES["distribution"].data[0]
    assert list(bar.x) == list(SPREAD["n"])
    assert list(bar.y) == list(bar.customdata) == list(BUCKETS)
    assert bar.text[0] == "40条 · 37%"
    assert list(bar.marker.pattern.shape) == ["", "", "", "", "", "/", "."]


def test_a_distribution_of_nothing_is_empty_bars_and_no_division() -> None:
    bar = response.distribution(SPREAD.assign(n=0)).data[0]
    assert set(bar.text) == {"0条"}


def test_a_curve_has_every_point_of_its_frame_with_the_band_and_the_number_of_cases() -> None:
    natural, working = FIGURES["curve"].data
    assert list(natural.y) == list(STEPS["share"])
    assert [mark[1] for mark in natural.customdata] == list(STEPS["seconds"])
    assert list(natural.x) == [60, 60, 3600, 86400, 200_000], "quicker than a minute is drawn at one minute"
    assert np.allclose(np.array(natural.y) + np.array(natural.error_y.array), STEPS["high"])
    assert np.allclose(np.array(natural.y) - np.array(natural.error_y.arrayminus), STEPS["low"])
    assert (natural.name, working.name) == ("自然时间(n=40)", "工作时间(n=38)")
    assert natural.line.dash != working.line.dash
    assert natural.text[3] == "24小时"


def test_a_long_curve_keeps_its_points_and_thins_only_the_strokes_of_the_band() -> None:
    many = pd.DataFrame({"seconds": np.arange(240) * 600, "share": np.linspace(0, 0.9, 240)})
    many = many.assign(low=many["share"], high=many["share"])
    line = response.curve({"自然时间": many}, {}).data[0]
    assert len(line.x) == 240
    strokes = [length for length in line.error_y.array if length is not None]
    assert len(strokes) == response.WHISKERS


def test_a_day_on_which_too_few_cases_are_due_has_no_point() -> None:
    line, bars = FIGURES["trend"].data
    assert list(line.x) == ["2026-03-01", "2026-03-02", "2026-03-03"]
    assert list(line.y) == [0.8, None, None]
    assert list(line.text) == ["80%(8/10)", "", ""]
    assert list(bars.y) == [10, 4, 0]
    assert list(line.customdata) == list(bars.customdata) == list(DAYS["start"])


def test_a_small_group_has_words_in_place_of_a_bar() -> None:
    bar, stroke, words = FIGURES["comparison"].data
    assert list(bar.x) == [19 / 20, 174 / 214, None]
    assert list(words.text) == ["95%(19/20)", "81%(174/214)", "样本不足(5件)"]
    assert stroke.error_x.array[2] is None
    assert np.isclose(stroke.x[1] + stroke.error_x.array[1], GROUPS["high_24"][1])
    assert np.isclose(stroke.x[1] - stroke.error_x.array[1], GROUPS["low_24"][1])
    assert list(bar.customdata) == [7, 8, 9]
    assert FIGURES["comparison"].layout.yaxis.ticktext[2] == "&lt;b>丙&lt;/b>"


def test_every_hour_of_the_day_has_its_number_and_a_small_one_no_rate() -> None:
    line, bars = FIGURES["hours"].data
    assert list(bars.y) == [12] * 23 + [9]
    assert line.y[0] == 0.75
    assert line.y[23] is None
    assert list(bars.customdata) == list(range(24))


@pytest.mark.parametrize("name", FIGURES)
def test_no_figure_sets_colours_or_fonts_or_writes_english(name: str) -> None:
    figure: go.Figure = FIGURES[name]
    for trace in figure.data:
        assert trace.marker.color is None
        assert not hasattr(trace, "line") or trace.line.color is None
        assert not hasattr(trace, "textfont") or trace.textfont.color is None
    assert figure.layout.font.family is None
    assert figure.layout.title.text is None
    assert {axis for axis in ("xaxis", "yaxis") if figure.layout[axis].title.text} == set()
