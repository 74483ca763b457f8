"""What an unlimited client polling at a fixed interval could have seen through an account's interface, and why not the rest."""

from bisect import bisect_right
from dataclasses import dataclass, field
from math import ceil

from simulator.city import DAY, City
from simulator.events import SimAccount, SimComment, SimPost
from simulator.feed_items import came_in
from simulator.mids import day_of, day_start
from simulator.seeing import gone_at, is_mass_sent, is_post_shown, replied_until, root_of, shown_until

LOOK_BACK_S = 7 * DAY
CHILDREN = 200
NEWEST, NEWEST_IN_FEED = 5, 10
STATISTICS_READY_S = 8 * 3600  # numbers of a day are there at 08:00 of the next one
STATISTICS_DAYS = 30


@dataclass(slots=True)
class Ideal:
    """First moments at which the polls saw things, and the reason in a word for everything they could not see.

    Keys are post keys; comments are `comment_key`, for a reply on WeChat with `:reply` behind it.
    Reasons: between_polls, beyond_newest, not_app_user, filtered, deleted, look_back, beyond_children, post_unseen. Lists of
    received comments may show a client more than this: comments under old posts and under posts beyond the newest five.
    """

    posts: dict[str, float] = field(default_factory=dict)
    comments: dict[str, float] = field(default_factory=dict)
    missed: dict[str, str] = field(default_factory=dict)


def comment_key(comment: SimComment) -> str:
    """A comment's key that is unique in the whole city."""
    return comment.key if comment.post.account.platform == "weibo" else f"{comment.post.key}:{comment.key}"


def ideal(city: City, account: SimAccount, interval_s: float, t0: float, t1: float, look_back_s: float = LOOK_BACK_S) -> Ideal:
    """Polls at t0, t0 + interval_s, … up to t1; comments are looked for under posts not older than `look_back_s` at the poll."""
    seen, polls = Ideal(), _Polls(interval_s, t0, t1)
    if account.route == "none":
        return seen
    first_of = {}
    if account.route == "weibo_free":
        first_of[account.route] = _newest(city, account, polls, NEWEST)
    elif account.route == "feed":
        first_of[account.route] = _in_feed(city, account, polls, NEWEST_IN_FEED)
    for post in city.posts(account, 0, t1):
        listed = first_of[account.route].get(post.key) if account.route in first_of else _listed(post, polls)
        if listed is None:
            between = polls.first(post.at, gone_at(post)) is None
            seen.missed[post.key] = "between_polls" if between else "beyond_newest" if account.route in first_of else "look_back"
        else:
            seen.posts[post.key] = listed
        if account.route != "feed":
            _comments(seen, post, polls, listed, look_back_s)
    return seen


@dataclass(frozen=True, slots=True)
class _Polls:
    interval_s: float
    t0: float
    t1: float

    def first(self, begin: float, end: float | None) -> float | None:
        """The first poll in [begin, end); None when it would come after the last one."""
        at = self.t0 + max(0, ceil((begin - self.t0) / self.interval_s)) * self.interval_s
        return at if at <= self.t1 and (end is None or at < end) else None


def _listed(post: SimPost, polls: _Polls) -> float | None:
    """When a list without a cap shows the post first; what the publishing list lacks waits for the day's statistics."""
    if post.account.platform != "wechat":
        return polls.first(post.at, gone_at(post))
    if not is_mass_sent(post) and (at := polls.first(post.at, post.deleted_at)) is not None:
        return at
    ready = day_start(day_of(post.at) + 1) + STATISTICS_READY_S
    return polls.first(ready, ready + STATISTICS_DAYS * DAY)


def _newest(city: City, account: SimAccount, polls: _Polls, most: int) -> dict[str, float]:
    """When each post is first among the newest few."""
    posts, found = city.posts(account, 0, polls.t1), dict[str, float]()
    ats = [post.at for post in posts]
    moment, before = polls.t0, -1
    changes = sorted([*ats, *(gone for post in posts if (gone := gone_at(post)) is not None)])
    while moment <= polls.t1 and posts:
        passed = bisect_right(changes, moment)
        if passed != before:
            before, held = passed, 0
            for post in reversed(posts[: bisect_right(ats, moment)]):
                if is_post_shown(post, moment):
                    found.setdefault(post.key, moment)
                    held += 1
                if held == most:
                    break
        moment += polls.interval_s
    return found


def _in_feed(city: City, account: SimAccount, polls: _Polls, most: int) -> dict[str, float]:
    """When each article is first among the newest that the feed tool holds, which looks for new ones twice a day."""
    held = [(post, look) for post in city.posts(account, 0, polls.t1) if (look := came_in(post)) is not None]
    held.sort(key=lambda one: (one[0].at, -one[0].idx))
    ends = [look for _, look in held[most:]] + [None] * most
    firsts = ((post.key, polls.first(look, end)) for (post, look), end in zip(held, ends, strict=False))
    return {key: at for key, at in firsts if at is not None}


def _comments(seen: Ideal, post: SimPost, polls: _Polls, listed: float | None, look_back_s: float) -> None:
    children: dict[str, list[SimComment]] = {}
    gone, free = gone_at(post), post.account.route == "weibo_free"
    looked_until = min(post.at + look_back_s, gone if gone is not None else float("inf"))
    for comment in post.comments:
        if comment.at > polls.t1:
            break
        key, end = comment_key(comment), min(shown_until(comment), looked_until)
        if comment.parent is not None:
            children.setdefault(root_of(comment).key, []).append(comment)
        at = None if listed is None else polls.first(max(comment.at, listed), end)
        why = ""
        if listed is None:
            why = "post_unseen"
        elif free and not comment.app_user:
            why = "not_app_user"
        elif at is None:
            why = _why(comment, post, polls, listed, look_back_s)
        elif not free and comment.parent is not None and _rank(children[root_of(comment).key], comment, at) >= CHILDREN:
            why = "beyond_children"
        if why or at is None:
            seen.missed[key] = why
            continue
        seen.comments[key] = at
        if comment.reply_at is not None:
            replied = polls.first(max(comment.reply_at, at), min(end, replied_until(comment)))
            seen.comments |= {f"{key}:reply": replied} if replied is not None else {}


def _rank(siblings: list[SimComment], comment: SimComment, at: float) -> int:
    """How many shown answers to the same root come before this one."""
    return sum(one is not comment and at < shown_until(one) for one in siblings)


def _why(comment: SimComment, post: SimPost, polls: _Polls, listed: float, look_back_s: float) -> str:
    if comment.at >= post.at + look_back_s or listed >= post.at + look_back_s:
        return "look_back"
    one: SimComment | None = comment
    while one is not None:
        if one.filtered_at is not None and one.filtered_at <= polls.t1:
            return "filtered"
        if one.deleted_at is not None and one.deleted_at <= polls.t1:
            return "deleted"
        one = one.parent
    return "between_polls"
