"""Finds out by content, not by name, what kind of file it is, and opens its tables."""

import re
from collections.abc import Sequence
from pathlib import Path

from collectors.files.charsets import detect, read_head
from collectors.files.databases import open_sqlite
from collectors.files.delimited import DelimitedTable
from collectors.files.documents import DocumentTable
from collectors.files.markup import open_html
from collectors.files.rows import FileError
from collectors.files.sheets import open_xls, open_xlsx
from collectors.files.tables import Table

OLD_EXCEL = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\x09\x00\x04\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x04\x06\x00",
    b"\x09\x08\x10\x00",
)
OTHER_KINDS = {
    b"%PDF": "PDF文件",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"Rar!": "压缩包",
    b"7z\xbc\xaf": "压缩包",
    b"{\\rtf": "RTF文档",
}


def open_tables(path: Path) -> Sequence[Table]:
    """The tables of a file, at least one. Raises FileError with a Chinese sentence when it is none that we can read."""
    if not path.is_file():
        raise FileError(f"找不到文件：{path.name}")
    with path.open("rb") as file:
        magic = file.read(16)
    if not magic:
        raise FileError("文件是空的，没有可导入的行")
    if magic.startswith(b"PK\x03\x04"):
        return open_xlsx(path)
    if magic.startswith(OLD_EXCEL):
        return open_xls(path)
    if magic.startswith(b"SQLite format 3\x00"):
        return open_sqlite(path)
    for mark, kind in OTHER_KINDS.items():
        if magic.startswith(mark):
            raise FileError(f"这是{kind}，不能导入：请提供CSV、Excel、JSON或SQLite文件")
    return _open_text(path)


def _open_text(path: Path) -> Sequence[Table]:
    head = read_head(path)
    if head.startswith((b"PK\x03\x04", b"SQLite format 3\x00", *OLD_EXCEL[:1])):
        raise FileError("压缩包里是Excel或SQLite文件：请先解压再导入")
    encoding = detect(head)
    if b"\0" in head[:4096] and not encoding.startswith("utf-16"):
        raise FileError("这不是文本、Excel或SQLite文件，不能导入")
    text = head.decode(encoding, "replace").lstrip("\ufeff \t\r\n")[:4096]
    if not text:
        raise FileError("文件是空的，没有可导入的行")
    if re.match(r"\{\s*[\"}]|\[\s*[{\]]", text):
        return [DocumentTable(path)]
    if re.match(r"<\?xml[^>]*>\s*(<\?mso[^>]*>\s*)?<(\w+:)?Workbook", text):
        raise FileError("这是“XML表格2003”文件：请在Excel里另存为xlsx再导入")
    if re.match(r"(<!doctype html|<html|<table|<meta|<head|<style)", text, re.I):
        return open_html(path)
    return [DelimitedTable(path)]
