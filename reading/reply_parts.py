"""Takes an official reply apart, clause by clause: what is courtesy, receipt, hand-over, and what is left to answer with."""

import re
from dataclasses import dataclass
from enum import StrEnum

from reading import reply_facts as facts
from reading import reply_words as words


class Part(StrEnum):
    """What one clause does; only `FACT` and `REST` tell the citizen something."""

    COURTESY = "courtesy"
    OPENING = "opening"
    RECEIPT = "receipt"
    HANDOVER = "handover"
    OUTCOME = "outcome"
    ELSEWHERE = "elsewhere"
    PROMISE = "promise"
    FACT = "fact"
    REST = "rest"


ORDER = (
    (words.COURTESY, Part.COURTESY),
    (words.RECEIPT, Part.RECEIPT),
    (words.OUTCOME, Part.OUTCOME),
    (words.FOREIGN, Part.ELSEWHERE),
    (words.LACKING, Part.REST),
    (words.ELSEWHERE, Part.ELSEWHERE),
    (words.PROMISE, Part.PROMISE),
)
"""Which pattern is asked first, where none of hand-over, opening and fact holds."""

TOLD = (Part.FACT, Part.REST)
EMPTY = (Part.COURTESY, Part.OPENING, Part.RECEIPT)
EDGES = " \t\u3000“”\"'「」()（）【】[]、.-—"
NUMBERS = re.compile(r"[\d\-－—]{5,}")
SHORT = frozenset("有对能是行会否没")
"""Answers of one character; any other single character is debris."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The clauses of a reply with what each does, and how many links it gives."""

    clauses: tuple[tuple[str, Part], ...]
    links: int

    def text(self, *parts: Part) -> str:
        return "，".join(clause for clause, part in self.clauses if part in parts)

    def has(self, *parts: Part) -> bool:
        return any(part in parts for _, part in self.clauses)

    @property
    def told(self) -> int:
        """Characters that neither greet, thank, receive, hand over, send elsewhere nor promise in general."""
        promised = sum(len(words.PROMISE.sub("", clause)) for clause, part in self.clauses if part is Part.PROMISE)
        return promised + sum(len(clause) for clause, part in self.clauses if part in TOLD)

    @property
    def core(self) -> int:
        """Characters besides courtesy, openings, receipts and telephone numbers."""
        return sum(len(NUMBERS.sub("", clause)) for clause, part in self.clauses if part not in EMPTY)


def dissect(reply: str) -> Parts:
    """The reply without address, names, faces, signature and date, cut at its punctuation."""
    text = words.ANSWERED.sub(" ", words.tidy(reply))
    text, links = words.LINK.subn(" ", text)
    text = words.FACES.sub(" ", words.CALLED.sub(" ", text))
    text = words.DATED.sub("，", words.SIGNED.sub("", text.strip()))
    for salutation in (words.SALUTATION, words.NAMED):
        text = salutation.sub("", text)
    pieces = (piece.strip(EDGES) for piece in words.SPLIT.split(words.TOPIC.sub("，", text)))
    clauses = tuple((piece, part_of(piece)) for piece in pieces if len(piece) > 1 or piece in SHORT)
    return Parts(clauses, links)


def part_of(clause: str) -> Part:
    """One clause: a hand-over stays one with a date in it; whatever states a fact is a fact, however politely."""
    if words.HANDOVER.search(clause) and not facts.DONE.search(clause):
        return Part.HANDOVER
    if words.OPENING.search(clause):
        return Part.OPENING
    if is_fact(clause):
        return Part.FACT
    return next((part for pattern, part in ORDER if pattern.search(clause)), Part.REST)


def is_fact(clause: str) -> bool:
    """A deed, an answer that says yes, no or with what, a place to go to, a number with its unit.

    Where the clause also receives, promises word or sends on, only a place or a deed with its time is one.
    """
    if facts.WISH.search(clause) or words.ROUTINE.search(clause):
        return False
    if words.ELSEWHERE.search(clause) or words.OUTCOME.search(clause) or words.RECEIPT.search(clause):
        return bool(facts.PLACE.search(clause) or (facts.DEED.search(clause) and facts.TIME.search(clause)))
    return any(pattern.search(clause) for pattern in (facts.DEED, facts.PLACE, facts.ANSWER, facts.NUMBER, facts.TIME))
