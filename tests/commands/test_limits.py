"""A subtree gets a limit of its own from the command line, and the verdict follows."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from commands import limits
from matrix.inspection import Verdict
from settings import load
from storage import organizations, silence
from storage.database import create_database, open_database
from tests import sample


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MATRIX_DATABASE_PATH", str(tmp_path / "m.db"))
    monkeypatch.setenv("MATRIX_DATABASE_KEY_FILE", str(tmp_path / "m.key"))
    with closing(create_database(tmp_path / "m.db")) as db:
        sample.fill(db, load().clock().now())
    return tmp_path / "m.db"


def verdict_of(path: Path, account: str) -> str:
    with closing(open_database(path)) as db:
        judged = silence.verdicts(db, organizations.roots(db), load().clock().now() + timedelta(seconds=5), 14)
    return judged[judged["account"] == account]["verdict"].iloc[0]


def test_a_limit_holds_for_its_subtree_from_now_on_and_is_listed(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verdict_of(city, "健康青山") == Verdict.OVERDUE
    assert limits.main(["青山县", "60", "--basis", "县政府办〔2026〕3号"]) == 0
    assert verdict_of(city, "健康青山") == Verdict.NORMAL
    assert limits.main([]) == 0
    told = capsys.readouterr().out
    assert "60天" in told and "县政府办〔2026〕3号" in told and "默认 14 天" in told


@pytest.mark.parametrize(("words", "reason"), [(["没有的单位", "10"], "没有编码或名称"), (["青山县", "0"], "1 到 366")])
def test_what_cannot_be_meant_is_refused(city: Path, capsys: pytest.CaptureFixture[str], words: list[str], reason: str) -> None:
    assert limits.main(words) == 1
    assert reason in capsys.readouterr().err
