"""Writes the reports that the timetable wants, each once, and tells their units that a draft waits."""

import logging
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from matrix.notice import UNGRADED, Notice
from matrix.report import Brief
from matrix.report_words import moment_words
from storage import journal, outbox, report_cutoff, report_steps, report_timetable, reports
from storage.database import open_writer, writing
from storage.moments import from_seconds, to_seconds
from storage.report_content import Author
from storage.report_timetable import Due

log = logging.getLogger(__name__)

TIMETABLE = Author("", "定时任务")
"""Who drafts by the timetable; without a login nobody is its writer until somebody takes it in hand."""
AGAIN = timedelta(minutes=10)
"""So long until what failed is tried again."""
PATIENCE = timedelta(minutes=30)
"""So long a draft waits for the comments of its hour to be read; after that it stops before the oldest of them."""


class Timetable:
    """Looks now and then which reports are due and drafts them; `address` is that of the console."""

    def __init__(self, path: Path, address: str, now: Callable[[], datetime], stopping: threading.Event) -> None:
        self.path, self.address, self.now, self.stopping = path, address, now, stopping
        self._failed: dict[Due, datetime] = {}

    def tick(self) -> None:
        """Draft what is due. On a thread of its own: a report takes seconds, and a province has many units."""
        self.write()

    def write(self) -> list[int]:
        """Draft everything that is due now; gives the ids. One that cannot be made does not hold up the others."""
        made = []
        with closing(open_writer(self.path)) as db:
            for one in report_timetable.due(db, self.now()):
                if self.stopping.is_set() or self._failed.get(one, self.now()) > self.now() or is_early(db, one, self.now()):
                    continue
                try:
                    made.append(draft(db, one, self.address, self.now()))
                except Exception as error:
                    log.exception("the report %s could not be made", one)
                    self._failed[one] = self.now() + AGAIN
                    with writing(db):
                        outbox.put(db, failed(one, error, self.now()), self.now())
        return made


def is_early(db: sqlite3.Connection, one: Due, now: datetime) -> bool:
    """Whether something that was known by the hour has still to be read, as in the first seconds after it is usual."""
    hour = from_seconds(one.until)
    return now < hour + PATIENCE and report_cutoff.newest(db, hour, now) < one.until


def draft(db: sqlite3.Connection, one: Due, address: str, now: datetime) -> int:
    """One report as of its hour, kept with its notice and its line of the journal in one transaction."""
    from reports.report_making import make  # the writer of Word costs half a second, which a worker without reports saves

    scope = (one.organization_id,)
    with writing(db):
        cutoff = report_cutoff.draw(db, from_seconds(one.until), now)
    brief = Brief(one.kind, one.organization_id, one.since, report_cutoff.end_of(one.since, one.until, cutoff), cutoff)
    made = make(db, brief, report_steps.place_of(db, brief), address, TIMETABLE.name)
    with writing(db):
        report_id = reports.draft(db, scope, made.composed, made.word, TIMETABLE, now, one.until)
        outbox.put(db, waits(one, report_id, made.composed.is_quiet, now), now)
        subject = f"{one.organization}{one.kind}"
        journal.note(db, at=now, actor=TIMETABLE.name, act="起草报告", subject=subject, detail=f"截至{moment_words(cutoff)}")
    return report_id


def waits(one: Due, report_id: int, is_quiet: bool, now: datetime) -> Notice:
    """What the unit's channels are told: a draft waits for somebody."""
    quiet = "本期无异常。" if is_quiet else ""
    span = f"{moment_words(one.since)}至{moment_words(one.until)}"
    body = f"统计时段{span}。{quiet}草稿已由系统生成，请补充研判和建议，核对后提交审核。"
    title = f"{one.organization}{one.kind}草稿待处理"
    key = f"report:{report_id}:waits"
    link = f"/reports?report={report_id}"
    return Notice(key, UNGRADED, "报告", title, body, one.organization_id, to_seconds(now), link)


def failed(one: Due, error: Exception, now: datetime) -> Notice:
    """That a draft could not be made: once for each hour of the timetable."""
    reason = str(error) if isinstance(error, ValueError | PermissionError) else f"程序出错({type(error).__name__})"
    again = f"系统每{AGAIN.seconds // 60}分钟再试，也可在“舆情报告”中手工起草。"
    body = f"截至{moment_words(one.until)}的{one.kind}没有生成：{reason.rstrip('。')}。{again}"
    title = f"{one.organization}{one.kind}没有按时生成"
    key = f"report:{one.organization_id}:{one.kind}:{one.until}:failed"
    return Notice(key, UNGRADED, "报告", title, body, one.organization_id, to_seconds(now), "/reports")
