"""python3 run.py report: a file that holds, a file that does not, and sentences where something is missing."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from commands import report
from storage.database import create_database, open_writer, writing
from tests.sample import fill


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    with closing(create_database(tmp_path / "matrix.db")) as db:
        fill(db, datetime.now(UTC) - timedelta(minutes=5))
    monkeypatch.setenv("MATRIX_DATABASE_PATH", str(tmp_path / "matrix.db"))
    return tmp_path


def test_a_report_is_written_holds_and_no_longer_holds_when_a_fact_is_changed(place: Path, capsys) -> None:
    out = place / "周报.docx"
    assert report.main(["weekly", "--org", "青山县", "--out", str(out)]) == 0
    assert "个数字有出处" in capsys.readouterr().out
    assert report.main(["verify", str(out)]) == 0
    assert "可以签发" in capsys.readouterr().out
    with closing(open_writer(place / "matrix.db")) as db, writing(db):
        db.execute(
            "UPDATE posts SET kind = 'repost' WHERE account_id IN (SELECT u.account_id FROM account_up u WHERE u.ancestor_id = 3)"
        )
    assert report.main(["verify", str(out)]) == 1
    assert "不一致：" in capsys.readouterr().out
    assert not [path for path in place.iterdir() if path.name.endswith(".part")]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["verify", "没有.docx"], "没有 没有.docx 这个文件。"),
        (["weekly", "--out", "无此文件夹/a.docx"], "没有 无此文件夹 这个文件夹"),
        (["weekly", "--org", "火星", "--out", "a.docx"], "没有叫“火星”的单位"),
        (["weekly", "--as-of", "昨天", "--out", "a.docx"], "“昨天”不是时间"),
        (["weekly", "--as-of", "2999-01-01T08:00", "--out", "a.docx"], "统计截止“2999-01-01T08:00”还没有到"),
        (["incident", "--incident", "99", "--out", "a.docx"], "找不到这起舆情事件"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(place: Path, capsys, monkeypatch, words: list[str], sentence: str) -> None:
    monkeypatch.chdir(place)
    assert report.main(words) == 1
    assert sentence in capsys.readouterr().err


def test_without_a_database_nothing_can_be_checked(place: Path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("MATRIX_DATABASE_PATH", str(place / "elsewhere.db"))
    (place / "a.docx").write_bytes(b"no report")
    assert report.main(["verify", str(place / "a.docx")]) == 1
    assert "数据库不存在" in capsys.readouterr().err


def test_an_empty_base_has_a_report_of_the_usual_period(place: Path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("MATRIX_DATABASE_PATH", str(place / "empty.db"))
    create_database(place / "empty.db").close()
    assert report.main(["daily", "--out", str(place / "日报.docx")]) == 0
    begun = datetime.now(UTC) + timedelta(hours=8) - timedelta(days=3)
    assert f"：{begun.year}年" in capsys.readouterr().out
    assert report.main(["verify", str(place / "日报.docx")]) == 0
