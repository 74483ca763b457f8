"""Readings: the topic and the feeling of every comment of a citizen, as the heads read them or a person said."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matrix.feeling import BY_CODE, CODES, Feeling, FeelingJudgement
from matrix.topic import TopicJudgement
from storage.cases_steps import visible
from storage.scope import Scope

SAVE = """
INSERT INTO readings(comment_id, topic, part, topic2, part2, share, feeling, is_sure, read_by, read_at, is_corrected)
VALUES(:id, :topic, :part, :topic2, :part2, :share, :feeling, :is_sure, :by, :at, :is_corrected)
ON CONFLICT(comment_id) DO UPDATE SET topic = excluded.topic, part = excluded.part, topic2 = excluded.topic2,
  part2 = excluded.part2, share = excluded.share, feeling = excluded.feeling, is_sure = excluded.is_sure,
  read_by = excluded.read_by, read_at = excluded.read_at, is_corrected = excluded.is_corrected
WHERE readings.topic <> excluded.topic OR readings.part <> excluded.part OR readings.topic2 <> excluded.topic2
  OR readings.part2 <> excluded.part2 OR readings.share <> excluded.share OR readings.feeling <> excluded.feeling
  OR readings.is_sure <> excluded.is_sure OR readings.read_by <> excluded.read_by
  OR readings.is_corrected <> excluded.is_corrected
"""


def short(*versions: str) -> str:
    """Versions as they stand in every row: their marks without their names."""
    return "/".join(version.rpartition("-")[2] for version in versions)


def split_topic(value: str) -> tuple[str, str]:
    """Topic and part of `topic` or `topic/part`."""
    topic, _, part = value.partition("/")
    return topic, part


def read_of(
    comment_ids: Sequence[int],
    topics: Sequence[TopicJudgement],
    feelings: Sequence[FeelingJudgement],
    by_hand: Mapping[tuple[int, str], str],
) -> list[dict[str, Any]]:
    """The rows of comments in their order; what was said by hand (`topic`, `feeling`) stands."""
    rows = []
    for number, topic, feeling in zip(comment_ids, topics, feelings, strict=True):
        row: dict[str, Any] = {
            "id": number,
            "topic": topic.first.name,
            "part": topic.first.part,
            "topic2": topic.second.name,
            "part2": topic.second.part,
            "share": topic.first.share,
            "feeling": CODES[feeling.feeling],
            "is_sure": int(feeling.is_certain),
            "is_corrected": 0,
        }
        said, felt = by_hand.get((number, "topic")), by_hand.get((number, "feeling"))
        if said:
            if split_topic(said)[0] != row["topic"]:
                row |= {"topic2": row["topic"], "part2": row["part"]}
            row |= dict(zip(("topic", "part"), split_topic(said), strict=True)) | {"share": 1.0, "is_corrected": 1}
        if felt:
            row |= {"feeling": CODES[Feeling(felt)], "is_sure": 1, "is_corrected": 1}
        rows.append(row)
    return rows


def save(db: sqlite3.Connection, rows: Iterable[Mapping[str, Any]], version: str, now: int) -> bool:
    """Write readings inside `writing()`; says whether one is new or another one than before."""
    return db.executemany(SAVE, [{**row, "by": version, "at": now} for row in rows]).rowcount > 0


def forget(db: sqlite3.Connection, comment_ids: Iterable[int]) -> bool:
    """What is official has no reading; says whether there was one. Inside `writing()`."""
    return db.executemany("DELETE FROM readings WHERE comment_id = ?", [(number,) for number in comment_ids]).rowcount > 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What a comment was read as; `feeling` is a word of matrix.feeling, `is_sure` whether it counts."""

    topic: str
    second: str
    share: float
    feeling: str
    is_sure: bool
    is_corrected: bool


def reading_of(db: sqlite3.Connection, scope: Scope, *, comment_id: int) -> Reading | None:
    """The reading of one comment that the scope may see, also one that was handed to a unit of it; None where there is none."""
    mine, values = visible(scope, "c.account_id")
    row = db.execute(
        "SELECT d.topic, d.part, d.topic2, d.part2, d.share, d.feeling, d.is_sure, d.is_corrected FROM readings d "
        f"JOIN comments c ON c.id = d.comment_id LEFT JOIN cases k ON k.comment_id = c.id WHERE c.id = :id AND {mine}",
        values | {"id": comment_id},
    ).fetchone()
    if row is None:
        return None
    feeling = str(BY_CODE[row[5]])
    return Reading(joined(row[0], row[1]), joined(row[2], row[3]), row[4], feeling, bool(row[6]), bool(row[7]))


def joined(topic: str, part: str) -> str:
    """`topic/part`, as a correction writes it."""
    return f"{topic}/{part}" if part else topic


def correct(db: sqlite3.Connection, comment_id: int, field: str, value: str) -> None:
    """Bring a reading in line with what a person says (`topic` or `feeling`) at once. Inside `writing()`."""
    if field == "topic":
        topic, part = split_topic(value)
        db.execute(
            "UPDATE readings SET topic2 = CASE WHEN topic = :topic THEN topic2 ELSE topic END, "
            "part2 = CASE WHEN topic = :topic THEN part2 ELSE part END, topic = :topic, part = :part, share = 1.0, "
            "is_corrected = 1 WHERE comment_id = :id",
            {"id": comment_id, "topic": topic, "part": part},
        )
        return
    db.execute(
        "UPDATE readings SET feeling = :feeling, is_sure = 1, is_corrected = 1 WHERE comment_id = :id",
        {"id": comment_id, "feeling": CODES[Feeling(value)]},
    )
