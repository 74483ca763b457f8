"""Imports the arrangement of holidays of a year from a table: the whole file or nothing, every wrong line named."""

import re
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from collectors.collect_files import FAULTS_SHOWN, ImportReport, sha256_of
from collectors.files import FileError, RowError, RowFault, open_tables
from collectors.files.rows import Cell
from collectors.files.tables import Table, excerpt
from collectors.files.values import read_text
from matrix.worktime import FIXED_RESTS, Calendar, whole_years
from storage import imports, workdays
from storage.database import writing

CALENDAR = "calendar"
TITLE = "工作日历"
COLUMNS = {
    "日期": ("日期", "date", "日子", "时间"),
    "类型": ("类型", "类别", "安排", "休班", "休/班", "是否上班", "type"),
    "名称": ("名称", "节日", "节假日", "节日名称", "假日", "说明", "备注", "name"),
}
WORDS = dict.fromkeys(("休", "放假", "休息", "休假", "节假日", "假日", "假", "放假日", "休息日"), False) | dict.fromkeys(
    ("班", "上班", "补班", "工作日", "工作", "调休上班", "上班日", "补休上班"), True
)
WRITTEN = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s]+0{1,2}:00(?::00)?(?:\.0+)?)?"
    r"\s*[(\uff08]?\s*(?:(?:周|星期|礼拜)[一二三四五六日天])?\s*[)\uff09]?"
)
SHEET_ZERO = date(1899, 12, 30)
"""Spreadsheets count days from here; only numbers that mean 2000 to 2099 are taken for such."""

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
MOST_ROWS = 5000
NEIGHBOUR = timedelta(days=7)
"""A year's arrangement may name days of the year before or after, no further away than this."""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    line: int
    day: date
    is_working: bool
    name: str


def import_calendar(
    db: sqlite3.Connection, path: Path, *, now: datetime, asked_by: str, file_name: str = "", is_rehearsal: bool = False
) -> ImportReport:
    """Add the days of a file to the calendar, all of them or, when one line is wrong, none; never raises for what is wrong.

    Days of a year that is known are changes of it (a day moved later in the year, a local holiday). A year that is not
    known yet must come whole, or else some of its days would be taken for ordinary ones.
    """
    report = ImportReport(file_name or path.name, CALENDAR, TITLE)
    sha = ""
    rows: list[CalendarDay] = []
    held = workdays.calendar(db)
    try:
        sha = sha256_of(path) if path.is_file() else ""
        rows, report.faults = read_calendar(path)
        refusal = _refusal(rows, report.faults, held.years)
    except (FileError, OSError) as error:
        refusal = str(error) if isinstance(error, FileError) else f"文件无法读取({error.strerror or error})"
    earlier = imports.seen_before(db, sha)
    report.before = earlier[0] if sha and earlier else ""
    report.rows_bad = len(report.faults)
    report.rows_good = 0 if refusal else len(rows)
    report.outcome = "failed" if refusal else "ok"
    report.sentence = refusal or _told(rows, held, workdays.imported(db))
    if not is_rehearsal:
        report.import_id = imports.start(db, report.file_name, sha, CALENDAR, asked_by, now)
        if report.rows_good:
            with writing(db):
                days = [(row.day, row.is_working, row.name) for row in rows]
                workdays.save_calendar(db, days, report.file_name, asked_by, now)
        imports.note_faults(db, report.import_id, [(fault.line, fault.reason, fault.excerpt) for fault in report.faults])
        good = report.rows_good
        imports.finish(db, report.import_id, report.outcome, report.sentence, good, good, report.rows_bad, now)
    report.faults = report.faults[:FAULTS_SHOWN]
    return report


def read_calendar(path: Path) -> tuple[list[CalendarDay], list[RowFault]]:
    """The days of a file and its wrong lines. Raises FileError when the file as a whole is no calendar."""
    tables = open_tables(path)
    try:
        for table in tables:
            columns = _columns_of(table.columns)
            if {"日期", "类型"} <= columns.keys():
                return _read(table, columns)
        raise FileError("这不是工作日历：第一行应是列名，要有“日期”和“类型”两列，例如 2027-01-01,休,元旦")
    finally:
        for table in tables:
            with suppress(OSError):
                table.close()


def _columns_of(columns: Iterable[str]) -> dict[str, str]:
    present = {column.replace(" ", "").lower(): column for column in columns}
    found = {target: next((present[word] for word in words if word in present), "") for target, words in COLUMNS.items()}
    return {target: column for target, column in found.items() if column}


def _read(table: Table, columns: Mapping[str, str]) -> tuple[list[CalendarDay], list[RowFault]]:
    days: dict[date, CalendarDay] = {}
    faults: list[RowFault] = []
    for row in table.rows():
        if isinstance(row, RowFault):
            faults.append(row)
            continue
        line, cells = row
        try:
            name = read_text(cells.get(columns["名称"]))[:40] if "名称" in columns else ""
            said = CalendarDay(line, read_day(cells.get(columns["日期"])), _read_kind(cells.get(columns["类型"])), name)
            if said.is_working and (said.day.month, said.day.day) in FIXED_RESTS:
                raise RowError(f"{said.day}是法定节日，不会是上班日")
            before = days.setdefault(said.day, said)
            if before.is_working != said.is_working:
                raise RowError(f"{said.day}与第{before.line}行的类型相反")
        except RowError as error:
            faults.append(RowFault(line, str(error), excerpt(cells)))
        if len(days) > MOST_ROWS:
            raise FileError(f"超过{MOST_ROWS}天，不像一年的放假安排")
    return list(days.values()), faults


def read_day(cell: Cell) -> date:
    """A day in any of the usual forms, the day numbers of spreadsheets included. Raises RowError."""
    text = read_text(cell)
    day: date | None = None
    if isinstance(cell, datetime):
        day = cell.date()
    elif isinstance(cell, date):
        day = cell
    else:
        with suppress(ValueError):
            if match := WRITTEN.fullmatch(text):
                day = date(*map(int, match.groups()))
            elif re.fullmatch(r"20\d{6}(\.0)?", text):
                day = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
            elif re.fullmatch(r"\d{5}(\.0)?", text):
                day = SHEET_ZERO + timedelta(days=int(text[:5]))
    if day is None:
        raise RowError(f"日期“{text[:30]}”无法识别，请写成 2027-01-01" if text else "缺少日期")
    if not EARLIEST <= day <= LATEST:
        raise RowError(f"日期“{text[:30]}”不在2000年到2099年之间")
    return day


def _read_kind(cell: Cell) -> bool:
    text = read_text(cell).replace(" ", "")
    if text not in WORDS:
        raise RowError(f"类型“{text[:20]}”应为“休”或“班”" if text else "缺少类型，应为“休”或“班”")
    return WORDS[text]


def _refusal(rows: list[CalendarDay], faults: list[RowFault], known: frozenset[int]) -> str:
    """Why the file does not go in; "" when it does."""
    if faults:
        return f"有{len(faults)}行不能识别，整个文件没有导入，请改正后重新导入"
    if not rows:
        return "文件里没有可导入的行"
    whole = known | whole_years({row.day: row.is_working for row in rows})
    for row in rows:
        if row.day.year not in whole and not {(row.day - NEIGHBOUR).year, (row.day + NEIGHBOUR).year} & whole:
            return f"{row.day.year}年的安排不全(至少要有元旦、劳动节、国庆节的放假)，没有导入：请补全全年的放假和调休上班日"
    return ""


def _told(rows: list[CalendarDay], held: Calendar, imported: Mapping[date, bool]) -> str:
    rests = sum(not row.is_working for row in rows)
    parts = [f"放假{rests}天，上班{len(rows) - rests}天"]
    moved = [row.day for row in rows if row.day.year in held.years and held.is_working(row.day) != row.is_working]
    if moved:
        parts.append(f"与原有日历不同的有{len(moved)}天：{'、'.join(map(str, moved[:5]))}{'等' if len(moved) > 5 else ''}")
    years = held.years | whole_years({**imported, **{row.day: row.is_working for row in rows}})
    return "；".join([*parts, f"可计算工作日的年份：{years_in_words(years)}"])


def years_in_words(years: frozenset[int]) -> str:
    """Runs of years as people write them: 2004—2026年、2028年."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return "、".join(f"{run[0]}—{run[-1]}年" if len(run) > 1 else f"{run[0]}年" for run in runs)
