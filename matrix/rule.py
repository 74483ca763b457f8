"""Named rules of time limits: what they are, how people write them down, and when an appeal is due by one of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from matrix.appeal import AppealKind
from matrix.worktime import DAY, OFFSET, OfficeClock

OTHER = "其他"
"""The term of every kind that a rule does not name."""

KINDS = (*(str(kind) for kind in AppealKind if kind != AppealKind.THANKS), OTHER)
MOST = 1000
TERM = re.compile(r"(?:(当日)|(\d+(?:\.\d+)?)个?(工作日|自然日|工作小时|小时))(?:[(\uff08]?(不顺延)[)\uff09]?)?")
KEYS = {"id", "name", "clock", "terms", "source", "verified", "note"}


class RuleClock(StrEnum):
    """Which answer stops the clock of a rule."""

    FIRST = "首次响应"
    ANSWER = "实质答复"


class Unit(StrEnum):
    WORKING_DAYS = "工作日"
    DAYS = "自然日"
    HOURS = "小时"
    WORKING_HOURS = "工作小时"


@dataclass(frozen=True, slots=True)
class Term:
    """So many of a unit. `moves` is for natural days only: a last day that is no working day moves to the next one.

    Raises ValueError, a Chinese sentence, for an amount or a unit that cannot be meant.
    """

    amount: float
    unit: Unit
    moves: bool = True

    def __post_init__(self) -> None:
        if self.unit not in set(Unit):
            raise ValueError(f"期限的单位“{self.unit}”应为：{'、'.join(Unit)}")
        object.__setattr__(self, "unit", Unit(self.unit))
        is_days = self.unit in (Unit.WORKING_DAYS, Unit.DAYS)
        if not 0 <= self.amount <= MOST or not (is_days or self.amount):
            raise ValueError(f"期限“{self.amount:g}{self.unit}”应{'不少于0' if is_days else '大于0'}，不超过{MOST}")
        if is_days and self.amount != int(self.amount):
            raise ValueError(f"期限“{self.amount:g}{self.unit}”应为整天")
        if not self.moves and self.unit != Unit.DAYS:
            raise ValueError("只有按自然日计算的期限才可写“不顺延”")

    def __str__(self) -> str:
        if self.unit == Unit.WORKING_DAYS and self.amount == 0:
            return "当日"
        return f"{self.amount:g}{self.unit}{'' if self.moves else '不顺延'}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that a unit may adopt: which answer stops its clock and the term of each kind of appeal.

    `id` is that of the adopted row, None for a preset; `key` is the preset's own name in the rule file. `source` says where
    the numbers come from, `verified` how far that was checked, `note` what to know before adopting. A rule without terms
    sets no time limit at all.
    """

    name: str
    clock: RuleClock
    terms: Mapping[str, Term]
    source: str = ""
    id: int | None = None
    key: str = ""
    verified: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("规则没有名称")
        if self.clock not in set(RuleClock):
            raise ValueError(f"计时口径“{self.clock}”应为：{'、'.join(RuleClock)}")
        object.__setattr__(self, "clock", RuleClock(self.clock))
        for kind in self.terms:
            _check_kind(kind)
        object.__setattr__(self, "terms", MappingProxyType({k: self.terms[k] for k in KINDS if k in self.terms}))

    def term(self, kind: str) -> Term | None:
        """The term of a kind of appeal; None when the rule says nothing of it, and for 感谢, which waits for nothing."""
        return None if kind == AppealKind.THANKS else self.terms.get(str(kind), self.terms.get(OTHER))


NO_LIMIT = Rule("不设时限", RuleClock.ANSWER, {})
"""Adopting it ends, for a subtree, what it or a unit above it had adopted before."""


def due(rule: Rule, kind: str, asked_at: int, office: OfficeClock) -> int | None:
    """Until when an appeal received at `asked_at` is to be answered, Unix seconds; that second itself is still in time.

    Days begin after the day of receipt in Beijing and end at 24:00 of the last one, which is the first second of the day
    after (民法典第二百零一条、第二百零三条). Working days: the Nth working day after; none (日清日结): the day of receipt,
    or the next working day when that is a rest day (our choice). Natural days: the Nth day after, moved to the next working
    day when it is a rest day (第二百零三条; weekends count as rest days here), unless the term says 不顺延 because what set
    it does (第二百零四条). Hours run from the moment itself, nights and holidays included; working hours only while the office
    is open. None when the rule has no term for the kind, or when a year is needed whose holidays are not loaded.
    """
    term = rule.term(kind)
    if term is None:
        return None
    if term.unit == Unit.HOURS:
        return asked_at + round(term.amount * 3600)
    if term.unit == Unit.WORKING_HOURS:
        return office.after(asked_at, round(term.amount * 3600))
    received = (asked_at + OFFSET) // DAY
    last: int | None = received + int(term.amount)
    if term.unit == Unit.WORKING_DAYS:
        last = office.calendar.working_day(received, int(term.amount))
    elif term.moves:
        last = office.calendar.working_day(received + int(term.amount), 0)
    return None if last is None else (last + 1) * DAY - OFFSET


def is_late(due_at: int, at: int) -> bool:
    """Whether what happened (or has not yet happened) at `at` is too late; 24:00 of the last day is still in time."""
    return at > due_at


def terms_to_text(terms: Mapping[str, Term]) -> str:
    """Terms as people read them and as the table keeps them: "咨询2工作日；求助、建议10工作日", "各类24小时"."""
    if set(terms) == {OTHER}:
        return f"各类{terms[OTHER]}"
    groups: list[tuple[list[str], Term]] = []
    for kind in (kind for kind in KINDS if kind in terms):
        if groups and groups[-1][1] == terms[kind] and kind != OTHER:
            groups[-1][0].append(kind)
        else:
            groups.append(([kind], terms[kind]))
    return "；".join(f"{'、'.join(kinds)}{term}" for kinds, term in groups)


def terms_from_text(text: str) -> dict[str, Term]:
    """The other way round, spaces and either kind of punctuation allowed. Raises ValueError, a Chinese sentence."""
    terms: dict[str, Term] = {}
    plain = re.sub(r"\s", "", text)
    read_to = 0
    for found in TERM.finditer(plain):
        amount, unit = (0.0, Unit.WORKING_DAYS) if found[1] else (float(found[2]), Unit(found[3]))
        term = Term(amount, unit, moves=not found[4])
        for kind in re.split(r"[、,，;；]+", plain[read_to : found.start()].strip("、,，;；。:\uff1a")):
            kind = OTHER if kind == "各类" else kind
            _check_kind(kind)
            if kind in terms:
                raise ValueError(f"“{kind}”写了两次期限")
            terms[kind] = term
        read_to = found.end()
    if rest := plain[read_to:].strip(",，;；。"):
        raise ValueError(f"期限“{rest[:30]}”无法识别：请写成 咨询2工作日；求助、建议10工作日 的样子")
    return terms


def parse_rules(document: Mapping[str, Any]) -> list[Rule]:
    """The rules of a rule file that was read as TOML. Raises ValueError, a Chinese sentence with the rule and the key."""
    entries = document.get("rules")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ValueError("时限规则文件里没有规则：每条规则应以单独一行 [[rules]] 开头。")
    rules: list[Rule] = []
    for number, entry in enumerate(entries, 1):
        rule = _parse(entry, f"第{number}条规则" + (f"“{entry['name']}”" if isinstance(entry.get("name"), str) else ""))
        for other in rules:
            if rule.key == other.key or rule.name == other.name:
                what, word = ("id", rule.key) if rule.key == other.key else ("name", rule.name)
                raise ValueError(f"第{number}条规则“{rule.name}”的 {what}：“{word}”与规则“{other.name}”重复。")
        rules.append(rule)
    return rules


def _parse(entry: Mapping[str, Any], place: str) -> Rule:
    for key, value in entry.items():
        if key not in KEYS:
            raise ValueError(f"{place}的 {key}：没有这个项，可写的有 {'、'.join(sorted(KEYS))}。")
        if not isinstance(value, str):
            raise ValueError(f"{place}的 {key}：应是写在引号里的文字。")
    for key in ("id", "name", "clock", "terms"):
        if not str(entry.get(key, "")).strip():
            raise ValueError(f"{place}的 {key}：没有填写。")
    if entry["clock"] not in set(RuleClock):
        raise ValueError(f"{place}的 clock：“{entry['clock']}”应为{'或'.join(RuleClock)}。")
    try:
        terms = terms_from_text(entry["terms"])
    except ValueError as error:
        raise ValueError(f"{place}的 terms：{error}。") from error
    words = {key: entry.get(key, "").strip() for key in ("source", "verified", "note")}
    return Rule(entry["name"].strip(), RuleClock(entry["clock"]), terms, key=entry["id"].strip(), **words)


def _check_kind(kind: str) -> None:
    if kind == AppealKind.THANKS:
        raise ValueError("感谢不是诉求，不设期限")
    if kind not in KINDS:
        raise ValueError(f"诉求类别“{kind[:20]}”应为：{'、'.join(KINDS)}，或“各类”")
