"""The city's Chinese is varied, complete and its own."""

import random
import re
from collections.abc import Callable

import pytest

from simulator.events import SimAccount, Unit
from simulator.patterns import book, fill, in_season
from simulator.texts import (
    TOPICS,
    article_text,
    citizen_name,
    comment_text,
    incident_comment,
    post_text,
    reply_text,
)

AT = 1_772_409_600
UNIT = Unit("C1", "泠溪县水务局", "C", "部门", "水务", "云江省/澜宁市/泠溪县")
ACCOUNT = SimAccount("wx1", "泠溪水务", "C1", "weibo", "weibo_commercial")
FILES = (
    "posts_service",
    "posts_civic",
    "comments_asks",
    "comments_chat",
    "incident",
    "replies_receipt",
    "replies_substantive",
    "articles",
)
WRITERS: dict[str, Callable[[random.Random], str]] = {
    "posts": lambda rng: post_text(rng, ACCOUNT, UNIT, AT),
    "articles": lambda rng: "".join(article_text(rng, ACCOUNT, UNIT, AT)),
    "appeals": lambda rng: comment_text(rng, rng.choice(TOPICS), True),
    "talk": lambda rng: comment_text(rng, rng.choice(TOPICS), False),
    "incident": incident_comment,
    "receipts": lambda rng: reply_text(rng, rng.choice(TOPICS), "receipt"),
    "answers": lambda rng: reply_text(rng, rng.choice(TOPICS), "substantive", AT),
    "names": citizen_name,
}
LEAST = {
    "posts": 0.9,
    "articles": 0.99,
    "appeals": 0.9,
    "talk": 0.4,
    "incident": 0.55,
    "receipts": 0.05,
    "answers": 0.95,
    "names": 0.4,
}


def test_there_are_many_hundred_patterns() -> None:
    patterns = [pattern for name in FILES for section in book(name).values() for pattern in section]
    assert len(patterns) == len(set(patterns)) or len(patterns) - len(set(patterns)) < 5
    assert len(set(patterns)) > 800


@pytest.mark.parametrize("kind", WRITERS)
def test_nothing_is_left_unfilled_and_repeats_are_rare(kind: str) -> None:
    rng = random.Random(5)
    texts = [WRITERS[kind](rng) for _ in range(1500)]
    assert all(texts) and not [text for text in texts if re.search(r"\{[a-z]+\d*[:}]|<[^>/a-z][^>]*\|", text)]
    assert len(set(texts)) / len(texts) > LEAST[kind]


def test_the_same_dice_write_the_same_words() -> None:
    assert [w(random.Random(9)) for w in WRITERS.values()] == [w(random.Random(9)) for w in WRITERS.values()]


def test_every_topic_has_appeals_talk_and_answers() -> None:
    for name in ("comments_asks", "comments_chat", "replies_substantive"):
        assert set(TOPICS) <= set(book(name)), name
    assert 18 <= len(TOPICS) <= 30


def test_a_receipt_says_nothing_and_an_answer_names_a_day() -> None:
    rng = random.Random(2)
    answers = [reply_text(rng, topic, "substantive", AT) for topic in TOPICS for _ in range(5)]
    assert sum(bool(re.search(r"\d+月\d+日|月|今", text)) for text in answers) > len(answers) * 0.95
    assert not any(re.search(r"\d+月\d+日", reply_text(rng, "供水", "receipt", AT)) for _ in range(100))


def test_posts_name_their_own_account_and_place() -> None:
    rng = random.Random(1)
    texts = " ".join(post_text(rng, ACCOUNT, UNIT, AT) for _ in range(200))
    assert "泠溪县" in texts and "云江省/" not in texts and "http://t.cn/A6" in texts


def test_seasons_are_kept() -> None:
    winter, summer = (in_season(("@11-2|雪", "@6-8|热", "平"), month) for month in (1, 7))
    assert winter == ("雪", "平") and summer == ("热", "平")


def test_one_slot_has_one_value_in_a_text_and_another_number_is_another_one() -> None:
    for seed in range(50):
        first, again, other = fill(random.Random(seed), "{road} {road} {road2}").split()
        assert first == again != other
