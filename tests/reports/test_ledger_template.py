"""The template that people download is one that the import reads."""

from pathlib import Path

from openpyxl import load_workbook

from collectors.ledger import read_ledger
from collectors.ledger_words import COLUMNS
from reports import ledger_template


def test_the_headings_are_those_that_the_import_knows() -> None:
    assert list(ledger_template.HEADINGS) == list(COLUMNS)


def test_a_filled_in_template_is_read_without_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(ledger_template.write())
    book = load_workbook(path)
    sheet = book["账号台账"]
    row = {
        "单位名称": "临江市水务局",
        "平台": "微博",
        "平台账号ID": "5000000000000001",
        "账号名称": "临江水务",
        "采集方式": "微博开放平台(免费)",
    }
    sheet.append([row.get(heading, "") for heading in ledger_template.HEADINGS])
    book.save(path)
    ledger = read_ledger(path)
    assert not ledger.faults
    assert [(account.name, account.ext_id, account.values["route"]) for account in ledger.accounts] == [
        ("临江水务", "5000000000000001", "weibo_free")
    ]
