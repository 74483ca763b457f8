"""Reads what came: comments become appeals or official words, threads become response facts, in one later transaction."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matrix.appeal import Addressee, Judgement, Words
from matrix.feeling import FeelingJudgement
from matrix.reply import ReplyJudgement, ReplyNature, Said
from matrix.response import ANSWERED_BY_NAME
from matrix.topic import TopicJudgement
from storage import corrections, judging, marks, readings, replies, rereads, watch_hits, wordings
from storage.batches import bump_version
from storage.database import writing
from storage.moments import to_seconds
from storage.portions import choose, reread_those_below, start_again
from storage.responses import derive_for

LIMIT = 2000
OTHER, APPEAL, OFFICIAL = 0, 1, 2
"""What stands in `comments.kind` once a comment is read."""

SAVE_APPEAL = """
INSERT INTO appeals(comment_id, kind, score, markers, read_by, read_at, is_corrected)
VALUES(:id, :kind, :score, :markers, :by, :at, :corrected)
ON CONFLICT(comment_id) DO UPDATE SET kind = excluded.kind, score = excluded.score, markers = excluded.markers,
  read_by = excluded.read_by, read_at = excluded.read_at, is_corrected = excluded.is_corrected
"""


@dataclass(frozen=True, slots=True)
class Readers:
    """The judgements of the room that reads, handed in so that storage need not know it."""

    appeals: Callable[[Sequence[Words]], list[Judgement]]
    appeals_version: str
    replies: Callable[[Sequence[Said]], list[ReplyJudgement]]
    replies_version: str
    wording: Callable[[str], str]
    mood: Callable[[str], str]
    topics: Callable[[Sequence[Words]], list[TopicJudgement]]
    topics_version: str
    feelings: Callable[[Sequence[str]], list[FeelingJudgement]]
    feelings_version: str

    @property
    def version(self) -> str:
        return "/".join((self.appeals_version, self.replies_version, self.topics_version, self.feelings_version))


def understand(db: sqlite3.Connection, readers: Readers, now: datetime, limit: int = LIMIT) -> int:
    """Read the next comments: new ones first, then changed ones, then, after a new version, all others again.

    Gives how many were read; 0 when nothing is left. A reading that is killed is done again from the same place.
    """
    start_again(db, readers.version)
    judging.ask_again(db)
    portion = choose(db, limit)
    if portion is None:
        return 0
    written = [row for row in portion.rows if row[7] is None]
    official = [row for row in portion.rows if row[7] is not None]
    words = [words_of(row) for row in written]
    judged = readers.appeals(words)
    topics, feelings = readers.topics(words), readers.feelings([row[5] for row in written])
    told = wordings.of(db, [row[0] for row in official])
    texts = [[one.text for _, one in told.get(row[0], ())] or [row[5]] for row in official]
    natures = iter(
        readers.replies([Said(text, row[13] or "") for row, each in zip(official, texts, strict=True) for text in each])
    )
    moment = to_seconds(now)
    with writing(db):
        by_hand = corrections.latest(db, [row[0] for row in portion.rows])
        changed = save_appeals(db, zip(written, judged, strict=True), by_hand, readers.appeals_version, moment)
        changed |= replies.forget(db, [row[0] for row in written])
        read = [
            replies.read_of(
                replies.Official(row[0], row[7], row[6], row[5], answers_of(row)),
                told.get(row[0], ()),
                [readers.wording(text) for text in each],
                [next(natures) for _ in each],
                nature_of(by_hand.get((row[0], "nature"), "")),
            )
            for row, each in zip(official, texts, strict=True)
        ]
        changed |= replies.save(db, read, readers.replies_version, moment)
        mark_official(db, official)
        # Offices that no account of the ledger stands for are no citizens either.
        citizens = [place for place, row in enumerate(written) if not row[19]]
        theirs = [written[place][0] for place in citizens]
        found = readings.read_of(theirs, [topics[one] for one in citizens], [feelings[one] for one in citizens], by_hand)
        is_news = readings.save(db, found, readings.short(readers.topics_version, readers.feelings_version), moment)
        is_news |= readings.forget(db, [row[0] for row in official] + [row[0] for row in written if row[19]])
        said = [watch_hits.Said(row[0], row[5], row[9], row[6]) for row in (written[place] for place in citizens)]
        is_news |= watch_hits.note(db, said, [row[0] for row in official], is_new=portion.is_new)
        if portion.is_new:
            reread_those_below(db, portion.rows)
        facts = derive_for(db, {*changed, *(row[0] for row in portion.rows)}, moment, readers.mood)
        rereads.cross_off(db, portion.taken.items())
        for name, value in portion.moves.items():
            marks.put(db, name, value)
        if facts or changed or is_news:
            bump_version(db)
    return len(portion.rows)


def words_of(row: tuple[Any, ...]) -> Words:
    """A citizen's comment with its context. Whom it answers is known from its parent, else from its own first words.

    Who answers himself goes on with what he said to the office.
    """
    named = ANSWERED_BY_NAME.match(row[5])
    if (named is not None and named["name"] == row[17]) or (named is None and row[18]):
        return Words(row[5][named.end() :] if named else row[5], row[4], row[10].strip(), Addressee.NOBODY)
    if named is not None:
        is_official = named["name"] == row[14] or (row[12] is not None and named["name"] == row[15])
        addressee = Addressee.OFFICIAL if is_official else Addressee.CITIZEN
    elif row[12] is not None:
        addressee = Addressee.OFFICIAL
    else:
        addressee = Addressee.NOBODY if row[11] is None else Addressee.CITIZEN
    return Words(row[5], row[4], row[10].strip(), addressee)


def answers_of(row: tuple[Any, ...]) -> int | None:
    """Which citizen's comment official words answer: 0 when it is not held, None when they answer nobody or an office."""
    if row[16] is not None and row[12] is None:
        return row[16]
    is_unheld = row[11] is not None and row[16] is None
    return 0 if is_unheld or ANSWERED_BY_NAME.match(row[5]) else None


def nature_of(value: str) -> ReplyNature | None:
    return ReplyNature(value) if value in set(ReplyNature) else None


def save_appeals(
    db: sqlite3.Connection,
    judged: Iterable[tuple[tuple[Any, ...], Judgement]],
    by_hand: dict[tuple[int, str], str],
    version: str,
    now: int,
) -> set[int]:
    """Write what citizens' comments are; a correction by hand stands. Gives the ids of those that are something else now."""
    appeals, others, changed = [], [], set()
    for row, found in judged:
        said, kind = by_hand.get((row[0], "appeal")), by_hand.get((row[0], "kind"))
        is_appeal = found.is_appeal if said is None else said == "1"
        if is_appeal != (row[8] == APPEAL):
            changed.add(row[0])
        if not is_appeal:
            others.append(row[0])
            continue
        appeals.append(
            {
                "id": row[0],
                "kind": kind or str(found.kind or corrections.DEFAULT_KIND),
                "score": found.score,
                "markers": ",".join(found.markers),
                "by": version,
                "at": now,
                "corrected": int(said is not None or kind is not None),
            }
        )
    db.executemany(SAVE_APPEAL, appeals)
    db.executemany("DELETE FROM appeals WHERE comment_id = ?", [(number,) for number in others])
    set_kind(db, APPEAL, [one["id"] for one in appeals])
    set_kind(db, OTHER, others)
    return changed


def mark_official(db: sqlite3.Connection, official: Sequence[tuple[Any, ...]]) -> None:
    """Words of accounts of the ledger ask for nothing, also where they were a citizen's until the ledger named them."""
    db.executemany("DELETE FROM appeals WHERE comment_id = ?", [(row[0],) for row in official if row[8] != OFFICIAL])
    set_kind(db, OFFICIAL, [row[0] for row in official])


def set_kind(db: sqlite3.Connection, kind: int, comment_ids: Iterable[int]) -> None:
    sql = "UPDATE comments SET kind = :kind WHERE id = :id AND kind IS DISTINCT FROM :kind"
    db.executemany(sql, [{"kind": kind, "id": number} for number in comment_ids])
