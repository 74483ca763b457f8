"""Which time a report covers: cut-offs of a timetable, and the period that begins where the last report ended."""

from dataclasses import dataclass
from datetime import date, timedelta

from matrix.report import ReportKind

OFFSET, DAY = 28800, 86400
EPOCH = date(1970, 1, 1)
THURSDAY = 4
"""The weekday of 1 January 1970; 1 is Monday."""
LONGEST_WAIT = 2
"""A report that begins more than so many usual periods back is told to be unusually long."""


TIMED = (ReportKind.DAILY, ReportKind.WEEKLY, ReportKind.MONTHLY, ReportKind.TIMELINESS)
"""Kinds that come round by themselves; a special report is made when something happens."""

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a kind of report is due: every day, on a weekday (1 Monday to 7), on a day of the month; minutes of the Beijing day.

    `weekday` counts for weekly reports and `month_day` (1 to 28) for monthly ones.
    """

    minute: int
    weekday: int = 5
    month_day: int = 1

    def words(self, kind: ReportKind) -> str:
        """每周五15:00."""
        clock = f"{self.minute // 60:02d}:{self.minute % 60:02d}"
        if kind is ReportKind.DAILY:
            return f"每日{clock}"
        return f"每周{WEEKDAYS[self.weekday - 1]}{clock}" if kind is ReportKind.WEEKLY else f"每月{self.month_day}日{clock}"


USUAL = {
    ReportKind.DAILY: Rhythm(8 * 60),
    ReportKind.WEEKLY: Rhythm(15 * 60, weekday=5),
    ReportKind.MONTHLY: Rhythm(8 * 60),
    ReportKind.TIMELINESS: Rhythm(8 * 60),
}
"""Where a unit has set nothing: daily 08:00, Friday 15:00, the first of the month 08:00."""

LENGTHS = {ReportKind.DAILY: DAY, ReportKind.WEEKLY: 7 * DAY, ReportKind.INCIDENT: 7 * DAY}
LENGTHS |= dict.fromkeys((ReportKind.MONTHLY, ReportKind.TIMELINESS), 31 * DAY)
"""How long a report of each kind usually covers, in seconds."""


@dataclass(frozen=True, slots=True)
class Span:
    """A period in Unix seconds, and the sentence that says why it is the one."""

    since: int
    until: int
    why: str


def read_rhythm(kind: ReportKind, text: str) -> Rhythm:
    """A rhythm as it is typed: 08:00; 周五15:00; 1日08:00. Raises ValueError, a Chinese sentence."""
    words = "".join(text.split()).replace("：", ":").removeprefix("每").removeprefix("日").removeprefix("月")
    example = {ReportKind.DAILY: "08:00", ReportKind.WEEKLY: "周五15:00"}.get(kind, "1日08:00")
    wrong = ValueError(f"“{text.strip()[:20]}”不是{kind}的截止时刻，应形如“{example}”。")
    weekday, month_day = 5, 1
    if kind is ReportKind.WEEKLY:
        if len(words) < 2 or words[0] != "周" or words[1] not in WEEKDAYS:
            raise wrong
        weekday, words = WEEKDAYS.index(words[1]) + 1, words[2:]
    elif kind is not ReportKind.DAILY:
        day, mark, words = words.partition("日")
        if not mark or not day.isdecimal() or len(day) > 2 or not 1 <= int(day) <= 28:
            raise ValueError(f"“{text.strip()[:20]}”不是{kind}的截止时刻，应形如“{example}”，日期从1到28。")
        month_day = int(day)
    hour, _, minute = words.partition(":")
    is_clock = hour.isdecimal() and minute.isdecimal() and len(hour) <= 2 and len(minute) == 2
    if not is_clock or int(hour) > 23 or int(minute) > 59:
        raise wrong
    return Rhythm(int(hour) * 60 + int(minute), weekday, month_day)


def beijing_date(moment: int) -> date:
    return EPOCH + timedelta(days=(moment + OFFSET) // DAY)


def at_minute(day: date, minute: int) -> int:
    return (day - EPOCH).days * DAY - OFFSET + minute * 60


def last_cutoff(kind: ReportKind, rhythm: Rhythm, now: int) -> int:
    """The newest moment of the timetable that is not after `now`, in Unix seconds."""
    today = beijing_date(now)
    if kind is ReportKind.WEEKLY:
        day = today - timedelta(days=(today.isoweekday() - rhythm.weekday) % 7)
        return at_minute(day if at_minute(day, rhythm.minute) <= now else day - timedelta(days=7), rhythm.minute)
    if kind is ReportKind.DAILY:
        return at_minute(today if at_minute(today, rhythm.minute) <= now else today - timedelta(days=1), rhythm.minute)
    day = today.replace(day=rhythm.month_day)
    return at_minute(day if at_minute(day, rhythm.minute) <= now else month_before(day), rhythm.minute)


def month_before(day: date) -> date:
    """The same day of the month before; days to 28 are in every month."""
    return day.replace(year=day.year - 1, month=12) if day.month == 1 else day.replace(month=day.month - 1)


def one_before(kind: ReportKind, rhythm: Rhythm, cutoff: int) -> int:
    """The cut-off of the timetable before one of them."""
    return last_cutoff(kind, rhythm, cutoff - 1)


def is_covered(kind: ReportKind, cutoff: int, previous: int | None) -> bool:
    """Whether a report that was made by hand shortly before a moment of the timetable (less than half a period), or after it,
    takes the place of the one that is due then."""
    return previous is not None and cutoff - previous < LENGTHS[kind] / 2


def default_span(kind: ReportKind, rhythm: Rhythm, now: int, previous: int | None) -> Span:
    """From the end of the report before (`previous`, Unix seconds) to now, so that no weekend and no holiday is lost.

    Without one, the usual period: since the newest cut-off of the timetable that lies half a period back or more; seven days
    for a special report.
    """
    usual = LENGTHS[kind]
    if previous is not None and previous < now:
        days = (now - previous) / DAY
        is_long = now - previous > LONGEST_WAIT * usual
        more = f"；距今已{days:.0f}天，比平时长，请核对" if is_long else ""
        return Span(previous, now, f"接上一期统计时段的结束，不漏周末和节假日{more}")
    if kind is ReportKind.INCIDENT:
        return Span(now - 7 * DAY, now, "没有上一期，默认近7天，请改为事件的起止")
    last = last_cutoff(kind, rhythm, now)
    since = last if now - last >= usual / 2 else one_before(kind, rhythm, last)
    return Span(since, now, f"没有上一期，从{rhythm.words(kind)}的截止时刻起")
