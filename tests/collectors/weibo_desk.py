"""A make-believe city's Weibo accounts on loopback, and one that looks at them and remembers as a database would."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from collectors.task import Task, Thread
from collectors.web import Web
from collectors.weibo import Weibo
from matrix.account import Account, Platform, Route
from matrix.comment import Comment, Coverage, Followers
from matrix.post import GoneKind, Post, Reach
from matrix.run import Batch, Budget, CollectError
from settings import Settings
from settings import Web as Knobs
from settings import Weibo as WeiboKnobs
from simulator import weibo
from simulator.clock import ManualClock
from simulator.events import SimAccount
from simulator.faults import Faults
from simulator.server import start_server
from simulator.world import World, make_world

START = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
"""10:00 in Beijing on a Tuesday."""


@dataclass
class Memory:
    """What was saved: each fact once, cursors with the rows that they cover."""

    posts: dict[str, Post] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)
    coverages: dict[str, tuple[Coverage, datetime]] = field(default_factory=dict)
    reaches: dict[str, Reach] = field(default_factory=dict)
    gones: dict[str, GoneKind] = field(default_factory=dict)
    followers: list[Followers] = field(default_factory=list)
    cursors: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def save(self, batch: Batch) -> None:
        self.posts |= {post.ext_id: post for post in batch.posts}
        self.reaches |= {post.ext_id: post.reach for post in batch.posts if post.reach} | dict(batch.reaches)
        self.comments |= {comment.ext_id: comment for comment in batch.comments}
        self.coverages |= {look.post_ext: (look, batch.observed_at) for look in batch.coverages}
        for gone in batch.gones:
            if gone.kind is GoneKind.BACK:
                self.gones.pop(gone.post_ext, None)
            else:
                self.gones[gone.post_ext] = gone.kind
        self.followers += batch.followers
        self.notes += batch.notes
        self.cursors = {name: value for name, value in {**self.cursors, **batch.cursors}.items() if value}

    def threads(self, since: datetime) -> list[Thread]:
        found = []
        for key, post in sorted(self.posts.items(), reverse=True):
            if key in self.gones or post.published_at < since:
                continue
            held = sum(comment.post_ext == key for comment in self.comments.values())
            look, at = self.coverages.get(key, (Coverage(key, None), None))
            found.append(Thread(key, post.published_at, look.stated, held, look.cause, at))
        return found


@dataclass
class Desk:
    """One account of a simulated city and whoever looks at it."""

    world: World
    clock: ManualClock
    settings: Settings
    account: SimAccount
    route: Route
    memory: Memory = field(default_factory=Memory)
    since: datetime = START - timedelta(days=20)
    charged: list[Sequence[Budget]] = field(default_factory=list)
    token: str = ""

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.now(), UTC)

    def batches(self, charge: Callable[[Sequence[Budget]], None] | None = None) -> Iterator[Batch]:
        web = Web(self.settings, self.now, lambda _: None, charge or self.charged.append)
        account = Account(12, Platform.WEIBO, self.account.ext_id, self.account.name, 1, self.route)
        token = self.token or self.account.token
        task = Task(account, token, dict(self.memory.cursors), self.memory.threads(self.since), self.since)
        return Weibo().collect(task, web, self.settings, self.now())

    def look(self, most: int | None = None, charge: Callable[[Sequence[Budget]], None] | None = None) -> CollectError | None:
        """One look, saved; cut off after `most` batches. The failure that ended it, if one did."""
        self.memory.notes.clear()
        try:
            for number, batch in enumerate(self.batches(charge), 1):
                self.memory.save(batch)
                if number == most:
                    return None
        except CollectError as error:
            return error
        return None

    def asked(self, word: str = "") -> list[dict[str, str]]:
        """The queries that were asked of paths with this word, oldest first."""
        return [query for _, _, path, query in self.world.asked if word in path]


@contextmanager
def desk(route: Route, rates: dict[str, float] | None = None, limits: dict[str, int] | None = None) -> Generator[Desk]:
    clock = ManualClock(START.timestamp())
    faults = Faults(rates, 7, 0.3, 0.3)
    world = make_world(7, 4, clock=clock, faults=faults, limits=limits, history_days=4, horizon_days=12, mix=(route.value,))
    running = start_server(world, routes=weibo.ROUTES)
    knobs = WeiboKnobs(free_url=f"{running.url}/weibo-free", commercial_url=f"{running.url}/weibo-commercial")
    manners = Knobs(connect_seconds=10, read_seconds=10, pace_seconds=0)
    account = max(world.city.accounts, key=lambda one: one.posts_a_day)
    try:
        yield Desk(world, clock, replace(Settings(), web=manners, weibo=knobs), account, route)
    finally:
        running.stop()
