"""Weak surges of twenty accounts out of fifty of one unit, through the real storage: how many are told, and how soon."""

import sqlite3
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.show import progress, show
from bench.watching_city import BUCKET, DAY, FIRST, TOPICS, City, counted, live, make_city, rates_of, tick, world
from storage.series import ACCOUNT
from storage.surge_watch import Watch

PAST = 28
SIZE, COUNTY, MANY, LENGTH = 75, 1, 20, 36
"""Accounts (fifty in the county and its office), the county's place, how many rise together, and for how many buckets."""
RECALL, MOST = 0.9, 2.0
MORNING, AWAKE = 264, 216
"""Six o'clock in Beijing as a bucket of the day before in UTC, and how many buckets there are up to midnight."""


@dataclass(slots=True)
class Rising:
    """One that was put in: when it began (bucket), the alert that told it first, and when that was seen (Unix seconds)."""

    start: int
    kind: str = ""
    seen: int | None = None


def groups(db: sqlite3.Connection, days: int, seed: int) -> int:
    """One rising a day; 0 when nine of ten are told and other alerts of sums are at most two a week."""
    city = make_city(db, SIZE, seed, counties=1)
    rates = rates_of(city.dice, SIZE, 0.005, 1.0)
    rate, posts, _ = world(city.dice, rates, FIRST, (PAST + days) * DAY)
    counts, risings = counted(city.dice, rate), put_in(city, days)
    counts += city.dice.poisson(extra_of(city, rates, risings, len(counts)))
    end = (FIRST + PAST * DAY) * BUCKET
    for day in range(PAST):
        live(city, counts, posts, range(day * DAY, (day + 1) * DAY), end)
    city.look(end)
    watch = Watch(TOPICS[:-1])
    tick(watch, city, end + 1)
    for row in progress(range(PAST * DAY, len(counts)), days * DAY, "监测"):
        close = (FIRST + row + 1) * BUCKET
        live(city, counts, posts, range(row, row + 1), close + 120)
        city.look(close + 120, is_first=False)
        tick(watch, city, close + 240)
        if row % DAY == 0:
            db.execute("DELETE FROM runs WHERE started_at < ?", (close - 86400,))
    return report(city, risings, days)


def put_in(city: City, days: int) -> list[Rising]:
    """One on each day but the last, when Beijing is awake."""
    starts = [(PAST + day) * DAY + MORNING + int(city.dice.integers(0, AWAKE)) for day in range(days - 1)]
    return [Rising(start) for start in starts]


def extra_of(city: City, rates: NDArray[np.float64], risings: list[Rising], buckets: int) -> NDArray[np.float64]:
    """What they add (buckets, accounts): to each account 0.6 to 1.5 times what it usually has, and never less than 0.3."""
    extra = np.zeros((buckets, SIZE))
    for rising in risings:
        who = city.dice.choice(county(city), MANY, replace=False)
        extra[rising.start : rising.start + LENGTH, who] = np.maximum(city.dice.uniform(0.6, 1.5, MANY) * rates[who], 0.3)
    return extra


def county(city: City) -> list[int]:
    """Places of the accounts of the county and of what is below it."""
    sql = "SELECT account_id FROM account_up WHERE ancestor_id = :unit"
    mine = {row[0] for row in city.db.execute(sql, {"unit": city.units[COUNTY]}).fetchall()}
    return [place for place, number in enumerate(city.ids) if number in mine]


def report(city: City, risings: list[Rising], days: int) -> int:
    """A rising is told by the first alert of a sum or of a group that began while it lasted; others are told for nothing."""
    told = city.db.execute(
        "SELECT a.raised_at, a.seen_at, s.kind, a.title, a.sentence FROM alerts a "
        "JOIN series s ON s.id = a.series_id ORDER BY a.id"
    ).fetchall()
    single, others = 0, []
    for raised, seen, kind, title, sentence in told:
        of = next((one for one in risings if 0 < raised // BUCKET - FIRST - one.start <= LENGTH + 1), None)
        single += kind == ACCOUNT and of is not None
        if kind == ACCOUNT:
            continue
        if of is None:
            others.append(f"{title} {sentence}")
        elif of.seen is None:
            of.kind, of.seen = ("成组" if "个账号" in title else kind), seen
    found = [one for one in risings if one.seen is not None]
    minutes = np.array([(one.seen - (FIRST + one.start) * BUCKET) / 60 for one in found if one.seen is not None] or [0.0])
    recall, weekly = len(found) / len(risings), len(others) / (days / 7)
    kinds = Counter(one.kind for one in found)
    lines = [
        ("放入的成组异动", len(risings), f"各为 {len(county(city))} 个账号中的 {MANY} 个，3 小时"),
        ("由合计或成组预警发现", recall, "、".join(f"{kind} {number}" for kind, number in kinds.most_common())),
        ("距开始(分钟)", float(np.median(minutes)), f"九成在 {np.quantile(minutes, 0.9):.0f} 以内"),
        ("同时由单个账号告出", single, "条"),
        ("此外的合计和成组预警(每周)", weekly, f"共 {len(others)} 条"),
    ]
    for one in others:
        print("此外：", one)
    show("成组预警", lines, {"recall": recall, "minutes": float(np.median(minutes)), "others_per_week": weekly})
    return 0 if recall >= RECALL and weekly <= MOST else 1
