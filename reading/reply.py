"""Reads official replies: does it answer, and if not or badly, why; by rules alone, so that every verdict can be checked."""

import math
import re
import unicodedata
from collections.abc import Sequence

from matrix.reply import Reason, ReplyJudgement, ReplyNature, Said
from reading import reply_facts as facts
from reading import reply_words as words
from reading.reply_mood import mood
from reading.reply_parts import TOLD, Part, Parts, dissect
from reading.reply_reasons import grams, of_answer, of_receipt

__all__ = ("VERSION", "judge", "mood", "wording")

VERSION = "回复规则1"

LEAST_TOLD = 22
"""So many characters of promises and of what is missing, beyond the set phrases, explain something (tuned)."""
LEAST_STATEMENT = 3
"""A clause with so many characters of its own, words of office left out, says something, although it holds no known fact."""
LONGEST_HANDOVER, LONGEST_REFERRAL = 60, 34
"""A hand-over or referral that goes on for longer explains something."""
VAGUE = re.compile(r"尽快|进一步|加强|积极|近期|督促|力度|统筹|有序|适时|逐步|争取")


def judge(said: Sequence[Said]) -> list[ReplyJudgement]:
    """Each reply by itself, in the order given."""
    return [_judge(one) for one in said]


def _judge(said: Said) -> ReplyJudgement:
    parts = dissect(said.reply)
    shared = grams(said.question)
    is_curt = len(said.reply) <= facts.LONGEST_CURT and facts.CURT.search(said.reply)
    reasons = [Reason.CURT] if is_curt else []
    if is_receipt(parts):
        return ReplyJudgement(ReplyNature.RECEIPT, evidence(parts, shared) / 2, (of_receipt(parts), *reasons))
    reasons += of_answer(parts, said.question)
    return ReplyJudgement(ReplyNature.SUBSTANTIVE, 0.5 + evidence(parts, shared) / 2, tuple(reasons))


def is_receipt(parts: Parts) -> bool:
    """A receipt, a hand-over, a please-call or a promise with nothing else.

    What states a fact answers, however short; so does a link that is offered as the answer. Else it is a matter of how
    much is left once courtesy and receipt are taken away.
    """
    if parts.has(Part.FACT) or (parts.links and not parts.has(Part.HANDOVER, Part.RECEIPT)):
        return False
    if parts.told >= LEAST_TOLD or any(is_statement(clause) for clause, part in parts.clauses if part is Part.REST):
        return False
    return parts.core < (LONGEST_REFERRAL if parts.has(Part.ELSEWHERE) else LONGEST_HANDOVER)


def is_statement(clause: str) -> bool:
    """Something said that neither misses a detail nor only names somebody."""
    own = words.GENERIC.sub("", clause)
    return len(own) >= LEAST_STATEMENT and not words.LACKING.search(clause) and not words.NOBODY.search(clause)


def evidence(parts: Parts, asked: set[str]) -> float:
    """0 to 1: how much a reply tells; grows with length, times, numbers, a plain answer and the question's own words."""
    said = parts.text(*TOLD, Part.PROMISE)
    told = parts.text(*TOLD)
    own = grams(said)
    points = 0.6 * (math.log1p(parts.told) + math.log1p(parts.core))
    points += 1.0 * bool(facts.TIME.search(said)) + 0.3 * min(3, len(facts.NUMBER.findall(told)))
    points += 0.5 * any(facts.ANSWER.search(clause) for clause, part in parts.clauses if part is Part.FACT)
    points += 2.0 * len(own & asked) / max(1, min(40, len(own)))
    points -= 0.2 * len(VAGUE.findall(told))
    points = max(0.0, points)
    return points / (points + 5.0)


def wording(text: str) -> str:
    """The normal form of an official text, by which "the same text" is found.

    Address, names called, links, faces, punctuation and case go; the digits of dates and numbers stay, because another
    date is another answer. Empty when there are no words.
    """
    for _ in range(8):  # what is cut away may bring letters together that make one sign; nearly always one round
        plain = words.FACES.sub(
            " ", words.LINK.sub(" ", words.ANSWERED.sub(" ", words.tidy(unicodedata.normalize("NFKC", text))))
        )
        plain = words.SALUTATION.sub("", words.CALLED.sub(" ", plain))
        plain = "".join(letter for letter in plain.casefold() if letter.isalnum())
        if plain == text:
            break
        text = plain
    return text
