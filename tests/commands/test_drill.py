"""A drill: the real chain tells in time, its rows say what they are, and nothing real is ever touched."""

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from commands import drill
from storage.database import create_database, open_database
from tests import sample

SCENARIO = """
title = "小演练"
lasts = 15
[event]
title = "青砚路供水主管道爆裂"
occurred = 2026-05-13T14:10:00
kind = "突发事件"
level = "较大"
[officer]
confirms_after = 0
decides_after = 0
grades_after = 0
[[voice]]
at = 1
over = 12
people = 140
to = ["综合"]
texts = ["青砚路水管爆了，路面塌了一大块", "公交车掉坑里了，有人受伤吗？", "家里停水了，什么时候恢复？"]
[[statement]]
at = 4
by = "综合"
text = "【情况通报】青砚路供水主管道爆裂，抢修人员已到场，周边车辆请绕行。"
"""
SMALL = ["--accounts", "5", "--history-days", "3", "--lead-minutes", "5"]


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def test_a_viral_incident_reaches_the_sink_within_two_cycles_of_becoming_material(script: Path, tmp_path: Path) -> None:
    """Simulator over HTTP, collectors, reading, watch, outbox and a sink over HTTP, cycle by cycle."""
    folder = tmp_path / "drill"
    assert drill.main([str(script), "--folder", str(folder), *SMALL]) == 0
    card = json.loads((folder / "small-成绩单.json").read_text(encoding="utf-8"))
    assert card["is_passed"]
    assert card["cycles"] <= 2
    assert 0 < card["alert"] <= card["told"] <= card["confirmed"]
    assert (card["spurious"], card["deliveries"]["lost"], card["deliveries"]["repeated"]) == (0, 0, 0)
    assert card["deliveries"]["arrived"] == card["deliveries"]["sent"] > 0
    assert card["official"] == 4.0
    assert [clock["state"] for clock in card["clocks"]] == ["已按时"]
    assert "云江省公安厅" in card["silent"]
    assert "系统判定" in (folder / "small-成绩单.txt").read_text(encoding="utf-8")
    with closing(open_database(folder / "small.db")) as db:
        for table in ("alerts", "incidents"):
            assert db.execute(f"SELECT count(*), sum(is_drill) FROM {table}").fetchone()[0:2] == (1, 1)
        assert all(title.startswith("【演练】") for (title,) in db.execute("SELECT title FROM notices").fetchall())


def test_a_database_with_real_content_is_refused_and_left_as_it_was(
    script: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "small.db"
    with closing(create_database(path)) as db:
        sample.fill(db, datetime.now(UTC))
        before = db.execute("SELECT count(*) FROM comments").fetchone()
    assert drill.main([str(script), "--folder", str(tmp_path), *SMALL]) == 2
    assert "真实数据" in capsys.readouterr().err
    with closing(open_database(path)) as db:
        assert db.execute("SELECT count(*) FROM comments").fetchone() == before
        assert db.execute("SELECT count(*) FROM marks WHERE name = 'drill'").fetchone() == (0,)


def test_the_database_of_the_installation_is_refused_even_while_it_is_empty(
    script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MATRIX_DATABASE_PATH", str(tmp_path / "small.db"))
    assert drill.main([str(script), "--folder", str(tmp_path), *SMALL]) == 2
    assert "正式数据库" in capsys.readouterr().err
    assert not (tmp_path / "small.db").exists()


def test_a_file_that_is_no_scenario_is_refused_with_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("title = 3", encoding="utf-8")
    assert drill.main([str(wrong), "--folder", str(tmp_path)]) == 2
    assert "wrong.toml" in capsys.readouterr().err
