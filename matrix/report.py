"""What a report is: its kinds, what it is asked to cover, and a figure that can always be asked again."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

__all__ = ["QUIET", "REFUSED", "Brief", "Copy", "Figure", "Note", "ReportKind", "Said"]


class ReportKind(StrEnum):
    """The five reports that an office hands in."""

    DAILY = "日报"
    WEEKLY = "周报"
    MONTHLY = "月报"
    INCIDENT = "事件专报"
    TIMELINESS = "时效通报"


class Copy(StrEnum):
    """The copy that is checked carries the key of each figure beside it; the issued one keeps the keys in its annex."""

    REVIEW = "审核稿"
    ISSUED = "签发稿"


class Said(StrEnum):
    """What a check found of a figure. The first three let a report go out; BY_HAND is a person's own number in a marked part."""

    HOLDS = "一致"
    MORE = "有新增"
    BY_HAND = "人工撰写"
    CHANGED = "不一致"
    LOST = "找不到"


REFUSED = frozenset({Said.CHANGED, Said.LOST})
"""A report with one finding of these must not be issued."""

QUIET = {
    ReportKind.DAILY: "今日无异常",
    ReportKind.WEEKLY: "本周无异常",
    ReportKind.MONTHLY: "本月无异常",
    ReportKind.TIMELINESS: "本期无异常",
    ReportKind.INCIDENT: "本期无异常",
}
"""What stands in a report of a period in which nothing was found."""


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph that a person wrote: under which heading (研判, 建议 …), the words, who."""

    heading: str
    text: str
    author: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """What a report is about.

    `since` and `until` bound the time of what happened, [since, until), and nothing that became known after `cutoff` counts; all
    Unix seconds. `organization_id` takes its subtree, 0 all that the maker may see. A 事件专报 is on `incident_id`, or where none
    is named on the newest incident that was open by then.
    """

    kind: ReportKind
    organization_id: int
    since: int
    until: int
    cutoff: int
    title: str = ""
    incident_id: int | None = None
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        if not self.since < self.until:
            raise ValueError("统计时段的结束须晚于开始，请改正起止时间。")

    @property
    def before(self) -> tuple[int, int]:
        """The period before: as long as this one and ending where it begins."""
        return 2 * self.since - self.until, self.since


@dataclass(frozen=True, slots=True)
class Figure:
    """One answer of a named question. `params` and `cutoff` are all that is needed to ask again; `rows` is how many rows it
    rests on, `value` what it is as plain JSON (a table: a list of rows of printed cells), `text` how it is printed."""

    key: str
    question: str
    params: Mapping[str, Any]
    cutoff: int
    rows: int
    value: Any
    text: str
    meaning: str = ""

    @property
    def mark(self) -> str:
        """A fingerprint over everything that the figure says of itself: SHA-256, first 16 hexadecimal digits."""
        whole = [self.key, self.question, dict(self.params), self.cutoff, self.rows, self.value, self.text]
        line = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(line.encode("utf-8", "surrogatepass")).hexdigest()[:16]
