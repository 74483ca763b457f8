"""A report says what the database says, in Word, and an empty week is a valid report."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from matrix.comment import Comment, Coverage
from matrix.report import Brief, Copy, Note, ReportKind
from matrix.report_body import Paragraph, from_json, to_json
from matrix.run import Batch
from reports.report import compose, tables, to_docx
from reports.report_facts_publishing import quote
from reports.tables import to_xlsx
from reports.verify import Finding, refuses, verify
from storage import batches, incident_acts, incidents
from storage.database import create_database, writing
from storage.scope import Scope
from storage.understanding import understand
from tests.sample import RING, fill
from tests.storage.alert_city import add_alert, add_series
from worker import READERS

NOW = int(datetime(2026, 3, 6, 7, 0, tzinfo=UTC).timestamp())
"""Friday 15:00 in Beijing."""


@pytest.fixture(scope="module")
def city():
    db = create_database(":memory:")
    now = datetime.fromtimestamp(NOW, UTC)
    ids = fill(db, now)
    with writing(db):
        series = add_series(db, "单位", "青山县(含下级)", ids["青山县"], 0)
        add_alert(db, series, ids["青山县"], "青山县评论激增", NOW - 7200, NOW)
        incidents.open_incident(db, (ids["临江市"],), "城东片区停水", "zhiban", "李值班", now - timedelta(hours=9), ids["临江市"])
    yield db, (ids["临江市"],)
    db.close()


def brief(kind: ReportKind = ReportKind.WEEKLY, **more) -> Brief:
    return Brief(kind, 0, NOW - 7 * 86400, NOW, NOW, **more)


def broken(findings: list[Finding]) -> list[str]:
    return [finding.what for finding in findings if refuses([finding])]


@pytest.mark.parametrize(("kind", "copy"), list(zip(ReportKind, (Copy.ISSUED, *[Copy.REVIEW] * 4), strict=True)))
def test_every_kind_of_report_of_the_sample_city_holds(city, kind: ReportKind, copy: Copy) -> None:
    db, scope = city
    composed = compose(db, scope, brief(kind))
    assert broken(verify(db, scope, to_docx(composed, copy))) == []


@pytest.mark.parametrize("kind", list(ReportKind))
def test_an_empty_period_is_a_valid_report_that_says_so(kind: ReportKind) -> None:
    db, scope = create_database(":memory:"), Scope()
    composed = compose(db, scope, brief(kind))
    assert composed.is_quiet
    assert "无异常。" in [block.text for block in composed.sections[0].blocks if isinstance(block, Paragraph)][-1]
    assert broken(verify(db, scope, to_docx(composed))) == []
    db.close()


def test_what_was_composed_is_kept_as_text_and_comes_back_the_same(city) -> None:
    db, scope = city
    composed = compose(db, scope, brief(notes=(Note("研判与建议", "请抓紧办理。", "张科长"),)))
    assert from_json(to_json(composed)) == composed
    sheets = tables(composed)
    assert [row[2:] for row in sheets["预警清单"].itertuples(index=False)] == [
        ("青山县", "青山县评论激增", "黄色", "持续", "待确认")
    ]
    assert sheets["分平台发布和互动情况"]["账号数"].map(type).eq(int).all()
    assert not [cell for frame in sheets.values() for column in frame for cell in frame[column] if "\n" in str(cell)]
    charts = load_workbook(BytesIO(to_xlsx({"每日发布数量": sheets["每日发布数量"]}, {}))).worksheets[0]._charts
    assert [chart.tagname for chart in charts] == ["lineChart"]


def test_hostile_words_of_citizens_neither_break_a_report_nor_its_check() -> None:
    db = create_database(":memory:")
    now = datetime.fromtimestamp(NOW, UTC)
    ids = fill(db, now)
    account = ids["1:临江发布"]
    words = [
        "=cmd|' /C calc'!A0 请问何时供水？\x07\x0b",
        "\u202e请问路灯何时修好？123\u202c",
        "<w:p>&amp;请问公交何时恢复？</w:p>]]>",
        "**请问** [A1]" * 3000,
    ]
    said = [Comment(f"h{n}", f"{account}_1", now - timedelta(hours=30 + n), text, f"h{n}", "@某") for n, text in enumerate(words)]
    looked = (Coverage(f"{account}_1", None),)
    batches.save(db, account, 1, Batch(now, comments=tuple(said), coverages=looked), RING, now)
    while understand(db, READERS, now):
        pass
    composed = compose(db, (ids["临江市"],), brief())
    longest = next(figure for figure in composed.figures if figure.question == "response.longest")
    assert any("请问路灯何时修好？123" in cell for row in longest.value for cell in row)
    assert "\u202e" not in to_json(composed)
    assert broken(verify(db, (ids["临江市"],), to_docx(composed))) == []
    db.close()


def test_an_incident_that_was_closed_in_the_period_is_told_and_one_of_before_is_not() -> None:
    db = create_database(":memory:")
    ids = fill(db, datetime.fromtimestamp(NOW, UTC))
    scope = (ids["临江市"],)
    with writing(db):
        for title, opened, closed in (("夜市停电", 12, 2), ("桥面塌陷", 20, 9)):
            at = datetime.fromtimestamp(NOW, UTC)
            number = incidents.open_incident(db, scope, title, "li", "李某", at - timedelta(days=opened), ids["青山县"])
            incident_acts.close(db, scope, number, "已恢复", "li", "李某", at - timedelta(days=closed))
        db.execute("UPDATE reach SET reads = NULL")
    composed = compose(db, scope, brief())
    texts = [block.text for section in composed.sections for block in section.blocks if isinstance(block, Paragraph)]
    assert "其中本期新增0起，已办结1起，截止时仍在处置0起，" in "".join(texts)
    assert [row[3] for row in tables(composed)["舆情事件清单"].itertuples(index=False)] == ["夜市停电"]
    assert [text for text in texts if "条平台均未提供）" in text]
    db.close()


def test_whoever_sees_no_unit_reads_of_nothing(city) -> None:
    db, _ = city
    composed = compose(db, (), brief())
    assert composed.is_quiet
    assert [figure.rows for figure in composed.figures] == [0] * len(composed.figures)


def test_words_of_citizens_are_quoted_without_names_numbers_and_signs_that_no_font_has() -> None:
    assert quote("@张三丰 快看🤷\u200d♂️😀，打我电话13800138000", 40) == "@某账号 快看〔表情〕，打我电话138****8000"
    assert quote("停水第三天了★", 5) == "停水第三…"
