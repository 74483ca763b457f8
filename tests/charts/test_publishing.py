"""Figures of what was published carry every number, and marks by which a click finds its rows."""

import re
from itertools import pairwise

import pandas as pd

from charts import publishing

DAYS = pd.DataFrame({"day": [20500, 20501], "posts": [5, 0], "originals": [3, 0]})


def test_originals_and_reposts_stand_on_each_other_and_name_their_day() -> None:
    own, repost = publishing.volume(DAYS).data
    assert (list(own.y), list(repost.y)) == ([3, 0], [2, 0])
    assert list(own.customdata) == list(repost.customdata) == [20500, 20501]
    assert own.marker.pattern.shape != repost.marker.pattern.shape, "read without colour"


def test_a_cell_of_the_week_has_its_number_and_its_mark() -> None:
    figure = publishing.heat(pd.DataFrame({"weekday": [0, 6], "hour": [9, 23], "posts": [1200, 1]}))
    grid, marks = figure.data
    assert (grid.z[9][0], grid.z[23][6]) == (1200, 1)
    assert sum(map(sum, grid.z)) == 1201
    assert (grid.text[9][0], grid.text[0][0]) == ("1,200", "")
    found = {tuple(mark): (x, y) for mark, x, y in zip(marks.customdata, marks.x, marks.y, strict=True)}
    assert len(found) == 7 * 24
    assert (found[0, 9], found[6, 23]) == (("周一", 9), ("周日", 23))


def test_kinds_are_told_apart_and_said_in_numbers() -> None:
    frame = pd.DataFrame({"platform": [1, 1, 2], "kind": ["original", "repost", "article"], "posts": [1007, 3, 4]})
    figure = publishing.mix(frame)
    assert [bar.name for bar in figure.data] == ["原创", "转发", "图文"]
    assert [list(bar.x) for bar in figure.data] == [[1007, 0], [3, 0], [0, 4]]
    assert [list(mark) for mark in figure.data[1].customdata] == [[1, "repost"], [2, "repost"]]
    assert [note.text for note in figure.layout.annotations] == ["微博　原创1,007 · 转发3", "微信公众号　图文4"]
    assert len({bar.marker.pattern.shape for bar in figure.data}) == 3


def test_counts_of_a_post_have_a_scale_each_and_what_is_not_told_has_no_figure() -> None:
    frame = pd.DataFrame(
        {"observed_at": [0, 3600], "reads": [None, None], "likes": [1, 2], "shares": [0, 0], "comments": [None, 7]}
    )
    figure = publishing.growth(frame)
    assert [line.name for line in figure.data] == ["点赞", "转发", "评论"]
    assert len({line.yaxis for line in figure.data}) == 3
    assert [list(line.y) for line in figure.data] == [[1, 2], [0, 0], [7]]
    tops = [figure.layout[name].domain for name in ("yaxis", "yaxis2", "yaxis3")]
    assert all(0 <= low < high <= 1 for low, high in tops)
    assert all(upper[0] > lower[1] for upper, lower in pairwise(tops)), "no figure covers another"


def test_an_accounts_days_open_by_their_day() -> None:
    figure = publishing.course(DAYS.assign(comments=[2, 9]))
    assert [list(bar.y) for bar in figure.data] == [[5, 0], [2, 9]]
    assert list(figure.data[1].customdata) == [20500, 20501]


def test_nothing_says_a_colour_or_a_font() -> None:
    frame = pd.DataFrame({"platform": [1], "kind": ["original"], "posts": [1]})
    for figure in (publishing.volume(DAYS), publishing.mix(frame), publishing.course(DAYS.assign(comments=[1, 1]))):
        figure.update_layout(template=None)
        assert not re.search(r'"(font|color|colorscale|family)"', figure.to_json())
