"""What counts as rising and falling, and what is too small to be compared."""

from hypothesis import given
from hypothesis import strategies as st

from matrix.mover import LEAST, Move, move, outstanding


def test_a_change_is_said_in_numbers_and_as_a_part_of_what_was() -> None:
    assert move("posts", 20, 8).words == "+12(+150%)"
    assert move("posts", 6, 8).words == "−2(−25%)"
    assert move("posts", 6, 0).words == "+6(前期为0)"
    assert move("posts", 8, 8).words == "持平"


def test_small_numbers_are_no_news() -> None:
    assert not move("comments", 3, 1).is_enough
    assert move("comments", 0, 20).is_enough


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), max_size=30), st.integers(1, 6))
def test_the_strongest_stand_first_and_nobody_stands_on_both_sides(pairs: list[tuple[int, int]], limit: int) -> None:
    moves: list[Move] = [move("posts", now, before) for now, before in pairs]
    rising, falling = outstanding(moves, limit)
    assert not set(rising) & set(falling)
    assert max(len(rising), len(falling)) <= limit
    assert [moves[place].difference for place in rising] == sorted((moves[p].difference for p in rising), reverse=True)
    for place in range(len(moves)):
        if place not in rising and moves[place].difference > 0 and max(pairs[place]) >= LEAST["posts"]:
            assert len(rising) == limit
            assert moves[place].difference <= moves[rising[-1]].difference
