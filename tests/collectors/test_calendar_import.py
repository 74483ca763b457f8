"""The arrangement of holidays of a year comes from a table: whole or not at all, with every wrong line named."""

import sqlite3
import time
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from collectors.collect_calendar import import_calendar, years_in_words
from collectors.collect_files import ImportReport
from commands import doctor, import_
from matrix.worktime import known_years
from settings import load
from storage import workdays
from storage.database import create_database, open_database
from tests.collectors.files_desk import NOW, make_database, one, write_csv, write_xlsx

FIRST, LAST = known_years()
YEAR = LAST + 1
HEADER = ["日期", "类型", "名称"]


def arrangement(year: int = YEAR) -> list[list[str]]:
    """An arrangement of our own making: the fixed days, a moved Saturday, a Monday off."""
    fixed = [[f"{year}-{month}-{day}", "休", name] for month, day, name in ((1, 1, "元旦"), (5, 1, "劳动节"), (10, 1, "国庆节"))]
    saturday = next(day for day in (date(year, 2, n) for n in range(1, 8)) if day.weekday() == 5)
    return [*fixed, [f"{saturday:%Y/%m/%d}", "班", ""], [f"{year}年2月{(saturday + timedelta(days=2)).day}日", "放假", "调休"]]


def bring(db: sqlite3.Connection, path: Path, *, is_rehearsal: bool = False) -> ImportReport:
    return import_calendar(db, path, now=NOW, asked_by="张三", is_rehearsal=is_rehearsal)


def days(db: sqlite3.Connection) -> int:
    return one(db, "SELECT count(*) FROM calendar_days")[0]


def test_a_year_is_imported_and_counted_from_then_on(tmp_path: Path) -> None:
    db = make_database()
    path = write_csv(tmp_path / "安排.csv", [["某年放假安排", "", ""], HEADER, *arrangement()])
    rehearsed = bring(db, path, is_rehearsal=True)
    assert (rehearsed.outcome, days(db)) == ("ok", 0) and one(db, "SELECT count(*) FROM imports") == (0,)
    report = bring(db, path)
    assert report.outcome == "ok" and not report.faults
    assert report.sentence == f"放假4天，上班1天；可计算工作日的年份：{FIRST}—{YEAR}年" == rehearsed.sentence
    calendar = workdays.calendar(db)
    assert YEAR in calendar.years and [calendar.is_working(row) for row in sorted(workdays.imported(db))].count(True) == 1
    kept = "SELECT recipe, outcome, rows_good, rows_new, rows_bad, asked_by FROM imports"
    assert one(db, kept) == ("calendar", "ok", 5, 5, 0, "张三")
    assert one(db, "SELECT source, author, name FROM calendar_days ORDER BY day") == ("安排.csv", "张三", "元旦")
    again = bring(db, path)
    assert again.outcome == "ok" and again.before == "安排.csv" and days(db) == 5


WAYS_TO_WRITE_A_DAY = {
    "hyphens": "2045-05-02",
    "hyphens and midnight": "2045-05-02 00:00:00",
    "slashes": "2045/5/2",
    "dots": "2045.05.02",
    "Chinese": "2045年5月2日",
    "with its weekday": "2045年5月2日（星期二）",
    "with its weekday behind": "2045-5-2 周二",
    "digits": "20450502",
    "day number of a spreadsheet": "53084",
    "a date of Excel": datetime(2045, 5, 2),  # noqa: DTZ001 as openpyxl gives it
    "a date number of Excel": 53084,
    "digits as a number of Excel": 20450502,
}


@pytest.mark.parametrize("written", WAYS_TO_WRITE_A_DAY.values(), ids=WAYS_TO_WRITE_A_DAY.keys())
def test_a_day_may_be_written_in_any_usual_way(tmp_path: Path, written: object) -> None:
    db = make_database()
    rows: list[tuple[object, ...]] = [tuple(row) for row in (HEADER, *arrangement(2045))]
    rows.append((written, "上班", ""))
    path = write_csv(tmp_path / "a.csv", rows) if isinstance(written, str) else write_xlsx(tmp_path / "a.xlsx", rows)
    assert bring(db, path).sentence.startswith("放假4天，上班2天")
    assert workdays.imported(db)[date(2045, 5, 2)] is True


def test_every_wrong_line_is_named_and_nothing_goes_in(tmp_path: Path) -> None:
    db = make_database()
    wrong = [
        [f"{YEAR}-02-30", "休", ""],
        ["5月1日", "休", ""],
        ["", "休", ""],
        [f"{YEAR}-06-01", "调休", ""],
        [f"{YEAR}-06-02", "", ""],
        [f"{YEAR}-10-01", "班", ""],
        [f"{YEAR}-06-03", "休", ""],
        [f"{YEAR}-06-03", "班", ""],
        ["1998-06-03", "班", ""],
    ]
    report = bring(db, write_csv(tmp_path / "a.csv", [HEADER, *arrangement(), *wrong]))
    assert (report.outcome, report.rows_good, report.rows_bad, days(db)) == ("failed", 0, 8, 0)
    assert report.sentence == "有8行不能识别，整个文件没有导入，请改正后重新导入"
    assert [(fault.line, fault.reason) for fault in report.faults] == [
        (7, f"日期“{YEAR}-02-30”无法识别，请写成 2027-01-01"),
        (8, "日期“5月1日”无法识别，请写成 2027-01-01"),
        (9, "缺少日期"),
        (10, "类型“调休”应为“休”或“班”"),
        (11, "缺少类型，应为“休”或“班”"),
        (12, f"{YEAR}-10-01是法定节日，不会是上班日"),
        (14, f"{YEAR}-06-03与第13行的类型相反"),
        (15, "日期“1998-06-03”不在2000年到2099年之间"),
    ]
    assert one(db, "SELECT count(*) FROM import_faults") == (8,)
    assert YEAR not in workdays.calendar(db).years


def test_half_a_year_is_no_calendar_but_days_of_a_known_year_and_of_its_neighbours_are(tmp_path: Path) -> None:
    db = make_database()
    half = [row for row in arrangement() if row[2] != "国庆节"]
    report = bring(db, write_csv(tmp_path / "half.csv", [HEADER, *half]))
    assert report.outcome == "failed" and f"{YEAR}年的安排不全" in report.sentence and days(db) == 0
    local = write_csv(tmp_path / "local.csv", [HEADER, [f"{LAST}-04-21", "休", "本地节日"], [f"{YEAR}-01-02", "休", ""]])
    report = bring(db, local)
    assert report.outcome == "ok" and years_in_words(workdays.calendar(db).years) == f"{FIRST}—{LAST}年"
    assert not workdays.calendar(db).is_working(date(LAST, 4, 21))
    assert bring(db, write_csv(tmp_path / "far.csv", [HEADER, *arrangement(2060)])).sentence.endswith(f"{FIRST}—{LAST}年、2060年")


def test_what_differs_from_the_calendar_held_is_said(tmp_path: Path) -> None:
    db = make_database()
    report = bring(db, write_csv(tmp_path / "a.csv", [HEADER, ["2026-03-02", "休", ""], ["2026-02-16", "休", ""]]))
    assert "与原有日历不同的有1天：2026-03-02" in report.sentence


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([["标题", "正文"], ["a", "b"]], "这不是工作日历"),
        ([["2027-01-01", "休", "元旦"]], "这不是工作日历"),
        ([HEADER], "没有可导入的行"),
    ],
)
def test_a_file_that_is_no_calendar_is_refused(tmp_path: Path, rows: list[list[str]], sentence: str) -> None:
    db = make_database()
    report = bring(db, write_csv(tmp_path / "a.csv", rows))
    assert report.outcome == "failed" and sentence in report.sentence
    assert bring(db, tmp_path / "没有.csv").sentence == "找不到文件：没有.csv"


def test_the_command_imports_a_year_and_the_doctor_then_knows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MATRIX_DATABASE_PATH", str(tmp_path / "m.db"))
    monkeypatch.setenv("MATRIX_DATABASE_KEY_FILE", str(tmp_path / "m.key"))
    monkeypatch.setenv("MATRIX_CLOCK_START", f"{YEAR}-03-02T08:00")
    monkeypatch.setenv("MATRIX_CLOCK_ANCHOR", str(time.time()))
    now = load().clock().now()
    assert doctor.look_at_calendar(now, doctor.years_of(load())).level == doctor.BAD
    with closing(create_database(tmp_path / "m.db")):
        pass
    path = str(write_csv(tmp_path / "安排.csv", [HEADER, *arrangement()]))
    assert import_.main([path, "--calendar", "--dry-run"]) == 0
    assert "检查：放假4天，上班1天" in capsys.readouterr().out
    found = doctor.look_at_calendar(now, doctor.years_of(load()))
    assert found.level == doctor.BAD and f"缺少 {YEAR} 年" in found.sentence and "--calendar" in found.sentence
    assert import_.main([path, "--calendar", "--as", "张三"]) == 0
    assert f"可计算工作日的年份：{FIRST}—{YEAR}年" in capsys.readouterr().out
    found = doctor.look_at_calendar(now, doctor.years_of(load()))
    assert found.level == doctor.GOOD and found.sentence.endswith(f"另已导入{YEAR}年")
    with closing(open_database(tmp_path / "m.db")) as db:
        assert one(db, "SELECT actor, act, subject FROM journal ORDER BY id DESC") == ("张三", "导入工作日历", "安排.csv")
    bad = str(write_csv(tmp_path / "bad.csv", [HEADER, ["不详", "休", ""]]))
    assert import_.main([bad, "--calendar"]) == 1
    assert "第2行：日期“不详”无法识别" in capsys.readouterr().out
