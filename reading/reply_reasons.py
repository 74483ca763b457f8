"""Why a reply is weak: each reason by one rule over its parts and the question, so that everybody can check it."""

import re

from matrix.reply import Reason
from reading import reply_facts as facts
from reading import reply_words as words
from reading.reply_parts import TOLD, Part, Parts

WORD = re.compile(r"[\u4e00-\u9fffA-Za-z\d]+")
STOP = re.compile(
    r"您好|你好|请问|谢谢|感谢|领导|问题|反映|情况|我们|你们|他们|这个|那个|什么|怎么|为什么|可以|能不能|没有|一个|一下|就是|现在|已经"
    r"|还是|时候|的话|希望|部门|有关|相关|处理|解决|回复|工作|小区|居民|群众|市民|网友|有人|知道|是不是|不是|还有|如果|不能|无法|应该|需要|提供|具体|答复|咨询|联系"
)
LINK_WORDS = re.compile(
    r"详情|详见|请看|见|点击|查看|打开|阅读|参考|可|请|您|你|戳|看|如下|这里|此处|下方|链接|网址|地址|附|回复|说明|具体|→|>"
)
ASKED_FIRST = 80
"""Characters in which a question comes to its point; further on 何时 is often only a sigh."""
LEAST_ASKED, LEAST_TOLD, OWN_WORDS, LINK_REST = 4, 12, 12, 6
"""Bigrams of a question and characters of a reply to judge it off the point; words beside a citation or a link."""


def grams(text: str) -> set[str]:
    """Pairs of neighbouring characters within the words that carry meaning."""
    pieces = WORD.findall(STOP.sub(" ", text))
    return {piece[i : i + 2] for piece in pieces for i in range(len(piece) - 1)}


def of_receipt(parts: Parts) -> Reason:
    """The one thing that a reply without an answer does: the most definite comes first."""
    if parts.has(Part.HANDOVER):
        return Reason.HANDED_OVER
    if parts.has(Part.ELSEWHERE):
        return Reason.CALL if words.CONTACT.search(parts.text(Part.ELSEWHERE)) else Reason.ELSEWHERE
    if parts.has(Part.RECEIPT):
        return Reason.RECEIVED
    if parts.has(Part.PROMISE, Part.OUTCOME, Part.REST):
        return Reason.PROMISE
    return Reason.COURTESY if parts.clauses else Reason.WORDLESS


def of_answer(parts: Parts, question: str) -> list[Reason]:
    """What an answer lacks, in the order of `Reason`. Without the question only what the reply alone shows."""
    said = parts.text(*TOLD, Part.PROMISE)
    rules = (
        (Reason.ASIDE, is_aside(parts, question)),
        (Reason.CITED, is_only_cited(parts)),
        (Reason.LINK, is_only_link(parts)),
        (Reason.NO_DEED, lacks_deed(parts, said, question)),
        (Reason.NO_TIME, lacks_time(parts, said, question)),
    )
    return [reason for reason, holds in rules if holds]


def is_aside(parts: Parts, question: str) -> bool:
    """未答所问: not one pair of characters in common with the question, and no fact in it."""
    if (
        parts.has(Part.FACT)
        or parts.links
        or facts.CITED.search(parts.text(*TOLD))
        or parts.told < LEAST_TOLD
        or words.LACKING.search(parts.text(Part.REST))
    ):
        return False
    asked = grams(question)
    return len(asked) >= LEAST_ASKED and not asked & grams(parts.text(*TOLD, Part.PROMISE, Part.ELSEWHERE, Part.HANDOVER))


def is_only_cited(parts: Parts) -> bool:
    """只引述规定: a rule is cited, and besides it fewer than a dozen characters are said, with no answer, place or deed."""
    told = [clause for clause, part in parts.clauses if part in TOLD]
    cited = [clause for clause in told if facts.CITED.search(clause)]
    own = "，".join(clause for clause in told if not facts.CITED.search(clause))
    has_answer = any(re.search(r"可以|不能|不可|需要?|须|应当?|不予|免费|\d", facts.CITED.sub("", clause)) for clause in cited)
    return (
        bool(cited)
        and not has_answer
        and len(own) < OWN_WORDS
        and not is_definite(own)
        and not facts.FOUND.search(parts.text(*TOLD))
    )


def is_only_link(parts: Parts) -> bool:
    """只给链接: a link, and hardly a word on what stands behind it."""
    if not parts.links or parts.has(Part.FACT):
        return False
    return len(LINK_WORDS.sub("", parts.text(*TOLD)).replace("，", "")) < LINK_REST


def lacks_deed(parts: Parts, said: str, question: str) -> bool:
    """没有措施: asked to do something, it names neither a deed nor a finding, a place to go to, a yes or a no."""
    if not facts.PLEA.search(question) or facts.WHEN.search(question) or parts.links:
        return False
    return not (is_definite(said) or any(pattern.search(said) for pattern in (facts.TIME, facts.FOUND, facts.CITED)))


def lacks_time(parts: Parts, said: str, question: str) -> bool:
    """没有时间: asked when, or announcing a deed that is not done yet, it names no moment and no length of time."""
    if facts.TIME.search(said) or parts.links:
        return False
    if words.LACKING.search(parts.text(Part.REST)):
        return False
    if facts.WHEN.search(question[:ASKED_FIRST]):
        return True
    is_announced = any(facts.FUTURE.search(clause) for clause, part in parts.clauses if part in (*TOLD, Part.PROMISE))
    return is_announced and not (facts.DONE.search(said) or facts.BEGUN.search(said) or facts.FOUND.search(said))


def is_definite(said: str) -> bool:
    clauses = said.split("，")
    return any(pattern.search(clause) for clause in clauses for pattern in (facts.DEED, facts.PLACE, facts.ANSWER))
