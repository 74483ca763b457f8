"""Official words as they were read: their nature, and the same wording said again and again, which is an automatic reply."""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matrix.reply import ReplyJudgement, ReplyNature
from matrix.response import SAME_TEXT_A_DAY
from matrix.wording import Wording
from storage import rollups
from storage.moments import beijing_day

SAVE = """
INSERT INTO replies(comment_id, account_id, day, text_key, nature, read_nature, reasons, score, read_by, read_at, is_corrected,
  answers, said_at, since_at, since_seen_at)
VALUES(:id, :account, :day, :key, :nature, :read, :reasons, :score, :by, :at, :corrected,
  :answers, :said_at, :since_at, :since_seen_at)
ON CONFLICT(comment_id) DO UPDATE SET account_id = excluded.account_id, day = excluded.day, text_key = excluded.text_key,
  nature = excluded.nature, read_nature = excluded.read_nature, reasons = excluded.reasons, score = excluded.score,
  read_by = excluded.read_by, read_at = excluded.read_at, is_corrected = excluded.is_corrected,
  answers = excluded.answers, said_at = excluded.said_at, since_at = excluded.since_at, since_seen_at = excluded.since_seen_at
"""
Same = tuple[int, int, str]
"""Account, Beijing day and key of the wording: what makes two replies the same."""


@dataclass(frozen=True, slots=True)
class Official:
    """One official comment as it stands: `at` its publication, `answers` as in the table."""

    comment_id: int
    account_id: int
    at: int
    text: str
    answers: int | None = None


@dataclass(frozen=True, slots=True)
class ReadReply:
    """An official comment with what was read out of it; `wording` is the text that was judged, in normal form, the times are as
    in the table."""

    said: Official
    wording: str
    judgement: ReplyJudgement
    corrected: ReplyNature | None = None
    said_at: int | None = None
    since_at: int | None = None
    since_seen_at: int | None = None

    @property
    def nature(self) -> ReplyNature:
        return self.corrected or self.judgement.nature

    @property
    def at(self) -> int:
        return self.said.at if self.said_at is None else self.said_at

    @property
    def same(self) -> Same:
        return self.said.account_id, beijing_day(self.at), key_of(self.wording)


def read_of(
    said: Official,
    told: Sequence[tuple[int, Wording]],
    forms: Sequence[str],
    judged: Sequence[ReplyJudgement],
    corrected: ReplyNature | None,
) -> ReadReply:
    """Official words that were judged in every wording of theirs: `told` of `wordings.of()`, empty when they were never edited;
    `forms` are the wordings in normal form.

    Edited words are an answer since the first wording that is one, and stay one whatever became of them. Where none is one by
    itself but a person says that the words that stand are, they are since these came.
    """
    if not told:
        return ReadReply(said, forms[0], judged[0], corrected)
    current = max(place for place, (_, one) in enumerate(told) if one.text == said.text or not place)
    place = next((place for place, one in enumerate(judged) if one.nature is ReplyNature.SUBSTANTIVE), current)
    since, wording = told[place]
    return ReadReply(said, forms[place], judged[place], corrected, told[0][0], since if place else None, wording.seen_at)


def key_of(wording: str) -> str:
    """A short key of a wording; empty for words that are nothing but pictures."""
    return hashlib.blake2b(wording.encode("utf-8", "replace"), digest_size=8).hexdigest() if wording else ""


def save(db: sqlite3.Connection, read: Iterable[ReadReply], version: str, now: int) -> set[int]:
    """Save readings inside `writing()`; gives the ids of comments whose nature is another one now, these and others."""
    rows = list(read)
    before: dict[int, str] = {}
    groups: set[Same] = set()
    moved: Counter[tuple[int, int]] = Counter()
    for one in rows:
        held = db.execute(
            "SELECT account_id, day, text_key, nature, coalesce(said_at, :at) FROM replies WHERE comment_id = :id",
            {"id": one.said.comment_id, "at": one.said.at},
        ).fetchone()
        if held is not None:
            before[one.said.comment_id] = held[3]
            groups.add((held[0], held[1], held[2]))
            moved[(held[0], held[4])] -= 1
        groups.add(one.same)
        moved[(one.said.account_id, one.at)] += 1
    db.executemany(
        SAVE,
        [
            {
                "id": one.said.comment_id,
                **dict(zip(("account", "day", "key"), one.same, strict=True)),
                "nature": str(one.nature),
                "read": str(one.judgement.nature),
                "reasons": ",".join(one.judgement.reasons),
                "score": one.judgement.score,
                "by": version,
                "at": now,
                "corrected": int(one.corrected is not None),
                "answers": one.said.answers,
                "said_at": one.said_at,
                "since_at": one.since_at,
                "since_seen_at": one.since_seen_at,
            }
            for one in rows
        ],
    )
    rollups.add(db, "replies", moved)
    flipped = mark_automatic(db, groups)
    natures = [(one.said.comment_id, str(one.nature)) for one in rows]
    return flipped | {number for number, nature in natures if number not in before or before[number] != nature}


def forget(db: sqlite3.Connection, comment_ids: Iterable[int]) -> set[int]:
    """Words that are no official ones (any more). Inside `writing()`; gives the ids whose nature changed with them."""
    groups: set[Same] = set()
    gone: Counter[tuple[int, int]] = Counter()
    for comment_id in comment_ids:
        row = db.execute(
            "DELETE FROM replies WHERE comment_id = :id RETURNING account_id, day, text_key, "
            "coalesce(said_at, (SELECT c.published_at FROM comments c WHERE c.id = comment_id))",
            {"id": comment_id},
        ).fetchone()
        if row is not None:
            groups.add((row[0], row[1], row[2]))
            gone[(row[0], row[3])] -= 1
    rollups.add(db, "replies", gone)
    return mark_automatic(db, groups)


def mark_automatic(db: sqlite3.Connection, groups: Iterable[Same]) -> set[int]:
    """What is said more often than SAME_TEXT_A_DAY is automatic, all of it; a correction by hand stands."""
    flipped: set[int] = set()
    for account, day, key in groups:
        values = {"account": account, "day": day, "key": key, "automatic": str(ReplyNature.AUTOMATIC)}
        where = "account_id = :account AND day = :day AND text_key = :key"
        count = db.execute(f"SELECT count(*) FROM replies WHERE {where}", values).fetchone()[0]
        wanted = ":automatic" if key and count > SAME_TEXT_A_DAY else "read_nature"
        rows = db.execute(
            f"UPDATE replies SET nature = {wanted} WHERE {where} AND is_corrected = 0 AND nature IS DISTINCT FROM {wanted} "
            "RETURNING comment_id",
            values,
        ).fetchall()
        flipped |= {row[0] for row in rows}
    return flipped
