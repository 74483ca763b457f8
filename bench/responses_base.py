"""Builds a year of a province for measurements: posts, comments and response facts straight into the real schema."""

import argparse
import sqlite3
import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from bench.matrix_base import counts, furnish
from bench.show import progress
from matrix.account import LEVELS, Nature, Platform, Route
from matrix.rule import OTHER, Rule, RuleClock, Term, Unit
from matrix.worktime import DEFAULT_HOURS, OfficeClock, legal_calendar, parse_hours
from storage import accounts, comments, organizations, rules
from storage.database import create_database, writing

NOW = 1_790_000_000 // 86400 * 86400 + 7 * 3600
"""15:00 of a working day in Beijing: the cut-off of every question that is measured."""

DAYS = 365
APPEALS, FIRST, KNOWN = 0.30, 0.70, 0.92
"""Parts: of the comments that are appeals, of these that are ever answered, and whose thread is held."""

STEP = 50_000
HOURS = np.array([2, 1, 1, 1, 1, 2, 4, 7, 10, 11, 11, 10, 9, 9, 10, 10, 9, 9, 9, 10, 11, 11, 8, 5], float)
WORDS = "路灯坏了三天没有人修，请问什么时候能修好？小区门口积水很深，老人出门不方便，希望尽快处理并给一个答复。"
KINDS = ("咨询", "求助", "建议", "投诉", "举报")
EPOCH = datetime.fromtimestamp(0, UTC)
POSTS = (
    "INSERT INTO posts(id, platform, ext_id, account_id, kind, published_at, seen_at, observed_at, title, text, url, stated, "
    "cause, thread_at, counts_at, reads, likes, shares, comments) "
    "VALUES(?, ?, ?, ?, ?, ?, ?, ?, '', ?, '', ?, '', 0, ?, ?, ?, ?, ?)"
)
COMMENTS = f"INSERT INTO comments(id, {comments.COLUMNS}, kind) VALUES({', '.join('?' * 19)})"
RESPONSES = (
    "INSERT INTO responses(comment_id, account_id, post_id, kind, asked_at, seen_at, first_id, first_at, first_seen_at, "
    "first_working, answer_id, answer_at, answer_seen_at, answer_working, known_until, rule_id, due_at, is_late, derived_at) "
    "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, 0)"
)
Columns = dict[str, np.ndarray]


def take_base(parser: argparse.ArgumentParser) -> None:
    """The arguments that say which measured year is wanted and where it lies."""
    parser.add_argument("folder", nargs="?", type=Path, help="放测量库的目录(已有则直接使用；不写则用临时目录)")
    parser.add_argument("--accounts", type=int, default=1000)
    parser.add_argument("--comments", type=int, default=5_000_000, help="评论数(默认 500 万，其中诉求 150 万)")


@contextmanager
def base_of(options: argparse.Namespace) -> Generator[Path]:
    """The measured year of these arguments: built where it is not there, of the newest schema."""
    with tempfile.TemporaryDirectory() as spare:
        folder = options.folder or Path(spare)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"responses-{options.accounts}-{options.comments}.db"
        if not path.exists():
            build(path, options.accounts, options.comments)
        create_database(path).close()  # a file of an older version is brought to the newest schema
        yield path


def build(path: Path, account_count: int, comment_count: int, seed: int = 5) -> None:
    """Make the file anew; a minute or two for five million comments, of which 1.5 million are appeals."""
    dice = np.random.default_rng(seed)
    partial = path.with_suffix(".part")
    for tail in ("", "-wal", "-shm"):
        Path(f"{partial}{tail}").unlink(missing_ok=True)
    with closing(create_database(partial)) as db:
        db.execute("PRAGMA foreign_keys=OFF")
        fill_ledger(db, account_count, dice)
        weights = dice.lognormal(0, 1.1, account_count)
        posts = make_posts(dice, weights / weights.sum(), max(account_count, comment_count // 10))
        said = make_comments(dice, posts, comment_count)
        facts = make_responses(dice, posts, said)
        held = np.bincount(said["post"], minlength=len(posts["at"]))
        reach = counts(dice, len(posts["at"]), platform_of(posts["account"]))
        insert(db, POSTS, post_rows(posts | reach, held), len(posts["at"]), "装入发布")
        insert(db, COMMENTS, comment_rows(said), len(said["at"]), "装入评论")
        insert(db, RESPONSES, response_rows(facts), len(facts["asked"]), "装入响应")
        with writing(db):
            db.execute("UPDATE posts SET held = (SELECT count(*) FROM comments c WHERE c.post_id = posts.id)")
            rule = Rule("三日", RuleClock.FIRST, {OTHER: Term(3, Unit.DAYS, moves=False)})
            rules.adopt(db, (1,), 1, rule, EPOCH, "测量", EPOCH)
        furnish(db, NOW)
        db.execute("ANALYZE")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    partial.rename(path)


def fill_ledger(db: sqlite3.Connection, account_count: int, dice: np.random.Generator) -> None:
    """One province, its cities, their counties, and bureaux below all of them; one account in a hundred is a person's."""
    with writing(db):
        nodes = [organizations.add(db, code="0", name="省", parent_id=None, level=LEVELS[0], seen_at=0)]
        cities, counties = max(2, account_count // 70), max(4, account_count // 10)
        for number in range(1, max(4, account_count // 2)):
            if number <= cities:
                above, level = nodes[0], LEVELS[1]
            elif number <= cities + counties:
                above, level = nodes[1 + number % cities], LEVELS[2]
            else:
                above, level = nodes[int(dice.integers(0, min(len(nodes), cities + counties)))], LEVELS[4]
            nodes.append(organizations.add(db, code=str(number), name=f"单位{number}", parent_id=above, level=level, seen_at=0))
        for number in range(account_count):
            accounts.add(
                db,
                platform=Platform.WECHAT if number % 3 == 0 else Platform.WEIBO,
                ext_id=f"70{number}",
                name=f"账号{number}",
                organization_id=nodes[number % len(nodes)],
                nature=Nature.OFFICIAL_PERSON if number % 97 == 96 else Nature.INSTITUTION,
                route=Route.WEIBO_COMMERCIAL,
                seen_at=0,
            )
        organizations.rebuild_tree(db)


def make_posts(dice: np.random.Generator, weights: np.ndarray, size: int) -> Columns:
    days = (NOW - dice.integers(0, DAYS * 86400, size)) // 86400 * 86400 - 28800
    at = days + dice.choice(24, size, p=HOURS / HOURS.sum()) * 3600 + dice.integers(0, 3600, size)
    return {"at": np.sort(np.minimum(at, NOW - 60)), "account": dice.choice(len(weights), size, p=weights) + 1}


def make_comments(dice: np.random.Generator, posts: Columns, size: int) -> Columns:
    """Appeals, talk and official words in the order of time. Ids begin at 1; `kind` is that of the table, `answer` the id of an
    appeal's answer and `asks` that of an answer's appeal, 0 for none."""
    asked = int(size * APPEALS)
    rest = size - asked - int(asked * FIRST)
    post = dice.integers(0, len(posts["at"]), asked + rest)
    at = np.minimum(posts["at"][post] + dice.exponential(20_000, asked + rest).astype(np.int64), NOW - 1)
    wait = np.maximum(60, dice.lognormal(np.log(3 * 3600), 1.8, asked)).astype(np.int64)
    answered = np.flatnonzero((dice.random(asked) < FIRST) & (at[:asked] + wait < NOW))
    kind = np.concatenate([np.ones(asked, int), np.zeros(rest, int), np.full(len(answered), 2)])
    at, post = np.concatenate([at, at[answered] + wait[answered]]), np.concatenate([post, post[answered]])
    order = np.argsort(at, kind="stable")
    number = np.empty(len(order), np.int64)
    number[order] = np.arange(len(order)) + 1
    answer, asks = np.zeros(len(order), np.int64), np.zeros(len(order), np.int64)
    answer[number[answered] - 1] = number[asked + rest :]
    asks[number[asked + rest :] - 1] = number[answered]
    account = posts["account"][post[order]]
    return {"at": at[order], "kind": kind[order], "post": post[order], "account": account, "answer": answer, "asks": asks}


def make_responses(dice: np.random.Generator, posts: Columns, said: Columns) -> Columns:
    """The facts of every appeal; -1 stands for NULL. Of those answered at first a tenth never gets more than a receipt."""
    place = np.flatnonzero(said["kind"] == 1)
    size, asked, first_id = len(place), said["at"][place], said["answer"][place]
    first = np.where(first_id > 0, said["at"][np.maximum(first_id, 1) - 1], -1)
    luck, later = dice.random(size), first + dice.exponential(86400, size).astype(np.int64)
    answer = np.where((first < 0) | (luck > 0.9) | ((luck > 0.7) & (later >= NOW)), -1, np.where(luck > 0.7, later, first))
    looked = np.minimum(posts["at"][said["post"][place]] + 15 * 86400, NOW - dice.integers(0, 3600, size))
    office = OfficeClock(legal_calendar(), parse_hours(DEFAULT_HOURS))
    late = dice.integers(60, 1800, size)
    return {
        "id": place + 1,
        "account": said["account"][place],
        "post": said["post"][place] + 1,
        "asked": asked,
        "late": late,
        "first_id": first_id,
        "first": first,
        "first_working": office.between_many(asked, np.maximum(first, asked)).astype(np.int64),
        "answer": answer,
        "answer_working": office.between_many(asked, np.maximum(answer, asked)).astype(np.int64),
        "known": np.where((dice.random(size) > KNOWN) | (looked < asked), -1, looked),
    }


def platform_of(account: np.ndarray) -> np.ndarray:
    """The platform of each account by its number, as the ledger has it."""
    return np.where((account - 1) % 3 == 0, int(Platform.WECHAT), int(Platform.WEIBO))


def post_rows(posts: Columns, held: np.ndarray) -> Iterator[tuple[Any, ...]]:
    """Every fourth thread states one comment more than is held; of Weibo's every fifth is a repost."""
    names = ("at", "account", "reads", "likes", "shares")
    columns = (posts[name].tolist() for name in names)
    platforms = platform_of(posts["account"]).tolist()
    for number, (platform, at, account, reads, likes, shares, count) in enumerate(
        zip(platforms, *columns, held.tolist(), strict=True), 1
    ):
        kind = "article" if platform == Platform.WECHAT else "repost" if number % 5 == 0 else "original"
        told, stated = (reads if reads >= 0 else None, likes, shares), count + number % 4 // 3
        words = f"通知{number}：{WORDS[number % 30 :]}"
        key = f"p{number}_{1 + number % 3}" if kind == "article" else f"p{number}"
        yield number, platform, key, account, kind, at, at + 300, at + 300, words, stated, at + 86400, *told, stated


def comment_rows(said: Columns) -> Iterator[tuple[Any, ...]]:
    columns = (said[name].tolist() for name in ("at", "kind", "post", "account", "asks"))
    platforms = platform_of(said["account"]).tolist()
    for n, (platform, at, kind, post, account, asks) in enumerate(zip(platforms, *columns, strict=True), 1):
        thread = ("comment", f"49{asks:014d}" if asks else None, None)
        author = (f"u{n % 900_001:024x}", "网友", account if kind == 2 else None, int(kind == 2))
        text = WORDS[n % 20 : n % 20 + 30]
        yield n, platform, f"49{n:014d}", account, post + 1, *thread, *author, at, at + 300, at + 300, n % 50, "本地", text, kind


def response_rows(facts: Columns) -> Iterator[tuple[Any, ...]]:
    columns = (column.tolist() for column in facts.values())
    for number, account, post, asked, late, first_id, first, first_working, answer, answer_working, known in zip(
        *columns, strict=True
    ):
        due = asked + 3 * 86400
        one = (first_id, first, first + late, first_working) if first >= 0 else (None,) * 4
        two = (first_id, answer, answer + late, answer_working) if answer >= 0 else (None,) * 4
        is_late = int(first > due) if first >= 0 else None
        kind = KINDS[number % len(KINDS)]
        yield number, account, post, kind, asked, asked + late, *one, *two, known if known >= 0 else None, due, is_late


def insert(db: sqlite3.Connection, sql: str, rows: Iterator[tuple[Any, ...]], size: int, label: str) -> None:
    for _ in progress(range(0, size, STEP), -(-size // STEP), label):
        with writing(db):
            db.executemany(sql, islice(rows, STEP))
