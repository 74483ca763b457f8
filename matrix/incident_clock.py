"""The clocks of an incident: by when authoritative information, a press conference or a response must have been given."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from matrix.incident import EventLevel, IncidentKind, Matter, Word, WordKind

HOUR = 3600
SOON_SECONDS = HOUR
"""A clock that runs out within an hour is 将到期."""

GRAVE = frozenset({EventLevel.GRAVEST, EventLevel.GRAVE})


class ClockState(StrEnum):
    """How one clock stands."""

    PENDING = "待定级"
    RUNNING = "进行中"
    SOON = "将到期"
    MET = "已按时"
    LATE = "超时"
    LEFT = "未发布即办结"


@dataclass(frozen=True, slots=True)
class ClockRule:
    """What must have happened within so many continuous hours, and which official words stop the clock."""

    name: str
    hours: int
    stopped_by: frozenset[str]
    basis: str
    needs_evidence: bool = False


INFORMATION = ClockRule(
    "权威信息", 5, frozenset({WordKind.INFORMATION, WordKind.CONFERENCE}), "国办发〔2016〕80号：特别重大、重大突发事件5小时内"
)
CONFERENCE = ClockRule(
    "新闻发布会", 24, frozenset({WordKind.CONFERENCE}), "国办发〔2016〕61号：特别重大、重大突发事件24小时内", needs_evidence=True
)
RESPONSE = ClockRule("回应", 48, frozenset(WordKind), "国办发〔2016〕61号：其他政务舆情48小时内")


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock at one moment; times are Unix seconds, `used` and `left` seconds (`left` below zero: so much too late)."""

    rule: ClockRule
    state: ClockState
    starts_at: int
    due_at: int
    stopped_at: int | None
    used: int
    left: int

    @property
    def is_late(self) -> bool:
        return self.state is ClockState.LATE

    @property
    def is_running(self) -> bool:
        """Nothing has stopped it yet, and it counts."""
        return self.stopped_at is None and self.state in (ClockState.RUNNING, ClockState.SOON, ClockState.LATE)


def rules_for(matter: Matter) -> tuple[tuple[ClockRule, ...], bool]:
    """The clocks that apply, and whether they hold for certain: until kind and level are set each candidate is pending.

    国办发〔2016〕61号 and 80号: grave and gravest emergencies have 5 and 24 hours, every other public-opinion matter 48.
    """
    if matter.kind == IncidentKind.OTHER or matter.event_level in (EventLevel.LARGER, EventLevel.ORDINARY):
        return (RESPONSE,), True
    if matter.kind == IncidentKind.EMERGENCY and matter.event_level in GRAVE:
        return (INFORMATION, CONFERENCE), True
    return (INFORMATION, CONFERENCE, RESPONSE), False


def clocks(matter: Matter, words: Iterable[Word], as_of: int) -> list[Clock]:
    """Every clock as it stood at `as_of`: a word counts once it was said and confirmed. Continuous hours, no pause.

    `matter` is how the incident stood then (`matrix.incident.matter_at`). What was said before the event itself cannot be
    about it; what was said before a mere detection counts, with nothing used.
    """
    rules, is_certain = rules_for(matter)
    known = sorted((one for one in words if one.said_at <= as_of and one.seen_at <= as_of), key=lambda one: one.said_at)
    if matter.occurred_at is not None:
        known = [one for one in known if one.said_at >= matter.occurred_at]
    end = as_of if matter.closed_at is None else min(as_of, matter.closed_at)
    return [_clock(rule, matter, known, end, is_certain=is_certain) for rule in rules]


def _clock(rule: ClockRule, matter: Matter, known: list[Word], end: int, *, is_certain: bool) -> Clock:
    start = matter.starts_at
    due = start + rule.hours * HOUR
    stopping = (one for one in known if one.kind in rule.stopped_by and (one.has_evidence or not rule.needs_evidence))
    stopped = next((one.said_at for one in stopping), None)
    at = max(start, end if stopped is None else stopped)
    used, left = at - start, due - at
    if not is_certain:
        state = ClockState.PENDING
    elif left < 0:
        state = ClockState.LATE
    elif stopped is not None:
        state = ClockState.MET
    elif matter.closed_at is not None:
        state = ClockState.LEFT
    else:
        state = ClockState.SOON if left <= SOON_SECONDS else ClockState.RUNNING
    return Clock(rule, state, start, due, stopped, used, left)


def next_due(found: Iterable[Clock]) -> Clock | None:
    """The clock that asks for something first: late ones before running ones; None when nothing is asked for."""
    return min((one for one in found if one.is_running), key=lambda one: one.due_at, default=None)


def start_words(matter: Matter) -> str:
    """起算依据: by which of the two times the clocks run, in words."""
    return "自发现时间起算(发生时间未知)" if matter.occurred_at is None else "自事件发生时间起算"
