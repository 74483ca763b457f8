"""A small city to search in: posts and comments saved as a collector saves them, and the full scan that the search must equal."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from matrix.account import Platform, Route
from matrix.comment import Comment
from matrix.post import Post
from matrix.run import Batch
from storage import accounts, batches, organizations, search, search_index
from storage.database import create_database, open_database, writing
from storage.scope import Scope
from storage.search_words import is_hit, parse, searchable
from tests.storage.small_city import RING, START

CITY, OFFICE = 1, 2


def make_city(path: Path) -> sqlite3.Connection:
    """Two units, the office below the city, and three accounts: 1 and 3 of the city, 2 of the office."""
    db = create_database(path)
    with writing(db):
        city = organizations.add(db, code="1", name="临江市", parent_id=None, level="市级", seen_at=0)
        office = organizations.add(db, code="2", name="临江市水务局", parent_id=city, level="部门", seen_at=0)
        for number, unit in enumerate((city, office, city)):
            accounts.add(
                db,
                platform=Platform.WECHAT if number == 2 else Platform.WEIBO,
                ext_id=f"70{number}",
                name=f"账号{number + 1}",
                organization_id=unit,
                route=Route.WEIBO_COMMERCIAL,
                seen_at=0,
            )
        organizations.rebuild_tree(db)
    return db


def say(db: sqlite3.Connection, account: int, comments: Sequence[tuple[str, float, str]], at: float = 0, post: str = "") -> None:
    """Comments as (id, minutes after START, text), seen `at` minutes after START; to a thread when a post is named."""
    said = tuple(
        Comment(f"c{key}", post, START + timedelta(minutes=minutes), text, f"u{key}", "某人") for key, minutes, text in comments
    )
    platform = Platform.WECHAT if account == 3 else Platform.WEIBO
    moment = START + timedelta(minutes=at)
    batches.save(db, account, int(platform), Batch(moment, comments=said), RING, moment)


def publish(db: sqlite3.Connection, account: int, posts: Sequence[tuple[str, float, str, str]], at: float = 0) -> None:
    """Posts as (id, minutes after START, title, text)."""
    platform = Platform.WECHAT if account == 3 else Platform.WEIBO
    moment = START + timedelta(minutes=at)
    made = tuple(Post(f"p{key}", START + timedelta(minutes=minutes), text, title=title) for key, minutes, title, text in posts)
    batches.save(db, account, int(platform), Batch(moment, posts=made), RING, moment)


def scan(db: sqlite3.Connection, words: str, allowed: Sequence[int] = (1, 2, 3)) -> list[tuple[str, int]]:
    """Every hit by looking at every row, in the order of the search."""
    wanted = parse(words)
    rows = [(at, number * 2 + 1, account, title, text) for number, account, at, title, text in db.execute(POSTS).fetchall()]
    rows += [(at, number * 2, account, "", text) for number, account, at, text in db.execute(COMMENTS).fetchall()]
    if not wanted.words:
        return []
    return [
        ("发布" if ref & 1 else "评论", ref >> 1)
        for _, ref, account, title, text in sorted(rows, reverse=True)
        if account in allowed and is_hit(wanted, searchable(title, text))
    ]


POSTS = "SELECT id, account_id, published_at, title, text FROM posts"
COMMENTS = "SELECT id, account_id, published_at, text FROM comments"


def found(db: sqlite3.Connection, words: str, scope: Scope = (CITY,), limit: int = 200, **filters: Any) -> list[tuple[str, int]]:
    """What the search gives, page after page."""
    hits: list[tuple[str, int]] = []
    before = ""
    while True:
        page = search.find(db, scope, words=words, limit=limit, before=before, **filters)
        hits += list(zip(page.rows["kind"], page.rows["row_id"].tolist(), strict=True))
        if not page.more:
            return hits
        before = page.more


def index(db: sqlite3.Connection, portion: int = search_index.PORTION) -> int:
    return search_index.catch_up(db, portion=portion)


def ask(path: Path, words: str, scope: Scope = (CITY,)) -> list[tuple[str, int]]:
    """As a page asks: with a connection of its own that can only read."""
    with closing(open_database(path)) as db:
        return found(db, words, scope)


def fill(db: sqlite3.Connection) -> None:
    publish(db, 1, [("1", 0, "停水通知", "城东片区今晚停水"), ("2", 600, "", "防汛 会议 召开 ＣＯＶＩＤ-19")])
    publish(db, 3, [("3", 20_000, "供水恢复", "城东片区已恢复供水🙏")])
    say(db, 1, [("1", 5, "停水两天了！"), ("2", 700, "水"), ("3", 6, "什么时候来水？100%")])
    say(db, 2, [("4", 30_000, "又停水，停水"), ("5", 4, "谢谢水务局")])


WORDS = (
    "停水",
    "水",
    "城东片区",
    "停水 -通知",
    '"防汛 会议"',
    "covid",
    "covid-19",
    "🙏",
    "%",
    "停 水",
    "没有的词",
    "水务 谢",
    "-水 停",
    "恢复供水🙏",
)
