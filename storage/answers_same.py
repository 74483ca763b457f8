"""Wordings that one account used more than once, below different posts: 复制粘贴."""

import sqlite3
from typing import Any

import numpy as np

from matrix.reply import ReplyNature
from storage.columns import words_and_integers

Group = tuple[int, str, int, int, int, int]
LEAST_COPIED = 10
"""Characters; shorter words are the same by nature. (Of words with links the normal form does not tell which link.)"""

USED = "FROM replies r WHERE {condition} AND r.text_key <> '' AND r.nature <> :automatic"
PLACES = """
SELECT l.id FROM ({pairs}) g JOIN comments f ON f.id = g.oldest JOIN comments l ON l.id = g.newest
WHERE (f.post_id IS NULL OR f.post_id IS DISTINCT FROM l.post_id) AND length(l.text) >= :least
  AND (l.text NOT LIKE '%http%' OR l.text = f.text)
"""


def same(db: sqlite3.Connection, condition: str, values: dict[str, Any]) -> list[Group]:
    """Wordings that an account used below more than one post: account, key, how often, first and last day, newest reply.

    Keys are compared by their hashes first: sorting all of them as texts takes twice as long as everything else here.
    """
    automatic = {"automatic": str(ReplyNature.AUTOMATIC)}
    keys, (account, number, day) = words_and_integers(
        db, "r.text_key", ["r.account_id", "r.comment_id", "r.day"], USED.format(condition=condition), values | automatic
    )
    mixed = np.fromiter(map(hash, keys), np.int64, len(keys)) ^ (account << 40)
    order = np.argsort(mixed)
    is_again = mixed[order][1:] == mixed[order][:-1]
    twice = order[np.concatenate([is_again, [False]]) | np.concatenate([[False], is_again])] if len(keys) else order
    groups: dict[tuple[int, str], list[int]] = {}
    for place in twice.tolist():
        groups.setdefault((int(account[place]), keys[place]), []).append(place)
    found = [
        (*pair, len(held), int(day[held].min()), int(day[held].max()), int(number[held].min()), int(number[held].max()))
        for pair, held in groups.items()
        if len(held) > 1
    ]
    apart = _below_several(db, [(row[5], row[6]) for row in found])
    return [(*row[:5], row[6]) for row in found if row[6] in apart]


def _below_several(db: sqlite3.Connection, pairs: list[tuple[int, int]]) -> set[int]:
    """The newest replies (of pairs oldest, newest) whose wording stands below different posts and is long enough to tell."""
    found: set[int] = set()
    for start in range(0, len(pairs), 200):
        portion = pairs[start : start + 200]
        rows = " UNION ALL ".join(f"SELECT :o{place} AS oldest, :n{place} AS newest" for place in range(len(portion)))
        ids = {f"{end}{place}": pair[at] for place, pair in enumerate(portion) for at, end in enumerate("on")}
        found |= {row[0] for row in db.execute(PLACES.format(pairs=rows), ids | {"least": LEAST_COPIED}).fetchall()}
    return found
