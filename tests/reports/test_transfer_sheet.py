"""转办单: every field stands on it, and whatever a citizen wrote is only text."""

from reports.transfer_sheet import FIELDS, write


def test_the_sheet_holds_every_field_and_lines_to_sign() -> None:
    page = write({name: f"甲{name}" for name in (*FIELDS, "编号", "转办日期", "经办人")}).decode()
    for name in (*FIELDS, "编号", "转办日期", "经办人", "审核人", "签收人", "承办意见", "办理结果"):
        assert name in page
    assert "甲诉求内容" in page
    assert "@page{size:A4" in page


def test_words_of_a_citizen_cannot_become_a_page() -> None:
    page = write({"诉求内容": "<script>alert(1)</script>&", "承办单位": '"><img src=x>'}).decode()
    assert "<script>" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;" in page
    assert "http" not in page.replace("&", "")
