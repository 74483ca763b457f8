"""What counts as rising and falling, and what is too small to be compared."""

from hypothesis import given
from hypothesis import strategies as st

from matrix.account import Nature, Route
from matrix.mover import LEAST, PEERS, Move, is_compared, is_whole_before, move, outstanding, peer_medians


def test_a_change_is_said_in_numbers_and_as_a_part_of_what_was() -> None:
    assert move("posts", 20, 8).words == "+12(+150%)"
    assert move("posts", 6, 8).words == "−2(−25%)"
    assert move("posts", 6, 0).words == "+6(前期0)"
    assert move("posts", 8, 8).words == "持平"
    assert move("posts", 1000, 1003).words == "−3(不到1%)"
    assert move("posts", 1, 4).words == "−3(前期4)", "a percentage of fewer than five says nothing"
    assert move("comments", 301, 26).words == "+275(前期26)", "eleven times as many is no percentage"
    assert move("reads", 12_345, 1).words == "+12,344(前期1)"


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


def test_persons_and_merely_registered_accounts_are_never_compared() -> None:
    assert is_compared(Nature.INSTITUTION, Route.FEED)
    assert not is_compared(Nature.OFFICIAL_PERSON, Route.WECHAT)
    assert not is_compared(Nature.INSTITUTION, Route.NONE)


def test_a_period_counts_as_seen_only_when_the_watch_had_begun() -> None:
    assert is_whole_before(Route.WECHAT, 100, None, 100)
    assert not is_whole_before(Route.WECHAT, 101, 5, 100), "older posts that happen to be held do not make it whole"
    assert not is_whole_before(Route.WECHAT, None, 5, 100)
    assert is_whole_before(Route.FILES, 200, 100, 100), "a file tells of what lies before its import"
    assert not is_whole_before(Route.FILES, 50, 101, 100)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 99)), max_size=20))
def test_a_median_tells_of_no_single_account(groups: list[tuple[object, int]]) -> None:
    found = peer_medians(groups)
    for group in {group for group, _ in groups}:
        numbers = sorted(number for one, number in groups if one == group)
        assert (group in found) is (len(numbers) >= PEERS)
        if group in found:
            assert numbers[(len(numbers) - 1) // 2] <= found[group] <= numbers[len(numbers) // 2]
