"""Which figures differ between two versions: the same question over another time is the same figure."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from matrix.report import Figure
from matrix.report_change import changes

POSTS = Figure("A1", "volume", {"organization_id": 1, "since": 0, "until": 9, "measure": "posts"}, 9, 3, 3, "3条", "发布")
ORIGINALS = replace(POSTS, key="A2", params={**POSTS.params, "measure": "originals"}, value=2, text="2条", meaning="原创")


def moved(figure: Figure, **fields: object) -> Figure:
    return replace(figure, params={**figure.params, "since": 5, "until": 14}, cutoff=14, **fields)  # type: ignore[arg-type]


def test_a_later_period_alone_changes_nothing_and_a_number_does() -> None:
    assert changes([POSTS, ORIGINALS], [moved(ORIGINALS, key="A1"), moved(POSTS, key="A2")]) == []
    (found,) = changes([POSTS, ORIGINALS], [moved(POSTS, value=4, text="4条"), moved(ORIGINALS)])
    assert found.before is not None
    assert found.after is not None
    assert (found.meaning, found.before.text, found.after.text) == ("发布", "3条", "4条")


def test_what_was_added_and_what_was_dropped_stand_on_one_side() -> None:
    added, dropped = changes([POSTS], [ORIGINALS])
    assert (added.before, added.after) == (None, ORIGINALS)
    assert (dropped.before, dropped.after) == (POSTS, None)


@given(st.lists(st.sampled_from([POSTS, ORIGINALS]), max_size=6), st.lists(st.sampled_from([POSTS, ORIGINALS]), max_size=6))
def test_every_figure_of_either_side_is_told_once(before: list[Figure], after: list[Figure]) -> None:
    found = changes(before, after)
    assert changes(before, before) == []
    for figure in (POSTS, ORIGINALS):
        extra = after.count(figure) - before.count(figure)
        told = [one for one in found if figure in (one.before, one.after)]
        assert len(told) == abs(extra)
