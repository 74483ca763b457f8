"""Finds out what became of posts that are missing from a list: only the post's own details decide."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from collectors.weibo_call import Calls
from collectors.weibo_parse import Page, parse_posts
from matrix.post import Gone, GoneKind, Post
from matrix.run import Batch, CollectError, ErrorKind

DETAILS, DETAIL = "statuses/show_batch/biz", "statuses/show"
AT_ONCE = 50
VERDICTS = {ErrorKind.GONE: GoneKind.DELETED, ErrorKind.HIDDEN: GoneKind.HIDDEN}
POST_IS_GONE = ("20101", "20112", "20170")


def is_verdict(error: CollectError) -> bool:
    """Whether an error speaks of the post itself; everything else says nothing about it."""
    return error.code in POST_IS_GONE


def confirm_batch(calls: Calls, missing: Sequence[str], most_alone: int = 20) -> Iterator[Batch]:
    """Asks for missing posts together; what the answer leaves out is asked for alone, because then the platform says why."""
    for start in range(0, len(missing), AT_ONCE):
        portion, page = missing[start : start + AT_ONCE], None
        try:
            page = calls.read(DETAILS, parse_posts, ids=",".join(portion), isGetLongText=1)
        except CollectError as error:
            if not is_verdict(error):
                raise
        told = said_of(page, calls) if page else ()
        shown = {post.ext_id for post in page.items} | {gone.post_ext for gone in told} if page else set()
        if told:
            yield Batch(calls.now(), gones=told)
        for post_ext in [one for one in portion if one not in shown][:most_alone]:
            yield from confirm_alone(calls, post_ext, lambda key: calls.read(DETAILS, parse_posts, ids=key))


def confirm_each(calls: Calls, missing: Sequence[str]) -> Iterator[Batch]:
    """Asks for missing posts one by one."""
    for post_ext in missing:
        yield from confirm_alone(calls, post_ext, lambda key: calls.read(DETAIL, parse_posts_alone, id=key))


def confirm_alone(calls: Calls, post_ext: str, read: Callable[[str], Page[Post]]) -> Iterator[Batch]:
    """The verdict on one post, if there is one."""
    try:
        told = said_of(read(post_ext), calls)
    except CollectError as error:
        if not is_verdict(error):
            raise
        told = (Gone(post_ext, VERDICTS[error.kind], calls.now()),)
    if told:
        yield Batch(calls.now(), gones=told)


def said_of(page: Page[Post], calls: Calls) -> tuple[Gone, ...]:
    """What a page of details states about posts that nobody else can see."""
    now = calls.now()
    deleted = [Gone(post_ext, GoneKind.DELETED, now) for post_ext in page.gone]
    return (*deleted, *(Gone(post_ext, GoneKind.HIDDEN, now) for post_ext in page.unseen))


def parse_posts_alone(body: Any, now: datetime) -> Page[Post] | None:
    """The details of one post, as a page of one."""
    is_post = isinstance(body, dict) and ("id" in body or "idstr" in body)
    return parse_posts([body], now) if is_post else None
