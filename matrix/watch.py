"""What a watch looks for: any of some words, something of every group, none of the exclusions; matched over whole batches."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from matrix.watch_pattern import Safe, safe

LONGEST_NAME, LONGEST_WORD, MOST_WORDS, MOST_GROUPS = 30, 30, 100, 10
LONGEST_TEXT = 2000
"""What is looked at of a text, in letters; words further back are not found."""

_CUTS = re.compile(r"[、，,；;\s]+")
_SHAPELESS = re.compile("[\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+")
_SPACE = re.compile(r"[^\S\n]+")
_BROKEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is looked for, in folded words. A text is a hit when it has one of `words` or meets `pattern`, or, where neither is
    given, always; when it has a word of every one of `groups`; and when it has none of `exclusions`."""

    words: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    exclusions: tuple[str, ...] = ()
    pattern: Safe | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """The same as a person types it: words cut by 、 ， ； or spaces, one group per line."""

    words: str = ""
    groups: str = ""
    exclusions: str = ""
    pattern: str = ""


def fold(text: str) -> str:
    """The form in which texts and words are compared: full and half width, and cases, are one; folding twice changes nothing.

    Traditional and simplified letters stay two.
    """
    return fold_all([text])[0]


def fold_all(texts: Sequence[str]) -> list[str]:
    """The first LONGEST_TEXT letters of each text, folded; all in one go, which is several times faster."""
    return _folded("\n".join(text[:LONGEST_TEXT].replace("\n", " ").replace("\r", " ") for text in texts)).split("\n")


def _folded(blob: str) -> str:
    if not blob.isascii():
        blob = _SHAPELESS.sub("", unicodedata.normalize("NFKC", blob))
    blob = blob.casefold()
    if not blob.isascii():
        blob = unicodedata.normalize("NFKC", blob)
    return _SPACE.sub(" ", _BROKEN.sub(" ", blob))


def read(typed: Typed) -> Plan:
    """What was typed as a plan. Raises ValueError, a Chinese sentence that names the field and the place."""
    words = _terms("关键词", typed.words, 2)
    lines = [line for line in typed.groups.splitlines() if line.strip()]
    if len(lines) > MOST_GROUPS:
        raise ValueError(f"词组有{len(lines)}行，最多{MOST_GROUPS}行。")
    groups = tuple(_terms(f"词组第{number}行", line, 1) for number, line in enumerate(lines, 1))
    exclusions = _terms("排除词", typed.exclusions, 1)
    pattern = safe(typed.pattern.strip()) if typed.pattern.strip() else None
    if not words and not groups and pattern is None:
        raise ValueError("请至少填写关键词、词组或表达式中的一项，否则不知道要监测什么。")
    for excluded in exclusions:
        if excluded in words:
            raise ValueError(f"“{excluded}”既在关键词又在排除词里，这个关键词永远不会命中；请去掉一处。")
    return Plan(words, groups, exclusions, pattern)


def _terms(where: str, typed: str, shortest: int) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for number, term in enumerate((one for one in _CUTS.split(typed) if one), 1):
        word = fold(term).strip()
        if not shortest <= len(word) <= LONGEST_WORD:
            raise ValueError(f"{where}第{number}个“{term[:40]}”应为{shortest}至{LONGEST_WORD}个字。")
        found[word] = None
    if len(found) > MOST_WORDS:
        raise ValueError(f"{where}有{len(found)}个，最多{MOST_WORDS}个；请拆成几个监测方案。")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Folded texts, one per line, and where each begins."""

    lines: Sequence[str]
    blob: str
    begins: Sequence[int]

    def lines_with(self, word: str) -> set[int]:
        """The places of the texts that have a folded word."""
        found: set[int] = set()
        at = self.blob.find(word)
        while at >= 0:
            line = bisect_right(self.begins, at) - 1
            found.add(line)
            if line + 1 == len(self.lines):
                break
            at = self.blob.find(word, self.begins[line + 1])
        return found


def lay_out(texts: Sequence[str]) -> Sheet:
    """Texts ready to be looked through by any number of plans."""
    lines = fold_all(texts) if texts else []
    begins = [0, *accumulate(len(line) + 1 for line in lines)][: len(lines)]
    return Sheet(lines, "\n".join(lines), begins)


@dataclass(slots=True)
class Matcher:
    """Many plans by their keys over a batch: each word is looked for once, whichever plans have it."""

    plans: Mapping[int, Plan]
    _found: dict[str, set[int]] = field(default_factory=dict, init=False)

    def hits(self, texts: Sequence[str] | Sheet) -> dict[int, list[int]]:
        """For each plan that hits something the places of the texts, rising."""
        sheet = texts if isinstance(texts, Sheet) else lay_out(texts)
        self._found = {}
        found = {key: sorted(self._lines(plan, sheet)) for key, plan in self.plans.items()}
        return {key: lines for key, lines in found.items() if lines}

    def _lines(self, plan: Plan, sheet: Sheet) -> set[int]:
        lines = self._before_exclusions(plan, sheet)
        return {line for line in lines if not any(word in sheet.lines[line] for word in plan.exclusions)}

    def _before_exclusions(self, plan: Plan, sheet: Sheet) -> set[int]:
        lines: set[int] | None = None
        for group in plan.groups:
            lines = self._any(group, sheet) if lines is None else lines & self._any(group, sheet)
            if not lines:
                return set()
        if not plan.words and plan.pattern is None:
            return lines or set()
        among = range(len(sheet.lines)) if lines is None else lines
        found = self._any(plan.words, sheet)
        if plan.pattern is not None:
            hits = plan.pattern.hits
            found = found | {line for line in among if line not in found and hits(sheet.lines[line])}
        return found if lines is None else found & lines

    def _any(self, words: Sequence[str], sheet: Sheet) -> set[int]:
        found: set[int] = set()
        for word in words:
            if word not in self._found:
                self._found[word] = sheet.lines_with(word)
            found |= self._found[word]
        return found


def excluded(plan: Plan, texts: Sequence[str] | Sheet) -> dict[str, list[int]]:
    """For each exclusion the places of the texts that would be hits but for it, alone or with others."""
    if not plan.exclusions:
        return {}
    sheet = texts if isinstance(texts, Sheet) else lay_out(texts)
    lines = Matcher({})._before_exclusions(plan, sheet)
    return {word: sorted(line for line in lines if word in sheet.lines[line]) for word in plan.exclusions}
