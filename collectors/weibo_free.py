"""One look at an account through the free interfaces of Weibo: the newest five posts and a hundred calls a day."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from collectors.task import Thread
from collectors.weibo_call import Calls, allowance, in_turn, is_due, stamp
from collectors.weibo_gone import confirm_each, is_verdict
from collectors.weibo_lists import counts, followers, mentioned, received
from collectors.weibo_parse import Page, entries_of, parse_followers, parse_posts
from collectors.weibo_text import BEIJING
from collectors.weibo_thread import Found, found, is_confirmed, needs_look, read_flat
from matrix.comment import Coverage, Followers
from matrix.post import Gone, GoneKind, Post
from matrix.run import Batch, CollectError

TIMELINE, NEWEST, PAGE = "statuses/user_timeline", 5, 20
RECEIVED_EVERY = timedelta(hours=1)
COUNTS_EVERY, MENTIONS_EVERY, FOLLOWERS_EVERY = timedelta(hours=2), timedelta(hours=4), timedelta(hours=12)
MOST_THREADS, MOST_DETAILS = 3, 2
"""Extras of one look: each thread costs a call at least."""
RESERVE = 3
"""Calls that threads leave for counts and for asking what became of a post."""
GAP = (
    "上次采到的最新一条微博已不在本次返回的5条之内，两次采集之间可能有微博未采到（免费接口每次只返回最新5条）；"
    "请缩短采集间隔，或改用商业接口。"
)


def collect(calls: Calls) -> Iterator[Batch]:
    """Posts and received comments at every look; the rest in turn, as far as the day's budget carries."""
    day = Day(calls)
    for batch in steps(calls, day):
        yield replace(batch, cursors={**batch.cursors, **day.cursor()})


class Day:
    """How many calls this Beijing day has cost, kept in the cursor `spent`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._name = calls.now().astimezone(BEIJING).date().isoformat()
        name, _, count = calls.task.cursors.get("spent", "").partition(":")
        self._before = int(count) if name == self._name and count.isdigit() else 0

    def cursor(self) -> dict[str, str]:
        return {"spent": f"{self._name}:{self._before + self._calls.made}"}

    def left(self) -> int:
        """How many calls extras may cost now."""
        return allowance(self._before + self._calls.made, self._calls.user.limit, self._calls.now())

    def allows(self, calls: int = 1) -> bool:
        return self.left() >= calls


def steps(calls: Calls, day: Day) -> Iterator[Batch]:
    """The order is the priority: when the budget ends, it ends behind what matters more."""
    page, owned = calls.read(TIMELINE, partial(parse_timeline, uid=calls.task.account.ext_id), isGetLongText=1, count=PAGE)
    yield timeline(calls, page, owned)
    open_now = {thread.post_ext: thread for thread in calls.task.threads if thread.post_ext.isdigit()}
    yield from in_turn([partial(inbox, calls, day), partial(extras, calls, day, page, open_now)])


def inbox(calls: Calls, day: Day) -> Iterator[Batch]:
    """Received comments: at every look while the day is within its budget, else once an hour, so that extras get a share."""
    if day.allows() or is_due(calls.task.cursors, "to_me_at", RECEIVED_EVERY, calls.now()):
        yield from received(calls, "comments/to_me")
        yield Batch(calls.now(), cursors=stamp("to_me_at", calls.now()))


def parse_timeline(body: Any, now: datetime, uid: str) -> tuple[Page[Post], tuple[Followers, ...]] | None:
    """The newest posts, and the followers that their author has."""
    page = parse_posts(body, now)
    if page is None:
        return None
    users = (parse_followers(entry.get("user"), uid, now) for entry in entries_of(body, "statuses") or [])
    return page, tuple(followers for followers in users if followers)[:1]


def timeline(calls: Calls, page: Page[Post], owned: tuple[Followers, ...]) -> Batch:
    """The newest posts, with a note when the last known one is no longer among them."""
    task, now = calls.task, calls.now()
    newest, open_now = int(task.cursors.get("posts.since") or 0), {thread.post_ext for thread in task.threads}
    posts = page.items  # five at most: kept however old, the last of them is evidence of an account's silence
    has_gap = bool(newest) and len(page.ids) >= NEWEST and min(page.ids) > newest
    back = [Gone(p.ext_id, GoneKind.BACK, now) for p in posts if int(p.ext_id) <= newest and p.ext_id not in open_now]
    cursors = {"posts.since": str(max((newest, *page.ids)) or "")}
    is_time = is_due(task.cursors, "followers_at", timedelta(hours=1), now)
    if owned and is_time:
        cursors |= stamp("followers_at", now)
    notes = (GAP,) if has_gap else ()
    return Batch(now, posts, followers=owned if is_time else (), gones=tuple(back), cursors=cursors, notes=notes)


def extras(calls: Calls, day: Day, page: Page[Post], open_now: Mapping[str, Thread]) -> Iterator[Batch]:
    """Counts, disappearances, threads, mentions and followers, each at its own pace and while the day's budget allows."""
    task, now = calls.task, calls.now()
    listed = {post.ext_id: post for post in page.items}
    states = [found(key, post.published_at, post.reach, open_now.get(key)) for key, post in listed.items()]
    missing = [key for key in (*page.gone, *page.unseen) if key in open_now]
    missing += [key for key in open_now if page.ids and int(key) >= min(page.ids) and key not in (*listed, *missing)]
    others = [key for key in open_now if key not in listed and key not in missing]
    if others and is_due(task.cursors, "counts_at", COUNTS_EVERY, now) and day.allows(1 + -(-len(others) // 100)):
        counted = {}
        for answer in counts(calls, others):
            counted |= answer
            yield Batch(calls.now(), reaches=tuple(answer.items()))
        yield Batch(calls.now(), cursors=stamp("counts_at", now))
        missing += [key for key in others if key not in counted]
        states += [found(key, open_now[key].published_at, reach, open_now[key]) for key, reach in counted.items()]
    yield from confirm_each(calls, missing[: min(MOST_DETAILS, day.left())])
    due = [state for state in states if state.published_at >= task.since and needs_look(state, now, slowly=False)]
    yield from threads(calls, day, due)
    quiet = [state for state in states if is_confirmed(state, now)]
    if quiet:  # costs no call, and says up to when an answer would have been seen
        same = tuple(Coverage(state.post_ext, state.stated, state.known.cause) for state in quiet if state.known)
        yield Batch(calls.now(), coverages=same)
    yield from seldom(calls, day, now)


def threads(calls: Calls, day: Day, due: list[Found]) -> Iterator[Batch]:
    """Threads that changed, newest first; those that the budget does not carry are named as unread."""
    read, unread, gone = 0, [], []
    for thread in sorted(due, key=lambda thread: -int(thread.post_ext)):
        is_empty = thread.stated == 0 and not thread.is_rough
        if not is_empty and (read >= MOST_THREADS or not day.allows(1 + RESERVE)):
            unread.append(thread)
            continue
        read += not is_empty
        try:
            yield from read_flat(calls, thread)
        except CollectError as error:
            if not is_verdict(error):
                raise
            gone.append(thread.post_ext)
    changed = [thread for thread in unread if thread.known is None or thread.known.stated != thread.stated]
    if changed:
        yield Batch(calls.now(), coverages=tuple(Coverage(thread.post_ext, thread.stated, "budget") for thread in changed))
    yield from confirm_each(calls, gone[: min(MOST_DETAILS, day.left())])


def seldom(calls: Calls, day: Day, now: datetime) -> Iterator[Batch]:
    """Mentions and, where no post carried them, followers."""
    lists = {"mentions": "comments/mentions", "calls": "statuses/mentions"}
    for name, endpoint in lists.items():
        if is_due(calls.task.cursors, f"{name}_at", MENTIONS_EVERY, now) and day.allows(2):
            yield from mentioned(calls, name, endpoint)
            yield Batch(calls.now(), cursors=stamp(f"{name}_at", now))
    if is_due(calls.task.cursors, "followers_at", FOLLOWERS_EVERY, now) and day.allows():
        yield from followers(calls, "users/counts", stamp("followers_at", now))
