"""Exports are read back as other programs read them: the same values in both files, and nothing that acts by itself."""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from reports import cells, tables

HOSTILE = (
    "=HYPERLINK(\"http://x.cn\",\"点我\")",
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "\u200b\ufeff=1+1",
    "＝1+1",
    "#N/A",
    "半个代理\ud83d表情",
    "\udc00",
    "控制\x00符\x07号\x1f",
    "مرحبا\u202eabc",
    "两\r\n行\r三",
    "'引号",
    "a;b,c\t\"d\"",
    "👨‍👩‍👧 家",
    "_x0041_",
    "",
)  # fmt: skip
AT = datetime(2026, 3, 2, 8, 5, 11)  # noqa: DTZ001 - Excel knows no zones
ROW = {
    "编号": 4912345678901234567,
    "单位编码": "00715",
    "条数": 174,
    "24小时回复率": 0.81308411,
    "中位(秒)": 3612.5,
    "提出时间": datetime(2026, 3, 2, 0, 5, 11, tzinfo=UTC),
    "日期": date(2026, 3, 2),
    "是否超时": True,
    "内容": "家里停水两天了",
    "空": None,
}


def read_csv(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def read_xlsx(content: bytes, sheet: int = 0) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in load_workbook(BytesIO(content)).worksheets[sheet].iter_rows()]


def test_a_row_has_the_same_values_in_both_files() -> None:
    frame = pd.DataFrame([ROW])
    head, row = read_csv(tables.to_csv(frame))
    assert head == list(ROW) == read_xlsx(tables.to_xlsx({"明细": frame}, {}))[0]
    assert row == [
        "'4912345678901234567", "'00715", "174", "81.31%", "3612.5", "2026-03-02 08:05:11", "2026-03-02", "是", "家里停水两天了",
        "",
    ]  # fmt: skip
    assert read_xlsx(tables.to_xlsx({"明细": frame}, {}))[1] == [
        "4912345678901234567", "00715", 174, 0.8131, 3612.5, AT, AT.replace(hour=0, minute=0, second=0), "是",
        "家里停水两天了", None,
    ]  # fmt: skip


def test_a_count_that_has_gaps_stays_a_whole_number() -> None:
    frame = pd.DataFrame({"条数": [3, None], "回复率": [1.0, None]})
    assert read_csv(tables.to_csv(frame))[1:] == [["3", "100%"], ["", ""]]
    assert read_xlsx(tables.to_xlsx({"表": frame}, {}))[1:] == [[3, 1]], "a row of nothing ends the sheet"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_a_text_in_both_files(text: str) -> None:
    frame = pd.DataFrame({"内容": [text]}, dtype=object)
    told = read_csv(tables.to_csv(frame))[1][0]
    clean = cells.clean(text)
    assert told in (clean, f"'{clean}")
    assert not told.lstrip("\u200b\ufeff").startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
    cell = load_workbook(BytesIO(tables.to_xlsx({"表": frame}, {"说明": text}))).worksheets[0]["A2"]
    assert (cell.value or "").replace("_x005F_", "_") == clean  # so Excel is told that no letter is meant
    assert cell.data_type in ("s", "inlineStr", "n" if not clean else "s")
    assert cell.data_type != "f"


def test_a_heading_and_an_explanation_are_no_formulas_either() -> None:
    frame = pd.DataFrame({"=1+1": ["x"]})
    assert read_csv(tables.to_csv(frame))[0] == ["'=1+1"]
    book = load_workbook(BytesIO(tables.to_xlsx({"=a/b:c": frame}, {"=2+2": "=3+3"})))
    assert book.sheetnames == ["=a_b_c", "说明"]
    found = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert [cell.data_type for cell in found if cell.value is not None] == ["s"] * 6


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    for text in ("长" * 40_000, "😀" * 20_000):
        cut = read_xlsx(tables.to_xlsx({"表": pd.DataFrame({"内容": [text]})}, {}))[1][0]
        assert len(cut.encode("utf-16-le")) // 2 in (cells.LONGEST, cells.LONGEST - 1)
        assert cut.endswith("……(已截断)")
        assert read_csv(tables.to_csv(pd.DataFrame({"内容": [text]})))[1][0] == cut


def test_rows_beyond_the_sheet_are_named_in_the_explanation() -> None:
    content = tables.to_xlsx({"明细": pd.DataFrame({"序号": range(10)})}, {"时段": "3月"}, last_row=5)
    assert [row[0] for row in read_xlsx(content)] == ["序号", 0, 1, 2, 3]
    notes = dict(read_xlsx(content, 1))
    assert notes["时段"] == "3月"
    assert "共10行" in notes["“明细”未写全"]
    assert "前4行" in notes["“明细”未写全"]


def test_the_heading_stays_in_sight_and_every_column_has_a_filter() -> None:
    frame = pd.DataFrame({"单位": ["临江市水务局"], "回复率": [0.81]})
    sheet = load_workbook(BytesIO(tables.to_xlsx({"按单位": frame}, {}))).worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet["B2"].number_format == "0%"
    assert sheet.column_dimensions["A"].width >= 12


def test_an_empty_frame_is_a_heading_and_two_frames_are_two_sheets() -> None:
    empty = pd.DataFrame(columns=["单位", "条数"])
    assert read_csv(tables.to_csv(empty)) == [["单位", "条数"]]
    book = load_workbook(BytesIO(tables.to_xlsx({"同名" * 20: empty, "同名" * 20 + "?": empty, "": empty, "说明": empty}, {})))
    assert len(set(book.sheetnames)) == 5
    assert all(len(name) <= 31 for name in book.sheetnames)


VALUES = st.one_of(
    st.text(max_size=40),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=True),
    st.booleans(),
    st.none(),
    st.datetimes(AT.replace(year=1990), AT.replace(year=2100), timezones=st.just(UTC)),
)


@settings(max_examples=25)
@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=4))
def test_both_files_agree_whatever_they_hold(rows: list[tuple[Any, Any]]) -> None:
    frame = pd.DataFrame(rows, columns=["甲", "乙"], dtype=object)
    written = read_csv(tables.to_csv(frame))[1:]
    sheet = load_workbook(BytesIO(tables.to_xlsx({"表": frame}, {}))).worksheets[0]
    for number, told in enumerate(written, 2):
        for text, cell in zip(told, (sheet.cell(number, 1).value, sheet.cell(number, 2).value), strict=True):
            if isinstance(cell, datetime):
                assert text == f"{cell:%Y-%m-%d %H:%M:%S}"
            elif isinstance(cell, int | float):
                assert float(text) == cell
            else:
                assert text in (cell or "", f"'{cell}")


def test_a_long_table_is_written_in_portions_and_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    portions = [pd.DataFrame({"编号": [number], "内容": ["=1+1"]}) for number in range(5)]
    assert tables.csv_file(tmp_path / "a.csv", portions) == tables.xlsx_file(tmp_path / "a.xlsx", "表", portions, told) == 5
    assert [row[0] for row in read_csv((tmp_path / "a.csv").read_bytes())] == ["编号", "0", "1", "2", "3", "4"]
    book = load_workbook(tmp_path / "a.xlsx")
    assert [row[0].value for row in book.worksheets[0].iter_rows()] == ["编号", 0, 1, 2, 3, 4]
    assert book.worksheets[0].auto_filter.ref == "A1:B6"
    assert book.worksheets[1]["B2"].value == "5"

    def broken() -> Iterator[pd.DataFrame]:
        yield portions[0]
        raise OSError("磁盘已满")

    with pytest.raises(OSError, match="磁盘已满"):
        tables.csv_file(tmp_path / "b.csv", broken())
    with pytest.raises(OSError, match="磁盘已满"):
        tables.xlsx_file(tmp_path / "b.xlsx", "表", broken(), told)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "a.xlsx"]


def told(rows: int) -> dict[str, str]:
    return {"行数": str(rows)}


def charts_of(frame: pd.DataFrame) -> list[Any]:
    return load_workbook(BytesIO(tables.to_xlsx({"表": frame}, {}))).worksheets[0]._charts  # type: ignore[attr-defined]


def test_a_series_over_time_is_a_line_a_ranking_is_bars_and_a_list_is_neither() -> None:
    days = [date(2026, 3, day) for day in range(1, 6)]
    counts = {"评论": [3, 5, 2, 8, 1], "诉求": [1, 0, 0, 2, 1], "诉求占比": [0.3, 0, 0, 0.25, 1]}
    (line,) = charts_of(pd.DataFrame({"日期": days} | counts))
    assert line.tagname == "lineChart"
    assert [series.val.numRef.f for series in line.series] == ["表!$B$2:$B$6", "表!$C$2:$C$6"], "shares have another scale"
    (bars,) = charts_of(pd.DataFrame({"单位": ["甲局", "乙局", "丙局"], "层级": ["市", "县", "县"], "评论": [9, 4, 4]}))
    assert (bars.tagname, bars.series[0].val.numRef.f) == ("barChart", "表!$C$2:$C$4")
    assert not charts_of(pd.DataFrame({"账号": ["甲", "甲", "乙"], "评论": [9, 4, 4]}))
    assert not charts_of(pd.DataFrame({"账号": ["甲", "丙", "乙"], "评论": [4, 9, 4]}))
    assert not charts_of(pd.DataFrame({"提出时间": [AT, AT, AT], "点赞": [1, 2, 3]}))
