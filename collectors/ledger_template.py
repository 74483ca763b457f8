"""Makes the ledger table that offices download and fill in: columns, pick lists, two examples and a page of explanation."""

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from collectors.ledger_words import COLUMNS
from matrix.account import LEVELS, PLATFORM_NAMES, ROUTE_NAMES, Filing, Nature, Status

EXAMPLE = "示例"
"""Rows whose unit code begins so are passed over, so that nobody's ledger holds our examples."""

ROWS = 5000
REQUIRED = ("单位名称",)
NEEDED_FOR_ACCOUNTS = ("平台", "账号名称")
LISTS = {
    "层级": LEVELS,
    "平台": tuple(PLATFORM_NAMES.values()),
    "账号性质": tuple(Nature),
    "备案状态": tuple(Filing),
    "运行状态": tuple(Status),
    "采集方式": tuple(ROUTE_NAMES.values()),
}
TEXT_COLUMNS = ("单位编码", "上级单位编码", "平台账号ID", "联系电话")
EXAMPLES: tuple[dict[str, str], ...] = (
    {
        "单位编码": "示例-350100",
        "单位名称": "示例市人民政府办公室",
        "层级": "市级",
        "条线": "政务公开",
        "地区": "示例市",
        "平台": "微信公众号",
        "平台账号ID": "gh_0123456789ab",
        "账号名称": "示例市发布",
        "账号性质": "机构",
        "责任人": "张三",
        "联系电话": "0591-00000000",
        "备案状态": "已备案",
        "运行状态": "正常运行",
        "采集方式": "微信公众号接口",
    },
    {
        "单位编码": "示例-350102-JY",
        "单位名称": "示例区教育局",
        "上级单位编码": "示例-350100",
        "层级": "部门",
        "条线": "教育",
        "地区": "示例区",
        "平台": "微博",
        "平台账号ID": "1234567890",
        "账号名称": "示例区教育局",
        "账号性质": "机构",
        "备案状态": "备案中",
        "运行状态": "暂停",
        "豁免说明": "机构改革,暂停更新至6月底",
        "采集方式": "文件导入",
    },
)
NOTES = (
    ("怎样填写", "一行一个账号;同一单位有几个账号就写几行,单位的几列可以只在第一行填。没有账号的单位也可以单独写一行。"),
    ("单位", "“单位编码”填本地区统一的编码;没有编码时留空,用“上级单位名称”说明隶属关系(同名单位请写完整路径,用/分隔)。"),
    ("上级", "上级单位可以写在表里任何位置,也可以是台账里已有的单位。留空表示最上级,或沿用台账里已有的隶属关系。"),
    ("层级", f"{'、'.join(LEVELS)};层数不限。"),
    ("平台", f"{'、'.join(PLATFORM_NAMES.values())}。没有采集接口的平台按“仅登记”处理,不作更新判定。"),
    ("平台账号ID", "微博填数字UID,公众号填原始ID(gh_开头)或AppID。请保持单元格为文本格式,以免长数字被Excel改掉。"),
    ("账号性质", "机构或公职人员;公职人员账号只登记展示,不参加排名。"),
    ("采集方式", f"{'、'.join(ROUTE_NAMES.values())}。订阅源须同时填写订阅地址。凭据不要写在这里,另行导入。"),
    ("空单元格", "再次导入时,空单元格表示沿用台账里已有的内容;要清空请填“无”。"),
    ("再次导入", "导入前会列出新增、修改和未出现的账号,确认后才生效;表里没有的账号不会被删除,关停请改“运行状态”。"),
    ("示例行", f"单位编码以“{EXAMPLE}”开头的行不会被导入。"),
)


def template() -> bytes:
    """The ledger table as an XLSX file."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "账号台账"
    for place, name in enumerate(COLUMNS, 1):
        letter = get_column_letter(place)
        cell = sheet.cell(1, place, name)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="9C2A2A" if name in (*REQUIRED, *NEEDED_FOR_ACCOUNTS) else "4A5568")
        cell.alignment = Alignment(horizontal="center")
        sheet.column_dimensions[letter].width = max(12, len(name) * 2 + 4)
        for row, example in enumerate(EXAMPLES, 2):
            sheet.cell(row, place, example.get(name, "")).font = Font(italic=True, color="718096")
        if name in TEXT_COLUMNS:
            for row in range(2, 400):
                sheet.cell(row, place).number_format = "@"
        if name in LISTS:
            rule = DataValidation(
                "list", formula1=f'"{",".join(LISTS[name])}"', allow_blank=True, showErrorMessage=name != "层级"
            )
            rule.error, rule.errorTitle = f"请从列表中选择{name}", "填写有误"
            sheet.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}{ROWS}")
    sheet.freeze_panes = "A2"
    notes = book.create_sheet("说明")
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 14, 100
    for row, (name, text) in enumerate(NOTES, 1):
        notes.cell(row, 1, name).font = Font(bold=True)
        notes.cell(row, 2, text).alignment = Alignment(wrap_text=True, vertical="top")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
