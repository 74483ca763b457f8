"""A make-believe matrix for the watch: what its citizens write and its accounts publish, saved by the verbs of the collector."""

import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from matrix.account import Platform, Route
from matrix.comment import Comment
from matrix.post import Post
from matrix.run import Batch, Outcome
from storage import accounts, batches, comments, marks, organizations, readings, runs
from storage.database import writing
from storage.keyring import Keyring
from storage.portions import UPTO
from storage.runs import Ending
from storage.surge_watch import Watch

RING = Keyring(("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",), ("pepper",))
BUCKET, DAY = 300, 288
FIRST = 1_780_000_000 // 86400 * 288
"""Bucket with which the made-up time begins."""
PLATFORMS = (Platform.WEIBO, Platform.WEIBO, Platform.WECHAT, Platform.DOUYIN)
ROUTE = Route.WEIBO_COMMERCIAL
"""One route for all, so that what is measured is the watch; the interval is the caller's."""
CROWD = 400_000
REGULARS = 0.1
"""So much is written by people who have just written to the same account."""
TOPICS = ("城乡建设", "交通运输", "生态环境", "其他")
HOURS = np.array([4, 2, 1, 1, 1, 2, 4, 7, 10, 11, 11, 11, 12, 11, 10, 10, 10, 11, 12, 14, 16, 16, 12, 7], float)
DECAY = 45 / 5


@dataclass(slots=True)
class City:
    """A database with a ledger, and the dice that fill it."""

    db: sqlite3.Connection
    dice: np.random.Generator
    ids: list[int] = field(default_factory=list)
    platforms: list[int] = field(default_factory=list)
    units: list[int] = field(default_factory=list)
    number: int = 0

    def say(self, cells: Iterable[tuple[int, int, int]], seen_at: int, author: str = "", *, has_read: bool = True) -> None:
        """Comments of (bucket, account place, how many), all in one transaction; `author` for one and the same citizen."""
        by_account: dict[int, list[Comment]] = {}
        for bucket, place, many in cells:
            offsets = np.sort(self.dice.integers(0, BUCKET, many))
            people = self.dice.integers(0, CROWD, many)
            again = self.dice.random(many) < REGULARS
            some = by_account.setdefault(place, [])
            for offset, person, is_again in zip(offsets.tolist(), people.tolist(), again.tolist(), strict=True):
                self.number += 1
                who = author or (some[-1].author_id if is_again and some else f"u{person}")
                at = datetime.fromtimestamp(bucket * BUCKET + offset, UTC)
                some.append(Comment(f"c{self.number}", "", at, "请问什么时候能修好", who, "市民"))
        with writing(self.db):
            newest = self.db.execute("SELECT coalesce(max(id), 0) FROM comments").fetchone()[0]
            for place, said in by_account.items():
                comments.save(self.db, self.ids[place], self.platforms[place], said, RING, seen_at, seen_at, is_history=False)
            if has_read:
                self.read(newest, seen_at)

    def read(self, after: int, now: int) -> None:
        """Readings of the comments with ids above `after`, inside `writing()`."""
        ids = [row[0] for row in self.db.execute("SELECT id FROM comments WHERE id > :id ORDER BY id", {"id": after}).fetchall()]
        topics = self.dice.integers(0, len(TOPICS), len(ids))
        rows = [
            {
                "id": number,
                "topic": TOPICS[topic],
                "part": "",
                "topic2": "",
                "part2": "",
                "share": 0.9,
                "feeling": 0,
                "is_sure": 1,
                "is_corrected": 0,
            }
            for number, topic in zip(ids, topics.tolist(), strict=True)
        ]
        readings.save(self.db, rows, "1", now)
        if ids:
            marks.put(self.db, UPTO, str(ids[-1]))

    def publish(self, place: int, bucket: int, seen_at: int) -> None:
        """One post of an account."""
        self.number += 1
        at = datetime.fromtimestamp(bucket * BUCKET + 30, UTC)
        post = Post(f"p{self.number}", at, "今日天气和出行提示。", title="出行提示")
        batch = Batch(datetime.fromtimestamp(seen_at, UTC), posts=(post,))
        batches.save(self.db, self.ids[place], self.platforms[place], batch, RING, batch.observed_at)

    def look(self, at: int, places: Sequence[int] | None = None, *, is_first: bool = True) -> None:
        """A complete look at these accounts (all of them by custom) that started at `at`, Unix seconds.

        Where it `is_first` the account's row tells of it too.
        """
        moment = datetime.fromtimestamp(at, UTC)
        with writing(self.db):
            for place in range(len(self.ids)) if places is None else places:
                run = runs.start(self.db, self.ids[place], ROUTE, moment)
                runs.finish(self.db, run, moment, Ending(Outcome.OK, batches.Saved(), 1))
                if is_first:
                    seen = (moment, moment)
                    accounts.record_look(
                        self.db, self.ids[place], moment, moment + timedelta(minutes=5), 300, saw_posts=seen, run_id=run
                    )


def make_city(db: sqlite3.Connection, size: int, seed: int, counties: int = 10) -> City:
    """A ledger of one city with so many counties and accounts."""
    city = City(db, np.random.default_rng(seed))
    with writing(db):
        root = organizations.add(db, code="0", name="江州市", parent_id=None, level="市级", seen_at=0)
        city.units = [root]
        leaves = [root]
        for number in range(counties):
            county = organizations.add(db, code=f"{number}-", name=f"第{number}县", parent_id=root, level="县级", seen_at=0)
            office = organizations.add(
                db, code=f"{number}-1", name=f"第{number}县水务局", parent_id=county, level="部门", seen_at=0
            )
            city.units += [county, office]
            leaves += [county, office]
        for number in range(size):
            platform = PLATFORMS[number % len(PLATFORMS)]
            city.platforms.append(int(platform))
            city.ids.append(
                accounts.add(
                    db,
                    platform=platform,
                    ext_id=f"90{number}",
                    name=f"账号{number}",
                    organization_id=leaves[number % len(leaves)],
                    route=ROUTE,
                    seen_at=0,
                )
            )
        organizations.rebuild_tree(db)
        marks.put(db, "read_version", "1")
    return city


def rates_of(dice: np.random.Generator, size: int, low: float, high: float) -> NDArray[np.float64]:
    """Mean comments of each account in five minutes, log-uniform."""
    return np.exp(dice.uniform(np.log(low), np.log(high), size))


def world(
    dice: np.random.Generator, rates: NDArray[np.float64], first: int, buckets: int, posts_a_day: float = 2.0
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]]:
    """Expected comments, own posts, and what is normal (buckets, accounts).

    Normal: level, shape of the day, weekend, slow drift; expected: with noise that lasts two hours and the bumps of posts.
    """
    size = len(rates)
    hour = ((first + np.arange(buckets)) * BUCKET + 28800) // 3600
    shape = HOURS[hour % 24] / HOURS.mean()
    is_weekend = ((hour // 24) + 3) % 7 >= 5
    rate = shape[:, None] * np.where(is_weekend[:, None], dice.uniform(0.6, 1.1, size), 1.0) * rates
    days = hour // 24 - hour[0] // 24
    rate *= np.exp(np.cumsum(dice.normal(0, 0.03, (days[-1] + 1, size)), 0))[days]
    normal = rate.copy()
    noise, keep = np.zeros(size), np.exp(-5 / 120)
    spread = dice.uniform(0.05, 0.25, size)
    posts = dice.random((buckets, size)) < posts_a_day * (shape / 288)[:, None]
    bump = np.zeros(size)
    for bucket in range(buckets):
        noise = noise * keep + dice.normal(0, 1, size) * spread * np.sqrt(1 - keep**2)
        bump = bump * np.exp(-1 / DECAY) + posts[bucket] * rates * 3 * dice.lognormal(0, 0.7, size)
        rate[bucket] = rate[bucket] * np.exp(noise) + bump
    return rate, posts, normal


def counted(dice: np.random.Generator, rate: NDArray[np.float64]) -> NDArray[np.int64]:
    """Counts around a rate, wider than Poisson (negative binomial, size 8)."""
    return dice.poisson(rate * dice.gamma(8, 1 / 8, rate.shape))


def live(city: City, counts: NDArray[np.int64], posts: NDArray[np.bool_], rows: range, seen_at: int) -> None:
    """What these buckets brought, saved."""
    cells = [(FIRST + row, int(place), int(counts[row, place])) for row in rows for place in np.flatnonzero(counts[row])]
    city.say(cells, seen_at)
    for row in rows:
        for place in np.flatnonzero(posts[row]):
            city.publish(int(place), FIRST + row, seen_at)


def tick(watch: Watch, city: City, at: int) -> float:
    began = time.perf_counter()
    watch.tick(city.db, datetime.fromtimestamp(at, UTC))
    return time.perf_counter() - began
