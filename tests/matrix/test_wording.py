"""Since when each wording of an edited comment stood in public."""

import random

from hypothesis import given
from hypothesis import strategies as st

from matrix.wording import SAME_MOMENT_S, Wording, stages

RECEIPT = Wording("来信收悉", 1000, 2000, 2001)


def test_an_edit_stands_from_the_look_that_showed_it_first() -> None:
    edited = Wording("今晚恢复", 1000, 9000, 9001)
    assert stages([edited, RECEIPT]) == [(1000, RECEIPT), (9000, edited)]


def test_a_reply_that_is_given_anew_stands_from_the_time_that_it_tells() -> None:
    anew = Wording("今晚恢复", 5000, 9000, 9001)
    assert stages([RECEIPT, anew]) == [(1000, RECEIPT), (5000, anew)]


def test_minutes_of_a_file_are_no_later_time() -> None:
    told = Wording("今晚恢复", 1000 + SAME_MOMENT_S, 9000, 9001)
    assert stages([RECEIPT, told])[1][0] == 9000


def test_a_comment_without_edits_has_no_stages() -> None:
    assert stages([]) == []


@given(
    times=st.lists(st.tuples(st.integers(0, 500), st.integers(500, 900)), min_size=1, max_size=6),
    rng=st.randoms(use_true_random=False),
)
def test_stages_are_in_order_of_time_whatever_order_they_are_told_in(times: list[tuple[int, int]], rng: random.Random) -> None:
    told = [Wording(str(place), published, observed, observed) for place, (published, observed) in enumerate(times)]
    found = stages(told)
    rng.shuffle(told)
    assert stages(told) == found
    assert [since for since, _ in found] == sorted(since for since, _ in found)
    assert found[0][0] == min(published for published, _ in times)
