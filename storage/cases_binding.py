"""Several appeals of one matter bound together: what is done to the main one goes for all."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

import pandas as pd

from matrix.case import DONE, Act, RefusedError, move
from matrix.likeness import likeness
from storage.batches import bump_version
from storage.cases_steps import STATE, children, find, visible, write
from storage.moments import to_seconds
from storage.scope import Scope

BOUND = ["comment_id", "account", "author_name", "text", "asked_at", "state"]
LIKELY = [*BOUND, "kind"]
NEARBY_DAYS = 14
MOST = 200
LIKE_ENOUGH = 0.25
"""Likeness from which an appeal is offered; the same writer adds 0.3, the same post 0.1."""


def bind(
    db: sqlite3.Connection, scope: Scope, main_id: int, comment_ids: Sequence[int], author: str, now: datetime, why: str = ""
) -> int:
    """Bind appeals to a main one inside `writing()`; gives the step of the main case, whose undoing takes all of it back.

    Each takes over where the main one stands. Raises RefusedError for what is bound already, leads others or is settled.
    """
    main, moment = find(db, scope, main_id), to_seconds(now)
    if main.standing.bound_to is not None:
        raise RefusedError("这条诉求已绑定在另一条之下，请打开主件再绑定。")
    others = [number for number in dict.fromkeys(comment_ids) if number != main_id]
    if not others:
        raise RefusedError("请选择要并入的诉求。")
    state = move(main.standing.state, Act.BIND)
    step = write(db, main, Act.BIND, state, author, moment, why=why or f"并入{len(others)}条")
    for number in others:
        one = find(db, scope, number)
        if one.standing.bound_to is not None or children(db, number):
            raise RefusedError("所选诉求中有一条已与别的诉求绑定，请先解除。")
        if one.standing.state in DONE:
            raise RefusedError("所选诉求中有一条已经办结，不能并入。")
        unit = main.standing.unit_id
        write(db, one, Act.BIND, state, author, moment, why=why, bound_to=main_id, led_by=step, unit_id=unit)
    bump_version(db)
    return step


def unbind(db: sqlite3.Connection, scope: Scope, comment_id: int, author: str, now: datetime, why: str = "") -> int:
    """Let a bound appeal go its own way again, from where the main one stands; gives the step. Inside `writing()`."""
    one = find(db, scope, comment_id)
    if one.standing.bound_to is None:
        raise RefusedError("这条诉求没有与别的诉求绑定。")
    step = write(db, one, Act.UNBIND, move(one.standing.state, Act.UNBIND), author, to_seconds(now), why=why)
    bump_version(db)
    return step


def bound(db: sqlite3.Connection, scope: Scope, comment_id: int) -> pd.DataFrame:
    """The appeals that are bound to this one. Texts and names are as they were written: mask them."""
    mine, values = visible(scope)
    rows = db.execute(
        f"SELECT r.comment_id, a.name, c.author_name, c.text, r.asked_at, {STATE} FROM cases k "
        "JOIN responses r ON r.comment_id = k.comment_id JOIN comments c ON c.id = r.comment_id "
        f"JOIN accounts a ON a.id = r.account_id WHERE k.bound_to = :id AND {mine} ORDER BY r.asked_at, r.comment_id",
        values | {"id": comment_id},
    ).fetchall()
    return pd.DataFrame(rows, columns=BOUND)


def likely_same(db: sqlite3.Connection, scope: Scope, comment_id: int, limit: int = 12) -> pd.DataFrame:
    """Open appeals to accounts of the same unit within NEARBY_DAYS that may be the same matter, the likest first.

    Likeness is of the words; the same writer and the same post add to it.
    """
    here, _ = visible(scope, "c.account_id")
    mine, values = visible(scope)
    row = db.execute(
        "SELECT c.text, c.author_key, c.post_id, c.published_at, a.organization_id FROM comments c "
        f"JOIN accounts a ON a.id = c.account_id LEFT JOIN cases k ON k.comment_id = c.id WHERE c.id = :id AND {here}",
        values | {"id": comment_id},
    ).fetchone()
    if row is None:
        return pd.DataFrame([], columns=LIKELY)
    text, author, post, at, unit = row
    rows = db.execute(
        f"SELECT r.comment_id, a.name, c.author_name, c.text, r.asked_at, {STATE} AS stands, r.kind, c.author_key, c.post_id "
        "FROM accounts a JOIN responses r ON r.account_id = a.id AND r.asked_at >= :low AND r.asked_at <= :high "
        "JOIN comments c ON c.id = r.comment_id LEFT JOIN cases k ON k.comment_id = r.comment_id "
        f"WHERE a.organization_id = :unit AND r.comment_id <> :id AND k.bound_to IS NULL AND {mine} "
        f"AND {STATE} NOT IN ('办结', '无需回复', '已另行回应') ORDER BY abs(r.asked_at - :at) LIMIT :most",
        values
        | {
            "low": at - NEARBY_DAYS * 86400,
            "high": at + NEARBY_DAYS * 86400,
            "unit": unit,
            "id": comment_id,
            "at": at,
            "most": MOST,
        },
    ).fetchall()
    nearness = likeness(text, [one[3] for one in rows])
    ranked = sorted(
        (
            (near + 0.3 * (one[7] == author) + 0.1 * (one[8] == post and post is not None), one)
            for near, one in zip(nearness, rows, strict=True)
        ),
        key=lambda pair: (-pair[0], pair[1][0]),
    )
    return pd.DataFrame([one[:7] for near, one in ranked if near >= LIKE_ENOUGH][:limit], columns=LIKELY)
