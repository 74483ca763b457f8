"""The empty account ledger as an Excel file: headings, lists to choose from, and a sheet that explains each column."""

from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from matrix.account import LEVELS, PLATFORM_NAMES, ROUTE_NAMES, Filing, Nature, Status

ROWS = 2000
HEADINGS: dict[str, tuple[int, str]] = {
    "单位编码": (16, "建议填写，如统一社会信用代码；不填则以单位名称区分。再次导入时靠它认出同一个单位。"),
    "单位名称": (24, "必填。一个单位有几个账号就写几行；没有账号的上级单位也各写一行。"),
    "上级单位编码": (16, "上级单位的编码；最上级单位留空。"),
    "上级单位名称": (24, "没有编码时填写上级单位名称。"),
    "层级": (12, f"可选：{'、'.join(LEVELS)}；层数不限。"),
    "条线": (12, "如公安、卫健、教育。"),
    "地区": (12, "如临江市青山县。"),
    "平台": (14, f"有账号的行必填：{'、'.join(PLATFORM_NAMES.values())}。"),
    "平台账号ID": (24, "微博填数字UID，公众号填原始ID(gh_开头)。请先把单元格设为文本，以免长数字被舍入。"),
    "账号名称": (22, "有账号的行必填。"),
    "账号性质": (12, "机构或公职人员；公职人员账号不参与排名。"),
    "责任人": (12, "日常负责该账号的人。"),
    "联系电话": (16, "出现超期或中断时联系谁。"),
    "备案状态": (12, "、".join(Filing)),
    "运行状态": (12, "、".join(Status)),
    "豁免说明": (24, "填写后不作更新判定，请写明依据；填“无”表示取消豁免。"),
    "采集方式": (22, "、".join(ROUTE_NAMES.values())),
    "订阅地址": (30, "采集方式为订阅源时填写，以 http:// 或 https:// 开头。"),
}
CHOICES = {
    "层级": list(LEVELS),
    "平台": list(PLATFORM_NAMES.values()),
    "账号性质": list(Nature),
    "备案状态": list(Filing),
    "运行状态": list(Status),
    "采集方式": list(ROUTE_NAMES.values()),
}
TEXT_COLUMNS = ("单位编码", "上级单位编码", "平台账号ID", "联系电话")


def write() -> bytes:
    """The file; its first sheet holds nothing but headings, so that it can be imported as it is filled in."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "账号台账"
    sheet.append(list(HEADINGS))
    fill = PatternFill("solid", fgColor="E3ECF6")
    for number, (heading, (width, _)) in enumerate(HEADINGS.items(), start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = width
        cell = sheet.cell(1, number)
        cell.font, cell.fill, cell.alignment = Font(bold=True), fill, Alignment(vertical="center")
        if heading in TEXT_COLUMNS:
            sheet.column_dimensions[letter].number_format = "@"
        if heading in CHOICES:
            words = ",".join(str(choice) for choice in CHOICES[heading])
            # An entry outside the list is allowed: the import knows the usual variants.
            rule = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True, showErrorMessage=False)
            rule.add(f"{letter}2:{letter}{ROWS + 1}")
            sheet.add_data_validation(rule)
    sheet.freeze_panes = "A2"
    notes = book.create_sheet("填写说明")
    notes.append(["列", "怎么填"])
    for heading, (_, words) in HEADINGS.items():
        notes.append([heading, words])
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 18, 90
    for cell in notes[1]:
        cell.font, cell.fill = Font(bold=True), fill
    content = BytesIO()
    book.save(content)
    return content.getvalue()
