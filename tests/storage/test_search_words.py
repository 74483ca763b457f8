"""What a word is, where it occurs, and what is marked on the screen."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.search_words import Wanted, fold, folded_with_places, is_hit, marks, parse, searchable, tokens, tokens_of_word

HARD = "投诉 ABCａé\u0301eﬁ㈱ß\u200bΣςσ\u1100\u1161\u11a8각ﾊﾟハ゜\u3099か \n\t\u3000İi❤\ufe0f🙏🏻½…-\"'%_"
TEXT = st.text(max_size=30) | st.text(alphabet=st.sampled_from(HARD), max_size=20)


@pytest.mark.parametrize(
    ("typed", "words", "without"),
    [
        ("停水 投诉", ("停水", "投诉"), ()),
        ("停水　投诉", ("停水", "投诉"), ()),
        ('"停 水" 投诉', ("停 水", "投诉"), ()),
        ("“停 水”「投 诉」", ("停 水", "投 诉"), ()),
        ("停水 -演练 －测试", ("停水",), ("演练", "测试")),
        ('停水 -"防汛 演练"', ("停水",), ("防汛 演练",)),
        ("ＣＯＶＩＤ-19", ("covid-19",), ()),
        ("停水 停水", ("停水",), ()),
        ('"停水', ("停水",), ()),
        ("2026-03-01", ("2026-03-01",), ()),
        ("投\u200b诉", ("投诉",), ()),
        ("\ud800停水", ("停水",), ()),
        ('"" “” - "', ("-",), ()),
    ],
)
def test_a_typed_line_is_words_phrases_and_exclusions(typed: str, words: tuple[str, ...], without: tuple[str, ...]) -> None:
    assert parse(typed) == Wanted(words, without)


def test_a_very_long_line_is_cut() -> None:
    assert len(parse(" ".join(f"词{n}" for n in range(50))).words) == 10
    assert len(parse("长" * 5000).words[0]) == 100


def test_forms_of_one_sign_are_one_and_white_space_is_one_space() -> None:
    assert fold("ＡＢＣ１２３　\n 投诉，㈱") == "abc123 投诉,(株)"
    assert fold("❤\ufe0f") == fold("❤")
    assert fold("Straße") == "strasse"


def test_nothing_is_found_across_title_and_text() -> None:
    assert is_hit(parse("通知"), searchable("停水通知", "各位"))
    assert not is_hit(parse("通知各位"), searchable("停水通知", "各位"))


@given(TEXT)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXT)
def test_every_folded_letter_knows_where_it_comes_from(text: str) -> None:
    folded, places = folded_with_places(text)
    assert folded.rstrip(" ") == fold(text)
    assert len(folded) == len(places)
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)


@settings(max_examples=60)
@given(TEXT, st.data())
def test_every_part_of_a_text_has_its_tokens_in_it(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    if folded:
        start = data.draw(st.integers(0, len(folded) - 1))
        word = folded[start : data.draw(st.integers(start + 1, len(folded)))]
        assert set(tokens_of_word(word)) <= tokens(folded)
        assert len(word) > 2 or tokens_of_word(word)[0] in tokens(folded)
    assert all(len(token) <= 2 and not set(token) & set(" \"'()*:^-+") for token in tokens(folded))


@pytest.mark.parametrize(
    ("text", "typed", "marked"),
    [
        ("停水了，又停水", "停水", ["停水", "停水"]),
        ("停水停电", "停水 水停", ["停水停"]),
        ("Ｃｏｖｉｄ到了", "covid", ["Ｃｏｖｉｄ"]),
        ("投\u200b诉它", "投诉", ["投\u200b诉"]),
        ("在㈱里", "株", ["㈱"]),
        ("防汛  \n会议", '"防汛 会议"', ["防汛  \n会议"]),
        ("哈哈哈", "哈哈", ["哈哈哈"]),
        ("停水", "-停水 电", []),
        ("", "停水", []),
    ],
)
def test_marks_stand_where_the_words_are_as_they_were_written(text: str, typed: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in marks(text, typed)] == marked


@settings(max_examples=60)
@given(TEXT, TEXT)
def test_marks_are_in_order_and_inside(text: str, typed: str) -> None:
    found = marks(text, typed)
    assert all(start < end <= len(text) for start, end in found)
    assert all(one[1] < other[0] for one, other in pairwise(found))
    assert bool(found) == any(word in fold(text) for word in parse(typed).words)
