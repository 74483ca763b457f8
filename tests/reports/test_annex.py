"""The annex of an inspection: a file that prints on A4 and can be sent as it is."""

from io import BytesIO

import pandas as pd
from openpyxl import load_workbook
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from reports import annex

ABOUT = {
    "检查时点": "2026-03-31 24:00",
    "检查范围": "青山县",
    "检查结果": "检查6个账号，不合格2个，合格率66.67%(4/6)",
    "检查规则": "按各单位现行期限：14个自然日内须有更新",
    "获知截止": "2026-04-04 09:00",
    "存证": "SHA-256 " + "a" * 64,
}


def row(number: int, account: str = "健康青山") -> dict[str, object]:
    evidence = "最近一次公开发布：2026-03-11 16:48 通知\n编号 4900000000000001 https://weibo.com/1/a\nSHA-256 " + "f" * 64
    return {
        "序号": number,
        "账号": account,
        "主办单位": "青山县卫生健康局",
        "平台": "微博",
        "问题": "超期未更新：至2026-03-31 24:00已20天，超过14天",
        "依据": "国办秘函〔2019〕19号；期限14个自然日",
        "证据": evidence,
        "整改时限": "2026-04-15前",
    }


def sheet_of(rows: list[dict[str, object]]) -> Worksheet:
    content = annex.to_xlsx({"检查附表": pd.DataFrame(rows, columns=list(annex.WIDTHS), dtype=object)}, ABOUT)
    book = load_workbook(BytesIO(content))
    assert book.sheetnames == ["检查附表", "说明"]
    return book["检查附表"]


def test_the_columns_are_those_that_the_superior_asks_for_under_a_title_with_date_and_rate() -> None:
    sheet = sheet_of([row(1), row(2)])
    assert sheet["A1"].value == "政务新媒体更新检查问题清单"
    assert "检查时点：2026-03-31 24:00；检查范围：青山县；检查结果：检查6个账号" in sheet["A2"].value
    assert [cell.value for cell in sheet[3]] == ["序号", "账号", "主办单位", "平台", "问题", "依据", "证据", "整改时限"]
    assert [cell.value for cell in sheet[5]][:2] == [2, "健康青山"]
    assert [sheet.cell(place, 1).value for place in (6, 7, 8)] == [
        "检查规则：按各单位现行期限：14个自然日内须有更新",
        "获知截止：2026-04-04 09:00",
        "存证：SHA-256 " + "a" * 64,
    ]


def test_it_prints_on_a4_with_its_heading_on_every_page_and_no_text_cut_off() -> None:
    sheet = sheet_of([row(number) for number in range(1, 200)])
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert isinstance(sheet.sheet_properties.pageSetUpPr, PageSetupProperties)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.freeze_panes == "A4"
    height = sheet.row_dimensions[4].height
    assert height
    assert height >= 4 * annex.LINE_HEIGHT
    assert all(cell.alignment.wrap_text for cell in sheet[4])


def test_what_an_account_is_called_is_never_a_formula() -> None:
    sheet = sheet_of([row(1, '=HYPERLINK("http://x.cn","点我")')])
    assert sheet["B4"].data_type == "s"
    assert sheet["B4"].quotePrefix
