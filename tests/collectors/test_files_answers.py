"""Files that hold a message and its answer in one row: both go in, and a row without an answer waits until the file ends."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collectors.files import recognise
from storage.understanding import understand
from tests.collectors.files_desk import MADE, NOW, bring, make_database, one, write_csv, write_xlsx
from tests.storage.reading_desk import READERS

HEAD = ["编号", "网友", "留言时间", "标题", "内容", "答复内容", "答复时间"]
COLUMNS = {
    "评论ID": "编号",
    "评论人ID": "网友",
    "评论时间": "留言时间",
    "标题": "标题",
    "正文": "内容",
    "回复内容": "答复内容",
    "回复时间": "答复时间",
}
WHERE = {"平台": "微博", "账号名称": "临江发布"}
ROWS = [
    [1, "甲", "2026-02-02 09:00", "停水", "什么时候来水？", "今晚八点恢复。", "2026-02-02 10:30"],
    [2, "乙", "2026-02-02 11:00", "路灯", "坏了没人管？", "", ""],
    [3, "丙", "2026-02-05 09:00", "积水", "何时治理？", "来信收悉", "2026-02-05 09:10"],
]


@pytest.fixture
def db() -> sqlite3.Connection:
    return make_database()


def read(db: sqlite3.Connection) -> list[tuple]:
    while understand(db, READERS, NOW):
        pass
    return db.execute(
        "SELECT c.text, r.first_at - r.asked_at, r.answer_at - r.asked_at, r.known_until FROM responses r "
        "JOIN comments c ON c.id = r.comment_id ORDER BY r.asked_at"
    ).fetchall()


def moment(words: str) -> int:
    return int((datetime.fromisoformat(words) - timedelta(hours=8)).replace(tzinfo=UTC).timestamp())


def test_message_and_answer_of_one_row_are_two_comments_with_their_own_times(tmp_path: Path, db: sqlite3.Connection) -> None:
    report = bring(db, write_csv(tmp_path / "m.csv", [HEAD, *ROWS]), COLUMNS, WHERE)
    assert (report.outcome, report.rows_good, report.saved.comments_new) == ("ok", 3, 5)
    made = int(MADE.timestamp())
    assert read(db) == [
        ("停水\n什么时候来水？", 5400, 5400, moment("2026-02-02 10:30")),
        ("路灯\n坏了没人管？", None, None, made),
        ("积水\n何时治理？", 600, None, made),
    ]


def test_a_file_of_unknown_age_knows_its_waiting_messages_up_to_its_newest_entry(tmp_path: Path, db: sqlite3.Connection) -> None:
    bring(db, write_csv(tmp_path / "m.csv", [HEAD, *ROWS]), COLUMNS, WHERE, observed_at=None)
    newest = datetime(2026, 2, 5, 1, 10, tzinfo=UTC)
    assert read(db)[1][3] == int(newest.timestamp())


def test_the_answer_of_a_later_file_joins_the_message_of_an_earlier_one(tmp_path: Path, db: sqlite3.Connection) -> None:
    bring(db, write_csv(tmp_path / "m.csv", [HEAD, *ROWS]), COLUMNS, WHERE)
    read(db)
    later = [*ROWS[1][:5], "已更换灯泡。", "2026-03-01 09:00"]
    report = bring(db, write_csv(tmp_path / "n.csv", [HEAD, later]), COLUMNS, WHERE, observed_at=MADE + timedelta(hours=9))
    assert report.saved.comments_new == 1
    assert read(db)[1][2] == int(timedelta(days=26, hours=22).total_seconds())


def test_our_own_names_and_a_spreadsheet_need_no_mapping(tmp_path: Path, db: sqlite3.Connection) -> None:
    head = ["账号名称", "评论ID", "评论人ID", "评论时间", "标题", "正文", "回复内容", "回复时间"]
    rows = [
        ["临江发布", 1, "甲", datetime(2026, 2, 2, 9, 0), "停水", "什么时候来水？", "今晚八点恢复。", datetime(2026, 2, 2, 10)]  # noqa: DTZ001
    ]
    path = write_xlsx(tmp_path / "m.xlsx", [head, *rows])
    assert recognise(path).needs == ()
    report = bring(db, path, constants={"平台": "微博"})
    assert report.outcome == "ok", report.sentence
    assert read(db)[0][2] == 3600


def test_an_answer_that_cannot_be_timed_is_refused_by_line_and_the_rest_goes_on(tmp_path: Path, db: sqlite3.Connection) -> None:
    bad = [
        [7, "丁", "2026-02-02 09:00", "路", "何时修？", "已修好。", ""],
        [8, "戊", "2026-02-02 09:00", "路", "何时修？", "已修好。", "2026-02-01 09:00"],
    ]
    report = bring(db, write_csv(tmp_path / "m.csv", [HEAD, *bad, *ROWS]), COLUMNS, WHERE)
    assert (report.outcome, report.rows_good, report.rows_bad) == ("partial", 3, 2)
    assert [fault.line for fault in report.faults] == [2, 3]
    assert "没有回复时间" in report.faults[0].reason
    assert "早于留言时间" in report.faults[1].reason
    assert one(db, "SELECT count(*) FROM comments WHERE text LIKE '%何时修%'") == (0,)
