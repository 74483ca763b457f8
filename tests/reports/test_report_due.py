"""The timetable at work: Friday at three the draft is there with its notice, once, also when the worker came back late."""

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from matrix.comment import Comment
from matrix.report import ReportKind, Said
from matrix.report_life import Act
from matrix.run import Batch
from reports import report_due, report_making
from reports.report_due import Timetable
from storage import batches, journal, organizations, report_cutoff, report_rows, report_steps, report_timetable
from storage.database import create_database, open_writer, writing
from storage.report_content import Author
from storage.understanding import understand
from tests import sample
from worker import READERS

FRIDAY = datetime(2026, 3, 6, 7, 0, tzinfo=UTC)
"""15:00 in Beijing."""


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = FRIDAY - timedelta(days=3)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("due") / "m.db"
    with closing(create_database(path)) as db:
        sample.fill(db, FRIDAY - timedelta(days=1))
    return path


@pytest.fixture
def path(filled: Path, tmp_path: Path) -> Path:
    with closing(open_writer(filled)) as held, closing(create_database(tmp_path / "m.db")) as db:
        held.backup(db)
    return tmp_path / "m.db"


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def timetable(path: Path, watch: Watch) -> Iterator[Timetable]:
    with closing(open_writer(path)) as db, writing(db):
        (city, *_) = organizations.roots(db)
        plan = report_timetable.Plan(city, ReportKind.WEEKLY, is_on=True, rhythm="周五15:00", office="市政府办公室")
        report_timetable.set_plan(db, (city,), plan, "zhuguan", watch.now)
    yield Timetable(path, "https://pub.example.gov.cn", watch, threading.Event())


def test_the_draft_is_made_at_its_hour_once_with_a_notice_and_goes_out_as_it_was_checked(
    path: Path, watch: Watch, timetable: Timetable
) -> None:
    assert timetable.write() == []
    watch.now = FRIDAY + timedelta(hours=18)  # the worker was down over the evening
    (number,) = timetable.write()
    assert timetable.write() == []
    with closing(open_writer(path)) as db:
        scope = organizations.roots(db)
        opened = report_rows.opened(db, scope, report_id=number)
        assert opened
        assert (opened.brief.until, opened.brief.cutoff) == (int(FRIDAY.timestamp()),) * 2
        assert opened.is_whole
        assert opened.steps["by_name"].tolist() == ["定时任务"]
        told = db.execute("SELECT kind, level, title, link FROM notices").fetchall()
        assert told == [("报告", "不分级", "临江市周报草稿待处理", f"/reports?report={number}")]
        assert journal.lines(db, limit=1)[0].act == "起草报告"
    go_out(path, number, watch.now)


def test_a_draft_waits_until_the_comments_of_its_hour_are_read_and_after_half_an_hour_stops_before_them(
    path: Path, watch: Watch, timetable: Timetable
) -> None:
    with closing(open_writer(path)) as db:
        account, platform = db.execute("SELECT id, platform FROM accounts ORDER BY id LIMIT 1").fetchone()
        seen = FRIDAY - timedelta(minutes=3)
        said = Comment("late1", "", seen - timedelta(minutes=10), "路灯坏了三天了，什么时候修？", "77", "市民甲")
        batches.save(db, account, platform, Batch(seen, comments=(said,)), sample.RING, seen)
    watch.now = FRIDAY + timedelta(seconds=5)
    assert timetable.write() == []
    with closing(open_writer(path)) as db:
        (one,) = report_timetable.due(db, watch.now)
        assert report_due.is_early(db, one, FRIDAY + timedelta(minutes=29))
        assert not report_due.is_early(db, one, FRIDAY + timedelta(minutes=31))
        assert report_cutoff.newest(db, FRIDAY, FRIDAY + timedelta(minutes=31)) == one.until - 240
        while understand(db, READERS, watch.now):
            pass
        assert report_due.is_early(db, one, watch.now), "the minute has not settled"
        assert not report_due.is_early(db, one, FRIDAY + timedelta(minutes=1))


def test_what_cannot_be_made_is_told_once_and_tried_again_later(
    path: Path, watch: Watch, timetable: Timetable, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.now, tried = FRIDAY + timedelta(minutes=1), []

    def make(*_: object) -> None:
        tried.append(watch.now)
        raise OSError("a disk that is full")

    monkeypatch.setattr(report_making, "make", make)
    for minutes in (0, 0, 5, 6):
        watch.now += timedelta(minutes=minutes)
        assert timetable.write() == []
    assert tried == [FRIDAY + timedelta(minutes=1), FRIDAY + timedelta(minutes=12)]
    with closing(open_writer(path)) as db:
        assert [row[0] for row in db.execute("SELECT title FROM notices")] == ["临江市周报没有按时生成"]


def go_out(path: Path, number: int, now: datetime) -> None:
    """Submitted, checked, verified and issued; what went out verifies as well."""
    li, wang = Author("li", "李某"), Author("wang", "王某")
    with closing(open_writer(path)) as db:
        scope = organizations.roots(db)

        def opened() -> report_rows.Opened:
            held = report_rows.opened(db, scope, report_id=number)
            assert held
            return held

        for act, one in ((Act.SUBMIT, li), (Act.APPROVE, wang)):
            with writing(db):
                report_steps.take(db, scope, number, act, one, now, opened().last_step)
        word = report_rows.word_of(db, scope, version_id=opened().version_id, is_issued=False)
        assert word
        found = report_making.check(db, scope, word.content, now)
        assert not [one for one in found if one.is_broken]
        with writing(db):
            report_steps.note_check(db, scope, number, opened().version_id, found, "wang", now)
            place = report_steps.next_place(db, scope, number)
            assert place
            content = report_making.issue(db, opened(), place, "http://localhost:8501", "王某", now)
            report_steps.issue(db, scope, number, content, place, wang, now, opened().last_step)
        held = opened()
        issued = report_rows.word_of(db, scope, version_id=held.version_id, is_issued=True)
        assert issued
        again = report_making.check(db, scope, issued.content, now)
        assert {one.kind for one in again if one.is_broken} == set()
        assert held.composed
        assert [one.kind for one in again].count(Said.HOLDS) >= len(held.composed.figures) // 2
        assert report_making.signed(held) == {"编制": "李某", "审核": "王某"}


def test_an_address_of_this_machine_stands_on_no_paper() -> None:
    assert report_making.outside("http://localhost:8501") == ""
    assert report_making.outside("http://127.0.0.1:8600") == ""
    assert report_making.outside("https://pub.example.gov.cn") == "https://pub.example.gov.cn"
    assert report_due.TIMETABLE.login == ""
