"""Any text can be read, and the same text is always read the same."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrix.appeal import Addressee, AppealKind, Words
from reading.appeal import WORDING, judge
from reading.appeal_model import hashed
from reading.appeal_text import lay_out

PIECES = (
    "停水",
    "什么时候",
    "吗",
    "？",
    "@路人甲 ",
    "//@路人:",
    "回复@江城发布:",
    "[doge]",
    "😀",
    "\n",
    "\ud83d",
    "\u202e",
    "\u200f",
    "谢谢",
    "投诉",
    " ",
    "3天",
    "\x00",
    "【",
    "】",
    "#",
)
texts = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
words = st.builds(
    Words,
    texts,
    st.sampled_from(["comment", "mention", "message"]),
    st.one_of(st.just(""), st.just("停水通知：今天9时停水"), texts),
    st.sampled_from(list(Addressee)),
)
HOSTILE = {
    "empty": "",
    "blank": " \t\u3000",
    "long": "路灯坏了没人修，" * 5000,
    "one letter": "啊" * 40_000,
    "brackets": "[" * 40_000,
    "names": "@" * 40_000,
    "slashes": "//@" * 15_000,
    "half a pair": "路灯坏了\ud83d",
    "only half pairs": "\ud83d\ude4f\udc00" * 50,
    "right to left": "\u202e\u200f什么时候修\u2067",
    "smileys": "😀😀😀👍🏻❤️",
    "emoticons": "[doge][鼓掌]",
    "names only": "@路人甲 @路人乙",
    "many lines": "a\nb\r\nc\u2028d\u2029e\x85f\x0bg",
    "zero width": "\u200b\ufeff\u200d",
    "ligature": "\ufdfa" * 2000,
    "numbers": "1" * 40_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_text_is_read_and_disturbs_no_neighbour(text: str) -> None:
    before, after = Words("请问公积金怎么提取"), Words("哈哈哈好可爱")
    alone = judge([before]) + judge([text_words := Words(text, post=text, channel="comment")]) + judge([after])
    assert judge([before, text_words, after]) == alone


@pytest.mark.parametrize("name", ["empty", "blank", "smileys", "emoticons", "names only", "zero width", "names"])
def test_what_says_nothing_asks_nothing(name: str) -> None:
    (said,) = judge([Words(HOSTILE[name])])
    assert (said.is_appeal, said.kind) == (False, None)


@settings(max_examples=60, deadline=None)
@given(st.lists(words, max_size=8), st.randoms(use_true_random=False))
def test_neither_order_nor_batch_changes_a_judgement(some: list[Words], rng) -> None:
    alone = [judge([one])[0] for one in some]
    order = list(range(len(some)))
    rng.shuffle(order)
    assert judge(some) == alone
    assert judge([some[place] for place in order]) == [alone[place] for place in order]


@settings(max_examples=60, deadline=None)
@given(words)
def test_a_judgement_is_whole(one: Words) -> None:
    (said,) = judge([one])
    assert 0 <= said.score <= 1
    assert said.is_appeal == (said.score >= 0.5)
    if said.is_appeal:
        assert said.markers
        assert said.kind in set(AppealKind) - {AppealKind.THANKS}
    else:
        assert said.kind in {None, AppealKind.THANKS}
    assert all(name == WORDING or not name.isascii() for name in said.markers)


@settings(max_examples=80, deadline=None)
@given(st.lists(texts, min_size=1, max_size=6))
def test_every_comment_stays_one_line_of_the_sheet(some: list[str]) -> None:
    sheet = lay_out(some)
    assert len(sheet.ends) == len(some)
    assert sheet.blob.split("\n") == [lay_out([text]).blob for text in some]


def test_no_words_give_no_judgements() -> None:
    assert judge([]) == []


def test_more_than_one_portion_is_read_like_one() -> None:
    some = [Words(f"{number}号楼停水{letter}") for number in range(100) for letter in string.ascii_lowercase]
    assert judge(some)[1990:2010] == judge(some[1990:2010])


def test_n_grams_have_the_same_slots_on_every_machine() -> None:
    slots, lines = hashed(lay_out(["停水", "啊"]))
    known = [(0, 150781), (0, 2208863), (0, 2932175), (1, 3010110)]
    assert sorted(zip(lines.tolist(), slots.tolist(), strict=True)) == known
