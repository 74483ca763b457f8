"""Files that mean harm or are something else: each ends in one Chinese sentence, never in a traceback."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors import files
from collectors.files import Choices, FileError, PostRow, open_tables
from tests.collectors.files_desk import MADE, NOW


def all_rows(path: Path) -> list:
    return [row for table in open_tables(path) for row in table.rows()]


def archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (archive({"xl/worksheets/sheet1.xml": BOMB}), "XML实体"),
        (archive({"xl/worksheets/sheet1.xml": BOMB.decode().encode("utf-16")}), "XML实体"),
        (archive({"xl/worksheets/sheet1.xml": b" " * (80 << 20)}), "解开后过大"),
        (archive({"a.txt": b"x"}), "已损坏"),
        (archive({"a.txt": b"x" * 5000})[:-30], "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "xls"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"", "空的"),
        (b"\xef\xbb\xbf\r\n \r\n", "空的"),
        (b"\0\x01\x02\x03" * 600, "不是文本"),
        (b"[]", "没有找到记录"),
        (gzip.compress(archive({"a": b"b"}), mtime=0), "先解压"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "XML表格"),
        (b"SQLite format 3\0" + b"\0" * 200, "SQLite"),
        (b"a" * (5 << 20), "不像是表格"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",  # archives carry the second in which they were made
)
def test_hostile_and_foreign_files_end_in_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(FileError, match=sentence):
        all_rows(path)


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"PK\x03\x04", b"{", b"[{", b"\xff\xfe", b"\x1f\x8b", b"SQLite format 3\0", b"<html>"]),
)
def test_no_bytes_make_it_fall_over(tmp_path_factory: pytest.TempPathFactory, content: bytes, magic: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz"
    path.write_bytes(magic + content)
    try:
        for batch in files.read(path, Choices(constants={"平台": "微博"}), observed_at=MADE, now=NOW):
            assert all(isinstance(row, PostRow) for row in batch.posts)
    except FileError as error:
        assert str(error)
