"""The measurement of the search runs and finds in a small year what a full scan finds."""

import json

import pytest

from bench import search


def test_a_small_year_is_searched_as_it_is_scanned(capsys: pytest.CaptureFixture[str]) -> None:
    search.main(["--size", "600", "--accounts", "20", "--runs", "1"])
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert figures["rows"] == 660
    assert len(figures["searches"]) == 21
    assert [one["label"] for one in figures["searches"] if not one["same"]] == []
