"""Follower numbers of accounts: append-only observations, and the newest of them beside the account."""

import sqlite3
from collections.abc import Sequence

from matrix.comment import Followers
from storage.moments import to_seconds


def save(db: sqlite3.Connection, account_id: int, observations: Sequence[Followers], seen_at: int) -> None:
    """Save observations inside `writing()`; an unchanged number adds no row."""
    for seen in sorted(observations, key=lambda f: f.observed_at):
        values = {
            "account": account_id,
            "stat_day": seen.stat_day or "",
            "at": to_seconds(seen.observed_at),
            "followers": seen.followers,
            "gained": seen.gained,
            "lost": seen.lost,
            "is_floor": int(seen.is_floor),
            "seen": seen_at,
        }
        before = db.execute(
            "SELECT followers, gained, lost FROM followers WHERE account_id = :account AND stat_day = :stat_day "
            "AND observed_at <= :at ORDER BY observed_at DESC LIMIT 1",
            values,
        ).fetchone()
        if before == (seen.followers, seen.gained, seen.lost):
            continue
        db.execute(
            "INSERT INTO followers(account_id, stat_day, observed_at, followers, gained, lost, is_floor, seen_at) "
            "VALUES(:account, :stat_day, :at, :followers, :gained, :lost, :is_floor, :seen) "
            "ON CONFLICT(account_id, stat_day, observed_at) DO NOTHING",
            values,
        )
    if observations:
        # Daily figures are ordered by their day, momentary ones by their moment; the later of both is the current number.
        db.execute(
            "UPDATE accounts SET followers = newest.followers FROM (SELECT followers FROM followers "
            "WHERE account_id = :id ORDER BY CASE WHEN stat_day = '' THEN 1 ELSE 0 END DESC, stat_day DESC, observed_at DESC "
            "LIMIT 1) AS newest WHERE accounts.id = :id AND accounts.followers IS DISTINCT FROM newest.followers",
            {"id": account_id},
        )
