"""Strangers' texts with marks: short, marked where the words stand, and never markup."""

import re

from hypothesis import given
from hypothesis import strategies as st

from ui.excerpts import AROUND, LONGEST, excerpt
from ui.words import JOINER, SPECIAL

MARK = re.compile(f"{JOINER}:primary-background\\[{JOINER}(.*?){JOINER}\\]{JOINER}")
HOSTILE = "停水[](){}*_`~#!|<>$:&^=-+.\\@/ \n红redmateriala1www.http://"


def bare(markdown: str) -> str:
    """What a reader sees of it."""
    return re.sub(r"\\(.)", r"\1", MARK.sub(r"\1", markdown)).replace(JOINER, "")


def test_a_short_text_is_whole_with_its_marks() -> None:
    assert MARK.findall(excerpt("家里 停水 三天，还在停水", "停水")) == ["停水", "停水"]
    assert bare(excerpt("家里 停水\n三天", "停水")) == "家里 停水 三天"
    assert excerpt("", "停水") == ""


def test_a_long_text_is_cut_around_its_marks() -> None:
    text = "前" * 500 + "停水" + "中" * 500 + "停电" + "后" * 500
    shown = excerpt(text, "停水 停电")
    assert MARK.findall(shown) == ["停水", "停电"]
    assert bare(shown).count("…") == 3
    assert AROUND * 2 < len(bare(shown)) <= LONGEST + 3
    assert len(bare(excerpt(text, "没有"))) == LONGEST + 1
    assert len(bare(excerpt("哈" * 5000, "哈哈"))) <= LONGEST + AROUND + 2


def test_what_turns_or_spoils_a_line_is_not_shown_and_a_mark_stays_where_its_word_is() -> None:
    shown = excerpt("控制\x01\x02字符\u202e反向停水\u2066结尾", "停水")
    assert bare(shown) == "控制字符反向停水结尾"
    assert MARK.findall(shown) == ["停水"]
    shown = excerpt("停" * 3000 + "水，100%与_a_'单'\"双\"", "停水 100% _a_")
    assert [bare(mark) for mark in MARK.findall(shown)] == ["停水", "100%", "_a_"]


@given(st.text(alphabet=st.sampled_from(HOSTILE), max_size=60), st.text(alphabet=st.sampled_from(HOSTILE), max_size=3))
def test_every_sign_of_a_stranger_is_escaped_and_nothing_is_lost(text: str, typed: str) -> None:
    shown = excerpt(text, typed)
    assert bare(shown) == " ".join(text.split())
    without = MARK.sub(lambda found: found[1], shown)
    assert not SPECIAL.search(re.sub(r"\\.", "", without))
