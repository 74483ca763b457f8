"""The questions of the pages give, in a small province, what the plain questions give on the raw rows."""

import json
from pathlib import Path

import pytest

from bench import queries
from bench.queries_check import TWINS


def test_every_question_of_the_pages_answers_as_its_plain_twin(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    queries.main([str(tmp_path), "--accounts", "16", "--comments", "2000", "--rounds", "1", "--days", "30"])
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert figures["wrong"] == []
    assert figures["compared"] == len(TWINS)
    assert {"矩阵总览·账号", "发布监测·概览", "更新检查·今日", "诉求待办·下一件", "值班首页"} <= set(figures["pages"])
