"""The measurement on a very small world, the two rules beside it, and a file of counts from elsewhere."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from bench.surge import Tally, at_budget, goals_of, watch
from bench.surge_csv import score_file
from bench.surge_incidents import Incident
from bench.surge_judge import Verdict, judge, openings
from bench.surge_rivals import ears_c2, seven_day_average
from bench.surge_world import make_world

START = datetime(2026, 3, 2, tzinfo=UTC)


def test_a_small_world_is_lived_through_and_judged_with_the_two_rules_beside_it() -> None:
    world = make_world(seed=3, size=10, is_hard=True, weeks=2)
    assert np.isnan(world.counts).any()
    tally = Tally()
    watch(world, tally, "", threshold=5, group_threshold=3.5)
    assert len(tally.verdict.kinds["all"].delays) == 5
    assert tally.verdict.thousand_days == pytest.approx(10 * 7 / 1000)
    assert set(tally.rivals) == {"EARS C2（发帖后静默 2 小时）", "最近一小时与 7 日均值之比"}
    for rule in (ears_c2, seven_day_average):
        score = rule(world)
        assert score.shape == (2016, 10)
        assert at_budget(world, score, 5, "false").per_day(at_budget(world, score, 5, "false").false) <= 5
    goals = goals_of({False: tally, True: tally}, {"mean_ms": 60.0})
    assert goals["每桶不超过 50 毫秒"] is False


def test_an_opening_is_a_hit_a_false_alarm_or_an_aftermath() -> None:
    world = make_world(seed=3, size=4, weeks=2)
    world.incidents[:] = [Incident("step", np.array([1]), 2016 + 500, 2016 + 520)]
    score = np.zeros((2016, 4), np.float32)
    score[510, 1], score[560, 1], score[560, 2], score[600, 2], score[700, 2] = 6, 9, 6, 6, 6
    bucket, series = openings(score, 5)
    assert list(zip(bucket.tolist(), series.tolist(), strict=True)) == [(510, 1), (560, 2), (700, 2)]
    verdict = judge(world, score, 5)
    assert (verdict.recall, verdict.false) == (1.0, 2)
    assert verdict.kinds["step"].minutes() == 55
    assert (verdict + Verdict()).kinds["step"].delays == [10]


def counts_file(folder: Path, bad: list[str]) -> Path:
    """Two days of two accounts; account 乙 has 60 comments at the end where 2 are usual."""
    path, random = folder / "counts.csv", np.random.default_rng(1)
    rows = ["time,series,count,post"]
    for place in range(576):
        moment = f"{START + timedelta(minutes=5 * place):%Y-%m-%d %H:%M}"
        rows += [f"{moment},甲,{random.poisson(2)},0", f"{moment},乙,{60 if place > 572 else random.poisson(2)},"]
    path.write_text("\n".join(rows[:5] + bad + rows[5:]) + "\n", encoding="utf-8")
    return path


def test_counts_from_elsewhere_are_scored_row_by_row_and_bad_rows_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = ["昨天,甲,3,0", "2026-03-02 00:00,甲,-3,0", "2026-03-02 00:00,甲,3,0", "2026-03-02 00:05,,3,0", "2026-03-02,甲"]
    source, target = counts_file(tmp_path, bad), tmp_path / "scored.csv"
    assert score_file(source, target) == 0
    said = capsys.readouterr()
    assert "1,152 行、2 个序列已打分，每桶 5 分钟；5 行有误未打分" in said.out
    assert said.err.splitlines() == [
        "第 6 行：时间“昨天”无法识别，请写成 2026-01-31 08:05 或 Unix 秒。",
        "第 7 行：计数“-3”应为不小于零的数。",
        "第 8 行：与第 2 行的时间和序列相同，只计前者。",
        "第 9 行：没有写明序列。",
        "第 10 行：应有 4 列，实有 2 列。",
    ]
    rows = list(csv.DictReader(target.open(encoding="utf-8")))
    assert [row["series"] for row in rows[:2]] == ["甲", "乙"]
    assert rows[0]["baseline"] == "基线积累中"
    loud = {name: max(float(row["score"]) for row in rows[-6:] if row["series"] == name) for name in "甲乙"}
    assert loud["乙"] > 5 > loud["甲"]
    assert float(rows[-5]["novelty"]) > 1


def test_counts_of_hours_in_unix_seconds_are_scored_and_an_empty_count_is_a_gap(tmp_path: Path) -> None:
    source, target = tmp_path / "hours.csv", tmp_path / "scored.csv"
    begin = 1_772_380_800
    lines = [f"{begin + 3600 * place},a,{'' if place == 100 else 400 if place == 200 else 5 + place % 3}" for place in range(201)]
    source.write_text("\n".join(["time,series,count", *lines]), encoding="utf-8")
    assert score_file(source, target) == 0
    rows = list(csv.DictReader(target.open(encoding="utf-8")))
    assert (rows[100]["score"], rows[100]["baseline"]) == ("", "未采集")
    assert float(rows[200]["score"]) > 5
    assert max(float(row["score"] or 0) for row in rows[:200]) < 5


def test_a_file_without_the_columns_is_refused_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "other.csv"
    source.write_text("when,what\n1,2\n", encoding="utf-8")
    assert score_file(source, tmp_path / "out.csv") == 1
    assert "缺少列 time、series、count" in capsys.readouterr().err
    assert score_file(tmp_path / "nothing.csv", tmp_path / "out.csv") == 1
