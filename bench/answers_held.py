"""What a database holds of appeals and official words, by the make-believe city's own keys, and what must follow from it."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bench.answers_truth import SAME_TEXT_A_DAY, Reply, Thread, marks_of, plain
from simulator.events import SimComment
from simulator.ideal import comment_key
from simulator.seeing import root_of
from simulator.turns import ANSWER

Row = dict[str, Any]


@dataclass(slots=True)
class Held:
    """Wordings of comments, response facts by their appeal, and (presses, reopens) of appeals."""

    texts: dict[str, set[str]]
    facts: dict[str, Row]
    links: dict[str, tuple[str | None, str | None]]
    loose: set[str] = field(default_factory=set)
    """Comments that hang below no post of ours: calls by @, and words below a post that was never seen."""
    thin: set[str] = field(default_factory=set)
    """Words of robots of which too few are held to tell them from a person's."""


def held_in(db: sqlite3.Connection) -> Held:
    """Read the database. Keys of WeChat lose the account that our ids carry before them."""
    keys: dict[int, str] = {}
    texts: dict[str, set[str]] = {}
    loose = set()
    for number, ext, owner, text, post in db.execute(
        "SELECT c.id, c.ext_id, a.ext_id, c.text, c.post_id FROM comments c JOIN accounts a ON a.id = c.account_id"
    ):
        keys[number] = ext.removeprefix(f"{owner}:")
        loose |= {keys[number]} if post is None else set()
        texts.setdefault(keys[number], set()).add(plain(text))
    for number, text in db.execute("SELECT comment_id, text FROM comment_versions"):
        texts[keys[number]].add(plain(text))
    cursor = db.execute("SELECT r.*, p.cause, p.thread_at, p.gone_kind FROM responses r LEFT JOIN posts p ON p.id = r.post_id")
    names = [column[0] for column in cursor.description]
    facts = {}
    for values in cursor:
        row = dict(zip(names, values, strict=True))
        row |= {name: keys.get(row[f"{name}_id"]) for name in ("first", "answer", "elsewhere", "followup")}
        facts[keys[row["comment_id"]]] = row
    rows = db.execute("SELECT comment_id, presses, reopens FROM appeals").fetchall()
    links = {keys[row[0]]: (keys.get(row[1]), keys.get(row[2])) for row in rows}
    return Held(texts, facts, links, loose)


def note_thin(held: Held, threads: Iterable[Thread]) -> None:
    """Fill `thin`: the definition counts a day's equal words, and of these fewer are held than it takes."""
    robots = [reply for thread in threads for reply in thread.replies if reply.robotic and reply.key in held.texts]
    marks = [(reply, mark) for reply in robots for text, mark in marks_of(reply).items() if text in held.texts[reply.key]]
    count = Counter(mark for _, mark in marks)
    held.thin = {reply.key for reply, mark in marks if count[mark] <= SAME_TEXT_A_DAY}


@dataclass(slots=True)
class Matter:
    """A matter as far as its words are held: its appeals, the matter that it takes up again, the replies that stand to it."""

    head: SimComment
    members: list[SimComment]
    reopens: SimComment | None
    replies: list[Reply] = field(default_factory=list)
    is_unclear: bool = False
    """An edit of which only the later wording is held hides whether the citizen pressed or took an answered matter up again."""


def matters_of(thread: Thread, held: Held) -> list[Matter]:
    """The held appeals of a thread as matters: who asks again before a substantive answer that is held, presses."""
    made: list[Matter] = []
    latest: dict[tuple[str, str], Matter] = {}
    for said in thread.appeals:
        if comment_key(said) not in held.texts or comment_key(said) in held.loose:
            continue
        key = (root_of(said).key, said.author_id)
        before = latest.get(key)
        if before is not None and not any(low < said.at for low, _, _ in stops(before, held, "answer")):
            before.members.append(said)
            before.replies = [reply for reply in thread.replies if counts(reply, before)]
            continue
        latest[key] = matter = Matter(said, [said], before.head if before else None)
        matter.is_unclear = before is not None and said.presses is not None
        matter.replies = [reply for reply in thread.replies if counts(reply, matter)]
        made.append(matter)
    return made


def counts(reply: Reply, matter: Matter) -> bool:
    """Whether a reply stands to a matter: it was meant for it, or for an appeal deeper below it."""
    mine = {id(said.presses or said) for said in matter.members} | {id(said) for said in matter.members}
    return any(id(one) in mine for one in (reply.matter, *reply.deeper) if one is not None)


def stops(matter: Matter, held: Held, clock: str) -> list[tuple[int, float, Reply]]:
    """(earliest moment, latest moment, reply) of what stops a clock (`first` or `answer`), earliest first."""
    found = []
    for reply in matter.replies:
        span = span_of(reply, held, clock)
        if span is not None and span[0] >= matter.head.at:
            found.append((*span, reply))
    return sorted(found, key=lambda one: (one[0], one[2].said.number))


def span_of(reply: Reply, held: Held, clock: str) -> tuple[int, float] | None:
    """Between which moments the product may say that a reply stopped the clock; None when no such wording of it is held.

    A reply on Weibo keeps its own moment. One that was edited into an answer is one from the edit on, and from its own moment
    for whoever has only the later wording. On WeChat a reply that is given anew has a new moment.
    """
    texts = held.texts.get(reply.key, set())
    stages = [stage for stage in reply.stages if stage.text in texts and stage.text not in reply.robotic]
    stages = [stage for stage in stages if clock == "first" or stage.nature == ANSWER]
    if not stages:
        return None
    first = reply.stages[0]
    if not reply.said.official:
        return stages[0].at, stages[0].at
    if clock == "first" or first.nature == ANSWER:
        return first.at, first.at
    return (stages[0].at if first.text in texts else first.at), float("inf")
