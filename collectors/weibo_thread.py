"""Which comment threads deserve another look, and reading one to its end with an account of what stayed hidden."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from collectors.task import Thread
from collectors.weibo_call import Calls
from collectors.weibo_list import EndlessError, following
from collectors.weibo_parse import Page, entries_of, parse_comments
from collectors.weibo_text import read_count
from matrix.comment import Comment, Coverage
from matrix.post import Reach
from matrix.run import Batch, CollectError, ErrorKind

TREE, FLAT = "comments/tree/root_list", "comments/show"
MOST = 200
CURABLE = ("interrupted", "budget")
YOUNG, YOUNG_PACE, OLD_PACE = timedelta(days=2), timedelta(hours=6), timedelta(hours=24)
MOST_PAGES = 500


@dataclass(frozen=True, slots=True)
class Found:
    """A thread as this look finds it: what the platform states now, and whether that number is only about right."""

    post_ext: str
    published_at: datetime
    stated: int | None
    is_rough: bool = False
    known: Thread | None = None


def found(post_ext: str, published_at: datetime, reach: Reach | None, known: Thread | None) -> Found:
    """A thread with the number of comments that its counts state."""
    stated = reach.comments if reach else None
    return Found(post_ext, published_at, stated, bool(reach and "comments" in reach.floors), known)


def needs_look(thread: Found, now: datetime, slowly: bool = True) -> bool:
    """Whether the thread changed or was not read to its end.

    With `slowly` every thread is read again now and then: a comment that went and one that came leave the number as it was.
    """
    known = thread.known
    if known is None or known.checked_at is None:
        return thread.stated != 0 or known is None or known.stated is None
    if known.cause in CURABLE:
        return True
    has_changed = thread.stated is not None and thread.stated != known.stated
    if has_changed and not (thread.is_rough and (thread.stated or 0) < (known.stated or 0)):
        return True
    return slowly and is_slowly_due(thread, known, now)


def is_slowly_due(thread: Found, known: Thread, now: datetime) -> bool:
    pace = YOUNG_PACE if now - thread.published_at < YOUNG else OLD_PACE
    has_any = bool(known.held or known.stated or thread.stated)
    return has_any and known.checked_at is not None and now - known.checked_at >= pace


def is_confirmed(thread: Found, now: datetime) -> bool:
    """Whether the counts say, at the pace of slow looks, that a thread is still as it was when it was read to its end."""
    known = thread.known
    if known is None or thread.is_rough or thread.stated is None or thread.stated != known.stated:
        return False
    return not needs_look(thread, now, slowly=False) and is_slowly_due(thread, known, now)


def read_tree(calls: Calls, thread: Found) -> Iterator[Batch]:
    """The whole thread through the interface that nests replies; raises GONE or HIDDEN when the post is no more."""
    return read_thread(calls, thread, TREE, "root_comments", "filtered", {"child_count": MOST})


def read_flat(calls: Calls, thread: Found) -> Iterator[Batch]:
    """The whole thread through the free interface, which shows only what users of the app wrote."""
    return read_thread(calls, thread, FLAT, "comments", "app_users_only", {})


def read_thread(calls: Calls, thread: Found, endpoint: str, key: str, why: str, more: dict[str, Any]) -> Iterator[Batch]:
    """Pages of comments, newest first; the last batch says how much of the thread they were."""
    if thread.stated == 0 and not thread.is_rough:
        yield Batch(calls.now(), coverages=(Coverage(thread.post_ext, 0),))
        return
    parse = partial(parse_thread, post_ext=thread.post_ext, key=key, most_children=more.get("child_count", 0))
    seen: set[str] = set()
    at, count, covered, total, has_more_below = None, MOST, 0, None, False
    for _ in range(MOST_PAGES):
        try:
            (page, is_cut), count = calls.read_page(endpoint, parse, count, id=thread.post_ext, max_id=at, **more)
        except CollectError as error:
            if error.kind not in (ErrorKind.GONE, ErrorKind.HIDDEN):
                cause = "budget" if error.kind is ErrorKind.QUOTA else "interrupted"
                yield Batch(calls.now(), coverages=(Coverage(thread.post_ext, known_total(total, thread), cause),))
            raise
        total = page.total if total is None else total
        seen |= {comment.ext_id for comment in page.items}
        covered, has_more_below = covered + count, has_more_below or is_cut
        # `count` is applied before filtering: as many as the platform counts were looked through, or nothing is left.
        if not page.next_cursor and (not page.ids or (total is not None and covered >= total)):
            missing = known_total(total, thread) or 0
            cause = "" if missing <= len(seen) else "nested" if has_more_below else why
            yield Batch(
                calls.now(), comments=page.items, coverages=(Coverage(thread.post_ext, known_total(total, thread), cause),)
            )
            return
        yield Batch(calls.now(), comments=page.items)
        try:
            at = following(page, at)
        except EndlessError:
            break
    yield Batch(calls.now(), coverages=(Coverage(thread.post_ext, known_total(total, thread), "interrupted"),))


def known_total(total: int | None, thread: Found) -> int | None:
    """What the thread's own list states, else what the counts stated."""
    return thread.stated if total is None else total


def parse_thread(body: Any, now: datetime, post_ext: str, key: str, most_children: int) -> tuple[Page[Comment], bool] | None:
    """A page of a thread, and whether a comment has more replies than the interface ever shows."""
    page = parse_comments(body, now, post_ext, key)
    if page is None:
        return None
    return page, most_children > 0 and any(is_cut_below(root, most_children) for root in entries_of(body, key) or [])


def is_cut_below(root: dict[str, Any], most: int) -> bool:
    shown = len(entries_of(root, "comments") or [])
    total = read_count(root.get("total_number"))[0]
    return shown >= most and (total is None or total > shown)
