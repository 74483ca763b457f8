"""The account ledger from a table: any order of rows and columns, any depth, synonyms; what is wrong is named by line."""

from pathlib import Path

import pytest

from collectors.files import FileError
from collectors.files.rows import RowFault
from collectors.ledger import _route, read_ledger, sight_of
from collectors.ledger_credentials import Credential, read_credentials
from matrix.account import Platform, Route
from matrix.ledger import Ledger
from reports import ledger_template
from tests.collectors.files_desk import write_csv, write_xlsx

HEADER = ["单位编码", "单位名称", "上级单位编码", "层级", "平台", "平台账号ID", "账号名称", "采集方式"]


def faults(ledger: Ledger) -> list[tuple[int, str]]:
    return [(fault.line, fault.reason) for fault in ledger.faults]


def test_units_and_accounts_in_any_order_of_columns_and_rows(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "l.csv",
        [
            [
                "账号名称",
                "平台",
                "UID",
                "主办单位",
                "机构编码",
                "上级编码",
                "层级",
                "负责人",
                "手机号",
                "备案",
                "状态",
                "采集方式",
            ],
            ["青山发布", "新浪微博", "1700000003", "青山县", "QS", "LJ", "区县", "李四", "13900000000", "是", "正常", "文件导入"],
            ["临江发布", "微博", "1700000001", "临江市", "LJ", "", "市", "", "", "", "停更", "微博开放平台(商业)"],
            ["青山微讯", "订阅号", "gh_0123456789ab", "青山县", "QS", "", "", "", "", "", "", "公众号接口"],
            ["", "", "", "青山县城关镇", "QS-CG", "QS", "街道", "", "", "", "", ""],
        ],
        "gb18030",
    )
    ledger = read_ledger(path)
    assert faults(ledger) == []
    assert [(u.code, u.name, u.parent, u.values.get("level")) for u in ledger.units] == [
        ("QS", "青山县", "LJ", "县级"),
        ("LJ", "临江市", "", "市级"),
        ("QS-CG", "青山县城关镇", "QS", "乡镇街道"),
    ]
    first, second, third = ledger.accounts
    assert (first.platform, first.ext_id, first.unit) == (Platform.WEIBO, "1700000003", "QS")
    assert first.values == {
        "filing": "已备案",
        "status": "正常运行",
        "person": "李四",
        "phone": "13900000000",
        "route": Route.FILES,
    }
    assert (second.values["status"], second.values["route"]) == ("暂停", Route.WEIBO_COMMERCIAL)
    assert (third.platform, third.values["route"]) == (Platform.WECHAT, Route.WECHAT)


def test_units_without_codes_are_told_by_their_path(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "l.csv",
        [
            ["单位名称", "上级单位名称", "平台", "账号名称"],
            ["办公室", "临江市/青山县", "抖音", "青山政务"],
            ["青山县", "临江市", "", ""],
            ["临江市", "", "", ""],
        ],
    )
    ledger = read_ledger(path)
    assert [(unit.code, unit.has_code) for unit in ledger.units] == [
        ("临江市/青山县/办公室", False),
        ("临江市/青山县", False),
        ("临江市", False),
    ]
    assert ledger.accounts[0].values["route"] == Route.NONE


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["A", "", "", "", "", "", "", ""], "缺少单位名称"),
        (["A", "甲", "", "", "", "17", "甲发布", ""], "有账号而没有填写平台"),
        (["A", "甲", "", "", "脸书", "17", "甲发布", ""], "平台“脸书”不认识"),
        (["A", "甲", "", "", "微博", "17", "", ""], "缺少账号名称"),
        (["A", "甲", "", "", "微博", "jiafabu", "甲发布", ""], "应为数字UID"),
        (["A", "甲", "", "", "微博", "5.1017E+15", "甲发布", ""], "Excel"),
        (["A", "甲", "", "", "抖音", "x", "甲发布", "微博开放平台(商业)"], "采集方式与平台不符"),
        (["A", "甲", "", "", "微博", "17000001", "甲发布", "订阅源"], "没有填写订阅地址"),
        (["A", "甲", "", "", "微博", "17000001", "甲发布", "爬虫"], "采集方式“爬虫”应为"),
        (["Z", "乙", "", "", "", "", "", ""], "单位编码“Z”的单位名称与第2行不一致"),
    ],
)
def test_a_wrong_row_is_named_and_the_others_stay(tmp_path: Path, row: list[str], reason: str) -> None:
    path = write_csv(tmp_path / "l.csv", [HEADER, ["Z", "早先", "", "", "", "", "", ""], row])
    ledger = read_ledger(path)
    assert len(ledger.units) == 1
    assert ledger.faults[0].line == 3
    assert reason in ledger.faults[0].reason


def test_platforms_without_a_collector_come_in_as_registered_only(tmp_path: Path) -> None:
    rows = [
        ["A", "甲", "", "", platform, f"x{i}", f"甲{i}", ""] for i, platform in enumerate(("抖音", "今日头条", "视频号", "APP"))
    ]
    ledger = read_ledger(write_xlsx(tmp_path / "l.xlsx", [HEADER, *rows], "账号台账"))
    assert [account.values["route"] for account in ledger.accounts] == ["none"] * 4
    assert sight_of(Route.NONE, Platform.DOUYIN) == "仅登记：看不到内容；没有可用的采集方式，仅登记，不作更新判定"
    assert sight_of(Route.FEED, Platform.WECHAT).startswith("订阅源：可见发布；")


def test_the_template_is_a_ledger_and_examples_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    path.write_bytes(ledger_template.write())
    assert read_ledger(path) == Ledger()
    rows = [["示例-1", "示例市", "", "", "", "", "", ""], ["A", "甲", "", "", "", "", "", ""]]
    assert [unit.code for unit in read_ledger(write_csv(tmp_path / "l.csv", [HEADER, *rows])).units] == ["A"]


def test_a_table_that_is_no_ledger_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="不是账号台账"):
        read_ledger(write_csv(tmp_path / "a.csv", [["发布时间", "正文"], ["2026-02-01", "好"]]))


def test_credentials_are_read_and_no_fault_repeats_one(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "c.csv",
        [
            ["平台", "平台账号ID", "凭据"],
            ["微博", "1700000001", "2.00AbCdEfSecret"],
            ["公众号", "gh_0123456789ab", "only-the-secret"],
            ["微博", "1700000002", "2.00 broken Secret"],
            ["微博", "1700000003", ""],
            ["脸书", "1", "Secret"],
        ],
    )
    found = list(read_credentials(path))
    good = [row for row in found if isinstance(row, Credential)]
    assert [(row.account.ext_id, row.secret) for row in good] == [("1700000001", "2.00AbCdEfSecret")]
    assert not [secret for secret in ("AbCdEf", "only-the", "broken") if secret in repr(found)]
    assert [row.line for row in found if isinstance(row, RowFault)] == [3, 4, 5, 6]
    with pytest.raises(FileError, match="不是凭据表"):
        list(read_credentials(write_csv(tmp_path / "d.csv", [["平台", "备注"], ["微博", "x"]])))


def test_a_route_is_known_by_its_name_with_either_kind_of_bracket() -> None:
    for brackets in ("()", "\uff08\uff09"):
        text = f"微博开放平台{brackets[0]}免费{brackets[1]}"
        assert _route(Platform.WEIBO, text, "") == "weibo_free"
