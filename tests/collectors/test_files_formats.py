"""Every kind of file is opened by what is in it: encodings, separators, sheets, JSON, SQLite; and what is hostile is refused."""

import gzip
import json
import sqlite3
import struct
import tracemalloc
from datetime import datetime
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors import files
from collectors.files import Choices, FileError, RowFault, open_tables
from collectors.files.charsets import detect
from tests.collectors.files_desk import MADE, NOW, write_csv, write_json, write_lines, write_xlsx

HEADER = ["账号名称", "发布时间", "正文", "阅读数"]
SIMPLIFIED = "今天上午我们在市政府门前为大家解答停水的问题,请各位居民提前做好准备"
TRADITIONAL = "今天上午我們在市政府門前為大家解答停水的問題,請各位居民提前做好準備"


def all_rows(path: Path) -> list:
    return [row for table in open_tables(path) for row in table.rows()]


def cells(path: Path) -> list[dict]:
    return [row[1] for row in all_rows(path) if not isinstance(row, RowFault)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_any_encoding_and_separator_of_an_office_is_read_alike(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = write_csv(tmp_path / "a.csv", [HEADER, ["临江发布", "2026-02-01 08:00", SIMPLIFIED, "1,234"]], encoding, delimiter)
    assert cells(path) == [dict(zip(HEADER, ["临江发布", "2026-02-01 08:00", SIMPLIFIED, "1,234"], strict=True))]


@pytest.mark.parametrize(("encoding", "text"), [("big5hkscs", TRADITIONAL), ("gb18030", TRADITIONAL), ("utf-8", TRADITIONAL)])
def test_damaged_traditional_text_survives(tmp_path: Path, encoding: str, text: str) -> None:
    path = write_csv(tmp_path / "a.csv", [["account", "time", "text"], *[["發佈", "2026-02-01 08:00", text]] * 5], encoding)
    content = path.read_bytes()
    place = content.rindex("準備".encode(encoding))
    path.write_bytes(content[:place] + b"\xff" + content[place:])  # one wrong byte inside
    found = cells(path)
    assert [row["text"] for row in found[:4]] == [text] * 4
    assert "居民提前" in found[4]["text"]
    assert "\ufffd" in found[4]["text"]


@given(
    st.text(alphabet=SIMPLIFIED + TRADITIONAL + "abc123 ,😀𠮷", min_size=0, max_size=200), st.sampled_from(["utf-8", "gb18030"])
)
def test_a_chinese_text_decodes_to_itself(text: str, encoding: str) -> None:
    content = f"发布时间,正文\n2026-02-01,今天的通知请大家看一下{text}\n".encode(encoding)
    assert content.decode(detect(content)) == content.decode(encoding)


def test_physical_lines_are_named_even_after_texts_with_line_breaks(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('标题行\n\n账号名称,发布时间,正文\n临江,2026-02-01,"一\n二\n三"\n\n临江,坏时间,四\n', encoding="utf-8")
    assert [row[0] for row in all_rows(path)] == [4, 8]
    batch = next(files.read(path, Choices(constants={"平台": "微博"}), observed_at=MADE, now=NOW))
    assert batch.faults == (RowFault(8, "发布时间“坏时间”不是时间", "临江,坏时间,四"),)


def test_short_rows_long_rows_repeated_headers_and_new_columns_in_one_file(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv",
        [
            ["id", "正文", "日期", "点赞数"],
            ["1", "甲"],
            ["2", "乙", "2026-02-01", "3", "多出的"],
            ["id", "正文", "日期", "点赞数"],
            ["id", "正文", "评论数", "日期", "点赞数"],
            ["3", "丙", "9", "2026-02-02", "4"],
        ],
    )
    short, fault, switched = all_rows(path)
    assert short == (2, {"id": "1", "正文": "甲", "日期": "", "点赞数": ""})
    assert isinstance(fault, RowFault)
    assert (fault.line, "列数多于表头" in fault.reason) == (3, True)
    assert switched == (6, {"id": "3", "正文": "丙", "评论数": "9", "日期": "2026-02-02", "点赞数": "4"})


def test_a_field_without_end_costs_its_own_rows_only(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        '账号,时间,正文\n甲,2026-02-01,好\n甲,2026-02-02,"没有结束' + "长" * (1 << 20) + "\n甲,2026-02-03,好\n", "utf-8"
    )
    found = all_rows(path)
    assert [row[0] if isinstance(row, tuple) else ("fault", row.line) for row in found][:2] == [2, ("fault", 3)]


def test_gzip_is_unpacked_and_a_broken_or_bombed_one_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = write_csv(tmp_path / "a.csv", [HEADER, *[["临江", "2026-02-01", SIMPLIFIED, "1"]] * 3000])
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert len(cells(packed)) == 3000
    (tmp_path / "b.csv.gz").write_bytes(packed.read_bytes()[:-200])
    with pytest.raises(FileError, match="压缩文件"):
        all_rows(tmp_path / "b.csv.gz")
    monkeypatch.setattr("collectors.files.charsets.LARGEST_TEXT", 10_000)
    with pytest.raises(FileError, match="恶意压缩文件"):
        all_rows(packed)


def test_a_large_table_streams(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("平台账号ID,发布时间,正文\n")
        file.writelines(f"1700000001,2026-02-01 08:00,第{number}条{SIMPLIFIED[:12]}\n" for number in range(30_000))
    tracemalloc.start()
    try:
        batches = files.read(path, Choices(constants={"平台": "微博"}), observed_at=MADE, now=NOW)
        first = list(islice(batches, 3))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sum(len(batch.posts) for batch in first) == 6000
    assert 0 < first[0].done < first[0].total
    assert peak < 40_000_000


def test_sheets_keep_texts_numbers_and_dates_and_find_their_header(tmp_path: Path) -> None:
    rows = [
        ["2026年2月发布情况", None, None],
        [],
        ["账号名称", "发布时间", "阅读数"],
        ["临江发布", datetime(2026, 2, 1, 8), 12],  # noqa: DTZ001 - a sheet knows no zone
    ]
    path = write_xlsx(tmp_path / "a.xlsx", rows)
    assert all_rows(path) == [(4, {"账号名称": "临江发布", "发布时间": datetime(2026, 2, 1, 8), "阅读数": 12})]  # noqa: DTZ001


def biff2(rows: list[list[str | float]]) -> bytes:
    """A workbook of the oldest Excel, which the reader of .xls takes as well."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    out = record(0x09, struct.pack("<HH", 2, 0x10)) + record(0x42, struct.pack("<H", 936))
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            where = struct.pack("<HH3s", r, c, b"\0\0\0")
            if isinstance(value, str):
                text = value.encode("gbk")
                out += record(0x04, where + bytes([len(text)]) + text)
            else:
                out += record(0x03, where + struct.pack("<d", value))
    return out + record(0x0A, b"")


def test_the_old_xls_of_the_wechat_back_office_is_read(tmp_path: Path) -> None:
    path = tmp_path / "total.xls"
    path.write_bytes(biff2([["", "内容标题", "发表时间", "总阅读人数"], ["", "停水通知", 20260201.0, 94.0]]))
    assert files.recognise(path).recipe == "wechat-articles"
    (batch,) = files.read(path, Choices(constants={"账号名称": "临江微讯"}), observed_at=MADE, now=NOW)
    assert (batch.posts[0].post.title, batch.posts[0].post.reach and batch.posts[0].post.reach.reads) == ("停水通知", 94)


def test_a_web_page_called_xls_is_read_as_a_table(tmp_path: Path) -> None:
    path = tmp_path / "user.xls"
    row = "<tr><td>2026-02-01</td><td>10</td><td>2</td><td>8</td><td>1008</td></tr>"
    head = "".join(f"<th>{name}</th>" for name in ("时间", "新关注人数", "取消关注人数", "净增关注人数", "累积关注人数"))
    path.write_text(f"<html><meta charset=utf-8><table><tr>{head}</tr>{row}</table></html>", encoding="utf-8")
    (batch,) = files.read(path, Choices(constants={"账号名称": "临江微讯"}), observed_at=MADE, now=NOW)
    seen = batch.followers[0].followers
    assert (seen.stat_day, seen.followers, seen.gained, seen.lost) == ("2026-02-01", 1008, 10, 2)


def test_json_in_all_its_shapes(tmp_path: Path) -> None:
    items = [{"id": 5101717000000123, "user": {"name": "临江"}, "pics": []}, {"id": 2, "text": "\ud83d"}]
    flat = [{"id": 5101717000000123, "user.name": "临江", "pics": []}, {"id": 2, "text": "\ud83d"}]
    assert cells(write_json_escaped(tmp_path / "a.json", items)) == flat
    assert cells(write_json_escaped(tmp_path / "b.json", {"user": {"id": 7}, "weibo": items})) == [
        {"$user.id": 7} | row for row in flat
    ]
    pretty = tmp_path / "c.json"
    pretty.write_text('{\n "data": [\n  {"id": 1},\n  {"id": 2}\n ]\n}\n', encoding="utf-8")
    assert [row[0] for row in all_rows(pretty)] == [3, 4]
    lines = write_lines(tmp_path / "d.jsonl", [{"id": 1, "comments": [{"id": 9}]}, {"id": 2}])
    assert cells(lines) == [{"id": 1, "comments": [{"id": 9}]}, {"id": 2}]


def write_json_escaped(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_broken_json_gives_what_was_whole_and_names_the_line(tmp_path: Path) -> None:
    lines = tmp_path / "a.jsonl"
    lines.write_text('{"id": 1}\n{"id": 2, "text": "断\n{"id": 3}\nnull\n{"id": 4}\n', encoding="utf-8")
    assert [row[0] if isinstance(row, tuple) else ("fault", row.line) for row in all_rows(lines)] == [
        1,
        ("fault", 2),
        3,
        ("fault", 4),
        5,
    ]
    cut = tmp_path / "b.json"
    cut.write_text('[{"id": 1},\n{"id": 2},\n{"id": 3, "te', encoding="utf-8")
    found = all_rows(cut)
    assert [row[0] for row in found[:2]] == [1, 2]
    assert isinstance(found[2], RowFault)
    assert found[2].line == 3


def test_deeply_nested_json_is_refused_without_falling_over(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": 1}\n{"a": ' + "[" * 200_000 + "\n", encoding="utf-8")
    found = all_rows(path)
    assert found[0] == (1, {"id": 1})
    assert isinstance(found[1], RowFault)


def test_sqlite_is_only_read(tmp_path: Path) -> None:
    path = tmp_path / "weibo.db"
    with sqlite3.connect(path) as db:
        db.executescript("CREATE TABLE user(id TEXT, nick_name TEXT, follower_count INTEGER); CREATE VIEW v AS SELECT 1;")
        db.execute("INSERT INTO user VALUES('1700000001', CAST(X'C4FF' AS TEXT), 12)")
    before = path.read_bytes()
    (table,) = open_tables(path)
    assert cells(path)[0]["follower_count"] == 12
    assert table.name == "user"
    assert path.read_bytes() == before
    path.write_bytes(before[:3000] + b"\xff" * 2000)
    with pytest.raises(FileError, match="SQLite"):
        all_rows(path)


def test_what_is_recognised_says_what_it_still_needs(tmp_path: Path) -> None:
    found = files.recognise(write_json(tmp_path / "a.json", [{"foo": 1}]))
    assert (found.recipe, "没有认出" in found.needs[0]) == ("", True)
    found = files.recognise(write_csv(tmp_path / "b.csv", [["时间", "内容", "点赞"], ["2026-02-01", "好", "1"]]))
    assert found.guess.columns == {"发布时间": "时间", "正文": "内容", "点赞数": "点赞"}
    found = files.recognise(write_csv(tmp_path / "c.csv", [HEADER, ["临江", "2026-02-01", "好", "1"]]))
    assert (found.recipe, found.needs) == ("plain", ())
