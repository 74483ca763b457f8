"""One look at an account through the commercial interfaces of Weibo: whole timeline, comment trees, received, mentions."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from collectors.task import Thread
from collectors.weibo_call import Calls, in_turn, is_due, stamp
from collectors.weibo_gone import confirm_batch, is_verdict
from collectors.weibo_lists import COUNTS_AT_ONCE, counts, followers, mentioned, received, walk_list
from collectors.weibo_parse import Page, entries_of, parse_posts, user_id
from collectors.weibo_thread import Found, found, needs_look, read_tree
from matrix.post import Gone, GoneKind, Post, Reach
from matrix.run import Batch, CollectError

TIMELINE, DETAILS, OWN = "statuses/user_timeline/other", "statuses/show_batch/biz", "statuses/user_timeline/biz"
PAGE = 25
WINDOW, DEEP_WINDOW, DEEP_EVERY = timedelta(days=2), timedelta(days=7), timedelta(hours=12)
"""Newest posts are read again at every look (edits, disappearances), a week of them now and then."""
MENTIONS_EVERY, FOLLOWERS_EVERY, OLD_COUNTS_EVERY = timedelta(minutes=15), timedelta(hours=3), timedelta(hours=1)


@dataclass(slots=True)
class Look:
    """What this look has learned so far. `low` is the oldest id down to which the list was read without a gap."""

    calls: Calls
    open: tuple[Thread, ...] = ()
    listed: dict[str, Post] = field(default_factory=dict)
    low: int | None = None
    counted: dict[str, Reach] = field(default_factory=dict)
    missing: dict[str, None] = field(default_factory=dict)


def collect(calls: Calls) -> Iterator[Batch]:
    """Posts first: nothing else makes sense when they cannot be read. Then each interface for itself."""
    task, now = calls.task, calls.now()
    look = Look(calls, tuple(thread for thread in task.threads if thread.post_ext.isdigit()))
    yield from timeline(look)
    steps = [partial(counts_of, look), partial(vanished, look), partial(threads, look)]
    if is_due(task.cursors, "followers_at", FOLLOWERS_EVERY, now):
        steps.append(partial(followers, calls, "users/show_batch/other", stamp("followers_at", now)))
    yield from in_turn([partial(own_lists, look), *steps])


def timeline(look: Look) -> Iterator[Batch]:
    """New posts back to the last known one, or as far back as a first collection goes; recent ones once more."""
    calls, task, now = look.calls, look.calls.task, look.calls.now()
    is_deep = is_due(task.cursors, "deep_at", DEEP_EVERY, now)
    window = now - (DEEP_WINDOW if is_deep else WINDOW)
    known, newest = {thread.post_ext for thread in look.open}, int(task.cursors.get("posts.since") or 0)
    params = {"uid": task.account.ext_id, "isGetLongText": 1}
    for step in walk_list(calls, "posts", TIMELINE, parse_posts, PAGE, window, **params):
        posts = with_whole_texts(calls, step.page, step.items)
        look.listed |= {post.ext_id: post for post in posts}
        look.missing |= dict.fromkeys((*step.page.gone, *step.page.unseen))
        if step.from_top and step.page.ids:
            look.low = min(step.page.ids)
        at = calls.now()
        # Known once, not open now and yet in the list: it was gone and is back.
        back = [Gone(p.ext_id, GoneKind.BACK, at) for p in posts if int(p.ext_id) <= newest and p.ext_id not in known]
        yield Batch(at, posts=posts, gones=tuple(back), cursors=step.cursors)
    if is_deep:
        yield Batch(calls.now(), cursors=stamp("deep_at", now))


def with_whole_texts(calls: Calls, page: Page[Post], posts: tuple[Post, ...]) -> tuple[Post, ...]:
    """The same posts with the whole text of those that the list cuts."""
    cut = [post.ext_id for post in posts if post.ext_id in page.uncut]
    if not cut:
        return posts
    try:
        whole = calls.read(DETAILS, parse_posts, ids=",".join(cut), isGetLongText=1)
    except CollectError as error:
        if not is_verdict(error):
            raise
        return posts
    texts = {post.ext_id: post.text for post in whole.items if post.ext_id not in whole.uncut}
    return tuple(replace(post, text=texts.get(post.ext_id, post.text)) for post in posts)


def counts_of(look: Look) -> Iterator[Batch]:
    """Counts of open threads that the list did not show; a post without counts is missing.

    One call carries a hundred, so the newest hundred are asked at every look and the rest once an hour.
    """
    task, now = look.calls.task, look.calls.now()
    is_whole = is_due(task.cursors, "counts_at", OLD_COUNTS_EVERY, now)
    exts = [thread.post_ext for thread in look.open if thread.post_ext not in look.listed]
    exts = exts if is_whole else exts[:COUNTS_AT_ONCE]
    for answer in counts(look.calls, exts):
        look.counted |= answer
        yield Batch(look.calls.now(), reaches=tuple(answer.items()))
    look.missing |= dict.fromkeys(key for key in exts if key not in look.counted)
    if is_whole:
        yield Batch(look.calls.now(), cursors=stamp("counts_at", now))


def vanished(look: Look) -> Iterator[Batch]:
    """Posts that should be in what was read and are not: their own details say what became of them."""
    held = [thread.post_ext for thread in look.open]
    if look.low is not None:
        look.missing |= dict.fromkeys(key for key in held if int(key) >= look.low and key not in look.listed)
    yield from confirm_batch(look.calls, [key for key in look.missing if key in held and key not in look.listed])


def threads(look: Look) -> Iterator[Batch]:
    """Comment trees of threads that changed, newest first."""
    task, now = look.calls.task, look.calls.now()
    known = {thread.post_ext: thread for thread in look.open}
    open_now = [found(key, post.published_at, post.reach, known.get(key)) for key, post in look.listed.items()]
    open_now += [found(t.post_ext, t.published_at, look.counted[t.post_ext], t) for t in look.open if t.post_ext in look.counted]
    due = [thread for thread in open_now if thread.published_at >= task.since and needs_look(thread, now)]
    gone: list[str] = []
    for thread in sorted(due, key=newest_first):
        try:
            yield from read_tree(look.calls, thread)
        except CollectError as error:
            if not is_verdict(error):
                raise
            gone.append(thread.post_ext)
    yield from confirm_batch(look.calls, gone)


def newest_first(thread: Found) -> int:
    return -int(thread.post_ext)


def own_lists(look: Look) -> Iterator[Batch]:
    """What the platform lists for the owner of the token: only ours to read when the token is the account's own."""
    calls, now = look.calls, look.calls.now()
    owner = calls.task.cursors.get("owner", "")
    mark = hashlib.sha256((calls.task.credential or "").encode()).hexdigest()[:12]
    if not owner.startswith(f"{mark}:"):
        uid = owner_of(calls)
        if not uid:
            return
        owner = f"{mark}:{uid}"
        yield Batch(calls.now(), cursors={"owner": owner})
    if owner != f"{mark}:{calls.task.account.ext_id}":
        return
    steps = [partial(received, calls, "comments/to_me/biz")]
    if is_due(calls.task.cursors, "mentions_at", MENTIONS_EVERY, now):
        steps.append(partial(mentioned, calls, "mentions", "comments/mentions/biz"))
        steps.append(partial(mentioned, calls, "calls", "statuses/mentions/biz"))
        steps.append(partial(noted, calls, stamp("mentions_at", now)))
    yield from in_turn(steps)


def noted(calls: Calls, cursors: dict[str, str]) -> Iterator[Batch]:
    yield Batch(calls.now(), cursors=cursors)


def owner_of(calls: Calls) -> str:
    """The uid of the token's owner: whose posts come when no uid is named; empty when there are none yet."""
    entries = entries_of(calls.ask(OWN, count=1), "statuses") or []
    return user_id(entries[0].get("user")) if entries else ""
