"""Hot words: whole phrases said more often than usual, and nobody's name or number among them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reading.words import FEWEST, SURE, hot
from reading.words_edges import is_word

STORM = [
    "东湖花园地下车库又被淹了，水泵一直没开",
    "东湖花园积水到膝盖，物业人呢",
    "住在东湖花园的出不了门，积水太深",
    "暴雨红色预警，东湖花园业主群都炸了",
    "积水什么时候退，孩子困在学校",
    "红色预警发了，积水没人抽",
    "暴雨下了一夜，红色预警",
]
USUAL = ["公园的花开得真好", "请问医保怎么缴费", "路灯坏了两天", "学校门口堵车", "业主群里说电梯坏了"] * 6
texts = st.lists(st.sampled_from([*STORM, *USUAL, "", "😀😀", "啊" * 300, "\ud83d", "@路人甲 快看", "a\nb\x85c"]), max_size=14)


def words_of(found) -> list[str]:
    return [one.word for one in found]


def test_what_is_said_more_often_than_usual_is_hot() -> None:
    found = hot(STORM, USUAL)
    assert {"积水", "红色预警", "东湖花园"} <= set(words_of(found))
    assert "业主" not in words_of(found)
    first = next(one for one in found if one.word == "积水")
    assert (first.said, first.usual) == (4, 0)
    assert first.strength > SURE


def test_a_place_is_kept_whole() -> None:
    assert not {"东湖", "花园", "湖花园", "东湖花"} & set(words_of(hot(STORM, USUAL)))


def test_a_unit_that_was_handed_in_is_kept_whole_whatever_stands_around_it() -> None:
    said = ["江城市水务集团在干什么", "江城市水务集团出来说话", "打江城市水务集团电话没人接"]
    found = words_of(hot(said, USUAL, names=["江城市水务集团", "江城"]))
    assert "江城市水务集团" in found
    assert not [word for word in found if word != "江城市水务集团" and word in "江城市水务集团"]


@pytest.mark.parametrize(
    "text",
    [
        "我叫李建国，家里停水三天",
        "联系人：李建国，家里停水三天",
        "李建国说家里停水三天",
        "@李建国 家里停水三天",
        "李先生家里停水三天",
    ],
)
def test_no_citizen_is_named(text: str) -> None:
    found = words_of(hot([f"{text}，求帮助{number}" for number in range(5)], USUAL))
    assert found
    assert not [word for word in found if "李" in word]


@pytest.mark.parametrize("number", ["13912345678", "139 1234 5678", "0591-87654321", "350102199001011234", "wx_abc12345678"])
def test_no_telephone_and_no_other_long_number_is_told(number: str) -> None:
    found = words_of(hot([f"停水了打这个电话{number}没人接"] * 5, USUAL))
    assert not [
        word
        for word in found
        if any(number.replace(" ", "").find(word[place : place + 4]) >= 0 for place in range(len(word) - 3))
    ]


def test_a_word_of_one_citizen_said_ten_times_is_not_hot() -> None:
    shout = ["还我血汗钱"] * 10
    assert "血汗钱" not in "".join(words_of(hot(shout, USUAL, by=["u1"] * 10)))
    assert "血汗钱" in "".join(words_of(hot(shout, USUAL, by=[f"u{number}" for number in range(10)])))


def test_a_speaker_for_every_text_or_for_none() -> None:
    with pytest.raises(ValueError, match="发言人"):
        hot(STORM, USUAL, by=["u1"])


@pytest.mark.parametrize("word", ["的路灯", "路灯坏了", "在学校", "12345678", "没有", "我家", "!!", "三天的水"])
def test_loose_ends_and_numbers_are_no_words(word: str) -> None:
    assert not is_word(word)


@pytest.mark.parametrize("word", ["路灯", "东湖花园", "红色预警", "301路", "12345", "会议", "说明", "高速", "王府井路"])
def test_words_are_words(word: str) -> None:
    assert is_word(word)


@settings(max_examples=30, deadline=None)
@given(texts, texts, st.randoms(use_true_random=False))
def test_the_order_of_texts_changes_no_hot_word(said: list[str], usual: list[str], rng) -> None:
    found = hot(said, usual)
    assert all(one.said >= FEWEST and one.strength >= SURE and len(one.word) >= 2 for one in found)
    for some in (said, usual):
        rng.shuffle(some)
    assert hot(said, usual) == found


def test_nothing_said_is_nothing_hot() -> None:
    assert hot([], []) == []
    assert hot(["", "😀"], ["停水"]) == []
