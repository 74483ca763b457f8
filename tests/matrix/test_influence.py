"""WCI and BCI by the published formulas, and what is said where a platform does not tell an input."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matrix.influence import WITH_SHARES, WITHOUT_SHARES, Articles, Counts, Spread, bci, wci

MONTH = Articles(30, 60, Counts(120_000, 600, 900, None), Counts(80_000, 400, 600, None), Counts(9_000, 60, 80, None))
SHARED = Articles(30, 60, Counts(120_000, 600, 900, 1_200), Counts(80_000, 400, 600, 800), Counts(9_000, 60, 80, 100))
WEIBO = Spread(200, 120, 3_000, 1_500, 2_600, 1_300, 8_000)


def test_the_worked_examples_come_out_to_the_second_decimal() -> None:
    assert (round(wci(MONTH).value or 0, 2), wci(MONTH).set_name) == (725.51, WITHOUT_SHARES)
    assert (round(wci(SHARED).value or 0, 2), wci(SHARED).set_name) == (662.84, WITH_SHARES)
    assert round(bci(WEIBO).value or 0, 2) == 1146.69
    assert not wci(SHARED).missing + bci(WEIBO).missing


def test_nothing_published_is_zero_and_nothing_told_is_no_number() -> None:
    nothing = Counts(None, None, None, None)
    assert wci(Articles(7, 0, nothing, nothing, nothing)).value == 0
    assert wci(Articles(7, 3, nothing, nothing, nothing)).value is None
    assert bci(Spread(3, 3, None, None, None, None, None)).value is None


def test_a_missing_input_is_named_and_makes_a_lower_bound() -> None:
    blind = replace(
        SHARED,
        total=replace(SHARED.total, looks=None),
        headline=replace(SHARED.headline, looks=None),
        most=replace(SHARED.most, looks=None),
    )
    index = wci(blind)
    assert (index.missing, index.is_floor) == (("在看数",), True)
    assert index.value is not None
    assert index.value < 662.84
    assert bci(replace(WEIBO, likes=None)).missing == ("点赞数",)


@pytest.mark.parametrize("field", ["posts", "originals", "reposts", "comments", "original_reposts", "original_comments", "likes"])
@given(more=st.integers(1, 10_000))
def test_bci_never_falls_when_an_input_rises(field: str, more: int) -> None:
    assert (bci(replace(WEIBO, **{field: getattr(WEIBO, field) + more})).value or 0) > (bci(WEIBO).value or 0)
