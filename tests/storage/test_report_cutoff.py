"""A cut-off of a report lies before whatever is still to be read, and the period of a report is the same wherever it is made."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from matrix.account import Platform
from matrix.comment import Comment
from matrix.report import ReportKind
from matrix.run import Batch
from storage import batches, cutoffs, heads, marks, report_cutoff, report_timetable
from storage.database import create_database, writing
from storage.understanding import understand
from tests.sample import RING, fill
from worker import READERS

FRIDAY = datetime(2026, 3, 6, 7, 0, tzinfo=UTC)
CUT = int(FRIDAY.timestamp())
WEIBO = int(Platform.WEIBO)


@pytest.fixture(scope="module")
def city():
    db = create_database(":memory:")
    yield db, fill(db, FRIDAY - timedelta(hours=2))
    db.close()


def test_a_cut_off_is_a_whole_minute_that_has_settled_and_comes_before_the_oldest_unread_comment(city) -> None:
    db, ids = city
    account, later = ids[f"{WEIBO}:临江发布"], FRIDAY + timedelta(seconds=30)
    assert report_cutoff.newest(db, later, later) == CUT
    assert report_cutoff.newest(db, FRIDAY, FRIDAY) == CUT - 60
    assert report_cutoff.newest(db, FRIDAY + timedelta(days=9), later) == CUT
    seen = FRIDAY - timedelta(minutes=10)
    said = Comment("unread", "", seen, "水费太贵了，什么时候降价？强烈不满！", "5", "市民")
    batches.save(db, account, WEIBO, Batch(seen, comments=(said,)), RING, seen)
    with writing(db):
        cut = report_cutoff.draw(db, FRIDAY, later)
    assert cut == CUT - 660
    assert cutoffs.newest(db) == cut
    span: dict[str, Any] = {"since": CUT - 7 * 86400, "until": CUT, "seen_by": cut}
    before = heads.topics(db, (ids["临江市"],), **span)
    while understand(db, READERS, later):
        pass
    assert heads.topics(db, (ids["临江市"],), **span).equals(before)
    assert report_cutoff.newest(db, FRIDAY, later) == CUT
    for held, then in ((CUT + 5, CUT + 5), (CUT + 2 * 86400, CUT)):  # of an inspection just now; of a clock that was wrong
        with writing(db):
            marks.put(db, cutoffs.NAME, str(held))
            report_cutoff.draw(db, FRIDAY, later)
        assert cutoffs.newest(db) == then


def test_a_period_ends_with_its_cut_off_and_one_that_had_not_begun_is_refused_in_words() -> None:
    assert report_cutoff.end_of(CUT - 600, CUT, CUT - 60) == CUT - 60
    assert report_cutoff.end_of(CUT - 600, CUT - 300, CUT - 60) == CUT - 300
    with pytest.raises(ValueError, match="判读到2026年3月6日14时50分，还没有进入统计时段"):
        report_cutoff.end_of(CUT - 600, CUT, CUT - 600)


def test_the_usual_period_follows_the_timetable_of_the_unit_itself(city) -> None:
    db, ids = city
    unit = ids["青山县"]
    asked: dict[str, Any] = {"kind": str(ReportKind.WEEKLY), "organization_id": unit, "now": CUT}
    usual = report_timetable.usual_span(db, (unit,), **asked)
    with writing(db):
        plan = report_timetable.Plan(unit, ReportKind.WEEKLY, rhythm="周一08:30")
        report_timetable.set_plan(db, (unit,), plan, "zhuguan", FRIDAY)
    own = report_timetable.usual_span(db, (unit,), **asked)
    assert (usual.since, own.since) == (CUT - 7 * 86400, CUT - 4 * 86400 - 390 * 60)
    special = report_timetable.usual_span(db, (unit,), kind=str(ReportKind.INCIDENT), organization_id=unit, now=CUT)
    assert special.until - special.since == 7 * 86400
