"""What saving comments costs: our whole write path against bare executemany on the same file with the same indexes."""

import argparse
import random
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.show import progress, show
from matrix.account import Platform, Route
from matrix.comment import Comment
from matrix.run import Batch
from storage import accounts, batches, comments, organizations, rollups
from storage.database import create_database, open_writer, writing
from storage.keyring import new_keyring

ABOUT = "写入开销：完整写入路径与裸 executemany 的每行 CPU 之比；重复抓取写多少字节"
START = datetime(2025, 3, 1, tzinfo=UTC)
BATCH = 2000
GOAL = 0.45
RING = new_keyring()
MARKS = ", ".join("?" * 17)


def main(argv: list[str]) -> int:
    """0 when the ratio is at least 0.45 and an unchanged re-fetch writes nothing."""
    parser = argparse.ArgumentParser(prog="run.py bench ingest", description=ABOUT)
    parser.add_argument("--base", type=int, default=5_000_000, help="底库评论数(默认 500 万，即 M 档)")
    parser.add_argument("--accounts", type=int, default=1000)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "base.db"
        build(base, options.base, options.accounts)
        ratios, ours, raws, refetch = [], [], [], 0.0
        for turn in range(options.rounds):
            looks = list(new_looks(options.rows, options.accounts, turn))
            raws.append(timed(base, Path(folder) / "raw.db", [raw_rows(look) for look in looks], write_raw))
            ours.append(timed(base, Path(folder) / "ours.db", looks, write_ours))
            ratios.append(raws[-1] / ours[-1])
            refetch = refetched_bytes(Path(folder) / "ours.db", looks)
    ratio, ours_us, raw_us = (sorted(values)[len(values) // 2] for values in (ratios, ours, raws))
    figures = {
        "cpu_ratio": round(ratio, 3),
        "raw_us_per_row": round(raw_us, 2),
        "ours_us_per_row": round(ours_us, 2),
        "refetch_wal_bytes_per_row": round(refetch, 3),
        "base_rows": options.base,
    }
    rows = [
        ("裸 executemany 每行 CPU(微秒)", raw_us),
        ("完整写入路径每行 CPU(微秒)", ours_us),
        (f"两者之比(目标 ≥ {GOAL})", ratio),
        ("未变化内容重复抓取，每行写 WAL 字节(目标 0)", refetch),
    ]
    show(
        f"写入开销：底库 {options.base:,} 条，新增 {options.rows:,} 条加 10% 重复抓取，{options.rounds} 轮取中位数", rows, figures
    )
    return 0 if ratio >= GOAL and refetch == 0 else 1


def build(path: Path, size: int, account_count: int) -> None:
    """A year of comments over a tree of five levels, loaded in bulk, sums rebuilt."""
    dice = random.Random(7)
    with closing(create_database(path)) as db:
        with writing(db):
            nodes = [organizations.add(db, code="0", name="省", parent_id=None, level="省级", seen_at=0)]
            for n in range(1, max(2, account_count // 2)):
                parent = nodes[0] if n < 12 else nodes[dice.randrange(max(1, n // 8), n)]
                nodes.append(organizations.add(db, code=str(n), name=f"单位{n}", parent_id=parent, level="部门", seen_at=0))
            for n in range(account_count):
                accounts.add(
                    db,
                    platform=Platform.WEIBO,
                    ext_id=f"70{n}",
                    name=f"账号{n}",
                    organization_id=dice.choice(nodes),
                    route=Route.WEIBO_COMMERCIAL,
                    seen_at=0,
                )
            organizations.rebuild_tree(db)
            db.executemany(
                "INSERT INTO posts(platform, ext_id, account_id, kind, published_at, seen_at, observed_at, title, text, url) "
                "VALUES(1, ?, ?, 'original', ?, 0, 0, '', '通知', '')",
                ((f"p{n}", n % account_count + 1, int(START.timestamp()) + n * 60) for n in range(account_count * 20)),
            )
        begin, year = int(START.timestamp()), 365 * 86400
        for start in progress(range(0, size, 50_000), -(-size // 50_000), "装入底库"):
            rows = (
                (
                    1, f"4{n:015d}", n * 7919 % account_count + 1, n % (account_count * 20) + 1, "comment", None, None,
                    f"u{n * 31 % 900_001:024x}", "网友", None, 0, begin + n * year // max(1, size), 0, 0, n % 50, "本地",
                    TEXT[n % 40 : n % 40 + 60],
                )
                for n in range(start, min(size, start + 50_000))
            )  # fmt: skip
            with writing(db):
                db.executemany(f"INSERT INTO comments({comments.COLUMNS}) VALUES({MARKS})", rows)
        with writing(db):
            rollups.rebuild(db)
        db.execute("ANALYZE")


TEXT = (
    "这条路晚上没有路灯，走路很不方便，请问什么时候能修好?已经反映过两次了，一直没有人回复，希望有关部门重视一下，给大家一个明确的时间。谢谢!"
    * 2
)


def new_looks(size: int, account_count: int, turn: int) -> Iterator[tuple[int, Batch]]:
    """Batches of 2,000: nine tenths new, one tenth of the account's previous batch fetched again with more likes."""
    begin = START + timedelta(days=366 + turn)
    fresh, before = BATCH * 9 // 10, ()
    for number, start in enumerate(range(0, size, fresh)):
        account = number // 50 % account_count + 1
        made = []
        for n in range(start, min(size, start + fresh)):
            text, at = TEXT[n % 40 : n % 40 + 60], begin + timedelta(seconds=n * 0.8)
            author = str(n * 31 % 900_001)
            made.append(Comment(f"5{turn}{n:014d}", f"p{account - 1}", at, text, author, "网友", likes=1, region="本地"))
        again = (replace(c, likes=9) for c in before[:: fresh // (BATCH - fresh)])
        yield account, Batch(begin + timedelta(hours=number), comments=(*made, *again))
        before = tuple(made) if (number + 1) % 50 else ()


def timed(base: Path, scratch: Path, steps: Sequence[Any], write: Callable[[sqlite3.Connection, Any], int]) -> float:
    """CPU microseconds per row of one way to write prepared steps, on a fresh copy of the base."""
    for tail in ("", "-wal", "-shm"):
        Path(f"{scratch}{tail}").unlink(missing_ok=True)
    shutil.copyfile(base, scratch)
    with closing(open_writer(scratch)) as db:
        before = time.process_time()
        rows = sum(write(db, step) for step in steps)
        return (time.process_time() - before) / rows * 1e6


def raw_rows(look: tuple[int, Batch]) -> list[tuple[Any, ...]]:
    """The new comments of a look as the rows that the table takes, made ready before the clock starts."""
    account, batch = look
    return [
        (
            1, c.ext_id, account, account, "comment", None, None, f"u{c.author_id:0>24}", "网友", None, 0,
            int(c.published_at.timestamp()), 0, 0, c.likes, c.region, c.text,
        )
        for c in batch.comments
        if c.likes == 1
    ]  # fmt: skip


def write_raw(db: sqlite3.Connection, rows: list[tuple[Any, ...]]) -> int:
    """The limit: rows straight into the table with every index, and nothing else."""
    with writing(db):
        db.executemany(f"INSERT INTO comments({comments.COLUMNS}) VALUES({MARKS})", rows)
    return len(rows)


def write_ours(db: sqlite3.Connection, look: tuple[int, Batch]) -> int:
    """The product's own path: hashing, post and account look-ups, upsert, versions, sums, one transaction."""
    account, batch = look
    batches.save(db, account, Platform.WEIBO, batch, RING, batch.observed_at)
    return len(batch.comments)


def refetched_bytes(path: Path, looks: list[tuple[int, Batch]]) -> float:
    """Bytes that fetching unchanged comments again adds to the write-ahead log, per row."""
    with closing(open_writer(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        rows = 0
        for account, batch in looks[:20]:
            held = tuple(c for c in batch.comments if c.likes == 9)
            later = Batch(batch.observed_at + timedelta(days=30), comments=held)
            rows += write_ours(db, (account, later))
        return Path(f"{path}-wal").stat().st_size / max(1, rows)
