"""The rate of an inspection as the notices of provinces compute it, and what stands beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matrix.inspection import Verdict
from matrix.inspection_tally import Tally, pass_rate, rate_words, tally


@pytest.mark.parametrize(
    ("checked", "failed", "published", "places"),
    [
        (381, 63, 83.5, 1),  # 青海 2020Q3
        (140, 36, 74, 0),  # 渭南 2020Q4
        (591, 25, 95.77, 2),  # 甘肃 2021Q2
        (3120, 2, 99.94, 2),  # 浙江 2022Q3
        (173, 13, 92.5, 1),  # 海南 2023Q3; to two places 92.49
        (53, 16, 69.81, 2),  # 贵州 2025Q2, 头条号
        (471, 43, 90.87, 2),  # 贵州 2025Q2, all platforms
    ],
)
def test_the_rates_of_published_notices_come_out(checked: int, failed: int, published: float, places: int) -> None:
    rate = pass_rate(checked, failed)
    assert rate is not None
    assert round(rate * 100, places) == published


def test_the_rate_is_said_with_its_fraction_and_never_rounded_up_to_all() -> None:
    assert rate_words(Tally(591, 25)) == "95.77%(566/591)"
    assert rate_words(Tally(53, 0)) == "100%(53/53)"
    assert rate_words(Tally(100_000, 1)) == "99.99%(99999/100000)"
    assert rate_words(Tally(0, 0, blind=3)) == "无可检查账号"


@given(st.lists(st.sampled_from(list(Verdict))), st.sampled_from([Verdict.BLIND, Verdict.LIMITED, Verdict.EXEMPT]))
def test_who_could_not_be_checked_is_counted_and_moves_no_rate(verdicts: list[Verdict], other: Verdict) -> None:
    counts, more = tally(verdicts), tally([*verdicts, other])
    assert counts.accounts == len(verdicts)
    assert (more.checked, more.failed, more.rate) == (counts.checked, counts.failed, counts.rate)
    assert more.accounts == counts.accounts + 1
    assert more.share is not None
    assert counts.share is None or more.share <= counts.share
