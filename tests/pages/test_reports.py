"""The page of reports: drafted, checked by another person, issued, corrected; what a key opens, and for whom."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import settings as site
from matrix.people import Role
from matrix.report_body import Table
from matrix.report_life import Act
from storage import incidents, journal, passwords, people, report_rows, report_steps
from storage.database import open_writer, writing
from storage.report_content import Author
from tests import sample, serving
from tests.pages.conftest import Open, words_of
from tests.pages.test_dialogs import press
from ui import report_figure, reports_files, signin
from ui.reports_settings import when_words
from ui.words import plain

PAGE, FIGURE = "pages/report/reports.py", "pages/report/figure.py"
CITY = (1,)
WHY = "第一节数字有误"


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One city for the whole life; with a second chief, who checks."""
    path = serving.make_world(tmp_path_factory.mktemp("reports"), True)
    with closing(open_writer(path)) as db, writing(db), pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", serving.QUICK)
        for login, name, role, unit in (("fuhe", "王复核", Role.LEAD, "临江市"), ("kan", "周领导", Role.READER, "临江市")):
            (number,) = db.execute("SELECT id FROM organizations WHERE name = ?", (unit,)).fetchone()
            now = datetime.now(UTC)
            people.add(db, login=login, name=name, role=role, password=sample.PASSWORD, by="t", now=now, must_change=False,
                       scope=(number,))  # fmt: skip
    return {"city": path}


@pytest.fixture
def db(worlds: dict[str, Path]) -> Iterator[sqlite3.Connection]:
    with closing(open_writer(worlds["city"])) as held:
        yield held
        assert journal.verify(held) is None


def opened(db: sqlite3.Connection, number: int) -> report_rows.Opened:
    held = report_rows.opened(db, CITY, report_id=number)
    assert held
    return held


def confirm(tester: AppTest, label: str, inside: str) -> AppTest:
    """Open a dialog and press a button in it."""
    return press(press(tester, inside), label, inside)


def labels(tester: AppTest) -> list[str]:
    return [button.label for button in tester.button]


@pytest.fixture
def drafted(look: Open, db: sqlite3.Connection) -> int:
    """A draft by the chief, made on the page by the first test that needs one."""
    row = db.execute("SELECT id FROM reports ORDER BY id LIMIT 1").fetchone()
    if row is None:
        tester = confirm(look("city", "zhuguan", PAGE), "生成草稿", "起草报告")
        assert not tester.exception
        assert "草稿已生成" in words_of(tester)
        row = db.execute("SELECT id FROM reports").fetchone()
    return int(row[0])


@pytest.fixture
def issued(look: Open, db: sqlite3.Connection, drafted: int) -> int:
    """The draft, checked and issued on the page by the second chief."""
    if report_rows.versions_of(db, drafted)["issued_at"].notna().any():
        return drafted
    tester = press(look("city", "zhuguan", PAGE, report=f"{drafted}"), "提交审核")
    assert "已提交审核" in words_of(tester)
    assert not {"审核通过", "一人岗位自行审核"} & set(labels(tester))
    assert "本单位可以审核的：王复核" in words_of(tester)
    tester = press(look("city", "fuhe", PAGE, report=f"{drafted}"), "审核通过")
    assert "**待签发**" in words_of(tester)
    tester = confirm(tester, "确认签发", "签发")
    assert not tester.exception
    assert "已签发，" in words_of(tester)
    return drafted


def test_a_draft_is_made_on_the_page_and_its_figures_open_their_rows(look: Open, db: sqlite3.Connection, drafted: int) -> None:
    lines = {line.act: line for line in journal.lines(db)}
    assert (lines["起草报告"].actor, lines["起草报告"].subject) == ("zhuguan", "临江市周报")
    tester = look("city", "zhuguan", PAGE, report=f"{drafted}")
    assert not tester.exception
    words = words_of(tester)
    assert "**起草中**" in words
    assert "/figure?key=A" in words
    assert {"提交审核", "更新数据", "作废"} <= set(labels(tester))
    assert "签发" not in labels(tester)
    again = look("city", "zhuguan", PAGE)
    assert "政务新媒体舆情周报" in again.dataframe[0].value.to_csv()


def test_paragraphs_of_a_person_are_marked_as_such(look: Open, db: sqlite3.Connection, drafted: int) -> None:
    tester = look("city", "zhuguan", PAGE, report=f"{drafted}", see_report="研判和建议")
    tester.text_area[0].set_value("停水投诉集中在城东，*总体*可控。")
    tester = press(tester, "保存")
    assert not tester.exception
    assert opened(db, drafted).brief.notes[0].text == "停水投诉集中在城东，*总体*可控。"
    words = words_of(look("city", "zhuguan", PAGE, report=f"{drafted}"))
    assert "研判（人工撰写）" in words
    assert plain("*总体*可控") in words
    for see in ("核对结果", "经过和版本"):
        tester = look("city", "zhuguan", PAGE, report=f"{drafted}", see_report=see)
        assert not tester.exception
    assert "两稿的数字完全相同" in words_of(tester)
    earlier = look("city", "zhuguan", PAGE, report=f"{drafted}", see_report="研判和建议", version="1")
    assert not earlier.text_area, "an earlier version is not written on"
    assert "人工撰写的研判有改动" in words_of(tester)


def test_the_writer_cannot_check_and_the_other_one_issues_it(db: sqlite3.Connection, issued: int) -> None:
    held = opened(db, issued)
    assert (held.state, held.number) == ("已签发", 1)
    line = {line.act: line for line in journal.lines(db)}["签发报告"]
    assert (line.actor, held.versions["issued_sha256"].iloc[-1] in line.detail) == ("fuhe", True)
    assert {line.act for line in journal.lines(db)} >= {"报告提交审核", "报告审核通过", "核对报告", "签发报告"}


def test_a_reader_sees_what_went_out_and_takes_it_with_a_line_in_the_journal(
    look: Open, db: sqlite3.Connection, issued: int, worlds: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    tester = look("city", "kan", PAGE, report=f"{issued}")
    assert not tester.exception
    assert "**已签发**" in words_of(tester)
    assert [getattr(button, "label", "") for button in tester.get("download_button")] == ["下载Word签发稿"]
    assert labels(tester) == ["返回列表"]
    monkeypatch.setenv("MATRIX_DATABASE_PATH", str(worlds["city"]))
    mine, token = site.load(), serving.open_session(worlds["city"], "kan")
    viewer = signin.viewer_of(token, mine)
    assert viewer
    version = opened(db, issued).version_id
    order = reports_files.Order(version, True, "临江市周报", mine, token, viewer, "127.0.0.1")
    assert order.word().startswith(b"PK")
    assert journal.lines(db, limit=1)[0].act == "下载报告"
    with pytest.raises(PermissionError):
        reports_files.Order(version, False, "临江市周报", mine, token, viewer, "").word()
    kept = db.execute("SELECT content FROM report_signings").fetchone()[0]
    db.execute("UPDATE report_signings SET content = (SELECT content FROM report_versions LIMIT 1)")
    with pytest.raises(PermissionError, match="与存证不一致"):
        order.word()
    db.execute("UPDATE report_signings SET content = :kept", {"kept": kept})
    assert journal.lines(db, limit=1)[0].outcome == journal.REFUSED


def test_a_key_opens_its_rows_within_the_scope_and_says_nothing_outside(look: Open, db: sqlite3.Connection, issued: int) -> None:
    composed = opened(db, issued).composed
    assert composed
    figure = max(composed.figures, key=lambda one: one.rows)
    key = f"{figure.key}-{figure.mark}"
    for login in ("zhuguan", "kan"):
        tester = look("city", login, FIGURE, key=key)
        assert not tester.exception
        words = words_of(tester)
        assert "结果与报告一致" in words
        assert tester.dataframe
        assert all(not str(head).isascii() for head in tester.dataframe[0].value.columns)
        assert sample.PHONE not in words
        assert sample.CITIZEN not in words
    unknown = look("city", "zhuguan", FIGURE, key=f"{figure.key}-{'0' * 16}")
    outside = look("city", "zhiban", FIGURE, key=key)
    assert [one.value for one in outside.markdown] == [one.value for one in unknown.markdown], "whether it exists is not told"
    assert report_figure.UNSEEN in outside.markdown[0].value
    assert not outside.dataframe
    assert "没有这份报告" in words_of(look("city", "zhiban", PAGE, report=f"{issued}"))
    assert words_of(look("city", "", FIGURE, key=key)).startswith("请先登录")


def test_a_special_report_on_an_incident_is_made_checked_and_opens_its_rows(look: Open, db: sqlite3.Connection) -> None:
    now = datetime.now(UTC)
    with writing(db):
        incidents.open_incident(db, CITY, "城东片区停水", "zhiban", "李值班", now - timedelta(hours=9), CITY[0])
    tester = look("city", "zhuguan", PAGE)
    for _ in range(2):  # the tester closes the dialog at every run; what was chosen stays
        next(button for button in tester.button if button.label == "起草报告").click()
        tester = tester.run()
        next(box for box in tester.selectbox if box.key == "new_kind").set_value("事件专报")
    tester = press(tester, "生成草稿", "起草报告")
    assert not tester.exception
    (number,) = db.execute("SELECT max(id) FROM reports").fetchone()
    made = opened(db, number).composed
    assert made
    assert made.brief.kind == "事件专报"
    captions = {block.caption: block.key for section in made.sections for block in section.blocks if isinstance(block, Table)}
    tester = press(look("city", "zhuguan", PAGE, report=f"{number}", see_report="核对结果"), "核对数字")
    assert "没有核对不上的数字" in words_of(tester)
    for caption, heads in (("回应时限", {"时限", "到期"}), ("事件经过", {"时间", "来源", "内容"})):
        figure = made.figure(captions[caption])
        shown = look("city", "zhuguan", FIGURE, key=f"{figure.key}-{figure.mark}")
        assert not shown.exception
        assert "结果与报告一致" in words_of(shown)
        assert heads <= set(shown.dataframe[0].value.columns)
        assert not [head for head in shown.dataframe[0].value.columns if str(head).isascii()]


def test_settings_of_the_timetable_are_kept_and_shown(look: Open, db: sqlite3.Connection) -> None:
    tester = look("city", "zhuguan", PAGE, reports_part="定时和报头")
    next(button for button in tester.button if button.label == "设定").click()
    tester = tester.run()
    tester.checkbox[0].set_value(True)
    next(box for box in tester.text_input if box.label == "编发单位").set_value("市政府办公室")
    tester = press(tester, "保存", "设定")
    assert not tester.exception
    assert "市政府办公室" in tester.dataframe[0].value.to_csv()
    assert "每周五15:00" in tester.dataframe[0].value.to_csv()
    assert journal.lines(db, limit=1)[0].act == "设定报告"


def test_the_hour_of_each_kind_is_said_as_people_say_it() -> None:
    said = [when_words(kind, typed) for kind, typed in (("日报", "08:00"), ("周报", "周五15:00"), ("月报", "1日08:00"))]
    assert said == ["每日08:00", "每周五15:00", "每月1日08:00"]


def test_an_issued_report_is_corrected_under_its_number(look: Open, db: sqlite3.Connection, issued: int) -> None:
    with writing(db):
        number = opened(db, issued)
        fuhe = Author("fuhe", "王复核")
        report_steps.take(db, CITY, issued, Act.CORRECT, fuhe, datetime.now(UTC), number.last_step, WHY)
    tester = look("city", "fuhe", PAGE, report=f"{issued}")
    assert "**更正起草中**" in words_of(tester)
    assert "放弃更正" in labels(tester)
    tester = confirm(tester, "重新统计", "更新数据")
    assert not tester.exception
    assert "数据已更新" in words_of(tester)
    reader = words_of(look("city", "kan", PAGE, report=f"{issued}"))
    assert "更新数据" not in reader
