"""The wordings in which an edited comment was seen: an edit may make an answer of a receipt, with a moment of its own."""

import hashlib
import sqlite3
from collections.abc import Iterable

from matrix.wording import Wording, stages
from storage import rereads

NOTE = """
INSERT INTO wordings AS w (comment_id, text_key, text, published_at, observed_at, seen_at)
VALUES(:id, :key, :text, :published, :observed, :seen)
ON CONFLICT(comment_id, text_key) DO UPDATE SET
  published_at = CASE WHEN excluded.published_at < w.published_at THEN excluded.published_at ELSE w.published_at END,
  observed_at = CASE WHEN excluded.observed_at < w.observed_at THEN excluded.observed_at ELSE w.observed_at END,
  seen_at = CASE WHEN excluded.seen_at < w.seen_at THEN excluded.seen_at ELSE w.seen_at END
WHERE excluded.published_at < w.published_at OR excluded.observed_at < w.observed_at
"""
SELECT = "SELECT comment_id, text, published_at, observed_at, seen_at FROM wordings WHERE comment_id IN ({0})"


def note(db: sqlite3.Connection, comment_id: int, wording: Wording) -> bool:
    """Keep one wording with the earliest of its times; whether that told anything new. Inside `writing()`."""
    key = hashlib.blake2b(wording.text.encode("utf-8", "replace"), digest_size=16).hexdigest()
    told = {"id": comment_id, "key": key, "text": wording.text, "published": wording.published_at}
    return db.execute(NOTE, told | {"observed": wording.observed_at, "seen": wording.seen_at}).rowcount > 0


def are_held(db: sqlite3.Connection, comment_id: int) -> bool:
    """Whether the comment was ever seen in more than one wording."""
    return db.execute("SELECT 1 FROM wordings WHERE comment_id = :id LIMIT 1", {"id": comment_id}).fetchone() is not None


def of(db: sqlite3.Connection, comment_ids: Iterable[int]) -> dict[int, list[tuple[int, Wording]]]:
    """`matrix.wording.stages` of those among the comments that were edited."""
    found: dict[int, list[Wording]] = {}
    ids = sorted(comment_ids)
    for start in range(0, len(ids), 400):
        portion = ids[start : start + 400]
        values = {f"k{i}": key for i, key in enumerate(portion)}
        for comment_id, *told in db.execute(SELECT.format(", ".join(f":{name}" for name in values)), values).fetchall():
            found.setdefault(comment_id, []).append(Wording(*told))
    return {comment_id: stages(told) for comment_id, told in found.items()}


def keep_versions(db: sqlite3.Connection) -> None:
    """What was edited before wordings were kept: its versions and the words that stand now. Inside `writing()`."""
    versions = db.execute(
        "SELECT v.comment_id, v.text, c.published_at, v.observed_at, c.seen_at FROM comment_versions v "
        "JOIN comments c ON c.id = v.comment_id"
    ).fetchall()
    current = db.execute(
        "SELECT c.id, c.text, c.published_at, c.observed_at, max(v.seen_at) FROM comments c "
        "JOIN comment_versions v ON v.comment_id = c.id GROUP BY c.id, c.text, c.published_at, c.observed_at"
    ).fetchall()
    for comment_id, *told in (*versions, *current):
        note(db, comment_id, Wording(*told))
        rereads.mark_one(db, comment_id)
