"""Which removal would clear an alert, and in which words it is told."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrix.alert_words import group_sentence, lapse, notice_body, sentence, shortened, title
from matrix.surge_evidence import Evidence
from matrix.surge_rules import Parameters
from matrix.surge_without import factor_of, score_without
from storage.alert_clear import would_clear
from tests.storage.watched_city import a_watched_city

FOUND = Evidence(1, 100, 5, 48, 48, 3.0, 3.0, 8, 16.0, 30, 20, 9.0, 1.2, 0.15)


def test_the_sentence_of_an_alert() -> None:
    assert sentence(FOUND, "停水通知", 20) == (
        "5 分钟 48 条，平时同一时段约 3 条（通常不超过 8 条），约为平时的 16 倍；近 30 天最高；发布《停水通知》后 20 分钟"
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ratio": None, "usual": 0.2, "expected": 0.2}, "平时同一时段不到 1 条（通常不超过 8 条）；近 30 天最高"),
        ({"highest_days": 2}, "约为平时的 16 倍；发布"),
        ({"minutes": 180}, "3 小时 48 条，"),
        ({"citizens": 12}, "48 条（12 位网民），"),
        ({"expected": 12.0, "ratio": 4.0}, "算上新发内容带来的应约 12 条，约为应有的 4 倍"),
    ],
)
def test_what_cannot_be_said_is_left_out(change: dict, words: str) -> None:
    assert words in sentence(dataclasses.replace(FOUND, **change), "停水通知", 20)


def test_a_post_of_days_ago_is_no_explanation() -> None:
    assert "发布" not in sentence(FOUND, "停水通知", 3000)
    assert "发布" not in sentence(FOUND)


def test_titles_lapses_and_bodies_read_well() -> None:
    assert title("主题", "城乡建设·青山县") == "“城乡建设·青山县”评论突增"
    assert title("单位", "青山县", 21) == "青山县21个账号评论同时增多"
    assert (lapse(20), lapse(60), lapse(200)) == ("20 分钟", "1 小时", "3 小时 20 分钟")
    assert shortened("【停水通知】因管网检修停水") == "停水通知"
    assert group_sentence(21, 50, 30, 120, 40.2, ["甲", "乙"]).startswith("50 个账号中有 21 个同时高于平时，30 分钟共 120 条")
    body = notice_body("5 分钟 48 条", [f"账号{i}" for i in range(9)], "橙色")
    assert body == "橙色预警：5 分钟 48 条。涉及：账号0、账号1、账号2、账号3、账号4、账号5等 9 个。"


@settings(max_examples=40)
@given(st.integers(5, 500), st.floats(0.1, 40), st.floats(0.02, 1))
def test_fewer_comments_never_score_more(seen: int, expected: float, dispersion: float) -> None:
    found = dataclasses.replace(FOUND, seen=seen, expected=expected, dispersion=dispersion)
    rules, factor = Parameters(), factor_of(found)
    scores = [score_without(rules, 5, count, expected, dispersion, factor) for count in range(0, seen + 1, max(1, seen // 20))]
    assert scores == sorted(scores)
    if seen - expected >= 4 and seen >= 1.5 * expected:
        assert score_without(rules, 5, seen, expected, dispersion, factor) == pytest.approx(found.score)


def test_a_wording_that_is_repeated_is_named_with_what_would_be_left() -> None:
    here = a_watched_city()
    here.live(2)
    here.live(1, {2: 25})
    ((alert,),) = here.rows("SELECT id FROM alerts")
    found = would_clear(here.db, (here.city.units[0],), alert_id=alert)
    wording = found[found["what"] == "相同文字"].iloc[0]
    assert wording["comments"] >= 25 and wording["is_cleared"] and wording["score"] == 0
    people = found[found["what"] == "网民"]
    assert not people["is_cleared"].any() and (people["score"] < here.rows("SELECT score FROM alerts")[0][0]).all()
    assert would_clear(here.db, (), alert_id=alert).empty
    assert would_clear(here.db, (here.city.units[3],), alert_id=alert).empty
