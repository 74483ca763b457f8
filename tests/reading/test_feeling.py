"""Feelings: for, against or neither, uncertain in between, any text judged."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrix.feeling import UNCERTAIN, Feeling, negative_share
from reading import feeling
from reading.feeling import CERTAIN, judge
from reading.feeling_text import lay_out

PIECES = (
    "停水",
    "谢谢",
    "太差了",
    "[泪]",
    "[赞]",
    "😀",
    "//@路人:",
    "@路人甲 ",
    "\n",
    "\ud83d",
    "\u202e",
    " ",
    "3天",
    "\x00",
    "吗？",
    "【】",
)
texts = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=10).map("".join))
HOSTILE = {
    "empty": "",
    "blank": " \t\u3000",
    "long": "太差了，没人管，" * 1500,
    "letter": "啊" * 10_000,
    "faces": "😀👍🏻❤️",
    "half": "\ud83d" * 40,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("太让人失望了，停水三天没人管，态度还这么差[怒]", Feeling.NEGATIVE),
        ("骗子公司，血汗钱都没了，气死我了", Feeling.NEGATIVE),
        ("感谢工作人员，服务特别好，点赞[赞]", Feeling.POSITIVE),
        ("加油武汉，向医护人员致敬，平安归来", Feeling.POSITIVE),
    ],
)
def test_plain_words_are_felt_as_people_feel_them(text: str, expected: Feeling) -> None:
    (said,) = judge([text])
    assert said.feeling is expected
    assert said.is_certain
    assert str(said) == expected
    assert said.words


def test_what_cannot_be_told_is_shown_as_uncertain() -> None:
    (said,) = judge([""])
    assert (said.feeling, said.is_certain, str(said)) == (Feeling.NEUTRAL, False, UNCERTAIN)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_text_is_read_and_disturbs_no_neighbour(text: str) -> None:
    alone = judge(["谢谢"]) + judge([text]) + judge(["太差了"])
    assert judge(["谢谢", text, "太差了"]) == alone


@settings(max_examples=40, deadline=None)
@given(st.lists(texts, max_size=6), st.randoms(use_true_random=False))
def test_neither_order_nor_batch_changes_a_feeling(some: list[str], rng) -> None:
    order = list(range(len(some)))
    rng.shuffle(order)
    read = judge(some)
    assert read == [judge([one])[0] for one in some]
    assert judge([some[place] for place in order]) == [read[place] for place in order]


@settings(max_examples=40, deadline=None)
@given(texts)
def test_a_feeling_is_whole(text: str) -> None:
    (said,) = judge([text])
    shares = {Feeling.POSITIVE: said.positive, Feeling.NEUTRAL: said.neutral, Feeling.NEGATIVE: said.negative}
    assert sum(shares.values()) == pytest.approx(1, abs=0.001)
    assert shares[said.feeling] == max(shares.values())
    assert said.is_certain == (shares[said.feeling] >= CERTAIN)
    assert not any(letter.isdigit() for word in said.words for letter in word)


@settings(max_examples=60, deadline=None)
@given(st.lists(texts, min_size=1, max_size=5))
def test_every_text_stays_one_line(some: list[str]) -> None:
    assert lay_out(some).blob.split("\n") == [lay_out([text]).blob for text in some]


def test_the_negative_share_leaves_out_what_is_uncertain() -> None:
    read = judge(["太差了，失望透顶，没人管[怒][怒]", "感谢，服务特别好，点赞[赞]", ""])
    assert negative_share(read) == 0.5
    assert negative_share(judge([""])) is None


def test_the_version_names_weights_and_rules() -> None:
    assert re.fullmatch("情绪判读-[0-9a-f]{8}", feeling.VERSION)
    assert {"feeling.py", "feeling_text.py", "heads.py", "appeal_text.py", "appeal_model.py"} <= {
        source.name for source in feeling._sources()
    }


def test_no_texts_give_no_feelings() -> None:
    assert judge([]) == []
