"""Corrections: what a person says against a reading; a row that outlives every re-reading."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from matrix.appeal import AppealKind
from matrix.feeling import BY_CODE, Feeling
from matrix.reply import ReplyNature
from storage import readings, rereads, topics
from storage.batches import bump_version
from storage.moments import to_seconds
from storage.responses import derive_for
from storage.scope import Scope, accounts_in

DEFAULT_KIND = AppealKind.QUESTION
"""What an appeal is filed under while nothing tells its kind."""

CHOICES: dict[str, tuple[str, ...]] = {
    "appeal": ("1", "0"),
    "kind": tuple(str(kind) for kind in AppealKind if kind is not AppealKind.THANKS),
    "nature": tuple(str(nature) for nature in ReplyNature),
    "feeling": tuple(str(feeling) for feeling in Feeling),
}
"""What may be said of each field; topics are those of the file."""
WORDS = {"appeal": "是否诉求", "kind": "诉求类别", "nature": "回复性质", "topic": "主题", "feeling": "情绪"}
READ = ("topic", "feeling")
"""Fields of a reading; they move no clock."""


def latest(db: sqlite3.Connection, comment_ids: Sequence[int]) -> dict[tuple[int, str], str]:
    """What was last said by hand about these comments: (comment, field) to value."""
    found: dict[tuple[int, str], str] = {}
    for start in range(0, len(comment_ids), 400):
        portion = comment_ids[start : start + 400]
        names = ", ".join(f":k{i}" for i in range(len(portion)))
        values = {f"k{i}": key for i, key in enumerate(portion)}
        sql = f"SELECT comment_id, field, value FROM corrections WHERE comment_id IN ({names}) ORDER BY id"
        found |= {(row[0], row[1]): row[2] for row in db.execute(sql, values).fetchall()}
    return found


def correct(
    db: sqlite3.Connection, scope: Scope, comment_id: int, field: str, value: str, why: str, author: str, now: datetime
) -> None:
    """Say by hand what a comment is (`appeal` 1 or 0, `kind`, `nature`, `topic` as topic or topic/part, `feeling`), inside
    `writing()`; its thread is judged anew at once.

    Raises PermissionError when the comment lies outside the scope, ValueError for a value that cannot be.
    """
    mine, values = accounts_in(scope, "c.account_id")
    row = db.execute(
        "SELECT c.kind, a.kind, r.nature, c.author_account_id, d.topic, d.part, d.feeling FROM comments c "
        "LEFT JOIN appeals a ON a.comment_id = c.id LEFT JOIN readings d ON d.comment_id = c.id "
        f"LEFT JOIN replies r ON r.comment_id = c.id WHERE c.id = :id AND {mine}",
        values | {"id": comment_id},
    ).fetchone()
    if row is None:
        raise PermissionError("这条评论不在您的权限范围内。")
    check(field, value)
    is_official = row[3] is not None
    if is_official != (field == "nature"):
        what = "判读主题和情绪" if field in READ else "更正为诉求"
        raise ValueError(f"官方账号的话不能{what}。" if is_official else "网民的话没有回复性质。")
    held = {"appeal": str(int(row[0] == 1)), "kind": row[1] or "", "nature": row[2] or ""}
    if row[4] is not None:
        felt = str(BY_CODE[row[6]])
        held |= {"topic": f"{row[4]}/{row[5]}" if row[5] else row[4], "feeling": felt}
    before = held.get(field, "")
    moment = to_seconds(now)
    db.execute(
        "INSERT INTO corrections(comment_id, field, before, value, why, author, at) "
        "VALUES(:id, :field, :before, :value, :why, :author, :at)",
        {
            "id": comment_id,
            "field": field,
            "before": before,
            "value": value,
            "why": why.strip(),
            "author": author,
            "at": moment,
        },
    )
    if field in READ:
        readings.correct(db, comment_id, field, value)
        rereads.mark(db, "c.id = :id", {"id": comment_id})
        bump_version(db)
        return
    apply(db, comment_id, field, value, moment)
    rereads.mark_one(db, comment_id)
    derive_for(db, [comment_id], moment)
    bump_version(db)


def check(field: str, value: str) -> None:
    """Refuse with a ValueError, a Chinese sentence, what a field cannot be."""
    choices = topics.choices() if field == "topic" else CHOICES.get(field, ())
    if value not in choices:
        shown = [one for one in choices if "/" not in one]
        raise ValueError(f"“{value}”不是{WORDS.get(field, field)}的取值，可用的有：{'、'.join(shown)}。")


def apply(db: sqlite3.Connection, comment_id: int, field: str, value: str, now: int) -> None:
    """Bring the reading that is held in line; the pass that reads fills in the rest."""
    mark = {"id": comment_id, "value": value, "at": now, "kind": value if field == "kind" else str(DEFAULT_KIND)}
    if field == "nature":
        db.execute("UPDATE replies SET nature = :value, is_corrected = 1 WHERE comment_id = :id", mark)
    elif field == "appeal" and value == "0":
        db.execute("DELETE FROM appeals WHERE comment_id = :id", mark)
        db.execute("UPDATE comments SET kind = 0 WHERE id = :id", mark)
    else:
        db.execute(
            "INSERT INTO appeals(comment_id, kind, score, markers, read_by, read_at, is_corrected) "
            "VALUES(:id, :kind, 1.0, '人工认定', '人工', :at, 1) ON CONFLICT(comment_id) DO UPDATE SET is_corrected = 1"
            + (", kind = excluded.kind" if field == "kind" else ""),
            mark,
        )
        db.execute("UPDATE comments SET kind = 1 WHERE id = :id", mark)
