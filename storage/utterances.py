"""What was said, row by row, as the matching of answers sees it, and what hangs together outside every thread."""

import sqlite3
from typing import Any

from matrix.reply import ReplyNature
from matrix.response import Utterance

Row = tuple[Any, ...]
"""One row of UTTERANCE."""

UTTERANCE = (
    "SELECT c.id, c.ext_id, c.parent_ext, c.root_ext, coalesce(r.said_at, c.published_at), "
    "c.author_key, c.author_name, substr(c.text, 1, 60), "
    "c.author_account_id, c.kind, r.nature, c.seen_at, c.account_id, a.kind, r.since_at, r.since_seen_at FROM comments c "
    "LEFT JOIN replies r ON r.comment_id = c.id LEFT JOIN appeals a ON a.comment_id = c.id "
)
STEP = "SELECT c.id, c.ext_id, c.parent_ext FROM comments c WHERE c.post_id IS NULL AND c.platform = :platform AND "


def together(db: sqlite3.Connection, comment_id: int) -> set[int]:
    """The ids of all comments that hang together with one below no post of ours; none where it stands below a post.

    Step by step: in one recursive query the engine chooses the wrong index until its statistics know better.
    """
    row = db.execute("SELECT platform, ext_id, parent_ext, post_id FROM comments WHERE id = :id", {"id": comment_id}).fetchone()
    if row[3] is not None:
        return set()
    found, new = {comment_id}, [(comment_id, row[1], row[2])]
    while new:
        _, ext_id, parent = new.pop()
        values = {"platform": row[0], "ext": ext_id, "parent": parent}
        near = db.execute(f"{STEP} c.parent_ext = :ext", values).fetchall()
        near += db.execute(f"{STEP} c.ext_id = :parent", values).fetchall() if parent is not None else []
        fresh = [one for one in near if one[0] not in found]
        found |= {one[0] for one in fresh}
        new += fresh
    return found


def moment_of(said: Utterance | None, *, is_answer: bool = False) -> int | None:
    """When an official word stops a clock: the first one when it is said, that of the answer when it is one."""
    if said is None:
        return None
    return said.answered_at if is_answer else said.at


def utterance(row: Row) -> Utterance:
    """One row of UTTERANCE as the matching sees it."""
    nature = ReplyNature(row[10]) if row[10] else None
    since = row[14] if nature is ReplyNature.SUBSTANTIVE else None
    return Utterance(*row[:9], is_appeal=row[9] == 1, nature=nature, since=since)
