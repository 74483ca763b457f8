"""The measurements of topics, feelings and issues say in Chinese what a folder lacks."""

import pytest

from bench import issues, issues_fit, sentiment, sentiment_fit, topics, topics_fit
from bench.issues_truth import b_cubed


@pytest.mark.parametrize(
    "measure", [topics, topics_fit, sentiment, sentiment_fit, issues, issues_fit], ids=lambda one: one.__name__
)
def test_an_empty_folder_is_told_by_the_file_that_is_missing(measure, tmp_path, capsys) -> None:
    assert measure.main(["--data", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert "文件夹里没有" in said
    assert ".csv" in said


@pytest.mark.parametrize(
    ("measure", "name", "header"),
    [
        (topics, "topic7_labelled", "title,label"),
        (sentiment, "smp2020_ewect", "text,domain"),
        (issues, "gold_hot_events", "id,matter"),
    ],
    ids=["topics", "sentiment", "issues"],
)
def test_a_missing_column_is_named(measure, name: str, header: str, tmp_path, capsys) -> None:
    (tmp_path / f"{name}.csv").write_text(f"{header}\n甲,乙\n", encoding="utf-8")
    assert measure.main(["--data", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert f"{name}.csv 缺少列" in said


def test_b_cubed_counts_strangers_against_precision_and_doubtful_ones_nowhere() -> None:
    events = {"a": "e", "b": "e", "c": "f", "d": "IGNORE"}
    everybody = ["a", "b", "c", "d", "x"]
    perfect = {"a": "1", "b": "1", "c": "2", "d": "1"}
    assert b_cubed(events, perfect, everybody) == {"precision": 1, "recall": 1, "f": 1, "recovered": 1}
    found = b_cubed(events, {"a": "1", "b": "1", "x": "1"}, everybody)
    assert found["precision"] == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)
    assert found["recall"] == 1
    split = b_cubed(events, {}, everybody)
    assert (split["precision"], split["recall"]) == (1, pytest.approx(2 / 3))
