"""The file of topics: what an operator may write, and what is said of mistakes."""

import tomllib
from pathlib import Path

import pytest

from matrix.topic import OTHER, parse_topics

FILE = Path(__file__).parents[2] / "topics.toml"


def test_the_shipped_topics_can_be_read_and_have_two_levels() -> None:
    topics = parse_topics(tomllib.loads(FILE.read_text(encoding="utf-8")))
    assert len(topics) >= 15
    assert all(topic.parts for topic in topics)
    assert all(words for topic in topics for words in topic.parts.values())
    assert OTHER in [topic.name for topic in topics]


def test_something_else_is_always_a_topic() -> None:
    assert [topic.name for topic in parse_topics({"topics": [{"name": "供水"}]})] == ["供水", OTHER]


def test_keywords_are_read_once_each_and_without_case() -> None:
    (topic, _) = parse_topics({"topics": [{"name": "通信", "parts": {"信号": " 5G信号、基站 、基站、"}}]})
    assert topic.parts["信号"] == ("5g信号", "基站")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({}, "没有主题"),
        ({"topics": []}, "没有主题"),
        ({"topics": [{}]}, "第1个主题没有名称"),
        ({"topics": [{"name": "水/电"}]}, "有“/”"),
        ({"topics": [{"name": "水"}, {"name": "水"}]}, "写了两次"),
        ({"topics": [{"name": "水", "keywords": "停水"}]}, "不认识的项“keywords”"),
        ({"topics": [{"name": "水", "labels": "供水"}]}, "方括号"),
        ({"topics": [{"name": "水", "parts": "停水"}]}, "一行一个"),
        ({"topics": [{"name": "水", "parts": {"停水": ["停水"]}}]}, "应写成"),
        ({"topics": [{"name": "水", "parts": {"停水": "水"}}]}, "2至20个字"),
        ({"topics": [{"name": str(number)} for number in range(61)]}, "最多60个"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(written: dict, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_topics(written)
