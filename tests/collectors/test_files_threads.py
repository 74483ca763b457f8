"""Comment threads from files: numbers of their own are kept with their post, officials are known by name, citizens hashed."""

import sqlite3
from pathlib import Path

import pytest

from matrix.account import Platform
from tests.collectors.files_desk import MID, RING, WEIBO_UID, bring, make_database, one, write_csv

WEIBO = {"平台": "微博"}


@pytest.fixture
def db() -> sqlite3.Connection:
    return make_database()


THREAD = ["id", "parent", "account", "official", "time", "region", "text"]
THREAD_COLUMNS = {
    "评论ID": "id",
    "上级评论ID": "parent",
    "评论人昵称": "account",
    "是否官方": "official",
    "评论时间": "time",
    "属地": "region",
    "正文": "text",
}


def test_a_thread_with_numbers_of_its_own_is_kept_with_its_post(tmp_path: Path, db: sqlite3.Connection) -> None:
    post = write_csv(
        tmp_path / "p.csv", [["账号名称", "发布时间", "正文", "评论数"], ["临江发布", "2026-02-01 08:00", "停水", 5]]
    )
    for name in ("自编-1", "自编-2"):
        bring(db, post, constants=WEIBO | {"内容ID": name})
        thread = write_csv(
            tmp_path / "t.csv",
            [
                THREAD,
                ["0", "", "网民甲", "0", "2026-02-01 08:05", "福建", "几点来水"],
                ["0.0", "0", "临江发布", "1", "2026-02-01 08:20", "", "今晚八点"],
                ["0.1", "0", "网民乙", "0", "", "福建", "等人 共6条回复"],
            ],
        )
        report = bring(db, thread, THREAD_COLUMNS, WEIBO | {"所属内容ID": name})
        assert (report.outcome, report.saved.comments_new, report.faults[0].line) == ("partial", 2, 4)
    reply = one(db, "SELECT ext_id, parent_ext, author_account_id, author_key FROM comments WHERE ext_id = '自编-2:0.0'")
    assert reply == ("自编-2:0.0", "自编-2:0", 1, WEIBO_UID)
    citizen = one(db, "SELECT author_key, author_is_official, region FROM comments WHERE ext_id = '自编-2:0'")
    assert (citizen[0] == RING.pseudonym(Platform.WEIBO, "昵称：网民甲"), citizen[1:]) == (True, (0, "福建"))
    assert one(db, "SELECT stated, held, cause FROM coverage ORDER BY post_id DESC") == (5, 2, "file")


def test_comments_of_a_post_that_nobody_holds_are_named(tmp_path: Path, db: sqlite3.Connection) -> None:
    thread = write_csv(tmp_path / "t.csv", [THREAD, ["1", "", "甲", "0", "2026-02-01 08:05", "", "几点"]])
    report = bring(db, thread, THREAD_COLUMNS, WEIBO | {"所属内容ID": str(MID)})
    assert (report.outcome, "不在库中" in report.faults[0].reason) == ("failed", True)
    assert bring(db, thread, THREAD_COLUMNS, WEIBO | {"所属内容ID": str(MID), "账号名称": "临江发布"}).rows_new == 1


def test_a_file_of_comments_says_nothing_about_what_the_account_published(tmp_path: Path, db: sqlite3.Connection) -> None:
    rows = [["7001", "", "网民甲", "0", "2026-02-02 09:00", "本地", "什么时候来水"]]
    path = write_csv(tmp_path / "c.csv", [THREAD, *rows])
    constants = {**WEIBO, "平台账号ID": WEIBO_UID, "所属内容ID": str(MID)}
    report = bring(db, path, columns=THREAD_COLUMNS, constants=constants)
    assert report.saved.comments_new == 1
    assert one(db, f"SELECT last_ok_at, watched_from FROM accounts WHERE ext_id = '{WEIBO_UID}'") == (None, None)
