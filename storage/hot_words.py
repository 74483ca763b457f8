"""Hot words of every unit and day, read by the worker about once an hour against the weeks before."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from matrix.hot_word import HotWord
from storage import marks
from storage.batches import bump_version
from storage.database import writing
from storage.moments import OFFSET, beijing_day, to_seconds

MARK, EVERY = "hot_words_at", 3600
BACK_DAYS, FIRST_DAYS = 14, 7
"""The weeks before, and how many days are read when there are no hot words yet."""
LEAST, MOST, USUAL = 20, 5000, 3000
"""A unit of fewer comments on a day has no hot words of its own; more texts than that are not read, the newest first, nor more
of the weeks before, of which every so many-th comment is taken."""
SAMPLE = 40_000
KEPT, NAMES = 40, 200
"""Hot words kept of a unit and day, and names of units that are kept whole in phrases."""

Read = Callable[..., list[HotWord]]
"""`reading.words.hot`."""

CITIZENS = "c.author_account_id IS NULL AND c.author_is_official = 0 AND c.published_at >= :since AND c.published_at < :until"
SAID = (
    "SELECT c.account_id, c.text, CASE WHEN c.author_key = '' THEN 'c' || c.id ELSE c.author_key END FROM comments c "
    f"WHERE {CITIZENS} ORDER BY c.published_at DESC, c.id DESC"
)
BEFORE = f"SELECT c.account_id, c.text FROM comments c WHERE {CITIZENS} AND c.id % :step = 0 ORDER BY c.id DESC"
SAVE = (
    "INSERT INTO hot_words(organization_id, day, word, said, usual, strength, read_at) "
    "VALUES(:unit, :day, :word, :said, :usual, :strength, :at)"
)


def keep_up(db: sqlite3.Connection, read: Read, now: datetime) -> int:
    """Read today's hot words, and those of the days since the last time; gives for how many units and days. 0: not due yet."""
    moment = to_seconds(now)
    last = int(marks.get(db, MARK) or 0)
    if moment - last < EVERY:
        return 0
    today = beijing_day(moment)
    first = max(today - FIRST_DAYS + 1, beijing_day(last)) if last else today - FIRST_DAYS + 1
    done = sum(read_day(db, read, day, moment) for day in range(first, today + 1))
    with writing(db):
        marks.put(db, MARK, str(moment))
        bump_version(db)
    return done


def read_day(db: sqlite3.Connection, read: Read, day: int, now: int) -> int:
    """Read one Beijing day anew for every unit with at least LEAST comments below it; gives for how many."""
    since = day * 86400 - OFFSET
    said = below(db, db.execute(SAID, {"since": since, "until": since + 86400}).fetchall(), MOST)
    busy = {unit: rows for unit, rows in said.items() if len(rows) >= LEAST}
    if not busy:
        return 0
    past = {"since": since - BACK_DAYS * 86400, "until": since}
    many = db.execute(f"SELECT count(*) FROM comments c WHERE {CITIZENS}", past).fetchone()[0]
    usual = below(db, db.execute(BEFORE, past | {"step": max(1, many // SAMPLE)}).fetchall(), USUAL)
    for unit, rows in busy.items():
        names = names_below(db, unit)
        found = read(
            [row[1] for row in rows], [row[1] for row in usual.get(unit, [])], most=KEPT, by=[row[2] for row in rows], names=names
        )
        key: dict[str, Any] = {"unit": unit, "day": day, "at": now}
        words = [key | {"word": one.word, "said": one.said, "usual": one.usual, "strength": one.strength} for one in found]
        with writing(db):
            db.execute("DELETE FROM hot_words WHERE organization_id = :unit AND day = :day", key)
            db.executemany(SAVE, words)
    return len(busy)


def below(db: sqlite3.Connection, rows: Sequence[tuple[Any, ...]], most: int) -> dict[int, list[tuple[Any, ...]]]:
    """Rows that begin with an account, for each unit with all below it, the first `most` of each."""
    above: dict[int, list[int]] = defaultdict(list)
    for account_id, unit in db.execute("SELECT account_id, ancestor_id FROM account_up").fetchall():
        above[account_id].append(unit)
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        for unit in above[row[0]]:
            if len(found[unit]) < most:
                found[unit].append(row)
    return found


def names_below(db: sqlite3.Connection, unit: int) -> list[str]:
    """Names of a unit and those below it, the nearest first."""
    sql = (
        "SELECT o.name FROM organization_up u JOIN organizations o ON o.id = u.organization_id WHERE u.ancestor_id = :unit "
        "ORDER BY u.depth, o.id LIMIT :most"
    )
    return [row[0] for row in db.execute(sql, {"unit": unit, "most": NAMES}).fetchall()]
