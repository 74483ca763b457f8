"""Whatever cuts a reading off, and however the list grows meanwhile, nothing is skipped and the place is kept."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.weibo_list import MOST_EMPTY_PAGES, EndlessError, Walk, walk
from collectors.weibo_parse import Page

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    number: int

    @property
    def ext_id(self) -> str:
        return str(self.number)

    @property
    def published_at(self) -> datetime:
        return BEGIN + timedelta(hours=self.number - 20)


@dataclass
class Shelf:
    """A list as the platform documents it: since_id newer than, max_id not newer than, count before hiding."""

    numbers: list[int]
    hidden: set[int]
    size: int
    cursors: dict[str, str] = field(default_factory=dict)
    got: list[int] = field(default_factory=list)

    def fetch(self, since: int | None, at: int | None) -> Page[Entry]:
        rows = sorted((n for n in self.numbers if n > (since or 0) and (at is None or n <= at)), reverse=True)
        cut, behind = rows[: self.size], rows[self.size :]
        shown = [n for n in cut if n not in self.hidden]
        return Page(tuple(map(Entry, shown)), tuple(shown), behind[0] if behind else 0, len(self.numbers))

    def read_on(self, window: datetime | None = None) -> None:
        """Look after look, as often as the list shows nothing for too many pages."""
        for _ in range(len(self.numbers) // MOST_EMPTY_PAGES):
            try:
                return self.read(window=window)
            except EndlessError:
                continue
        return self.read(window=window)

    def read(self, most: int | None = None, window: datetime | None = None) -> None:
        for number, step in enumerate(walk(Walk("x", self.fetch, dict(self.cursors), BEGIN, window)), 1):
            self.got += [entry.number for entry in step.items]
            self.cursors = {name: value for name, value in {**self.cursors, **step.cursors}.items() if value}
            if number == most:
                return


@given(
    numbers=st.sets(st.integers(1, 90), max_size=60),
    hidden=st.sets(st.integers(1, 90), max_size=MOST_EMPTY_PAGES - 1),
    size=st.integers(1, 12),
    cuts=st.lists(st.integers(1, 4), max_size=8),
    has_window=st.booleans(),
)
def test_any_interruption_and_growth_gives_what_one_clean_reading_gives(
    numbers: set[int], hidden: set[int], size: int, cuts: list[int], has_window: bool
) -> None:
    window = BEGIN + timedelta(hours=60) if has_window else None
    ordered = sorted(numbers)
    shelf = Shelf([], hidden, size)
    share = max(1, len(ordered) // (len(cuts) + 1))
    for turn, cut in enumerate(cuts):
        shelf.numbers = ordered[: share * (turn + 1)]
        with suppress(EndlessError):
            shelf.read(cut, window)
    shelf.numbers = ordered
    shelf.read_on(window)
    wanted = {n for n in numbers - hidden if n >= 20}
    assert {n for n in shelf.got if n >= 20} == wanted
    assert not [n for n in shelf.got if n < 20] or shelf.cursors.get("x.since")
    if not has_window:
        assert len(shelf.got) == len(set(shelf.got))
    before = len(shelf.got)
    shelf.read_on()
    assert len(shelf.got) == before


def test_a_window_reads_known_entries_again_and_only_those() -> None:
    shelf = Shelf(list(range(21, 80)), set(), 10)
    shelf.read()
    shelf.got.clear()
    shelf.read(window=BEGIN + timedelta(hours=50))
    assert set(range(70, 80)) <= set(shelf.got) <= set(range(60, 80))


def test_a_list_that_never_moves_on_is_given_up() -> None:
    stuck = Page((Entry(30),), (30,), 30, 1)
    with pytest.raises(EndlessError):
        list(walk(Walk("x", lambda since, at: stuck, {}, BEGIN)))


def test_a_list_of_empty_pages_is_left_for_the_next_look_at_its_place() -> None:
    shelf = Shelf(list(range(30, 90)), set(range(31, 89)), 1)
    with pytest.raises(EndlessError):
        shelf.read()
    assert shelf.cursors == {"x.top": "89", "x.resume": "68"}
    for _ in range(3):
        try:
            shelf.read()
        except EndlessError:
            continue
    assert shelf.cursors == {"x.since": "89"}
    assert shelf.got == [89, 30]
