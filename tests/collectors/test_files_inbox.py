"""The watched folder and what pages ask: whole files are taken in once, moved aside with a note, answered in Chinese."""

import base64
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from collectors.collect_inbox import scan_inbox
from collectors.collect_requests import answer_next
from settings import Database, Settings, Worker
from storage import requests
from storage.database import create_database, open_database
from tests.collectors.files_desk import NOW, RING, WEIBO_UID, make_ledger, one, write_csv

HEADER = ["平台", "平台账号ID", "发布时间", "正文"]


@pytest.fixture
def office(tmp_path: Path) -> Settings:
    settings = replace(
        Settings(), database=Database(tmp_path / "m.db", tmp_path / "m.key"), worker=Worker(watch_folder=tmp_path / "in")
    )
    with closing(create_database(settings.database.path)) as db:
        make_ledger(db)
    return settings


@pytest.fixture
def db(office: Settings) -> Iterator[sqlite3.Connection]:
    with closing(open_database(office.database.path)) as connection:
        yield connection


def scan(office: Settings) -> dict[str, bool]:
    return {name: answer.is_done for name, answer in scan_inbox(office, RING, lambda: NOW)}


def put(office: Settings, name: str, rows: list[list[str]], age: float = 0.0) -> Path:
    path = office.worker.watch_folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    write_csv(path, rows)
    stat = path.stat()
    os.utime(path, (stat.st_atime, stat.st_mtime - age))
    return path


GOOD = [HEADER, ["微博", WEIBO_UID, "2026-02-01 08:00", "停水"]]


def test_a_file_is_taken_in_when_it_stands_still_and_moved_with_a_note(office: Settings, db: sqlite3.Connection) -> None:
    put(office, "一月.csv", GOOD)
    assert scan(office) == {}  # it may still be growing
    assert scan(office) == {"一月.csv": True}
    folder = office.worker.watch_folder
    assert (folder / "done" / "一月.csv").exists()
    assert (folder / "done" / "一月.csv.说明.txt").read_text("utf-8").startswith("导入成功：读入1行，新增内容1条")
    assert one(db, "SELECT text FROM posts") == ("停水",)
    assert scan(office) == {}


def test_a_growing_or_unfinished_file_waits_and_an_old_one_does_not(office: Settings) -> None:
    put(office, "大.csv", GOOD)
    put(office, "传输中.csv.part", GOOD, age=3600)
    put(office, "~$打开的.csv", GOOD, age=3600)
    put(office, "旧.csv", GOOD, age=3600)
    assert scan(office) == {"旧.csv": True}
    put(office, "大.csv", [*GOOD, ["微博", WEIBO_UID, "2026-02-02 08:00", "来水"]])
    assert scan(office) == {}
    assert scan(office) == {"大.csv": True}


def test_the_same_content_is_not_imported_twice_and_names_do_not_collide(office: Settings, db: sqlite3.Connection) -> None:
    for _ in range(2):
        put(office, "周报.csv", GOOD, age=3600)
        assert scan(office) == {"周报.csv": True}
    assert one(db, "SELECT count(*) FROM imports") == (1,)
    notes = sorted(path.read_text("utf-8")[:4] for path in (office.worker.watch_folder / "done").glob("*.说明.txt"))
    assert len(notes) == 2
    assert any("没有重复导入" in path.read_text("utf-8") for path in (office.worker.watch_folder / "done").glob("*.说明.txt"))


def test_a_bad_file_fails_alone_with_what_to_do(office: Settings, db: sqlite3.Connection) -> None:
    put(office, "a.csv", [["发布时间", "正文"], ["2026-02-01", "谁的"]], age=3600)
    (office.worker.watch_folder / "b.pdf").write_bytes(b"%PDF-1.4")
    os.utime(office.worker.watch_folder / "b.pdf", (1, 1))
    put(office, "c.csv", [["单位编码", "单位名称", "层级"], ["A", "甲", ""]], age=3600)
    put(office, "d.csv", GOOD, age=3600)
    assert scan(office) == {"a.csv": False, "b.pdf": False, "c.csv": False, "d.csv": True}
    note = (office.worker.watch_folder / "failed" / "a.csv.说明.txt").read_text("utf-8")
    assert "没有说明平台" in note
    assert "平台/账号名称" in note
    assert one(db, "SELECT count(*) FROM posts") == (1,)


def test_folders_say_whose_rows_a_file_holds(office: Settings, db: sqlite3.Connection) -> None:
    put(office, "微博/临江水务/导出.csv", [["发布时间", "正文"], ["2026-02-01", "停水"]], age=3600)
    assert scan(office) == {"微博/临江水务/导出.csv": True}
    assert one(db, "SELECT a.name FROM posts p JOIN accounts a ON a.id = p.account_id") == ("临江水务",)


def test_a_partial_file_may_be_tried_again_after_the_ledger_was_put_right(office: Settings, db: sqlite3.Connection) -> None:
    rows = [*GOOD, ["微博", "1700000099", "2026-02-01 09:00", "别家"]]
    put(office, "a.csv", rows, age=3600)
    assert scan(office) == {"a.csv": True}
    note = (office.worker.watch_folder / "done" / "a.csv.说明.txt").read_text("utf-8")
    assert note.startswith("部分导入")
    assert "第3行：台账里没有微博账号“1700000099”" in note
    put(office, "a.csv", rows, age=3600)
    scan(office)
    assert one(db, "SELECT count(*) FROM imports") == (2,)


def test_a_file_that_cannot_be_moved_is_taken_in_once(office: Settings, db: sqlite3.Connection) -> None:
    put(office, "a.csv", [["发布时间", "正文"], ["2026-02-01", "谁的"]], age=3600)
    (office.worker.watch_folder / "failed").write_text("是文件，不是文件夹")
    assert scan(office) == {"a.csv": False}
    assert scan(office) == {}
    assert one(db, "SELECT count(*) FROM imports") == (1,)


def ask(office: Settings, verb: str, payload: dict, by: str = "zhang") -> requests.Request:
    with closing(create_database(office.database.path)) as db:
        number = requests.ask(db, verb, payload, by, NOW)
        assert answer_next(db, office, RING, lambda: NOW)
        found = requests.find(db, number)
    assert found is not None
    return found


def packed(path: Path) -> dict[str, str]:
    return {"file_name": path.name, "content": base64.b64encode(path.read_bytes()).decode()}


def test_a_page_has_a_ledger_compared_and_then_applied(office: Settings, db: sqlite3.Connection, tmp_path: Path) -> None:
    rows = [
        ["单位编码", "单位名称", "上级单位编码", "平台", "账号名称", "层级"],
        ["QS", "青山县", "LJ", "抖音", "青山政务", "县级"],
    ]
    path = write_csv(tmp_path / "台账.csv", rows)
    compared = ask(office, "ledger_compare", packed(path) | {"within": None})
    assert (compared.outcome, compared.answer["sentence"]) == ("ok", "新增2项")
    assert one(db, "SELECT count(*) FROM organizations") == (1,)
    assert ask(office, "ledger_apply", {"request_id": compared.id}, by="li").outcome == "failed"  # somebody else's file
    applied = ask(office, "ledger_apply", {"request_id": compared.id})
    assert applied.answer["sentence"] == "新增2项，修改0项"
    assert one(db, "SELECT author FROM ledger_changes LIMIT 1") == ("zhang",)
    outside = ask(office, "ledger_compare", packed(path) | {"within": []})
    assert [difference["kind"] for difference in outside.answer["differences"]] == ["错误", "错误"]


def test_a_page_looks_at_a_file_and_has_it_imported(office: Settings, db: sqlite3.Connection, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "../x.csv", [["时间", "内容"], ["2026-02-01 08:00", "停水"]])
    seen = ask(office, "preview_import", packed(path))
    assert (seen.answer["recipe"], seen.answer["mapping"]) == ("", {"发布时间": "时间", "正文": "内容"})
    payload = packed(path) | {"columns": seen.answer["mapping"], "constants": {"平台": "微博"}, "account": "临江发布"}
    assert ask(office, "apply_import", payload | {"is_rehearsal": True}).answer["rows_good"] == 1
    assert ask(office, "apply_import", payload).answer["rows_new"] == 1
    assert one(db, "SELECT file_name, asked_by FROM imports") == ("x.csv", "zhang")
    refused = ask(office, "apply_import", {"file_name": "x.csv", "content": "!!"})
    assert (refused.outcome, refused.answer["sentence"]) == ("failed", "文件在传送中损坏，请重新上传")
