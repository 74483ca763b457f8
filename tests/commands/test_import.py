"""The import command: previews, mappings, confirmation, exit codes, and no word that is not Chinese."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from commands import import_
from storage.database import create_database, open_database
from tests.collectors.files_desk import WEIBO_UID, make_ledger, one, write_csv

LEDGER = [
    ["单位编码", "单位名称", "层级", "平台", "平台账号ID", "账号名称", "采集方式"],
    ["LJ", "临江市", "市级", "微博", WEIBO_UID, "临江发布", "文件导入"],
]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MATRIX_DATABASE_PATH", str(tmp_path / "m.db"))
    monkeypatch.setenv("MATRIX_DATABASE_KEY_FILE", str(tmp_path / "m.key"))
    monkeypatch.setattr("sys.stdin", (tmp_path / "nothing").open("w+"))  # nobody is there to answer
    return tmp_path


def look(place: Path, sql: str) -> tuple:
    with closing(open_database(place / "m.db")) as db:
        return one(db, sql)


def with_ledger(place: Path) -> None:
    with closing(create_database(place / "m.db")) as db:
        make_ledger(db)


def test_a_ledger_is_shown_first_and_applied_on_confirmation(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(write_csv(place / "台账.csv", LEDGER))
    assert import_.main([path, "--ledger", "--dry-run"]) == 0
    assert import_.main([path]) == 1  # recognised by itself, and nobody agreed
    said = capsys.readouterr()
    assert "新增(2)" in said.out
    assert "请加 --yes" in said.err
    assert look(place, "SELECT count(*) FROM accounts") == (0,)
    assert import_.main(["--ledger", path, "--yes", "--as", "张三"]) == 0
    assert "文件导入：可见" in capsys.readouterr().out
    assert look(place, "SELECT name FROM accounts") == ("临江发布",)
    assert look(place, "SELECT actor, act, detail FROM journal ORDER BY id DESC") == ("张三", "导入账号台账", "新增2项，修改0项")
    assert import_.main([path, "--ledger"]) == 0
    assert "台账没有变化" in capsys.readouterr().out


def test_a_plain_table_by_a_mapping_and_again_without_it(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with_ledger(place)
    path = write_csv(place / "a.csv", [["t", "x", "n"], ["2026-02-01 08:00", "停水", "3"], ["不详", "来水", "4"]])
    words = [
        str(path),
        "--map",
        "发布时间=t",
        "--map",
        "正文=x",
        "--map",
        "点赞数=n",
        "--platform",
        "微博",
        "--account",
        "临江发布",
    ]
    assert import_.main([*words, "--dry-run"]) == 1
    assert look(place, "SELECT count(*) FROM posts") == (0,)
    assert import_.main(words) == 1
    said = capsys.readouterr().out
    assert "部分完成：读入1行，新增内容1条、评论0条；1行没有导入" in said
    assert "第3行：发布时间“不详”不是时间" in said
    again = write_csv(place / "b.csv", [["t", "x", "n"], ["2026-02-02 08:00", "来水", "4"]])
    assert import_.main([str(again), "--account", WEIBO_UID]) == 0
    assert look(place, "SELECT count(*) FROM posts") == (2,)


def test_an_unknown_table_is_guessed_and_waits_for_a_yes(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with_ledger(place)
    path = str(write_csv(place / "a.csv", [["时间", "账号", "内容"], ["2026-02-01", "临江发布", "停水"]]))
    assert import_.main([path, "--platform", "微博"]) == 1
    said = capsys.readouterr()
    assert "--map 账号名称=账号 --map 发布时间=时间 --map 正文=内容" in said.out
    assert "请用 --map" in said.err
    assert import_.main([path, "--platform", "微博", "--yes"]) == 0
    assert look(place, "SELECT text FROM posts") == ("停水",)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--map", "正文"], "应写成 目标=值"),
        (["--map", "题目=x"], "没有“题目”这个目标列"),
        (["--map", "正文=没有"], "文件里没有列“没有”"),
        (["--platform", "脸书", "--yes"], "平台“脸书”不认识"),
    ],
)
def test_wrong_arguments_are_answered_in_chinese(
    place: Path, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    path = str(write_csv(place / "a.csv", [["时间", "内容"], ["2026-02-01", "停水"]]))
    assert import_.main([path, *words]) == 1
    said = capsys.readouterr()
    assert sentence in said.out + said.err


def test_credentials_template_and_missing_files(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with_ledger(place)
    rows = [["平台", "平台账号ID", "凭据"], ["微博", WEIBO_UID, "2.00Secret"]]
    assert import_.main([str(write_csv(place / "c.csv", rows)), "--credentials"]) == 0
    assert look(place, "SELECT count(*) FROM credentials WHERE sealed NOT LIKE '%Secret%'") == (1,)
    assert import_.main(["--template", str(place / "t.xlsx")]) == 0
    assert (place / "t.xlsx").read_bytes().startswith(b"PK")
    assert import_.main([str(place / "没有.csv")]) == 1
    assert import_.main([]) == 2
    assert "Secret" not in capsys.readouterr().out
    with closing(sqlite3.connect(place / "m.db")) as db:
        assert not [line for line in db.iterdump() if "2.00Secret" in line]
