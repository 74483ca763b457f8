"""Kills the watch with SIGKILL at random moments of a day with surges and compares what it told with a day without kills."""

import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from bench.watching_city import BUCKET, TOPICS, counted, make_city, rates_of, world
from storage.database import create_database, open_writer
from storage.surge_watch import Watch

FIRST, DAY, PAST, LIVE = 1_790_000_000 // 86400 * 288, 288, 4, 160
OF = "JOIN alerts a ON a.id = x.alert_id ORDER BY"
TOLD = {
    "预警": "SELECT key, title, sentence, level, state, score, peak, raised_at, last_high_at FROM alerts ORDER BY key",
    "成员": f"SELECT a.key, x.series_id, x.joined_at, x.sentence FROM alert_members x {OF} 1, 2",
    "变化": f"SELECT a.key, x.move, x.level, x.score, x.at FROM alert_moves x {OF} 1, 5, 2, 4",
    "通知": "SELECT key, level, body FROM notices ORDER BY key",
    "分值": "SELECT b5, series_id, score FROM surge_scores ORDER BY 1, 2",
}


def prepare(path: Path, seed: int) -> None:
    """A city with its past and a day to come, all of it stored and looked at; only the watch has not begun."""
    with closing(create_database(path)) as db:
        city = make_city(db, 30, seed, counties=3)
        rate, posts, _ = world(city.dice, rates_of(city.dice, 30, 0.02, 1.5), FIRST, PAST * DAY + LIVE)
        counts = counted(city.dice, rate)
        for number in range(6):
            begin = PAST * DAY + 10 + number * 22
            counts[begin : begin + 8, (5 * number) % 30] += 12
        end = (FIRST + len(counts)) * BUCKET
        city.say(
            [(FIRST + int(row), int(place), int(counts[row, place])) for row, place in zip(*np.nonzero(counts), strict=True)], end
        )
        for row, place in zip(*np.nonzero(posts), strict=True):
            city.publish(int(place), FIRST + int(row), end)
        city.look(end)


def go_on(path: Path) -> None:
    """Judge bucket after bucket from where the last one stopped, to the end of the day."""
    watch = Watch(TOPICS[:-1], days=PAST)
    with closing(open_writer(path)) as db:
        newest = db.execute("SELECT max(b5) FROM surge_steps").fetchone()[0]
        for bucket in range(FIRST + PAST * DAY - 1 if newest is None else newest + 1, FIRST + PAST * DAY + LIVE):
            watch.tick(db, datetime.fromtimestamp((bucket + 1) * BUCKET + 30, UTC))


def told(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(path)) as db:
        return {name: db.execute(sql).fetchall() for name, sql in TOLD.items()}


def kill(folder: Path, kills: int, seed: int) -> tuple[int, int, list[str]]:
    """How often it was killed, how many alerts there were, and what differed from the day without kills."""
    dice = random.Random(seed)
    whole, torn = folder / "whole.db", folder / "torn.db"
    prepare(whole, seed)
    shutil.copy(whole, torn)
    go_on(whole)
    done = 0
    while True:
        child = subprocess.Popen([sys.executable, "-m", "bench.watching_kill", str(torn)])
        if done < kills:
            time.sleep(dice.uniform(0.6, 2.2))
            if child.poll() is None:
                child.send_signal(signal.SIGKILL)
                child.wait()
                done += 1
                continue
        if child.wait() != 0:
            return done, 0, ["程序没有正常结束"]
        break
    expected, found = told(whole), told(torn)
    return done, len(expected["预警"]), [name for name in TOLD if expected[name] != found[name]]


if __name__ == "__main__":
    go_on(Path(sys.argv[1]))
