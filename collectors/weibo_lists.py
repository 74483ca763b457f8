"""The lists that both modes of the Weibo platform offer under their own names: comments received and mentions."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from collectors.weibo_call import Calls
from collectors.weibo_list import Dated, EndlessError, Step, Walk, walk
from collectors.weibo_parse import Page, entries_of, parse_comments, parse_counts, parse_followers, parse_mentions
from matrix.comment import Comment, Followers
from matrix.post import Reach
from matrix.run import Batch

T = TypeVar("T", bound=Dated)
PAGE, COUNTS_AT_ONCE = 200, 100
Parse = Callable[[Any, datetime], Page[T] | None]


def walk_list(
    calls: Calls, name: str, endpoint: str, parse: Parse[T], count: int, window: datetime | None = None, **params: Any
) -> Iterator[Step[T]]:
    """Reads one of the account's lists from where its cursors stand."""

    def fetch(since: int | None, at: int | None) -> Page[T]:
        return calls.read_page(endpoint, parse, count, since_id=since, max_id=at, **params)[0]

    try:
        yield from walk(Walk(name, fetch, calls.task.cursors, calls.task.since, window))
    except EndlessError:
        raise calls.strange(endpoint, "连续返回空页或不再翻页，已读的部分已保存，下次从断点继续") from None


def received(calls: Calls, endpoint: str) -> Iterator[Batch]:
    """What others wrote below the account's posts, old ones included."""
    parse: Parse[Comment] = parse_comments
    for step in walk_list(calls, "to_me", endpoint, parse, count=PAGE):
        yield Batch(calls.now(), comments=step.items, cursors=step.cursors)


def mentioned(calls: Calls, name: str, endpoint: str) -> Iterator[Batch]:
    """Where others call the account by @."""
    parse: Parse[Comment] = partial(parse_mentions, uid=calls.task.account.ext_id)
    for step in walk_list(calls, name, endpoint, parse, count=PAGE):
        yield Batch(calls.now(), comments=step.items, cursors=step.cursors)


def counts(calls: Calls, post_exts: list[str]) -> Iterator[dict[str, Reach]]:
    """Counts of posts, a hundred at a time."""
    for start in range(0, len(post_exts), COUNTS_AT_ONCE):
        portion = post_exts[start : start + COUNTS_AT_ONCE]
        found = calls.read("statuses/count", parse_counts, ids=",".join(portion))
        yield {key: reach for key, reach in found.items() if key in portion}


def parse_users(body: Any, now: datetime, uid: str) -> tuple[Followers, ...] | None:
    """Followers of the account out of a list of users."""
    entries = entries_of(body, "users")
    if entries is None:
        return None
    return tuple(found for found in (parse_followers(user, uid, now) for user in entries) if found)


def followers(calls: Calls, endpoint: str, cursors: dict[str, str]) -> Iterator[Batch]:
    """How many people follow the account."""
    uid = calls.task.account.ext_id
    yield Batch(calls.now(), followers=calls.read(endpoint, partial(parse_users, uid=uid), uids=uid), cursors=cursors)
