"""The province that response times are measured on: its figures equal the calculation row by row, and its cases open."""

from contextlib import closing
from pathlib import Path

from bench import responses
from bench.responses_base import build
from storage.database import check_integrity, open_database


def test_a_small_province_is_whole_and_its_figures_are_right(tmp_path: Path) -> None:
    path = tmp_path / "responses.db"
    build(path, 24, 4000)
    with closing(open_database(path)) as db:
        assert check_integrity(db) == []
        checked, wrong = responses.check(db, every=4)
        assert checked >= 10 and wrong == []
        assert db.execute(responses.NAIVE, {"since": 0, "until": responses.NOW}).fetchall()
        for name, ask in responses.questions(db).items():
            assert ask() is not None, name
