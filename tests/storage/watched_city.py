"""A city with three days of comments behind it, a watch over it, and a clock that a test moves bucket by bucket."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import numpy as np

from bench.watching_city import BUCKET, TOPICS, City, counted, make_city, world
from storage.database import create_database, open_writer
from storage.surge_watch import Watch

SIZE, DAYS, AGAIN = 24, 3, 1.5
"""Accounts, days that the watch learns in the beginning, and days that series learn which it takes up later."""
FIRST = 1_790_000_000 // 86400 * 288
RATES = np.array([0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.0, 8.0, 0.1, 0.2, 0.4, 0.6, *[0.3] * 12])
LIVE = 72
"""Buckets after the past for which the citizens' usual words are prepared."""


@dataclass
class Watched:
    """`bucket` is the next one to live through; `end` when the last one ended."""

    city: City
    usual: np.ndarray
    posts: np.ndarray
    watch: Watch = field(default_factory=lambda: Watch(TOPICS[:-1], days=AGAIN))
    bucket: int = FIRST + DAYS * 288

    @property
    def db(self):
        return self.city.db

    @property
    def first_live(self) -> int:
        return FIRST + DAYS * 288

    @property
    def end(self) -> int:
        return self.bucket * BUCKET

    def say(self, place: int, many: int, author: str = "", bucket: int | None = None) -> None:
        """So many comments in the bucket that just ended."""
        self.city.say([(self.bucket - 1 if bucket is None else bucket, place, many)], self.end + 60, author)

    def live(
        self,
        buckets: int = 1,
        extra: dict[int, int] | None = None,
        author: str = "",
        looked: bool = True,
        without: int | None = None,
        every: int = 1,
    ) -> None:
        """Let buckets pass with what citizens usually write and `extra` by account; all (but one) are looked at.

        The watch is called after `every` so many buckets.
        """
        for number in range(1, buckets + 1):
            row, seen = self.usual[self.bucket - self.first_live], [place for place in range(SIZE) if place != without]
            self.bucket += 1
            self.city.say([(self.bucket - 1, place, int(row[place])) for place in seen if row[place]], self.end + 30)
            for place in np.flatnonzero(self.posts[self.bucket - 1 - self.first_live]):
                self.city.publish(int(place), self.bucket - 1, self.end + 30)
            for place, many in (extra or {}).items():
                self.say(place, many, author)
            if looked:
                self.city.look(self.end + 60, None if without is None else seen)
            if number % every == 0:
                self.tick()

    def tick(self, seconds: int = 90) -> bool:
        return self.watch.tick(self.db, datetime.fromtimestamp(self.end + seconds, UTC))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.db.execute(sql).fetchall()

    def alerts(self) -> list[tuple[Any, ...]]:
        """Key, title, level, state, and members of each alert."""
        members = "SELECT count(*) FROM alert_members m WHERE m.alert_id = a.id"
        return self.rows(f"SELECT a.key, a.title, a.level, a.state, ({members}) FROM alerts a ORDER BY a.id")

    def started_anew(self) -> "Watched":
        """The same database seen by a program that was started just now."""
        return Watched(self.city, self.usual, self.posts, bucket=self.bucket)


def a_watched_city() -> Watched:
    """A city of its own, copied from the one that was built first; the watch has learnt its past."""
    built, usual, posts, number = build()
    db = open_writer(":memory:")
    built.db.backup(db)
    city = City(db, np.random.default_rng(5), list(built.ids), list(built.platforms), built.units, number)
    return Watched(city, usual.copy(), posts)


@cache
def build() -> tuple[City, np.ndarray, np.ndarray, int]:
    city = make_city(create_database(":memory:"), SIZE, 3, counties=2)
    rate, posts, _ = world(city.dice, RATES, FIRST, DAYS * 288 + LIVE, 0.5)
    counts = counted(city.dice, rate)
    past = DAYS * 288
    end = (FIRST + past) * BUCKET
    city.say([(FIRST + b, p, int(counts[b, p])) for b, p in zip(*np.nonzero(counts[:past]), strict=True)], end)
    for bucket, place in zip(*np.nonzero(posts[:past]), strict=True):
        city.publish(int(place), FIRST + int(bucket), end)
    city.look(end + 60)
    Watched(city, counts[past:], posts[past:], Watch(TOPICS[:-1], days=DAYS)).tick()
    return city, counts[past:], posts[past:], city.number
