"""The Word file is laid out as an official paper, with real styles, and its charts need no installed font."""

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Length, Mm
from fontTools.ttLib import TTFont

from matrix.account import PLATFORM_NAMES
from matrix.report import Brief, Copy, ReportKind
from matrix.waiting import BUCKETS
from reports.pictures import FONT
from reports.report import compose, to_docx
from reports.report_docx import numeral
from tests.reports.test_report import NOW, city
from tests.sources import ROOT

__all__ = ["city"]


@pytest.fixture(scope="module")
def composed(city):
    db, scope = city
    return compose(db, scope, Brief(ReportKind.WEEKLY, 0, NOW - 7 * 86400, NOW, NOW))


def test_page_styles_captions_tables_and_pictures_are_what_an_office_expects(composed) -> None:
    about = {"期号": "12", "总期号": "96", "报": "市委办公室", "地址": "https://console.example.cn/"}
    document = Document(BytesIO(to_docx(composed, Copy.REVIEW, about)))
    page = document.sections[0]
    edges = (page.page_width, page.page_height, page.left_margin, page.right_margin, page.top_margin, page.bottom_margin)
    assert [round(Length(edge or 0).mm) for edge in edges] == [210, 297, 28, 26, 37, 35]
    styles = [paragraph.style.name for paragraph in document.paragraphs if paragraph.style]
    assert {"Heading 1", "公文正文", "Caption", "toc 1", "刊头", "版记"} <= set(styles)
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "第12期（总第96期）" in texts
    assert texts[styles.index("Heading 1")].startswith("一、")
    xml = document.element.xml
    assert "SEQ 表" in xml
    assert "SEQ 图" in xml
    assert " TOC " in xml
    links = [link.target_ref for link in document.part.rels.values() if link.reltype.endswith("/hyperlink")]
    figure = composed.figures[0]
    assert f"https://console.example.cn/figure?key={figure.key}-{figure.mark}" in links
    for table in document.tables:
        widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.iter(qn("w:gridCol"))]
        assert sum(widths) <= Mm(156).twips + 20
        assert table._tbl.find(f".//{qn('w:tblHeader')}") is not None
        rows = list(table.rows)
        together = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in rows]
        assert together == [len(rows) <= 9 or None] * (len(rows) - 1) + [None]
    assert all(about.get("descr") for about in document.element.iter(qn("wp:docPr")))


def test_the_issued_copy_bears_no_keys_in_its_text_but_in_its_annex(composed) -> None:
    document = Document(BytesIO(to_docx(composed, Copy.ISSUED)))
    assert not [paragraph.text for paragraph in document.paragraphs if "[A" in paragraph.text]
    assert [cell.text for cell in document.tables[-1].columns[0].cells][1:] == [figure.key for figure in composed.figures]


def test_a_report_without_an_outside_address_has_no_outside_links(composed) -> None:
    document = Document(BytesIO(to_docx(composed)))
    assert not [link for link in document.part.rels.values() if link.is_external]


def test_the_font_of_the_charts_has_every_sign_that_they_may_show() -> None:
    signs = set(
        "".join([*BUCKETS, *PLATFORM_NAMES.values(), "每日发布数量原创和图文转发评论线索正面中性负面龘囍0123456789-:时条件%"])
    )
    assert signs <= {chr(int(code)) for code in TTFont(FONT).getBestCmap() or ()}
    assert FONT.stat().st_size < 10 * 1024 * 1024
    assert "SIL OPEN FONT LICENSE" in (FONT.parent / "OFL.txt").read_text(encoding="utf-8")


def test_charts_are_drawn_where_no_font_is_installed(tmp_path: Path) -> None:
    (tmp_path / "fonts.conf").write_text("<fontconfig></fontconfig>", encoding="utf-8")
    code = (
        "import warnings; warnings.simplefilter('error', UserWarning)\n"
        "from reports.pictures import draw\n"
        "for shape in ('柱', '线', '条'):\n"
        "    points = {'labels': ['微博', '微信公众号'], 'series': {'发布': [3, 5], '转发': [1, None]}}\n"
        "    assert draw(points, shape, '条')[:4] == b'\\x89PNG'"
    )
    place = {"FONTCONFIG_FILE": str(tmp_path / "fonts.conf"), "MPLCONFIGDIR": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ | place, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_headings_are_counted_in_chinese() -> None:
    assert [numeral(number) for number in (1, 10, 11, 20, 21)] == ["一", "十", "十一", "二十", "二十一"]
