"""Builds a year of texts for the measurement of the search: words drawn as in a language, most rarely, some everywhere."""

from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from bench.show import progress
from matrix.account import Platform, Route
from storage import accounts, comments, organizations
from storage.database import create_database, writing

END, DAYS = 1_790_000_000 // 86400 * 86400, 365
HALVES, WORDS, STEP = 200_000, 40_000, 50_000
ONE_SIDED = "瓯江讯"
"""Stands in 6 % of the texts of the first half of the accounts and nowhere else: a word that is frequent and never in a scope."""


def letters() -> list[str]:
    """The 3,755 commonest Chinese letters, the first level of GB 2312."""
    codes = ((row, cell) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF) if (row, cell) < (0xD7, 0xFA))
    return [bytes(code).decode("gb2312") for code in codes]


def halves(dice: np.random.Generator, count: int = HALVES) -> list[str]:
    """Half texts of 20 to 60 letters, made of 40,000 words of one to four letters; letters and words both by Zipf's law."""
    signs = np.array(letters())
    dice.shuffle(signs)
    weight = 1 / (np.arange(len(signs)) + 20)
    drawn = signs[dice.choice(len(signs), (WORDS, 4), p=weight / weight.sum())]
    lengths = dice.choice([1, 2, 3, 4], WORDS, p=[0.05, 0.65, 0.15, 0.15])
    words = ["".join(row[:length]) for row, length in zip(drawn.tolist(), lengths.tolist(), strict=True)]
    weight = 1 / (np.arange(WORDS) + 10)
    stream = dice.choice(WORDS, count * 61, p=weight / weight.sum()).tolist()
    made, place = [], 0
    for length in dice.integers(20, 61, count).tolist():
        text = ""
        while len(text) < length:
            text += words[stream[place]]
            place += 1
        made.append(text[:length])
    return made


def build(path: Path, account_count: int, size: int, seed: int = 3) -> None:
    """A database of `size` comments and a tenth as many posts, in the order in which a collector would have met them."""
    dice = np.random.default_rng(seed)
    texts = halves(dice, min(HALVES, 2 * size))
    weights = dice.lognormal(0, 1.1, account_count)
    weights /= weights.sum()
    with closing(create_database(path)) as db:
        db.execute("PRAGMA foreign_keys=OFF")
        with writing(db):
            nodes = [organizations.add(db, code="0", name="省", parent_id=None, level="省级", seen_at=0)]
            nodes += [
                organizations.add(db, code=f"{half}", name=f"半边{half}", parent_id=nodes[0], level="市级", seen_at=0)
                for half in (1, 2)
            ]
            for number in range(account_count):
                parent = nodes[1 if number < account_count // 2 else 2]
                unit = organizations.add(db, code=f"u{number}", name=f"单位{number}", parent_id=parent, level="部门", seen_at=0)
                accounts.add(
                    db,
                    platform=Platform.WEIBO if number % 3 else Platform.WECHAT,
                    ext_id=f"70{number}",
                    name=f"账号{number}",
                    organization_id=unit,
                    route=Route.WEIBO_COMMERCIAL,
                    seen_at=0,
                )
            organizations.rebuild_tree(db)
        for sql, rows, count, label in (
            (POSTS, post_rows(dice, texts, weights, max(1, size // 10)), max(1, size // 10), "装入发布"),
            (COMMENTS, comment_rows(dice, texts, weights, size), size, "装入评论"),
        ):
            for _ in progress(range(0, count, STEP), -(-count // STEP), label):
                with writing(db):
                    db.executemany(sql, islice(rows, STEP))
        db.execute("ANALYZE")


POSTS = (
    "INSERT INTO posts(platform, ext_id, account_id, kind, published_at, seen_at, observed_at, title, text, url)"
    " VALUES(1, ?, ?, 'original', ?, ?, 0, ?, ?, '')"
)
COMMENTS = f"INSERT INTO comments({comments.COLUMNS}) VALUES({', '.join('?' * 17)})"


def moments(dice: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Times of publishing and of collecting, in the order of the latter: half an hour late, one row in twenty by a back-fill."""
    at = END - dice.integers(0, DAYS * 86400, count)
    late = dice.integers(0, 1800, count) + np.where(dice.random(count) < 0.05, dice.integers(0, 30 * 86400, count), 0)
    order = np.argsort(at + late, kind="stable")
    return at[order], (at + late)[order]


def drawn(
    dice: np.random.Generator, texts: list[str], weights: np.ndarray, count: int
) -> Iterator[tuple[int, int, int, int, str]]:
    """Number, account, time of publishing and of collecting, and text of each row."""
    owners = dice.choice(len(weights), count, p=weights)
    marked = (dice.random(count) < 0.06) & (owners < len(weights) // 2)
    pairs = dice.integers(0, len(texts), (count, 2)).tolist()
    at, seen = moments(dice, count)
    rows = zip(at.tolist(), seen.tolist(), (owners + 1).tolist(), marked.tolist(), pairs, strict=True)
    for number, (when, known, owner, has_word, (first, second)) in enumerate(rows, 1):
        yield number, owner, when, known, texts[first] + (ONE_SIDED if has_word else "") + texts[second]


def post_rows(dice: np.random.Generator, texts: list[str], weights: np.ndarray, count: int) -> Iterator[tuple[Any, ...]]:
    for number, owner, at, seen, text in drawn(dice, texts, weights, count):
        yield f"p{number}", owner, at, seen, text[:12] if number % 2 else "", text


def comment_rows(dice: np.random.Generator, texts: list[str], weights: np.ndarray, count: int) -> Iterator[tuple[Any, ...]]:
    posts = max(1, count // 10)
    for number, owner, at, seen, text in drawn(dice, texts, weights, count):
        yield (
            1, f"49{number:014d}", owner, number % posts + 1, "comment", None, None, f"u{number % 900_001:024x}", "网友", None, 0,
            at, seen, seen, number % 50, "本地", text,
        )  # fmt: skip
