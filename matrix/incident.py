"""Incidents: kinds, the three separate levels, official words, and how a matter stood at any moment."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

LONGEST_TITLE, LONGEST_TEXT = 80, 2000


class IncidentKind(StrEnum):
    """Which rules of time can hold; an incident is opened with neither."""

    EMERGENCY = "突发事件"
    OTHER = "其他舆情"


class EventLevel(StrEnum):
    """How grave the event itself is (突发事件应对法 2024, 第三条)."""

    GRAVEST = "特别重大"
    GRAVE = "重大"
    LARGER = "较大"
    ORDINARY = "一般"


class WarningLevel(StrEnum):
    """The colour of a statutory warning (第六十三条), the gravest first."""

    RED = "红"
    ORANGE = "橙"
    YELLOW = "黄"
    BLUE = "蓝"


class ResponseLevel(StrEnum):
    """The emergency response that was started (第七十一条), by the plan that holds; one is the highest."""

    FIRST = "一级"
    SECOND = "二级"
    THIRD = "三级"
    FOURTH = "四级"


class IncidentState(StrEnum):
    """An incident runs until somebody closes it with a summary."""

    OPEN = "处置中"
    CLOSED = "已办结"


class WordKind(StrEnum):
    """What an official word is; only a press conference stops the clock of 24 hours."""

    INFORMATION = "权威信息"
    CONFERENCE = "新闻发布会"
    RESPONSE = "回应"


class Verdict(StrEnum):
    """What a person decided about an official word; what the system found waits for one."""

    WAITING = "待确认"
    CONFIRMED = "已确认"
    REJECTED = "不是官方发声"


class Act(StrEnum):
    """What people do in an incident beside setting its fields."""

    OPEN = "开启"
    NOTE = "备注"
    TASK = "交办"
    DONE = "交办办结"
    HAND_OVER = "交接"
    CLOSE = "办结"
    REOPEN = "重新开启"


class MemberKind(StrEnum):
    """What belongs to an incident."""

    ALERT = "预警"
    POST = "发布内容"
    COMMENT = "评论"
    LEAD = "线索"


class Field(StrEnum):
    """What of an incident may change; each change is a row."""

    TITLE = "title"
    KIND = "kind"
    EVENT_LEVEL = "event_level"
    WARNING_LEVEL = "warning_level"
    RESPONSE_LEVEL = "response_level"
    OCCURRED_AT = "occurred_at"
    STATE = "state"


FIELD_WORDS = {
    Field.TITLE: "标题",
    Field.KIND: "性质",
    Field.EVENT_LEVEL: "事件等级",
    Field.WARNING_LEVEL: "预警级别",
    Field.RESPONSE_LEVEL: "响应级别",
    Field.OCCURRED_AT: "发生时间",
    Field.STATE: "状态",
}
CHOICES: dict[Field, tuple[str, ...]] = {
    Field.KIND: ("", *IncidentKind),
    Field.EVENT_LEVEL: ("", *EventLevel),
    Field.WARNING_LEVEL: ("", *WarningLevel),
    Field.RESPONSE_LEVEL: ("", *ResponseLevel),
}
"""What a field may say; empty is 未定级 or none."""

WARNING_FIELDS = {
    "category": "预警类别",
    "level": "预警级别",
    "starts_at": "起始时间",
    "area": "可能影响范围",
    "cautions": "警示事项",
    "measures": "应采取的措施",
    "issuer": "发布机关",
    "issued_at": "发布时间",
}
"""What a warning of an emergency must say (突发事件应对法 2024, 第六十四条); nothing else asks for these eight."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field that was set at `at` (Unix seconds); times in it are written as digits, an empty text is none."""

    field: str
    before: str
    after: str
    at: int


@dataclass(frozen=True, slots=True)
class Matter:
    """An incident as it stands; times are Unix seconds."""

    title: str
    detected_at: int
    kind: str = ""
    event_level: str = ""
    warning_level: str = ""
    response_level: str = ""
    occurred_at: int | None = None
    state: str = IncidentState.OPEN
    closed_at: int | None = None

    @property
    def starts_at(self) -> int:
        """When its clocks begin: at the event if its time is known, else when it was detected."""
        return self.detected_at if self.occurred_at is None else self.occurred_at


@dataclass(frozen=True, slots=True)
class Word:
    """An official word that a person confirmed; `seen_at` is when it was confirmed or entered."""

    kind: str
    said_at: int
    seen_at: int
    has_evidence: bool = True


def matter_at(now: Matter, changes: Iterable[Change], as_of: int) -> Matter:
    """How an incident stood at `as_of`, from how it stands now and its changes in the order in which they were made: later ones
    are taken back, the last first."""
    later = sorted((one for one in changes if one.at > as_of), key=lambda one: one.at)
    for one in later[::-1]:
        if one.field == Field.OCCURRED_AT:
            now = replace(now, occurred_at=int(one.before) if one.before else None)
        elif one.field == Field.STATE:
            now = replace(now, state=one.before)
        elif one.field in {Field.TITLE, Field.KIND, Field.EVENT_LEVEL, Field.WARNING_LEVEL, Field.RESPONSE_LEVEL}:
            now = replace(now, **{one.field: one.before})
    return replace(now, closed_at=now.closed_at if now.state == IncidentState.CLOSED else None)


def missing_of_warning(said: dict[str, object]) -> list[str]:
    """The names of what a statutory warning lacks."""
    return [words for name, words in WARNING_FIELDS.items() if not str(said.get(name) or "").strip()]
