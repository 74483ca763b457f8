"""Runs: one row per attempt to collect one account, opened before the first call and closed with how it ended."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from matrix.run import ErrorKind, Outcome
from storage import cutoffs
from storage.batches import Saved
from storage.moments import to_seconds


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended; `sentence` is Chinese and empty when nothing is to be said."""

    outcome: Outcome
    saved: Saved
    calls: int
    kind: ErrorKind | None = None
    cause: str = ""
    code: str = ""
    sentence: str = ""


def start(db: sqlite3.Connection, account_id: int, route: str, at: datetime) -> int:
    """Open a run inside `writing()`; gives its id."""
    row = db.execute(
        "INSERT INTO runs(account_id, route, started_at) VALUES(:account, :route, :at) RETURNING id",
        {"account": account_id, "route": route, "at": to_seconds(at)},
    ).fetchone()
    return int(row[0])


def finish(db: sqlite3.Connection, run_id: int, at: datetime, ending: Ending) -> None:
    """Close a run inside `writing()`."""
    db.execute(
        "UPDATE runs SET finished_at = :at, outcome = :outcome, error_kind = :kind, cause = :cause, code = :code, "
        "sentence = :sentence, posts_seen = :posts_seen, posts_new = :posts_new, comments_seen = :comments_seen, "
        "comments_new = :comments_new, calls = :calls WHERE id = :id",
        {
            "id": run_id,
            "at": cutoffs.after(db, to_seconds(at)),
            "outcome": str(ending.outcome),
            "kind": str(ending.kind or ""),
            "cause": ending.cause,
            "code": ending.code,
            "sentence": ending.sentence,
            "posts_seen": ending.saved.posts_seen,
            "posts_new": ending.saved.posts_new,
            "comments_seen": ending.saved.comments_seen,
            "comments_new": ending.saved.comments_new,
            "calls": ending.calls,
        },
    )


def note_sight(db: sqlite3.Connection, account_id: int, run_id: int | None, seen: tuple[int | None, int] | None) -> None:
    """Write into a finished run (None: the account's newest) what we could see of the account after it. Inside `writing()`.

    `seen` is from when until when the look would have shown a post, in Unix seconds (from None: nobody knows); None for a look
    that did not read the list. The open outage, if any, is noted beside it: later ones overwrite it, this row stays.
    """
    since, until = seen or (None, None)
    db.execute(
        "UPDATE runs SET seen_from = :since, seen_until = :until, blind_since = (SELECT min(b.since) FROM outage_accounts b "
        "WHERE b.account_id = :account AND b.until IS NULL), blind_reason = (SELECT g.sentence FROM outage_accounts b "
        "JOIN outages g ON g.id = b.outage_id WHERE b.account_id = :account AND b.until IS NULL ORDER BY b.since LIMIT 1) "
        "WHERE id = coalesce(:run, (SELECT r.id FROM runs r WHERE r.account_id = :account ORDER BY r.started_at DESC, r.id DESC "
        "LIMIT 1))",
        {"account": account_id, "run": run_id, "since": since, "until": until},
    )


def close_unfinished(db: sqlite3.Connection, at: datetime) -> int:
    """Runs that a killed worker left open: say so. Inside `writing()`; what they had saved stays, their account is due again."""
    values = {"at": to_seconds(at)}
    db.execute(
        "UPDATE accounts SET next_check_at = :at WHERE id IN (SELECT account_id FROM runs WHERE finished_at IS NULL)", values
    )
    return db.execute(
        "UPDATE runs SET finished_at = :at, outcome = 'failed', error_kind = 'network', cause = 'worker:killed', "
        "sentence = '采集程序中途退出，已保存的数据有效，将自动重采' WHERE finished_at IS NULL",
        values,
    ).rowcount


def rhythm_of(db: sqlite3.Connection, account_id: int, now: datetime) -> tuple[int, float | None]:
    """Posts and comments of the last 24 hours by their own time, and the mean number of calls of the last looks."""
    values = {"id": account_id, "b5": (to_seconds(now) - 86400) // 300, "since": to_seconds(now) - 86400}
    items = db.execute(
        "SELECT (SELECT coalesce(sum(n), 0) FROM bucket5 WHERE account_id = :id AND b5 >= :b5) "
        "+ (SELECT count(*) FROM posts WHERE account_id = :id AND published_at >= :since)",
        values,
    ).fetchone()[0]
    calls = db.execute(
        "SELECT avg(r.calls) FROM (SELECT calls FROM runs WHERE account_id = :id AND outcome <> 'failed' "
        "ORDER BY started_at DESC LIMIT 20) AS r",
        values,
    ).fetchone()[0]
    return int(items), calls


def first_failure(db: sqlite3.Connection, account_id: int) -> int | None:
    """Start (Unix seconds) of the first run that failed since the last complete look; None when the last one was complete."""
    row = db.execute(
        "SELECT min(r.started_at) FROM runs r JOIN accounts a ON a.id = r.account_id WHERE r.account_id = :id "
        "AND r.error_kind <> '' AND r.started_at >= coalesce(a.last_ok_at, 0)",
        {"id": account_id},
    ).fetchone()
    return row[0]
