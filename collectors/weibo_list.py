"""Reads a newest-first list down to what is known, so that being cut off anywhere leaves no hole and loses no place."""

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from collectors.weibo_parse import Page


class Dated(Protocol):
    """What lists are made of."""

    @property
    def ext_id(self) -> str: ...
    @property
    def published_at(self) -> datetime: ...


T = TypeVar("T", bound=Dated)
MOST_EMPTY_PAGES = 20
"""After so many empty pages in a row the rest is left for the next look, which goes on where this one stopped."""


class EndlessError(Exception):
    """The list does not move on, or shows nothing for many pages."""


@dataclass(frozen=True, slots=True)
class Walk(Generic[T]):
    """How to read one list. Three cursors keep its place:

    `<name>.since`: everything up to this id was read; `<name>.top` and `<name>.resume`: a reading that began at `top` was
    cut off and goes on at `resume`. `fetch` takes (since_id, max_id). A list that was never read is read back to `begin`.
    With `window`, what is newer than it is read again although it is known.
    """

    name: str
    fetch: Callable[[int | None, int | None], Page[T]]
    cursors: Mapping[str, str]
    begin: datetime
    window: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step(Generic[T]):
    """A page that was read, what of it is wanted, and the cursors to save with it."""

    items: tuple[T, ...]
    page: Page[T]
    from_top: bool
    cursors: Mapping[str, str] = field(default_factory=dict)


def walk(how: Walk[T]) -> Iterator[Step[T]]:
    """First the rest of a reading that was cut off, then what came since; raises EndlessError."""
    since, top, resume = (int(how.cursors.get(f"{how.name}.{part}") or 0) for part in ("since", "top", "resume"))
    if resume:
        since = max(since, (yield from descend(replace(how, window=None), since, top, resume)))
    yield from descend(how, since, 0, None)


def descend(how: Walk[T], since: int, top: int, at: int | None) -> Generator[Step[T], None, int]:
    """Pages from `at` (None: the newest) down to `since`; the high-water mark moves only when all above `since` was given.

    Returns the mark.
    """
    began_at_top, complete, empty = at is None, False, 0
    while True:
        page = how.fetch(None if how.window else since or None, at)
        top_before = top
        top = max((top, *page.ids))
        is_end = not page.ids and not page.next_cursor
        # The last item decides: an old post that is pinned to the top of a page is not the end of the list.
        last = page.items[-1].published_at if page.items else None
        is_old = last is not None and last < how.begin
        complete = complete or is_end or any(one <= since for one in page.ids) or (not since and is_old)
        is_past = how.window is None or (last is not None and last < how.window)
        done = complete and (is_end or is_old or is_past)
        at = None if done else following(page, at)
        items = tuple(item for item in page.items if is_wanted(item, how, since))
        if not items and not since and began_at_top and not top_before:
            # The last thing that an account said is evidence of its silence, however old it is.
            items = tuple(sorted(page.items, key=lambda item: item.published_at)[-1:])
        if complete:
            marks = {"since": str(max(since, top) or ""), "top": "", "resume": ""}
        else:
            marks = {"top": str(top or ""), "resume": str(at or "")}
        yield Step(items, page, began_at_top, {f"{how.name}.{part}": mark for part, mark in marks.items()})
        if done:
            return top
        empty = 0 if page.ids else empty + 1
        if empty >= MOST_EMPTY_PAGES:
            raise EndlessError


def is_wanted(item: Dated, how: Walk[T], since: int) -> bool:
    """What is new since the last reading; what is known only inside the window; nothing older than a first reading goes."""
    if since and int(item.ext_id) > since:
        return True
    return (not since or how.window is not None) and item.published_at >= how.begin


def following(page: Page[T], at: int | None) -> int:
    """The max_id of the next page: it includes its own id, so one less than the oldest; empty pages only name a cursor."""
    after = min(page.ids) - 1 if page.ids else page.next_cursor
    if at is not None and after >= at:
        if page.ids or after > at:
            raise EndlessError
        after = at - 1
    return after
