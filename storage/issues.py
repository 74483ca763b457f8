"""Hot issues as they are held: what was said in the last days is grouped again and again, and the issues keep their ids."""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime

from matrix.issue import Grouping, Told
from storage.batches import bump_version
from storage.database import writing
from storage.moments import to_seconds

HOURS = 48
MOST = 20_000
"""So many comments are grouped at once, the newest of the last HOURS; a second or two of work."""

WORTH = "(c.kind = 1 OR d.topic <> '其他' OR (d.is_sure = 1 AND d.feeling = -1))"
"""What is worth grouping: appeals, words about something, complaints; not every 加油."""

TOLD = (
    "SELECT c.id, c.text, CASE WHEN c.author_key = '' THEN 'c' || c.id ELSE c.author_key END, c.published_at, "
    "coalesce(c.likes, 0), coalesce(i.key, '') FROM comments c JOIN readings d ON d.comment_id = c.id "
    "LEFT JOIN issue_comments m ON m.comment_id = c.id LEFT JOIN issues i ON i.id = m.issue_id "
    f"WHERE c.published_at >= :since AND c.published_at <= :until AND {WORTH} ORDER BY c.published_at DESC, c.id DESC LIMIT :most"
)
SAVE = (
    "INSERT INTO issues(key, central_id, made_at, grouped_at) VALUES(:key, :central, :now, :now) ON CONFLICT(key) "
    "DO UPDATE SET central_id = excluded.central_id, grouped_at = excluded.grouped_at, merged_into = NULL RETURNING id"
)
PUT = (
    "INSERT INTO issue_comments(comment_id, issue_id) VALUES(:comment, :issue) ON CONFLICT(comment_id) "
    "DO UPDATE SET issue_id = excluded.issue_id WHERE issue_comments.issue_id <> excluded.issue_id"
)

FORGOTTEN = (
    "DELETE FROM issue_comments WHERE comment_id IN (SELECT c.id FROM comments c JOIN issue_comments m ON m.comment_id = c.id "
    "LEFT JOIN readings d ON d.comment_id = c.id WHERE c.published_at >= :since AND c.published_at <= :until "
    f"AND (d.comment_id IS NULL OR NOT {WORTH}))"
)
"""What was corrected to talk, or became official, is in no issue any more."""


def regroup(db: sqlite3.Connection, group: Callable[[Sequence[Told]], Grouping], now: datetime) -> int:
    """Group what citizens said in the last HOURS anew; gives how many issues of at least two comments there are.

    `group` is `reading.issue.group`. Grouped is outside of the transaction: what was read meanwhile waits for the next time.
    """
    moment = to_seconds(now)
    values = {"since": moment - HOURS * 3600, "until": moment, "most": MOST}
    rows = db.execute(TOLD, values).fetchall()
    found = group([Told(str(row[0]), row[1], row[2], row[3], "", row[4], row[5]) for row in rows])
    wanted: dict[int, str] = {int(member): issue.key for issue in found.issues for member in issue.members}
    held = {row[0]: row[5] for row in rows if row[5]}
    with writing(db):
        before = db.total_changes
        ids = {}
        for issue in found.issues:
            saved = {"key": issue.key, "central": int(issue.central), "now": moment}
            ids[issue.key] = int(db.execute(SAVE, saved).fetchone()[0])
        for old, new in found.merged.items():
            merge(db, old, new)
        moved = [{"comment": number, "issue": ids[key]} for number, key in wanted.items() if held.get(number) != key]
        db.executemany(PUT, moved)
        gone = [(number,) for number, key in held.items() if number not in wanted and found.issue_of.get(str(number)) != key]
        db.executemany("DELETE FROM issue_comments WHERE comment_id = ?", gone)  # one that is left alone stays with older ones
        db.execute(FORGOTTEN, {"since": values["since"], "until": values["until"]})
        if db.total_changes - before > len(found.issues):
            bump_version(db)
    return len(found.issues)


def merge(db: sqlite3.Connection, old: str, new: str) -> None:
    """All comments of one issue go into another one, also those from before the window; its row says into which."""
    values = {"old": old, "new": new}
    target = db.execute("SELECT id FROM issues WHERE key = :new", values).fetchone()
    if target is None:
        return
    into = {"old": old, "target": target[0]}
    db.execute("UPDATE issue_comments SET issue_id = :target WHERE issue_id IN (SELECT id FROM issues WHERE key = :old)", into)
    db.execute("UPDATE issues SET merged_into = :target WHERE key = :old", into)
